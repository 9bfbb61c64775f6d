/** The (A, k) fit: exact cases, the score at the maximum, recovery of known parameters. */
import { describe, expect, it } from 'vitest';
import { fitExponentialRates, fitReach } from '../../../src/core/fit/exponential-rates.js';
import { Stream } from '../../../src/core/rng/stream.js';

/** A Poisson number by counting unit exponentials. */
function poisson(mean: number, stream: Stream): number {
  let n = 0;
  for (let t = stream.exponential(); t < mean; t += stream.exponential()) n++;
  return n;
}

const DISTANCES = Array.from({ length: 20 }, (_, b) => 0.1 * b);

describe('fitExponentialRates', () => {
  it('finds a law that the counts follow exactly', () => {
    const exposures = DISTANCES.map((_, b) => 10 + b);
    const counts = DISTANCES.map((d, b) => 140 * Math.exp(-1.5 * d) * exposures[b]!);
    const fit = fitExponentialRates(DISTANCES, counts, exposures);
    expect(fit.converged).toBe(true);
    expect(fit.a.value).toBeCloseTo(140, 8);
    expect(fit.k.value).toBeCloseTo(1.5, 10);
    expect(fit.deviance).toBeLessThan(1e-6);
  });

  it('solves the score equations, and its covariance is the inverse information', () => {
    const counts = [30, 22, 0, 14, 9, 1, 0, 2];
    const distances = counts.map((_, b) => b);
    const exposures = counts.map((_, b) => 1 + 0.1 * b);
    const { a, k, covariance } = fitExponentialRates(distances, counts, exposures);
    const means = distances.map((d, b) => exposures[b]! * a.value * Math.exp(-k.value * d));
    const sum = (of: (b: number) => number) => counts.reduce((total, _, b) => total + of(b), 0);
    expect(sum((b) => counts[b]! - means[b]!)).toBeCloseTo(0, 6);
    expect(sum((b) => b * (counts[b]! - means[b]!))).toBeCloseTo(0, 6);
    const [h00, h01, h11] = [
      sum((b) => means[b]!),
      -sum((b) => b * means[b]!),
      sum((b) => b * b * means[b]!),
    ];
    expect(h00 * covariance.logA + h01 * covariance.cross).toBeCloseTo(1, 6);
    expect(h01 * covariance.cross + h11 * covariance.k).toBeCloseTo(1, 6);
  });

  it('refuses counts at one distance only', () => {
    expect(() => fitExponentialRates([0, 1], [5, 0], [1, 1])).toThrow('two distances');
  });

  it('covers A = 140 and k = 1.5 in at least 90 of 100 samples', () => {
    const stream = new Stream();
    let [a, k, deviance] = [0, 0, 0];
    for (let unit = 0; unit < 100; unit++) {
      stream.key(4, unit, 1);
      const counts = DISTANCES.map((d) => poisson(140 * Math.exp(-1.5 * d) * 2, stream));
      const fit = fitExponentialRates(
        DISTANCES,
        counts,
        DISTANCES.map(() => 2),
      );
      a += Number(fit.a.low <= 140 && 140 <= fit.a.high);
      k += Number(fit.k.low <= 1.5 && 1.5 <= fit.k.high);
      deviance += fit.deviance / 100;
      expect(fit.degrees).toBe(18);
    }
    expect(a).toBeGreaterThanOrEqual(90);
    expect(k).toBeGreaterThanOrEqual(90);
    // Its mean is the number of degrees, its standard deviation 6, of the mean of 100 then 0.6.
    expect(Math.abs(deviance - 18)).toBeLessThan(4 * 0.6);
  });
});

describe('fitReach', () => {
  it('covers A and k from the reach of market orders in at least 90 of 100 samples', () => {
    const stream = new Stream();
    let [a, k] = [0, 0];
    for (let unit = 0; unit < 100; unit++) {
      stream.key(5, unit, 1);
      const reached = new Float64Array(40);
      // 1.2 orders a second for 400 seconds, whose reach is exponential with decay 0.3.
      for (let n = poisson(480, stream); n > 0; n--) {
        const bin = Math.floor(stream.exponential() / 0.3);
        if (bin < reached.length) reached[bin]!++;
      }
      const fit = fitReach(reached.subarray(2), 2, 1, 400);
      a += Number(fit.a.low <= 1.2 && 1.2 <= fit.a.high);
      k += Number(fit.k.low <= 0.3 && 0.3 <= fit.k.high);
    }
    expect(a).toBeGreaterThanOrEqual(90);
    expect(k).toBeGreaterThanOrEqual(90);
  });
});
