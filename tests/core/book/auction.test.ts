/** Call auctions: the uncross against an oracle that tries every tick, and what becomes of the orders. */
import { expect, it } from 'vitest';
import { CallAuction, type Uncross } from '../../../src/core/book/auction.js';
import { Book } from '../../../src/core/book/book.js';
import * as c from '../../../src/core/book/codes.js';
import { Pcg32 } from '../../bench/pcg32.js';

interface Order {
  side: number;
  priceTicks: number;
  lots: number;
}

/** The rules as they are said, tried at every tick. */
function oracle(orders: readonly Order[], referenceTicks: number): Uncross {
  const limits = orders.map((o) => o.priceTicks).filter((p) => p !== c.NIL);
  const low = limits.length > 0 ? Math.min(...limits) : Math.max(0, referenceTicks);
  const high = limits.length > 0 ? Math.max(...limits) : referenceTicks;
  let all: Uncross[] = [];
  for (let priceTicks = low; priceTicks <= high; priceTicks++) {
    let wanted = 0;
    let offered = 0;
    for (const o of orders) {
      if (o.side === c.BUY && (o.priceTicks === c.NIL || o.priceTicks >= priceTicks)) wanted += o.lots;
      if (o.side === c.SELL && (o.priceTicks === c.NIL || o.priceTicks <= priceTicks)) offered += o.lots;
    }
    all.push({ priceTicks, volumeLots: Math.min(wanted, offered), surplusLots: wanted - offered });
  }
  const most = Math.max(0, ...all.map((one) => one.volumeLots));
  all = all.filter((one) => one.volumeLots === most);
  const least = Math.min(...all.map((one) => Math.abs(one.surplusLots)));
  all = all.filter((one) => Math.abs(one.surplusLots) === least);
  if (most === 0) return { priceTicks: c.NIL, volumeLots: 0, surplusLots: 0 };
  if (all.every((one) => one.surplusLots > 0)) return all.at(-1)!;
  if (all.every((one) => one.surplusLots < 0)) return all[0]!;
  const between =
    least === 0
      ? all
      : [all.filter((one) => one.surplusLots > 0).at(-1)!, all.find((one) => one.surplusLots < 0)!];
  const [first, last] = [between[0]!, between.at(-1)!];
  const priceTicks = Math.min(Math.max(first.priceTicks, referenceTicks), last.priceTicks);
  return all.find((one) => one.priceTicks === priceTicks)!;
}

it('uncrosses 100,000 random books as the oracle does, by price and arrival', () => {
  const random = new Pcg32(17);
  const rules = new Set<string>();
  for (let round = 0; round < 100_000; round++) {
    const auction = new CallAuction();
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
      auction.add(id, order.side, order.priceTicks, order.lots);
    }
    const referenceTicks = random.uniform(4) === 0 ? c.NIL : 45 + random.uniform(width + 10);
    const want = oracle(orders, referenceTicks);
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
  auction.add(1, c.BUY, 110, 10);
  auction.add(2, c.BUY, 100, 10);
  auction.add(3, c.SELL, 100, 10);
  auction.add(4, c.SELL, 110, 10);
  expect(auction.indicative(105)).toEqual({ priceTicks: 105, volumeLots: 10, surplusLots: 0 });
  expect(auction.indicative(c.NIL).priceTicks).toBe(101);
  expect(auction.indicative(500).priceTicks).toBe(109);
});

it('refuses as the book does, and hands what is left to it uncrossed', () => {
  const auction = new CallAuction();
  expect(auction.add(1, c.BUY, 100, 0)).toBe(c.REJECT_QTY);
  expect(auction.add(1, c.BUY, -2, 5)).toBe(c.REJECT_PRICE);
  expect(auction.add(-1, c.BUY, 100, 5)).toBe(c.REJECT_ID);
  expect(auction.add(1, c.BUY, 103, 5)).toBe(0);
  expect(auction.add(1, c.SELL, 100, 5)).toBe(c.REJECT_DUPLICATE_ID);
  expect(auction.add(2, c.SELL, 101, 3)).toBe(0);
  expect(auction.add(3, c.SELL, 104, 3)).toBe(0);
  expect(auction.add(4, c.BUY, c.NIL, 1)).toBe(0);
  expect(auction.cancel(3)).toBe(3);
  expect(auction.cancel(3)).toBe(c.REJECT_UNKNOWN_ID);
  expect(auction.uncross(102, { onTrade() {} })).toEqual({ priceTicks: 103, volumeLots: 3, surplusLots: 3 });
  const book = new Book({ ticks: 32, orders: 4, ids: 8 }, { onTrade() {} });
  auction.moveTo(book);
  expect([auction.ordersLive, book.ordersLive, book.bestBidTicks, book.qtyOf(1)]).toEqual([0, 1, 103, 3]);
});
