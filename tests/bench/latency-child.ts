/**
 * How long single operations take: replays a workload file with full events whenever a line comes in, a
 * clock reading between any two messages, and answers "p50Ns p99Ns p999Ns longestNs digest". What the clock
 * itself takes (the median of two readings in a row) is subtracted. Called as: node latency-child.js FILE
 *
 * The events are read after every DRAIN_MESSAGES messages, between two operations: the reader's time is not
 * the book's, so the percentiles leave it out; the longest pause counts it. The clock is that on the wall:
 * pauses of the machine count too, as they do for a user.
 */
import { createInterface } from 'node:readline';
import { Book } from '../../src/core/book/book.js';
import { widenInlining } from '../../src/node/inlining.js';
import { applyMessages, BBO_HASH_START, EventMeter } from './replay.js';
import { LADDER_TICKS, readWorkload } from './workload.js';

widenInlining();

const { records, messages, preload, ids, target } = readWorkload(process.argv[2]!);
const sink = new EventMeter();
const book = new Book({ ticks: LADDER_TICKS, orders: 2 * target, ids }, sink);
/** So few that the event buffer (512 records) is seldom full before. */
const DRAIN_MESSAGES = 256;
const timed = messages - preload;
const stampsMs = new Float64Array(timed + 1 + Math.floor(timed / DRAIN_MESSAGES));
const takenNs = new Int32Array(stampsMs.length);

/**
 * Reads the clock. It returns nothing, because a double that is returned may be boxed: garbage, hence
 * pauses.
 */
function stamp(i: number): void {
  stampsMs[i] = performance.now();
}

/** Nanoseconds between two readings with nothing between them. */
function clockCostNs(): number {
  const readings = 100_000;
  for (let i = 0; i <= readings; i++) stamp(i);
  for (let i = 0; i < readings; i++) takenNs[i] = gapNs(i);
  return takenNs.subarray(0, readings).sort()[readings >> 1]!;
}

function gapNs(i: number): number {
  return 1e6 * (stampsMs[i + 1]! - stampsMs[i]!);
}

/** Replays all; returns the hash of the best prices. */
function replay(): number {
  let hash = applyMessages(book, records, 0, preload, BBO_HASH_START);
  book.flush();
  stamp(0);
  for (let i = 0, stamps = 1; i < timed; i++) {
    hash = applyMessages(book, records, preload + i, preload + i + 1, hash);
    stamp(stamps++);
    if ((i + 1) % DRAIN_MESSAGES !== 0) continue;
    book.flush();
    stamp(stamps++);
  }
  book.flush();
  return hash;
}

for await (const _line of createInterface({ input: process.stdin })) {
  sink.rewind();
  book.reset();
  const costNs = clockCostNs();
  const bboHash = replay();
  let longestNs = 0;
  let operations = 0;
  for (let i = 0; i < stampsMs.length - 1; i++) {
    const ns = gapNs(i);
    longestNs = Math.max(longestNs, ns);
    if (i % (DRAIN_MESSAGES + 1) !== DRAIN_MESSAGES) takenNs[operations++] = ns;
  }
  takenNs.subarray(0, operations).sort();
  const at = [0.5, 0.99, 0.999].map((part) => takenNs[Math.ceil(part * operations) - 1]!);
  const answer = [...at, longestNs].map((ns) => Math.max(0, Math.round(ns - costNs)));
  const digest = `${sink.records}-${sink.sum >>> 0}-${bboHash >>> 0}-${book.stateHash()}`;
  process.stdout.write(`${answer.join(' ')} ${digest}\n`);
}
