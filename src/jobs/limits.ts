/** Refuses a job that is larger than the operator allows, before anything is allocated for it. */
import type { Cost, Kind } from '../contract/kind.js';
import { MmsError, type ProblemFault } from '../contract/problem.js';
import { formatNumber } from './words.js';

export interface Limits {
  /** Jobs that may be queued and running together. */
  readonly maxQueuedJobs: number;
  /** Share of those, 0..1, that one client may take. */
  readonly maxClientShare: number;
  /** Core seconds that one job may be estimated to take. */
  readonly maxJobCoreS: number;
  /** Bytes of one result. */
  readonly maxResultBytes: number;
  /** Bytes that one chunk may take inside a thread. */
  readonly maxThreadBytes: number;
  /** Units of one job. */
  readonly maxUnits: number;
  /** Seconds that a chunk may compute beyond OVERRUN_FACTOR times its estimate. */
  readonly overrunS: number;
}

/** An estimate is held to be right within this factor, also on a machine that is busy with other things. */
const OVERRUN_FACTOR = 10;

export const DEFAULT_LIMITS: Limits = {
  maxQueuedJobs: 10_000,
  maxClientShare: 0.9,
  maxJobCoreS: 3_600,
  maxResultBytes: 256 * 1024 * 1024,
  maxThreadBytes: 512 * 1024 * 1024,
  maxUnits: 10_000_000,
  overrunS: 60,
};

/** Milliseconds after which a chunk of this estimate counts as one that never ends. */
export function chunkLimitMs(costNs: number, { overrunS }: Limits): number {
  return (OVERRUN_FACTOR * costNs) / 1e6 + 1e3 * overrunS;
}

/** A job's size, from a spec that passed checkSpec. */
export interface JobSize {
  readonly units: number;
  readonly nsPerUnit: number;
  readonly cost: Cost;
}

/** Holds a job's estimate against the limits; E_COST tells estimate, limit and the largest allowed. */
export function checkCost<Spec>(kind: Kind<Spec>, spec: Spec, limits: Limits): JobSize {
  const size = sizeOf(kind, spec);
  const over = excessesOf(size, limits);
  if (over.length > 0) {
    const faults = over.map((excess): ProblemFault => {
      const { what, estimate, limit } = excess;
      const message = `Expected at most ${round(limit)} ${what}; the estimate is ${round(estimate)}.`;
      const { pointer, advice } = advise(kind, spec, size, excess, limits);
      return { pointer, message: `${message} ${advice}` };
    });
    throw new MmsError('E_COST', `${kind.name}: ${faults[0]!.message}`, faults);
  }
  return size;
}

function sizeOf<Spec>(kind: Kind<Spec>, spec: Spec): JobSize {
  const cost = kind.cost(spec);
  return { units: kind.units(spec), nsPerUnit: cost.stepsPerUnit * cost.nsPerStep, cost };
}

interface Excess {
  readonly what: string;
  readonly estimate: number;
  readonly limit: number;
  /** Units of this size that would be allowed; 0 where fewer units do not help. */
  readonly unitsAllowed: number;
}

function excessesOf({ units, nsPerUnit, cost }: JobSize, limits: Limits): Excess[] {
  const { maxUnits, maxJobCoreS, maxResultBytes, maxThreadBytes } = limits;
  const coreS = (units * nsPerUnit) / 1e9;
  const perUnit = cost.resultBytes / units;
  const all: readonly (readonly [string, number, number, number])[] = [
    ['units', units >= 1 ? units : NaN, maxUnits, maxUnits],
    ['core seconds', coreS, maxJobCoreS, (maxJobCoreS * 1e9) / nsPerUnit],
    ['bytes of result', cost.resultBytes, maxResultBytes, maxResultBytes / perUnit],
    ['bytes in a thread', cost.threadBytes, maxThreadBytes, 0],
  ];
  return (
    all
      .map(([what, estimate, limit, unitsAllowed]) => ({ what, estimate, limit, unitsAllowed }))
      // A NaN estimate must not pass: the comparison is written so that it fails.
      .filter(({ estimate, limit }) => !(estimate <= limit))
  );
}

/** What would be allowed: the largest value of the field that sizes the job, or else the units. */
function advise<Spec>(
  kind: Kind<Spec>,
  spec: Spec,
  { units }: JobSize,
  { estimate, limit, unitsAllowed }: Excess,
  limits: Limits,
): { pointer: string; advice: string } {
  const field = kind.sizeField;
  const largest = field === undefined ? 0 : largestOf(kind, spec, field, limits);
  if (largest >= 1) {
    const came = formatNumber(Number(spec[field!]));
    const advice = `The largest ${field!} allowed is ${formatNumber(largest)}; this job has ${came}.`;
    return { pointer: `/spec/${field!}`, advice };
  }
  const allowed = Math.min(Math.floor(unitsAllowed), limits.maxUnits);
  const advice =
    allowed >= 1 && allowed < units
      ? `The largest job of this size per unit has ${formatNumber(allowed)} units; this one has ${formatNumber(units)}.`
      : `Make each unit at least ${formatNumber(Math.ceil((estimate / limit) * 10) / 10)} times smaller.`;
  return { pointer: '/spec', advice };
}

/**
 * The largest value of an integer field, below that of the spec, with which the job passes; 0 without one.
 */
function largestOf<Spec>(kind: Kind<Spec>, spec: Spec, field: keyof Spec, limits: Limits): number {
  let low = 0;
  let high = Number(spec[field]);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (excessesOf(sizeOf(kind, { ...spec, [field]: middle }), limits).length === 0) low = middle;
    else high = middle;
  }
  return low;
}

/** Three significant digits are all that an estimate deserves. */
function round(value: number): string {
  return Number.isFinite(value) ? formatNumber(Number(value.toPrecision(3))) : String(value);
}
