/** A small generated market and simulations on it, shared by the tests of the loop. */
import { AdaptiveQuoter } from '../../../src/core/agent/adaptive.js';
import { FixedQuoter } from '../../../src/core/agent/fixed.js';
import type { Quoter } from '../../../src/core/agent/quoter.js';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import { poissonFlow } from '../../../src/core/flow/poisson-flow.js';
import { GeneratedMarket } from '../../../src/core/sim/generated-market.js';
import type { SimulationOptions } from '../../../src/core/sim/loop.js';
import { TIF_IOC, TIF_POST_ONLY } from '../../../src/core/book/codes.js';
import { SILENT, type FillSink, type Market } from '../../../src/core/sim/market.js';

export function makeMarket(seed: number, unit = 0): GeneratedMarket {
  const market = new GeneratedMarket({
    flow: poissonFlow({
      limitRatePerS: [1.85, 1.51, 1.09, 0.88, 0.77],
      cancelRatePerS: [0.71, 0.81, 0.68, 0.56, 0.47],
      marketRatePerS: 0.94,
      orderSize: { type: 'geometric', meanLots: 5 },
    }),
    startMidTicks: 5_000,
    warmupS: 20,
  });
  market.start(seed, unit, new Int32Array(CONTROL_SLOTS));
  return market;
}

export const OPTIONS: SimulationOptions = {
  endNs: 120e9,
  orderLatencyNs: 2e6,
  feedLatencyNs: 3e6,
  makerBps: -0.2,
  takerBps: 0.3,
  maxInventoryLots: 30,
  requoteNs: 1e9,
  onFeedChange: true,
  samplingNs: 1e9,
  adverseNs: 1e9,
};

export function makeQuoter(type: 'fixed' | 'adaptive', quoteLots = 8): Quoter {
  if (type === 'fixed') return new FixedQuoter(1, quoteLots);
  return new AdaptiveQuoter({ gamma: 0.05, k: 1.5, horizonS: 30, quoteLots, sigmaTicksPerSqrtS: 0.7 }, null);
}

export const CONTROL = () => new Int32Array(2);

export interface Seen {
  readonly what: 'place' | 'take' | 'cancel' | 'best' | 'fill' | 'reject';
  readonly tNs: number;
  readonly id: number;
  readonly side: number;
  readonly priceTicks: number;
  readonly lots: number;
  readonly aheadLots: number;
  /** Whether a fill is that of an immediate order. */
  readonly taker: boolean;
}

/** The real market, with everything that passes through it written down. */
export class WatchedMarket implements Market {
  readonly seen: Seen[] = [];
  /** The clock of the simulation that trades here. */
  clock = new Float64Array(1);
  private readonly market: Market;
  private taking = false;
  private bid: number;
  private ask: number;

  constructor(market: Market) {
    this.market = market;
    this.bid = market.bestBidTicks();
    this.ask = market.bestAskTicks();
    this.note('best', 0);
  }

  nextNs(): number {
    return this.market.nextNs();
  }

  step(sink: FillSink): void {
    const tNs = this.market.nextNs();
    this.market.step(this.listen(sink, tNs));
    this.noteBest(tNs);
  }

  private listen(sink: FillSink, tNs = this.clock[0]!): FillSink {
    return {
      onFill: (id, side, priceTicks, lots) => {
        this.note('fill', tNs, id, side, priceTicks, lots);
        sink.onFill(id, side, priceTicks, lots);
      },
      onTrade: (priceTicks, lots, side, hidden) => sink.onTrade(priceTicks, lots, side, hidden),
    };
  }

  private noteBest(tNs: number): void {
    if (this.market.bestBidTicks() === this.bid && this.market.bestAskTicks() === this.ask) return;
    this.bid = this.market.bestBidTicks();
    this.ask = this.market.bestAskTicks();
    this.note('best', tNs);
  }

  place(
    id: number,
    side: number,
    priceTicks: number,
    lots: number,
    tif: number = TIF_POST_ONLY,
    sink: FillSink = SILENT,
  ): number {
    this.taking = tif === TIF_IOC;
    const code = this.market.place(id, side, priceTicks, lots, tif, this.listen(sink));
    this.taking = false;
    const done = tif === TIF_IOC ? 'take' : 'place';
    this.note(code < 0 ? 'reject' : done, this.clock[0]!, id, side, priceTicks, lots);
    return code;
  }

  cancel(id: number): number {
    const left = this.market.cancel(id);
    this.note('cancel', this.clock[0]!, id, -1, -1, left);
    return left;
  }

  queueAheadLots(id: number): number {
    return this.market.queueAheadLots(id);
  }

  bestBidTicks(): number {
    return this.market.bestBidTicks();
  }

  bestAskTicks(): number {
    return this.market.bestAskTicks();
  }

  depth(side: number, prices: Int32Array, lots: Int32Array, max: number): number {
    return this.market.depth(side, prices, lots, max);
  }

  private note(what: Seen['what'], tNs: number, id = -1, side = -1, priceTicks = -1, lots = 0): void {
    const aheadLots = what === 'place' ? this.market.queueAheadLots(id) : -1;
    this.seen.push({ what, tNs, id, side, priceTicks, lots, aheadLots, taker: this.taking });
  }
}
