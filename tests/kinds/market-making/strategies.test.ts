/**
 * Every strategy on a generated market: it trades within its limit and gives the same bytes in any chunks.
 */
import { describe, expect, it } from 'vitest';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import type { Table } from '../../../src/contract/columns.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import { digestTables } from '../../../src/wire/digest.js';
import { joinTables } from '../../../src/wire/settle.js';
import kind from '../../../src/kinds/market-making/index.js';
import { run } from '../../../src/kinds/market-making/run.js';
import type { Spec } from '../../../src/kinds/market-making/spec.js';
import { inventoryLimit } from '../../../src/kinds/market-making/strategies/create.js';
import { STRATEGY_SCHEMAS } from '../../../src/kinds/market-making/strategies/schemas.js';
import { RUN_COLUMNS, TABLES } from '../../../src/kinds/market-making/tables.js';

const market = { type: 'cont-stoikov-talreja', durationS: 60 };

function specOf(strategy: object, more: object = {}): Spec {
  return checkSpec(kind, { market, strategy, runs: 3, seriesPoints: 20, ...more });
}

function simulate(spec: Spec, cuts: readonly number[] = [0, 3]): Table[] {
  const parts = cuts.slice(1).map((to, i) => {
    const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SLOTS));
    return run({ spec, seed: 5, from: cuts[i]!, to, inputs: {}, control })!;
  });
  return joinTables(kind.tables, parts);
}

const column = (tables: readonly Table[], name: string): number[] => [
  ...tables[0]!.columns[RUN_COLUMNS.findIndex((c) => c.name === name)]!,
];

const types = STRATEGY_SCHEMAS.map((schema) => schema.properties.type.const);
const exact = { type: 'glft', solution: 'exact', volatility: 'given' };
const learning = { type: 'adaptive', intensity: 'online' };
const learningToo = { type: 'glft', intensity: 'online' };

describe('strategies', () => {
  for (const strategy of [
    ...types.filter((type) => type !== 'custom').map((type) => ({ type })),
    exact,
    learning,
    learningToo,
  ]) {
    it(`${Object.values(strategy).join(' ')} trades within its limit, the same in any chunks`, () => {
      const spec = specOf(strategy);
      const whole = simulate(spec);
      expect(column(whole, 'fills').reduce((a, b) => a + b)).toBeGreaterThan(0);
      for (const most of column(whole, 'maxAbsInventoryLots')) {
        expect(most).toBeLessThanOrEqual(inventoryLimit(spec.strategy));
      }
      const apart = simulate(spec, [0, 1, 2, 3]);
      expect(digestTables(kind.tables, apart)).toBe(digestTables(kind.tables, whole));
    });
  }

  it('refuse what cannot be solved or learnt, and name the field', () => {
    const fault = (strategy: object): string => {
      try {
        specOf(strategy);
        return 'accepted';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(fault({ ...exact, volatility: 'online' })).toContain('/spec/strategy/volatility');
    expect(fault({ ...exact, intensity: 'online' })).toContain('/spec/strategy/intensity');
    expect(fault({ ...exact, maxInventoryLots: 2_010 })).toContain('/spec/strategy/maxInventoryLots');
    expect(fault({ ...exact, gamma: 1_000, sigmaTicksPerSqrtS: 1_000 })).toContain('/spec/strategy/horizonS');
    expect(fault({ type: 'cartea-jaimungal-penalva', phi: 1_000, maxInventoryLots: 2_000 })).toContain(
      '/spec/strategy/horizonS',
    );
    expect(fault({ type: 'symmetric', quoteLots: 5, maxInventoryLots: 4 })).toContain('at least quoteLots');
  });
});

/** A column of an optional table by name. */
function cells(tables: readonly Table[], table: string, name: string): number[] {
  const t = TABLES.findIndex((decl) => decl.name === table);
  return [...tables[t]!.columns[TABLES[t]!.columns.findIndex((c) => c.name === name)]!];
}

describe('execution', () => {
  const parent = { parentLots: 60, withinS: 40 };

  for (const type of ['twap', 'vwap', 'almgren-chriss']) {
    for (const [side, children] of [
      ['buy', 'market'],
      ['sell', 'limit'],
    ]) {
      it(`${type} does the whole parent and no lot more (${side}, ${children} children)`, () => {
        const tables = simulate(specOf({ type, side, children, ...parent }));
        const signed = side === 'buy' ? 60 : -60;
        expect(column(tables, 'finalInventoryLots')).toEqual([signed, signed, signed]);
        expect(column(tables, 'maxAbsInventoryLots')).toEqual([60, 60, 60]);
        expect(cells(tables, 'execution', 'filledLots')).toEqual([60, 60, 60]);
        const doneNs = cells(tables, 'execution', 'doneNs');
        expect(doneNs.every((tNs) => tNs > 30e9 && tNs < 45e9)).toBe(true);
        const taken = cells(tables, 'execution', 'takerLots');
        if (children === 'market') expect(taken).toEqual([60, 60, 60]);
        else expect(Math.max(...taken)).toBeLessThan(60);
      });
    }
  }

  it('tells a shortfall that is what was paid beyond the arrival mid, fees included', () => {
    const tables = simulate(specOf({ type: 'twap', ...parent }, { fees: { takerBps: 2 } }));
    const [price, arrival] = ['averagePriceTicks', 'arrivalMidTicks'].map((n) =>
      cells(tables, 'execution', n),
    );
    const shortfall = cells(tables, 'execution', 'shortfall');
    const fees = column(tables, 'feesPaid');
    for (let i = 0; i < 3; i++) {
      expect(shortfall[i]).toBeCloseTo((price![i]! - arrival![i]!) * 60 * 0.01 + fees[i]!, 9);
    }
  });

  it('values what was left undone at the last mid', () => {
    const tables = simulate(specOf({ type: 'twap', parentLots: 600, withinS: 600, slices: 100 }));
    const filled = cells(tables, 'execution', 'filledLots');
    expect(filled.every((lots) => lots > 40 && lots < 80)).toBe(true);
    expect(cells(tables, 'execution', 'doneNs')).toEqual([-1, -1, -1]);
    const [price, arrival] = ['averagePriceTicks', 'arrivalMidTicks'].map((n) =>
      cells(tables, 'execution', n),
    );
    const last = column(tables, 'finalMidTicks');
    const fees = column(tables, 'feesPaid');
    cells(tables, 'execution', 'shortfall').forEach((shortfall, i) => {
      const done = (price![i]! - arrival![i]!) * filled[i]!;
      const left = (last[i]! - arrival![i]!) * (600 - filled[i]!);
      expect(shortfall).toBeCloseTo((done + left) * 0.01 + fees[i]!, 9);
    });
  });

  it('takes its share of the volume', () => {
    const spec = specOf(
      { type: 'pov', participation: 0.2, parentLots: 100_000, withinS: 300, children: 'market' },
      { market: { ...market, durationS: 300 } },
    );
    const tables = simulate(spec);
    const volume = column(tables, 'marketVisibleLots');
    cells(tables, 'execution', 'filledLots').forEach((lots, i) => {
      // The last slice is taken whole, whatever is missing, so that only what came before counts.
      expect(lots / volume[i]!).toBeGreaterThan(0.15);
      expect(lots / volume[i]!).toBeLessThan(0.25);
    });
  });

  it('refuses a trajectory without an optimum and a profile without volume', () => {
    expect(() => specOf({ type: 'almgren-chriss', permanentImpact: 1, temporaryImpact: 0.1 })).toThrow(
      '/spec/strategy/temporaryImpact',
    );
    expect(() => specOf({ type: 'vwap', volumeProfile: [0, 0] })).toThrow('/spec/strategy/volumeProfile');
  });
});

describe('limits', () => {
  it('are told in a table of their own, which others have not', () => {
    const free = simulate(specOf({ type: 'fixed' }));
    expect(free.find(({ name }) => name === 'limits')!.rows).toBe(0);
    const held = simulate(specOf({ type: 'fixed' }, { limits: { maxLoss: 0.01, messagesPerS: 0.5 } }));
    const stopped = cells(held, 'limits', 'stoppedNs');
    expect(stopped.some((tNs) => tNs > 0)).toBe(true);
    stopped.forEach((tNs, i) => {
      if (tNs >= 0) expect(column(held, 'finalInventoryLots')[i]).toBe(0);
    });
    expect(Math.min(...cells(held, 'limits', 'heldMessages'))).toBeGreaterThan(0);
    const names = kind.summarise(specOf({ type: 'fixed' }, { limits: { maxLoss: 1 } }), held, {}).metrics;
    expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['lossStops', 'heldMessages']));
  });
});
