/**
 * Our side of every timed replay: replays a workload file whenever a line comes in and answers
 * "nsPerMessage garbageCollections digest". A process of its own, so that the book meets one kind of sink
 * only, as in a simulation. Called as: node replay-child.js FILE trades|events|fills|hash
 *
 * MMS_BENCH_PLANT=15 makes it do 15 % more work: a second book handles so many of the messages again, within
 * the time that is taken. With it one sees that the bench notices a slower book.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { Book } from '../../src/core/book/book.js';
import { widenInlining } from '../../src/node/inlining.js';
import { applyMessages, BBO_HASH_START, EventMeter, EventTape, FillTape, TradeTape } from './replay.js';
import { LADDER_TICKS, readWorkload } from './workload.js';

widenInlining();

const { records, messages, preload, ids, target } = readWorkload(process.argv[2]!);
const sinks = { trades: TradeTape, events: EventMeter, fills: FillTape, hash: EventTape };
const Sink = sinks[process.argv[3] as keyof typeof sinks];
const options = { ticks: LADDER_TICKS, orders: 2 * target, ids };
const sink = new Sink();
const book = new Book(options, sink);
const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

const planted = Number(process.env['MMS_BENCH_PLANT'] ?? 0) / 100;
const plantedEnd = preload + Math.round(planted * (messages - preload));
const second = planted > 0 ? new Book(options, new Sink()) : null;

let collections = 0;
const observer = new PerformanceObserver((list) => void (collections += list.getEntries().length));
observer.observe({ entryTypes: ['gc'] });

for await (const _line of createInterface({ input: process.stdin })) {
  collections = 0;
  sink.rewind();
  book.reset();
  second?.reset();
  let bboHash = applyMessages(book, records, 0, preload, BBO_HASH_START);
  if (second) applyMessages(second, records, 0, preload, BBO_HASH_START);
  const start = process.threadCpuUsage();
  bboHash = applyMessages(book, records, preload, messages, bboHash);
  book.flush();
  if (second) applyMessages(second, records, preload, plantedEnd, BBO_HASH_START);
  const spent = process.threadCpuUsage(start);
  const ns = (1e3 * (spent.user + spent.system)) / (messages - preload);
  // Collections are reported from the event loop: one turn of it brings those of this pass.
  await new Promise(setImmediate);
  const reported = sink instanceof TradeTape ? hex(sink.hash) : `${sink.records}-${hex(sink.sum)}`;
  // Of other people's books the trades are known, and no more.
  const state = sink instanceof FillTape ? '' : `-${hex(bboHash)}-${book.stateHash()}`;
  process.stdout.write(`${ns} ${collections} ${reported}${state}\n`);
}
