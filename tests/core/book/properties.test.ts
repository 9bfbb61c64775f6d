/** What is always true of an order book (reference values V12), for both books and random command lists. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import { BUY, NIL, SELL, TIF_GTC, TIF_POST_ONLY } from '../../../src/core/book/codes.js';
import { NaiveBook } from '../../../src/core/book/naive.js';
import type { OrderBook, TradeSink } from '../../../src/core/book/types.js';

const IDS = 12;
const SIZES = { ticks: 32, orders: 2, ids: 2, maxIds: IDS };
const CHECK = { numRuns: 150, seed: 20_100_401 };

type Command =
  | { op: 'limit'; id: number; side: number; priceTicks: number; qtyLots: number; tif: number }
  | { op: 'market'; id: number; side: number; qtyLots: number }
  | { op: 'cancel'; id: number }
  | { op: 'replace'; id: number; priceTicks: number; qtyLots: number };

const id = fc.integer({ min: 0, max: IDS });
const side = fc.constantFrom(BUY, SELL);
const priceTicks = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 95, max: 105 }) },
  { weight: 1, arbitrary: fc.integer({ min: -1, max: 400 }) },
);
const qtyLots = fc.integer({ min: 0, max: 9 });
const tif = fc.integer({ min: 0, max: 3 });
const limit = fc.record({ op: fc.constant('limit' as const), id, side, priceTicks, qtyLots, tif });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: limit },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('market' as const), id, side, qtyLots }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('cancel' as const), id }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('replace' as const), id, priceTicks, qtyLots }) },
);
const commands = fc.array(command, { minLength: 1, maxLength: 120, size: 'max' });

function apply(book: OrderBook, it: Command): number {
  if (it.op === 'limit') return book.limit(it.id, it.side, it.priceTicks, it.qtyLots, it.tif);
  if (it.op === 'market') return book.market(it.id, it.side, it.qtyLots);
  if (it.op === 'cancel') return book.cancel(it.id);
  return book.replace(it.id, it.priceTicks, it.qtyLots);
}

interface Trade {
  makerId: number;
  takerId: number;
  priceTicks: number;
  qtyLots: number;
  takerSide: number;
}

class Tape implements TradeSink {
  trades: Trade[] = [];
  onTrade(makerId: number, takerId: number, priceTicks: number, qtyLots: number, takerSide: number): void {
    this.trades.push({ makerId, takerId, priceTicks, qtyLots, takerSide });
  }
}

/** An order that rests, as the test believes; `since` orders arrivals. */
interface Resting {
  id: number;
  side: number;
  priceTicks: number;
  lots: number;
  since: number;
}

const snapshot = (book: OrderBook): Map<number, { ahead: number; priceTicks: number }> =>
  new Map(
    Array.from({ length: IDS }, (_, i) => i)
      .filter((i) => book.sideOf(i) !== NIL)
      .map((i) => [i, { ahead: book.queueAheadLots(i), priceTicks: book.priceOf(i) }]),
  );

const BOOKS = [
  { name: 'fast', make: (sink: TradeSink): OrderBook => new Book(SIZES, sink) },
  { name: 'naive', make: (sink: TradeSink): OrderBook => new NaiveBook(SIZES, sink) },
];

describe.each(BOOKS)('$name book', ({ make }) => {
  it('is never crossed, and refuses without a trace', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const tape = new Tape();
        const book = make(tape);
        for (const it of list) {
          const before = book.stateHash();
          const traded = tape.trades.length;
          const result = apply(book, it);
          if (result < 0) {
            expect(book.stateHash()).toBe(before);
            expect(tape.trades.length).toBe(traded);
          }
          const { bestBidTicks: bid, bestAskTicks: ask } = book;
          if (bid !== NIL && ask !== NIL) expect(bid).toBeLessThan(ask);
        }
      }),
      CHECK,
    );
  });

  it('trades in price-time order, and every lot of an order once', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const tape = new Tape();
        const book = make(tape);
        const resting = new Map<number, Resting>();
        let bought = 0;
        let sold = 0;
        let volume = 0;
        list.forEach((it, since) => {
          tape.trades = [];
          const own = resting.get(it.id);
          const result = apply(book, it);
          if (it.op === 'cancel') {
            expect(result).toBe(own?.lots ?? result);
            resting.delete(it.id);
            return;
          }
          if (result < 0) return expect(tape.trades).toEqual([]);
          const takerSide = it.op === 'replace' ? own!.side : it.side;
          if (it.op === 'replace') {
            if (it.priceTicks === own!.priceTicks && it.qtyLots <= own!.lots) {
              own!.lots = it.qtyLots;
              return expect(tape.trades).toEqual([]);
            }
            resting.delete(it.id);
          }
          let left = it.qtyLots;
          for (const trade of tape.trades) {
            const first = firstInLine(resting, takerSide);
            expect(trade).toEqual({
              makerId: first.id,
              takerId: it.id,
              priceTicks: first.priceTicks,
              qtyLots: Math.min(left, first.lots),
              takerSide,
            });
            left -= trade.qtyLots;
            first.lots -= trade.qtyLots;
            if (first.lots === 0) resting.delete(first.id);
            volume += trade.qtyLots;
            if (takerSide === BUY) bought += trade.qtyLots;
            else sold += trade.qtyLots;
            if (first.side === BUY) bought += trade.qtyLots;
            else sold += trade.qtyLots;
          }
          expect(result).toBe(it.qtyLots - left);
          const rests =
            it.op === 'replace' || (it.op === 'limit' && (it.tif === TIF_GTC || it.tif === TIF_POST_ONLY));
          if (rests && left > 0) {
            resting.set(it.id, { id: it.id, side: takerSide, priceTicks: it.priceTicks, lots: left, since });
          }
        });
        expect([bought, sold]).toEqual([volume, volume]);
        expect(book.ordersLive).toBe(resting.size);
        for (const order of resting.values()) {
          expect([book.sideOf(order.id), book.priceOf(order.id), book.qtyOf(order.id)]).toEqual([
            order.side,
            order.priceTicks,
            order.lots,
          ]);
        }
      }),
      CHECK,
    );
  });

  it('moves a queue forward by the size of a cancel ahead, and by nothing else', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const book = make(new Tape());
        for (const it of list) {
          const before = snapshot(book);
          const result = apply(book, it);
          if (it.op !== 'cancel' || result < 0) continue;
          const gone = before.get(it.id)!;
          before.delete(it.id);
          const after = snapshot(book);
          expect([...after.keys()]).toEqual([...before.keys()]);
          for (const [other, was] of before) {
            const behind = was.priceTicks === gone.priceTicks && was.ahead > gone.ahead;
            expect(after.get(other)!.ahead).toBe(behind ? was.ahead - result : was.ahead);
          }
        }
      }),
      CHECK,
    );
  });
});

/** The order that a taker of a side must meet next: best price, then oldest. */
function firstInLine(resting: ReadonlyMap<number, Resting>, takerSide: number): Resting {
  const worse = takerSide === BUY ? 1 : -1;
  const line = [...resting.values()]
    .filter((order) => order.side !== takerSide)
    .sort((a, b) => worse * (a.priceTicks - b.priceTicks) || a.since - b.since);
  expect(line.length).toBeGreaterThan(0);
  return line[0]!;
}
