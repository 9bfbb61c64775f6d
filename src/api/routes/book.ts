/** The book of a run as it goes, pushed over a WebSocket: depth, own quotes and fills, inventory and PnL. */
import { encode } from '@msgpack/msgpack';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { BookFill, BookFrame } from '../../contract/kind.js';
import type { BookRequest } from '../../contract/ports.js';
import { MmsError } from '../../contract/problem.js';
import { faultsOf, refuse } from '../fields.js';
import type { Field, Fields, JsonSchema } from '../fields.js';
import type { ServerParts } from '../parts.js';
import { acceptUpgrades } from '../plugins/upgrades.js';
import { idOf, jobOf } from '../view.js';

/** Bytes that a client has not read; while there are more it gets no frames. */
const MAX_UNREAD = 65_536;
/** Fills that are kept for a client that reads slowly; what is beyond is only counted. */
const MAX_HELD_FILLS = 1_000;
/** Milliseconds between two looks at whether a client still answers. */
const PING_MS = 15_000;

const BOOK_QUERY: Fields = {
  speed: number(0.1, 3600, 60, 'Simulated seconds per second.'),
  framesPerS: number(1, 20, 10, 'Frames per second, at most.'),
  levels: { ...number(1, 50, 10, 'Levels of a side.'), accepts: isWithin(1, 50, /^\d+$/) },
  format: {
    expected: 'json or msgpack',
    accepts: (value) => value === 'json' || value === 'msgpack',
    schema: {
      type: 'string',
      enum: ['json', 'msgpack'],
      default: 'json',
      description: 'Text frames of JSON, or binary ones of MessagePack.',
    },
  },
};

/** How to watch a book, for the description of the OpenAPI document. */
export const BOOK_TEXT = `GET /v1/jobs/{id}/book opens a WebSocket that draws the first run of a job of kind market-making once more and shows it at a pace of its own: the same spec and
seed give the same run, so what is seen is what the job computes, whether it waits, runs or has ended. Each message is one object. First
\`{"type":"start", "id", "seed", "speed"}\`; then frames \`{"type":"book", "tNs", "bids", "asks",
"ownBidTicks", "ownAskTicks", "inventoryLots", "pnl", "feesPaid", "fills", "skipped"}\`, where bids and asks are lists of [ticks, lots]
without own orders, best first, -1 stands for no own order, fills are \`{"tNs", "side", "priceTicks", "qtyLots", "fee"}\` since the frame
before (side 0 bought, 1 sold), and skipped counts the frames that a slow reader did not get, whose fills, up to 1,000, come with the next; last
\`{"type":"end"}\`, after which the socket closes with 1000. What a client sends is ignored.`;

interface Watched {
  readonly id: string;
  readonly request: BookRequest;
  readonly packed: boolean;
}

export function bookRoutes(app: FastifyInstance, parts: ServerParts): void {
  const upgrades = acceptUpgrades(app);
  // Not an operation of the document, which knows answers of HTTP alone: its description has BOOK_TEXT.
  app.get('/v1/jobs/:id/book', { schema: { hide: true }, exposeHeadRoute: false }, async (request, reply) => {
    if (!upgrades.wants(request)) {
      const detail = 'Expected a WebSocket: send Upgrade: websocket, or open the address with ws://.';
      throw new MmsError('E_UPGRADE', detail);
    }
    const watched = await watchedOf(request, parts);
    reply.hijack();
    upgrades.open(request, (socket) => push(socket, watched, parts));
  });
}

/** Throws for what cannot be watched, while it can still be told by HTTP. */
async function watchedOf(request: FastifyRequest, parts: ServerParts): Promise<Watched> {
  const query = request.query as Record<string, string>;
  refuse(faultsOf(query, BOOK_QUERY));
  const id = idOf(request);
  const job = await watchableOf(id, parts);
  if (parts.books.isFull()) throw new MmsError('E_BUSY', 'As many books are watched as this service allows.');
  const { speed = '60', framesPerS = '10', levels = '10', format } = query;
  const pace = { speed: Number(speed), framesPerS: Number(framesPerS), levels: Number(levels) };
  return { id, packed: format === 'msgpack', request: { ...job, ...pace } };
}

/** The question of a job whose book can be watched. Throws E_NOT_FOUND and E_CONFLICT. */
export async function watchableOf(
  id: string,
  { hall, kinds }: ServerParts,
): Promise<Pick<BookRequest, 'kind' | 'spec' | 'seed'>> {
  const { kind: name, spec, seed } = await jobOf(hall, id);
  const kind = await kinds.get(name);
  if (!kind.watch) throw new MmsError('E_CONFLICT', `A job of kind ${name} has no book to watch.`);
  if ((kind.inputs?.(spec) ?? []).length > 0) {
    const detail = 'This job reads files; a book can be watched where the market is generated.';
    throw new MmsError('E_CONFLICT', detail);
  }
  return { kind: name, spec, seed };
}

function push(socket: WebSocket, { id, request, packed }: Watched, { books }: ServerParts): void {
  const send = (message: object): void => socket.send(packed ? encode(message) : JSON.stringify(message));
  const frame = createGate(
    (now) => send({ type: 'book', ...now }),
    () => socket.bufferedAmount,
  );
  const { seed, speed } = request;
  send({ type: 'start', id, seed, speed });
  let stop = (): void => undefined;
  try {
    stop = books.watch(request, {
      frame,
      end(fault) {
        if (fault === null) send({ type: 'end' });
        socket.close(fault === null ? 1000 : 1011, fault?.slice(0, 100));
      },
    });
  } catch (error) {
    return socket.close(1013, (error as Error).message.slice(0, 100));
  }
  let hasAnswered = true;
  const pings = setInterval(() => {
    if (!hasAnswered) return socket.terminate();
    hasAnswered = false;
    socket.ping();
  }, PING_MS);
  socket.on('pong', () => (hasAnswered = true));
  socket.once('close', () => {
    clearInterval(pings);
    stop();
  });
}

/** A frame as it is sent: `skipped` counts those that its reader did not get so far. */
export type SentFrame = BookFrame & { readonly skipped: number };

/**
 * Lets frames through while the reader keeps up. A slow one has the newest state with the next frame that
 * it gets, and with it the fills of those before, up to 1,000; nobody waits for it.
 */
export function createGate(
  send: (frame: SentFrame) => void,
  unread: () => number,
): (frame: BookFrame) => void {
  let held: readonly BookFill[] = [];
  let skipped = 0;
  return (frame) => {
    const fills = held.length > 0 ? [...held, ...frame.fills] : frame.fills;
    if (unread() > MAX_UNREAD) {
      held = fills.slice(0, MAX_HELD_FILLS);
      skipped++;
      return;
    }
    held = [];
    send({ ...frame, fills, skipped });
  };
}

function isWithin(min: number, max: number, pattern: RegExp): (value: unknown) => boolean {
  return (value) =>
    typeof value === 'string' && pattern.test(value) && Number(value) >= min && Number(value) <= max;
}

function number(minimum: number, maximum: number, by: number, description: string): Field {
  const schema: JsonSchema = { type: 'number', minimum, maximum, default: by, description };
  return {
    expected: `a number from ${minimum} to ${maximum}`,
    accepts: isWithin(minimum, maximum, /^\d{1,6}(\.\d{1,6})?$/),
    schema,
  };
}
