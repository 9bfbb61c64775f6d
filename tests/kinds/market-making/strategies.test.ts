/** Every strategy on a generated market: it trades, keeps its limit, and gives the same bytes in any chunks. */
import { describe, expect, it } from 'vitest';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import type { Table } from '../../../src/contract/columns.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import { digestTables } from '../../../src/jobs/digest.js';
import { joinTables } from '../../../src/jobs/settle.js';
import kind from '../../../src/kinds/market-making/index.js';
import { run } from '../../../src/kinds/market-making/run.js';
import type { Spec } from '../../../src/kinds/market-making/spec.js';
import { STRATEGY_SCHEMAS } from '../../../src/kinds/market-making/strategies/schemas.js';
import { RUN_COLUMNS } from '../../../src/kinds/market-making/tables.js';

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
  for (const strategy of [...types.map((type) => ({ type })), exact, learning, learningToo]) {
    it(`${Object.values(strategy).join(' ')} trades within its limit, the same in any chunks`, () => {
      const spec = specOf(strategy);
      const whole = simulate(spec);
      expect(column(whole, 'fills').reduce((a, b) => a + b)).toBeGreaterThan(0);
      const { maxInventoryLots } = spec.strategy;
      for (const most of column(whole, 'maxAbsInventoryLots')) {
        expect(most).toBeLessThanOrEqual(maxInventoryLots);
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
