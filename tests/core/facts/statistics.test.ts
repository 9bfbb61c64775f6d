/** Statistics of a block against laws whose values are known, and distances against hand calculation. */
import { describe, expect, it } from 'vitest';
import {
  compareFacts,
  kolmogorovSmirnov,
  totalVariation,
  wasserstein,
} from '../../../src/core/facts/compare-facts.js';
import { factNumber } from '../../../src/core/facts/definitions.js';
import * as statistics from '../../../src/core/facts/statistics.js';
import { Stream } from '../../../src/core/rng/stream.js';

const stream = new Stream(5, 0, 9);
const draw = (n: number, of: () => number): Float64Array => Float64Array.from({ length: n }, of);
const walk = (steps: Float64Array): Float64Array => {
  const path = new Float64Array(steps.length + 1);
  steps.forEach((step, i) => (path[i + 1] = path[i]! + step));
  return path;
};

describe('statistics of a block', () => {
  it('finds the kurtosis of the normal and the Laplace law', () => {
    const n = 40_000;
    // Errors: sqrt(24/n) = 0.025 for the normal; about 0.25 for Laplace, whose eighth moment is 8!.
    expect(Math.abs(statistics.excessKurtosis(draw(n, () => stream.normal()))!)).toBeLessThan(0.1);
    const laplace = draw(n, () => stream.exponential() - stream.exponential());
    expect(Math.abs(statistics.excessKurtosis(laplace)! - 3)).toBeLessThan(1);
    expect(statistics.excessKurtosis(new Float64Array(50))).toBeNull();
  });

  it('finds the tail index of a Pareto law', () => {
    // U^(-1/3) has index 3; the error is 3 / sqrt(2,000) = 0.067.
    const pareto = draw(40_000, () => Math.cbrt(1 / (1 - stream.uniform())));
    expect(Math.abs(statistics.tailIndex(pareto)! - 3)).toBeLessThan(4 * 0.067);
    expect(statistics.tailIndex(new Float64Array(1_000))).toBeNull();
    expect(statistics.tailIndex(draw(100, () => stream.normal()))).toBeNull();
  });

  it('finds autocorrelations of an AR(1) and the decay of a power law', () => {
    const values = new Float64Array(40_000);
    for (let i = 1; i < values.length; i++) values[i] = 0.6 * values[i - 1]! + stream.normal();
    for (const lag of [1, 2, 3]) {
      expect(Math.abs(statistics.autocorrelation(values, lag)! - 0.6 ** lag)).toBeLessThan(0.03);
    }
    const points = [1, 2, 4, 8].map((lag) => [lag, 0.5 * lag ** -0.7] as const);
    expect(statistics.decayExponent(points)).toBeCloseTo(0.7, 10);
    expect(
      statistics.decayExponent([
        [1, 0.5],
        [2, -0.1],
        [3, 0.2],
      ]),
    ).toBeNull();
  });

  it('sees a flat signature of a random walk, and a falling one where the price bounces', () => {
    const path = walk(draw(20_000, () => stream.normal()));
    const bounced = path.map((value) => value + stream.normal());
    for (const step of [1, 10, 50]) {
      expect(Math.abs(statistics.signatureAt(path, step)! - 1)).toBeLessThan(0.25);
    }
    // Noise of variance 1 adds 2 to every square: 3 at a step of 1, 1.2 at 10.
    expect(Math.abs(statistics.signatureAt(bounced, 1)! - 3)).toBeLessThan(0.15);
    expect(Math.abs(statistics.signatureAt(bounced, 10)! - 1.2)).toBeLessThan(0.15);
    expect(statistics.signatureAt(path.subarray(0, 50), 20)).toBeNull();
  });

  it('finds the response of a price that every trade moves by half a tick', () => {
    const signs = draw(2_000, () => (stream.uniform() < 0.5 ? 1 : -1));
    const mids = walk(signs.map((sign) => sign / 2));
    expect(Math.abs(statistics.responseAt(signs, mids, 1)! - 0.5)).toBeLessThan(1e-9);
    expect(Math.abs(statistics.responseAt(signs, mids, 5)! - 0.5)).toBeLessThan(0.15);
  });
});

describe('distances of laws', () => {
  it('are what a hand calculation gives', () => {
    const [p, q, xs] = [
      [0.5, 0.5, 0],
      [0.25, 0.25, 0.5],
      [1, 2, 4],
    ];
    expect(kolmogorovSmirnov(p, q)).toBeCloseTo(0.5, 12);
    expect(totalVariation(p, q)).toBeCloseTo(0.5, 12);
    // Distribution functions differ by 1/4 from 1 to 2 and by 1/2 from 2 to 4.
    expect(wasserstein(p, q, xs)).toBeCloseTo(0.25 + 1, 12);
  });

  const tape = (shift: number) => {
    const columns = {
      run: [] as number[],
      block: [] as number[],
      fact: [] as number[],
      x: [] as number[],
      value: [] as number[],
    };
    for (let block = 0; block < 12; block++) {
      const share = 0.5 + shift + 0.02 * stream.normal();
      [share, 1 - share].forEach((value, i) => {
        columns.run.push(0);
        columns.block.push(block);
        columns.fact.push(factNumber('spreadLaw'));
        columns.x.push(i + 1);
        columns.value.push(value);
      });
    }
    return columns;
  };

  it('stay inside the band for a tape of the same law and leave it for another', () => {
    let inside = 0;
    for (let trial = 0; trial < 100; trial++) {
      const [fact] = compareFacts(tape(0), tape(0));
      const { value, band } = fact!.distances!.kolmogorovSmirnov;
      if (value < band) inside++;
      const [other] = compareFacts(tape(0), tape(0.1));
      expect(other!.distances!.kolmogorovSmirnov.value).toBeGreaterThan(
        other!.distances!.kolmogorovSmirnov.band,
      );
    }
    // Both tapes scatter, the band knows the scatter of one: sqrt(2) narrow, so 83 % and not 95 % lie inside.
    expect(inside).toBeGreaterThan(65);
  });
});
