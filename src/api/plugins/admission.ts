/** Room for everybody: connections and requests of one client are bounded, answers that nobody reads end. */
import { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Meter } from '../../contract/ports.js';
import { MmsError } from '../../contract/problem.js';
import type { Config } from '../../ops/settings.js';
import { createClients, type Client } from '../clients.js';
import { answerOnSocket } from './problems.js';

/** One connection of an address; a closed one holds no requests. */
interface Connection {
  readonly client: Client;
  isOpen: boolean;
  /** Requests in progress of the address, which brought no key. */
  requests: number;
  /** Those of keys, which a proxy may send over one connection; null while there was none. */
  keyed: Map<Client, number> | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The connection that counts this request; null before it was admitted. */
    admitted: Connection | null;
    /** Whose request it is: a key's, or else an address's. */
    client: Client | null;
  }
}

/** Questions about the service itself, which count for no rate: they must be answered under load. */
const OPERATION = /^\/(health|metrics)(\/|$)/;

/**
 * Counts connections by address, and requests by key or, without one, by address. The limit of the whole
 * service answers 503, those of one client 429, all with Retry-After; a connection beyond them is answered on
 * the bare socket and closed. An answer of which a client reads nothing for http.stallTimeoutS closes its
 * connection: slow readers hold no results.
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
    const connection: Connection = { client, requests: 0, isOpen: true, keyed: null };
    admitted.set(socket, connection);
    client.connections++;
    connections++;
    socket.once('close', () => {
      // With it end all of its requests, those too that wait behind another.
      client.requests -= connection.requests;
      for (const [key, requests] of connection.keyed ?? []) key.requests -= requests;
      client.connections--;
      connections--;
      connection.isOpen = false;
      clients.leave(client);
    });
  });

  app.decorateRequest('admitted', null);
  app.decorateRequest('client', null);
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    // It was answered when it connected; what it still sends must not be done behind its back.
    if (refused.has(socket)) return void socket.destroy();
    // Only a request that was put in without a connection is not known.
    const connection = admitted.get(socket) ?? {
      client: clients.of(request.ip),
      ...{ requests: 0, isOpen: true, keyed: null },
    };
    const key = request.apiKey;
    // A space is in no address.
    const client = key === null ? connection.client : clients.named(`key ${key.name}`);
    request.admitted = connection;
    request.client = client;
    countRequest(connection, client, 1);
    const inFlight = key?.inFlight ?? limits.maxClientRequests;
    if (client.requests > inFlight) throw tooMany('requests', inFlight);
    const rate = key?.ratePerMin ?? limits.maxRequestsPerMin;
    if (!OPERATION.test(request.url) && clients.asks(client) > rate) {
      reply.header('retry-after', clients.secondsLeft());
      const who = key === null ? 'from this address' : `with the key of ${key.name}`;
      throw new MmsError('E_RATE', `More than ${rate} requests in a minute ${who}.`);
    }
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    const { admitted: connection, client } = request;
    if (connection?.isOpen) {
      countRequest(connection, client!, -1);
      clients.leave(client!);
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
  return request.client?.name ?? 'unknown';
}

/** One request more or less of `client`, which came over `connection`. */
function countRequest(connection: Connection, client: Client, by: 1 | -1): void {
  client.requests += by;
  if (client === connection.client) connection.requests += by;
  else {
    const keyed = (connection.keyed ??= new Map<Client, number>());
    const left = (keyed.get(client) ?? 0) + by;
    if (left > 0) keyed.set(client, left);
    else keyed.delete(client);
  }
}

function tooMany(what: string, limit: number): MmsError {
  return new MmsError(
    'E_RATE',
    `${limit} ${what} of this client are open, which is the limit. Try again later.`,
  );
}
