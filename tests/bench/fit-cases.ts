/** Bench cases of the fits: Hawkes log-likelihood, a fit of 10,000 events, an (A, k) fit of 20 distances. */
import { fitExponentialRates } from '../../src/core/fit/exponential-rates.js';
import type { EventStream } from '../../src/core/fit/hawkes-likelihood.js';
import { univariateLikelihood } from '../../src/core/fit/hawkes-univariate.js';
import { fitHawkes } from '../../src/core/fit/hawkes.js';
import { exp } from '../../src/core/math/exp.js';
import { log } from '../../src/core/math/log.js';
import { hashOfDoubles, hex } from './sim-cases.js';

const EVENTS = 10_000;

/** Lehmer's generator with 48271 modulo 2^31 - 1: exact in doubles, in C++ and in Python. */
class Lehmer {
  private state = 1;

  uniform(): number {
    this.state = (this.state * 48271) % 2147483647;
    return this.state / 2147483647;
  }
}

const streamOf = (times: readonly number[]): EventStream => ({
  times: Float64Array.from(times),
  types: new Uint8Array(times.length),
  typeCount: 1,
  horizon: times.at(-1)!,
});

/** One pass of a case: units of work done, the maximum that a fit found (0 where there is none), a digest. */
export interface FitPass {
  readonly units: number;
  readonly value: number;
  readonly digest: string;
}

function prepareLikelihood(size: number): () => FitPass {
  const random = new Lehmer();
  const times: number[] = [];
  for (let t = 0; times.length < EVENTS;) times.push((t += -log(random.uniform())));
  const stream = streamOf(times);
  const passes = Math.max(1, Math.floor(size / EVENTS));
  return () => {
    const [parameters, gradient] = [new Float64Array(3), new Float64Array(3)];
    const [information, bends] = [new Float64Array(9), new Float64Array(2)];
    let sum = 0;
    for (let pass = 0; pass < passes; pass++) {
      parameters.set([0.5, 0.4 + 0.001 * (pass % 100), 1.2]);
      sum += univariateLikelihood(stream.times, stream.horizon, parameters, gradient, information, bends);
    }
    return {
      units: passes * EVENTS,
      value: 0,
      digest: hex(hashOfDoubles([sum, ...gradient, ...information, ...bends])),
    };
  };
}

/** Events of mu = 1, alpha = 0.5, beta = 1 by Ogata's thinning; as in numpy/fits.py. */
export function excitedEvents(): EventStream {
  const random = new Lehmer();
  const times: number[] = [];
  let [t, excitation] = [0, 0];
  while (times.length < EVENTS) {
    const bound = 1 + excitation;
    const wait = -log(random.uniform()) / bound;
    t += wait;
    excitation *= exp(-wait);
    if (random.uniform() * bound >= 1 + excitation) continue;
    times.push(t);
    excitation += 0.5;
  }
  return streamOf(times);
}

function prepareFit(): () => FitPass {
  const stream = excitedEvents();
  return () => {
    const { logLikelihood } = fitHawkes(stream, 0, { starts: 1, errors: false });
    return { units: 1, value: logLikelihood, digest: logLikelihood.toPrecision(9) };
  };
}

const FITS = 2_000;

function prepareIntensity(): () => FitPass {
  const random = new Lehmer();
  const distances = Float64Array.from({ length: 20 }, (_, b) => 0.1 * b);
  const exposures = new Float64Array(20).fill(2);
  const counts = distances.map((d) => Math.round(2 * 140 * exp(-1.5 * d) * (0.9 + 0.2 * random.uniform())));
  return () => {
    let a = 0;
    for (let fit = 0; fit < FITS; fit++) a = fitExponentialRates(distances, counts, exposures).a.value;
    // Least squares has another optimum than the likelihood: nothing to compare.
    return { units: FITS, value: 0, digest: a.toPrecision(9) };
  };
}

export function prepareFitCase(name: string, size: number): () => FitPass {
  if (name === 'hawkes-likelihood') return prepareLikelihood(size);
  return name === 'hawkes-fit' ? prepareFit() : prepareIntensity();
}
