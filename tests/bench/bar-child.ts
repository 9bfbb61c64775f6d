/**
 * Runs one case of bar-cases.ts whenever a line comes in and answers "nanoseconds of processor time per bar,
 * digest". Called as: node bar-child.js bars-dual-average|bars-macd|bars-rsi BARS
 */
import { createInterface } from 'node:readline';
import { widenInlining } from '../../src/node/inlining.js';
import { prepareBars } from './bar-cases.js';

/** A pass takes milliseconds: the quickest of some is what other work on the machine disturbed least. */
const PASSES = 8;

// As in the threads that compute.
widenInlining();
const rows = Number(process.argv[3]);
const prepared = prepareBars(process.argv[2]!, rows);

for await (const _line of createInterface({ input: process.stdin })) {
  let least = Infinity;
  for (let pass = 0; pass < PASSES; pass++) {
    const start = process.cpuUsage();
    prepared.run();
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, user + system);
  }
  process.stdout.write(`${(1e3 * least) / rows} ${prepared.digest()}\n`);
}
