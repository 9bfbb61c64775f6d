/**
 * Hawkes fits: printed and computed values, finite differences, recovery, and the control of Filimonov &
 * Sornette.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../../src/core/fit/estimate.js';
import { goodnessOf } from '../../../src/core/fit/goodness.js';
import { componentInformation, componentLikelihood } from '../../../src/core/fit/hawkes-likelihood.js';
import type { EventStream } from '../../../src/core/fit/hawkes-likelihood.js';
import { univariateLikelihood } from '../../../src/core/fit/hawkes-univariate.js';
import { DecayedStream } from '../../../src/core/fit/hawkes-decayed.js';
import { fitHawkes, fitSharedDecay, hawkesResiduals } from '../../../src/core/fit/hawkes.js';
import { findRegimes } from '../../../src/core/fit/regime.js';
import { simulateHawkes } from '../../../src/core/fit/simulate-hawkes.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { withShared } from '../../support/shared.js';

const one = (times: readonly number[], horizon: number): EventStream => ({
  times: Float64Array.from(times),
  types: new Uint8Array(times.length),
  typeCount: 1,
  horizon,
});
const V6 = one([0.5, 1, 1.7, 3.2, 3.3], 5);

/** What the kernel of one type writes. */
function univariate({ times, horizon }: EventStream, p: Float64Array) {
  const [gradient, information, bends] = [new Float64Array(3), new Float64Array(9), new Float64Array(2)];
  const value = univariateLikelihood(times, horizon, p, gradient, information, bends);
  return { value, gradient, information, bends };
}

/** The definition, term by term: O(n^2). */
function plainLikelihood(stream: EventStream, i: number, ends: number[], p: Float64Array): number {
  const { times, types, typeCount: d, horizon } = stream;
  const segments = ends.length;
  const beta = p[segments + d]!;
  const baseAt = (t: number) => p[ends.findIndex((end, s) => t < end || s === segments - 1)]!;
  let value = 0;
  times.forEach((t, k) => {
    const alpha = p[segments + types[k]!]!;
    value -= (alpha / beta) * (1 - Math.exp(-beta * (horizon - t)));
    if (types[k] !== i) return;
    let lambda = baseAt(t);
    for (let m = 0; m < k; m++) lambda += p[segments + types[m]!]! * Math.exp(-beta * (t - times[m]!));
    value += Math.log(lambda);
  });
  return value - ends.reduce((sum, end, s) => sum + p[s]! * (end - (s > 0 ? ends[s - 1]! : 0)), 0);
}

const two = simulateHawkes(
  {
    mu: [0.5, 0.4],
    alpha: [
      [0.5, 0.3],
      [0.1, 0.6],
    ],
    beta: [2, 1.5],
  },
  60,
  new Stream(5, 0, 1),
);

describe('the log-likelihood', () => {
  it('gives the value computed for V6 by both kernels', () => {
    const p = Float64Array.of(0.5, 0.8, 1.5);
    const value = componentLikelihood(V6, 0, Float64Array.of(5), p, new Float64Array(3));
    expect(Math.abs(value - -6.20309664304)).toBeLessThan(1e-11);
    expect(Math.abs(univariate(V6, p).value - -6.20309664304)).toBeLessThan(1e-11);
  });

  it.each([[[60]], [[20, 45, 60]]])('equals its definition, and its gradient finite differences', (ends) => {
    for (const component of [0, 1]) {
      const p = Float64Array.from([...ends.map((_, s) => 0.3 + 0.2 * s), 0.4, 0.25, 1.7]);
      const gradient = new Float64Array(p.length);
      const ignored = new Float64Array(p.length);
      const at = (q: Float64Array) =>
        componentLikelihood(two, component, Float64Array.from(ends), q, ignored);
      const value = componentLikelihood(two, component, Float64Array.from(ends), p, gradient);
      expect(Math.abs(value - plainLikelihood(two, component, ends, p))).toBeLessThan(1e-9);
      p.forEach((x, a) => {
        const h = 1e-5;
        const slope = (at(p.with(a, x + h)) - at(p.with(a, x - h))) / (2 * h);
        expect(Math.abs(slope - gradient[a]!)).toBeLessThan(1e-5 * (1 + Math.abs(slope)));
      });
    }
  });

  it.each([[[60]], [[20, 45, 60]]])('is the same with excitations that are computed once', (ends) => {
    const decayed = new DecayedStream(two, 1.7);
    for (const component of [0, 1]) {
      const p = Float64Array.from([...ends.map((_, s) => 0.3 + 0.2 * s), 0.4, 0.25, 1.7]);
      const [a, b] = [new Float64Array(p.length), new Float64Array(p.length)];
      const [ia, ib] = [new Float64Array(p.length ** 2), new Float64Array(p.length ** 2)];
      const segmentEnds = Float64Array.from(ends);
      const value = componentLikelihood(two, component, segmentEnds, p, a);
      expect(Math.abs(decayed.likelihood(component, segmentEnds, p, b) - value)).toBeLessThan(1e-10);
      componentInformation(two, component, segmentEnds, p, ia);
      decayed.information(component, segmentEnds, p, ib);
      a.forEach((slope, i) => expect(Math.abs(slope - b[i]!)).toBeLessThan(1e-9));
      ia.forEach((bend, i) => expect(Math.abs(bend - ib[i]!)).toBeLessThan(1e-9));
    }
  });

  it('is the same by both kernels, and the information is the sum of outer products', () => {
    const stream = simulateHawkes({ mu: [1], alpha: [[0.5]], beta: [1] }, 100, new Stream(6, 0, 1));
    const [p, ends] = [Float64Array.of(0.8, 0.6, 1.2), Float64Array.of(100)];
    const b = new Float64Array(3);
    const { value, gradient, information: plain } = univariate(stream, p);
    expect(Math.abs(value - componentLikelihood(stream, 0, ends, p, b))).toBeLessThan(1e-9);
    gradient.forEach((slope, i) =>
      expect(Math.abs(slope - b[i]!)).toBeLessThan(1e-8 * (1 + Math.abs(slope))),
    );
    const information = new Float64Array(9);
    componentInformation(stream, 0, ends, p, information);
    plain.forEach((value, i) =>
      expect(Math.abs(value - information[i]!)).toBeLessThan(1e-8 * (1 + Math.abs(value))),
    );
    let corner = 0;
    stream.times.forEach((t, k) => {
      let r = 0;
      for (let m = 0; m < k; m++) r += Math.exp(-1.2 * (t - stream.times[m]!));
      corner += (r / (0.8 + 0.6 * r)) ** 2;
    });
    expect(Math.abs(information[4]! - corner)).toBeLessThan(1e-9 * corner);
  });

  // One event, blocks that end early, whole and just after a whole one.
  it.each([1, 63, 64, 65, 200])('has second derivatives like finite differences: %i events', (events) => {
    const law = { mu: [1], alpha: [[0.5]], beta: [1] };
    const stream = simulateHawkes(law, 1e9, new Stream(6, events, 1), events);
    const p = Float64Array.of(0.8, 0.6, 1.2);
    const { information, bends } = univariate(stream, p);
    const hessian = information.map((value) => -value);
    hessian[5] = hessian[7]! + bends[0]!;
    hessian[7] = hessian[5];
    hessian[8] = hessian[8]! + bends[1]!;
    p.forEach((x, a) => {
      const h = 1e-5;
      const above = univariate(stream, p.with(a, x + h)).gradient;
      const below = univariate(stream, p.with(a, x - h)).gradient;
      above.forEach((slope, b) => {
        const bend = (slope - below[b]!) / (2 * h);
        expect(Math.abs(bend - hessian[3 * a + b]!)).toBeLessThan(1e-5 * (1 + Math.abs(bend)));
      });
    });
  });
});

withShared('the AMZN trades of reference/hawkes_expected.json', (dir) => {
  const expected = JSON.parse(readFileSync(`${dir}/data/reference/hawkes_expected.json`, 'utf8'));
  const file = `${dir}/data/lobster/AMZN_2012-06-21_34200000_57600000_message_1.csv.gz`;
  const [from, to] = expected.window as [number, number];
  const times: number[] = [];
  let last = -1;
  for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n')) {
    const [time, type] = line.split(',').map(Number) as [number, number];
    if ((type !== 4 && type !== 5) || time < from || time >= to || time <= last) continue;
    times.push(time - from);
    last = time;
  }
  const stream = one(times, expected.T);

  it('has the log-likelihood to 1e-6 and the maximum within the stated tolerance', () => {
    expect(times.length).toBe(expected.n_events);
    const p = Float64Array.from(expected.loglik_at.params as number[]);
    const { value } = univariate(stream, p);
    expect(Math.abs(value - expected.loglik_at.loglik)).toBeLessThan(1e-6);
    const fit = fitHawkes(stream, 0);
    expect(fit.converged).toBe(true);
    expect(Math.abs(fit.logLikelihood - expected.mle.loglik)).toBeLessThan(1e-6);
    expect(Math.abs(fit.poissonLogLikelihood - expected.poisson_loglik)).toBeLessThan(1e-6);
    const near = ({ value: got }: Estimate, want: number) =>
      expect(Math.abs(got / want - 1)).toBeLessThan(1e-4);
    near(fit.mu[0]!, expected.mle.mu);
    near(fit.alpha[0]!, expected.mle.alpha);
    near(fit.beta, expected.mle.beta);
    near(fit.branching[0]!, expected.mle.branching_ratio);
  });
});

const SAMPLES = 100;
const covers = ({ low, high }: Estimate, truth: number) => Number(low <= truth && truth <= high);

describe('samples of known parameters', () => {
  // How often intervals hold the parameters of one, two and six types: tests/recovery.
  it('passes its own test of fit, and finds no regimes where there are none', () => {
    let [rejected, changes] = [0, 0];
    const stream = new Stream();
    for (let unit = 0; unit < SAMPLES; unit++) {
      const sample = simulateHawkes({ mu: [1], alpha: [[0.5]], beta: [1] }, 1000, stream.key(1, unit, 1));
      const fit = fitHawkes(sample, 0);
      expect(fit.converged).toBe(true);
      rejected += Number(goodnessOf(hawkesResiduals(sample, fit)).ksPValue < 0.05);
      changes += Number(findRegimes(sample, fit).changes);
    }
    expect(rejected).toBeLessThanOrEqual(5);
    expect(changes).toBeLessThanOrEqual(2);
  });
});

describe('one start', () => {
  it('in a long sample goes by its first events and ends at the same maximum as several starts', () => {
    const sample = simulateHawkes({ mu: [1], alpha: [[0.5]], beta: [1] }, 3000, new Stream(7, 0, 1));
    expect(sample.times.length).toBeGreaterThan(4_000);
    const quick = fitHawkes(sample, 0, { starts: 1 });
    const several = fitHawkes(sample, 0, { starts: 5 });
    expect(Math.abs(quick.logLikelihood - several.logLikelihood)).toBeLessThan(1e-6);
    // Newton's method: a pass more than that would mean second derivatives that are wrong.
    expect(quick.evaluations).toBeLessThanOrEqual(6);
  });

  it('covers a decay that all types share in at least 90 of 100 samples', () => {
    const law = {
      mu: [0.5, 0.4],
      alpha: [
        [0.8, 0.2],
        [0.3, 0.6],
      ],
      beta: [2, 2],
    };
    let covered = 0;
    const stream = new Stream();
    for (let unit = 0; unit < SAMPLES; unit++) {
      const { beta, fits } = fitSharedDecay(simulateHawkes(law, 500, stream.key(8, unit, 1)), [0, 1]);
      covered += covers(beta, 2);
      // The slope of the summed maximum in the decay vanishes.
      expect(Math.abs(fits[0]!.slope + fits[1]!.slope)).toBeLessThan(0.01);
    }
    expect(covered).toBeGreaterThanOrEqual(90);
  });
});

describe('the control of Filimonov & Sornette', () => {
  /** A Poisson stream whose rate is 0.5 and 3 by turns, five minutes each, for an hour. */
  function switching(stream: Stream): EventStream {
    const times: number[] = [];
    let t = 0;
    let left = stream.exponential();
    while (t < 3600) {
      const piece = Math.floor(t / 300);
      const rate = piece % 2 === 0 ? 0.5 : 3;
      const room = rate * ((piece + 1) * 300 - t);
      if (left > room) {
        left -= room;
        t = (piece + 1) * 300;
        continue;
      }
      t += left / rate;
      left = stream.exponential();
      if (t < 3600) times.push(t);
    }
    return one(times, 3600);
  }

  it('finds the regimes behind a branching ratio near 1, and none is left with them', () => {
    const stream = new Stream();
    for (let unit = 0; unit < 8; unit++) {
      const sample = switching(stream.key(3, unit, 1));
      const fit = fitHawkes(sample, 0);
      expect(fit.branching[0]!.value).toBeGreaterThan(0.85);
      const regime = findRegimes(sample, fit);
      expect(regime.changes).toBe(true);
      expect(regime.fit.branching[0]!.value).toBeLessThan(0.1);
    }
  });
});
