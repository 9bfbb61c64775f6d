/**
 * Runs one case of flow-cases.ts whenever a line comes in and answers "nanoseconds of processor time per
 * event, events per simulated second, digest". A process of its own, so that the loop meets one order flow
 * only, as in a job. Called as: node flow-child.js CASE SIZE
 */
import { createInterface } from 'node:readline';
import { widenInlining } from '../../src/node/inlining.js';
import { prepareFlow } from './flow-cases.js';

// As in the threads that compute.
widenInlining();
const size = Number(process.argv[3]);
const prepared = prepareFlow(process.argv[2]!, size);

for await (const _line of createInterface({ input: process.stdin })) {
  const start = process.cpuUsage();
  const digest = prepared.run();
  const { user, system } = process.cpuUsage(start);
  const perS = size / (prepared.elapsedNs() * 1e-9);
  process.stdout.write(`${(1e3 * (user + system)) / size} ${perS} ${digest}\n`);
}
