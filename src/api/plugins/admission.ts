/** Room for everybody: connections and requests of one client are bounded, answers that nobody reads end. */
import { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Meter } from '../../contract/ports.js';
import { MmsError } from '../../contract/problem.js';
import type { Config } from '../../ops/settings.js';
import { createClients, type Client } from '../clients.js';
import { answerOnSocket } from './problems.js';

/** One connection of a client; a closed one holds no requests. */
interface Connection {
  readonly client: Client;
  requests: number;
  isOpen: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The connection that counts this request; null before it was admitted. */
    admitted: Connection | null;
  }
}

/** Questions about the service itself, which count for no rate: they must be answered under load. */
const OPERATION = /^\/(health|metrics)(\/|$)/;

/**
 * Counts connections and requests by client. The limit of the whole service answers 503, those of one client
 * 429, all with Retry-After; a connection beyond them is answered on the bare socket and closed. An answer of
 * which a client reads nothing for http.stallTimeoutS closes its connection: slow readers hold no results.
 */
export function registerAdmission(app: FastifyInstance, { http, limits }: Config, meter: Meter): void {
  const clients = createClients();
  const admitted = new WeakMap<object, Connection>();
  const refused = new WeakSet<object>();
  let connections = 0;

  // Before the parser gets the socket.
  app.server.prependListener('connection', (socket: Socket) => {
    const client = clients.of(socket.remoteAddress);
    const error =
      connections >= limits.maxConnections
        ? new MmsError('E_BUSY', `${limits.maxConnections} connections are open, which is the limit.`)
        : client.connections >= limits.maxClientRequests
          ? tooMany('connections', limits.maxClientRequests)
          : null;
    if (error) {
      refused.add(socket);
      meter.count('mms_http_connections_refused_total', { code: error.problem.code });
      clients.leave(client);
      return answerOnSocket(socket, error.problem);
    }
    const connection = { client, requests: 0, isOpen: true };
    admitted.set(socket, connection);
    client.connections++;
    connections++;
    socket.once('close', () => {
      // With it end all of its requests, those too that wait behind another.
      client.requests -= connection.requests;
      client.connections--;
      connections--;
      connection.isOpen = false;
      clients.leave(client);
    });
  });

  app.decorateRequest('admitted', null);
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    // It was answered when it connected; what it still sends must not be done behind its back.
    if (refused.has(socket)) return void socket.destroy();
    // Only a request that was put in without a connection is not known.
    const connection = admitted.get(socket) ?? { client: clients.of(request.ip), requests: 0, isOpen: true };
    const { client } = connection;
    request.admitted = connection;
    connection.requests++;
    client.requests++;
    if (client.requests > limits.maxClientRequests) throw tooMany('requests', limits.maxClientRequests);
    if (!OPERATION.test(request.url) && clients.asks(client) > limits.maxRequestsPerMin) {
      reply.header('retry-after', clients.secondsLeft());
      const message = `More than ${limits.maxRequestsPerMin} requests in a minute from this address.`;
      throw new MmsError('E_RATE', message);
    }
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    const connection = request.admitted;
    if (connection?.isOpen) {
      connection.requests--;
      connection.client.requests--;
      clients.leave(connection.client);
    }
    done();
  });

  app.addHook('onSend', (request, _reply, _payload, done) => {
    // Node counts a socket as busy while its write queue shrinks, and sets its own times after the answer.
    if (request.raw.socket instanceof Socket) request.raw.socket.setTimeout(http.stallTimeoutS * 1000);
    done();
  });
}

/** The client of a request, by which the hall shares its queue. */
export function clientOfRequest(request: FastifyRequest): string {
  return request.admitted?.client.name ?? 'unknown';
}

function tooMany(what: string, limit: number): MmsError {
  return new MmsError(
    'E_RATE',
    `${limit} ${what} of this client are open, which is the limit. Try again later.`,
  );
}
