/** All markets of the kind: one strategy runs on each, and what their specs refuse. */
import { describe, expect, it } from 'vitest';
import type { MmsError } from '../../../src/contract/problem.js';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import kind from '../../../src/kinds/market-making/index.js';
import { run } from '../../../src/kinds/market-making/run.js';
import { RUN_COLUMNS } from '../../../src/kinds/market-making/tables.js';

/** Columns of the table `runs`. */
function simulate(spec: unknown, seed: number) {
  const checked = checkSpec(kind, spec);
  const control = new Int32Array(CONTROL_SLOTS);
  const tables = run({ spec: checked, seed, from: 0, to: kind.units(checked), inputs: {}, control })!;
  return (name: string) =>
    tables[0]!.columns[RUN_COLUMNS.findIndex((column) => column.name === name)] as Float64Array;
}

const moments = (values: ArrayLike<number>) => {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const variance = list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (list.length - 1);
  return { mean, sd: Math.sqrt(variance), error: Math.sqrt(variance / list.length) };
};

describe('market avellaneda-stoikov', () => {
  it('gives the published profit and inventory (V1, gamma = 0.1) through the whole simulation', () => {
    // The published case with a tick of 0.01 and one second as the unit of time.
    const of = simulate(
      {
        market: {
          type: 'avellaneda-stoikov',
          durationS: 1,
          stepMs: 5,
          midSigmaTicksPerSqrtS: 200,
          fillRatePerS: 140,
          fillDecayPerTick: 0.015,
        },
        strategy: {
          type: 'adaptive',
          gamma: 0.001,
          k: 0.015,
          horizonS: 1,
          volatility: 'given',
          sigmaTicksPerSqrtS: 200,
          quoteLots: 1,
          maxInventoryLots: 1000,
        },
        latency: { orderNs: 0, feedNs: 0 },
        fees: { makerBps: 0, takerBps: 0 },
        runs: 1_000,
        seriesPoints: 2,
      },
      3,
    );
    const profit = moments(of('pnl'));
    const inventory = moments(of('finalInventoryLots'));
    // Exact: 64.892, 6.539 and 2.926. Quotes are rounded away from the mid by half a tick on average, which
    // costs 0.0075 of the fills and earns about as much on each.
    expect(Math.abs(profit.mean - 64.892)).toBeLessThan(4 * profit.error);
    expect(Math.abs(profit.sd / 6.539 - 1)).toBeLessThan(4 / Math.sqrt(2 * 1_000) + 0.02);
    expect(Math.abs(inventory.mean)).toBeLessThan(4 * inventory.error);
    expect(Math.abs(inventory.sd / 2.926 - 1)).toBeLessThan(4 / Math.sqrt(2 * 1_000) + 0.02);
  });
});

describe('all markets', () => {
  it.each([
    'cont-stoikov-talreja',
    'zero-intelligence',
    'hawkes',
    'queue-reactive',
    'agents',
    'avellaneda-stoikov',
  ])('%s: the same strategy quotes, is filled, and its profit adds up', (type) => {
    const of = simulate({ market: { type, durationS: 120 }, runs: 2, seriesPoints: 2 }, 5);
    for (const i of [0, 1]) {
      expect(of('ordersPlaced')[i]).toBeGreaterThan(10);
      expect(of('fills')[i]).toBeGreaterThan(0);
      expect(of('maxAbsInventoryLots')[i]).toBeLessThanOrEqual(100);
      expect(of('pnl')[i]).toBeCloseTo(of('spreadPnl')[i]! + of('inventoryPnl')[i]! - of('feesPaid')[i]!, 9);
    }
  });

  it.each([
    [{ type: 'hawkes', branching: Array(6).fill(Array(6).fill(0.2)) }, '/spec/market/branching'],
    [{ type: 'hawkes', baselineRatePerS: [1, 1, 1, 1, 0, 1] }, '/spec/market/baselineRatePerS/4'],
    [{ type: 'hawkes', baselineRatePerS: [1, 1, 1] }, '/spec/market/baselineRatePerS'],
    [{ type: 'queue-reactive', marketBySizePerS: [[0, 1]] }, '/spec/market/marketBySizePerS'],
    [
      {
        type: 'queue-reactive',
        limitBySizePerS: [[2, 2]],
        cancelBySizePerS: [[0, 1]],
        marketBySizePerS: [[0, 0.5]],
      },
      '/spec/market/cancelBySizePerS/0/1',
    ],
    [{ type: 'zero-intelligence', deltaPerS: 0 }, '/spec/market/deltaPerS'],
  ])('%j is refused at its field', (market, pointer) => {
    let found: readonly { pointer: string }[] = [];
    try {
      checkSpec(kind, { market });
    } catch (error) {
      found = (error as MmsError).problem.errors ?? [];
    }
    expect(found.map((fault) => fault.pointer)).toContain(pointer);
  });

  it('has no trading rules where it has no book', () => {
    const rules = { allocation: 'pro-rata' };
    expect(() => checkSpec(kind, { market: { type: 'avellaneda-stoikov' }, rules })).toThrow(/no book/);
  });
});
