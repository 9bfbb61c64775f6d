/** What a client sees of a job and of a result: the view of the hall plus addresses to go on with. */
import type { FastifyRequest } from 'fastify';
import type { TableDecl } from '../contract/columns.js';
import type { JobView } from '../contract/job.js';
import type { Hall, JobResult } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { unknownJob } from '../jobs/refusals.js';
import { jobAddress } from './addresses.js';

/** Crockford's base 32 without I, L, O, U; 26 characters, 128 bits. */
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** What a table's address ends with. */
export const TABLE_FORMS = ['csv', 'json', 'parquet'] as const;
export type TableForm = (typeof TABLE_FORMS)[number];

export interface JobAnswer extends JobView {
  readonly task_id: string;
  readonly links: Readonly<Record<string, string>>;
  /** Parts of the service that are worse than they should be, with the reason; absent when all is well. */
  readonly degraded?: Readonly<Record<string, string>>;
}

/** Media type of what jobText gives. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * JSON of the JobAnswer for one job; `base` is the address of the service as the client knows it. Written as
 * text: a copy with the links in it, made only to be written once, costs as much as the writing.
 */
export function jobText(job: JobView, base: string, hall: Hall): string {
  const { degraded } = hall.stats();
  // The Host header that the base is made of may hold more than a name and a port.
  const at = JSON.stringify(base).slice(0, -1);
  const own = JSON.stringify(job).slice(1, -1);
  const { id } = job;
  const self = `${at}/v1/jobs/${id}`;
  const links = `{"self":${self}","result":${self}/result","report":${self}/report.html"}`;
  const unwell = isEmpty(degraded) ? '' : `,"degraded":${JSON.stringify(degraded)}`;
  return `{"task_id":"${id}",${own},"links":${links}${unwell}}`;
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

/** The result without its columns: what they mean, how many rows, and where to fetch them. */
export function resultAnswerOf(id: string, result: JobResult, base: string): Record<string, unknown> {
  const tables = result.tables.map(({ decl, rows }) => ({
    ...decl,
    rows,
    links: tableLinksOf(id, decl, base),
  }));
  return { id, digest: result.digest, summary: result.summary, tables, links: linksOf(id, base) };
}

/** Throws E_NOT_FOUND for anything that is no job id: such text never reaches the store. */
export function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  if (ULID.test(id)) return id;
  throw new MmsError('E_NOT_FOUND', 'Expected a job id of 26 characters as POST /v1/jobs gives it.');
}

/** The job, or E_NOT_FOUND. */
export async function jobOf(hall: Hall, id: string): Promise<JobView> {
  const job = await hall.status(id);
  if (job) return job;
  throw unknownJob(id);
}

/** The address by which the client reached the service; Host was checked before any route ran. */
export function baseOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.headers.host}`;
}

function linksOf(id: string, base: string): Record<string, string> {
  const self = jobAddress(base, id);
  return { self, result: `${self}/result`, report: `${self}/report.html` };
}

function tableLinksOf(id: string, { name }: TableDecl, base: string): Record<string, string> {
  const table = `${jobAddress(base, id)}/${name}`;
  return Object.fromEntries(TABLE_FORMS.map((form) => [form, `${table}.${form}`]));
}
