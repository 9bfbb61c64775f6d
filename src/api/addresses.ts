/** Addresses: everything that a client uses is under /v1; what it was called before stays as another name. */
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { JsonSchema } from './fields.js';

/** Other names of a route, by its method and address. */
export const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/jobs': ['/simulate'],
  'GET /v1/jobs': ['/jobs'],
  'GET /v1/jobs/:id': ['/status/:id'],
  'DELETE /v1/jobs/:id': ['/jobs/:id', '/status/:id'],
  'POST /v1/jobs/:id/requeue': ['/jobs/:id/requeue'],
  'GET /v1/jobs/:id/result': ['/results/:id'],
  'GET /v1/jobs/:id/report.html': ['/results/:id/report.html'],
  'GET /v1/jobs/:id/:table.csv': ['/results/:id/:table.csv'],
  'GET /v1/jobs/:id/:table.json': ['/results/:id/:table.json'],
  'POST /v1/batches': ['/batches'],
  'GET /v1/batches/:id': ['/batches/:id'],
  'DELETE /v1/batches/:id': ['/batches/:id'],
  'GET /v1/dead-letters': ['/dead-letters'],
  'GET /v1/kinds': ['/kinds'],
  'GET /v1/kinds/:name': ['/kinds/:name'],
  'GET /v1/nodes': ['/nodes'],
};

/** Names that the document shows beside the address under /v1, with the id of their operation. */
const SHOWN: Readonly<Record<string, string>> = {
  'POST /simulate': 'simulate',
  'GET /status/:id': 'status',
};

/** Registers each route that comes after it under its other names too. */
export function answerOtherNames(app: FastifyInstance): void {
  app.addHook('onRoute', (route: RouteOptions) => {
    if (typeof route.method !== 'string') return;
    for (const url of OTHER_NAMES[`${route.method} ${route.url}`] ?? []) {
      const operationId = SHOWN[`${route.method} ${url}`];
      const schema: JsonSchema = operationId
        ? {
            ...route.schema,
            operationId,
            description: `Another name of ${route.method} ${shown(route.url)}.`,
          }
        : { ...route.schema, hide: true };
      app.route({ ...route, url, schema });
    }
  });
}

/** As OpenAPI writes an address. */
function shown(url: string): string {
  return url.replace(/:(\w+)/g, '{$1}');
}

/** Where a job is, with the address of the service in front of it. */
export function jobAddress(base: string, id: string): string {
  return `${base}/v1/jobs/${id}`;
}
