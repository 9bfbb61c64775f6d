/** Immediate orders and limits: money identities, position, loss and rate limits, what a taker leaves. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quote, Quoter, QuoteView } from '../../../src/core/agent/quoter.js';
import { NEEDS_SIZES, NEEDS_TRADES } from '../../../src/core/agent/quoter.js';
import { TIF_IOC } from '../../../src/core/book/codes.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { Simulation, type SimulationOptions } from '../../../src/core/sim/loop.js';
import { BUY, NIL, SELL } from '../../../src/core/sim/market.js';
import { CONTROL, makeMarket, OPTIONS, WatchedMarket } from './lab.js';

/** Quotes and takes at random, on both sides, at any moment. */
class RandomTaker implements Quoter {
  readonly needs = NEEDS_SIZES | NEEDS_TRADES;
  trades = 0;
  sizesSeen = 0;
  private readonly stream: Stream;

  constructor(seed: number) {
    this.stream = new Stream(seed, 0, 9);
  }

  observe(view: QuoteView): void {
    if (view.bidLots > 0 && view.askLots > 0) this.sizesSeen++;
  }

  onTrade(): void {
    this.trades++;
  }

  quote(view: QuoteView, out: Quote): void {
    const draw = (n: number): number => Math.floor(this.stream.uniform() * n);
    const mid = view.midHalfTicks >> 1;
    out.bidTicks = draw(3) === 0 ? NIL : mid - draw(4);
    out.askTicks = draw(3) === 0 ? NIL : mid + 1 + draw(4);
    out.bidLots = 1 + draw(9);
    out.askLots = 1 + draw(9);
    if (draw(5) === 0) out.takeLots = draw(25) - 12;
    out.takeTicks = draw(2) === 0 ? NIL : mid + draw(5) - 2;
  }
}

const chosen = fc.record({
  orderLatencyNs: fc.constantFrom(0, 1e6, 2e9),
  feedLatencyNs: fc.constantFrom(0, 1e6, 2e9),
  maxInventoryLots: fc.integer({ min: 1, max: 60 }),
  requoteNs: fc.constantFrom(1e8, 1e9),
});
const seeds = fc.nat(1_000_000);

function simulate(seed: number, quoter: Quoter, options: Partial<SimulationOptions>) {
  const market = new WatchedMarket(makeMarket(seed));
  const simulation = new Simulation(market, quoter, { ...OPTIONS, endNs: 60e9, ...options }, null);
  market.clock = simulation.clock;
  simulation.run(CONTROL(), 0, 1);
  return { market, simulation };
}

describe('immediate-or-cancel orders', () => {
  it('keep position limit and money identities beside quotes, whatever the latencies (V12)', () => {
    let takes = 0;
    fc.assert(
      fc.property(seeds, chosen, (seed, options) => {
        const { market, simulation } = simulate(seed, new RandomTaker(seed), options);
        const { ledger } = simulation;
        takes += simulation.takerOrders;
        let [cash, inventory, makerLots, takerLots] = [0, 0, 0, 0];
        for (const fill of market.seen.filter((x) => x.what === 'fill')) {
          const signed = fill.side === BUY ? fill.lots : -fill.lots;
          inventory += signed;
          cash -= signed * fill.priceTicks;
          if (fill.taker) takerLots += fill.lots;
          else makerLots += fill.lots;
          expect(Math.abs(inventory)).toBeLessThanOrEqual(options.maxInventoryLots);
        }
        expect([ledger.inventoryLots, ledger.cashTickLots]).toEqual([inventory, cash]);
        expect([ledger.makerLots, ledger.takerLots]).toEqual([makerLots, takerLots]);
        const parts = ledger.spreadCaptureHalfTickLots + ledger.inventoryGainHalfTickLots;
        expect(parts / 2 - ledger.feesTickLots()).toBe(ledger.pnlTickLots());
      }),
      { numRuns: 40 },
    );
    expect(takes).toBeGreaterThan(1_000);
  });

  it('trade at their limit or better, and what they take is gone from the book', () => {
    const market = makeMarket(5);
    const [ask, prices, lots] = [market.bestAskTicks(), new Int32Array(3), new Int32Array(3)];
    market.depth(SELL, prices, lots, 3);
    const fills: number[][] = [];
    const sink = { onFill: (...fill: number[]) => void fills.push(fill), onTrade() {} };
    const code = market.place(7, BUY, prices[1]!, lots[0]! + lots[1]! + 5, TIF_IOC, sink);
    expect(code).toBe(0);
    const filled = (price: number): number =>
      fills.filter((fill) => fill[2] === price).reduce((sum, fill) => sum + fill[3]!, 0);
    expect(filled(ask)).toBe(lots[0]);
    expect(filled(prices[1]!)).toBe(lots[1]);
    expect(fills.every((fill) => fill[0] === 7 && fill[1] === BUY)).toBe(true);
    expect(market.bestAskTicks()).toBe(prices[2]);
    expect(market.queueAheadLots(7)).toBe(NIL);
  });

  it('tell the strategy sizes and trades', () => {
    const taker = new RandomTaker(3);
    simulate(3, taker, {});
    expect(taker.trades).toBeGreaterThan(50);
    expect(taker.sizesSeen).toBeGreaterThan(50);
  });
});

/** Buys at the ask, always. */
class Spender implements Quoter {
  observe(): void {}

  quote(view: QuoteView, out: Quote): void {
    out.bidTicks = NIL;
    out.askTicks = NIL;
    out.takeLots = 3;
    out.takeTicks = view.askTicks;
  }
}

describe('limits', () => {
  it('stop at the loss limit, flat or with the position kept', () => {
    for (const flattenOnLoss of [true, false]) {
      const options = { maxLossTickLots: 20, flattenOnLoss, maxInventoryLots: 1_000, endNs: 120e9 };
      const { market, simulation } = simulate(2, new Spender(), options);
      const { stoppedNs } = simulation.trader.limits;
      expect(stoppedNs).toBeGreaterThan(0);
      const wireNs = OPTIONS.orderLatencyNs;
      const later = market.seen.filter((x) => x.what === 'take' && x.tNs > stoppedNs + wireNs - 1);
      if (flattenOnLoss) {
        expect(simulation.ledger.inventoryLots).toBe(0);
        expect(later.length).toBeGreaterThan(0);
        expect(later.filter((x) => x.tNs > stoppedNs + wireNs).every((x) => x.side === SELL)).toBe(true);
      } else {
        expect(simulation.ledger.inventoryLots).toBeGreaterThan(0);
        expect(later.filter((x) => x.tNs > stoppedNs + wireNs)).toEqual([]);
      }
    }
  });

  it('send no more messages than the bucket holds, in any window, and go on afterwards', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.constantFrom(0.5, 2, 10),
        fc.integer({ min: 1, max: 6 }),
        (seed, perS, messageBurst) => {
          const options = { messagesPerS: perS, messageBurst, maxInventoryLots: 1_000 };
          const { market, simulation } = simulate(seed, new RandomTaker(seed), options);
          const sent = market.seen
            .filter((x) => ['place', 'take', 'cancel', 'reject'].includes(x.what))
            .map((x) => x.tNs);
          expect(sent.length).toBeGreaterThan(10);
          expect(simulation.trader.limits.heldMessages).toBeGreaterThan(0);
          for (let i = 0; i < sent.length; i++) {
            for (let j = i; j < Math.min(sent.length, i + 50); j++) {
              const most = messageBurst + (sent[j]! - sent[i]!) * 1e-9 * perS;
              expect(j - i + 1).toBeLessThanOrEqual(most + 1e-6);
            }
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});
