/**
 * How long an order waits that the book's window of 65,536 levels must follow, for every line that comes in:
 * answers "leaveNs returnNs worstNs digest", medians of a move that all orders of the book leave and of the
 * move that brings them back, and the longest of all, over TRIALS books. Each holds the buy orders that a
 * workload file builds up, twice: as many orders as the file has on both sides.
 * Called as: node ladder-child.js FILE
 */
import { createInterface } from 'node:readline';
import { Book } from '../../src/core/book/book.js';
import { BUY, MAX_LEVEL_LOTS, TIF_GTC } from '../../src/core/book/codes.js';
import { widenInlining } from '../../src/node/inlining.js';
import { median } from './measure.js';
import { applyMessages, BBO_HASH_START, EventMeter } from './replay.js';
import { LADDER_TICKS, readWorkload, WORDS } from './workload.js';

widenInlining();

const TRIALS = 40;
/** A hundred windows above all prices of the file. */
const FAR_TICKS = 100 * LADDER_TICKS;
const { records, preload, ids, target } = readWorkload(process.argv[2]!);
const build = records.subarray(0, preload * WORDS);
/** The same orders again under other ids. */
const again = build.map((word, at) => (at % WORDS === 1 ? word + ids : word));
const [SWEEPER, FAR, NEAR] = [2 * ids, 2 * ids + 1, 2 * ids + 2];

/** Nanoseconds that an order waits. */
function timedBuy(book: Book, id: number, priceTicks: number): number {
  const startMs = performance.now();
  const code = book.limit(id, BUY, priceTicks, 1, TIF_GTC);
  const ns = 1e6 * (performance.now() - startMs);
  if (code !== 0) throw new Error(`the order at ${priceTicks} was refused with ${code}`);
  return ns;
}

/** Nanoseconds of both moves, and the hash of the book in the end. */
function trial(): { leaveNs: number; returnNs: number; hash: number } {
  const book = new Book({ ticks: LADDER_TICKS, orders: 2 * target, ids: 2 * ids + 3 }, new EventMeter());
  for (const messages of [build, again]) applyMessages(book, messages, 0, preload, BBO_HASH_START);
  book.market(SWEEPER, BUY, MAX_LEVEL_LOTS);
  const bestTicks = book.bestBidTicks;
  const leaveNs = timedBuy(book, FAR, FAR_TICKS);
  book.cancel(FAR);
  return { leaveNs, returnNs: timedBuy(book, NEAR, bestTicks + 1), hash: book.stateHash() };
}

for await (const _line of createInterface({ input: process.stdin })) {
  const runs = Array.from({ length: TRIALS }, trial);
  const [left, back] = [runs.map(({ leaveNs }) => leaveNs), runs.map(({ returnNs }) => returnNs)];
  const longest = Math.max(...left, ...back);
  process.stdout.write(`${median(left)} ${median(back)} ${longest} ${runs[0]!.hash}\n`);
}
