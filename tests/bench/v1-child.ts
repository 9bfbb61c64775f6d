/**
 * The table V1 of the proof, for every line that comes in: answers "ns digest", processor time of a step of
 * a run.
 */
import { createInterface } from 'node:readline';
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { runTask, tasksOf } from '../../src/core/proof/proof.js';
import { Sheet } from '../../src/core/proof/sheet.js';

const STEPS = 11_000 * 200;
const tasks = tasksOf(['V1']);
const control = new Int32Array(CONTROL_SLOTS);

for await (const _line of createInterface({ input: process.stdin })) {
  const start = process.cpuUsage();
  const sheet = new Sheet();
  for (const task of tasks) runTask(task, 1, control, sheet);
  const { user, system } = process.cpuUsage(start);
  const sum = sheet.got.reduce((a, b) => a + b, 0);
  process.stdout.write(`${(1e3 * (user + system)) / (STEPS * tasks.length)} ${sum}\n`);
}
