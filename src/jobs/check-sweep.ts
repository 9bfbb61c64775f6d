/**
 * Judges a sweep's request: a plan with defaults comes back, or a clear fault for each wrong field and
 * axis.
 */
import { gridPoints, rangeFault, type AxisRange } from '../core/sweep/axis.js';
import { gridCells, type SweepAxisPlan } from '../core/sweep/design.js';
import { pathFault, SEED_AXIS, specWith, stepsOf } from '../core/sweep/spec-values.js';
import type { Kind } from '../contract/kind.js';
import type { Kinds } from '../contract/ports.js';
import { MmsError, type ProblemFault } from '../contract/problem.js';
import {
  MAX_SWEEP_CELLS,
  MAX_SWEEP_JOBS,
  type SubmitSweepRequest,
  type SweepPlan,
  type SweepRequest,
} from '../contract/sweep.js';
import { SWEEP_SCHEMA } from '../contract/sweep-schema.js';
import { checkSpec, DEFAULT_SEED } from './check-spec.js';
import { canonicalJson } from './key.js';
import { DEFAULT_PRIORITY } from './question.js';
import { formatNumber, showValue } from './words.js';

/** Values of one axis that are judged before the start; a later one that is refused fails its own cells. */
const JUDGED_VALUES = 1_000;
/** Variants of an axis above another one that are tried for it. */
const JUDGED_VARIANTS = 16;

type Design = SweepPlan['design'];
interface Range extends AxisRange {
  readonly n?: number;
}

/**
 * The plan of a request whose named markets and instruments were put in already. Throws MmsError E_SPEC with
 * pointers such as /axes/strategy.gamma, and E_KIND. The base alone must be sound; so must each value of each
 * axis in it (the first JUDGED_VALUES), beside any variant that another axis chooses. Combinations are not
 * tried: a cell that is refused for one fails alone.
 */
export async function checkSweep(request: SubmitSweepRequest, kinds: Kinds): Promise<SweepPlan> {
  const { kind: name, spec, seed, axes, design, cells, repeats, ...rest } = judged(request);
  const kind = await kinds.get(name);
  const base = checkSpec(kind, spec ?? {});
  const plans = Object.entries(axes).map(([path, axis]) => planAxis(path, axis, design, base));
  const faults = plans.flatMap((plan) => ('message' in plan ? [plan] : []));
  if (faults.length === 0) faults.push(...countFaults(design, cells));
  if (faults.length > 0) throw refusal(faults);
  const planned = plans as SweepAxisPlan[];
  const count = design === 'grid' ? gridCells(planned) : cells!;
  checkSize(count, repeats);
  checkValues(kind, base, planned);
  const { metric, commonRandomNumbers, priority = DEFAULT_PRIORITY } = rest;
  return {
    kind: kind.name,
    spec: base,
    seed: seed ?? DEFAULT_SEED,
    design,
    axes: planned,
    cells: count,
    repeats,
    commonRandomNumbers,
    metric: metric ? { sense: 'max', ...metric } : (kind.score ?? { name: null, sense: 'max' }),
    name: rest.name ?? null,
    priority,
  };
}

type Judged = SweepRequest & Required<Pick<SweepRequest, 'design' | 'repeats' | 'commonRandomNumbers'>>;

/** By the schema of the request, defaults filled in; its pointers begin at the request. */
function judged(request: SubmitSweepRequest): Judged {
  const { client: _client, idempotencyKey: _key, requestHash: _hash, ...asked } = request;
  const own = { name: 'sweep', schema: SWEEP_SCHEMA } as unknown as Kind;
  try {
    return checkSpec(own, asked) as Judged;
  } catch (error) {
    if (!(error instanceof MmsError) || !error.problem.errors) throw error;
    throw refusal(
      error.problem.errors.map((fault) => ({ ...fault, pointer: fault.pointer.replace('/spec', '') })),
    );
  }
}

function planAxis(
  path: string,
  axis: SweepRequest['axes'][string],
  design: Design,
  base: unknown,
): SweepAxisPlan | ProblemFault {
  const fault = (message: string): ProblemFault => ({
    pointer: pointerOf(path),
    message: `Expected ${message}`,
  });
  const misplaced = path === SEED_AXIS ? null : pathFault(base, path);
  if (misplaced !== null) return fault(misplaced);
  if (Array.isArray(axis)) {
    const seen = new Set<string>();
    for (const text of axis.map((value) => canonicalJson(value))) {
      if (seen.has(text)) return fault(`different values; got ${text} twice. Leave one of them out.`);
      seen.add(text);
    }
    return { path, values: axis as unknown[], range: null };
  }
  const range = axis as Range;
  if (design === 'grid' && range.n === undefined)
    return fault('"n", the points of the range on a grid; got nothing. Add "n", or choose another design.');
  if (design !== 'grid' && range.n !== undefined)
    return fault(`no "n" in a ${design} design, which draws its points; got ${range.n}. Leave it out.`);
  const { n = null, from, to, scale, integer } = range;
  const wrong = rangeFault({ from, to, scale, integer }, n);
  if (wrong !== null) return fault(wrong);
  const plain = { from, to, scale, integer };
  return n === null
    ? { path, values: null, range: plain }
    : { path, values: gridPoints(plain, n), range: null };
}

function countFaults(design: Design, cells: number | undefined): ProblemFault[] {
  const pointer = '/cells';
  if (design === 'grid' && cells !== undefined) {
    const message = `Expected no "cells" on a grid, which counts its own; got ${cells}. Leave it out.`;
    return [{ pointer, message }];
  }
  if (design === 'grid' || cells !== undefined) return [];
  const message = `Expected "cells", how many a ${design} design draws; got nothing. Add it.`;
  return [{ pointer, message }];
}

function checkSize(cells: number, repeats: number): void {
  const refuse = (pointer: string, most: number, what: string, got: number): MmsError =>
    refusal([
      {
        pointer,
        message: `Expected at most ${formatNumber(most)} ${what}; got ${formatNumber(got)}. Take fewer points.`,
      },
    ]);
  if (cells > MAX_SWEEP_CELLS) throw refuse('/axes', MAX_SWEEP_CELLS, 'cells', cells);
  if (cells * repeats > MAX_SWEEP_JOBS) throw refuse('/repeats', MAX_SWEEP_JOBS, 'jobs', cells * repeats);
}

/** Every axis by itself: its values one after the other in the base. */
function checkValues(kind: Kind, base: unknown, axes: readonly SweepAxisPlan[]): void {
  const faults: ProblemFault[] = [];
  for (const axis of axes) {
    const values = axis.values?.slice(0, JUDGED_VALUES) ?? [axis.range!.from, axis.range!.to];
    for (const value of values) {
      const fault = axis.path === SEED_AXIS ? seedFault(value) : valueFault(kind, base, axis, value, axes);
      if (fault === null) continue;
      faults.push({ ...fault, pointer: pointerOf(axis.path) });
      break;
    }
  }
  if (faults.length > 0) throw refusal(faults);
}

function seedFault(value: unknown): ProblemFault | null {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return null;
  const message = `Expected integers from 0 to ${Number.MAX_SAFE_INTEGER}; got ${showValue(value)}.`;
  return { pointer: '', message };
}

/** Null when the value is sound in the base, or beside a value of an axis above it. */
function valueFault(
  kind: Kind,
  base: unknown,
  axis: SweepAxisPlan,
  value: unknown,
  axes: readonly SweepAxisPlan[],
): ProblemFault | null {
  const found = faultOf(kind, specWith(base, stepsOf([axis.path]), [value]));
  if (found === null) return null;
  const choosers = axes.filter(({ path, values }) => values !== null && isAbove(path, axis.path));
  for (const chooser of choosers) {
    for (const variant of chooser.values!.slice(0, JUDGED_VARIANTS)) {
      const spec = specWith(base, stepsOf([chooser.path, axis.path]), [variant, value]);
      if (faultOf(kind, spec) === null) return null;
    }
  }
  return found;
}

/** `strategy` and `strategy.type` choose what `strategy.gamma` belongs to. */
function isAbove(upper: string, path: string): boolean {
  return upper !== path && path.startsWith(`${upper.replace(/(^|\.)type$/, '')}.`);
}

function faultOf(kind: Kind, spec: unknown): ProblemFault | null {
  try {
    checkSpec(kind, spec);
    return null;
  } catch (error) {
    if (error instanceof MmsError)
      return error.problem.errors?.[0] ?? { pointer: '', message: error.message };
    throw error;
  }
}

function pointerOf(path: string): string {
  return `/axes/${path.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function refusal(faults: readonly ProblemFault[]): MmsError {
  const [first] = faults as [ProblemFault];
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return new MmsError('E_SPEC', `sweep: ${first.pointer} ${first.message}${more}`, faults);
}
