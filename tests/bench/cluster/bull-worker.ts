/**
 * The peer's worker, a process of its own as its users run it: takes walks from the queue and returns their
 * numbers. Called as: node bull-worker.js PORT CONCURRENCY.
 */
import { openPeer, type WalkData } from './bull-package.js';
import { walkRange } from './kernel.js';

const [port, concurrency] = process.argv.slice(2).map(Number);

/** One walk: its four numbers. A range: its columns one after the other, packed as base64. */
async function compute({ data: { seed, steps, from, to } }: { data: WalkData }): Promise<unknown> {
  const columns = walkRange(seed, steps, from, to);
  if (to - from === 1) return columns.map(([value]) => value);
  return Buffer.concat(columns.map(({ buffer }) => Buffer.from(buffer as ArrayBuffer))).toString('base64');
}

const worker = new (openPeer().Worker)('walks', compute, {
  connection: { host: '127.0.0.1', port: port!, maxRetriesPerRequest: null },
  concurrency: concurrency!,
});
await worker.waitUntilReady();
process.stdout.write('ready\n');
process.stdin.resume().once('end', () => process.exit(0));
