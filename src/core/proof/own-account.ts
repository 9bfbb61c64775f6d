/**
 * A market that keeps its own account of what a trader does there, from orders and fills alone.
 *
 * It passes everything on to the real market unchanged, so a run through it is the same run; the account is
 * what the ledger of the simulation is compared with.
 */
import { BUY, NIL } from '../book/codes.js';
import type { FillSink, Market } from '../sim/market.js';
import { MarketWrapper } from '../sim/market-wrapper.js';
import { MAX_OWN_ORDERS } from '../sim/trader.js';

export class OwnAccount extends MarketWrapper {
  inventoryLots = 0;
  cashTickLots = 0;
  notionalTickLots = 0;
  /** Fills after which the order still had lots. */
  partialFills = 0;
  /** Best prices of the last moment at which both sides had one. */
  private lastMidHalfTicks = 0;
  private readonly lotsLeft = new Float64Array(MAX_OWN_ORDERS);

  constructor(market: Market) {
    super(market);
    this.look();
  }

  /** Bid + ask, of the last moment at which both sides had a price. */
  midHalfTicks(): number {
    return this.lastMidHalfTicks;
  }

  override step(sink: FillSink): void {
    super.step(sink);
    this.look();
  }

  override onFill(ownId: number, sideOfOwn: number, priceTicks: number, qtyLots: number): void {
    const signedLots = sideOfOwn === BUY ? qtyLots : -qtyLots;
    this.inventoryLots += signedLots;
    this.cashTickLots -= signedLots * priceTicks;
    this.notionalTickLots += qtyLots * priceTicks;
    this.lotsLeft[ownId] -= qtyLots;
    if (this.lotsLeft[ownId] > 0) this.partialFills++;
    super.onFill(ownId, sideOfOwn, priceTicks, qtyLots);
  }

  override place(
    ownId: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    tif?: number,
    sink?: FillSink,
  ): number {
    this.lotsLeft[ownId] = qtyLots;
    if (sink) this.sink = sink;
    return super.place(ownId, side, priceTicks, qtyLots, tif, sink && this);
  }

  private look(): void {
    const bid = this.inner.bestBidTicks();
    const ask = this.inner.bestAskTicks();
    if (bid !== NIL && ask !== NIL) this.lastMidHalfTicks = bid + ask;
  }
}
