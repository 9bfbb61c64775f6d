/** Trading rules and fees of the kind market-making: reuse, chunks, tables, money, and what is refused. */
import { describe, expect, it } from 'vitest';
import type { Table } from '../../../src/contract/columns.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import { digestTables } from '../../../src/wire/digest.js';
import { joinTables } from '../../../src/wire/settle.js';
import kind from '../../../src/kinds/market-making/index.js';
import { run } from '../../../src/kinds/market-making/run.js';
import type { Spec } from '../../../src/kinds/market-making/spec.js';
import { PHASE_ROW_BYTES, RUN_COLUMNS, TABLES } from '../../../src/kinds/market-making/tables.js';

const RULES: readonly object[] = [
  {},
  { allocation: 'pro-rata' },
  { allocation: 'top-pro-rata', band: { type: 'following', bandTicks: 6 } },
  { session: { type: 'auctions', openingS: 10, closingS: 15 }, halts: [{ fromS: 20, toS: 25 }] },
  { session: { type: 'batch', intervalMs: 250 }, allocation: 'pro-rata' },
  { breaker: { moveTicks: 4, windowS: 20, pauseS: 5 }, band: { type: 'static', bandTicks: 9 } },
  { breaker: { moveTicks: 4, windowS: 20, pauseS: 5 }, interruption: 'auction' },
];
const specOf = (rules: object, more: object = {}): Spec =>
  checkSpec(kind, {
    market: { type: 'cont-stoikov-talreja', durationS: 60, warmupS: 20 },
    rules,
    runs: 4,
    seriesPoints: 30,
    ...more,
  });

function units(spec: Spec, from: number, to: number): Table[] {
  return run({ spec, seed: 3, from, to, inputs: {}, control: new Int32Array(2) })!;
}
const digest = (tables: readonly Table[]) => digestTables(TABLES, tables);
const column = (table: Table, t: number, name: string) =>
  table.columns[TABLES[t]!.columns.findIndex((one) => one.name === name)]!;

function refusal(spec: object): { pointer: string; message: string } {
  try {
    checkSpec(kind, spec);
  } catch (error) {
    return (error as { problem: { errors: { pointer: string; message: string }[] } }).problem.errors[0]!;
  }
  throw new Error('the spec was accepted');
}

describe('rules of market-making', () => {
  it('gives the same bytes in one chunk, and in single ones after chunks of every other job', () => {
    const digests = RULES.map((rules) => digest(units(specOf(rules), 0, 4)));
    expect(new Set(digests).size).toBe(RULES.length);
    const parts = RULES.map((): Table[][] => []);
    for (let unit = 0; unit < 4; unit++) {
      RULES.forEach((rules, i) => parts[i]!.push(units(specOf(rules), unit, unit + 1)));
    }
    expect(parts.map((tables) => digest(joinTables(TABLES, tables)))).toEqual(digests);
    // And once more on the market that is kept.
    const last = specOf(RULES.at(-1)!);
    expect(digest(units(last, 0, 4))).toBe(digests.at(-1));
    expect(digest(units(last, 0, 4))).toBe(digests.at(-1));
  });

  it('tells calls and halts in tables that add up, in metrics and in notes', () => {
    for (const rules of RULES) {
      const spec = specOf(rules);
      const tables = units(spec, 0, 4);
      const [phases, totals] = [tables[5]!, tables[6]!];
      const { metrics, notes } = kind.summarise(spec, tables, {});
      const isRuled = Object.keys(rules).length > 0;
      expect(totals.rows).toBe(isRuled ? 4 : 0);
      expect(metrics.some(({ name }) => name === 'auctionLots')).toBe(isRuled);
      if (!isRuled) continue;
      const sum = (name: string) => [...column(phases, 5, name)].reduce((a, b) => a + b, 0);
      expect(column(totals, 6, 'auctionLots')[0]).toBe(sum('volumeLots'));
      expect(column(totals, 6, 'ownAuctionLots')[0]).toBe(sum('ownLots'));
      const [calls, halts] = ['calls', 'halts'].map((name) => column(totals, 6, name)[0]!);
      expect(calls! + halts!).toBe(phases.rows);
      expect(notes.some((note) => note.includes('auctions'))).toBe(calls! > 0);
      expect(notes.some((note) => /\d+ halts? in the first run/.test(note))).toBe(halts! > 0);
      const bytes = phases.columns.reduce((all, data) => all + data.BYTES_PER_ELEMENT, 0);
      expect(bytes).toBe(PHASE_ROW_BYTES);
    }
  });

  it('counts money by tick, lot and multiplier, and charges tiers within the run', () => {
    const tiers = [
      { fromVolume: 200, makerBps: 5 },
      { fromVolume: 400, makerPerLot: 0.5 },
    ];
    const fees = { makerBps: 10, takerBps: 0, tiers, tierBy: 'lots', startVolume: 100 };
    const instrument = { tickSize: 0.5, lotSize: 2, multiplier: 3 };
    const spec = specOf(
      {},
      { fees, instrument, runs: 1, market: { type: 'cont-stoikov-talreja', durationS: 300 } },
    );
    const [runs, , fills] = units(spec, 0, 1);
    let [volume, due] = [100, 0];
    for (let row = 0; row < fills!.rows; row++) {
      const lots = column(fills!, 2, 'qtyLots')[row]!;
      const value = lots * column(fills!, 2, 'priceTicks')[row]! * 3;
      due += (value * (volume >= 200 ? 5 : 10)) / 10_000 + (volume >= 400 ? 0.5 * lots : 0);
      volume += lots;
    }
    expect(volume).toBeGreaterThan(500);
    const of = (name: string) => runs!.columns[RUN_COLUMNS.findIndex((one) => one.name === name)]![0]!;
    expect(of('feesPaid')).toBeCloseTo(due, 6);
    expect(of('pnl')).toBeCloseTo(of('spreadPnl') + of('inventoryPnl') - of('feesPaid'), 6);
    expect((of('spreadPnl') / 3) * 2).toBeCloseTo(Math.round((of('spreadPnl') / 3) * 2), 9);
  });

  it.each([
    [{ halts: [{ fromS: 30, toS: 30 }] }, '/spec/rules/halts/0/toS', /more than fromS \(30\); got 30/],
    [{ halts: [{ fromS: 50, toS: 61 }] }, '/spec/rules/halts/0/toS', /at most 60, when the run ends; got 61/],
    [
      {
        halts: [
          { fromS: 5, toS: 9 },
          { fromS: 8, toS: 12 },
        ],
      },
      '/spec/rules/halts/1/fromS',
      /after the end of the halt before \(9\); got 8/,
    ],
    [
      { halts: [{ fromS: 5, toS: 9 }], session: { type: 'auctions', openingS: 10, closingS: 10 } },
      '/spec/rules/halts/0/fromS',
      /after the end of the opening call \(10\)/,
    ],
    [
      { session: { type: 'auctions', openingS: 70 } },
      '/spec/rules/session/openingS',
      /within durationS \(60\)/,
    ],
    [
      { session: { type: 'auctions', closingS: 30, openingS: 31 } },
      '/spec/rules/session/closingS',
      /Shorten/,
    ],
    [{ session: { type: 'batch', intervalMs: 0 } }, '/spec/rules/session/intervalMs', /got 0/],
    [{ allocation: 'prorata' }, '/spec/rules/allocation', /pro-rata/],
    [{ band: { type: 'static', bandTicks: 0 } }, '/spec/rules/band/bandTicks', /got 0/],
    [{ breaker: { moveTicks: -1 } }, '/spec/rules/breaker/moveTicks', /got -1/],
  ])('refuses %j, naming the field', (rules, pointer, message) => {
    const found = refusal({ market: { type: 'cont-stoikov-talreja', durationS: 60 }, rules });
    expect(found.pointer).toBe(pointer);
    expect(found.message).toMatch(message);
  });

  it('refuses tiers that fall, and rules for a replay', () => {
    const tiers = [{ fromVolume: 9 }, { fromVolume: 9 }];
    expect(refusal({ fees: { tiers } }).pointer).toBe('/spec/fees/tiers/1/fromVolume');
    const market = { type: 'replay', messages: 'm.csv', orderbook: 'o.csv' };
    for (const [rules, pointer] of [
      [{ allocation: 'pro-rata' }, 'allocation'],
      [{ session: { type: 'batch' } }, 'session/type'],
      [{ halts: [{ fromS: 1, toS: 2 }] }, 'halts'],
      [{ breaker: { moveTicks: 3 } }, 'breaker/moveTicks'],
      [{ band: { type: 'static' } }, 'band/type'],
    ] as const) {
      expect(refusal({ market, rules })).toMatchObject({
        pointer: `/spec/rules/${pointer}`,
        message: expect.stringContaining('a replay repeats a market'),
      });
    }
  });
});
