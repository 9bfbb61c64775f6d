/** Both books on matching cases of other people's engines and on the first rows of the QuantCup feed. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import { BUY, SELL, TIF_FOK, TIF_GTC, TIF_IOC } from '../../../src/core/book/codes.js';
import { NaiveBook } from '../../../src/core/book/naive.js';
import type { OrderBook, TradeSink } from '../../../src/core/book/types.js';
import { withShared } from '../../support/shared.js';

interface Operation {
  op: 'new' | 'cancel' | 'replace';
  id: string;
  side: 'B' | 'S';
  qty: number;
  price: number;
  type?: 'market';
  tif?: 'GTC' | 'IOC' | 'FOK';
  peak?: number;
}
type Trade = [taker: string, maker: string, price: number, qty: number];
type Resting = [price: number, qty: number, id: string];
interface Case {
  name: string;
  ops: Operation[];
  compare?: string;
  expect: { trades: Trade[]; bids: Resting[]; asks: Resting[] };
}

const TIFS = { GTC: TIF_GTC, IOC: TIF_IOC, FOK: TIF_FOK };
const SIZES = { ticks: 32, orders: 4, ids: 4 };
const BOOKS = [
  { book: 'fast', make: (sink: TradeSink): OrderBook => new Book(SIZES, sink) },
  { book: 'naive', make: (sink: TradeSink): OrderBook => new NaiveBook(SIZES, sink) },
];

/** Runs a case and returns what the case's `expect` describes. */
function play(test: Case, make: (sink: TradeSink) => OrderBook): Case['expect'] {
  const names = [...new Set(test.ops.map((o) => o.id))];
  const trades: Trade[] = [];
  const book = make({
    onTrade: (maker, taker, price, qty) => trades.push([names[taker]!, names[maker]!, price, qty]),
  });
  for (const o of test.ops) {
    const id = names.indexOf(o.id);
    const side = o.side === 'B' ? BUY : SELL;
    let code: number;
    if (o.op === 'cancel') code = book.cancel(id);
    else if (o.op === 'replace') code = book.replace(id, o.price, o.qty);
    else if (o.type === 'market') code = book.market(id, side, o.qty);
    else code = book.limit(id, side, o.price, o.qty, TIFS[o.tif ?? 'GTC']);
    expect(code, `${o.op} ${o.id}`).toBeGreaterThanOrEqual(0);
  }
  return { trades, bids: resting(book, BUY, names), asks: resting(book, SELL, names) };
}

/** Orders of a side, best price first, oldest first. */
function resting(book: OrderBook, side: number, names: readonly string[]): Resting[] {
  const ids = names.map((_, id) => id).filter((id) => book.sideOf(id) === side);
  const worse = side === BUY ? -1 : 1;
  const byPlace = (a: number, b: number): number =>
    worse * (book.priceOf(a) - book.priceOf(b)) || book.queueAheadLots(a) - book.queueAheadLots(b);
  return ids.sort(byPlace).map((id) => [book.priceOf(id), book.qtyOf(id), names[id]!]);
}

withShared('matching cases', (dir) => {
  const file = readFileSync(join(dir, 'data/matching/conformance.json'), 'utf8');
  const cases = (JSON.parse(file) as { cases: Case[] }).cases;
  const mine = cases.filter((c) => c.ops.every((o) => o.peak === undefined));
  const later = cases.filter((c) => !mine.includes(c));
  if (later.length > 0) console.warn(`iceberg cases left out: ${later.map((c) => c.name).join(', ')}`);

  it('holds the cases it is known to hold', () => {
    expect(mine.length).toBeGreaterThanOrEqual(20);
  });
  describe.each(BOOKS)('$book book', ({ make }) => {
    it.each(mine)('$name', (test) => {
      expect(test.compare).toBeUndefined();
      expect(play(test, make)).toEqual(test.expect);
    });
  });
});

withShared('QuantCup feed, first 5,000 rows', (dir) => {
  const rows = gunzipSync(readFileSync(join(dir, 'data/matching/quantcup_score_feed.csv.gz')))
    .toString()
    .split('\n')
    .slice(1, 5001)
    .map((line) => line.split(',').slice(2).map(Number));
  const expected = JSON.parse(
    readFileSync(join(dir, 'data/matching/quantcup_expected_first5000.json'), 'utf8'),
  ) as Record<string, number | string | number[]>;

  it.each(BOOKS)('$book book', ({ make }) => {
    const lines: string[] = [];
    let volume = 0;
    const book = make({
      onTrade: (maker, taker, price, qty) => {
        lines.push([taker, maker, price, qty].join());
        volume += qty;
      },
    });
    let orders = 0;
    let removed = 0;
    for (const [side, price, size] of rows) {
      if (price === 0) removed += book.cancel(size!) > 0 ? 1 : 0;
      else expect(book.limit(++orders, side!, price!, size!, TIF_GTC)).toBeGreaterThanOrEqual(0);
    }
    const restingOn = (side: number): number =>
      Array.from({ length: orders + 1 }, (_, id) => id).filter((id) => book.sideOf(id) === side).length;
    const bestOf = (price: number): number[] => {
      const front = Array.from({ length: orders + 1 }, (_, id) => id).find(
        (id) => book.priceOf(id) === price && book.queueAheadLots(id) === 0,
      );
      return [price, book.qtyOf(front!), front!];
    };
    expect({
      trades: lines.length,
      volume,
      orders,
      cancels_that_removed_an_order: removed,
      resting_bids: restingOn(BUY),
      resting_asks: restingOn(SELL),
      best_bid: bestOf(book.bestBidTicks),
      best_ask: bestOf(book.bestAskTicks),
      trades_sha256: createHash('sha256').update(lines.join('\n')).digest('hex'),
    }).toEqual({
      trades: expected.trades,
      volume: expected.volume,
      orders: expected.orders,
      cancels_that_removed_an_order: expected.cancels_that_removed_an_order,
      resting_bids: expected.resting_bids,
      resting_asks: expected.resting_asks,
      best_bid: expected.best_bid,
      best_ask: expected.best_ask,
      trades_sha256: expected.trades_sha256,
    });
  });
});
