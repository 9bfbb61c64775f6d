/** Call auctions: the uncross against an oracle that tries every tick, and what becomes of the orders. */
import { expect, it } from 'vitest';
import { CallAuction } from '../../../src/core/book/auction.js';
import { Book } from '../../../src/core/book/book.js';
import * as c from '../../../src/core/book/codes.js';
import { ORDER_DEFAULTS, type OrderRequest } from '../../../src/core/book/types.js';
import { Pcg32 } from '../../bench/pcg32.js';
import { oracle, WIDE, type Order } from '../../support/uncross-oracle.js';

it('uncrosses 100,000 random books as the oracle does, by price and arrival', () => {
  const random = new Pcg32(17);
  const rules = new Set<string>();
  const auction = new CallAuction();
  for (let round = 0; round < 100_000; round++) {
    auction.reset();
    auction.band(0, c.MAX_PRICE_TICKS);
    const count = 1 + random.uniform(10);
    const width = 1 + random.uniform(12);
    const orders: Order[] = [];
    for (let id = 0; id < count; id++) {
      const priceTicks = random.uniform(8) === 0 ? c.NIL : 50 + random.uniform(width);
      const order = {
        side: random.uniform(2),
        priceTicks,
        lots: 1 + random.uniform(random.uniform(2) === 0 ? 3 : 40),
      };
      orders.push(order);
      const { side, lots } = order;
      if (priceTicks === c.NIL) auction.market(id, side, lots);
      else auction.limit(id, side, priceTicks, lots);
    }
    // Half of the bands are too wide to matter; the others may leave orders outside.
    const band = { lowTicks: 50 + random.uniform(4), highTicks: 50 + random.uniform(width) };
    const isBound = random.uniform(2) === 0;
    if (isBound) auction.band(band.lowTicks, band.highTicks);
    const referenceTicks = random.uniform(4) === 0 ? c.NIL : 45 + random.uniform(width + 10);
    const want = oracle(orders, referenceTicks, isBound ? band : WIDE);
    const traded = orders.map(() => 0);
    const { priceTicks, volumeLots, surplusLots } = auction.uncross(referenceTicks, {
      onTrade(maker, taker, price, lots, side) {
        traded[maker]! += lots;
        traded[taker]! += lots;
        if (price !== want.priceTicks || side !== c.NIL) throw new Error('a trade at another price');
      },
    });
    const got = { priceTicks, volumeLots, surplusLots };
    if (JSON.stringify(got) !== JSON.stringify(want)) expect(got, JSON.stringify(orders)).toEqual(want);
    rules.add(String(Math.sign(surplusLots)));
    const { bestBidTicks, bestAskTicks } = auction;
    const isCrossed = bestBidTicks !== c.NIL && bestAskTicks !== c.NIL && bestBidTicks >= bestAskTicks;
    if (isCrossed && !isBound) expect([bestBidTicks, bestAskTicks]).toBe('uncrossed');
    for (const side of [c.BUY, c.SELL]) {
      const sign = side === c.BUY ? -1 : 1;
      const queue = orders
        .map((o, id) => ({ ...o, id }))
        .filter((o) => o.side === side)
        .sort((a, b) => rank(a, sign) - rank(b, sign) || a.id - b.id);
      let left = volumeLots;
      for (const o of queue) {
        const share = Math.min(left, o.lots);
        if (traded[o.id] !== share) expect(traded[o.id], JSON.stringify({ orders, o })).toBe(share);
        left -= share;
        const stays = o.priceTicks === c.NIL ? 0 : o.lots - share;
        if (auction.qtyOf(o.id) !== stays) expect(auction.qtyOf(o.id)).toBe(stays);
      }
    }
  }
  expect([...rules].sort()).toEqual(['-1', '0', '1']);
});

const rank = (o: Order, sign: number): number => (o.priceTicks === c.NIL ? -1e9 : sign * o.priceTicks);

it('finds a price between two limits, where the surplus is least', () => {
  const auction = new CallAuction();
  auction.limit(1, c.BUY, 110, 10);
  auction.limit(2, c.BUY, 100, 10);
  auction.limit(3, c.SELL, 100, 10);
  auction.limit(4, c.SELL, 110, 10);
  expect(auction.indicative(105)).toEqual({ priceTicks: 105, volumeLots: 10, surplusLots: 0 });
  expect(auction.indicative(c.NIL).priceTicks).toBe(101);
  expect(auction.indicative(500).priceTicks).toBe(109);
});

it('refuses as the book does, and hands what is left to it uncrossed', () => {
  const auction = new CallAuction();
  expect(auction.limit(1, c.BUY, 100, 0)).toBe(c.REJECT_QTY);
  expect(auction.limit(1, c.BUY, -2, 5)).toBe(c.REJECT_PRICE);
  expect(auction.limit(-1, c.BUY, 100, 5)).toBe(c.REJECT_ID);
  expect(auction.market(1, c.BUY, 0)).toBe(c.REJECT_QTY);
  expect(auction.market(-2, c.BUY, 5)).toBe(c.REJECT_ID);
  expect(auction.submit({ ...plain(1, c.BUY, 100, 5), tif: c.TIF_FOK })).toBe(c.REJECT_TYPE);
  expect(auction.limit(1, c.BUY, 103, 5)).toBe(0);
  expect(auction.limit(1, c.SELL, 100, 5)).toBe(c.REJECT_DUPLICATE_ID);
  expect(auction.market(1, c.SELL, 5)).toBe(c.REJECT_DUPLICATE_ID);
  expect(auction.limit(2, c.SELL, 101, 3)).toBe(0);
  expect(auction.limit(3, c.SELL, 104, 3)).toBe(0);
  expect(auction.market(4, c.BUY, 1)).toBe(0);
  expect(auction.market(5, c.BUY, 7)).toBe(0);
  expect([auction.qtyOf(1), auction.qtyOf(5), auction.qtyOf(6), auction.ordersLive]).toEqual([5, 7, 0, 5]);
  expect([auction.cancel(5), auction.cancel(3), auction.cancel(3)]).toEqual([7, 3, c.REJECT_UNKNOWN_ID]);
  auction.halt(true);
  expect(auction.limit(6, c.BUY, 103, 5)).toBe(c.REJECT_HALTED);
  auction.halt(false);
  expect(auction.uncross(102, quiet)).toEqual({ priceTicks: 103, volumeLots: 3, surplusLots: 3 });
  const book = new Book({ ticks: 32, orders: 4, ids: 8 }, quiet);
  auction.moveTo(book, 103);
  expect([auction.ordersLive, book.ordersLive, book.bestBidTicks, book.qtyOf(1)]).toEqual([0, 1, 103, 3]);
});

const quiet = { onTrade() {} };
const plain = (id: number, side: number, priceTicks: number, qtyLots: number): OrderRequest => ({
  ...ORDER_DEFAULTS,
  id,
  side,
  priceTicks,
  qtyLots,
});

it('takes a book over and gives it back with every order in its place, rarer ones too', () => {
  const random = new Pcg32(5);
  const book = new Book({ ticks: 64, orders: 64, ids: 256 }, quiet);
  for (let id = 0; id < 200; id++) {
    const side = random.uniform(2);
    const priceTicks = side === c.BUY ? 99 - random.uniform(12) : 100 + random.uniform(12);
    const qtyLots = 1 + random.uniform(30);
    const displayLots = [c.NIL, c.NIL, 0, 1 + random.uniform(qtyLots)][random.uniform(4)]!;
    const ownerId = random.uniform(3) - 1;
    const expiryNs = random.uniform(2) === 0 ? Infinity : 100 + id;
    book.submit({ ...plain(id, side, priceTicks, qtyLots), displayLots, ownerId, expiryNs });
  }
  const [hash, live] = [book.stateHash(), book.ordersLive];
  const ahead = Array.from({ length: 200 }, (_, id) => book.queueAheadLots(id));
  const auction = new CallAuction();
  auction.takeFrom(book);
  expect([book.ordersLive, auction.ordersLive]).toEqual([0, live]);
  expect(Array.from({ length: 200 }, (_, id) => auction.queueAheadLots(id))).toEqual(ahead);
  expect(auction.indicative(99).volumeLots).toBe(0);
  auction.moveTo(book, c.NIL);
  expect([book.stateHash(), book.ordersLive, auction.ordersLive]).toEqual([hash, live, 0]);
  expect(book.advance(250)).toBeGreaterThan(50);
});

it('lets icebergs trade in full and hidden orders last, and its price trigger stops', () => {
  const trades: number[][] = [];
  const sink = { onTrade: (...trade: number[]) => void trades.push(trade) };
  const auction = new CallAuction();
  expect(auction.submit({ ...plain(1, c.SELL, 100, 30), displayLots: 10 })).toBe(0);
  expect(auction.submit({ ...plain(2, c.SELL, 100, 5), displayLots: 0 })).toBe(0);
  expect(auction.limit(3, c.SELL, 100, 10)).toBe(0);
  expect([auction.qtyAt(c.SELL, 100), auction.qtyOf(1)]).toEqual([20, 10]);
  expect(auction.submit({ ...plain(4, c.BUY, 102, 42), ownerId: 7 })).toBe(0);
  expect(auction.submit({ ...plain(5, c.SELL, c.NIL, 3), type: c.ORDER_MARKET, triggerTicks: 100 })).toBe(0);
  expect(auction.limit(6, c.BUY, 98, 9)).toBe(0);
  expect(auction.uncross(c.NIL, sink)).toEqual({ priceTicks: 100, volumeLots: 42, surplusLots: -3 });
  const lotsOf = (id: number) =>
    trades.reduce((sum, [maker, , , lots]) => sum + (maker === id ? lots! : 0), 0);
  expect([lotsOf(1), lotsOf(3), lotsOf(2)]).toEqual([30, 10, 2]);
  expect(trades.every(([, taker, price]) => taker === 4 && price === 100)).toBe(true);
  const stopped: number[][] = [];
  const book = new Book({ ticks: 32, orders: 8, ids: 16 }, { onTrade: (...t) => void stopped.push(t) });
  expect(book.submit({ ...plain(7, c.BUY, c.NIL, 2), type: c.ORDER_MARKET, triggerTicks: 100 })).toBe(0);
  auction.moveTo(book, 100);
  expect(stopped).toEqual([
    [2, 7, 100, 2, c.BUY],
    [6, 5, 98, 3, c.SELL],
  ]);
});

it('shares the last price out by the allocation rule', () => {
  const auction = new CallAuction();
  auction.allocate(c.ALLOCATE_PRO_RATA);
  auction.limit(1, c.SELL, 99, 10);
  for (const [id, lots] of [
    [2, 10],
    [3, 30],
    [4, 60],
  ] as const)
    auction.limit(id, c.SELL, 100, lots);
  auction.limit(5, c.BUY, 100, 60);
  expect(auction.uncross(c.NIL, quiet).volumeLots).toBe(60);
  expect([1, 2, 3, 4].map((id) => auction.qtyOf(id))).toEqual([0, 5, 15, 30]);
});

it('trades more lots than one order can have', () => {
  const auction = new CallAuction();
  const traded: number[] = [];
  for (let i = 0; i < 3; i++) {
    auction.limit(i, c.BUY, 101 + i, c.MAX_LEVEL_LOTS);
    auction.limit(3 + i, c.SELL, 101 - i, c.MAX_LEVEL_LOTS);
  }
  const { priceTicks, volumeLots } = auction.uncross(c.NIL, {
    onTrade: (_m, _t, _p, lots) => void traded.push(lots),
  });
  expect([priceTicks, volumeLots, auction.ordersLive]).toEqual([101, 3 * c.MAX_LEVEL_LOTS, 0]);
  expect(traded.reduce((a, b) => a + b)).toBe(volumeLots);
});
