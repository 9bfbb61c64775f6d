/**
 * Hedge ratios, unit-root and cointegration tests, lead and lag: against each other, the law and real data.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engleGranger, johansen } from '../../../../src/core/fit/pairs/cointegration.js';
import { fitLine, fitTotalLine, KalmanLine } from '../../../../src/core/fit/pairs/hedge-ratio.js';
import { leadLag } from '../../../../src/core/fit/pairs/lead-lag.js';
import { criticalValues } from '../../../../src/core/fit/pairs/mackinnon.js';
import { nestedSse, regress } from '../../../../src/core/fit/pairs/regression.js';
import { CHOOSE_LAGS, testUnitRoot } from '../../../../src/core/fit/pairs/unit-root.js';
import { Stream } from '../../../../src/core/rng/stream.js';
import { withShared } from '../../../support/shared.js';

const normals = (seed: number, n: number): Float64Array => {
  const stream = new Stream(seed, 0, 3);
  return Float64Array.from({ length: n }, () => stream.normal());
};
const walk = (seed: number, n: number, step = 1): Float64Array => {
  let at = 0;
  return normals(seed, n).map((z) => (at += step * z));
};

describe('least squares', () => {
  it('leaves residuals that are orthogonal to every column, and finds what was put in', () => {
    const [a, b, e] = [walk(1, 400), walk(2, 400), normals(3, 400)];
    const one = new Float64Array(400).fill(1);
    const y = e.map((z, i) => 3 - 2 * a[i]! + 0.5 * b[i]! + z);
    const fit = regress(y, [one, a, b])!;
    for (const column of [one, a, b]) {
      const product = column.reduce((sum, value, i) => sum + value * fit.residuals[i]!, 0);
      expect(Math.abs(product)).toBeLessThan(1e-9);
    }
    [3, -2, 0.5].forEach((truth, i) => {
      expect(Math.abs(fit.coefficients[i]! - truth)).toBeLessThan(4 * fit.standardErrors[i]!);
    });
    const nested = nestedSse(y, [one, a, b])!;
    expect(nested[3]! / fit.sse).toBeCloseTo(1, 10);
    expect(nested[1]! / regress(y, [one])!.sse).toBeCloseTo(1, 10);
    expect(regress(y, [one, a, a.map((value) => 2 * value + 1)])).toBeNull();
  });
});

describe('hedge ratios', () => {
  it('of a Kalman filter without state noise and with a diffuse start equal least squares', () => {
    const rows = fc.array(
      fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.integer({ min: -50, max: 50 })),
      {
        minLength: 4,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(rows, (pairs) => {
        const y = Float64Array.from(pairs, ([value]) => value);
        const x = Float64Array.from(pairs, ([, value]) => value / 7 + 40);
        const line = fitLine(y, x);
        const filter = new KalmanLine({ slopeNoise: 0, interceptNoise: 0 });
        for (let i = 0; i < y.length; i++) filter.add(y[i]!, x[i]!);
        if (line === null) {
          expect(filter.slope).toBeNaN();
          return;
        }
        expect(Math.abs(filter.slope - line.slope)).toBeLessThan(1e-7 * (1 + Math.abs(line.slope)));
        const sse = line.residualSd ** 2 * (y.length - 1);
        expect(Math.abs(filter.noiseVariance() * (y.length - 2) - sse)).toBeLessThan(1e-7 * (1 + sse));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('of a Kalman filter leave white surprises of the noise variance where the slope walks as it supposes', () => {
    const n = 20_000;
    const [x, e, steps] = [walk(4, n, 0.1), normals(5, n), walk(6, n, 0.5 * Math.sqrt(1e-4))];
    const y = x.map((value, i) => 7 + (1 + steps[i]!) * value + 0.5 * e[i]!);
    const filter = new KalmanLine({ slopeNoise: 1e-4, interceptNoise: 0 });
    const surprises: number[] = [];
    for (let i = 0; i < n; i++) {
      filter.add(y[i]!, x[i]!);
      if (i > 2) surprises.push(filter.surprise / Math.sqrt(filter.surpriseVariance));
    }
    const four = 4 * Math.sqrt(1 / n);
    expect(Math.abs(filter.noiseVariance() / 0.25 - 1)).toBeLessThan(Math.SQRT2 * four);
    const squares = surprises.reduce((sum, value) => sum + value * value, 0);
    const neighbours = surprises.reduce((sum, value, i) => sum + value * (surprises[i + 1] ?? 0), 0);
    expect(Math.abs(neighbours / squares)).toBeLessThan(four);
    expect(Math.abs(filter.slope - 1 - steps[n - 1]!)).toBeLessThan(
      Math.abs(fitLine(y, x)!.slope - 1 - steps[n - 1]!),
    );
  });

  it('by total least squares do not depend on which leg is called y, and undo noise in x', () => {
    const [value, e, f] = [normals(6, 20_000), normals(7, 20_000), normals(8, 20_000)];
    const y = value.map((v, i) => 1.5 * v + e[i]!);
    const x = value.map((v, i) => v + f[i]!);
    const total = fitTotalLine(y, x)!;
    expect(total.slope * fitTotalLine(x, y)!.slope).toBeCloseTo(1, 12);
    expect(total.slope).toBeCloseTo(1.5, 1);
    expect(fitLine(y, x)!.slope).toBeCloseTo(0.75, 1);
  });
});

describe('the unit-root test', () => {
  it('rejects a walk as often as its critical values say', () => {
    const samples = 3_000;
    let [five, one] = [0, 0];
    for (let seed = 1; seed <= samples; seed++) {
      const { statistic, critical } = testUnitRoot(walk(seed, 120), 'constant', 0)!;
      if (statistic < critical.fivePercent) five++;
      if (statistic < critical.onePercent) one++;
    }
    // Four binomial standard errors.
    expect(Math.abs(five / samples - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / samples));
    expect(Math.abs(one / samples - 0.01)).toBeLessThan(4 * Math.sqrt((0.01 * 0.99) / samples));
  });

  it('has p-values that agree with its critical values', () => {
    for (const trend of ['none', 'constant', 'trend'] as const) {
      const { statistic, pValue } = testUnitRoot(walk(9, 500), trend, CHOOSE_LAGS)!;
      const critical = criticalValues(trend, 1, Infinity);
      expect(statistic < critical.tenPercent).toBe(pValue < 0.1);
    }
  });

  it('sees reversion, chooses no more lags than needed, and refuses what is too short or constant', () => {
    let level = 0;
    const reverting = normals(10, 800).map((z) => (level = 0.8 * level + z));
    const test = testUnitRoot(reverting, 'constant', CHOOSE_LAGS)!;
    expect(test.pValue).toBeLessThan(1e-6);
    expect(test.slope).toBeCloseTo(-0.2, 1);
    expect(testUnitRoot(new Float64Array(80).fill(4), 'constant', 1)).toBeNull();
    expect(testUnitRoot(walk(1, 6), 'constant', 1)).toBeNull();
  });
});

describe('the cointegration tests', () => {
  it('reject two independent walks as often as their critical values say', () => {
    const samples = 1_500;
    let [residual, trace, maximum] = [0, 0, 0];
    for (let seed = 1; seed <= samples; seed++) {
      const [y, x] = [walk(2 * seed, 400), walk(2 * seed + 1, 400)];
      const test = engleGranger(y, x, 0)!;
      if (test.statistic < test.critical.fivePercent) residual++;
      // Johansen's values are those of series with a drift.
      const both = johansen(
        y.map((value, i) => value + i),
        x.map((value, i) => value + i / 2),
        0,
      )!;
      if (both.tracePBelow <= 0.05) trace++;
      if (both.maximumPBelow <= 0.05) maximum++;
    }
    const error = 4 * Math.sqrt((0.05 * 0.95) / samples);
    expect(Math.abs(residual / samples - 0.05)).toBeLessThan(error);
    expect(Math.abs(trace / samples - 0.05)).toBeLessThan(error);
    expect(Math.abs(maximum / samples - 0.05)).toBeLessThan(error);
  });

  it('find a pair and its ratio', () => {
    const x = walk(11, 1_000);
    let spread = 0;
    const y = normals(12, 1_000).map((z, i) => 5 + 0.7 * x[i]! + (spread = 0.9 * spread + 0.5 * z));
    expect(engleGranger(y, x, CHOOSE_LAGS)!.pValue).toBeLessThan(0.001);
    const both = johansen(y, x, 1)!;
    expect(both.tracePBelow).toBe(0.01);
    expect(both.hedgeRatio).toBeCloseTo(0.7, 1);
    expect(johansen(x, y, 1)!.hedgeRatio).toBeCloseTo(1 / both.hedgeRatio, 9);
    expect(engleGranger(x, x, 0)).toBeNull();
    expect(
      johansen(
        x,
        x.map((value) => 2 * value),
        1,
      ),
    ).toBeNull();
  });
});

describe('lead and lag', () => {
  it('finds by how much the first price leads, at times that never coincide', () => {
    const stream = new Stream(13, 0, 3);
    const path = walk(14, 40_001, 0.1);
    const times = (): Float64Array =>
      Float64Array.from({ length: 6_000 }, () => 100 + 3_800 * stream.uniform()).sort();
    const at = (t: number): number => path[Math.floor(10 * t)]!;
    const [ta, tb] = [times(), times()];
    const leader = ta.map(at);
    const follower = tb.map((t) => at(t - 3));
    const found = leadLag(ta, leader, tb, follower, 10, 40)!;
    expect(found.lag).toBeCloseTo(3, 0);
    expect(Math.abs(found.lag - 3)).toBeLessThanOrEqual(0.25);
    expect(found.correlation).toBeGreaterThan(0.4);
    expect(found.asymmetry).toBeGreaterThan(2);
    expect(leadLag(tb, follower, ta, leader, 10, 40)!.lag).toBe(-found.lag);
    expect(leadLag(ta, leader, tb, new Float64Array(6_000), 10, 4)).toBeNull();
  });
});

withShared('KO and PEP, 1997 to 1998', (dir) => {
  const expected = JSON.parse(
    readFileSync(join(dir, 'data/bars/expected.json'), 'utf8'),
  ).pair_KO_PEP_adjclose;
  const closes = (ticker: string): Float64Array => {
    const text = readFileSync(join(dir, `data/bars/daily_${ticker}_1997_1998.csv`), 'utf8').trim();
    return Float64Array.from(text.split('\n').slice(1), (line) => Math.log(Number(line.split(',')[6])));
  };
  const [x, y] = [closes('KO'), closes('PEP')];
  const line = fitLine(y, x)!;
  const spread = y.map((value, i) => value - line.intercept - line.slope * x[i]!);

  it('have the hedge ratio of other people', () => {
    expect(x.length).toBe(expected.n);
    expect(line.intercept).toBeCloseTo(expected.intercept, 12);
    expect(line.slope).toBeCloseTo(expected.hedge_ratio, 12);
    expect(line.r2).toBeCloseTo(expected.r2, 12);
    expect(line.residualSd).toBeCloseTo(expected.spread_std_ddof1, 12);
  });

  it('have their unit-root statistics and p-values', () => {
    const plain = testUnitRoot(spread, 'none', 0)!;
    expect(plain.statistic).toBeCloseTo(expected.df_no_const_lag0, 10);
    const adf = testUnitRoot(spread, 'constant', 1)!;
    expect(adf.statistic).toBeCloseTo(expected.adf_const_lag1_stat, 10);
    expect(adf.pValue).toBeCloseTo(expected.adf_const_lag1_pvalue, 10);
  });

  it('are not cointegrated by either test', () => {
    const test = engleGranger(y, x, 1)!;
    expect(test.statistic).toBeCloseTo(expected.engle_granger_const_maxlag1_stat, 10);
    expect(test.pValue).toBeCloseTo(expected.engle_granger_pvalue, 10);
    const both = johansen(y, x, 1)!;
    const { trace, max_eig: maximum, eig } = expected.johansen_det0_kardiff1;
    both.trace.forEach((value, i) => expect(value).toBeCloseTo(trace[i], 9));
    both.maximum.forEach((value, i) => expect(value).toBeCloseTo(maximum[i], 9));
    both.eigenvalues.forEach((value, i) => expect(value).toBeCloseTo(eig[i], 12));
    expect(both.tracePBelow).toBe(1);
  });
});
