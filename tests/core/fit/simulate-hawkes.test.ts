/** One type by its clusters has the law of one type by thinning, and a fit finds it again. */
import { expect, it } from 'vitest';
import { fitHawkes } from '../../../src/core/fit/hawkes.js';
import { simulateHawkes, simulateUnivariateHawkes } from '../../../src/core/fit/simulate-hawkes.js';
import { Stream } from '../../../src/core/rng/stream.js';

const LAW = { mu: [1], alpha: [[1.2]], beta: [2] };

it('has mean and variance of counts as by thinning, at 4 standard errors', () => {
  const stream = new Stream();
  const countsOf = (simulate: typeof simulateUnivariateHawkes, name: number) => {
    const counts = Float64Array.from(
      { length: 4_000 },
      (_, unit) => simulate(LAW, 50, stream.key(1, unit, name)).times.length,
    );
    const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
    const squares = counts.map((n) => (n - mean) ** 2);
    const variance = squares.reduce((sum, x) => sum + x, 0) / (counts.length - 1);
    const spread = squares.reduce((sum, x) => sum + (x - variance) ** 2, 0) / counts.length;
    return { mean, variance, meanError2: variance / counts.length, varianceError2: spread / counts.length };
  };
  const [mine, other] = [countsOf(simulateUnivariateHawkes, 0), countsOf(simulateHawkes, 1)];
  expect(Math.abs(mine.mean - other.mean)).toBeLessThan(4 * Math.sqrt(mine.meanError2 + other.meanError2));
  expect(Math.abs(mine.variance - other.variance)).toBeLessThan(
    4 * Math.sqrt(mine.varianceError2 + other.varianceError2),
  );
});

it('is covered by 95 % intervals in at least 90 % of 400 samples', () => {
  const covered = { mu: 0, alpha: 0, beta: 0, branching: 0 };
  const stream = new Stream();
  for (let unit = 0; unit < 400; unit++) {
    const sample = simulateUnivariateHawkes(LAW, 1_000, stream.key(2, unit, 1));
    expect(sample.times.at(-1)).toBeLessThanOrEqual(sample.horizon);
    const fit = fitHawkes(sample, 0);
    const found = { mu: fit.mu[0]!, alpha: fit.alpha[0]!, beta: fit.beta, branching: fit.branching[0]! };
    const truth = { mu: 1, alpha: 1.2, beta: 2, branching: 0.6 };
    for (const name of ['mu', 'alpha', 'beta', 'branching'] as const) {
      const { low, high } = found[name];
      covered[name] += Number(low <= truth[name] && truth[name] <= high);
    }
  }
  expect(Object.entries(covered).filter(([, times]) => times < 360)).toEqual([]);
});
