/**
 * Exact simulation of a Hawkes process with one decay per component, to see whether a fit finds its
 * parameters.
 *
 * Ogata's thinning (1981): between events all intensities fall, so that their present sum bounds the
 * waiting time; the candidate is accepted with the share that is left of it. Cost O(types) an event. The
 * order-flow model of a market has a faster one of its own; this one is short and writes plain times. One
 * type may come from its clusters instead (hawkes-univariate-process.ts).
 */
import { Draws } from '../flow/draws.js';
import { UnivariateHawkesProcess } from '../flow/hawkes-univariate-process.js';
import { exp } from '../math/exp.js';
import type { Stream } from '../rng/stream.js';
import type { EventStream } from './hawkes-likelihood.js';

export interface HawkesLaw {
  readonly mu: readonly number[];
  /** alpha[i][j]: jump of intensity i at an event of type j. */
  readonly alpha: readonly (readonly number[])[];
  readonly beta: readonly number[];
}

/** Events on 0..horizon from an empty past, at most `maxEvents`: beyond, the horizon is the last event. */
export function simulateHawkes(
  law: HawkesLaw,
  horizon: number,
  stream: Stream,
  maxEvents = 1_000_000,
): EventStream {
  const d = law.mu.length;
  const excitation = new Float64Array(d);
  const times: number[] = [];
  const types: number[] = [];
  let t = 0;
  let bound = law.mu.reduce((sum, mu) => sum + mu, 0);
  while (times.length < maxEvents) {
    const wait = stream.exponential() / bound;
    t += wait;
    if (t > horizon) break;
    let total = 0;
    for (let i = 0; i < d; i++) {
      excitation[i] *= exp(-law.beta[i] * wait);
      total += law.mu[i] + excitation[i];
    }
    let u = stream.uniform() * bound;
    bound = total;
    if (u >= total) continue;
    let type = 0;
    while (type < d - 1 && u >= law.mu[type] + excitation[type]) {
      u -= law.mu[type] + excitation[type];
      type++;
    }
    times.push(t);
    types.push(type);
    for (let i = 0; i < d; i++) {
      excitation[i] += law.alpha[i][type];
      bound += law.alpha[i][type];
    }
  }
  return {
    times: Float64Array.from(times),
    types: Uint8Array.from(types),
    typeCount: d,
    horizon: times.length === maxEvents ? t : horizon,
  };
}

/** Events of one type on 0..horizon [s] from an empty past, at whole nanoseconds; parameters per second. */
export function simulateUnivariateHawkes(law: HawkesLaw, horizon: number, stream: Stream): EventStream {
  const [beta] = law.beta;
  const clusters = new UnivariateHawkesProcess(law.mu[0], law.alpha[0][0] / beta, beta, new Draws(stream));
  const times: number[] = [];
  for (clusters.draw(); clusters.nextNs() <= horizon * 1e9; clusters.draw()) {
    times.push(clusters.nextNs() * 1e-9);
    clusters.take();
  }
  return { times: Float64Array.from(times), types: new Uint8Array(times.length), typeCount: 1, horizon };
}
