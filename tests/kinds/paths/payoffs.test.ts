/**
 * Payoffs, Greeks and their errors: identities that hold path by path, closed forms, and what pairs and
 * controls win.
 */
import { describe, expect, it } from 'vitest';
import { barrierPrice } from '../../../src/core/price/closed-form/barrier.js';
import { blackScholes } from '../../../src/core/price/closed-form/black-scholes.js';
import { geometricAsianPrice } from '../../../src/core/price/closed-form/asian.js';
import { offBy, runPaths } from '../../support/run-paths.js';

const PATHS = 40_000;
const market = { spot: 100, ratePerYr: 0.05, yieldPerYr: 0, horizonYr: 1 };
const call = { type: 'european', strike: 100 };
const put = { type: 'european', option: 'put', strike: 100 };

describe('identities', () => {
  it('put-call parity holds on the sample itself', () => {
    for (const model of ['gbm', 'merton', 'heston', 'regime-switching']) {
      const run = runPaths({ model: { type: model }, steps: 8, paths: 10_000, payoffs: [call, put] });
      const gap = run.estimate('payoff1').value - run.estimate('payoff2').value;
      const forward = run.estimate('terminalMean').value - 100;
      expect(gap).toBeCloseTo(Math.exp(-0.05) * forward, 9);
    }
  });

  it.each(['exact', 'stepped'])('in + out = vanilla for barriers, by %s sampling', (sampling) => {
    const barriers = [
      { direction: 'up', barrier: 125 },
      { direction: 'down', barrier: 85 },
    ].flatMap((where) => ['in', 'out'].map((knock) => ({ ...call, type: 'barrier', knock, ...where })));
    const run = runPaths({ sampling, steps: 20, paths: 10_000, payoffs: [call, ...barriers] });
    const price = (i: number): number => run.estimate(`payoff${i}`).value;
    expect(price(2) + price(3)).toBeCloseTo(price(1), 9);
    expect(price(4) + price(5)).toBeCloseTo(price(1), 9);
  });

  it('an average lies between the extremes, and the geometric one below the arithmetic one', () => {
    const run = runPaths({ steps: 10, paths: 5_000, wholePaths: true });
    const prices = run.column('paths', 'price');
    expect(prices.length).toBe(5_000 * 11);
    let highest = 0;
    let sum = 0;
    for (let path = 0; path < 5_000; path++) {
      const own = prices.slice(path * 11, path * 11 + 11);
      highest += Math.max(...own) / 5_000;
      sum += own.slice(1).reduce((a, b) => a + b) / 50_000;
    }
    expect(run.estimate('maximumMean').value).toBeCloseTo(highest, 9);
    expect(run.estimate('averageMean').value).toBeCloseTo(sum, 9);
    expect(run.estimate('geometricMean').value).toBeLessThan(sum);
  });
});

describe('closed forms', () => {
  it('Black-Scholes prices and Greeks within 4 standard errors, stepped and exact', () => {
    for (const sampling of ['stepped', 'exact']) {
      const run = runPaths({ sampling, steps: 4, paths: PATHS, payoffs: [call, put], greeks: true });
      (['call', 'put'] as const).forEach((option, i) => {
        const truth = blackScholes(market, 100, 0.2, option);
        expect(offBy(run, `payoff${i + 1}`, truth.price)).toBeLessThan(4);
        expect(offBy(run, `payoff${i + 1}Delta`, truth.delta)).toBeLessThan(4);
        expect(offBy(run, `payoff${i + 1}Gamma`, truth.gamma)).toBeLessThan(4);
        expect(offBy(run, `payoff${i + 1}Vega`, truth.vega)).toBeLessThan(4);
      });
    }
  });

  it('Greeks of geometric Asians, lookbacks and barriers are slopes of the prices', () => {
    const payoffs = [
      { type: 'asian', strike: 100, average: 'geometric' },
      { type: 'asian', strike: 100 },
      // Not struck at the start: a maximum over fixings is the start itself with a chance above 0, a kink.
      { type: 'lookback', strike: 105 },
      { type: 'lookback', option: 'put', style: 'floating' },
      { type: 'barrier', strike: 100, direction: 'up', knock: 'out', barrier: 150 },
      { type: 'barrier', option: 'put', strike: 100, direction: 'down', knock: 'in', barrier: 90 },
    ];
    const base = { steps: 4, paths: PATHS, payoffs };
    const at = (s0: number, sigmaPerSqrtYr: number) =>
      runPaths({ ...base, model: { type: 'gbm', s0, sigmaPerSqrtYr } });
    const greeks = runPaths({ ...base, greeks: true });
    // Common random numbers: the difference of two runs has a far smaller error than either.
    const slopes = [
      { name: 'Delta', high: at(101, 0.2), low: at(99, 0.2), width: 2 },
      { name: 'Vega', high: at(100, 0.205), low: at(100, 0.195), width: 0.01 },
    ];
    for (const { name, high, low, width } of slopes) {
      payoffs.forEach((payoff, i) => {
        const slope = (high.estimate(`payoff${i + 1}`).value - low.estimate(`payoff${i + 1}`).value) / width;
        const { value, error } = greeks.estimate(`payoff${i + 1}${name}`);
        // A barrier's difference quotient jumps where a path crosses: its own error is of the same size.
        const own = payoff.type === 'barrier' ? 2 : 1;
        expect(Math.abs(value - slope), `${payoff.type} ${name}`).toBeLessThan(4 * own * error);
      });
    }
    const bump = (spot: number): number => geometricAsianPrice({ ...market, spot }, 100, 0.2, 4, 'call');
    expect(offBy(greeks, 'payoff1', bump(100))).toBeLessThan(4);
    expect(offBy(greeks, 'payoff1Delta', (bump(100.01) - bump(99.99)) / 0.02)).toBeLessThan(4);
    expect(offBy(greeks, 'payoff1Gamma', (bump(101) - 2 * bump(100) + bump(99)) / 1)).toBeLessThan(4);
  });

  it('Greeks of barriers in continuous time are slopes of the closed form', () => {
    const cases = [
      { option: 'call', strike: 100, direction: 'up', knock: 'out', barrier: 130 },
      { option: 'call', strike: 100, direction: 'up', knock: 'in', barrier: 130 },
      { option: 'put', strike: 105, direction: 'down', knock: 'out', barrier: 80 },
      { option: 'put', strike: 105, direction: 'down', knock: 'in', barrier: 80 },
    ] as const;
    const payoffs = cases.map((one) => ({ type: 'barrier', ...one }));
    const run = runPaths({ sampling: 'exact', paths: PATHS, payoffs, greeks: true });
    cases.forEach(({ option, strike, direction, knock, barrier }, i) => {
      const price = (spot: number, sigma: number): number =>
        barrierPrice({ ...market, spot }, strike, barrier, sigma, option, `${direction}-${knock}`);
      const delta = (price(100.01, 0.2) - price(99.99, 0.2)) / 0.02;
      const vega = (price(100, 0.2001) - price(100, 0.1999)) / 0.0002;
      expect(offBy(run, `payoff${i + 1}`, price(100, 0.2))).toBeLessThan(4);
      expect(offBy(run, `payoff${i + 1}Delta`, delta)).toBeLessThan(4);
      expect(offBy(run, `payoff${i + 1}Vega`, vega)).toBeLessThan(4);
    });
  });

  it('says beside an estimate what theory says, and how far it is off', () => {
    const run = runPaths({ sampling: 'exact', paths: 4_000, payoffs: [call] });
    expect(run.metrics.get('payoff1')!.meaning).toMatch(/closed form 10\.450584 \([\d.]+ standard errors/);
  });
});

describe('variance reduction', () => {
  const asian = { type: 'asian', strike: 100 };
  const base = { steps: 16, paths: PATHS, payoffs: [call, asian] };
  const plain = runPaths(base);
  const error = (run: typeof plain, name: string): number => run.estimate(name).error;

  it('antithetic pairs make the error of a call 1.2 times smaller at the least', () => {
    const pairs = runPaths({ ...base, antithetic: true });
    expect(error(plain, 'payoff1') / error(pairs, 'payoff1')).toBeGreaterThan(1.2);
    expect(error(plain, 'terminalMean') / error(pairs, 'terminalMean')).toBeGreaterThan(3);
    expect(offBy(pairs, 'payoff1', 10.450583572186)).toBeLessThan(4);
    expect(pairs.metrics.get('terminalSd')!.standardError).toBeNull();
  });

  it('controls make the error of a call 2 times and of an Asian call 20 times smaller', () => {
    const controlled = runPaths({ ...base, control: true });
    expect(error(plain, 'payoff1') / error(controlled, 'payoff1')).toBeGreaterThan(2);
    expect(error(plain, 'payoff2') / error(controlled, 'payoff2')).toBeGreaterThan(20);
    expect(offBy(controlled, 'payoff1', 10.450583572186)).toBeLessThan(4);
    const apart = Math.abs(controlled.estimate('payoff2').value - plain.estimate('payoff2').value);
    expect(apart).toBeLessThan(4 * error(plain, 'payoff2'));
  });

  it('2,048 Sobol points make the error of an Asian call 20 times smaller, with a control 100 times', () => {
    const sobol = { ...base, points: 'sobol', paths: 32_768 };
    const plain32 = runPaths({ ...base, paths: 32_768 });
    const points = runPaths(sobol);
    const controlled = runPaths({ ...sobol, control: true });
    expect(error(plain32, 'payoff2') / error(points, 'payoff2')).toBeGreaterThan(20);
    expect(error(plain32, 'payoff2') / error(controlled, 'payoff2')).toBeGreaterThan(100);
    for (const run of [points, controlled]) {
      expect(offBy(run, 'payoff1', 10.450583572186)).toBeLessThan(5);
      // The error of 16 means is itself known to 18 %.
      const apart = Math.abs(run.estimate('payoff2').value - plain32.estimate('payoff2').value);
      expect(apart).toBeLessThan(4 * error(plain32, 'payoff2'));
    }
    expect(runPaths({ ...sobol, paths: 40_000 }).metrics.get('paths')!.value).toBe(38_912);
  });

  it('draws single precision to the same means within its rounding', () => {
    const single = runPaths({ ...base, precision: 'f32-draws' });
    expect(single.digest).not.toBe(plain.digest);
    const apart = single.estimate('terminalMean').value / plain.estimate('terminalMean').value - 1;
    expect(Math.abs(apart)).toBeLessThan(1e-6);
  });

  it('states errors that are true: estimates of 60 seeds scatter as much as they say', () => {
    const runs = Array.from({ length: 60 }, (_, seed) =>
      runPaths({ steps: 2, paths: 2_000, payoffs: [call], antithetic: true, control: true }, seed),
    );
    const values = runs.map((run) => run.estimate('payoff1').value);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const scatter = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
    const stated = runs.reduce((sum, run) => sum + error(run, 'payoff1'), 0) / runs.length;
    // The scatter of 60 values is known to 9 %; four times that.
    expect(scatter / stated).toBeGreaterThan(0.64);
    expect(scatter / stated).toBeLessThan(1.36);
  });
});
