/**
 * How long an order waits whose price lies outside a ladder of 65,536 levels, for every line that comes in:
 * answers "moveNs growNs worstNs digest", medians of a re-centring and of a doubling and the longest of all,
 * over TRIALS books that hold what a workload file builds up. Called as: node ladder-child.js FILE
 */
import { createInterface } from 'node:readline';
import { Book } from '../../src/core/book/book.js';
import { SELL, TIF_GTC } from '../../src/core/book/codes.js';
import { widenInlining } from '../../src/node/inlining.js';
import { median } from './measure.js';
import { applyMessages, BBO_HASH_START, EventMeter } from './replay.js';
import { LADDER_TICKS, readWorkload, WORDS } from './workload.js';

widenInlining();

const TRIALS = 40;
const { records, preload, ids, target } = readWorkload(process.argv[2]!);
/**
 * Orders about the middle, and the same ones near the upper end: there a little more only moves the ladder.
 */
const middle = records.subarray(0, preload * WORDS);
const high = middle.slice();
for (let i = 0; i < preload; i++) high[i * WORDS + 2]! += LADDER_TICKS / 2 - 8_000;

/** Nanoseconds that an order just above the ladder takes, and the hash of the book that holds it. */
function trial(build: Int32Array): { ns: number; hash: number } {
  const book = new Book({ ticks: LADDER_TICKS, orders: 2 * target, ids: ids + 1 }, new EventMeter());
  applyMessages(book, build, 0, preload, BBO_HASH_START);
  const startMs = performance.now();
  const code = book.limit(ids, SELL, LADDER_TICKS, 1, TIF_GTC);
  const ns = 1e6 * (performance.now() - startMs);
  if (code !== 0) throw new Error(`the order outside the ladder was refused with ${code}`);
  return { ns, hash: book.stateHash() };
}

for await (const _line of createInterface({ input: process.stdin })) {
  const runs = Array.from({ length: TRIALS }, () => [trial(high), trial(middle)] as const);
  const [moved, grown] = [runs.map(([a]) => a.ns), runs.map(([, b]) => b.ns)];
  const longest = Math.max(...moved, ...grown);
  const digest = runs[0]!.map(({ hash }) => hash).join('-');
  process.stdout.write(`${median(moved)} ${median(grown)} ${longest} ${digest}\n`);
}
