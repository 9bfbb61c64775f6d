/** Routes of finished jobs: the summary, each table as csv or json, the report as a page. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DescribedTable } from '../../contract/columns.js';
import type { Hall, JobResult } from '../../contract/ports.js';
import { MmsError } from '../../contract/problem.js';
import { tableToCsv } from '../../data/export-csv.js';
import { tableToJson } from '../../data/export-json.js';
import { REPORT_CSP, renderReport } from '../../report/report.js';
import type { JsonSchema } from '../fields.js';
import { ID_PARAMS, ok, problems } from '../openapi.js';
import type { ServerParts } from '../parts.js';
import { baseOf, idOf, jobOf, resultAnswerOf } from '../view.js';

/** One entry per form of a table: the address ends with its name. */
const FORMS = {
  csv: { mediaType: 'text/csv; charset=utf-8; header=present', write: tableToCsv },
  json: { mediaType: 'application/json; charset=utf-8', write: tableToJson },
} as const;

const TABLE_PARAMS: JsonSchema = {
  type: 'object',
  required: ['id', 'table'],
  properties: {
    ...(ID_PARAMS['properties'] as object),
    table: { type: 'string', description: 'Name of a table.' },
  },
};

export function resultRoutes(app: FastifyInstance, { hall }: ServerParts): void {
  const others = {
    304: { description: 'The client has it already.' },
    ...problems('E_NOT_FOUND', 'E_NOT_READY', 'E_CANCELLED', 'E_JOB', 'E_CORRUPT_RESULT'),
  };
  const tags = ['results'];

  const summary = {
    tags,
    operationId: 'result',
    summary: 'Summary of a finished job, and its tables with their columns, rows and addresses',
    params: ID_PARAMS,
    response: { 200: ok('The result without its columns.', { type: 'object' }), ...others },
  };
  app.get('/results/:id', { schema: summary }, async (request, reply) => {
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
  app.get('/results/:id/report.html', { schema: report }, async (request, reply) => {
    const id = idOf(request);
    const result = await finished(hall, id);
    if (isKnown(request, reply, `${result.digest}-report`)) return reply.code(304).send();
    // Its script is inside the page; sandboxed, it can reach neither this service nor anything else.
    reply.header('content-security-policy', `${REPORT_CSP}; sandbox allow-scripts`);
    return reply.type('text/html; charset=utf-8').send(renderReport({ job: await jobOf(hall, id), result }));
  });

  for (const [form, { mediaType, write }] of Object.entries(FORMS)) {
    const schema = {
      tags,
      operationId: `table${form === 'csv' ? 'Csv' : 'Json'}`,
      summary: `A table of a finished job as ${form}`,
      params: TABLE_PARAMS,
      response: { 200: ok('The table.', { type: 'string' }, mediaType.split(';')[0]), ...others },
    };
    app.get(`/results/:id/:table.${form}`, { schema }, async (request, reply) => {
      const id = idOf(request);
      const result = await finished(hall, id);
      const table = tableOf(result, (request.params as { table: string }).table);
      if (isKnown(request, reply, `${result.digest}-${table.name}-${form}`)) return reply.code(304).send();
      reply.header('content-disposition', `inline; filename="${id}-${table.name}.${form}"`);
      return reply.type(mediaType).send(Readable.from(write(table), { objectMode: false }));
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

/** Sets the headers of an answer that never changes; true when the client has it already. */
function isKnown(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('etag', `"${tag}"`).header('cache-control', 'private, max-age=31536000, immutable');
  return (request.headers['if-none-match'] ?? '').split(',').some((known) => known.trim() === `"${tag}"`);
}
