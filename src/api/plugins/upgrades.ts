/** WebSockets: a request to upgrade goes through every check of a request and then becomes a socket. */
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';

/** Bytes of a message from a client, none of which is expected. */
const MAX_PAYLOAD = 1_024;

export interface Upgrades {
  wants(request: FastifyRequest): boolean;
  /** Answers 101; the request must be one that wants it, and its reply hijacked. */
  open(request: FastifyRequest, opened: (socket: WebSocket) => void): void;
}

/** Which requests may become sockets; a wish to upgrade any other is not heard, as HTTP allows. */
export function mayUpgrade({ method, url = '', headers }: IncomingMessage): boolean {
  return method === 'GET' && /^[^?]*\/book(\?|$)/.test(url) && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Sends requests to upgrade through the routes; close() ends the sockets that are open. */
export function acceptUpgrades(app: FastifyInstance): Upgrades {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_PAYLOAD, perMessageDeflate: false });
  const asked = new WeakMap<IncomingMessage, { socket: Duplex; head: Buffer; answer: ServerResponse }>();
  app.server.on('upgrade', (request, socket, head) => {
    const answer = new ServerResponse(request);
    // Node has let go of the socket: whoever is refused is answered once, and then it closes.
    socket.on('error', () => socket.destroy());
    answer.shouldKeepAlive = false;
    answer.assignSocket(socket as never);
    answer.once('finish', () => socket.end());
    asked.set(request, { socket, head, answer });
    app.routing(request, answer);
  });
  app.addHook('preClose', (done) => {
    for (const socket of server.clients) socket.close(1001);
    // Those that do not answer that they close must not hold the service up.
    setTimeout(() => server.clients.forEach((socket) => socket.terminate()), 1_000).unref();
    done();
  });
  return {
    wants: ({ raw }) => asked.has(raw),
    open({ raw }, opened) {
      const { socket, head, answer } = asked.get(raw)!;
      answer.detachSocket(socket as never);
      server.handleUpgrade(raw, socket, head, (made) => {
        made.on('error', () => made.terminate());
        opened(made);
      });
    },
  };
}
