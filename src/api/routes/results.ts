/** Routes of finished jobs: the summary, each table as csv, json or parquet, the report as a page. */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DescribedTable } from '../../contract/columns.js';
import type { Hall, JobResult } from '../../contract/ports.js';
import { MmsError } from '../../contract/problem.js';
import { tableToCsv } from '../../data/export-csv.js';
import { tableToJson } from '../../data/export-json.js';
import { tableToParquet } from '../../data/parquet.js';
import { REPORT_CSP, renderReport } from '../../report/report.js';
import { faultsOf, refuse, schemaOf } from '../fields.js';
import type { Field, Fields, JsonSchema } from '../fields.js';
import { ID_PARAMS, ok, problems } from '../openapi.js';
import type { ServerParts } from '../parts.js';
import { answer } from '../schemas.js';
import { baseOf, idOf, jobOf, resultAnswerOf, type TableForm } from '../view.js';

interface Form {
  readonly mediaType: string;
  readonly operationId: string;
  readonly schema: JsonSchema;
  readonly write: (table: DescribedTable) => Iterable<string | Uint8Array>;
}

/** One entry per form of a table: the address ends with its name. */
const FORMS: Readonly<Record<TableForm, Form>> = {
  csv: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    operationId: 'tableCsv',
    schema: { type: 'string', description: 'A header line of column names, then the rows.' },
    write: tableToCsv,
  },
  json: {
    mediaType: 'application/json; charset=utf-8',
    operationId: 'tableJson',
    schema: answer('TableData'),
    write: tableToJson,
  },
  parquet: {
    mediaType: 'application/vnd.apache.parquet',
    operationId: 'tableParquet',
    schema: { type: 'string', format: 'binary' },
    write: tableToParquet,
  },
};

const TABLE_PARAMS: JsonSchema = {
  type: 'object',
  required: ['id', 'table'],
  properties: {
    ...(ID_PARAMS['properties'] as object),
    table: {
      type: 'string',
      description: 'Name of a table: the result lists them.',
      examples: ['quantities'],
    },
  },
};

const ROW: Field = {
  expected: 'a row number, 0 or more',
  accepts: (value) => typeof value === 'string' && /^\d{1,10}$/.test(value),
  schema: { type: 'integer', minimum: 0 },
};
/** Rows of a table by number, as slice() takes them: a job of many units gives the result of each. */
const ROWS_QUERY: Fields = {
  from: { ...ROW, schema: { ...ROW.schema, default: 0, description: 'First row, counted from 0.' } },
  to: {
    ...ROW,
    schema: { ...ROW.schema, description: 'Row to stop before; without it, the last one comes.' },
  },
};

export function resultRoutes(app: FastifyInstance, { hall }: ServerParts): void {
  const others = {
    304: { description: 'The client has it already.' },
    ...problems('E_NOT_FOUND', 'E_SPEC', 'E_NOT_READY', 'E_CANCELLED', 'E_JOB', 'E_CORRUPT_RESULT'),
  };
  const tags = ['results'];

  const summary = {
    tags,
    operationId: 'result',
    summary: 'Summary of a finished job, and its tables with their columns, rows and addresses',
    params: ID_PARAMS,
    response: { 200: ok('The result without its columns.', answer('Result')), ...others },
  };
  app.get('/v1/jobs/:id/result', { schema: summary }, async (request, reply) => {
    const id = idOf(request);
    const result = await finished(hall, id);
    if (isKnown(request, reply, result.digest)) return reply.code(304).send();
    return resultAnswerOf(id, result, baseOf(request));
  });

  const report = {
    tags,
    operationId: 'report',
    summary: 'The report of a finished job as one self-contained page',
    params: ID_PARAMS,
    response: { 200: ok('A page.', { type: 'string' }, 'text/html'), ...others },
  };
  app.get('/v1/jobs/:id/report.html', { schema: report }, async (request, reply) => {
    const id = idOf(request);
    const result = await finished(hall, id);
    if (isKnown(request, reply, `${result.digest}-report`)) return reply.code(304).send();
    // Its script is inside the page; sandboxed, it can reach neither this service nor anything else.
    reply.header('content-security-policy', `${REPORT_CSP}; sandbox allow-scripts`);
    return reply.type('text/html; charset=utf-8').send(renderReport({ job: await jobOf(hall, id), result }));
  });

  for (const [form, { mediaType, operationId, schema: body, write }] of Object.entries(FORMS)) {
    const schema = {
      tags,
      operationId,
      summary: `A table of a finished job as ${form}`,
      params: TABLE_PARAMS,
      querystring: schemaOf(ROWS_QUERY, 'Rows of the table.'),
      response: { 200: ok('The table.', body, mediaType.split(';')[0]), ...others },
    };
    app.get(`/v1/jobs/:id/:table.${form}`, { schema }, async (request, reply) => {
      const id = idOf(request);
      const result = await finished(hall, id);
      const table = tableOf(result, (request.params as { table: string }).table);
      const [from, to] = rowsOf(request.query as Record<string, unknown>, table.rows);
      const tag = `${result.digest}-${table.name}-${from}-${to}-${form}`;
      if (isKnown(request, reply, tag)) return reply.code(304).send();
      reply.header('content-disposition', `inline; filename="${id}-${table.name}.${form}"`);
      reply.type(mediaType);
      // Whoever asks for the headers alone needs no table to be written.
      if (request.method === 'HEAD') return reply.send();
      return reply.send(Readable.from(inTurns(write(sliceOf(table, from, to))), { objectMode: false }));
    });
  }
}

/** The result; E_NOT_FOUND when the job itself is unknown. */
async function finished(hall: Hall, id: string): Promise<JobResult> {
  await jobOf(hall, id);
  return hall.result(id);
}

function tableOf(result: JobResult, name: string): DescribedTable {
  const table = result.tables.find((candidate) => candidate.name === name);
  if (table) return table;
  const names = result.tables.map((candidate) => candidate.name).join(', ');
  throw new MmsError('E_NOT_FOUND', `This result has no such table; it has ${names}.`);
}

/** Throws E_SPEC for rows that the table does not have. */
function rowsOf(query: Readonly<Record<string, unknown>>, rows: number): [from: number, to: number] {
  refuse(faultsOf(query, ROWS_QUERY));
  const from = Number(query['from'] ?? 0);
  const to = Number(query['to'] ?? rows);
  if (from <= to && to <= rows) return [from, to];
  const [name, expected] =
    to > rows ? ['to', `at most ${rows}, the rows of the table`] : ['from', `at most ${to}`];
  const message = `Expected ${expected}; got ${name === 'to' ? to : from}.`;
  throw new MmsError('E_SPEC', `${name}: ${message}`, [{ pointer: `/${name}`, message }]);
}

/** Lets the service answer others between two pieces: a reader as fast as the writer would leave no room. */
async function* inTurns<Piece>(pieces: Iterable<Piece>): AsyncGenerator<Piece> {
  for (const piece of pieces) {
    yield piece;
    await nextTurn();
  }
}

/** Rows from..to-1 as a table of their own, on the same memory. */
function sliceOf(table: DescribedTable, from: number, to: number): DescribedTable {
  if (from === 0 && to === table.rows) return table;
  return { ...table, rows: to - from, columns: table.columns.map((column) => column.subarray(from, to)) };
}

/** Sets the headers of an answer that never changes; true when the client has it already. */
function isKnown(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('etag', `"${tag}"`).header('cache-control', 'private, max-age=31536000, immutable');
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  // RFC 9110: "*" is anything, and the comparison is weak.
  return known.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === `"${tag}"`);
}
