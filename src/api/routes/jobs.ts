/** Routes of jobs: submit, status (once or as an event stream), list, cancel. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { TERMINAL_STATES } from '../../contract/job.js';
import type { JobState } from '../../contract/job.js';
import type { Kind } from '../../contract/kind.js';
import { jobAddress } from '../addresses.js';
import type { EventStreams } from '../events.js';
import { settled } from '../events.js';
import { faultsOf, refuse, schemaOf } from '../fields.js';
import type { Fields } from '../fields.js';
import { JOB_PAGE, jobPageText, limitOf } from '../job-page.js';
import { ID_PARAMS, ok, problems, submitExamples, submitSchema } from '../openapi.js';
import type { ServerParts } from '../parts.js';
import { clientOfRequest } from '../plugins/admission.js';
import { answer } from '../schemas.js';
import { toSubmitRequest, waitSecondsOf } from '../submission.js';
import { JSON_TYPE, baseOf, idOf, jobOf, jobText } from '../view.js';

const STATES: readonly string[] = ['queued', 'running', ...TERMINAL_STATES];
const MAX_LIST = 1000;
/** Why a submission may be refused. */
export const SUBMIT_PROBLEMS = [
  ...([
    'E_BODY',
    'E_ORIGIN',
    'E_CODE',
    'E_TOO_LARGE',
    'E_MEDIA_TYPE',
    'E_SPEC',
    'E_KIND',
    'E_COST',
    'E_DATA',
  ] as const),
  ...(['E_IDEMPOTENCY', 'E_RATE', 'E_BUSY', 'E_QUEUE_FULL', 'E_DRAINING', 'E_STORE'] as const),
];

/** Headers that a submission may have. */
export const SUBMIT_HEADERS = {
  type: 'object',
  properties: {
    'Idempotency-Key': { type: 'string', maxLength: 255 },
    Prefer: {
      type: 'string',
      description: 'wait=N: answer within N seconds, with the result if it is ready.',
    },
  },
};

export const LIST_QUERY: Fields = {
  state: {
    expected: `one of ${STATES.join(', ')}`,
    accepts: (value) => STATES.includes(value as string),
    schema: { type: 'string', enum: STATES },
  },
  kind: {
    expected: 'the name of a job kind',
    accepts: (value) => typeof value === 'string' && /^[a-z0-9-]{1,64}$/.test(value),
    schema: { type: 'string' },
  },
  limit: {
    expected: `an integer from 1 to ${MAX_LIST}`,
    accepts: (value) => /^[1-9]\d{0,3}$/.test(value as string) && Number(value) <= MAX_LIST,
    schema: { type: 'integer', minimum: 1, maximum: MAX_LIST, default: 50 },
  },
  before: {
    expected: 'a job id',
    accepts: (value) => /^[0-9A-Z]{26}$/.test(value as string),
    schema: { type: 'string', description: 'Only jobs older than this one: the next page.' },
  },
};

export function jobRoutes(
  app: FastifyInstance,
  parts: ServerParts,
  kinds: readonly Kind[],
  streams: EventStreams,
): void {
  const { hall } = parts;
  submitRoute(app, parts, kinds);
  statusRoute(app, parts, streams);
  listRoute(app, parts);
  const schema = {
    tags: ['jobs'],
    operationId: 'cancelJob',
    summary: 'Cancel a queued or running job',
    params: ID_PARAMS,
    response: {
      200: ok('The cancelled job.', answer('Job')),
      ...problems('E_NOT_FOUND', 'E_CONFLICT', 'E_ORIGIN'),
    },
  };
  app.delete('/v1/jobs/:id', { schema }, async (request, reply) => {
    const id = idOf(request);
    await jobOf(hall, id);
    const job = await hall.cancel(id);
    reply.type(JSON_TYPE);
    return jobText(job, baseOf(request), hall);
  });
}

function submitRoute(
  app: FastifyInstance,
  { hall, markets, config }: ServerParts,
  kinds: readonly Kind[],
): void {
  const schema = {
    tags: ['jobs'],
    operationId: 'submitJob',
    summary: 'Submit a job',
    description:
      'Answers 202 once the job is on disk, or 200 with the finished job when its result is stored already or ' +
      '"Prefer: wait=N" saw its end. An Idempotency-Key header makes repeating the request safe.',
    headers: SUBMIT_HEADERS,
    body: { ...submitSchema(kinds), 'x-examples': submitExamples(kinds) },
    response: {
      200: ok('The job has ended; its summary is inside.', answer('Job')),
      202: ok('The job is on disk and will be computed.', answer('Job')),
      ...problems(...SUBMIT_PROBLEMS),
    },
  };
  app.post('/v1/jobs', { schema }, async (request, reply) => {
    const client = clientOfRequest(request);
    const asked = toSubmitRequest(request.body, request.headers, markets);
    const receipt = await hall.submit({ ...asked, client, reqId: request.id });
    const waitS = waitSecondsOf(request.headers.prefer, config.http.maxWaitS);
    const job = waitS > 0 ? await settled(hall, receipt.job, waitS * 1000, abortedBy(reply)) : receipt.job;
    if (waitS > 0) reply.header('preference-applied', `wait=${waitS}`);
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

function statusRoute(app: FastifyInstance, { hall }: ServerParts, streams: EventStreams): void {
  const response = {
    200: {
      description:
        'The job; with Accept: text/event-stream, one "status" event now and one per change until it ends.',
      content: {
        'application/json': { schema: answer('Job') },
        'text/event-stream': { schema: { type: 'string' } },
      },
    },
    204: { description: 'Last-Event-ID names the last event of the stream: there is nothing more to tell.' },
    ...problems('E_NOT_FOUND', 'E_BUSY'),
  };
  const schema = {
    tags: ['jobs'],
    operationId: 'job',
    summary: 'Follow a job',
    description:
      'An event stream that broke goes on where it was: the id of the last event, which browsers send as Last-Event-ID, ' +
      'brings every change of state since.',
    params: ID_PARAMS,
    headers: { type: 'object', properties: { 'Last-Event-ID': { type: 'string' } } },
    response,
  };
  app.get('/v1/jobs/:id', { schema }, async (request, reply) => {
    const job = await jobOf(hall, idOf(request));
    const base = baseOf(request);
    reply.header('cache-control', 'no-store').header('vary', 'accept');
    if (!/\btext\/event-stream\b/.test(request.headers.accept ?? '')) {
      reply.type(JSON_TYPE);
      return jobText(job, base, hall);
    }
    const lastId = request.headers['last-event-id'];
    const stream = streams.open(job, (view) => jobText(view, base, hall), [lastId].flat()[0]);
    if (!stream) return reply.code(204).send();
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream);
  });
}

function listRoute(app: FastifyInstance, { hall }: ServerParts): void {
  const schema = {
    tags: ['jobs'],
    operationId: 'listJobs',
    summary: 'List jobs, newest first',
    querystring: schemaOf(LIST_QUERY, 'Filter and page.'),
    response: { 200: JOB_PAGE, ...problems('E_SPEC') },
  };
  app.get('/v1/jobs', { schema }, async (request, reply) => {
    const query = request.query as Record<string, string>;
    refuse(faultsOf(query, LIST_QUERY));
    const { state, kind, before } = query;
    const filter = {
      limit: limitOf(query),
      ...(state && { state: state as JobState }),
      ...(kind && { kind }),
      ...(before && { before }),
    };
    const jobs = await hall.list(filter);
    return jobPageText(jobs, '/v1/jobs', request, reply, hall);
  });
}

/** Fires when the client goes away before it was answered. */
export function abortedBy(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}
