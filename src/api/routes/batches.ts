/** Routes of batches: submit many jobs in one request, follow them together, cancel what has not ended. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { MAX_BATCH_JOBS, memberId, type BatchView } from '../../contract/batch.js';
import type { Kind } from '../../contract/kind.js';
import type { Hall } from '../../contract/ports.js';
import { unknownBatch } from '../../jobs/refusals.js';
import { ID_PARAMS, ok, problems, shown, submitSchema } from '../openapi.js';
import type { ServerParts } from '../parts.js';
import { clientOfRequest } from '../plugins/admission.js';
import { answer } from '../schemas.js';
import { toBatchRequest, waitSecondsOf } from '../submission.js';
import { baseOf, idOf } from '../view.js';
import { abortedBy, SUBMIT_HEADERS, SUBMIT_PROBLEMS } from './jobs.js';

const TWO_SEEDS = [1, 2].map((seed) => ({ kind: 'paths', spec: { paths: 1000 }, seed }));

export function batchRoutes(app: FastifyInstance, parts: ServerParts, kinds: readonly Kind[]): void {
  submitRoute(app, parts, kinds);
  const { hall } = parts;
  const follow = {
    tags: ['jobs'],
    operationId: 'batch',
    summary: 'Follow a batch',
    params: ID_PARAMS,
    response: {
      200: ok('The batch with the state of each job.', answer('Batch')),
      ...problems('E_NOT_FOUND'),
    },
  };
  app.get('/v1/batches/:id', { schema: follow }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return answerOf(await batchOf(hall, idOf(request)), baseOf(request));
  });
  const cancel = {
    tags: ['jobs'],
    operationId: 'cancelBatch',
    summary: 'Cancel the jobs of a batch that have not ended',
    params: ID_PARAMS,
    response: {
      200: ok('The batch, of which no job is queued or running.', answer('Batch')),
      ...problems('E_NOT_FOUND', 'E_CONFLICT', 'E_ORIGIN'),
    },
  };
  app.delete('/v1/batches/:id', { schema: cancel }, async (request) => {
    const id = idOf(request);
    await batchOf(hall, id);
    return answerOf(await hall.cancelBatch(id), baseOf(request));
  });
}

function submitRoute(
  app: FastifyInstance,
  { hall, markets, config }: ServerParts,
  kinds: readonly Kind[],
): void {
  const schema = {
    tags: ['jobs'],
    operationId: 'submitBatch',
    summary: `Submit up to ${MAX_BATCH_JOBS} jobs at once`,
    description:
      'All of them are accepted or none: answers 202 once they are on disk in one piece. Each is a job as if ' +
      'it had come alone. Faults name the job: /jobs/17/spec/paths. "Prefer: wait=N" waits for all ends.',
    headers: SUBMIT_HEADERS,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['jobs'],
      properties: {
        jobs: { type: 'array', minItems: 1, maxItems: MAX_BATCH_JOBS, items: submitSchema(kinds) },
      },
      'x-examples': { 'two seeds': shown('The same question to two seeds', { jobs: TWO_SEEDS }) },
    },
    response: {
      200: ok('All jobs have ended.', answer('Batch')),
      202: ok('The jobs are on disk and will be computed.', answer('Batch')),
      ...problems(...SUBMIT_PROBLEMS),
    },
  };
  app.post('/v1/batches', { schema }, async (request, reply) => {
    const asked = toBatchRequest(request.body, request.headers, markets);
    const batch = await hall.submitBatch({ ...asked, client: clientOfRequest(request), reqId: request.id });
    const waitS = waitSecondsOf(request.headers.prefer, config.http.maxWaitS);
    const seen = waitS > 0 ? await ended(hall, batch, waitS * 1000, reply) : batch;
    if (waitS > 0) reply.header('preference-applied', `wait=${waitS}`);
    const isOver = seen.finishedMs !== null;
    if (!isOver) reply.header('retry-after', 1);
    const base = baseOf(request);
    reply.code(isOver ? 200 : 202).header('location', `${base}/v1/batches/${batch.id}`);
    return answerOf(seen, base);
  });
}

/** The batch once all has ended, or as it is after `waitMs` or when the client went away. */
async function ended(hall: Hall, batch: BatchView, waitMs: number, reply: FastifyReply): Promise<BatchView> {
  if (batch.finishedMs !== null) return batch;
  const aborted = abortedBy(reply);
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      unwatch();
      batchOf(hall, batch.id).then(resolve, reject);
    };
    const see = (view: BatchView | null): void => {
      if (view && view.finishedMs !== null) done();
    };
    const timer = setTimeout(done, waitMs);
    const unwatch = hall.watchBatch(batch.id, see);
    aborted.addEventListener('abort', done);
    // It may have ended between its submission and the watch.
    hall.batch(batch.id).then(see, reject);
  });
}

async function batchOf(hall: Hall, id: string): Promise<BatchView> {
  const batch = await hall.batch(id);
  if (batch) return batch;
  throw unknownBatch(id);
}

function answerOf(batch: BatchView, base: string): Record<string, unknown> {
  const { id, counts, progress, createdMs, finishedMs, states } = batch;
  return {
    batch_id: id,
    jobs: states.map((status, job) => ({ task_id: memberId(id, job), status })),
    counts,
    progress,
    createdMs,
    finishedMs,
    links: { self: `${base}/v1/batches/${id}`, jobs: `${base}/v1/jobs` },
  };
}
