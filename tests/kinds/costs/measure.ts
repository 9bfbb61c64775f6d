/**
 * What a spec costs when it runs, in the nanoseconds of the reference machine: the time of the processor, the
 * least of several runs, each beside a reference loop, so that a slow or busy machine changes both.
 */
import { memoryUsage } from 'node:process';
import type { Table } from '../../../src/contract/columns.js';
import type { Cost, Kind, Run } from '../../../src/contract/kind.js';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import { resultTables } from '../../../src/wire/settle.js';
import { REFERENCE_NS, referenceLoop } from './reference.js';

export interface Variant {
  readonly kind: string;
  readonly name: string;
  readonly spec: unknown;
  readonly seed?: number;
}

export interface Loaded {
  readonly kind: Kind;
  readonly run: Run;
}

export interface Measured {
  readonly cost: Cost;
  readonly units: number;
  readonly estimatedNs: number;
  readonly measuredNs: number;
  /** Of all columns of the result. */
  readonly resultBytes: number;
  /** Bytes outside of the heap that the run's arrays took at most, as far as it left them uncollected. */
  readonly threadBytes: number;
}

/** Runs until this much time has been spent, at least MIN_RUNS and at most MAX_RUNS times. */
const MIN_RUNS = 3;
const MAX_RUNS = 8;
const SPEND_NS = 100e6;
/** Until then code is compiled; a service's threads are warm nearly always. */
const WARM_UP_NS = 150e6;

const cpuNs = (): number => {
  const { user, system } = process.cpuUsage();
  return 1e3 * (user + system);
};

const gc = (globalThis as { gc?: () => void }).gc ?? (() => {});

/** The whole job in one chunk. Throws when it stops of itself. */
export function measure({ kind, run }: Loaded, { spec: given, seed = 1 }: Variant): Measured {
  const spec = checkSpec(kind, given);
  const units = kind.units(spec);
  const cost = kind.cost(spec);
  const once = (): Table[] => {
    const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SLOTS));
    const tables = run({ spec, seed, from: 0, to: units, inputs: {}, control });
    if (tables === null) throw new Error(`${kind.name} stopped of itself`);
    return tables;
  };
  gc();
  const before = memoryUsage().arrayBuffers;
  let tables = once();
  const threadBytes = memoryUsage().arrayBuffers - before;
  for (const from = cpuNs(); cpuNs() - from < WARM_UP_NS;) tables = once();
  let best = Infinity;
  let spent = 0;
  for (let runs = 0; runs < MAX_RUNS && (runs < MIN_RUNS || spent < SPEND_NS); runs++) {
    const reference = referenceLoop();
    const start = cpuNs();
    tables = once();
    const took = cpuNs() - start;
    spent += took;
    best = Math.min(best, (took / reference) * REFERENCE_NS);
  }
  const result = resultTables(kind, spec, [tables]);
  const resultBytes = result
    .flatMap(({ columns }) => columns)
    .reduce((sum, column) => sum + column.byteLength, 0);
  return {
    cost,
    units,
    estimatedNs: units * cost.stepsPerUnit * cost.nsPerStep,
    measuredNs: best,
    resultBytes,
    threadBytes,
  };
}
