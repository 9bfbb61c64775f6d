/** Protection of every route: security headers, Host and Origin checks, a rate limit per client. */
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MmsError } from '../../contract/problem.js';
import { isLoopback } from '../../ops/exposure.js';
import type { Config } from '../../ops/settings.js';
import { clientOfRequest } from './admission.js';

/** Methods that change nothing and may come from anywhere. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export async function registerGuard(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // The service speaks plain HTTP on loopback; TLS and its headers belong to the proxy in front.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
  });
  const onLoopback = isLoopback(config.http.host);
  app.addHook('onRequest', (request, reply, done) => {
    if (/^\/docs(\/|$)/.test(request.url)) allowDocsStyle(reply);
    checkHost(request, onLoopback);
    if (!SAFE.has(request.method)) checkOrigin(request);
    done();
  });
  await app.register(rateLimit, {
    max: config.limits.maxRequestsPerMin,
    timeWindow: 60_000,
    keyGenerator: clientOfRequest,
    allowList: (request) => /^\/(health|metrics)(\/|$)/.test(request.url),
    errorResponseBuilder: (_request, { max }) =>
      new MmsError('E_RATE', `More than ${max} requests in a minute from this address.`),
  });
}

/** The one inline style of the documentation page's library; the browser test fails if it changes. */
const DOCS_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

function allowDocsStyle(reply: FastifyReply): void {
  const policy = String(reply.getHeader('content-security-policy'));
  reply.header('content-security-policy', `${policy};style-src 'self' ${DOCS_STYLE}`);
}

/** A page that rebinds its own name to 127.0.0.1 still sends that name as Host. */
function checkHost(request: FastifyRequest, onLoopback: boolean): void {
  const host = hostNameOf(`http://${request.headers.host ?? ''}`);
  if (host !== null && (!onLoopback || isLoopback(host))) return;
  const message = `Expected a Host header that names this machine (127.0.0.1, localhost); got "${request.headers.host ?? ''}".`;
  throw new MmsError('E_ORIGIN', message);
}

/** Browsers send Origin with every request that could change something; other clients send none. */
function checkOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const own = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (own && site !== 'cross-site') return;
  throw new MmsError(
    'E_ORIGIN',
    `Expected a request from this service's own pages; got one from "${origin ?? site}".`,
  );
}

function hostNameOf(url: string): string | null {
  try {
    return new URL(url).hostname || null;
  } catch {
    return null;
  }
}
