/**
 * Where a person gives an API key to a browser. The key travels in the body of one form and is never in an
 * address, which histories and logs keep; what the browser keeps is a cookie of a session (httpOnly, and
 * same-site, so that no other site's page can use it).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MmsError } from '../../contract/problem.js';
import type { Keyring } from '../../ops/keyring.js';
import { sendLoginPage } from '../login-page.js';
import { cookieName, SESSION_S, tokenOf, type Sessions } from '../sessions.js';

const MAX_FORM_BYTES = 16_384;

export function loginRoutes(app: FastifyInstance, keyring: Keyring, sessions: Sessions): void {
  const options = { schema: { hide: true }, bodyLimit: MAX_FORM_BYTES };
  app.get('/login', options, (request, reply) => {
    const name = request.apiKey?.name;
    return sendLoginPage(reply, 200, name === undefined ? {} : { name });
  });
  // Of all routes these alone read forms.
  void app.register((forms, _options, done) => {
    forms.removeAllContentTypeParsers();
    forms.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, read) => read(null, new URLSearchParams(body as string)),
    );
    forms.post('/login', options, (request, reply) => logIn(request, reply, keyring, sessions));
    forms.post('/logout', options, (request, reply) => {
      sessions.close(tokenOf(request));
      return reply.header('set-cookie', cookie(request, '', 0)).redirect('/login', 303);
    });
    done();
  });
}

function logIn(
  request: FastifyRequest,
  reply: FastifyReply,
  keyring: Keyring,
  sessions: Sessions,
): FastifyReply {
  if (!(request.body instanceof URLSearchParams))
    throw new MmsError('E_BODY', 'Expected the form of GET /login.');
  const next = pathOf(request.body.get('next'));
  const key = keyring.required() ? keyring.check((request.body.get('key') ?? '').trim()) : 'unknown';
  if (typeof key === 'string') {
    sendLoginPage(reply, 401, { next, noKey: key });
    return reply;
  }
  const token = sessions.open(key.id);
  return reply.header('set-cookie', cookie(request, token, SESSION_S)).redirect(next, 303);
}

/** Secure where a proxy says that the browser speaks TLS: over plain HTTP a browser would drop it. */
function cookie(request: FastifyRequest, token: string, ageS: number): string {
  const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  return `${cookieName(request)}=${token}; Path=/; Max-Age=${ageS}; HttpOnly; SameSite=Strict${secure}`;
}

/** A path of this service: what begins with two slashes or a backslash is another host to a browser. */
function pathOf(next: string | null): string {
  return next !== null && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next) ? next : '/';
}
