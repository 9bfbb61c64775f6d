/** Routes of dead letters: the jobs that were lost with what ran them, and the way to send one again. */
import type { FastifyInstance } from 'fastify';
import { TERMINAL_STATES } from '../../contract/job.js';
import { jobAddress } from '../addresses.js';
import { faultsOf, refuse, schemaOf } from '../fields.js';
import { JOB_PAGE, jobPageText, limitOf } from '../job-page.js';
import { ID_PARAMS, ok, problems } from '../openapi.js';
import type { ServerParts } from '../parts.js';
import { clientOfRequest } from '../plugins/admission.js';
import { answer } from '../schemas.js';
import { JSON_TYPE, baseOf, idOf, jobText } from '../view.js';
import { LIST_QUERY, SUBMIT_PROBLEMS } from './jobs.js';

const { kind, limit, before } = LIST_QUERY;
const QUERY = { kind: kind!, limit: limit!, before: before! };

export function deadLetterRoutes(app: FastifyInstance, parts: ServerParts): void {
  listRoute(app, parts);
  requeueRoute(app, parts);
}

function listRoute(app: FastifyInstance, { hall }: ServerParts): void {
  const schema = {
    tags: ['jobs'],
    operationId: 'listDeadLetters',
    summary: 'List dead letters, newest first',
    description:
      'Jobs that failed as poison (E_POISON), at the time limit of a chunk (E_TIMEOUT), or because their nodes were lost too often ' +
      '(E_INTERNAL), and were not requeued yet. "problem" tells the reason, "attempts" how often it was tried.',
    querystring: schemaOf(QUERY, 'Filter and page.'),
    response: { 200: JOB_PAGE, ...problems('E_SPEC') },
  };
  app.get('/v1/dead-letters', { schema }, async (request, reply) => {
    const query = request.query as Record<string, string>;
    refuse(faultsOf(query, QUERY));
    const { kind, before } = query;
    const jobs = await hall.deadLetters({
      limit: limitOf(query),
      ...(kind && { kind }),
      ...(before && { before }),
    });
    reply.header('cache-control', 'no-store');
    return jobPageText(jobs, '/v1/dead-letters', request, reply, hall);
  });
}

function requeueRoute(app: FastifyInstance, { hall }: ServerParts): void {
  const schema = {
    tags: ['jobs'],
    operationId: 'requeueJob',
    summary: 'Send a job that ended without a result on its way again',
    description:
      'Makes a new job with the same spec, seed, priority and timeoutS, whose requeueOf names the old one; the old one keeps its end. ' +
      'A job is requeued once: repeating the request gives the same new job.',
    params: ID_PARAMS,
    response: {
      200: ok('The new job has ended already.', answer('Job')),
      202: ok('The new job is on disk and will be computed.', answer('Job')),
      ...problems('E_NOT_FOUND', 'E_CONFLICT', ...SUBMIT_PROBLEMS),
    },
  };
  app.post('/v1/jobs/:id/requeue', { schema }, async (request, reply) => {
    const { job } = await hall.requeue(idOf(request), clientOfRequest(request));
    const isOver = TERMINAL_STATES.includes(job.state);
    if (!isOver) reply.header('retry-after', 1);
    const base = baseOf(request);
    reply
      .code(isOver ? 200 : 202)
      .header('location', jobAddress(base, job.id))
      .type(JSON_TYPE);
    return jobText(job, base, hall);
  });
}
