/**
 * The kind `paths`: what its tables hold, that cuts do not matter, its faults, and how it stops and counts.
 */
import { describe, expect, it } from 'vitest';
import type { MmsError } from '../../../src/contract/problem.js';
import { CONTROL_CANCEL, CONTROL_PROGRESS, CONTROL_SLOTS } from '../../../src/core/control.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import { checkCost, DEFAULT_LIMITS } from '../../../src/jobs/limits.js';
import kind from '../../../src/kinds/paths/index.js';
import { run } from '../../../src/kinds/paths/run.js';
import { runPaths } from '../../support/run-paths.js';

const refused = (spec: object): unknown => {
  try {
    return checkSpec(kind, spec);
  } catch (error) {
    return (error as MmsError).problem.errors;
  }
};

describe('paths', () => {
  it.each([
    { paths: 20_000, steps: 5 },
    { paths: 20_000, sampling: 'exact', antithetic: true },
    { paths: 15_001, steps: 3, wholePaths: true },
    { paths: 40_000, steps: 3, points: 'sobol', model: { type: 'heston' } },
    { paths: 900, steps: 3, points: 'sobol', sampling: 'exact' },
    {
      paths: 20_000,
      steps: 3,
      model: { type: 'correlated-gbm' },
      control: true,
      payoffs: [{ type: 'european' }],
    },
  ])('gives the same bytes in 1 and in 7 chunks: %o', (spec) => {
    expect(runPaths(spec, 3, 7).digest).toBe(runPaths(spec, 3, 1).digest);
  });

  it('counts every path once, and reports progress', () => {
    const spec = checkSpec(kind, { paths: 5_000, steps: 3 });
    const control = new Int32Array(CONTROL_SLOTS);
    run({ spec, seed: 1, from: 0, to: kind.units(spec), inputs: {}, control });
    expect(control[CONTROL_PROGRESS]).toBe(10_000);
    const { column } = runPaths({ paths: 5_000, steps: 3 });
    expect(column('terminalHistogram', 'paths').reduce((sum, n) => sum + n, 0)).toBe(5_000);
    expect(new Set(column('quantities', 'paths'))).toEqual(new Set([5_000]));
  });

  it('has a result whose size does not grow with the paths', () => {
    const few = checkSpec(kind, { paths: 3_000_000 });
    const many = checkSpec(kind, { paths: 1_000_000_000 });
    expect(kind.units(many)).toBeLessThanOrEqual(1_024);
    expect(kind.cost(many).resultBytes).toBeLessThan(2 * kind.cost(few).resultBytes);
    const rows = (paths: number): number =>
      runPaths({ sampling: 'exact', paths }).tables.reduce((sum, table) => sum + table.rows, 0);
    expect(rows(300_000)).toBeLessThan(rows(30_000) * 1.2);
  });

  it('stops in the middle of a block', () => {
    const spec = checkSpec(kind, { paths: 2_048, steps: 1_000 });
    const control = new Int32Array(CONTROL_SLOTS);
    control[CONTROL_CANCEL] = 1;
    expect(run({ spec, seed: 1, from: 0, to: 1, inputs: {}, control })).toBeNull();
  });

  it('keeps whole paths that end where the result says', () => {
    const whole = runPaths({ paths: 40, steps: 30, wholePaths: true });
    const ends = whole.column('paths', 'price').filter((_, row) => row % 31 === 30);
    expect(Math.min(...ends)).toBe(whole.column('quantities', 'min')[0]);
    expect(Math.max(...ends)).toBe(whole.column('quantities', 'max')[0]);
    // The picture shows the same paths.
    expect(whole.column('samplePaths', 'price')).toEqual(whole.column('paths', 'price'));
  });

  it.each([{}, { antithetic: true }, { precision: 'f32-draws' }])(
    'draws the same paths by the fused kernels and one by one: %o',
    (spec) => {
      const base = { ...spec, steps: 20, paths: 4_500, payoffs: [{ type: 'asian', strike: 100 }] };
      const fused = runPaths(base);
      const walked = runPaths({ ...base, wholePaths: true });
      for (const name of ['mean', 'sd', 'meanError', 'min', 'max']) {
        const expected = walked.column('quantities', name);
        fused.column('quantities', name).forEach((value, i) => {
          // Prices are rounded otherwise, paths are the same.
          expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(1e-12);
        });
      }
      expect(fused.estimate('payoff1').value).toBeCloseTo(walked.estimate('payoff1').value, 11);
      expect(fused.column('terminalHistogram', 'paths')).toEqual(walked.column('terminalHistogram', 'paths'));
    },
  );

  it.each([
    ['stepped', 20, 21],
    ['stepped', 1_000, 201],
    ['stepped', 999, 201],
    ['exact', 252, 201],
  ])('shows 50 paths: %s sampling of %d steps at %d times', (sampling, steps, times) => {
    const { column } = runPaths({ paths: 60, sampling, steps });
    const time = column('samplePaths', 'timeYr');
    const price = column('samplePaths', 'price');
    expect(time.length).toBe(50 * times);
    for (let path = 0; path < 50; path++) {
      expect(time[path * times]).toBe(0);
      expect(price[path * times]).toBe(100);
      expect(time[(path + 1) * times - 1]).toBe(1);
    }
  });

  it('gives a single path no standard error', () => {
    const { value, standardError } = runPaths({ paths: 1, steps: 2 }).metrics.get('terminalMean')!;
    expect(value).toBeGreaterThan(0);
    expect(standardError).toBeNull();
  });

  it('stays finite at the edge of the doubles', () => {
    const model = { type: 'gbm', s0: 1e9, sigmaPerSqrtYr: 4 };
    const { tables } = runPaths({ model, sampling: 'exact', horizonYr: 3, paths: 2_048 });
    for (const data of tables.flatMap((table) => table.columns))
      expect([...data].every(Number.isFinite)).toBe(true);
  });
});

describe('faults name their field', () => {
  const gbm = (fields: object) => ({ model: { type: 'gbm', ...fields } });
  const pair = (correlation: number[][]) => ({ model: { type: 'correlated-gbm', correlation } });
  it.each<[string, object, string, RegExp]>([
    ['volatility 0', gbm({ sigmaPerSqrtYr: 0 }), '/spec/model/sigmaPerSqrtYr', /got 0/],
    ['negative volatility', gbm({ sigmaPerSqrtYr: -0.2 }), '/spec/model/sigmaPerSqrtYr', /got -0\.2/],
    [
      'prices beyond the doubles',
      { ...gbm({ sigmaPerSqrtYr: 10 }), horizonYr: 100 },
      '/spec/model/sigmaPerSqrtYr',
      /at most 150/,
    ],
    [
      'a correlation that cannot be',
      {
        model: {
          type: 'correlated-gbm',
          startPrices: [1, 1, 1],
          driftsPerYr: [0, 0, 0],
          sigmasPerSqrtYr: [0.1, 0.1, 0.1],
          weights: [1, 1, 1],
          correlation: [
            [1, 0.9, -0.9],
            [0.9, 1, 0.9],
            [-0.9, 0.9, 1],
          ],
        },
      },
      '/spec/model/correlation',
      /eigenvalue -0\.8 is not above 0/,
    ],
    [
      'a singular correlation',
      pair([
        [1, 1],
        [1, 1],
      ]),
      '/spec/model/correlation',
      /eigenvalue 0 /,
    ],
    [
      'an asymmetric correlation',
      pair([
        [1, 0.2],
        [0.3, 1],
      ]),
      '/spec/model/correlation/1/0',
      /symmetric/,
    ],
    [
      'a diagonal other than 1',
      pair([
        [2, 0],
        [0, 1],
      ]),
      '/spec/model/correlation/0/0',
      /from -1 to 1|1 on the/,
    ],
    [
      'lists of other lengths',
      { model: { type: 'correlated-gbm', sigmasPerSqrtYr: [0.1] } },
      '/spec/model/sigmasPerSqrtYr',
      /Expected 2 entries/,
    ],
    [
      'rows that do not sum to 1',
      {
        model: {
          type: 'regime-switching',
          transition: [
            [0.9, 0.1, 0.1],
            [0, 1, 0],
            [0, 0, 1],
          ],
        },
      },
      '/spec/model/transition/0',
      /sum to 1; got 1\.1/,
    ],
    ['exact Heston', { model: { type: 'heston' }, sampling: 'exact' }, '/spec/sampling', /no exact sampler/],
    [
      'an exact average',
      { sampling: 'exact', payoffs: [{ type: 'asian' }] },
      '/spec/payoffs/0/type',
      /no fixings/,
    ],
    [
      'a barrier behind the start',
      { payoffs: [{ type: 'european' }, { type: 'barrier', direction: 'up', barrier: 90 }] },
      '/spec/payoffs/1/barrier',
      /above the start 100/,
    ],
    ['half a pair', { antithetic: true, paths: 101 }, '/spec/paths', /even number/],
    [
      'too many dimensions',
      { points: 'sobol', steps: 400, model: { type: 'merton' } },
      '/spec/steps',
      /at most 370 steps/,
    ],
    ['too few points', { points: 'sobol', paths: 9, steps: 5 }, '/spec/paths', /at least 16/],
    ['pairs of points', { points: 'sobol', antithetic: true }, '/spec/antithetic', /false/],
    ['single points', { points: 'sobol', precision: 'f32-draws' }, '/spec/precision', /f64/],
    ['exact whole paths', { sampling: 'exact', wholePaths: true }, '/spec/wholePaths', /stepped/],
    [
      'Greeks of a model without',
      { model: { type: 'ornstein-uhlenbeck' }, greeks: true },
      '/spec/greeks',
      /gbm/,
    ],
    ['Greeks of nothing', { greeks: true }, '/spec/greeks', /without payoffs/],
    [
      'a typing slip in a payoff',
      { payoffs: [{ type: 'european', strik: 1 }] },
      '/spec/payoffs/0/strik',
      /strike/,
    ],
  ])('%s', (_name, spec, pointer, message) => {
    expect(refused(spec)).toMatchObject([{ pointer, message: expect.stringMatching(message) as string }]);
  });

  it('a job that is too large names the largest number of paths, and that one passes', () => {
    const refuse = (input: object): { pointer: string; message: string } => {
      try {
        checkCost(kind, checkSpec(kind, input), DEFAULT_LIMITS);
      } catch (error) {
        return (error as MmsError).problem.errors![0]!;
      }
      throw new Error('The job passed');
    };
    const { pointer, message } = refuse({ wholePaths: true, paths: 1_000_000 });
    expect(pointer).toBe('/spec/paths');
    const largest = Number(/largest paths allowed is ([\d,]+)/.exec(message)![1]!.replaceAll(',', ''));
    expect(largest).toBeGreaterThan(10_000);
    checkCost(kind, checkSpec(kind, { wholePaths: true, paths: largest }), DEFAULT_LIMITS);
    expect(refuse({ wholePaths: true, paths: largest + 1 }).message).toMatch(/bytes of result/);
    expect(refuse({ steps: 100_000, paths: 1e9 }).pointer).toBe('/spec/paths');
  });

  it('tells a cost that grows with paths, and with steps only where they are walked', () => {
    const steps = (input: object): number => {
      const spec = checkSpec(kind, input);
      return kind.cost(spec).stepsPerUnit * kind.units(spec);
    };
    expect(steps({ paths: 200_000 })).toBeCloseTo(2 * steps({ paths: 100_000 }), 3);
    expect(steps({ steps: 1, sampling: 'exact' })).toBe(steps({ sampling: 'exact' }));
    expect(steps({ steps: 1_000 })).toBeGreaterThan(30 * steps({ sampling: 'exact' }));
  });
});
