/**
 * The account of one trader at the exchange: cash, inventory, fees, and a profit that is exact to the
 * half tick.
 *
 * Money is counted in half tick-lots as integers held in doubles (exact below 2^53), because a mid price
 * is an integer only in half ticks. Fees are the one quantity with fractions, so the ledger keeps the
 * traded notional of makers and takers, which is exact, and multiplies by the rate when asked.
 *
 * Identities, with m the mid of the last mark (tests/core/ledger):
 *   gross PnL = 2*cash + inventory*m = spread capture + inventory gain,   PnL = gross PnL - fees.
 * Spread capture is what each fill earned against the mid at its moment; inventory gain is the sum of
 * inventory times the change of the mid. Both follow from summation by parts of cash and inventory. Each
 * call costs O(1).
 */
import * as codes from '../book/codes.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const BUY = codes.BUY;

export class Ledger {
  inventoryLots = 0;
  /** Ticks x lots received minus paid, before fees. */
  cashTickLots = 0;
  makerLots = 0;
  takerLots = 0;
  makerNotionalTickLots = 0;
  takerNotionalTickLots = 0;
  /** Sum over fills of lots x (signed distance of the price from the mid), in half ticks. */
  spreadCaptureHalfTickLots = 0;
  /** Sum over moves of the mid of inventory x move, in half ticks. */
  inventoryGainHalfTickLots = 0;
  /** Mid of the last mark in half ticks (bid + ask). */
  midHalfTicks = 0;
  declare private readonly makerBps: number;
  declare private readonly takerBps: number;

  /** Fees in 1/10,000 of the notional; a negative rate is a rebate. */
  constructor(makerBps: number, takerBps: number) {
    this.makerBps = makerBps;
    this.takerBps = takerBps;
  }

  /** Values the inventory at a new mid (bid + ask); the first mark must come before the first fill. */
  mark(midHalfTicks: number): void {
    this.inventoryGainHalfTickLots += this.inventoryLots * (midHalfTicks - this.midHalfTicks);
    this.midHalfTicks = midHalfTicks;
  }

  /** Books one fill at the mid of the last mark. `side` is the trader's own side, BUY or SELL. */
  fill(side: number, priceTicks: number, qtyLots: number, taker: boolean): void {
    const notional = priceTicks * qtyLots;
    const signedLots = side === BUY ? qtyLots : -qtyLots;
    this.inventoryLots += signedLots;
    this.cashTickLots -= priceTicks * signedLots;
    this.spreadCaptureHalfTickLots += signedLots * (this.midHalfTicks - 2 * priceTicks);
    if (taker) {
      this.takerLots += qtyLots;
      this.takerNotionalTickLots += notional;
    } else {
      this.makerLots += qtyLots;
      this.makerNotionalTickLots += notional;
    }
  }

  /** Fees paid so far in tick-lots; negative when rebates exceed fees. */
  feesTickLots(): number {
    return (this.makerNotionalTickLots * this.makerBps + this.takerNotionalTickLots * this.takerBps) / 10_000;
  }

  /** Profit before fees in half tick-lots, an exact integer. */
  grossHalfTickLots(): number {
    return 2 * this.cashTickLots + this.inventoryLots * this.midHalfTicks;
  }

  /** Profit after fees in tick-lots, inventory valued at the mid. */
  pnlTickLots(): number {
    return this.grossHalfTickLots() / 2 - this.feesTickLots();
  }

  /** Profit in tick-lots if the inventory were closed now at `priceTicks` as a taker. */
  closedPnlTickLots(priceTicks: number): number {
    const notional = priceTicks * Math.abs(this.inventoryLots);
    return (
      this.cashTickLots +
      this.inventoryLots * priceTicks -
      this.feesTickLots() -
      (notional * this.takerBps) / 10_000
    );
  }
}
