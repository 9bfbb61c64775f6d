/** A market that hands everything on to another one and back: what watches a market is built on it. */
import { type FillSink, type Market, SILENT } from './market.js';

/**
 * By itself it changes nothing. A wrapper that watches overrides what it wants to hear of and hands that on
 * too. What place() brings about goes to the caller's sink at once, unheard by the wrapper.
 */
export class MarketWrapper implements Market, FillSink {
  declare protected readonly inner: Market;
  protected sink: FillSink = SILENT;

  constructor(inner: Market) {
    this.inner = inner;
  }

  nextNs(): number {
    return this.inner.nextNs();
  }

  step(sink: FillSink): void {
    this.sink = sink;
    this.inner.step(this);
  }

  place(
    ownId: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    tif?: number,
    sink?: FillSink,
  ): number {
    return this.inner.place(ownId, side, priceTicks, qtyLots, tif, sink);
  }

  cancel(ownId: number): number {
    return this.inner.cancel(ownId);
  }

  queueAheadLots(ownId: number): number {
    return this.inner.queueAheadLots(ownId);
  }

  bestBidTicks(): number {
    return this.inner.bestBidTicks();
  }

  bestAskTicks(): number {
    return this.inner.bestAskTicks();
  }

  depth(side: number, pricesTicks: Int32Array, qtysLots: Int32Array, max: number): number {
    return this.inner.depth(side, pricesTicks, qtysLots, max);
  }

  onFill(ownId: number, sideOfOwn: number, priceTicks: number, qtyLots: number): void {
    this.sink.onFill(ownId, sideOfOwn, priceTicks, qtyLots);
  }

  onTrade(priceTicks: number, qtyLots: number, aggressorSide: number, hidden: number): void {
    this.sink.onTrade(priceTicks, qtyLots, aggressorSide, hidden);
  }
}
