/** Routes of sweeps: submit, follow (once or as an event stream), list, cancel, retry. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { SWEEP_SCHEMA } from '../../contract/sweep-schema.js';
import type { Sweeps, SweepState, SweepView } from '../../contract/sweep.js';
import type { EventStreams, Source } from '../events.js';
import { faultsOf, refuse, schemaOf, type Fields } from '../fields.js';
import { limitOf } from '../job-page.js';
import { ok, problems, shown } from '../openapi.js';
import type { ServerParts } from '../parts.js';
import { clientOfRequest } from '../plugins/admission.js';
import { answer } from '../schemas.js';
import { toSweepRequest, waitSecondsOf } from '../submission.js';
import { SWEEP_STATES } from '../sweep-plan-schema.js';
import { baseOf } from '../view.js';
import { abortedBy, LIST_QUERY, SUBMIT_HEADERS, SUBMIT_PROBLEMS } from './jobs.js';
import { SWEEP_PARAMS, sweepOf, sweepRowRoutes } from './sweep-rows.js';

const tags = ['sweeps'];

const QUERY: Fields = {
  state: {
    expected: `one of ${SWEEP_STATES.join(', ')}`,
    accepts: (value) => SWEEP_STATES.includes(value as string),
    schema: { type: 'string', enum: SWEEP_STATES },
  },
  limit: LIST_QUERY['limit']!,
  before: { ...LIST_QUERY['before']!, expected: 'a sweep id' },
};

const EXAMPLE = {
  kind: 'paths',
  spec: { paths: 1000, payoffs: [{ type: 'european', strike: 100 }] },
  seed: 7,
  axes: { 'model.sigmaPerSqrtYr': { from: 0.1, to: 0.4, n: 4 }, 'payoffs.0.strike': [90, 100, 110] },
  repeats: 2,
};

export function sweepRoutes(app: FastifyInstance, parts: ServerParts, streams: EventStreams): void {
  const { sweeps } = parts.hall;
  submitRoute(app, parts);
  statusRoute(app, sweeps, streams);
  listRoute(app, sweeps);
  sweepRowRoutes(app, sweeps);
  const changes = {
    cancel: {
      summary: 'Cancel what has not ended of a sweep',
      answered: ok('The sweep, of which no job is open.', answer('Sweep')),
    },
    retry: {
      summary: 'Ask again the jobs of a sweep that failed, expired or were cancelled',
      answered: ok('The sweep, which runs again.', answer('Sweep')),
    },
  };
  const schemaFor = (operation: keyof typeof changes): object => ({
    tags,
    operationId: `${operation}Sweep`,
    summary: changes[operation].summary,
    params: SWEEP_PARAMS,
    response: {
      200: changes[operation].answered,
      ...problems('E_NOT_FOUND', 'E_CONFLICT', 'E_ORIGIN', 'E_DRAINING', 'E_STORE'),
    },
  });
  app.delete('/v1/sweeps/:id', { schema: schemaFor('cancel') }, async (request) => {
    const { id } = await sweepOf(sweeps, request);
    return answerOf(await sweeps.cancel(id), baseOf(request));
  });
  app.post('/v1/sweeps/:id/retry', { schema: schemaFor('retry') }, async (request) => {
    const { id } = await sweepOf(sweeps, request);
    return answerOf(await sweeps.retryFailed(id), baseOf(request));
  });
}

function submitRoute(app: FastifyInstance, { hall, markets, config }: ServerParts): void {
  const schema = {
    tags,
    operationId: 'submitSweep',
    summary: 'Ask one question over values of its spec',
    description:
      'Answers 202 once the sweep is on disk. Each cell and repeat is a job as any other. An ' +
      'Idempotency-Key makes repeating the request safe; "Prefer: wait=N" waits for the end.',
    headers: SUBMIT_HEADERS,
    body: {
      ...SWEEP_SCHEMA,
      'x-examples': { volatility: shown('A payoff over volatility and strike', EXAMPLE) },
    },
    response: {
      200: ok('All jobs have ended.', answer('Sweep')),
      202: ok('The sweep is on disk and will be computed.', answer('Sweep')),
      ...problems(...SUBMIT_PROBLEMS),
    },
  };
  app.post('/v1/sweeps', { schema }, async (request, reply) => {
    const asked = toSweepRequest(request.body, request.headers, markets);
    const sweep = await hall.sweeps.submit({ ...asked, client: clientOfRequest(request) });
    const waitS = waitSecondsOf(request.headers.prefer, config.http.maxWaitS);
    const seen = waitS > 0 ? await ended(hall.sweeps, sweep, waitS * 1000, reply) : sweep;
    if (waitS > 0) reply.header('preference-applied', `wait=${waitS}`);
    const isOver = seen.finishedMs !== null;
    if (!isOver) reply.header('retry-after', 1);
    const base = baseOf(request);
    reply.code(isOver ? 200 : 202).header('location', `${base}/v1/sweeps/${sweep.id}`);
    return answerOf(seen, base);
  });
}

/** The sweep once all has ended, or as it is after `waitMs` or when the client went away. */
async function ended(
  sweeps: Sweeps,
  sweep: SweepView,
  waitMs: number,
  reply: FastifyReply,
): Promise<SweepView> {
  if (sweep.finishedMs !== null) return sweep;
  const aborted = abortedBy(reply);
  return new Promise((resolve, reject) => {
    let newest = sweep;
    const done = (): void => {
      clearTimeout(timer);
      unwatch();
      resolve(newest);
    };
    const see = (view: SweepView | null): void => {
      if (view) newest = view;
      if (newest.finishedMs !== null) done();
    };
    const timer = setTimeout(done, waitMs);
    const unwatch = sweeps.watch(sweep.id, see);
    aborted.addEventListener('abort', done);
    // It may have ended between its submission and the watch.
    sweeps.view(sweep.id).then(see, reject);
  });
}

function statusRoute(app: FastifyInstance, sweeps: Sweeps, streams: EventStreams): void {
  const schema = {
    tags,
    operationId: 'sweep',
    summary: 'Follow a sweep',
    params: SWEEP_PARAMS,
    headers: {
      type: 'object',
      properties: { 'Last-Event-ID': { type: 'string', description: 'The last event that the client had.' } },
    },
    response: {
      200: {
        description:
          'The sweep; with Accept: text/event-stream, "status" events now and as it goes on, without the plan.',
        content: {
          'application/json': { schema: answer('Sweep') },
          'text/event-stream': { schema: { type: 'string', contentSchema: answer('SweepProgress') } },
        },
      },
      204: { description: 'The client had the last event.' },
      ...problems('E_NOT_FOUND', 'E_BUSY'),
    },
  };
  const source: Source<SweepView> = {
    now: (id) => sweeps.view(id),
    watch: (id, listener) => sweeps.watch(id, listener),
    isOver: ({ finishedMs }) => finishedMs !== null,
    eventId: ({ state, progress, finishedMs }) => `${state}-${progress}-${finishedMs ?? ''}`,
    before: () => null,
  };
  app.get('/v1/sweeps/:id', { schema }, async (request, reply) => {
    const view = await sweepOf(sweeps, request);
    reply.header('cache-control', 'no-store').header('vary', 'accept');
    if (!/\btext\/event-stream\b/.test(request.headers.accept ?? '')) return answerOf(view, baseOf(request));
    const lastId = request.headers['last-event-id'];
    const stream = streams.openOf(source, view, eventText, Array.isArray(lastId) ? lastId[0] : lastId);
    if (!stream) return reply.code(204).send();
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream);
  });
}

/** Ten times a second the plan would be too much. */
function eventText({ plan: _plan, ...progress }: SweepView): string {
  return JSON.stringify(progress);
}

function listRoute(app: FastifyInstance, sweeps: Sweeps): void {
  const schema = {
    tags,
    operationId: 'listSweeps',
    summary: 'List sweeps, newest first',
    querystring: schemaOf(QUERY, 'Filter and page.'),
    response: {
      200: ok('A page of sweeps and the address of the next one.', answer('SweepPage')),
      ...problems('E_SPEC'),
    },
  };
  app.get('/v1/sweeps', { schema }, async (request, reply) => {
    const query = request.query as Record<string, string>;
    refuse(faultsOf(query, QUERY));
    const { state, before } = query;
    const limit = limitOf(query);
    const filter = { limit, ...(state && { state: state as SweepState }), ...(before && { before }) };
    const found = await sweeps.list(filter);
    const base = baseOf(request);
    const last = found.length === limit ? found.at(-1) : undefined;
    const next = last
      ? `${base}/v1/sweeps?${new URLSearchParams({ ...query, before: last.id }).toString()}`
      : null;
    if (next) reply.header('link', `<${next}>; rel="next"`);
    return { sweeps: found.map((view) => answerOf(view, base)), next };
  });
}

function answerOf(view: SweepView, base: string): Record<string, unknown> {
  const self = `${base}/v1/sweeps/${view.id}`;
  const results = `${self}/results`;
  const links = {
    ...{ self, rows: `${self}/rows`, csv: `${results}.csv`, json: `${results}.json` },
    ...{ parquet: `${results}.parquet`, report: `${self}/report.html` },
  };
  return { ...view, links };
}
