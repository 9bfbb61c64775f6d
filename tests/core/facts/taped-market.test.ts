/** The taped market: it changes nothing, and what it tells equals a plain recomputation. */
import { describe, expect, it } from 'vitest';
import { factNumber, type FactName } from '../../../src/core/facts/definitions.js';
import { MomentMatch } from '../../../src/core/facts/match-moments.js';
import { TapedMarket } from '../../../src/core/facts/taped-market.js';
import { Simulation } from '../../../src/core/sim/loop.js';
import { BUY, SELL, type FillSink, type Market } from '../../../src/core/sim/market.js';
import { CONTROL, makeMarket, makeQuoter, OPTIONS } from '../sim/lab.js';

const BLOCK_NS = 40e9;

function rowsOf(taped: TapedMarket, name: FactName, block: number): Map<number, number> {
  const [blocks, facts, xs, values] = taped.rows;
  const found = new Map<number, number>();
  facts.forEach((fact, i) => {
    if (fact === factNumber(name) && blocks[i] === block) found.set(xs[i]!, values[i]!);
  });
  return found;
}

describe('TapedMarket', () => {
  it('leaves a simulation as it is', () => {
    const results = [makeMarket(3), new TapedMarket(makeMarket(3), BLOCK_NS)].map((market) => {
      const simulation = new Simulation(market, makeQuoter('adaptive'), OPTIONS, null);
      simulation.run(CONTROL(), 0, 1);
      const { ledger, metrics, events } = simulation;
      return [ledger.pnlTickLots(), events, metrics.fills, metrics.marketTrades, metrics.latencyHalfTickLots];
    });
    expect(results[1]).toEqual(results[0]);
  });

  it('tells spread, depth, trades and laws as a naive account of every event does', () => {
    const taped = new TapedMarket(makeMarket(8), BLOCK_NS);
    const market: Market = makeMarket(8);
    const endNs = 3 * BLOCK_NS - 1;
    const [price, lots] = [new Int32Array(1), new Int32Array(1)];
    const quotes: { tNs: number; spread: number; depth: number; whole: boolean }[] = [];
    const trades: { tNs: number; sign: number; lots: number }[] = [];
    let tNs = 0;
    const sink: FillSink = {
      onFill() {},
      onTrade(_, qty, side) {
        const last = trades.at(-1);
        if (last?.tNs === tNs) last.lots += qty;
        else trades.push({ tNs, sign: side === BUY ? 1 : -1, lots: qty });
      },
    };
    const look = () => {
      const depth = [BUY, SELL].reduce(
        (sum, side) => sum + (market.depth(side, price, lots, 1) ? lots[0]! : 0),
        0,
      );
      const [bid, ask] = [market.bestBidTicks(), market.bestAskTicks()];
      quotes.push({ tNs, spread: ask - bid, depth: depth / 2, whole: bid >= 0 && ask >= 0 });
    };
    look();
    while (market.nextNs() <= endNs) {
      tNs = market.nextNs();
      market.step(sink);
      look();
    }
    const silent: FillSink = { onFill() {}, onTrade() {} };
    while (taped.nextNs() <= endNs) taped.step(silent);
    taped.finish(endNs);
    for (let block = 0; block < 3; block++) {
      const [from, to] = [block * BLOCK_NS, Math.min(endNs, (block + 1) * BLOCK_NS)];
      let [spread, depth, wide, quoted] = [0, 0, 0, 0];
      quotes.forEach((quote, i) => {
        const until = Math.min(quotes[i + 1]?.tNs ?? endNs, to);
        const held = Math.max(0, until - Math.max(quote.tNs, from));
        // Time with an empty side has no spread.
        if (!quote.whole) return;
        quoted += held;
        spread += held * quote.spread;
        depth += held * quote.depth;
        if (quote.spread === 2) wide += held;
      });
      const within = trades.filter((trade) => trade.tNs >= from && trade.tNs < to);
      const one = (name: FactName) => rowsOf(taped, name, block).get(0);
      expect(one('spread')).toBeCloseTo(spread / quoted, 9);
      expect(one('depth')).toBeCloseTo(depth / quoted, 9);
      expect(one('tradeRate')).toBeCloseTo(within.length / ((to - from) * 1e-9), 9);
      expect(one('tradeLots')).toBeCloseTo(within.reduce((sum, t) => sum + t.lots, 0) / within.length, 9);
      expect(rowsOf(taped, 'spreadLaw', block).get(2)).toBeCloseTo(wide / quoted, 9);
      for (const name of ['spreadLaw', 'depthLaw', 'waitLaw', 'moveLaw'] as const) {
        const shares = [...rowsOf(taped, name, block).values()];
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }
    }
    expect(Math.max(...taped.rows[0])).toBe(2);
  });

  it('leaves out a last block that is cut short', () => {
    const taped = new TapedMarket(makeMarket(8), BLOCK_NS);
    const silent: FillSink = { onFill() {}, onTrade() {} };
    while (taped.nextNs() <= 1.5 * BLOCK_NS) taped.step(silent);
    taped.finish(1.5 * BLOCK_NS);
    expect(Math.max(...taped.rows[0])).toBe(0);
  });
});

describe('MomentMatch', () => {
  it('meets three moments of a model with another elasticity than it assumes', () => {
    const real = { spreadTicks: 12.8, depthLots: 179, tradesPerS: 0.28 };
    const search = new MomentMatch(real);
    let miss = Infinity;
    let rounds = 0;
    for (; miss > 0.01 && rounds < 10; rounds++) {
      const { inside, size, market } = search.guess();
      const found = {
        spreadTicks: 9.4 * inside ** -0.13,
        depthLots: 111 * size * inside ** -0.05,
        tradesPerS: 0.25 * market,
      };
      miss = search.miss(found);
      search.tell(found);
    }
    expect(miss).toBeLessThan(0.01);
    expect(rounds).toBeLessThan(8);
  });
});
