/**
 * Somebody else's order book in the same bench: replays a workload file through its own calls whenever a line
 * comes in and answers "nsPerMessage tradeHash". Called from the repository root as:
 * node peer-child.js nodejs-order-book|hft-limit-order-book FILE
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { BUY } from '../../src/core/book/codes.js';
import { TradeTape } from './replay.js';
import { CANCEL, MARKET, readWorkload, REPLACE, WORDS } from './workload.js';

/** What this bench uses of the packages; the second is an older name of the first and has the same calls. */
interface PeerOrder {
  readonly id: string;
  readonly price: number;
  readonly size: number;
}
interface PeerResult {
  readonly done: readonly PeerOrder[];
  readonly partial: PeerOrder | null;
  readonly partialQuantityProcessed: number;
  readonly err: unknown;
}
interface PeerBook {
  limit(order: { side: string; id: string; size: number; price: number }): PeerResult;
  market(order: { side: string; size: number }): PeerResult;
  cancel(id: string): unknown;
}

const require = createRequire(resolve('tests/bench/peers/package.json'));
const { OrderBook } = require(process.argv[2]!) as { OrderBook: new () => PeerBook };
const { records, messages, preload, ids } = readWorkload(process.argv[3]!);
// The packages want text ids: they are made beforehand, in their favour.
const names = Array.from({ length: ids }, (_, id) => String(id));
const tape = new TradeTape();

function replay(book: PeerBook, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const at = i * WORDS;
    const word = records[at]!;
    const type = word & 255;
    const takerId = records[at + 1]!;
    const id = names[takerId]!;
    if (type === CANCEL || type === REPLACE) book.cancel(id);
    if (type === CANCEL) continue;
    const side = word >> 8 === BUY ? 'buy' : 'sell';
    const price = records[at + 2]!;
    const size = records[at + 3]!;
    const result = type === MARKET ? book.market({ side, size }) : book.limit({ side, id, size, price });
    report(result, id, takerId);
  }
}

/** Tells the tape the trades that a result implies: makers filled in full, then one in part. */
function report(result: PeerResult, ownId: string, takerId: number): void {
  if (result.err !== null) throw new Error(`the peer refused order ${ownId}: ${String(result.err)}`);
  for (const order of result.done) {
    if (order.id !== ownId) tape.onTrade(Number(order.id), takerId, order.price, order.size);
  }
  const { partial } = result;
  if (partial !== null && partial.id !== ownId) {
    tape.onTrade(Number(partial.id), takerId, partial.price, result.partialQuantityProcessed);
  }
}

for await (const _line of createInterface({ input: process.stdin })) {
  tape.rewind();
  const book = new OrderBook();
  replay(book, 0, preload);
  // Of this thread alone: what the collector does beside it is not held against the peer.
  const start = process.threadCpuUsage();
  replay(book, preload, messages);
  const { user, system } = process.threadCpuUsage(start);
  const ns = (1e3 * (user + system)) / (messages - preload);
  process.stdout.write(`${ns} ${(tape.hash >>> 0).toString(16).padStart(8, '0')}\n`);
}
