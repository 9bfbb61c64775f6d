/** Protection of every route: security headers, Host and Origin checks. */
import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MmsError } from '../../contract/problem.js';
import { isLoopback } from '../../ops/exposure.js';
import type { Config } from '../../ops/settings.js';

/** Methods that change nothing and may come from anywhere. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const POLICY =
  "default-src 'self';img-src 'self' data:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'";
/**
 * What every answer tells a browser: content from here alone, no frame, no guessed type, no sender's address,
 * no window or page of another origin. TLS and its header belong to the proxy in front.
 */
const SECURITY_HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** The one inline style of the documentation page's library; the browser test fails if it changes. */
const DOCS_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";
const DOCS_HEADERS = {
  ...SECURITY_HEADERS,
  'content-security-policy': `${POLICY};style-src 'self' ${DOCS_STYLE}`,
};

/** Sets the headers of every answer, refusals too: goes before all that may refuse. */
export function nameAndProtect(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  const { url } = request;
  const isDocs = url.startsWith('/docs') && /^\/docs(\/|$)/.test(url);
  reply.headers(isDocs ? DOCS_HEADERS : SECURITY_HEADERS);
}

/** Every request by its Host; those that could change something, and WebSockets, by their Origin too. */
export function registerGuard(app: FastifyInstance, config: Config): void {
  const isOurs = createHostCheck(config.http);
  app.addHook('onRequest', (request, _reply, done) => {
    const { host, upgrade } = request.headers;
    if (!isOurs(host)) {
      const message =
        `Expected a Host header that names this machine; got "${host ?? ''}". Use its address, or let the ` +
        'operator set that name: http.names.';
      throw new MmsError('E_ORIGIN', message);
    }
    // No browser asks before it opens a WebSocket, and its page may read what comes.
    if (upgrade !== undefined || !SAFE.has(request.method)) checkOrigin(request);
    done();
  });
}

/** Host headers that were found to be ours, of which a client may make up as many as it likes. */
const MAX_KNOWN_HOSTS = 100;

/** Names that no public name server answers for (RFC 6762, RFC 8375, ICANN's .internal, Kubernetes). */
const LOCAL_NAME = /^[^.]+$|\.(local|internal|home\.arpa|svc)$/;

/**
 * A page that rebinds its own name to the address of this machine still sends that name as Host. On loopback
 * only loopback is ours; beyond it also addresses, which no page can rebind, and names that no stranger owns.
 */
function createHostCheck({ host: bound, names }: Config['http']): (host: string | undefined) => boolean {
  const known = new Set<string>();
  const given = new Set([bound, ...(names?.split(',') ?? [])].map((name) => name.trim().toLowerCase()));
  const onLoopback = isLoopback(bound);
  const isOurs = (name: string): boolean =>
    isLoopback(name) || given.has(name) || (!onLoopback && isNear(name));
  return (host = '') => {
    if (known.has(host)) return true;
    const name = hostNameOf(`http://${host}`);
    if (name === null || !isOurs(name)) return false;
    if (known.size < MAX_KNOWN_HOSTS) known.add(host);
    return true;
  };
}

const isNear = (name: string): boolean => isIP(name.replace(/^\[|\]$/g, '')) !== 0 || LOCAL_NAME.test(name);

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
