/** A peer in the same bench: nodejs-order-book replays the same messages through its own calls. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { BUY } from '../../src/core/book/codes.js';
import { PEER_CASE } from './book-cases.js';
import type { BenchCase, PreparedCase } from './cases.js';
import { TradeTape } from './replay.js';
import { CANCEL, generateWorkload, MARKET, REPLACE, VARIANTS, WORDS } from './workload.js';

/** What this bench uses of the package. */
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

/** Folder, from the repository root, in which peers are installed apart from the project's own packages. */
const FOLDER = 'tests/bench/peers';

/** Installs the peers unless they are there; throws what npm throws when it cannot. */
export function installPeers(): void {
  if (existsSync(resolve(FOLDER, 'node_modules/nodejs-order-book'))) return;
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: FOLDER, stdio: 'inherit' });
}

/** The peer on the messages of PEER_CASE. Its digest is the trade hash, the first half of the case's own. */
export const peerCase: BenchCase = {
  name: 'nodejs-order-book 10.1.1',
  unit: 'messages',
  sizes: PEER_CASE.sizes,
  setup: (size) => prepare(size),
};

function prepare(messages: number): PreparedCase {
  const require = createRequire(resolve(FOLDER, 'package.json'));
  const { OrderBook } = require('nodejs-order-book') as { OrderBook: new () => PeerBook };
  const workload = generateWorkload({ ...VARIANTS.base, messages });
  const { records, preload } = workload;
  // The package wants text ids: they are made beforehand, in its favour.
  const names = Array.from({ length: workload.ids }, (_, id) => String(id));
  const tape = new TradeTape();
  let book = new OrderBook();
  return {
    count: workload.messages - preload,
    before: () => {
      tape.rewind();
      book = new OrderBook();
      replay(book, tape, names, records, 0, preload);
    },
    run: () => {
      replay(book, tape, names, records, preload, workload.messages);
      return (tape.hash >>> 0).toString(16).padStart(8, '0');
    },
  };
}

function replay(
  book: PeerBook,
  tape: TradeTape,
  names: readonly string[],
  records: Int32Array,
  from: number,
  to: number,
): void {
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
    report(result, id, takerId, tape);
  }
}

/** Tells the tape the trades that a result of the peer implies: makers filled in full, then one in part. */
function report(result: PeerResult, ownId: string, takerId: number, tape: TradeTape): void {
  if (result.err !== null) throw new Error(`the peer refused order ${ownId}: ${String(result.err)}`);
  for (const order of result.done) {
    if (order.id !== ownId) tape.onTrade(Number(order.id), takerId, order.price, order.size);
  }
  const { partial } = result;
  if (partial !== null && partial.id !== ownId) {
    tape.onTrade(Number(partial.id), takerId, partial.price, result.partialQuantityProcessed);
  }
}
