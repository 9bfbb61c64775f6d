/** Room for everybody: connections and requests of one client are bounded, answers that nobody reads end. */
import { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Meter } from '../../contract/ports.js';
import { MmsError } from '../../contract/problem.js';
import type { Config } from '../../ops/settings.js';
import { answerOnSocket } from './problems.js';

/** What one client has open; forgotten when both are 0, so that the table is as long as there are clients. */
interface Open {
  connections: number;
  requests: number;
}

/**
 * Counts connections and requests by client. The limit of the whole service answers 503, that of one client
 * 429, both with Retry-After; a connection beyond them is answered on the bare socket and closed. An answer
 * of which a client reads nothing for http.stallTimeoutS closes its connection: slow readers hold no results.
 */
export function registerAdmission(app: FastifyInstance, { http, limits }: Config, meter: Meter): void {
  const clients = new Map<string, Open>();
  const refused = new WeakSet<object>();
  let connections = 0;

  const take = (client: string, what: keyof Open): (() => void) => {
    let open = clients.get(client);
    if (!open) clients.set(client, (open = { connections: 0, requests: 0 }));
    const mine = open;
    let isTaken = true;
    mine[what]++;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      mine[what]--;
      if (mine.connections + mine.requests === 0) clients.delete(client);
    };
  };

  // Before the parser gets the socket.
  app.server.prependListener('connection', (socket: Socket) => {
    const client = clientOf(socket.remoteAddress);
    const error =
      connections >= limits.maxConnections
        ? new MmsError('E_BUSY', `${limits.maxConnections} connections are open, which is the limit.`)
        : (clients.get(client)?.connections ?? 0) >= limits.maxClientRequests
          ? tooMany('connections', limits.maxClientRequests)
          : null;
    if (error) {
      refused.add(socket);
      meter.count('mms_http_connections_refused_total', { code: error.problem.code });
      return answerOnSocket(socket, error.problem);
    }
    const release = take(client, 'connections');
    connections++;
    socket.once('close', () => {
      release();
      connections--;
    });
  });

  app.addHook('onRequest', (request, reply, done) => {
    // It was answered when it connected; what it still sends must not be done behind its back.
    if (refused.has(request.raw.socket)) return void request.raw.socket.destroy();
    const client = clientOf(request.ip);
    const release = take(client, 'requests');
    reply.raw.once('finish', release);
    reply.raw.once('close', release);
    const { requests } = clients.get(client)!;
    if (requests > limits.maxClientRequests) throw tooMany('requests', limits.maxClientRequests);
    done();
  });

  app.addHook('onSend', (request, _reply, _payload, done) => {
    // Node counts a socket as busy while its write queue shrinks, and sets its own times after the answer.
    if (request.raw.socket instanceof Socket) request.raw.socket.setTimeout(http.stallTimeoutS * 1000);
    done();
  });
}

/** Who asks, as far as an address tells: IPv6 by its /64, which is what one subscriber gets. */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const [first, last] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first!.length - last!.length);
  const groups = [...first!, ...Array<string>(zeros).fill('0'), ...last!];
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** The client of a request. */
export function clientOfRequest(request: FastifyRequest): string {
  return clientOf(request.ip);
}

function tooMany(what: string, limit: number): MmsError {
  return new MmsError(
    'E_RATE',
    `${limit} ${what} of this client are open, which is the limit. Try again later.`,
  );
}
