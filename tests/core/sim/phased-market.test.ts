/** The generated market under trading rules: what must hold in every phase, whatever the rules. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallAuction } from '../../../src/core/book/auction.js';
import * as c from '../../../src/core/book/codes.js';
import type { LiveOrders } from '../../../src/core/flow/live-orders.js';
import { poissonFlow, type PoissonFlow } from '../../../src/core/flow/poisson-flow.js';
import { GeneratedMarket } from '../../../src/core/sim/generated-market.js';
import { Simulation } from '../../../src/core/sim/loop.js';
import { BUY, NIL, SELL, type FillSink } from '../../../src/core/sim/market.js';
import * as log from '../../../src/core/sim/phase-log.js';
import type { Phase } from '../../../src/core/sim/phase-log.js';
import { PhasedMarket, type MarketRules } from '../../../src/core/sim/phased-market.js';
import { MAX_OWN_ORDERS } from '../../../src/core/sim/trader.js';
import { oracle, type Order } from '../../support/uncross-oracle.js';
import { CONTROL, makeQuoter, OPTIONS } from './lab.js';

const S = 1e9;
const END_NS = 60 * S;
const MARKET = {
  flow: poissonFlow({
    limitRatePerS: [1.85, 1.51, 1.09, 0.88, 0.77],
    cancelRatePerS: [0.71, 0.81, 0.68, 0.56, 0.47],
    marketRatePerS: 0.94,
    orderSize: { type: 'geometric', meanLots: 5 },
  }),
  startMidTicks: 5_000,
  warmupS: 20,
} as const;
const PLAIN: MarketRules = {
  allocation: c.ALLOCATE_PRICE_TIME,
  timetable: [],
  batchNs: 0,
  breaker: null,
  bandTicks: 0,
  bandFollows: false,
  endNs: END_NS,
};
const listed = (what: number, fromS: number, toS: number): Phase => ({
  what,
  why: log.WHY_LISTED,
  fromNs: fromS * S,
  toNs: toS * S,
});

function makePhased(rules: Partial<MarketRules>, seed = 1): PhasedMarket {
  const market = new PhasedMarket(MARKET, { ...PLAIN, ...rules });
  expect(market.start(seed, 0, CONTROL(), log.MAX_PHASE_ROWS)).toBe(true);
  return market;
}

/** What a test may see of the inside. */
interface Inside {
  readonly auction: CallAuction;
  readonly gathered: boolean;
  readonly phase: Phase;
  readonly lastTicks: number;
  readonly live: LiveOrders;
}
const inside = (market: PhasedMarket): Inside => {
  const { auction, gathered, phase, lastTicks } = market as unknown as Inside;
  return { auction, gathered, phase, lastTicks, live: (market.flow as PoissonFlow).live };
};

/** All orders of an auction as the oracle takes them: by level, and the market orders. */
function ordersOf(auction: CallAuction): Order[] {
  const orders: Order[] = [];
  const prices = new Int32Array(500);
  const lots = new Int32Array(500);
  for (const side of [BUY, SELL]) {
    const n = auction.depth(side, prices, lots, 500);
    for (let i = 0; i < n; i++) orders.push({ side, priceTicks: prices[i]!, lots: lots[i]! });
    const { sides } = auction as unknown as { sides: { atMarket: { totalLots: number } }[] };
    const atMarket = sides[side]!.atMarket.totalLots;
    if (atMarket > 0) orders.push({ side, priceTicks: NIL, lots: atMarket });
  }
  return orders;
}

const phases = fc.constantFrom(
  [],
  [{ what: log.CALL, why: log.WHY_OPENING, fromNs: 0, toNs: 7 * S }],
  [listed(log.HALT, 5, 9), listed(log.CALL, 9, 12), listed(log.HALT, 20.5, 21)],
  [listed(log.HALT, 10, 20), { what: log.CALL, why: log.WHY_CLOSING, fromNs: 48 * S, toNs: END_NS }],
);
const anyRules = fc.record({
  allocation: fc.constantFrom(c.ALLOCATE_PRICE_TIME, c.ALLOCATE_PRO_RATA, c.ALLOCATE_TOP_PRO_RATA),
  timetable: phases,
  batchNs: fc.constantFrom(0, 0, 0.1 * S, 1.7 * S),
  breaker: fc.option(
    fc.record({
      moveTicks: fc.integer({ min: 2, max: 6 }),
      windowNs: fc.constantFrom(1 * S, 10 * S),
      pauseNs: fc.constantFrom(0.5 * S, 8 * S),
      what: fc.constantFrom(log.CALL, log.HALT),
    }),
  ),
  bandTicks: fc.constantFrom(0, 0, 2, 8),
  bandFollows: fc.boolean(),
});
const seeds = fc.nat(1_000_000);

describe('PhasedMarket', () => {
  it('keeps every lot, never ends a call crossed, and uncrosses where the oracle does', () => {
    const seen = { calls: 0, traded: 0, halts: 0, tripped: 0, ownInAuctions: 0, lots: 0 };
    fc.assert(
      fc.property(seeds, anyRules, (seed, rules) => {
        const market = makePhased(rules, seed);
        const own = new Map<number, { side: number; lots: number }>();
        const sink: FillSink = {
          onFill(id, side, _price, lots) {
            const order = own.get(id)!;
            expect(order.side).toBe(side);
            order.lots -= lots;
            if (order.lots === 0) own.delete(id);
          },
          onTrade() {},
        };
        for (let i = 0; market.nextNs() <= END_NS; i++) {
          const before = inside(market);
          const ends = before.phase.toNs === market.nextNs() && before.phase.what === log.CALL;
          const band = rules.bandTicks > 0 ? bandOf(market) : undefined;
          const want = ends ? oracle(ordersOf(before.auction), before.lastTicks, band) : null;
          const row = market.log.calls;
          market.step(sink);
          if (want) {
            expect(market.log.calls).toBe(row + 1);
            expect(lastCall(market)).toEqual(want);
            seen.traded += want.volumeLots > 0 ? 1 : 0;
          }
          if (want || i % 64 === 0) seen.lots += expectWhole(market, own, want !== null);
          if (i % 16 === 0) tend(market, own, i / 16);
        }
        seen.calls += market.log.calls;
        seen.halts += market.log.halts;
        seen.ownInAuctions += market.log.ownAuctionLots;
        seen.tripped += Array.from(market.log.columns()[3]!).filter((why) => why === log.WHY_BREAKER).length;
      }),
      { numRuns: 80 },
    );
    for (const [what, count] of Object.entries(seen)) expect([what, count > 20]).toEqual([what, true]);
  });

  it('keeps every money identity of the simulation, whatever the rules (V12)', () => {
    let fills = 0;
    fc.assert(
      fc.property(
        seeds,
        anyRules,
        fc.constantFrom('fixed' as const, 'adaptive' as const),
        (s, rules, type) => {
          const simulation = new Simulation(
            makePhased(rules, s),
            makeQuoter(type),
            { ...OPTIONS, endNs: END_NS },
            null,
          );
          expect(simulation.run(CONTROL(), 0, 1)).toBe(true);
          const { ledger } = simulation;
          const gross = ledger.cashTickLots + (ledger.inventoryLots * ledger.midHalfTicks) / 2;
          expect(ledger.pnlTickLots()).toBe(gross - ledger.feesTickLots());
          const parts = (ledger.spreadCaptureHalfTickLots + ledger.inventoryGainHalfTickLots) / 2;
          expect(parts - ledger.feesTickLots()).toBe(ledger.pnlTickLots());
          expect(Math.abs(ledger.inventoryLots)).toBeLessThanOrEqual(OPTIONS.maxInventoryLots);
          expect(simulation.clock[0]).toBe(END_NS);
          fills += simulation.metrics.fills;
        },
      ),
      { numRuns: 60 },
    );
    expect(fills).toBeGreaterThan(500);
  });

  it('follows its timetable to the nanosecond and refuses all but cancels while halted', () => {
    const timetable = [
      { what: log.CALL, why: log.WHY_OPENING, fromNs: 0, toNs: 7 * S },
      listed(log.HALT, 20, 30),
      { what: log.CALL, why: log.WHY_CLOSING, fromNs: 50 * S, toNs: END_NS },
    ];
    const market = makePhased({ timetable });
    const quiet = { onFill() {}, onTrade() {} };
    expect(market.place(0, BUY, market.bestAskTicks() + 3, 5)).toBe(0);
    const best = [market.bestBidTicks(), market.bestAskTicks()];
    while (market.nextNs() < 7 * S) {
      market.step(quiet);
      expect([market.bestBidTicks(), market.bestAskTicks()]).toEqual(best);
    }
    while (market.nextNs() < 20 * S) market.step(quiet);
    const id = 1;
    expect(market.place(id, BUY, market.bestBidTicks() - 3, 5)).toBe(0);
    market.step(quiet);
    expect(market.nextNs()).toBe(30 * S);
    const hash = market.book.stateHash();
    expect(market.place(2, BUY, market.bestBidTicks() - 3, 5)).toBe(c.REJECT_HALTED);
    expect(market.book.stateHash()).toBe(hash);
    expect(market.cancel(id)).toBe(5);
    market.step(quiet);
    expect(market.nextNs()).toBeGreaterThan(30 * S);
    expect(market.nextNs()).toBeLessThan(33 * S);
    while (market.nextNs() <= END_NS) market.step(quiet);
    const [fromNs, toNs, what] = market.log.columns();
    expect([[...fromNs!], [...toNs!], [...what!]]).toEqual([
      [0, 20 * S, 50 * S],
      [7 * S, 30 * S, END_NS],
      [log.CALL, log.HALT, log.CALL],
    ]);
    expect([market.log.haltedNs, market.log.ownAuctionLots]).toEqual([10 * S, 5]);
  });

  it('gives the same run again after another one, and without rules the run of the plain market', () => {
    const rules = { batchNs: 0.5 * S, bandTicks: 4, bandFollows: true };
    const twice = makePhased(rules, 7);
    const run = (market: GeneratedMarket) => {
      const simulation = new Simulation(market, makeQuoter('fixed'), { ...OPTIONS, endNs: END_NS }, null);
      simulation.run(CONTROL(), 0, 1);
      const { ledger, events, metrics } = simulation;
      return [ledger.pnlTickLots(), ledger.cashTickLots, events, metrics.fills, metrics.notionalTickLots];
    };
    const other = run(twice);
    twice.start(9, 3, CONTROL());
    const fresh = makePhased(rules, 1);
    fresh.start(9, 3, CONTROL());
    const again = run(fresh);
    expect(run(twice)).toEqual(again);
    expect(again).not.toEqual(other);
    const [plain, ruled] = [new GeneratedMarket(MARKET), makePhased({}, 1)];
    for (const market of [plain, ruled]) market.start(9, 3, CONTROL());
    expect(run(ruled)).toEqual(run(plain));
  });

  it('shares fills out by size as a naive pro-rata does', () => {
    for (const allocation of [c.ALLOCATE_PRO_RATA, c.ALLOCATE_TOP_PRO_RATA]) {
      const market = makePhased({ allocation });
      const quiet = { onFill() {}, onTrade() {} };
      let shared = 0;
      for (let i = 0; i < 4_000; i++) {
        for (const side of [BUY, SELL]) {
          if (market.book.qtyOf(side) > 0) continue;
          const best = side === BUY ? market.book.bestBidTicks : market.book.bestAskTicks;
          if (best !== NIL) market.place(side, side, best, 12);
        }
        const orders = market.book.resting();
        const trades: { id: number; price: number; lots: number }[] = [];
        const { onTrade } = PhasedMarket.prototype;
        market.onTrade = (...args) => {
          trades.push({ id: args[0], price: args[2], lots: args[3] });
          onTrade.apply(market, args);
        };
        market.step(quiet);
        for (const price of new Set(trades.map((t) => t.price))) {
          const level = orders
            .filter((o) => o.priceTicks === price)
            .map((o) => ({ id: o.id, lots: o.qtyLots }));
          const here = trades.filter((t) => t.price === price);
          const taken = here.reduce((sum, t) => sum + t.lots, 0);
          const got = level.map(({ id }) => here.reduce((sum, t) => sum + (t.id === id ? t.lots : 0), 0));
          expect(got).toEqual(naiveShares(level, taken, allocation === c.ALLOCATE_TOP_PRO_RATA));
          if (level.length > 2 && taken < level.reduce((sum, o) => sum + o.lots, 0)) shared++;
        }
      }
      expect(shared).toBeGreaterThan(50);
    }
  });
});

function naiveShares(level: readonly { lots: number }[], taken: number, top: boolean): number[] {
  const shares = level.map(() => 0);
  let left = taken;
  if (top) left -= shares[0] = Math.min(left, level[0]!.lots);
  const from = top ? 1 : 0;
  const total = level.slice(from).reduce((sum, o) => sum + o.lots, 0);
  const toShare = left;
  for (let i = from; i < level.length; i++) {
    shares[i] = Number((BigInt(level[i]!.lots) * BigInt(toShare)) / BigInt(Math.max(1, total)));
    left -= shares[i]!;
  }
  for (let i = from; i < level.length && left > 0; i++) {
    const more = Math.min(left, level[i]!.lots - shares[i]!);
    shares[i]! += more;
    left -= more;
  }
  return shares;
}

function bandOf(market: PhasedMarket): { lowTicks: number; highTicks: number } {
  const { auction } = inside(market);
  return auction as unknown as { lowTicks: number; highTicks: number };
}

function lastCall(market: PhasedMarket) {
  const [, , what, , price, volume, surplus] = market.log.columns();
  const row = what!.lastIndexOf(log.CALL);
  return { priceTicks: price![row]!, volumeLots: volume![row]!, surplusLots: surplus![row]! };
}

/** Places and cancels own orders near the best prices, also where they cross. */
function tend(market: PhasedMarket, own: Map<number, { side: number; lots: number }>, turn: number): void {
  const id = turn % 6;
  const side = id % 2;
  if (own.has(id)) {
    const left = own.get(id)!.lots;
    if (turn % 4 === 0) return;
    expect(market.queueAheadLots(id)).toBeGreaterThanOrEqual(0);
    expect(market.cancel(id)).toBe(left);
    own.delete(id);
    return;
  }
  const best = side === BUY ? market.bestBidTicks() : market.bestAskTicks();
  if (best === NIL) return;
  const priceTicks = best + (side === BUY ? 1 : -1) * ((turn % 5) - 2);
  if (market.place(id, side, priceTicks, 1 + (turn % 9)) === 0) own.set(id, { side, lots: 1 + (turn % 9) });
}

/** Every lot that the flow and the trader believe in stands where the orders are, and nothing else does. */
function expectWhole(
  market: PhasedMarket,
  own: ReadonlyMap<number, { lots: number }>,
  afterUncross: boolean,
): number {
  const { auction, gathered, live } = inside(market);
  const place = gathered ? auction : market.book;
  const { slots } = live as unknown as { slots: Int32Array };
  let believed = 0;
  for (let k = 0; k < live.count; k++) {
    const slot = live.at(k);
    const lots = slots[4 * slot + 3]!;
    believed += lots;
    if (place.qtyOf(MAX_OWN_ORDERS + slot) !== lots) {
      expect(place.qtyOf(MAX_OWN_ORDERS + slot)).toBe(lots);
    }
  }
  for (const [id, order] of own) expect(place.qtyOf(id)).toBe(order.lots);
  const resting = own.size + live.count;
  expect((gathered ? market.book : auction).ordersLive).toBe(0);
  if (afterUncross || !gathered) {
    expect(place.ordersLive).toBe(resting);
    const { bestBidTicks, bestAskTicks } = place;
    expect(bestBidTicks === NIL || bestAskTicks === NIL || bestBidTicks < bestAskTicks).toBe(true);
  }
  return believed;
}
