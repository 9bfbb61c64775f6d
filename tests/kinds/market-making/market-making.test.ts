/** The kind market-making: defaults, chunks, faults, cost, summary, and the replay of real days. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../../src/contract/columns.js';
import type { InputData, Summary } from '../../../src/contract/kind.js';
import { createInputReader } from '../../../src/data/input-reader.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import { digestTables } from '../../../src/wire/digest.js';
import kind from '../../../src/kinds/market-making/index.js';
import { run } from '../../../src/kinds/market-making/run.js';
import type { Spec } from '../../../src/kinds/market-making/spec.js';
import { RUN_COLUMNS, TABLES } from '../../../src/kinds/market-making/tables.js';
import { withShared } from '../../support/shared.js';

const small = { market: { type: 'cont-stoikov-talreja', durationS: 60 }, runs: 7, seriesPoints: 50 };

function runUnits(spec: Spec, from: number, to: number, inputs = {}): Table[] {
  const tables = run({ spec, seed: 5, from, to, inputs, control: new Int32Array(2) });
  expect(tables).not.toBeNull();
  return tables!;
}

/** Tables one after another in unit order, as wire/settle does it. */
function concatenate(parts: readonly Table[][]): Table[] {
  return TABLES.map(({ name }, t) => {
    const tables = parts.map((part) => part[t]!);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const columns = tables[0]!.columns.map((first, c) => {
      const all = tables.flatMap((table) => [...table.columns[c]!]);
      return new (first.constructor as Float64ArrayConstructor)(all);
    });
    return { name, rows, columns };
  });
}

const valueOf = (summary: Summary, name: string) => summary.metrics.find((m) => m.name === name)!;
const runColumn = (tables: readonly Table[], name: string) =>
  tables[0]!.columns[RUN_COLUMNS.findIndex((c) => c.name === name)]!;
const refusal = (spec: unknown) => {
  try {
    checkSpec(kind, spec);
  } catch (error) {
    return (error as { problem: { errors: { pointer: string; message: string }[] } }).problem.errors[0]!;
  }
  throw new Error('the spec was accepted');
};

describe('market-making', () => {
  it('runs an empty spec: a lively market, money parts that sum to the PnL', () => {
    const spec = checkSpec(kind, {});
    expect(kind.units(spec)).toBe(32);
    const tables = runUnits(spec, 0, 8);
    const summary = kind.summarise(spec, tables, {});
    const filled = tables.filter((t) => t.rows > 0).map(({ name }) => name);
    expect(filled).toEqual(['runs', 'series', 'fills', 'depth']);
    for (let i = 0; i < 8; i++) {
      const [pnl, spread, inventory, fees] = ['pnl', 'spreadPnl', 'inventoryPnl', 'feesPaid'].map(
        (name) => runColumn(tables, name)[i]!,
      );
      expect(pnl).toBeCloseTo(spread! + inventory! - fees!, 9);
      const part = (name: string) => runColumn(tables, name)[i]!;
      expect(part('quotedPnl') + part('latencyPnl')).toBeCloseTo(spread!, 9);
      expect(part('adversePnl') + part('carryPnl')).toBeCloseTo(inventory!, 9);
    }
    const pnl = [...runColumn(tables, 'pnl')];
    const mean = pnl.reduce((a, b) => a + b, 0) / 8;
    const sd = Math.sqrt(pnl.reduce((a, b) => a + (b - mean) ** 2, 0) / 7);
    expect(valueOf(summary, 'pnl').value).toBeCloseTo(mean, 10);
    expect(valueOf(summary, 'pnl').standardError).toBeCloseTo(sd / Math.sqrt(8), 10);
    expect(valueOf(summary, 'fills').value).toBeGreaterThan(100);
    for (const metric of summary.metrics) expect(Number.isFinite(metric.value)).toBe(true);
    // The series ends where the run ends.
    expect(tables[1]!.columns[6]!.at(-1)).toBe(runColumn(tables, 'pnl')[0]);
    // The estimate is made before anything runs; within a factor of two is what limits and chunks need.
    const events = [...runColumn(tables, 'events')].reduce((a, b) => a + b, 0) / 8;
    expect(kind.cost(spec).stepsPerUnit / events).toBeGreaterThan(0.5);
    expect(kind.cost(spec).stepsPerUnit / events).toBeLessThan(2);
  });

  it('gives the same bytes in 1 and in 7 chunks, and other bytes for another strategy', () => {
    for (const strategy of [{ type: 'fixed' }, { type: 'adaptive' }]) {
      const spec = checkSpec(kind, { ...small, strategy });
      const before = JSON.stringify(spec);
      const whole = digestTables(TABLES, runUnits(spec, 0, 7));
      const parts = Array.from({ length: 7 }, (_, unit) => runUnits(spec, unit, unit + 1));
      expect(digestTables(TABLES, concatenate(parts))).toBe(whole);
      expect(JSON.stringify(spec)).toBe(before);
    }
  });

  it('tells where the sample is too small, and gives a single run errors from its increments', () => {
    const many = checkSpec(kind, small);
    const few = kind.summarise(many, runUnits(many, 0, 7), {});
    expect(valueOf(few, 'pnl').flag).toBe('small sample: 7 runs');
    expect(valueOf(few, 'valueAtRisk').flag).toBe('small sample: 3 increments in the tail');
    const one = checkSpec(kind, { market: { type: 'cont-stoikov-talreja', durationS: 600 }, runs: 1 });
    const tables = runUnits(one, 0, 1);
    const summary = kind.summarise(one, tables, {});
    expect(tables[7]!.rows).toBe(600);
    expect([...tables[7]!.columns[0]!].reduce((sum, x) => sum + x, 0)).toBeCloseTo(
      runColumn(tables, 'incrementSum')[0]!,
      9,
    );
    for (const name of ['sharpe', 'sortino', 'valueAtRisk', 'expectedShortfall']) {
      const { value, standardError, interval } = valueOf(summary, name);
      expect(standardError).toBeGreaterThan(0);
      expect(interval![0]).toBeLessThan(value!);
      expect(interval![1]).toBeGreaterThan(value!);
    }
    expect(valueOf(summary, 'pnl').standardError).toBeNull();
    expect(kind.summarise(one, tables, {})).toEqual(summary);
  });

  it('measures stylised facts when asked, without changing anything else', () => {
    const facts = checkSpec(kind, { ...small, measures: { factsBlockS: 20 } });
    const [with_, without] = [runUnits(facts, 0, 3), runUnits(checkSpec(kind, small), 0, 3)];
    const table = with_.find(({ name }) => name === 'facts')!;
    const column = (name: string) => table.columns[['run', 'block', 'fact', 'x', 'value'].indexOf(name)]!;
    expect([...new Set(column('run'))]).toEqual([0, 1, 2]);
    expect([...new Set(column('block'))]).toEqual([0, 1, 2]);
    expect(table.rows / 9).toBeLessThan(240);
    expect([...column('value')].every(Number.isFinite)).toBe(true);
    expect(with_.filter(({ name }) => name !== 'facts')).toEqual(
      without.filter(({ name }) => name !== 'facts'),
    );
    const parts = [0, 1, 2].map((unit) => runUnits(facts, unit, unit + 1));
    expect(digestTables(TABLES, concatenate(parts))).toBe(digestTables(TABLES, with_));
  });

  it('counts the samples of the PnL in its cost', () => {
    const stepsOf = (samplingS: number) =>
      kind.cost(checkSpec(kind, { measures: { samplingS } })).stepsPerUnit;
    expect(stepsOf(0.001) - stepsOf(1)).toBeCloseTo(999 * (1_800 + 300), -1);
    expect(() => checkSpec(kind, { measures: { samplingS: 1e-9 } })).toThrow(/samplingS/);
  });

  it('reproduces the digests of its examples', () => {
    for (const example of kind.examples) {
      const spec = checkSpec(kind, example.spec);
      const task = { spec, seed: example.seed, from: 0, to: kind.units(spec), inputs: {} };
      const tables = run({ ...task, control: new Int32Array(2) })!;
      expect(digestTables(TABLES, tables)).toBe(example.digest);
    }
    expect(kind.examples.length).toBeGreaterThan(1);
  });

  it('gives columns of the declared types and only finite numbers, also when nothing is ever filled', () => {
    const rates = { limitRatePerS: [0], cancelRatePerS: [1], marketRatePerS: 0 };
    const still = { ...small, market: { ...small.market, ...rates } };
    for (const spec of [checkSpec(kind, small), checkSpec(kind, still)]) {
      const tables = runUnits(spec, 0, 2);
      const types = { f64: Float64Array, i32: Int32Array, u8: Uint8Array, u32: Uint32Array };
      TABLES.forEach((decl, t) => {
        expect(tables[t]!.name).toBe(decl.name);
        decl.columns.forEach((column, c) => {
          const data = tables[t]!.columns[c]!;
          expect(data).toBeInstanceOf(types[column.type]);
          expect(data).toHaveLength(tables[t]!.rows);
          for (const value of data) expect(Number.isFinite(value)).toBe(true);
        });
      });
    }
    const spec = checkSpec(kind, still);
    const summary = kind.summarise(spec, runUnits(spec, 0, 7), {});
    expect(valueOf(summary, 'sharpe').value).toBeNull();
    expect(valueOf(summary, 'spreadCapturedTicks').value).toBeNull();
    expect(valueOf(summary, 'fillRate').value).toBeNull();
    expect(valueOf(summary, 'vwap').value).toBeNull();
    expect(valueOf(summary, 'pnl').value).toBe(0);
  });

  it('stops when control asks', () => {
    const control = new Int32Array([1, 0]);
    const spec = checkSpec(kind, small);
    expect(run({ spec, seed: 1, from: 0, to: 7, inputs: {}, control })).toBeNull();
  });

  it('refuses what cannot be, naming the field', () => {
    const files = { messages: 'm.csv', orderbook: 'o.csv' };
    const market = { type: 'cont-stoikov-talreja', limitRatePerS: [1, 2], cancelRatePerS: [1] };
    expect(refusal({ market }).pointer).toBe('/spec/market/cancelRatePerS');
    expect(refusal({ market: { type: 'replay', ...files }, runs: 3 }).pointer).toBe('/spec/runs');
    const latency = { orderNs: { type: 'log-normal' } };
    expect(checkSpec(kind, { market: { type: 'replay', ...files }, runs: 3, latency }).runs).toBe(3);
    const falling = { feedNs: { type: 'empirical', quantilesNs: [3, 5, 4] } };
    expect(refusal({ latency: falling }).pointer).toBe('/spec/latency/feedNs/quantilesNs/2');
    const sharing = { measures: { queueEstimators: true }, rules: { allocation: 'pro-rata' } };
    expect(refusal(sharing).pointer).toBe('/spec/measures/queueEstimators');
    expect(refusal({ market: { type: 'replay', messages: 'm.csv' } }).pointer).toBe('/spec/market/orderbook');
    const lots = { quoteLots: 20, maxInventoryLots: 10 };
    expect(refusal({ strategy: { type: 'fixed', ...lots } }).pointer).toBe('/spec/strategy/maxInventoryLots');
    expect(refusal({ strategy: { type: 'adaptive', gama: 1 } })).toMatchObject({ suggestion: 'gamma' });
    expect(refusal({ strategy: { type: 'adaptve' } }).pointer).toBe('/spec/strategy/type');
    expect(refusal({ latency: { orderNs: -1 } }).pointer).toBe('/spec/latency/orderNs');
    expect(refusal({ market: { type: 'cont-stoikov-talreja', durationS: NaN } }).pointer).toBe(
      '/spec/market/durationS',
    );
  });
});

interface ExpectedDay {
  readonly name: string;
  readonly stats: {
    readonly rows: number;
    readonly executed_shares_visible?: number;
    readonly executed_shares_hidden?: number;
    readonly vwap_dollars_types_4_5?: number;
  };
}

withShared('market-making on LOBSTER days', (shared) => {
  const days = [
    ['AMZN', 'AMZN_2012-06-21_34200000_57600000_message_1', 'AMZN_2012-06-21_34200000_57600000_orderbook_1'],
    ['AAPL', 'AAPL_2012-06-21_first999_message_10', 'AAPL_2012-06-21_first999_orderbook_10'],
  ] as const;
  const folder = `${shared}/data/lobster`;
  const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as ExpectedDay[];

  it.each(days)(
    'replays %s: every row equal, volume as expected, fills and PnL told',
    async (ticker, m, o) => {
      const market = {
        type: 'replay',
        messages: `${folder}/${m}.csv.gz`,
        orderbook: `${folder}/${o}.csv.gz`,
      };
      const spec = checkSpec(kind, {
        market,
        strategy: { type: 'fixed', halfSpreadTicks: 6, quoteLots: 100, maxInventoryLots: 1000 },
      });
      const [ref] = kind.inputs!(spec);
      const data: InputData = await createInputReader({ root: null }).read(ref!);
      const tables = runUnits(spec, 0, 1, { feed: data.tables });
      const summary = kind.summarise(spec, tables, { feed: data });
      expect(summary.notes.some((note) => /equal to the orderbook file on every/.test(note))).toBe(true);
      expect(valueOf(summary, 'fills').value).toBeGreaterThan(0);
      expect(Number.isFinite(valueOf(summary, 'pnl').value)).toBe(true);
      const { stats } = expected.find((entry) => entry.name.startsWith(ticker))!;
      const fact = (name: string) =>
        tables[4]!.columns[TABLES[4]!.columns.findIndex((column) => column.name === name)]![0];
      expect(fact('rows')).toBe(stats.rows);
      expect(fact('rowsEqual')).toBe(stats.rows);
      expect(fact('mismatchRows')).toBe(0);
      if (stats.executed_shares_visible !== undefined) {
        expect(valueOf(summary, 'marketVisibleLots').value).toBe(stats.executed_shares_visible);
        expect(valueOf(summary, 'marketHiddenLots').value).toBe(stats.executed_shares_hidden);
        expect(valueOf(summary, 'vwap').value).toBeCloseTo(stats.vwap_dollars_types_4_5!, 9);
      }
      expect(tables[1]!.rows).toBe(1_000);
      const pnl = tables[1]!.columns[TABLES[1]!.columns.findIndex((column) => column.name === 'pnl')]!;
      expect(pnl.at(-1)).toBe(valueOf(summary, 'pnl').value);
      expect(kind.inputFaults!(spec, { feed: data })).toEqual([]);
      const coarse = { ...spec, instrument: { ...spec.instrument, tickSize: 0.05 } };
      expect(kind.inputFaults!(coarse, { feed: data })).toEqual([
        { pointer: '/instrument/tickSize', message: expect.stringContaining('0.01 at most; got 0.05') },
      ]);
    },
  );
});
