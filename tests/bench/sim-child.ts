/**
 * Our side of the comparison of whole simulations with C++: runs one case whenever a line comes in and
 * answers "nanoseconds of processor time per event, digest". A process of its own, so that the loop meets
 * one strategy only, as in a job. Called as: node sim-child.js sim-fixed|sim-adaptive SIZE
 */
import { createInterface } from 'node:readline';
import { widenInlining } from '../../src/node/inlining.js';
import { PreparedSimulation } from './sim-cases.js';

// As in the threads that compute.
widenInlining();
const prepared = new PreparedSimulation(process.argv[2]!, Number(process.argv[3]));

for await (const _line of createInterface({ input: process.stdin })) {
  const start = process.cpuUsage();
  const simulation = prepared.run();
  const { user, system } = process.cpuUsage(start);
  const ns = (1e3 * (user + system)) / simulation.events;
  process.stdout.write(`${ns} ${prepared.wholeDigest(simulation)}\n`);
}
