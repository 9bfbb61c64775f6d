/**
 * Our side of the comparison with C++: replays one workload file whenever a line comes in and answers
 * with its time. A process of its own, so that the book meets one kind of sink only, as in a simulation.
 * Called as: node native-child.js FILE trades|events|hash
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Book } from '../../src/core/book/book.js';
import { widenInlining } from '../../src/node/inlining.js';
import { applyMessages, BBO_HASH_START, EventMeter, EventTape, TradeTape } from './replay.js';
import { LADDER_TICKS } from './workload.js';

widenInlining();
const bytes = readFileSync(process.argv[2]!);
const head = new Uint32Array(bytes.buffer, bytes.byteOffset, 16);
const [messages, preload, ids, target] = [head[2]!, head[3]!, head[4]!, head[8]!];
const records = new Int32Array(bytes.buffer, bytes.byteOffset + 64, 4 * messages);
const sinks = { trades: TradeTape, events: EventMeter, hash: EventTape };
const sink = new sinks[process.argv[3] as keyof typeof sinks]();
const book = new Book({ ticks: LADDER_TICKS, orders: 2 * target, ids }, sink);
const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

for await (const _line of createInterface({ input: process.stdin })) {
  sink.rewind();
  book.reset();
  let bboHash = applyMessages(book, records, 0, preload, BBO_HASH_START);
  const start = process.cpuUsage().user;
  bboHash = applyMessages(book, records, preload, messages, bboHash);
  book.flush();
  const ns = (1e3 * (process.cpuUsage().user - start)) / (messages - preload);
  const digest = sink instanceof TradeTape ? hex(sink.hash) : `${sink.records}-${hex(sink.sum)}`;
  process.stdout.write(`${ns} ${digest}-${hex(bboHash)}-${book.stateHash()}\n`);
}
