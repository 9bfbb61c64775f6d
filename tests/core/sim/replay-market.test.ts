/** Queue rules of the replayed market, one small history each, and what it says when the files disagree. */
import { describe, expect, it } from 'vitest';
import { REJECT_DUPLICATE_ID, REJECT_ID, REJECT_PRICE, REJECT_QTY } from '../../../src/core/book/codes.js';
import { REJECT_WOULD_TRADE, TIF_IOC } from '../../../src/core/book/codes.js';
import { BUY, NIL, SELL } from '../../../src/core/sim/market.js';
import { describeReplay, readReplayFacts, writeReplayFacts } from '../../../src/core/sim/replay-facts.js';
import { readReplayFeed } from '../../../src/core/sim/replay-feed.js';
import type { ReplayFeed } from '../../../src/core/sim/replay-feed.js';
import { ReplayMarket } from '../../../src/core/sim/replay-market.js';

/** One level: lots at a price in ticks; null is an empty level. */
type Level = readonly [priceTicks: number, lots: number] | null;
/** type, order id, lots, price in ticks, resting side, asks after it, bids after it. */
type Row = readonly [number, number, number, number, number, readonly Level[], readonly Level[]];

const SEED: Row = [5, 0, 1, 100, BUY, [[101, 10]], [[99, 10]]];

function feedOf(rows: readonly Row[]): ReplayFeed {
  const levels = rows[0]?.[5].length ?? 0;
  const cells = rows.flatMap((row) =>
    row[5].flatMap((ask, k) => {
      const bid = row[6][k] ?? null;
      return [ask ? ask[0] * 100 : NIL, ask ? ask[1] : 0, bid ? bid[0] * 100 : NIL, bid ? bid[1] : 0];
    }),
  );
  const column = (index: 0 | 1 | 2 | 3 | 4): number[] => rows.map((row) => row[index]);
  return readReplayFeed([
    {
      name: 'messages',
      rows: rows.length,
      columns: [
        Float64Array.from(rows, (_, k) => 34_200e9 + k),
        Uint8Array.from(column(0)),
        Int32Array.from(column(1)),
        Int32Array.from(column(2)),
        Int32Array.from(column(3), (ticks) => ticks * 100),
        Uint8Array.from(column(4)),
      ],
    },
    { name: 'book', rows: cells.length, columns: [Int32Array.from(cells)] },
    { name: 'feed', rows: 1, columns: [Int32Array.of(levels), Int32Array.of(100), Int32Array.of(1000)] },
  ]);
}

class Fills {
  readonly list: number[][] = [];
  onFill(ownId: number, _side: number, priceTicks: number, qtyLots: number): void {
    this.list.push([ownId, qtyLots, priceTicks]);
  }
  onTrade(): void {}
}

function open(rows: readonly Row[]): { market: ReplayMarket; step: () => number[][] } {
  const market = new ReplayMarket(feedOf(rows), 0.01, 4);
  return {
    market,
    step: () => {
      const fills = new Fills();
      market.step(fills);
      return fills.list;
    },
  };
}

describe('queue rules', () => {
  it('an execution ahead consumes the queue, and what goes beyond it fills the order', () => {
    const { market, step } = open([
      SEED,
      [4, 1, 6, 99, BUY, [[101, 10]], [[99, 4]]],
      [4, 2, 4, 99, BUY, [[101, 10]], [[98, 7]]],
      [4, 3, 5, 98, BUY, [[101, 10]], [[98, 2]]],
    ]);
    expect(step()).toEqual([]);
    expect(market.place(0, BUY, 99, 8)).toBe(0);
    expect(market.queueAheadLots(0)).toBe(10);
    expect(step()).toEqual([]);
    expect(market.queueAheadLots(0)).toBe(4);
    expect(step()).toEqual([]);
    expect(market.queueAheadLots(0)).toBe(0);
    expect(step()).toEqual([[0, 5, 99]]);
    expect(market.cancel(0)).toBe(3);
    expect(market.queueAheadLots(0)).toBe(NIL);
  });

  it('a cancel ahead advances by its size only, a cancel behind not at all', () => {
    const { market, step } = open([
      SEED,
      [1, 5, 3, 99, BUY, [[101, 10]], [[99, 13]]],
      [1, 6, 4, 99, BUY, [[101, 10]], [[99, 17]]],
      [2, 6, 2, 99, BUY, [[101, 10]], [[99, 15]]],
      [3, 5, 3, 99, BUY, [[101, 10]], [[99, 12]]],
      [3, 7, 2, 99, BUY, [[101, 10]], [[99, 10]]],
    ]);
    step();
    step();
    market.place(0, BUY, 99, 5);
    expect(market.queueAheadLots(0)).toBe(13);
    const places = [step, step, step, step].map((next) => {
      next();
      return market.queueAheadLots(0);
    });
    expect(places).toEqual([13, 13, 10, 8]);
    expect(market.facts.anonymousMessages).toBe(1);
  });

  it('an execution of an order behind ours would have hit ours first', () => {
    const { market, step } = open([
      SEED,
      [3, 1, 10, 99, BUY, [[101, 10]], [[98, 1]]],
      [1, 2, 6, 99, BUY, [[101, 10]], [[99, 6]]],
      [4, 2, 6, 99, BUY, [[101, 10]], [[98, 1]]],
    ]);
    step();
    step();
    market.place(0, BUY, 99, 4);
    step();
    expect(market.queueAheadLots(0)).toBe(0);
    expect(step()).toEqual([[0, 4, 99]]);
  });

  it('a sweep that takes an order behind ours before those ahead fills ours with what it took beyond them', () => {
    const { market, step } = open([
      SEED,
      [1, 2, 6, 99, BUY, [[101, 10]], [[99, 16]]],
      [4, 2, 6, 99, BUY, [[101, 10]], [[99, 10]]],
      [4, 1, 10, 99, BUY, [[101, 10]], [[98, 1]]],
    ]);
    step();
    market.place(0, BUY, 99, 20);
    step();
    expect(step()).toEqual([[0, 6, 99]]);
    expect(step()).toEqual([]);
    expect([market.queueAheadLots(0), market.cancel(0)]).toEqual([0, 14]);
  });

  it('hidden executions fill nothing and leave the book unchanged', () => {
    const { market, step } = open([SEED, [5, 0, 50, 99, BUY, [[101, 10]], [[99, 10]]]]);
    step();
    market.place(0, BUY, 100, 4);
    expect(step()).toEqual([]);
    expect(market.facts).toMatchObject({ hiddenLots: 51, visibleLots: 0, rowsEqual: 2, mismatchRows: 0 });
  });

  it('an arriving order that crosses an own quote fills it at its price up to its size, by price then time', () => {
    const { market, step } = open([SEED, [1, 1, 9, 99 + 1, SELL, [[100, 9]], [[99, 10]]]]);
    step();
    market.place(2, BUY, 100, 3);
    market.place(1, BUY, 100, 4);
    expect(market.queueAheadLots(1)).toBe(3);
    market.place(3, BUY, 99, 5);
    expect(step()).toEqual([
      [2, 3, 100],
      [1, 4, 100],
    ]);
    expect(market.queueAheadLots(3)).toBe(10);
  });

  it('each historical share fills once, however many own orders stand in its way', () => {
    const { market, step } = open([SEED, [4, 1, 5, 101, SELL, [[101, 5]], [[99, 10]]]]);
    step();
    market.place(0, SELL, 100, 3);
    market.place(1, SELL, 100, 9);
    expect(step()).toEqual([
      [0, 3, 100],
      [1, 2, 100],
    ]);
    expect(market.cancel(1)).toBe(7);
  });
});

describe('levels that the file does not show', () => {
  it('an order below the window has no known place until its level is shown; then all of it is ahead', () => {
    const { market, step } = open([SEED, [3, 1, 10, 99, BUY, [[101, 10]], [[97, 7]]]]);
    step();
    expect(market.place(0, BUY, 97, 5)).toBe(0);
    expect(market.queueAheadLots(0)).toBe(NIL);
    step();
    expect(market.queueAheadLots(0)).toBe(7);
    expect(market.facts).toMatchObject({ reseededRows: 1, unsureOrders: 1, mismatchRows: 0 });
  });

  it('a level that went out of sight comes back with at most the lots that were ahead before', () => {
    const rows: Row[] = [
      SEED,
      [1, 1, 2, 100, BUY, [[101, 10]], [[100, 2]]],
      [3, 1, 2, 100, BUY, [[101, 10]], [[99, 6]]],
      [1, 2, 5, 99, BUY, [[101, 10]], [[99, 11]]],
      [3, 8, 4, 99, BUY, [[101, 10]], [[99, 7]]],
      [4, 2, 2, 99, BUY, [[101, 10]], [[99, 5]]],
    ];
    const { market, step } = open(rows);
    step();
    market.place(0, BUY, 99, 9);
    step();
    expect(market.queueAheadLots(0)).toBe(10);
    step();
    expect(market.queueAheadLots(0)).toBe(6);
    step();
    step();
    // Order 8 was never seen to arrive: it may have come behind ours while the level was out of sight.
    expect(market.queueAheadLots(0)).toBe(6);
    // Order 2 came behind ours; nobody can have more ahead than the level still shows.
    expect(step()).toEqual([[0, 2, 99]]);
    expect(market.queueAheadLots(0)).toBe(5);
    expect(market.facts).toMatchObject({ unsureOrders: 1, mismatchRows: 0 });
  });
});

describe('answers to own orders', () => {
  it('refuses what would trade, bad sizes, prices and ids, and leaves nothing behind', () => {
    const { market } = open([SEED]);
    expect(market.place(0, BUY, 101, 1)).toBe(REJECT_WOULD_TRADE);
    expect(market.place(0, SELL, 99, 1)).toBe(REJECT_WOULD_TRADE);
    expect(market.place(0, BUY, 100, 0)).toBe(REJECT_QTY);
    expect(market.place(0, BUY, 100, NaN)).toBe(REJECT_QTY);
    expect(market.place(0, BUY, 0, 1)).toBe(REJECT_PRICE);
    expect(market.place(0, SELL, 2 ** 30, 1)).toBe(REJECT_PRICE);
    expect(market.place(4, BUY, 100, 1)).toBe(REJECT_ID);
    expect(market.place(-1, BUY, 100, 1)).toBe(REJECT_ID);
    expect(market.place(0, BUY, 100, 1)).toBe(0);
    expect(market.place(0, BUY, 98, 1)).toBe(REJECT_DUPLICATE_ID);
    expect(market.place(1, SELL, 100, 1)).toBe(REJECT_WOULD_TRADE);
    expect(market.cancel(0)).toBe(1);
    expect(market.cancel(0)).toBe(0);
    expect(market.place(1, SELL, 100, 1)).toBe(0);
    expect([market.bestBidTicks(), market.bestAskTicks()]).toEqual([99, 101]);
  });

  it('knows empty sides and the end of the file', () => {
    const { market, step } = open([[3, 1, 1, 100, SELL, [null], [null]]]);
    expect([market.bestBidTicks(), market.bestAskTicks(), market.nextNs()]).toEqual([NIL, NIL, 0]);
    expect(market.depth(BUY, new Int32Array(1), new Int32Array(1), 1)).toBe(0);
    step();
    expect(market.nextNs()).toBe(Infinity);
    step();
    expect(market.facts.rows).toBe(1);
  });
});

describe('book against file', () => {
  const before: Row = [5, 0, 1, 100, BUY, [[101, 10], [103, 4]], [[99, 10], [98, 3]]]; // prettier-ignore
  const cases: [string, Row][] = [
    ['another size', [1, 1, 5, 99, BUY, [[101, 10], [103, 4]], [[99, 14], [98, 3]]]], // prettier-ignore
    ['another price', [2, 1, 5, 99, BUY, [[101, 10], [103, 4]], [[99, 5], [97, 3]]]], // prettier-ignore
    ['a cancel at a price that nobody shows', [3, 1, 5, 96, BUY, [[101, 10], [103, 4]], [[99, 10], [98, 3]]]], // prettier-ignore
    ['more taken than there was', [4, 1, 11, 99, BUY, [[101, 10], [103, 4]], [[98, 3], [97, 1]]]], // prettier-ignore
    ['a new bottom level although none vanished', [5, 0, 1, 99, BUY, [[101, 10], [104, 4]], [[99, 10], [98, 3]]]], // prettier-ignore
    ['a bottom level that enters above the old one', [3, 1, 3, 98, BUY, [[101, 10], [103, 4]], [[99, 10], [98, 5]]]], // prettier-ignore
  ];

  it.each(cases)('%s is a mismatch, told with its row, and the file is believed', (_, row) => {
    const { market, step } = open([before, row, [5, 0, 1, 100, BUY, row[5], row[6]]]);
    for (let k = 0; k < 3; k++) step();
    expect(market.facts).toMatchObject({ rows: 3, rowsEqual: 2, mismatchRows: 1, firstMismatchRow: 1 });
    expect(describeReplay(market.facts)[0]).toContain('equal to the orderbook file on 2 of 3 rows');
    expect(describeReplay(market.facts)[0]).toContain('row 2');
  });

  it('carries the facts through their table', () => {
    const cross: Row = [6, 9, 70, 100, BUY, before[5], before[6]];
    const halt: Row = [7, 0, 0, 0, SELL, before[5], before[6]];
    const { market, step } = open([before, cross, halt]);
    for (let k = 0; k < 3; k++) step();
    expect(readReplayFacts(writeReplayFacts(market.facts))).toEqual(market.facts);
    expect(market.facts).toMatchObject({ crossLots: 70, haltMessages: 1, rowsEqual: 3 });
    expect(market.facts.vwap()).toBe(1);
    expect(readReplayFacts({ ...writeReplayFacts(market.facts), rows: 0 })).toBeNull();
  });

  it('refuses a tick that does not divide the prices', () => {
    expect(() => new ReplayMarket(feedOf([SEED]), 0.05, 4)).toThrow(/tickSize 0.05 does not divide/);
    expect(new ReplayMarket(feedOf([SEED]), 0.0001, 4).bestBidTicks()).toBe(9900);
  });
});

describe('immediate-or-cancel orders', () => {
  const take = (market: ReplayMarket, side: number, price: number, lots: number): number[][] => {
    const fills = new Fills();
    expect(market.place(3, side, price, lots, TIF_IOC, fills)).toBe(0);
    return fills.list;
  };
  const ASKS: readonly Level[] = [
    [101, 10],
    [102, 20],
  ];
  const BIDS: readonly Level[] = [
    [99, 10],
    [98, 5],
  ];
  const FIRST: Row = [5, 0, 1, 100, BUY, ASKS, BIDS];

  it('walk the visible levels up to their limit, and take no share twice', () => {
    const { market } = open([FIRST]);
    expect(take(market, BUY, 101, 4)).toEqual([[3, 4, 101]]);
    expect(take(market, BUY, 101, 40)).toEqual([[3, 6, 101]]);
    expect(take(market, BUY, NIL, 25)).toEqual([[3, 20, 102]]);
    expect(take(market, BUY, NIL, 1)).toEqual([]);
    expect(take(market, SELL, 98, 12)).toEqual([
      [3, 10, 99],
      [3, 2, 98],
    ]);
    // History is never altered: it goes on showing what it showed.
    expect([market.bestBidTicks(), market.bestAskTicks(), market.queueAheadLots(3)]).toEqual([99, 101, NIL]);
  });

  it('may take what arrives later, and what history takes away is not counted twice', () => {
    const more: readonly Level[] = [
      [101, 17],
      [102, 20],
    ];
    const fewer: readonly Level[] = [
      [101, 5],
      [102, 20],
    ];
    const { market, step } = open([
      FIRST,
      [1, 1, 7, 101, SELL, more, BIDS],
      [3, 0, 12, 101, SELL, fewer, BIDS],
      [1, 2, 5, 101, SELL, ASKS, BIDS],
    ]);
    step();
    expect(take(market, BUY, 101, 40)).toEqual([[3, 10, 101]]);
    step();
    expect(take(market, BUY, 101, 3)).toEqual([[3, 3, 101]]);
    step();
    // 13 were taken, 5 are shown: those are taken ones.
    expect(take(market, BUY, 101, 9)).toEqual([]);
    step();
    expect(take(market, BUY, 101, 9)).toEqual([[3, 5, 101]]);
  });

  it('need an id of their own and a size, as others do', () => {
    const { market } = open([FIRST]);
    expect(market.place(0, SELL, 110, 1)).toBe(0);
    expect(market.place(0, BUY, NIL, 1, TIF_IOC)).toBe(REJECT_DUPLICATE_ID);
    expect(market.place(1, BUY, NIL, 0, TIF_IOC)).toBe(REJECT_QTY);
    expect(market.place(1, BUY, 0, 1, TIF_IOC)).toBe(REJECT_PRICE);
  });
});
