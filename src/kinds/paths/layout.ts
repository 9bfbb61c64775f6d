/**
 * How a job is cut: paths into blocks of 2,048, blocks into at most 1,024 units, by the spec alone.
 *
 * A unit is what a thread works on and what the reduction adds up in order, so neither the result nor the
 * memory of a job grows with the number of its paths.
 */
import type { Payoff } from '../../core/price/payoffs.js';
import type { Process } from '../../core/price/processes/process.js';
import { gbmGreekMethod, type Greek, type GreekMethod } from '../../core/price/gbm-greeks.js';
import { splitPaths } from '../../core/price/qmc/sobol-normals.js';
import type { PathsSpec } from './spec.js';
import { openProcess } from './models/open.js';

export const BLOCK_PATHS = 2_048;
const MAX_UNITS = 1_024;

export interface Layout {
  /** Paths that are drawn: those of the spec, or the most that fill whole randomisations. */
  readonly paths: number;
  /** Points of a randomisation, whose paths depend on each other; 0 where paths are independent. */
  readonly points: number;
  readonly unitPaths: number;
  readonly units: number;
}

export function layoutOf(spec: PathsSpec): Layout {
  const { points, randomisations } =
    spec.points === 'sobol' ? splitPaths(spec.paths) : { points: 0, randomisations: 0 };
  const paths = points === 0 ? spec.paths : points * randomisations;
  let unitPaths = BLOCK_PATHS;
  // Whole paths bound their number by themselves, and a unit of them should stay small.
  while (!spec.wholePaths && Math.ceil(paths / unitPaths) > MAX_UNITS) unitPaths *= 2;
  // Both are powers of two, so that every unit lies inside one randomisation.
  if (points > 0 && points < unitPaths) unitPaths = points;
  return { paths, points, unitPaths, units: Math.ceil(paths / unitPaths) };
}

export function processOf({ model, horizonYr, steps, sampling }: PathsSpec): Process {
  return openProcess(model, horizonYr, sampling === 'exact' ? 1 : steps);
}

/** Names of the series in the order of their numbers. */
export function seriesNames({ model }: PathsSpec): string[] {
  if (model.type !== 'correlated-gbm') return ['price'];
  return [...model.startPrices.map((_, i) => `asset ${i + 1}`), 'basket'];
}

export type Quantity = 'terminal' | 'maximum' | 'minimum' | 'average' | 'geometric';
/** In the order of the numbers that tables use. */
export const QUANTITIES: readonly Quantity[] = ['terminal', 'maximum', 'minimum', 'average', 'geometric'];

/** Quantities that a job measures of every series. */
export function quantitiesOf(spec: PathsSpec, process: Process): readonly Quantity[] {
  if (spec.sampling === 'exact') return process.exact?.hasExtremes ? QUANTITIES.slice(0, 3) : ['terminal'];
  return process.scale === 'log' ? QUANTITIES : QUANTITIES.slice(0, 4);
}

/** A mean that a job estimates, beside the means of the quantities. */
export type Estimand =
  | { readonly measure: 'value'; readonly payoff: number }
  | { readonly measure: Greek; readonly payoff: number; readonly method: GreekMethod }
  | { readonly measure: 'reached'; readonly level: number };

/** In the order of the numbers that tables use. */
export const MEASURES: readonly Estimand['measure'][] = ['value', 'delta', 'gamma', 'vega', 'reached'];
export const METHODS: readonly GreekMethod[] = [
  'pathwise',
  'likelihood ratio',
  'pathwise, then likelihood ratio',
  'pathwise, given the chance of a hit',
];

const GREEKS: readonly Greek[] = ['delta', 'gamma', 'vega'];

export function estimandsOf(spec: PathsSpec): Estimand[] {
  const payoffs = spec.payoffs.flatMap((payoff, i): Estimand[] => [
    { measure: 'value', payoff: i },
    ...GREEKS.flatMap((measure): Estimand[] => {
      const method = spec.greeks ? greekMethod(spec, measure, payoff) : null;
      return method === null ? [] : [{ measure, payoff: i, method }];
    }),
  ]);
  return [...payoffs, ...spec.levels.map((level): Estimand => ({ measure: 'reached', level }))];
}

/** Models other than gbm have the pathwise delta alone: their prices are proportional to s0. */
function greekMethod(spec: PathsSpec, greek: Greek, payoff: Payoff): GreekMethod | null {
  if (spec.model.type === 'gbm') return gbmGreekMethod(greek, payoff, spec.sampling === 'exact');
  return greek === 'delta' && payoff.type !== 'barrier' ? 'pathwise' : null;
}

/** Whether some Greek needs the sums of greekStatsOf. */
export function needsGreekStats(spec: PathsSpec): boolean {
  return spec.greeks && spec.model.type === 'gbm' && spec.sampling === 'stepped' && spec.payoffs.length > 0;
}

/** Whether the fused kernels do it: they draw for themselves, without whole paths and the sums of Greeks. */
export function isFused(spec: PathsSpec): boolean {
  const { model, sampling, points, wholePaths } = spec;
  const isPlain = model.type === 'gbm' && sampling === 'stepped' && points === 'pseudo';
  return isPlain && !wholePaths && !needsGreekStats(spec);
}

/** Paths that the picture shows, and the largest number of steps they are shown with. */
export const SAMPLE_PATHS = 50;
export const SAMPLE_STEPS = 200;

/** Fixings that the picture shows of `steps`: every stride-th, and the last one. */
export function sampleTimes(sampling: 'exact' | 'stepped', steps: number): number[] {
  if (sampling === 'exact') steps = SAMPLE_STEPS;
  const stride = Math.ceil(steps / SAMPLE_STEPS);
  const times: number[] = [];
  for (let step = 0; step < steps; step += stride) times.push(step);
  times.push(steps);
  return times;
}
