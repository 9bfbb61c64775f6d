/** Kind stat-arb: a tied pair is found and earns, one that is not is warned of; bad input names its field. */
import { gzipSync } from 'node:zlib';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Table } from '../../../src/contract/columns.js';
import type { InputData, Summary } from '../../../src/contract/kind.js';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import { createInputReader } from '../../../src/data/input-reader.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import kind from '../../../src/kinds/stat-arb/index.js';
import { run } from '../../../src/kinds/stat-arb/run.js';
import type { Spec } from '../../../src/kinds/stat-arb/spec.js';
import { withShared } from '../../support/shared.js';

const folder = mkdtempSync(join(tmpdir(), 'mms-pairs-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Done {
  readonly spec: Spec;
  readonly tables: Table[];
  readonly summary: Summary;
}

async function go(raw: object, seed = 1): Promise<Done> {
  const spec = checkSpec(kind, raw) as Spec;
  const reader = createInputReader({ root: null });
  const inputs: Record<string, InputData> = {};
  for (const ref of kind.inputs!(spec)) inputs[ref.name] = await reader.read(ref);
  const found = kind.inputFaults!(spec, inputs);
  if (found.length > 0)
    throw new Error(found.map(({ pointer, message }) => `${pointer}: ${message}`).join('; '));
  const tables = run({
    spec,
    seed,
    from: 0,
    to: kind.units(spec),
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.tables])),
    control: new Int32Array(CONTROL_SLOTS),
  })!;
  return { spec, tables, summary: kind.summarise(spec, tables, inputs) };
}

const column = (tables: readonly Table[], table: string, name: string): number[] => {
  const at = kind.tables.findIndex((decl) => decl.name === table);
  return [...tables[at]!.columns[kind.tables[at]!.columns.findIndex((decl) => decl.name === name)]!];
};
const metric = ({ summary }: Done, name: string) => summary.metrics.find((found) => found.name === name)!;

/** The error of a spec that is refused. */
const refusal = (raw: object): string => {
  try {
    checkSpec(kind, raw);
  } catch (error) {
    return JSON.stringify((error as { faults?: unknown }).faults ?? (error as Error).message);
  }
  throw new Error('the spec was accepted');
};

describe('a simulated pair that is tied', () => {
  const tied = { source: { type: 'series', observations: 2_000, halfLifeObs: 8 }, runs: 40 };

  it('is found in every window, its half-life and hedge ratio come back, and its spread earns', async () => {
    const done = await go(tied);
    expect(metric(done, 'cointegratedShare').value).toBe(1);
    const low = column(done.tables, 'pair', 'halfLifeLow').filter((_, row) => row % 2 === 1);
    const high = column(done.tables, 'pair', 'halfLifeHigh').filter((_, row) => row % 2 === 1);
    // Two runs more than the 10 % that may lie outside, by chance (binomial, 40 runs at 95 %).
    expect(low.filter((value, i) => value <= 8 && high[i]! >= 8).length).toBeGreaterThanOrEqual(34);
    const ratio = metric(done, 'hedgeRatio');
    expect(Math.abs(ratio.value! - 1)).toBeLessThan(4 * ratio.standardError!);
    const pnl = metric(done, 'pnl');
    expect(pnl.value!).toBeGreaterThan(4 * pnl.standardError!);
    expect(done.summary.notes.join(' ')).not.toMatch(/Warning/);
  });

  it('earns by every strategy and hedge, and cycles as long as Bertram expects', async () => {
    for (const method of ['ols', 'total', 'kalman', 'given'] as const) {
      const done = await go({
        ...tied,
        runs: 10,
        pair: { method, stateNoise: 0 },
        strategy: { type: 'bertram' },
      });
      expect(metric(done, 'pnl').value!, method).toBeGreaterThan(0);
      // A position is half of a cycle; bands that are watched at observations are crossed late.
      const expected = column(done.tables, 'runs', 'cycleObs').reduce((a, b) => a + b, 0) / 20;
      const held = metric(done, 'holdingObs').value!;
      expect(held / expected, method).toBeGreaterThan(0.9);
      expect(held / expected, method).toBeLessThan(2);
    }
  });

  it('keeps money: PnL is the sum of its positions, each gross minus costs', async () => {
    const { tables } = await go({
      ...tied,
      runs: 3,
      legs: { yMultiplier: 7, xMultiplier: 1000, capital: 5e5 },
    });
    const pnl = column(tables, 'runs', 'pnl');
    const trades = ['run', 'pnl', 'gross', 'costs'].map((name) => column(tables, 'trades', name));
    const [runs, each, gross, costs] = trades as [number[], number[], number[], number[]];
    pnl.forEach((value, i) => {
      const sum = each.reduce((total, one, row) => total + (runs[row] === i ? one : 0), 0);
      expect(sum).toBeCloseTo(value, 6);
    });
    each.forEach((value, row) => expect(value).toBeCloseTo(gross[row]! - costs[row]!, 9));
    const hedge = column(tables, 'trades', 'hedgeError');
    // Half a lot of x, which is 1,000 units.
    expect(Math.max(...hedge.map(Math.abs))).toBeLessThanOrEqual(
      500 * Math.max(...column(tables, 'series', 'x')) * 2,
    );
    expect(Math.max(...hedge.map(Math.abs))).toBeGreaterThan(0);
  });

  it('does not know the future: what comes after an observation changes nothing before it', async () => {
    const noise = (i: number): number => Math.sin(12.9898 * i) * 3 + Math.sin(78.233 * i);
    const x = Array.from({ length: 400 }, (_, i) => 100 + i / 40 + noise(i));
    const y = x.map((value, i) => value + 2 * noise(i + 1_000));
    const spec = (cut: number) => ({
      source: { type: 'values', yValues: y.map((v, i) => (i < cut ? v : 2 * v)), xValues: x },
      pair: { scale: 'price', method: 'kalman' },
      strategy: { type: 'zscore', entry: 1, window: 20 },
      seriesPoints: 400,
    });
    const [all, cut] = [await go(spec(400)), await go(spec(300))];
    for (const name of ['spread', 'upper', 'lotsY', 'lotsX', 'pnl']) {
      expect(column(cut.tables, 'series', name).slice(0, 100)).toEqual(
        column(all.tables, 'series', name).slice(0, 100),
      );
    }
    expect(column(cut.tables, 'series', 'spread')[100]).not.toBe(column(all.tables, 'series', 'spread')[100]);
  });
});

describe('a pair that is not tied', () => {
  it('is found about as often as the level of the test says, and the result warns', async () => {
    const done = await go({ source: { type: 'series', observations: 400, cointegrated: false }, runs: 200 });
    const share = metric(done, 'cointegratedShare').value!;
    // Lags chosen by AIC raise the size somewhat above 5 %.
    expect(share).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / 200));
    expect(done.summary.notes[0]).toMatch(/Warning: mostly not cointegrated/);
    expect(metric(done, 'engleGrangerPValue').flag).toBe('not cointegrated');
  });
});

describe('bad input', () => {
  const source = { type: 'values', yValues: [1, 2, 3], xValues: [1, 2, 3] };
  const flat = Array.from({ length: 100 }, () => 5);
  const walk = Array.from({ length: 100 }, (_, i) => 50 + Math.sin(i * i));
  it.each([
    ['too few observations', { source }, /\/source\/yValues.*at least 30 observations/],
    [
      'series of two lengths',
      { source: { ...source, xValues: [1, 2] } },
      /\/source\/xValues.*as many prices/,
    ],
    [
      'a constant series',
      { source: { type: 'values', yValues: walk, xValues: flat } },
      /\/source\/xValues.*vary.*100 times 5/,
    ],
    [
      'a negative price',
      { source: { type: 'values', yValues: walk.map((v) => v - 50), xValues: walk } },
      /\/source\/yValues.*above 0/,
    ],
    ['a formation without rows to trade', { pair: { formationShare: 0.999 } }, /10 to trade/],
    [
      'an exit beyond the entry',
      { strategy: { type: 'zscore', exit: 3 } },
      /\/strategy\/exit.*less than entry \(2\)/,
    ],
    [
      'a stop inside the entry',
      { strategy: { type: 'bands', stop: 0.01 } },
      /\/strategy\/stop.*more than entry/,
    ],
    [
      'bertram without costs',
      { strategy: { type: 'bertram' }, execution: { costBps: 0 } },
      /\/execution\/costBps.*above 0/,
    ],
    [
      'prices that overflow',
      { source: { type: 'series', sigmaPerSqrtYr: 9 } },
      /\/source\/sigmaPerSqrtYr.*finite/,
    ],
    [
      'more lags than there is room for',
      { source: { type: 'series', observations: 200_000 }, pair: { lags: 9 } },
      /\/pair\/lags.*at most 5/,
    ],
    ['a misspelt strategy', { strategy: { type: 'z-score' } }, /zscore/],
  ])('%s is refused by its field', (_, raw, words) => {
    expect(refusal(raw)).toMatch(words);
  });

  const csv = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
    return path;
  };
  const day = (i: number): string => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
  const bars = (of: (i: number) => string | number, from = 0): string =>
    `date,close\n${Array.from({ length: 120 }, (_, i) => `${day(from + i)},${of(i)}`).join('\n')}\n`;

  it('in a file names file, line and column', async () => {
    const good = csv(
      'good.csv',
      bars((i) => 50 + Math.sin(i * i)),
    );
    const bad = csv(
      'bad.csv',
      bars((i) => (i === 41 ? 'NaN' : 60 + i)),
    );
    const files = (yFile: string, xFile: string, more = {}) =>
      go({ source: { type: 'files', yFile, xFile, ...more } });
    await expect(files(good, bad)).rejects.toThrow(
      /bad\.csv:43, column 2 \(close\): expected a finite number/,
    );
    const flatFile = csv(
      'flat.csv.gz',
      bars(() => 5),
    );
    await expect(files(good, flatFile)).rejects.toThrow(
      /\/source\/xFile: Expected prices that vary; got 120 times 5/,
    );
    const later = csv(
      'later.csv',
      bars((i) => 50 + Math.cos(i * i), 500),
    );
    await expect(files(good, later)).rejects.toThrow(
      /\/source\/xFile: Expected bars at the times of yFile; got none/,
    );
    const short = csv(
      'short.csv',
      bars((i) => 50 + Math.cos(i * i), 90),
    );
    await expect(files(good, short)).rejects.toThrow(
      /\/source\/yFile: Expected at least 30 observations.*got 30/,
    );
    const half = csv(
      'half.csv',
      bars((i) => 50 + Math.cos(i * i), 40),
    );
    expect((await files(good, half)).summary.notes).toContainEqual(
      'Warning: 80 bars stand at a common time; 40 of yFile and 40 of xFile have none of the other at their time and are left out.',
    );
    await expect(files(good, good)).rejects.toThrow(
      /\/source\/xFile: Expected other prices than those of y; got the same 120/,
    );
    const below = csv(
      'below.csv',
      bars((i) => i - 7),
    );
    await expect(files(good, below)).rejects.toThrow(/bar 1 of 120 has -7\. Choose scale price/);
    await expect(files(good, good, { column: 'adjClose' })).rejects.toThrow(
      /\/source\/column: .*no adjClose/,
    );
  });
});

withShared('KO and PEP', (dir) => {
  const file = (ticker: string): string => join(dir, `data/bars/daily_${ticker}_1997_1998.csv`);
  const all = JSON.parse(readFileSync(join(dir, 'data/bars/expected.json'), 'utf8'));
  const expected = all.pair_KO_PEP_adjclose;
  const source = { type: 'files', yFile: file('PEP'), xFile: file('KO'), column: 'adjClose' };

  it('carry the warning that they are not cointegrated', async () => {
    const done = await go({ source, pair: { lags: 1 } });
    expect(done.summary.notes[0]).toMatch(/Warning: these prices are not cointegrated/);
    expect(metric(done, 'engleGrangerPValue').flag).toBe('not cointegrated');
  });

  it('have the ratio, the tests, the half-life and the process of other people', async () => {
    const { tables, summary } = await go({ source, pair: { lags: 1, formationShare: 1 } });
    const at = (name: string): number => column(tables, 'pair', name)[1]!;
    expect(at('rows')).toBe(expected.n);
    expect(at('hedgeRatio')).toBeCloseTo(expected.hedge_ratio, 12);
    expect(at('intercept')).toBeCloseTo(expected.intercept, 12);
    expect(at('spreadSd')).toBeCloseTo(expected.spread_std_ddof1, 12);
    expect(at('egStatistic')).toBeCloseTo(expected.engle_granger_const_maxlag1_stat, 10);
    expect(at('egPValue')).toBeCloseTo(expected.engle_granger_pvalue, 10);
    expect(at('johansenTrace')).toBeCloseTo(expected.johansen_det0_kardiff1.trace[0], 9);
    const ou = expected.ou_exact_mle;
    expect(at('halfLifeObs')).toBeCloseTo(ou.half_life_days, 9);
    expect(at('kappaPerYr')).toBeCloseTo(ou.theta, 10);
    expect(at('mu')).toBeCloseTo(ou.mu, 12);
    expect(at('sigmaPerSqrtYr')).toBeCloseTo(ou.sigma, 12);
    const spread = column(tables, 'series', 'spread').map((value) => value / at('spreadSd'));
    expect(spread.at(-1)).toBeCloseTo(expected.last_z, 9);
    expect(Math.min(...spread)).toBeCloseTo(expected.min_z, 9);
    expect(Math.max(...spread)).toBeCloseTo(expected.max_z, 9);
    expect(spread.filter((z) => Math.abs(z) > 2).length).toBe(expected.count_abs_z_gt_2);
    expect(summary.notes[0]).toMatch(/^In sample.*not cointegrated/);
  });
});
