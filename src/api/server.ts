/** Builds the HTTP service from its parts; main.ts lets it listen. */
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { MmsError } from '../contract/problem.js';
import { createIds } from '../ops/ids.js';
import { answerOtherNames } from './addresses.js';
import { createEventStreams } from './events.js';
import { parseJsonStrictly } from './json-guard.js';
import { registerOpenApi } from './openapi.js';
import type { ServerParts } from './parts.js';
import { registerAdmission } from './plugins/admission.js';
import { nameAndProtect, registerGuard } from './plugins/guard.js';
import { identifyClients, requireKeys } from './plugins/keys.js';
import { mayUpgrade } from './plugins/upgrades.js';
import { answerBrokenRequest, answerUnknownRoutes, sendProblem } from './plugins/problems.js';
import { batchRoutes } from './routes/batches.js';
import { bookRoutes } from './routes/book.js';
import { catalogueRoutes } from './routes/catalogue.js';
import { deadLetterRoutes } from './routes/dead-letters.js';
import { jobRoutes } from './routes/jobs.js';
import { loginRoutes } from './routes/login.js';
import { operationRoutes, publishGauges } from './routes/operation.js';
import { pageRoutes } from './routes/pages.js';
import { resultRoutes } from './routes/results.js';
import { sweepRoutes } from './routes/sweeps.js';
import { watchRoutes } from './routes/watch.js';
import { createSessions } from './sessions.js';

export type { ServerParts } from './parts.js';

/**
 * All routes on one instance that does not listen yet. `health` gets the hall's checks; close() ends the
 * event streams and waits for open requests.
 */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { hall, config, metrics, health, keyring } = parts;
  const app = createInstance(parts);
  const kinds = await Promise.all(parts.kinds.names().map((name) => parts.kinds.get(name)));
  const streams = createEventStreams(hall, () => config.limits.maxWatchers, config.http.stallTimeoutS);

  health.require('hall', () => (hall.stats().accepting ? null : 'The service takes no new jobs.'));
  health.observe('keys', () => keyring.fault());
  health.observe('nodes', () => (parts.nodes().length > 0 ? null : 'No node is connected; jobs wait.'));
  publishGauges(parts, () => streams.size());
  app.addHook('preClose', () => streams.closeAll());
  app.addHook('onRequest', (request, reply, done) => {
    nameAndProtect(request, reply);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url } = request;
    // The pattern, never the address: a label must have few values.
    const route = request.routeOptions.url ?? 'unknown';
    const labels = { route, method, status: String(reply.statusCode) };
    metrics.observe('mms_http_request_seconds', reply.elapsedTime / 1000, labels);
    if (parts.log.isLevelEnabled('debug')) {
      const jobId = /[0-9A-Z]{26}$/.exec(String(reply.getHeader('location') ?? ''))?.[0];
      const { id: reqId, apiKey } = request;
      const seen = {
        reqId,
        jobId,
        key: apiKey?.id,
        method,
        url,
        status: reply.statusCode,
        elapsedMs: reply.elapsedTime,
      };
      request.log.debug(seen, 'request');
    }
    done();
  });

  answerUnknownRoutes(app);
  const sessions = createSessions();
  identifyClients(app, keyring, sessions);
  registerAdmission(app, config, metrics);
  registerGuard(app, config);
  requireKeys(app, keyring, config, metrics);
  await registerOpenApi(app, kinds, parts.engineVersion);
  answerOtherNames(app);
  jobRoutes(app, parts, kinds, streams);
  batchRoutes(app, parts, kinds);
  sweepRoutes(app, parts, streams);
  deadLetterRoutes(app, parts);
  resultRoutes(app, parts);
  catalogueRoutes(app, parts, kinds);
  operationRoutes(app, parts);
  pageRoutes(app, parts.engineVersion);
  loginRoutes(app, keyring, sessions);
  bookRoutes(app, parts);
  watchRoutes(app, parts);
  await app.ready();
  return app;
}

function createInstance({ config, log }: ServerParts): FastifyInstance {
  const requestMs = config.http.requestTimeoutS * 1000;
  const app: FastifyInstance = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    // Most requests log nothing: what is logged says itself which request it is about.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: createIds(),
    bodyLimit: config.limits.maxBodyBytes,
    // The framework's own default never closes a slow body.
    requestTimeout: requestMs,
    keepAliveTimeout: config.http.keepAliveS * 1000,
    http: {
      headersTimeout: requestMs * 0.8,
      connectionsCheckingInterval: Math.min(1000, requestMs / 5),
      // Node 22 has no such option.
      ...{ shouldUpgradeCallback: mayUpgrade },
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket),
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    routerOptions: { maxParamLength: 100, caseSensitive: true },
  });
  // Route schemas describe (OpenAPI); the checks are the routes' own: their messages name the nearest word.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      refuseEncoding(request.headers['content-encoding']);
      done(null, parseJsonStrictly(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  return app;
}

/** A small compressed body can be an enormous one; bodies here are short, so that none is needed. */
function refuseEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding === 'identity') return;
  throw new MmsError('E_MEDIA_TYPE', `Expected a body without Content-Encoding; got ${encoding}.`);
}
