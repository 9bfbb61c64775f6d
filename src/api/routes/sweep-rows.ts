/** Routes of a sweep's rows, at any moment of it: csv, json, parquet, rows for programs, a page. */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { packRows } from '../../contract/packed-rows.js';
import type { Sweeps, SweepView } from '../../contract/sweep.js';
import type { ReadRows } from '../../contract/sweep-rows.js';
import { sweepToCsv, sweepToJson } from '../../data/export-sweep.js';
import { sweepToParquet } from '../../data/export-sweep-parquet.js';
import { REPORT_CSP } from '../../report/report.js';
import { collectSweep } from '../../report/sweep-data.js';
import { renderSweep } from '../../report/sweep.js';
import { unknownSweep } from '../../jobs/refusals.js';
import { faultsOf, refuse, schemaOf, type Fields, type JsonSchema } from '../fields.js';
import { ok, problems } from '../openapi.js';
import { rowsDocument } from '../sweep-plan-schema.js';

export const SWEEP_PARAMS: JsonSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', minLength: 26, maxLength: 26, description: 'Sweep id (ULID).' } },
};

/** Jobs of one answer of rows: some megabytes. */
const MAX_ROW_JOBS = 1_000;
const MAX_ROWS = 1_000;

interface Form {
  readonly mediaType: string;
  readonly operationId: string;
  readonly schema: JsonSchema;
  readonly write: (view: SweepView, read: ReadRows) => AsyncIterable<string | Uint8Array>;
}

const FORMS: Readonly<Record<'csv' | 'json' | 'parquet', Form>> = {
  csv: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    operationId: 'sweepCsv',
    schema: { type: 'string', description: 'A header line, then one line for each cell.' },
    write: sweepToCsv,
  },
  json: {
    mediaType: 'application/json; charset=utf-8',
    operationId: 'sweepJson',
    schema: rowsDocument('sweep, partial, metrics, and rows with figures, repeats and jobs of each cell.'),
    write: sweepToJson,
  },
  parquet: {
    mediaType: 'application/vnd.apache.parquet',
    operationId: 'sweepParquet',
    schema: { type: 'string', format: 'binary' },
    write: sweepToParquet,
  },
};

const PARTIAL =
  'Header mms-partial tells whether jobs are open, mms-jobs-ended how many of mms-jobs-total are not.';

export function sweepRowRoutes(app: FastifyInstance, sweeps: Sweeps): void {
  const tags = ['sweeps'];
  const others = {
    304: { description: 'The client has it already.' },
    ...problems('E_NOT_FOUND', 'E_CORRUPT_RESULT'),
  };
  for (const [form, { mediaType, operationId, schema: body, write }] of Object.entries(FORMS)) {
    const schema = {
      tags,
      operationId,
      summary: `The cells of a sweep as ${form}, in their order, whatever has ended`,
      description: PARTIAL,
      params: SWEEP_PARAMS,
      response: { 200: ok('The cells.', body, mediaType.split(';')[0]), ...others },
    };
    app.get(`/v1/sweeps/:id/results.${form}`, { schema }, async (request, reply) => {
      const view = await sweepOf(sweeps, request);
      if (isKnown(request, reply, view, form)) return reply.code(304).send();
      reply.header('content-disposition', `inline; filename="${view.id}.${form}"`).type(mediaType);
      if (request.method === 'HEAD') return reply.send();
      const pieces = inTurns(write(view, (page) => sweeps.rows(view.id, page)));
      return reply.send(Readable.from(pieces, { objectMode: false }));
    });
  }
  const report = {
    tags,
    operationId: 'sweepReport',
    summary: 'The report of a sweep as one self-contained page, whatever has ended',
    description: PARTIAL,
    params: SWEEP_PARAMS,
    response: { 200: ok('A page.', { type: 'string' }, 'text/html'), ...others },
  };
  app.get('/v1/sweeps/:id/report.html', { schema: report }, async (request, reply) => {
    const view = await sweepOf(sweeps, request);
    if (isKnown(request, reply, view, 'report')) return reply.code(304).send();
    // Its script is inside the page; sandboxed, it can reach neither this service nor anything else.
    reply.header('content-security-policy', `${REPORT_CSP}; sandbox allow-scripts`);
    reply.type('text/html; charset=utf-8');
    if (request.method === 'HEAD') return reply.send();
    const data = await collectSweep(view, async (page) => {
      await nextTurn();
      return sweeps.rows(view.id, page);
    });
    return reply.send(renderSweep(data));
  });
  rowsRoute(app, sweeps);
}

function rowsRoute(app: FastifyInstance, sweeps: Sweeps): void {
  const number = (expected: string, fits: (n: number) => boolean, schema: JsonSchema): Fields[string] => ({
    expected,
    accepts: (value) => /^\d{1,7}$/.test(value as string) && fits(Number(value)),
    schema: { type: 'integer', ...schema },
  });
  const query: Fields = {
    from: number('a cell, 0 or more', () => true, { minimum: 0, default: 0, description: 'First cell.' }),
    limit: number(`an integer from 1 to ${MAX_ROWS}`, (n) => n >= 1 && n <= MAX_ROWS, {
      ...{ minimum: 1, maximum: MAX_ROWS, default: 50 },
      description: `Most cells; fewer come where these have more than ${MAX_ROW_JOBS} jobs.`,
    }),
  };
  const schema = {
    tags: ['sweeps'],
    operationId: 'sweepRows',
    summary: 'Cells of a sweep with every metric of every job',
    params: SWEEP_PARAMS,
    querystring: schemaOf(query, 'Which cells.'),
    response: {
      200: ok(
        'Cells in their order.',
        rowsDocument('metrics: [name, unit, meaning], and rows that count them.'),
      ),
      ...problems('E_NOT_FOUND', 'E_SPEC'),
    },
  };
  app.get('/v1/sweeps/:id/rows', { schema }, async (request, reply) => {
    const { id, plan } = await sweepOf(sweeps, request);
    const given = request.query as Record<string, string>;
    refuse(faultsOf(given, query));
    const most = Math.max(1, Math.floor(MAX_ROW_JOBS / plan.repeats));
    const page = { from: Number(given['from'] ?? 0), limit: Math.min(most, Number(given['limit'] ?? 50)) };
    reply.header('cache-control', 'no-store');
    return packRows(await sweeps.rows(id, page));
  });
}

/** The sweep of the address, or E_NOT_FOUND; text that is no id never reaches the store. */
export async function sweepOf(sweeps: Sweeps, request: FastifyRequest): Promise<SweepView> {
  const { id } = request.params as { id: string };
  const view = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id) ? await sweeps.view(id) : null;
  if (view) return view;
  throw unknownSweep(id);
}

/** Tells how much of it is here; true when the client has just this already. */
function isKnown(request: FastifyRequest, reply: FastifyReply, view: SweepView, form: string): boolean {
  const { id, jobs, finishedMs } = view;
  const ended = jobs.done + jobs.failed + jobs.cancelled;
  reply.headers({
    'mms-partial': String(finishedMs === null),
    'mms-jobs-ended': ended,
    'mms-jobs-total': jobs.total,
  });
  if (finishedMs === null) {
    reply.header('cache-control', 'no-store');
    return false;
  }
  // What failed may be asked for again, so whoever has it must ask whether it is still the last.
  const tag = `"${id}-${finishedMs}-${form}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache');
  return (request.headers['if-none-match'] ?? '').split(',').some((known) => known.trim() === tag);
}

/** Lets the service answer others between two pieces. */
async function* inTurns<Piece>(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  for await (const piece of pieces) {
    yield piece;
    await nextTurn();
  }
}
