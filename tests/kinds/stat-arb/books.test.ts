/** Pairs in two books: money adds up, what is not hedged is seen, the tie and the leader are found again. */
import { describe, expect, it } from 'vitest';
import type { Table } from '../../../src/contract/columns.js';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import { checkSpec } from '../../../src/jobs/check-spec.js';
import kind from '../../../src/kinds/stat-arb/index.js';
import { run } from '../../../src/kinds/stat-arb/run.js';
import type { Spec } from '../../../src/kinds/stat-arb/spec.js';

interface Done {
  column(table: string, name: string): number[];
  metric(name: string): { value: number | null; standardError: number | null; flag?: string };
  readonly notes: string;
}

function go(source: object, more: object = {}, runs = 2, seed = 1): Done {
  const spec = checkSpec(kind, { source: { type: 'books', warmupS: 20, ...source }, runs, ...more }) as Spec;
  const control = new Int32Array(CONTROL_SLOTS);
  const tables: Table[] = run({ spec, seed, from: 0, to: runs, inputs: {}, control })!;
  const summary = kind.summarise(spec, tables, {});
  return {
    column(table, name) {
      const at = kind.tables.findIndex((decl) => decl.name === table);
      return [...tables[at]!.columns[kind.tables[at]!.columns.findIndex((decl) => decl.name === name)]!];
    },
    metric: (name) => summary.metrics.find((found) => found.name === name)!,
    notes: summary.notes.join('\n'),
  };
}

const fees = { makerBps: -0.1, takerBps: 0.3 };
const short = { durationS: 600, halfLifeS: 20, venueY: fees, venueX: fees };

describe.each(['take', 'make'])('orders %s', (orders) => {
  const done = go({ ...short, orders }, { strategy: { type: 'zscore', entry: 1.2 } }, 3);
  const of = (name: string): number[] => done.column('books', name);

  it('keeps money: positions sum to the PnL, and the PnL to paper less its costs', () => {
    const [pnl, run] = [done.column('runs', 'pnl'), done.column('trades', 'run')];
    const [each, gross, costs] = ['pnl', 'gross', 'costs'].map((name) => done.column('trades', name)) as [
      number[],
      number[],
      number[],
    ];
    expect(each.length).toBeGreaterThan(5);
    pnl.forEach((value, i) => {
      const sum = each.reduce((total, one, row) => total + (run[row] === i ? one : 0), 0);
      expect(sum).toBeCloseTo(value, 9);
    });
    each.forEach((value, row) => expect(value).toBeCloseTo(gross[row]! - costs[row]!, 9));
    // Fees were paid: positions carry them all.
    const paid = costs.reduce((a, b) => a + b, 0);
    expect(paid).toBeCloseTo(
      of('fees').reduce((a, b) => a + b, 0),
      9,
    );
  });

  it('fills as it says, in whole positions that are closed at the end', () => {
    expect(of('takerLots').every((lots) => lots > 0)).toBe(true);
    expect(of('makerLots').every((lots) => (orders === 'make' ? lots > 0 : lots === 0))).toBe(true);
    expect(of('queueAheadLots').some((lots) => lots > 0)).toBe(orders === 'make');
    const lotsY = done.column('series', 'lotsY');
    expect(Math.max(...lotsY.map(Math.abs))).toBe(5);
    expect(lotsY.at(-1)).toBe(0);
    expect(done.column('series', 'lotsX').at(-1)).toBe(0);
  });
});

describe('legs with latencies of their own', () => {
  const late = (orderNs: number): Done =>
    go({ ...short, lots: 2, venueX: { orderNs } }, { strategy: { type: 'zscore', entry: 1.2 } }, 4);
  const [same, slow] = [late(500_000), late(3_000_000_000)];
  const total = (done: Done, name: string): number => done.column('books', name).reduce((a, b) => a + b, 0);

  it('leave nothing open for long when alike, and what the slower leg takes when not', () => {
    expect(total(slow, 'unhedgedS')).toBeGreaterThan(50 * total(same, 'unhedgedS'));
    // Two seconds and more of each deal: entry and exit of every position, as far as the run has time.
    const deals = 2 * total(slow, 'restedOrders') || 2 * slow.column('trades', 'run').length;
    expect(total(slow, 'unhedgedS')).toBeGreaterThan(1.5 * deals);
    expect(Math.abs(total(slow, 'leggingCost'))).toBeGreaterThan(0);
  });
});

describe('two books whose informed traders share a value', () => {
  it('are found to belong together and earn; books that nothing ties are not, and the result warns', () => {
    const tied = go({ durationS: 3_000 }, {}, 3);
    expect(tied.metric('cointegratedShare').value).toBe(1);
    expect(tied.metric('pnl').value!).toBeGreaterThan(2 * tied.metric('pnl').standardError!);
    const loose = go({ durationS: 1_500, cointegrated: false, halfLifeS: 5 }, {}, 3);
    expect(loose.metric('cointegratedShare').value!).toBeLessThan(0.5);
    expect(loose.notes).toMatch(/Warning: mostly not cointegrated/);
    expect(loose.metric('engleGrangerPValue').flag).toBe('not cointegrated');
  });

  const venues = {
    durationS: 400,
    valueSigmaTicksPerSqrtS: 4,
    informedRatePerS: 10,
    spreadSdTicks: 0.5,
    venueY: { informedDelayS: 2 },
  };
  const pair = { method: 'given', scale: 'price' };

  it('lead by as much as one hears of it later, either way', () => {
    // The grid of lags has steps of a quarter of a second, and the informed come every tenth.
    const near = (found: number[], lag: number): void => {
      for (const lead of found) expect(Math.abs(lead - lag)).toBeLessThanOrEqual(0.25);
    };
    near(go(venues, { pair }, 2).column('books', 'leadS'), 2);
    const turned = { ...venues, venueY: {}, venueX: { informedDelayS: 1 } };
    near(go(turned, { pair }, 2).column('books', 'leadS'), -1);
  });

  it('pay who trades the late one, if the edge is worth the spread', () => {
    const strategy = { type: 'lead-lag', isHedged: false, entryTicks: 8, exitTicks: 1 };
    const done = go({ ...venues, durationS: 600 }, { pair, strategy }, 8);
    expect(done.metric('pnl').value!).toBeGreaterThan(2 * done.metric('pnl').standardError!);
    expect(done.column('trades', 'lotsX').every((lots) => lots === 0)).toBe(true);
  });
});

describe('bad input over books', () => {
  it.each([
    [{ source: { type: 'books', durationS: 20 } }, /\/source\/durationS.*at least 30 observations/],
    [
      { source: { type: 'books', flow: { limitRatePerS: [1, 2] } } },
      /\/source\/flow\/cancelRatePerS.*as many rates/,
    ],
    [
      { source: { type: 'books', venueX: { makerBps: -2, takerBps: 1 } } },
      /\/source\/venueX\/makerBps.*rebate/,
    ],
    [
      { source: { type: 'books', durationS: 86_400, sampleS: 0.01 } },
      /\/source\/durationS.*at most 200000 observations/,
    ],
    [{ strategy: { type: 'lead-lag' } }, /\/strategy\/type.*lead-lag needs books/],
    [{ source: { type: 'books' }, strategy: { type: 'lead-lag', exitTicks: 5 } }, /\/strategy\/exitTicks/],
    [{ source: { type: 'books' }, pair: { formationShare: 1 } }, /\/pair\/formationShare.*less than 1/],
  ])('%j', (raw, words) => {
    let told = '';
    try {
      checkSpec(kind, raw);
    } catch (error) {
      told = JSON.stringify((error as { faults?: unknown }).faults ?? String(error));
    }
    expect(told).toMatch(words);
  });
});
