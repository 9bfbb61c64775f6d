/** What a market is to a trader: the one interface that the generated and the replayed market share. */

export { BUY, NIL, SELL } from '../book/codes.js';

/** A sink that hears nothing. */
export const SILENT: FillSink = { onFill() {}, onTrade() {} };

/**
 * A market owns its own events and the true order book. Prices are integer ticks, sizes integer lots, times
 * tNs (nanoseconds since the run's start). Own order ids are small integers 0..N-1 chosen by the trader; an
 * id is free again when its order is filled, cancelled or rejected. NIL (-1) stands for "no price" and
 * "nothing more".
 */
export interface Market {
  /** Time of the market's next event in ns, Infinity at the end. */
  nextNs(): number;
  /** Applies the next event; own fills reach the sink before it returns. */
  step(sink: FillSink): void;
  /**
   * Own limit order that reaches the market now (latency is the caller's). With TIF_POST_ONLY, the default, a
   * price that would trade is rejected; returns 0 when it rests. With TIF_IOC it trades at once what it can
   * up to its price (NIL: at any price) and never rests; its fills reach `sink` before it returns, which is
   * then 0 too. Otherwise a negative code of core/book/codes.ts.
   */
  place(
    ownId: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    tif?: number,
    sink?: FillSink,
  ): number;
  /** Takes an own order out; returns the lots that were left, 0 when it was already gone. */
  cancel(ownId: number): number;
  /** Lots ahead of an own resting order at its price: the true queue position; NIL when it does not rest. */
  queueAheadLots(ownId: number): number;
  /** Best prices that everyone sees, NIL when a side is empty. Own orders are excluded. */
  bestBidTicks(): number;
  bestAskTicks(): number;
  /**
   * Best levels of a side (own orders excluded) into prices and lots; returns how many were written (<= max).
   */
  depth(side: number, pricesTicks: Int32Array, qtysLots: Int32Array, max: number): number;
}

/** Receives the fills of own orders as they happen. `sideOfOwn` is BUY or SELL. */
export interface FillSink {
  onFill(ownId: number, sideOfOwn: number, priceTicks: number, qtyLots: number): void;
  /**
   * Any visible trade in the market, own or not: for volume, VWAP, last price. `hidden` is 1 for hidden
   * executions.
   */
  onTrade(priceTicks: number, qtyLots: number, aggressorSide: number, hidden: number): void;
}
