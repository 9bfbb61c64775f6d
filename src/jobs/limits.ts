/** Refuses a job that is larger than the operator allows, before anything is allocated for it. */
import type { Cost, Kind } from '../contract/kind.js';
import { MmsError, type ProblemFault } from '../contract/problem.js';
import { formatNumber } from './words.js';

export interface Limits {
  /** Jobs that may be queued and running together. */
  readonly maxQueuedJobs: number;
  /** Core seconds that one job may be estimated to take. */
  readonly maxJobCoreS: number;
  /** Bytes of one result. */
  readonly maxResultBytes: number;
  /** Bytes that one chunk may take inside a thread. */
  readonly maxThreadBytes: number;
  /** Units of one job. */
  readonly maxUnits: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxQueuedJobs: 10_000,
  maxJobCoreS: 3_600,
  maxResultBytes: 256 * 1024 * 1024,
  maxThreadBytes: 512 * 1024 * 1024,
  maxUnits: 10_000_000,
};

/** A job's size, from a spec that passed checkSpec. */
export interface JobSize {
  readonly units: number;
  readonly nsPerUnit: number;
  readonly cost: Cost;
}

/** Holds a job's estimate against the limits; E_COST tells estimate, limit and the largest allowed. */
export function checkCost<Spec>(kind: Kind<Spec>, spec: Spec, limits: Limits): JobSize {
  const units = kind.units(spec);
  const cost = kind.cost(spec);
  const nsPerUnit = cost.stepsPerUnit * cost.nsPerStep;
  const faults: ProblemFault[] = [];
  const hold = (what: string, estimate: number, limit: number, unitsAllowed: number) => {
    // A NaN estimate must not pass: the comparison is written so that it fails.
    if (estimate <= limit) return;
    const allowed = Math.min(Math.floor(unitsAllowed), limits.maxUnits);
    const advice =
      allowed >= 1 && allowed < units
        ? `The largest job of this size per unit has ${formatNumber(allowed)} units; this one has ${formatNumber(units)}.`
        : `Make each unit at least ${formatNumber(Math.ceil((estimate / limit) * 10) / 10)} times smaller.`;
    const message = `Expected at most ${round(limit)} ${what}; the estimate is ${round(estimate)}. ${advice}`;
    faults.push({ pointer: '/spec', message });
  };
  hold('units', units >= 1 ? units : NaN, limits.maxUnits, limits.maxUnits);
  hold('core seconds', (units * nsPerUnit) / 1e9, limits.maxJobCoreS, (limits.maxJobCoreS * 1e9) / nsPerUnit);
  const bytesPerUnit = cost.resultBytes / units;
  hold('bytes of result', cost.resultBytes, limits.maxResultBytes, limits.maxResultBytes / bytesPerUnit);
  hold('bytes in a thread', cost.threadBytes, limits.maxThreadBytes, 0);
  if (faults.length > 0) throw new MmsError('E_COST', `${kind.name}: ${faults[0]!.message}`, faults);
  return { units, nsPerUnit, cost };
}

/** Three significant digits are all that an estimate deserves. */
function round(value: number): string {
  return Number.isFinite(value) ? formatNumber(Number(value.toPrecision(3))) : String(value);
}
