/**
 * A market that keeps its own account of what a trader does there, from orders and fills alone.
 *
 * It passes everything on to the real market unchanged, so a run through it is the same run; the account is
 * what the ledger of the simulation is compared with.
 */
import { BUY, NIL } from '../book/codes.js';
import type { FillSink, Market } from '../sim/market.js';
import { MAX_OWN_ORDERS } from '../sim/trader.js';

export class OwnAccount implements Market, FillSink {
  inventoryLots = 0;
  cashTickLots = 0;
  notionalTickLots = 0;
  /** Fills after which the order still had lots. */
  partialFills = 0;
  declare private readonly market: Market;
  declare private sink: FillSink;
  /** Best prices of the last moment at which both sides had one. */
  private lastMidHalfTicks = 0;
  private readonly lotsLeft = new Float64Array(MAX_OWN_ORDERS);

  constructor(market: Market) {
    this.market = market;
    this.look();
  }

  /** Bid + ask, of the last moment at which both sides had a price. */
  midHalfTicks(): number {
    return this.lastMidHalfTicks;
  }

  nextNs(): number {
    return this.market.nextNs();
  }

  step(sink: FillSink): void {
    this.sink = sink;
    this.market.step(this);
    this.look();
  }

  onFill(ownId: number, sideOfOwn: number, priceTicks: number, qtyLots: number): void {
    const signedLots = sideOfOwn === BUY ? qtyLots : -qtyLots;
    this.inventoryLots += signedLots;
    this.cashTickLots -= signedLots * priceTicks;
    this.notionalTickLots += qtyLots * priceTicks;
    this.lotsLeft[ownId] -= qtyLots;
    if (this.lotsLeft[ownId] > 0) this.partialFills++;
    this.sink.onFill(ownId, sideOfOwn, priceTicks, qtyLots);
  }

  onTrade(priceTicks: number, qtyLots: number, aggressorSide: number, hidden: number): void {
    this.sink.onTrade(priceTicks, qtyLots, aggressorSide, hidden);
  }

  place(
    ownId: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    tif?: number,
    sink?: FillSink,
  ): number {
    this.lotsLeft[ownId] = qtyLots;
    if (sink) this.sink = sink;
    return this.market.place(ownId, side, priceTicks, qtyLots, tif, sink && this);
  }

  cancel(ownId: number): number {
    return this.market.cancel(ownId);
  }

  queueAheadLots(ownId: number): number {
    return this.market.queueAheadLots(ownId);
  }

  bestBidTicks(): number {
    return this.market.bestBidTicks();
  }

  bestAskTicks(): number {
    return this.market.bestAskTicks();
  }

  depth(side: number, pricesTicks: Int32Array, qtysLots: Int32Array, max: number): number {
    return this.market.depth(side, pricesTicks, qtysLots, max);
  }

  private look(): void {
    const bid = this.market.bestBidTicks();
    const ask = this.market.bestAskTicks();
    if (bid !== NIL && ask !== NIL) this.lastMidHalfTicks = bid + ask;
  }
}
