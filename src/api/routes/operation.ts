/** Routes for those who operate the service: health, metrics, nodes. */
import type { FastifyInstance } from 'fastify';
import { ok } from '../openapi.js';
import type { ServerParts } from '../parts.js';
import { answer } from '../schemas.js';

const NO_STORE = { 'cache-control': 'no-store' };

export function operationRoutes(app: FastifyInstance, parts: ServerParts): void {
  const { nodes, metrics, health, engineVersion } = parts;
  const tags = ['operation'];

  const live = {
    tags,
    operationId: 'live',
    summary: 'The process answers',
    response: { 200: ok('Alive.', answer('Alive')) },
  };
  app.get('/health/live', { schema: live }, (_request, reply) => {
    reply.headers(NO_STORE);
    return { status: 'ok', version: engineVersion, uptimeS: Math.round(process.uptime()) };
  });

  const ready = {
    tags,
    operationId: 'ready',
    summary: 'The service may get work; the reasons, when not',
    response: {
      200: ok('Ready.', answer('Readiness')),
      503: ok('Not ready, with reasons.', answer('Readiness')),
    },
  };
  app.get('/health/ready', { schema: ready }, (_request, reply) => {
    const readiness = health.ready();
    reply.code(readiness.ready ? 200 : 503).headers(NO_STORE);
    return readiness;
  });

  const scrape = {
    tags,
    operationId: 'metrics',
    summary: 'Metrics in the text format of Prometheus',
    response: { 200: ok('Metrics.', { type: 'string' }, 'text/plain') },
  };
  app.get('/metrics', { schema: scrape }, (_request, reply) => {
    reply.type(metrics.contentType).headers(NO_STORE);
    return metrics.text();
  });

  const list = {
    tags,
    operationId: 'listNodes',
    summary: 'Connected nodes',
    response: { 200: ok('Each node with threads, load and version.', answer('Nodes')) },
  };
  app.get('/v1/nodes', { schema: list }, () => ({ nodes: nodes() }));
}

/** Lets every scrape read the present state of hall, nodes, health and event streams. */
export function publishGauges(
  { hall, kinds, nodes, metrics, health, config }: ServerParts,
  watchers: () => number,
): void {
  /** Every component that may be degraded, or ever was: reported as 0 while it is well. */
  const components = new Set<string>();
  metrics.begin({ kind: kinds.names() });
  metrics.gauge('mms_insecure', config.insecure ? 1 : 0);
  metrics.onScrape(() => {
    const { queued, running, queueLimit, degraded } = hall.stats();
    metrics.gauge('mms_queue_depth', queued);
    metrics.gauge('mms_queue_oldest_seconds', hall.oldestWaitMs() / 1e3);
    metrics.gauge('mms_jobs_running', running);
    metrics.gauge('mms_queue_limit', queueLimit);
    metrics.gauge('mms_http_watchers', watchers());
    const readiness = health.ready();
    metrics.gauge('mms_ready', readiness.ready ? 1 : 0);

    const unwell = new Set([
      ...Object.keys(degraded),
      ...readiness.degraded.map(({ component }) => component),
    ]);
    for (const component of [...health.observed(), ...unwell]) components.add(component);
    for (const component of components)
      metrics.gauge('mms_degraded', unwell.has(component) ? 1 : 0, { component });

    const busy = nodes().reduce((sum, node) => sum + Math.min(node.busy, node.threads), 0);
    metrics.gauge('mms_node_threads_busy', busy);
  });
}
