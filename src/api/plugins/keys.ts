/**
 * Who asks, by API key: the key of an Authorization header, or of the session that a browser opened with it.
 *
 * While there is no file of keys all of this is one question per request. Roles will be a member of the key's
 * record, judged in requireKeys; an audit will listen on onResponse, where request.apiKey is still known.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Meter } from '../../contract/ports.js';
import { MmsError } from '../../contract/problem.js';
import type { ApiKey } from '../../ops/api-keys.js';
import type { KeyRefusal, Keyring } from '../../ops/keyring.js';
import type { Config } from '../../ops/settings.js';
import { refusalText, sendLoginPage } from '../login-page.js';
import { tokenOf, type Sessions } from '../sessions.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The live key of whoever asks; null without one, and where no keys are needed. */
    apiKey: ApiKey | null;
    /** Why there is none. */
    noKey: KeyRefusal;
  }
}

/** Routes that answer without a key: what probes ask, and what a browser needs to enter one. */
export const OPEN_ROUTES: readonly string[] = ['/health/live', '/health/ready', '/login', '/style.css'];

/** Goes before the limits, which are those of a key where there is one. */
export function identifyClients(app: FastifyInstance, keyring: Keyring, sessions: Sessions): void {
  app.decorateRequest('apiKey', null);
  app.decorateRequest('noKey', 'missing');
  app.addHook('onRequest', (request, _reply, done) => {
    if (!keyring.required()) return done();
    const found = keyOf(request, keyring, sessions);
    if (typeof found === 'string') request.noKey = found;
    else request.apiKey = found;
    done();
  });
}

/** Goes after the checks of Host and Origin, which hold with a key as without. */
export function requireKeys(app: FastifyInstance, keyring: Keyring, config: Config, meter: Meter): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!keyring.required() || request.apiKey !== null || isOpen(request, config)) return done();
    const { noKey } = request;
    meter.count('mms_http_unauthorized_total', { reason: noKey });
    reply.header(
      'www-authenticate',
      `Bearer realm="mms"${noKey === 'missing' ? '' : ', error="invalid_token"'}`,
    );
    if (wantsPage(request))
      return sendLoginPage(reply, 401, { next: request.url, ...(noKey !== 'missing' && { noKey }) });
    throw new MmsError('E_KEY', refusalText(noKey));
  });
}

function keyOf(request: FastifyRequest, keyring: Keyring, sessions: Sessions): ApiKey | KeyRefusal {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const text = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    return text === undefined ? 'unknown' : keyring.check(text);
  }
  const token = tokenOf(request);
  if (token === '') return 'missing';
  const id = sessions.keyOf(token);
  return (id === null ? null : keyring.live(id)) ?? 'missing';
}

/** By the route that was found, never by the address as it was written. */
function isOpen(request: FastifyRequest, { http }: Config): boolean {
  const { url } = request.routeOptions;
  return url !== undefined && (OPEN_ROUTES.includes(url) || (http.openMetrics && url === '/metrics'));
}

/** A person at a browser, who can do more with a form than with a problem. */
function wantsPage({ method, headers }: FastifyRequest): boolean {
  return (
    method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '') && headers.authorization === undefined
  );
}
