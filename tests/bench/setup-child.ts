/**
 * How much of a small market-making job is set-up, for every line that comes in: answers "share jobNs
 * digest", the time of a job of no length (nothing but set-up) over that of one of some 5,000 events,
 * medians of TRIALS of each in turn, as a thread runs them. Called as: node setup-child.js
 */
import { createInterface } from 'node:readline';
import type { Table } from '../../src/contract/columns.js';
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import { digestTables } from '../../src/wire/digest.js';
import kind from '../../src/kinds/market-making/index.js';
import { run } from '../../src/kinds/market-making/run.js';
import { widenInlining } from '../../src/node/inlining.js';
import { median } from './measure.js';

widenInlining();

const TRIALS = 200;
/** The market of Sky Perfect's rates has about 58 events a second, the trader's own among them. */
const EVENTS_S = 5_000 / 58;
/** Times of a job are above nought. */
const NO_TIME_S = 1e-6;

const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SLOTS));
const jobOf = (durationS: number, warmupS: number): (() => Table[]) => {
  const spec = checkSpec(kind, {
    market: { type: 'cont-stoikov-talreja', durationS, warmupS },
    strategy: { type: 'adaptive', intensity: 'given' },
    runs: 1,
    seriesPoints: 2,
  });
  return () => run({ spec, seed: 1, from: 0, to: 1, inputs: {}, control })!;
};
const [empty, whole] = [jobOf(NO_TIME_S, 0), jobOf(EVENTS_S, 60)];

function timeNs(job: () => Table[]): number {
  const startMs = performance.now();
  job();
  return 1e6 * (performance.now() - startMs);
}

for await (const _line of createInterface({ input: process.stdin })) {
  const times = Array.from({ length: TRIALS }, () => [timeNs(empty), timeNs(whole)] as const);
  const [emptyNs, wholeNs] = [median(times.map(([ns]) => ns)), median(times.map(([, ns]) => ns))];
  process.stdout.write(`${emptyNs / wholeNs} ${wholeNs} ${digestTables(kind.tables, whole())}\n`);
}
