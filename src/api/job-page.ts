/** A page of jobs, newest first, with the address of the next one: how every list of jobs is answered. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobView } from '../contract/job.js';
import type { Hall } from '../contract/ports.js';
import { ok } from './openapi.js';
import { answer } from './schemas.js';
import { JSON_TYPE, baseOf, jobText } from './view.js';

/** Jobs of a page when the query names no limit. */
const DEFAULT_LIMIT = 50;

export const JOB_PAGE = ok('A page of jobs and the address of the next one.', answer('JobPage'));

/** `limit` of a query that was checked. */
export function limitOf({ limit }: Readonly<Record<string, string>>): number {
  return Number(limit ?? DEFAULT_LIMIT);
}

/** JSON of the page at `path`; a full page has a next one, which a Link header names too. */
export function jobPageText(
  jobs: readonly JobView[],
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
  hall: Hall,
): string {
  const query = request.query as Record<string, string>;
  const base = baseOf(request);
  const last = jobs.length === limitOf(query) ? jobs.at(-1) : undefined;
  const next = last
    ? `${base}${path}?${new URLSearchParams({ ...query, before: last.id }).toString()}`
    : null;
  if (next) reply.header('link', `<${next}>; rel="next"`);
  reply.type(JSON_TYPE);
  return `{"jobs":[${jobs.map((job) => jobText(job, base, hall)).join(',')}],"next":${JSON.stringify(next)}}`;
}
