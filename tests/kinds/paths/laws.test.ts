/** Every price model against its closed forms, at 4 standard errors with a fixed seed. */
import { describe, expect, it } from 'vitest';
import { mertonLogMoments } from '../../../src/core/price/closed-form/merton.js';
import { processOf } from '../../../src/kinds/paths/layout.js';
import { offBy, runPaths } from '../../support/run-paths.js';

const PATHS = 60_000;

/** Paths whose sampling may be chosen: the same law at the horizon in both. */
const BOTH = ['exact', 'stepped'] as const;

describe('gbm', () => {
  it.each(BOTH)('has the moments of V7 by %s sampling', (sampling) => {
    const run = runPaths({ sampling, steps: 12, paths: PATHS });
    expect(offBy(run, 'terminalMean', 105.12711)).toBeLessThan(4);
    expect(offBy(run, 'terminalSd', 21.237439)).toBeLessThan(4);
    // The error of a skewness of 0.61 over 60,000 paths is about 0.02.
    expect(Math.abs(run.metrics.get('terminalSkewness')!.value! - 0.614295)).toBeLessThan(0.08);
    for (const [name, z] of [
      ['terminalP05', -1.6448536],
      ['terminalP50', 0],
      ['terminalP95', 1.6448536],
    ] as const) {
      // 4 errors of a quantile at 60,000 paths are at most 1.0; a bin is at most 0.7 wide.
      expect(Math.abs(run.metrics.get(name)!.value! - 100 * Math.exp(0.03 + 0.2 * z))).toBeLessThan(1.7);
    }
  });

  it('has the extremes of continuous time by exact sampling', () => {
    // E max = S e^(mu T) (1 + sigma^2 / (2 mu)) N(d) + ...: 120.15037; by symmetry of the bridge the minimum.
    const run = runPaths({ sampling: 'exact', paths: PATHS });
    expect(offBy(run, 'maximumMean', 120.15037)).toBeLessThan(4);
    // The mirrored law has the logarithm's drift reversed: its maximum is the reciprocal of the minimum.
    const mirrored = runPaths(
      { sampling: 'exact', paths: PATHS, model: { type: 'gbm', driftPerYr: -0.01 } },
      2,
    );
    const low = mirrored.estimate('minimumMean');
    expect(low.value).toBeLessThan(100);
    expect(low.value).toBeGreaterThan(80);
  });

  it('averages the fixings: E A = s0 mean of e^(mu t)', () => {
    const run = runPaths({ steps: 12, paths: PATHS });
    const times = Array.from({ length: 12 }, (_, j) => (j + 1) / 12);
    const mean = times.reduce((sum, t) => sum + 100 * Math.exp(0.05 * t), 0) / 12;
    expect(offBy(run, 'averageMean', mean)).toBeLessThan(4);
    const variance = (0.04 * 13 * 25) / (6 * 144);
    const geometric = 100 * Math.exp((0.03 * 13) / 24 + variance / 2);
    expect(offBy(run, 'geometricMean', geometric)).toBeLessThan(4);
  });
});

describe('arithmetic-brownian', () => {
  const model = { type: 'arithmetic-brownian', s0: 10, driftCurrencyPerYr: 3, sigmaCurrencyPerSqrtYr: 20 };
  it.each(BOTH)('is normal with mean s0 + mu T by %s sampling', (sampling) => {
    const run = runPaths({ model, horizonYr: 0.25, sampling, steps: 5, paths: PATHS });
    expect(offBy(run, 'terminalMean', 10.75)).toBeLessThan(4);
    expect(offBy(run, 'terminalSd', 10)).toBeLessThan(4);
  });

  it('has a maximum with mean s0 + sigma sqrt(2 T / pi) where it has no drift', () => {
    const run = runPaths({ model: { ...model, driftCurrencyPerYr: 0 }, sampling: 'exact', paths: PATHS });
    const reach = 20 * Math.sqrt(2 / Math.PI);
    expect(offBy(run, 'maximumMean', 10 + reach)).toBeLessThan(4);
    expect(offBy(run, 'minimumMean', 10 - reach)).toBeLessThan(4);
    // P(max >= s0 + a) = 2 P(W >= a): 2 (1 - N(1)) = 0.3173105 at a = sigma.
    const hits = runPaths({
      model: { ...model, driftCurrencyPerYr: 0 },
      sampling: 'exact',
      paths: PATHS,
      levels: [30, -10],
    });
    expect(offBy(hits, 'reached[30]', 0.3173105)).toBeLessThan(4);
    expect(offBy(hits, 'reached[-10]', 0.3173105)).toBeLessThan(4);
  });
});

describe('ornstein-uhlenbeck', () => {
  const model = {
    type: 'ornstein-uhlenbeck',
    s0: 1,
    kappaPerYr: 2,
    meanPrice: 0,
    sigmaCurrencyPerSqrtYr: 0.3,
  };
  it.each(BOTH)('has the moments of its transition by %s sampling', (sampling) => {
    const run = runPaths({ model, horizonYr: 0.5, sampling, steps: 6, paths: PATHS });
    expect(offBy(run, 'terminalMean', Math.exp(-1))).toBeLessThan(4);
    expect(offBy(run, 'terminalSd', 0.15 * Math.sqrt(1 - Math.exp(-2)))).toBeLessThan(4);
  });

  it('has the half-life and the stationary deviation of V8', () => {
    expect(runPaths({ model, steps: 2, paths: 10 }).notes.join()).toMatch(
      /Half-life .* 0\.3466 yr.* 0\.1500 /,
    );
  });
});

describe('merton', () => {
  const model = { type: 'merton' };
  it.each(BOTH)('has the mean e^(mu T) and the log moments of V7 by %s sampling', (sampling) => {
    const run = runPaths({ model, sampling, steps: 7, paths: PATHS });
    expect(offBy(run, 'terminalMean', 105.12711)).toBeLessThan(4);
    const law = { sigmaPerSqrtYr: 0.2, jumpsPerYr: 1, jumpMean: -0.1, jumpSd: 0.15 };
    const { mean, variance } = mertonLogMoments(law, 0.05, 1);
    expect([mean, variance].map((x) => x.toFixed(7))).toEqual(['0.0149257', '0.0725000']);
    const { stateMean, stateSd } = processOf(run.spec).laws[0]!;
    expect(stateMean).toBeCloseTo(mean, 12);
    expect(stateSd * stateSd).toBeCloseTo(variance, 12);
  });

  it.each([
    [1, -0.1, 0.15, 12.76128859],
    [0.5, -0.2, 0.1, 12.27208892],
  ])('prices the calls of V7: %d jumps a year', (jumpsPerYr, jumpLogMean, jumpLogSd, price) => {
    const run = runPaths({
      model: { ...model, jumpsPerYr, jumpLogMean, jumpLogSd },
      sampling: 'exact',
      control: true,
      paths: PATHS,
      payoffs: [{ type: 'european', strike: 100 }],
    });
    expect(offBy(run, 'payoff1', price)).toBeLessThan(4);
  });

  it('is gbm without jumps', () => {
    const plain = runPaths({ model: { ...model, jumpsPerYr: 0 }, sampling: 'exact', paths: PATHS });
    expect(offBy(plain, 'terminalSd', 21.237439)).toBeLessThan(4);
  });
});

describe('heston', () => {
  const fangOosterlee = {
    type: 'heston',
    driftPerYr: 0,
    startVariancePerYr: 0.0175,
    kappaPerYr: 1.5768,
    longVariancePerYr: 0.0398,
    xiPerYr: 0.5751,
    rho: -0.5711,
  };
  const broadieKaya = {
    type: 'heston',
    driftPerYr: 0.0319,
    startVariancePerYr: 0.010201,
    kappaPerYr: 6.21,
    longVariancePerYr: 0.019,
    xiPerYr: 0.61,
    rho: -0.7,
  };
  it.each([
    ['Fang & Oosterlee', fangOosterlee, 0, 5.78515543],
    ['Broadie & Kaya', broadieKaya, 0.0319, 6.80611331],
  ])('prices the call of %s in V7', (_name, model, ratePerYr, price) => {
    const payoffs = [{ type: 'european', strike: 100 }];
    const run = runPaths({ model, ratePerYr, steps: 48, paths: 40_000, payoffs, control: true });
    expect(offBy(run, 'payoff1', price)).toBeLessThan(4);
  });

  it('keeps the mean price with a few long steps, by the martingale correction', () => {
    for (const steps of [1, 3]) {
      const run = runPaths({ model: fangOosterlee, steps, paths: PATHS, horizonYr: 5 });
      expect(offBy(run, 'terminalMean', 100)).toBeLessThan(4);
    }
  });

  it('warns of a violated Feller condition and goes on', () => {
    expect(runPaths({ model: fangOosterlee, steps: 2, paths: 10 }).notes.join()).toMatch(/Feller/);
    expect(runPaths({ model: { type: 'heston' }, steps: 2, paths: 10 }).notes.join()).not.toMatch(/Feller/);
  });
});

describe('regime-switching', () => {
  it('has the mean and the deviation that the recursion over its regimes gives', () => {
    const run = runPaths({ model: { type: 'regime-switching' }, steps: 40, paths: PATHS });
    const law = processOf(run.spec).laws[0]!;
    expect(offBy(run, 'terminalMean', law.mean)).toBeLessThan(4);
    // Recomputed by the rows of V9: expected share of the steps in each regime, from bull.
    let share = [1, 0, 0];
    const visits = [0, 0, 0];
    const P = [
      [0.9, 0.02, 0.08],
      [0.02, 0.9, 0.08],
      [0.15, 0.15, 0.7],
    ];
    for (let j = 0; j < 40; j++) {
      share.forEach((p, i) => (visits[i]! += p / 40));
      share = [0, 1, 2].map((to) => share.reduce((sum, p, i) => sum + p * P[i]![to]!, 0));
    }
    const drift = [0.25, -0.35, 0.02];
    const sigma = [0.15, 0.3, 0.1];
    const mean = visits.reduce((sum, v, i) => sum + v * (drift[i]! - 0.5 * sigma[i]! ** 2), 0);
    expect(law.stateMean).toBeCloseTo(mean, 12);
    // E[S_T^2] by regime: each step multiplies by e^((2 mu + sigma^2) / 40) and then moves the regime.
    let square = [1e4, 0, 0];
    for (let j = 0; j < 40; j++) {
      const grown = square.map((x, i) => x * Math.exp((2 * drift[i]! + sigma[i]! ** 2) / 40));
      square = [0, 1, 2].map((to) => grown.reduce((sum, x, i) => sum + x * P[i]![to]!, 0));
    }
    const sd = Math.sqrt(square[0]! + square[1]! + square[2]! - law.mean ** 2);
    expect(offBy(run, 'terminalSd', sd)).toBeLessThan(4);
  });

  it('is gbm where all regimes are equal', () => {
    const model = {
      type: 'regime-switching',
      regimeDriftsPerYr: [0.05, 0.05],
      regimeSigmasPerSqrtYr: [0.2, 0.2],
      transition: [
        [0.5, 0.5],
        [0.1, 0.9],
      ],
    };
    const run = runPaths({ model, steps: 10, paths: PATHS });
    expect(offBy(run, 'terminalMean', 105.12711)).toBeLessThan(4);
    expect(offBy(run, 'terminalSd', 21.237439)).toBeLessThan(4);
  });
});

describe('correlated-gbm', () => {
  const model = { type: 'correlated-gbm', weights: [1, -1] };
  it.each(BOTH)('has each asset’s law and the covariance in its basket by %s sampling', (sampling) => {
    const run = runPaths({ model, sampling, steps: 3, paths: PATHS });
    expect(offBy(run, 'asset1TerminalMean', 105.12711)).toBeLessThan(4);
    expect(offBy(run, 'asset1TerminalSd', 21.237439)).toBeLessThan(4);
    expect(offBy(run, 'asset2TerminalSd', 105.12711 * Math.sqrt(Math.exp(0.09) - 1))).toBeLessThan(4);
    const variance = 105.12711 ** 2 * (Math.exp(0.04) + Math.exp(0.09) - 2 * Math.exp(0.03));
    expect(offBy(run, 'basketTerminalSd', Math.sqrt(variance))).toBeLessThan(4);
  });

  it('prices the exchange of one asset for the other as Margrabe (1978) does', () => {
    const payoffs = [{ type: 'european', strike: 0 }];
    const run = runPaths({ model, sampling: 'exact', paths: PATHS, payoffs });
    // 100 (2 N(v / 2) - 1), v^2 = .04 + .09 - 2 .5 .2 .3 = .07; N(.13228757) = .55262131.
    expect(offBy(run, 'payoff1', 100 * (2 * 0.55262131 - 1))).toBeLessThan(4);
  });

  it('holds three assets together by their correlations', () => {
    const correlation = [
      [1, 0.9, -0.3],
      [0.9, 1, 0],
      [-0.3, 0, 1],
    ];
    const three = {
      type: 'correlated-gbm',
      startPrices: [10, 20, 5],
      driftsPerYr: [0, 0, 0],
      sigmasPerSqrtYr: [0.1, 0.2, 0.4],
      correlation,
      weights: [1, 1, 2],
    };
    const run = runPaths({ model: three, sampling: 'exact', paths: PATHS });
    const value = [10, 20, 10];
    const sigma = three.sigmasPerSqrtYr;
    let variance = 0;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        variance += value[i]! * value[j]! * (Math.exp(correlation[i]![j]! * sigma[i]! * sigma[j]!) - 1);
      }
    }
    expect(offBy(run, 'basketTerminalMean', 40)).toBeLessThan(4);
    expect(offBy(run, 'basketTerminalSd', Math.sqrt(variance))).toBeLessThan(4);
  });
});
