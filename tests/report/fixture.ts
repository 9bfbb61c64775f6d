/** A small market-making result made by a seeded random walk, with the columns of the real kind. */
import type { ColumnData, ColumnType, DescribedTable } from '../../src/contract/columns.js';
import type { Metric } from '../../src/contract/kind.js';
import type { JobResult } from '../../src/contract/ports.js';
import type { ReportedJob } from '../../src/report/terminal.js';
import { Pcg32 } from '../bench/pcg32.js';

type ColumnSpec = readonly [name: string, type: ColumnType, unit: string, values: readonly number[]];

const ARRAYS: Record<ColumnType, (values: readonly number[]) => ColumnData> = {
  f64: (values) => Float64Array.from(values),
  i32: (values) => Int32Array.from(values),
  u32: (values) => Uint32Array.from(values),
  u8: (values) => Uint8Array.from(values),
};

export function makeTable(name: string, specs: readonly ColumnSpec[]): DescribedTable {
  const columns = specs.map(([, type, , values]) => ARRAYS[type](values));
  const decls = specs.map(([column, type, unit]) => ({
    name: column,
    type,
    unit,
    meaning: `${column} of ${name}`,
  }));
  return {
    name,
    rows: columns[0]?.length ?? 0,
    columns,
    decl: { name, title: `Table ${name}`, columns: decls },
  };
}

export const job: ReportedJob = {
  kind: 'market-making',
  spec: {
    market: { type: 'cont-stoikov-talreja', durationS: 60 },
    instrument: { tickSize: 0.01, lotSize: 1 },
    runs: 1,
  },
  seed: 42,
  reproduce: 'mms run market-making --seed 42',
};

/** A walk of `n` grid points over a minute: fills beside the spread, ten levels a side as depth. */
export function makeResult(n = 600): JobResult {
  const random = new Pcg32(7);
  const rows = {
    t: [] as number[],
    bid: [] as number[],
    ask: [] as number[],
    ownBid: [] as number[],
    ownAsk: [] as number[],
    inventory: [] as number[],
    pnl: [] as number[],
  };
  const fills: number[][] = [[], [], [], [], []];
  const depth: number[][] = [[], [], [], []];
  let [bid, inventory, cash] = [10_000, 0, 0];
  for (let i = 0; i < n; i++) {
    const t = (i * 60e9) / n;
    bid += random.uniform(3) - 1;
    const ask = bid + 1 + random.uniform(2);
    const side = random.uniform(2);
    if (random.uniform(3) === 0 && Math.abs(inventory + (side === 0 ? 1 : -1)) <= 5) {
      const price = side === 0 ? bid - 1 : ask + 1;
      inventory += side === 0 ? 1 : -1;
      cash -= (side === 0 ? 1 : -1) * price;
      [t, side, price, 1, inventory].forEach((value, k) => fills[k]?.push(value));
    }
    rows.t.push(t);
    rows.bid.push(bid);
    rows.ask.push(ask);
    rows.ownBid.push(inventory < 5 ? bid - 1 : -1);
    rows.ownAsk.push(inventory > -5 ? ask + 1 : -1);
    rows.inventory.push(inventory);
    rows.pnl.push((cash + (inventory * (bid + ask)) / 2) * 0.01);
    if (i % 3 !== 0) continue;
    for (let level = 0; level < 10; level++) {
      [t, 0, bid - level, 1 + random.uniform(5 + level * 4)].forEach((value, k) => depth[k]?.push(value));
      [t, 1, ask + level, 1 + random.uniform(5 + level * 4)].forEach((value, k) => depth[k]?.push(value));
    }
  }
  return {
    digest: '3f1c'.repeat(16),
    summary: { metrics: METRICS, notes: ['A note with <markup> & "quotes".'] },
    tables: [
      makeTable('series', [
        ['tNs', 'f64', 'ns', rows.t],
        ['bidTicks', 'i32', 'ticks', rows.bid],
        ['askTicks', 'i32', 'ticks', rows.ask],
        ['ownBidTicks', 'i32', 'ticks', rows.ownBid],
        ['ownAskTicks', 'i32', 'ticks', rows.ownAsk],
        ['inventoryLots', 'i32', 'lots', rows.inventory],
        ['pnl', 'f64', 'currency', rows.pnl],
      ]),
      makeTable('fills', [
        ['tNs', 'f64', 'ns', fills[0] ?? []],
        ['side', 'u8', '1', fills[1] ?? []],
        ['priceTicks', 'i32', 'ticks', fills[2] ?? []],
        ['qtyLots', 'i32', 'lots', fills[3] ?? []],
        ['inventoryLots', 'i32', 'lots', fills[4] ?? []],
      ]),
      makeTable('depth', [
        ['tNs', 'f64', 'ns', depth[0] ?? []],
        ['side', 'u8', '1', depth[1] ?? []],
        ['priceTicks', 'i32', 'ticks', depth[2] ?? []],
        ['qtyLots', 'i32', 'lots', depth[3] ?? []],
      ]),
    ],
  };
}

const metric = (name: string, value: number | null, standardError: number | null, unit: string): Metric => ({
  name,
  value,
  standardError,
  unit,
  meaning: `what ${name} tells`,
});

const METRICS: readonly Metric[] = [
  metric('pnl', 6.52, 0.3127, 'currency'),
  metric('sharpe', 2.413, 0.184, '1'),
  metric('fills', 378, null, '1'),
  metric('fillRate', 0.2134, 0.0042, '1'),
  metric('spreadCaptured', 1.52, 0.04, 'ticks'),
  metric('adverseSelection', -0.734, 0.05, 'ticks'),
  metric('maxDrawdown', -1.9, null, 'currency'),
  metric('meanAbsInventory', 2.15, 0.1, 'lots'),
  metric('undefinedHere', null, null, 's'),
  metric('orders', 12345, null, '1'),
  metric('vwap', 100.03, null, 'currency'),
];
