/** What a thread runs for kind `chaos`. */
import { appendFileSync, mkdirSync } from 'node:fs';
import type { Table } from '../../../src/contract/columns.js';
import type { ChunkTask } from '../../../src/contract/kind.js';
import { CONTROL_CANCEL, CONTROL_PROGRESS } from '../../../src/core/control.js';
import { rowsOf, type ChaosSpec } from './spec.js';

/** A sleeping kernel looks at its cancel flag this often. */
const POLL_MS = 5;
const clock = new Int32Array(new SharedArrayBuffer(4));

export function run({ spec, seed, from, to, control }: ChunkTask<ChaosSpec>): Table[] | null {
  note(spec, 'start', seed, from, to);
  const wrong = spec.atUnit >= from && spec.atUnit < to && due(spec, seed);
  const endMs = performance.now() + spec.unitMs * (to - from);
  for (let leftMs = endMs - performance.now(); leftMs > 0; leftMs = endMs - performance.now()) {
    if (Atomics.load(control, CONTROL_CANCEL)) return null;
    Atomics.store(control, CONTROL_PROGRESS, Math.floor(10_000 * (1 - leftMs / (spec.unitMs * (to - from)))));
    Atomics.wait(clock, 0, 0, Math.min(POLL_MS, leftMs));
  }
  const table = rowsOf(spec, seed, from, to);
  if (wrong) goWrong(spec, table);
  note(spec, 'end', seed, from, to);
  return spec.act === 'shape' && wrong ? [] : [table];
}

function note({ log }: ChaosSpec, what: string, seed: number, from: number, to: number): void {
  if (log !== '') appendFileSync(log, `${what} ${seed} ${from} ${to} ${process.pid} ${Date.now()}\n`);
}

/** True while the act has not happened as often as it should; each call is one time. */
function due({ act, times, marks }: ChaosSpec, seed: number): boolean {
  if (act === 'none') return false;
  for (let time = 0; time < times; time++) {
    try {
      mkdirSync(`${marks}/${seed}-${time}`);
      return true;
    } catch {
      continue;
    }
  }
  return times === 0;
}

function goWrong({ act }: ChaosSpec, table: Table): void {
  const value = table.columns[1] as Float64Array;
  switch (act) {
    case 'none':
    case 'shape':
      return;
    case 'throw':
      throw new Error('no such level in /home/somebody/secret/file.ts\nsecond line');
    case 'nan':
      value[0] = NaN;
      return;
    case 'infinity':
      value[0] = 1e308 * 10;
      return;
    case 'exit':
      return process.exit(3);
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      for (;;);
    case 'loop':
      for (;;);
    default:
      return eat(act);
  }
}

/** Five ways to use up all memory. */
function eat(act: 'oom-array' | 'oom-push' | 'oom-strings' | 'oom-objects' | 'oom-typed'): void {
  const kept: unknown[] = [];
  for (let i = 0; ; i++) {
    if (act === 'oom-array') kept.push(new Array(3e7).fill(i));
    else if (act === 'oom-push') kept.push(i);
    else if (act === 'oom-strings') kept.push(`${i}`.repeat(3e4).split('').join('-'));
    else if (act === 'oom-objects') kept.push({ i, inside: { i, list: [i, i, i] } });
    else kept.push(new Float64Array(2 ** 24));
  }
}
