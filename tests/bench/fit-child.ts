/**
 * Runs one case of fit-cases.ts whenever a line comes in and answers "nanoseconds of processor time per unit,
 * the maximum found, digest". Called as: node fit-child.js hawkes-likelihood|hawkes-fit|intensity-fit SIZE
 */
import { createInterface } from 'node:readline';
import { widenInlining } from '../../src/node/inlining.js';
import { prepareFitCase } from './fit-cases.js';

// As in the threads that compute.
widenInlining();
const run = prepareFitCase(process.argv[2]!, Number(process.argv[3]));

for await (const _line of createInterface({ input: process.stdin })) {
  // Short work is repeated: the clock of processor time is coarse.
  const start = process.cpuUsage();
  let units = 0;
  let pass = run();
  for (units = pass.units; process.cpuUsage(start).user < 50_000; units += pass.units) pass = run();
  const { user, system } = process.cpuUsage(start);
  process.stdout.write(`${(1e3 * (user + system)) / units} ${pass.value} ${pass.digest}\n`);
}
