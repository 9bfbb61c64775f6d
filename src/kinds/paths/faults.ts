/** What the schema of a paths spec cannot express. */
import type { Payoff } from '../../core/price/payoffs.js';
import { MAX_DIMENSIONS, MIN_RANDOMISATIONS } from '../../core/price/qmc/sobol-normals.js';
import { processOf } from './layout.js';
import { modelOf } from './models/models.js';
import type { Fault, PathsSpec } from './spec.js';

export function faultsOf(spec: PathsSpec): Fault[] {
  const faults = modelOf(spec).faults(spec.model, spec);
  // Without a sound model there is no process to ask.
  return faults.length > 0 ? faults : [...jobFaults(spec), ...sobolFaults(spec), ...payoffFaults(spec)];
}

const GREEK_MODELS: readonly PathsSpec['model']['type'][] = ['gbm', 'merton', 'heston', 'regime-switching'];

function jobFaults(spec: PathsSpec): Fault[] {
  const { model, sampling, paths, antithetic, greeks, wholePaths } = spec;
  const faults: Fault[] = [];
  if (sampling === 'exact' && !processOf({ ...spec, sampling: 'stepped', steps: 1 }).exact) {
    const message = `Expected "stepped" for model ${model.type}, which has no exact sampler; got "exact".`;
    faults.push({ pointer: '/sampling', message });
  }
  if (wholePaths && sampling === 'exact') {
    const message =
      'Expected false with exact sampling, which draws no fixings; got true. Choose sampling stepped.';
    faults.push({ pointer: '/wholePaths', message });
  }
  if (antithetic && paths % 2 !== 0) {
    const message = `Expected an even number of paths with antithetic pairs; got ${paths}. Add one.`;
    faults.push({ pointer: '/paths', message });
  }
  if (greeks && !GREEK_MODELS.includes(model.type)) {
    const message = `Expected false for model ${model.type}; got true. Greeks go with ${GREEK_MODELS.join(', ')}.`;
    faults.push({ pointer: '/greeks', message });
  } else if (greeks && spec.payoffs.length === 0) {
    const message =
      'Expected false without payoffs, of which Greeks are the derivatives; got true. Add payoffs, ' +
      'e.g. [{"type":"european","strike":100}].';
    faults.push({ pointer: '/greeks', message });
  }
  return faults;
}

function sobolFaults(spec: PathsSpec): Fault[] {
  if (spec.points !== 'sobol') return [];
  const faults: Fault[] = [];
  const refuse = (pointer: string, message: string): number => faults.push({ pointer, message });
  const process = processOf({ ...spec, sampling: 'stepped', steps: 1 });
  const normals = spec.sampling === 'exact' ? (process.exact?.normals ?? 0) : process.factors * spec.steps;
  if (normals > MAX_DIMENSIONS) {
    const most = Math.floor(MAX_DIMENSIONS / process.factors);
    const why = `a path of ${spec.model.type} takes ${process.factors} normal${process.factors === 1 ? '' : 's'} a step and there are ${MAX_DIMENSIONS} dimensions`;
    refuse('/steps', `Expected at most ${most} steps with Sobol points, because ${why}; got ${spec.steps}.`);
  }
  if (spec.paths < MIN_RANDOMISATIONS) {
    refuse(
      '/paths',
      `Expected at least ${MIN_RANDOMISATIONS} paths, one a randomisation; got ${spec.paths}.`,
    );
  }
  if (spec.antithetic)
    refuse('/antithetic', 'Expected false with Sobol points, which are even by themselves; got true.');
  if (spec.precision !== 'f64') refuse('/precision', 'Expected "f64" with Sobol points; got "f32-draws".');
  return faults;
}

function payoffFaults(spec: PathsSpec): Fault[] {
  if (spec.payoffs.length === 0 || (spec.sampling === 'exact' && spec.model.type === 'heston')) return [];
  const process = processOf({ ...spec, steps: 1 });
  const start = process.start.at(-1)!;
  return spec.payoffs.flatMap((payoff, i) => {
    const pointer = `/payoffs/${i}`;
    const path = pathFault(payoff, spec, process.exact?.hasExtremes ?? false);
    if (path !== null) return [{ pointer: `${pointer}/type`, message: path }];
    if (payoff.type === 'asian' && payoff.average === 'geometric' && process.scale === 'linear') {
      const message = `Expected "arithmetic" for model ${spec.model.type}, whose prices may be negative; got "geometric".`;
      return [{ pointer: `${pointer}/average`, message }];
    }
    if (payoff.type !== 'barrier') return [];
    const isBeyond = payoff.direction === 'up' ? payoff.barrier > start : payoff.barrier < start;
    if (isBeyond) return [];
    const side = payoff.direction === 'up' ? 'above' : 'below';
    const message = `Expected a barrier ${side} the start ${start}, because it is reached on the way ${payoff.direction}; got ${payoff.barrier}.`;
    return [{ pointer: `${pointer}/barrier`, message }];
  });
}

/** Exact sampling has no fixings to average, and extremes for some models only. */
function pathFault({ type }: Payoff, { model, sampling }: PathsSpec, hasExtremes: boolean): string | null {
  if (sampling === 'stepped' || type === 'european' || (type !== 'asian' && hasExtremes)) return null;
  const why =
    type === 'asian' ? 'which has no fixings to average' : `which has no extremes for ${model.type}`;
  return `Expected a payoff on the price at the horizon with exact sampling, ${why}; got "${type}". Choose sampling stepped.`;
}
