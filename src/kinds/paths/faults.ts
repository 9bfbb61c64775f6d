/** What the schema of a paths spec cannot express. */
import type { Payoff } from '../../core/price/payoffs.js';
import { processOf } from './layout.js';
import { modelOf } from './models/models.js';
import type { Fault, PathsSpec } from './spec.js';

export function faultsOf(spec: PathsSpec): Fault[] {
  const faults = modelOf(spec).faults(spec.model, spec);
  // Without a sound model there is no process to ask.
  return faults.length > 0 ? faults : [...jobFaults(spec), ...payoffFaults(spec)];
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
  }
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
