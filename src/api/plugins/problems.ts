/** Every failure leaves as problem+json (RFC 9457), whoever found it: a route, Fastify or Node's parser. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MmsError } from '../../contract/problem.js';
import type { Problem, ProblemCode } from '../../contract/problem.js';

const MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** Seconds after which a retryable request has a chance. */
const RETRY_AFTER_S: Partial<Record<ProblemCode, number>> = { E_DRAINING: 5, E_STORE: 5, E_NO_NODE: 5 };

const retryAfterS = ({ code }: Problem): number => RETRY_AFTER_S[code] ?? 1;

/** What Fastify itself finds, by the HTTP status it gives. */
const CODE_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: 'E_KEY',
  403: 'E_ORIGIN',
  404: 'E_NOT_FOUND',
  405: 'E_METHOD',
  413: 'E_TOO_LARGE',
  414: 'E_NOT_FOUND',
  415: 'E_MEDIA_TYPE',
  429: 'E_RATE',
};

/** Answers with the problem of any error; an unexpected one is logged and told without its inside. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request);
  if (problem.retryable && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', retryAfterS(problem));
  }
  // A stream or file that failed half-way leaves headers of a success behind.
  for (const name of ['etag', 'cache-control', 'content-disposition', 'content-length'])
    reply.removeHeader(name);
  void reply.code(problem.status).type(MEDIA_TYPE).send(JSON.stringify(problem));
}

function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof MmsError) {
    if (error.problem.status >= 500)
      request.log.error({ reqId: request.id, problem: error.problem }, 'request failed');
    return error.problem;
  }
  const {
    code: name,
    statusCode = 500,
    message,
  } = error as { code?: string; statusCode?: number; message?: string };
  if (name === 'FST_ERR_BAD_URL')
    return new MmsError('E_NOT_FOUND', 'The address is not a valid URL.').problem;
  if (name === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const came = request.headers['content-type'];
    return new MmsError(
      'E_MEDIA_TYPE',
      `content-type: Expected application/json; got ${came === undefined ? 'none' : JSON.stringify(came)}. ` +
        'With curl: -H "content-type: application/json".',
    ).problem;
  }
  if (name === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limit = request.server.initialConfig.bodyLimit;
    return new MmsError('E_TOO_LARGE', `Expected a body of at most ${limit} bytes. Send a smaller spec.`)
      .problem;
  }
  if (statusCode >= 400 && statusCode < 500) {
    const code = CODE_OF_STATUS[statusCode] ?? 'E_BODY';
    return new MmsError(code, message ?? STATUS_CODES[statusCode] ?? 'Bad request').problem;
  }
  request.log.error({ reqId: request.id, err: error }, 'unexpected error');
  return new MmsError('E_INTERNAL', `Unexpected error; the log has it under request ${request.id}.`).problem;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route: its methods and its address with :names. */
    readonly allRoutes: readonly { readonly method: string; readonly url: string; readonly path: RegExp }[];
  }
}

/** 404, or 405 with Allow when the path is known for other methods; knows the routes added after it. */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const routes: { readonly method: string; readonly url: string; readonly path: RegExp }[] = [];
  app.decorate('allRoutes', routes);
  app.addHook('onRoute', ({ method, url }) => {
    const source = url
      .split('/')
      .map((part) => part.replace(/[.\\+?^$()[\]{}|]/g, '\\$&').replace(/:[a-zA-Z]+/g, '[^/]+'))
      .join('/')
      .replace('*', '.*');
    for (const one of [method].flat()) routes.push({ method: one, url, path: new RegExp(`^${source}$`) });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = [...new Set(routes.filter((route) => route.path.test(path)).map(({ method }) => method))];
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      reply.header('allow', allowed.join(', '));
      const message = `${request.method} is not known for ${path}; allowed: ${allowed.join(', ')}.`;
      throw new MmsError('E_METHOD', message);
    }
    throw new MmsError('E_NOT_FOUND', `Nothing is found at ${path}; GET /docs shows all addresses.`);
  });
}

/** What Node's parser refuses never reaches a route: answered on the bare socket, then closed. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [code, detail]: [ProblemCode, string] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['E_TOO_LARGE', 'The request headers are larger than 16 KiB.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['E_BODY', 'The request did not arrive completely in time.']
        : ['E_BODY', 'This is not an HTTP/1.1 request.'];
  answerOnSocket(socket, new MmsError(code, detail).problem);
}

/** Writes a problem on a bare socket and closes it. */
export function answerOnSocket(socket: Socket, problem: Problem): void {
  const body = JSON.stringify(problem);
  const retry = problem.retryable ? `Retry-After: ${retryAfterS(problem)}\r\n` : '';
  const head =
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nConnection: close\r\n${retry}` +
    `Content-Type: ${MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  // It may be gone already; and one that reads nothing must not keep it open.
  socket.once('error', () => socket.destroy());
  socket.end(head + body, () => socket.destroy());
}
