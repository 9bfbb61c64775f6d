/**
 * Prices the Asian call of asian-cases.ts whenever a line comes in and answers "plain error over ours, the
 * same with the control, cost of a path over a plain one, price". Called as: node asian-child.js
 */
import { createInterface } from 'node:readline';
import { widenInlining } from '../../src/node/inlining.js';
import { asianErrors } from './asian-cases.js';

// As in the threads that compute.
widenInlining();

for await (const _line of createInterface({ input: process.stdin })) {
  const { sobol, controlled, cost, price } = asianErrors();
  process.stdout.write(`${sobol} ${controlled} ${cost} ${price.toFixed(9)}\n`);
}
