/** The kind `paths`: what its tables and summary hold, its faults, and how it stops and counts. */
import { describe, expect, it } from 'vitest';
import type { Table } from '../../../src/contract/columns.js';
import type { MmsError } from '../../../src/contract/problem.js';
import { CONTROL_PROGRESS, CONTROL_SLOTS } from '../../../src/core/control.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import kind from '../../../src/kinds/paths/index.js';
import { run } from '../../../src/kinds/paths/run.js';
import type { PathsSpec } from '../../../src/kinds/paths/spec.js';

function runAll(input: object, seed = 1): { spec: PathsSpec; tables: Table[]; control: Int32Array } {
  const spec = checkSpec(kind, input);
  const control = new Int32Array(CONTROL_SLOTS);
  const tables = run({ spec, seed, from: 0, to: kind.units(spec), inputs: {}, control })!;
  return { spec, tables, control };
}

function metricsOf(input: object): Map<string, { value: number | null; standardError: number | null }> {
  const { spec, tables } = runAll(input);
  return new Map(kind.summarise(spec, tables, {}).metrics.map((metric) => [metric.name, metric]));
}

function column(tables: readonly Table[], table: string, name: string): number[] {
  const at = kind.tables.findIndex((decl) => decl.name === table);
  const c = kind.tables[at]!.columns.findIndex((decl) => decl.name === name);
  return [...tables[at]!.columns[c]!];
}

describe('paths', () => {
  it('runs from an empty spec and finds V7 within 4 standard errors', () => {
    const metrics = metricsOf({});
    const near = (name: string, expected: number): void => {
      const { value, standardError } = metrics.get(name)!;
      expect(Math.abs(value! - expected)).toBeLessThan(4 * standardError!);
    };
    near('terminalMean', 105.12711);
    near('terminalSd', 21.237439);
    near('maximumMean', 120.15037);
    // Quantiles of the lognormal law; the tolerance is 4 of their own errors at 100,000 paths, 0.14 to 0.38.
    for (const [name, z] of [
      ['terminalP05', -1.6448536],
      ['terminalP50', 0],
      ['terminalP95', 1.6448536],
    ] as const) {
      expect(Math.abs(metrics.get(name)!.value! - 100 * Math.exp(0.03 + 0.2 * z))).toBeLessThan(1.5);
    }
  });

  it('counts every path once: 2,048 in each block, the rest in the last one', () => {
    const { tables, control } = runAll({ paths: 5_000 });
    expect(column(tables, 'blocks', 'paths')).toEqual([2048, 2048, 904]);
    const histogram = column(tables, 'terminalHistogram', 'paths');
    expect(histogram.reduce((sum, n) => sum + n, 0)).toBe(5_000);
    expect(control[CONTROL_PROGRESS]).toBe(10_000);
  });

  it('keeps extremes, means and the histogram consistent with each other', () => {
    for (const sampling of ['exact', 'stepped']) {
      const { tables } = runAll({ paths: 3_000, sampling, steps: 20 });
      const get = (name: string): number[] => column(tables, 'blocks', name);
      get('terminalMean').forEach((mean, i) => {
        expect(get('terminalMin')[i]).toBeLessThan(mean);
        expect(get('terminalMax')[i]).toBeGreaterThan(mean);
        expect(get('maximumMin')[i]).toBeGreaterThanOrEqual(100);
        expect(get('maximumMax')[i]).toBeGreaterThanOrEqual(get('terminalMax')[i]!);
      });
      const low = column(tables, 'terminalHistogram', 'lowPrice');
      const high = column(tables, 'terminalHistogram', 'highPrice');
      low.forEach((price, i) => expect(price).toBeLessThan(high[i]!));
    }
  });

  it.each([
    ['stepped', 20, 21],
    ['stepped', 1_000, 201],
    ['stepped', 999, 201],
    ['exact', 252, 201],
  ])('shows 50 paths: %s sampling of %d steps at %d times', (sampling, steps, times) => {
    const { tables } = runAll({ paths: 2_100, sampling, steps });
    const time = column(tables, 'samplePaths', 'timeYr');
    const price = column(tables, 'samplePaths', 'price');
    expect(time.length).toBe(50 * times);
    for (let path = 0; path < 50; path++) {
      expect(time[path * times]).toBe(0);
      expect(price[path * times]).toBe(100);
      expect(time[(path + 1) * times - 1]).toBe(1);
    }
  });

  it.each(['exact', 'stepped'])(
    'shows paths that are counted: %s ones end at the extremes of a tiny job',
    (sampling) => {
      const { tables } = runAll({ paths: 50, sampling, steps: 30 });
      const time = column(tables, 'samplePaths', 'timeYr');
      const ends = column(tables, 'samplePaths', 'price').filter((_, i) => time[i] === 1);
      expect(Math.min(...ends)).toBe(column(tables, 'blocks', 'terminalMin')[0]);
      expect(Math.max(...ends)).toBe(column(tables, 'blocks', 'terminalMax')[0]);
    },
  );

  it('gives a single path no standard error', () => {
    const { value, standardError } = metricsOf({ paths: 1 }).get('terminalMean')!;
    expect(value).toBeGreaterThan(0);
    expect(standardError).toBeNull();
  });

  it('refuses a law whose prices leave the range of doubles', () => {
    const refused = (spec: object): unknown => {
      try {
        return checkSpec(kind, spec);
      } catch (error) {
        return (error as MmsError).problem.errors;
      }
    };
    expect(refused({ sigmaPerSqrtYr: 10, horizonYr: 100 })).toMatchObject([
      { pointer: '/spec/sigmaPerSqrtYr' },
    ]);
    const { tables } = runAll({ sigmaPerSqrtYr: 4, horizonYr: 3, s0: 1e9, paths: 2_048 });
    for (const data of tables.flatMap((table) => table.columns))
      expect([...data].every(Number.isFinite)).toBe(true);
  });

  it('tells an estimate of its cost that grows with paths, and with steps only where they are walked', () => {
    const steps = (input: object): number => {
      const spec = checkSpec(kind, input);
      return kind.cost(spec).stepsPerUnit * kind.units(spec);
    };
    expect(steps({ paths: 200_000 })).toBeCloseTo(2 * steps({ paths: 100_000 }), 3);
    expect(steps({ steps: 1 })).toBe(steps({ steps: 1_000 }));
    expect(steps({ sampling: 'stepped', steps: 1_000 })).toBeGreaterThan(30 * steps({}));
  });
});
