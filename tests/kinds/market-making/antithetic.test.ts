/** Antithetic runs: errors from the means of pairs, what they gained, and no dependence on chunks. */
import { describe, expect, it } from 'vitest';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import type { Metric } from '../../../src/contract/kind.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import { digestTables } from '../../../src/wire/digest.js';
import { joinTables } from '../../../src/wire/settle.js';
import kind from '../../../src/kinds/market-making/index.js';
import { run } from '../../../src/kinds/market-making/run.js';
import { RUN_COLUMNS } from '../../../src/kinds/market-making/tables.js';
import { correlation } from '../../support/statistics.js';

const TOY = { type: 'avellaneda-stoikov', durationS: 200, stepMs: 50 };
const TWAP = { type: 'twap', parentLots: 200, withinS: 150 };

function result(fields: object, cuts: readonly number[] = []) {
  const spec = checkSpec(kind, { runs: 40, seriesPoints: 10, antithetic: true, ...fields });
  const ends = [...cuts, kind.units(spec)];
  const parts = ends.map((to, i) => {
    const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SLOTS));
    return run({ spec, seed: 5, from: ends[i - 1] ?? 0, to, inputs: {}, control })!;
  });
  const tables = joinTables(kind.tables, parts);
  const { metrics, notes } = kind.summarise(spec, tables, {});
  const column = (name: string) => [...tables[0]!.columns[RUN_COLUMNS.findIndex((c) => c.name === name)]!];
  return {
    digest: digestTables(kind.tables, tables),
    metrics: Object.fromEntries(metrics.map((metric) => [metric.name, metric])) as Record<string, Metric>,
    notes: notes.join('\n'),
    column,
  };
}

describe('antithetic runs', () => {
  const found = result({ market: TOY, strategy: TWAP });
  const pnl = found.column('pnl');
  const [own, twin] = [0, 1].map((which) => pnl.filter((_, i) => i % 2 === which)) as [number[], number[]];

  it('go against each other where the outcome follows the price: a position held in a random walk', () => {
    expect(correlation(own, twin)).toBeLessThan(-0.5);
    const ratio = found.metrics['antitheticVarianceRatio']!.value!;
    expect(ratio).toBeLessThan(0.5);
    expect(found.notes).toContain(`20 independent pairs`);
    expect(found.notes).toContain(`PnL ${ratio.toFixed(2)}`);
  });

  it('have errors from the means of the pairs', () => {
    const means = own.map((x, i) => (x + twin[i]!) / 2);
    const mean = means.reduce((sum, x) => sum + x, 0) / 20;
    const variance = means.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 19;
    expect(found.metrics['pnl']!.value).toBeCloseTo(mean, 9);
    expect(found.metrics['pnl']!.standardError).toBeCloseTo(Math.sqrt(variance / 20), 9);
    const all = result({ market: TOY, strategy: TWAP, runs: 8 });
    expect(all.metrics['pnl']!.flag).toBe('small sample: 4 pairs of runs');
  });

  it('say so where they gain nothing: a market maker earns whichever way the price goes', () => {
    const { metrics } = result({ market: TOY, strategy: { type: 'fixed', halfSpreadTicks: 1 } });
    expect(metrics['antitheticVarianceRatio']!.value).toBeGreaterThan(0.5);
  });

  it('are the same when a pair is cut in two, and the first of a pair is the plain run of half its number', () => {
    const fields = { market: { type: 'cont-stoikov-talreja', durationS: 20, warmupS: 5 }, runs: 6 };
    const whole = result(fields);
    expect(result(fields, [1, 2, 5]).digest).toBe(whole.digest);
    const plain = result({ ...fields, runs: 3, antithetic: false });
    expect([0, 2, 4].map((i) => whole.column('pnl')[i])).toEqual(plain.column('pnl'));
    expect(plain.metrics['antitheticVarianceRatio']).toBeUndefined();
  });

  it.each([
    [{ runs: 7 }, '/spec/runs Expected an even number, as antithetic runs are pairs; got 7.'],
    [
      { market: { type: 'replay', messages: 'm', orderbook: 'b' }, runs: 2 },
      '/spec/antithetic Expected false',
    ],
  ])('refuses %o', (fields, message) =>
    expect(() => checkSpec(kind, { antithetic: true, ...fields })).toThrow(message),
  );
});
