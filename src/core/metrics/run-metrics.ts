/**
 * What one run of a trader is judged by: drawdown, PnL increments, inventory over time, adverse
 * selection, latency, waiting times, volumes.
 *
 * Sums and counts are kept, so every figure is finite and runs add up; ratios are made once by the
 * reader of the table. All updates are O(1). Definitions:
 * - drawdown: largest fall of the PnL from its running maximum, looked at after every event that changes it;
 * - increments: PnL differences over a fixed sampling interval, for the Sharpe ratio (sharpe.ts) and for
 *   value at risk and expected shortfall (tail.ts), which need the values themselves: the first 2^20;
 * - markouts: what the mid did after each fill, at several delays (markouts.ts); the first delay is
 *   `adverseNs`, whose sum over lots is the adverse selection;
 * - latency: per fill, signed lots x move of the mid from the one that the trader last saw when it still
 *   wanted the order to the one that the aggressor met. It is what the market did while news and orders were
 *   under way (and, where the strategy decides on a timer only, until the timer), part of the spread PnL,
 *   and nought without latency;
 * - shortfall: per fill, lots x (price - mid that the trader saw when it sent the order), against the trader:
 *   the implementation shortfall of Perold (1988), The Implementation Shortfall: Paper versus Reality,
 *   Journal of Portfolio Management 14(3), negative where the order earned the spread;
 * - mean |inventory|: weighted by time.
 */
import * as codes from '../book/codes.js';
import { Markouts } from './markouts.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const BUY = codes.BUY;

/** Delays of markouts after the one that the caller chooses; tables.ts names a column for each. */
export const MARKOUT_DELAYS_NS: readonly number[] = [1e8, 1e9, 1e10];
export const MARKOUT_DELAYS_TRADES: readonly number[] = [1, 10, 100];
/** More increments than this are summed but not kept. */
const MAX_INCREMENTS = 1_048_576;
/** Room for increments at the start: 64 bytes, which V8 keeps on its own heap. */
const FIRST_INCREMENTS = 8;

export class RunMetrics {
  fills = 0;
  ordersPlaced = 0;
  placedLots = 0;
  ordersRejected = 0;
  ordersCancelled = 0;
  maxDrawdownTickLots = 0;
  increments = 0;
  incrementSum = 0;
  incrementSumSquares = 0;
  /** Sum of the squares of the negative ones. */
  incrementDownSquares = 0;
  maxAbsInventoryLots = 0;
  /** Sum over fills of signed lots x (mid met - mid seen), in half ticks; see the head of this file. */
  latencyHalfTickLots = 0;
  shortfallHalfTickLots = 0;
  /** Sum over fills of lots x time since their order came to rest. */
  waitLotNs = 0;
  marketTrades = 0;
  visibleLots = 0;
  hiddenLots = 0;
  /** Visible and hidden. */
  notionalTickLots = 0;
  /** End of the present sampling interval. */
  declare nextSampleNs: number;

  declare readonly markouts: Markouts;

  declare private readonly samplingNs: number;
  private kept = new Float64Array(FIRST_INCREMENTS);
  private peak = 0;
  private lastPnl = 0;
  private absInventoryLotNs = 0;
  private inventoryLots = 0;
  private inventorySinceNs = 0;

  /** Sampling interval and delay of the adverse-selection measure in ns, both > 0. */
  constructor(samplingNs: number, adverseNs: number) {
    this.samplingNs = samplingNs;
    this.markouts = new Markouts([adverseNs, ...MARKOUT_DELAYS_NS], MARKOUT_DELAYS_TRADES);
    this.nextSampleNs = samplingNs;
  }

  /**
   * Lots x move of the mid against the trader within `adverseNs`, in half ticks, of fills whose delay
   * ended.
   */
  get adverseHalfTickLots(): number {
    return 0 - this.markouts.halfTickLots[0];
  }

  /** Lots of those fills. */
  get adverseLots(): number {
    return this.markouts.lots[0];
  }

  /** Takes the samples that are due at or before tNs; the PnL is that just before tNs. */
  sample(tNs: number, pnlTickLots: number): void {
    while (this.nextSampleNs <= tNs) {
      const increment = pnlTickLots - this.lastPnl;
      if (this.increments < MAX_INCREMENTS) this.keep(increment);
      this.increments++;
      this.incrementSum += increment;
      this.incrementSumSquares += increment * increment;
      if (increment < 0) this.incrementDownSquares += increment * increment;
      this.lastPnl = pnlTickLots;
      this.nextSampleNs += this.samplingNs;
    }
  }

  /** The increments in tick-lots, the first 2^20 of them. */
  keptIncrements(): Float64Array {
    return this.kept.subarray(0, Math.min(this.increments, MAX_INCREMENTS));
  }

  /** Follows the PnL after an event that may have changed it. */
  follow(pnlTickLots: number): void {
    if (pnlTickLots > this.peak) this.peak = pnlTickLots;
    else if (this.peak - pnlTickLots > this.maxDrawdownTickLots) {
      this.maxDrawdownTickLots = this.peak - pnlTickLots;
    }
  }

  /** One own fill; `inventoryLots` is the position after it, the mid the one that the aggressor met. */
  fill(side: number, qtyLots: number, midHalfTicks: number, inventoryLots: number, tNs: number): void {
    this.fills++;
    this.markouts.fill(side === BUY ? qtyLots : -qtyLots, midHalfTicks, tNs);
    this.holdUntil(tNs);
    this.inventoryLots = inventoryLots;
    const size = Math.abs(inventoryLots);
    if (size > this.maxAbsInventoryLots) this.maxAbsInventoryLots = size;
  }

  /**
   * The past of the order that was filled: mids that the trader saw when it sent the order and when it last
   * still wanted it, the mid that the aggressor met, and the time since the order came to rest.
   */
  order(
    signedLots: number,
    priceTicks: number,
    sentMidHalfTicks: number,
    seenMidHalfTicks: number,
    midHalfTicks: number,
    waitNs: number,
  ): void {
    this.latencyHalfTickLots += signedLots * (midHalfTicks - seenMidHalfTicks);
    this.shortfallHalfTickLots += signedLots * (2 * priceTicks - sentMidHalfTicks);
    this.waitLotNs += Math.abs(signedLots) * waitNs;
  }

  /** One trade of the whole market. */
  trade(priceTicks: number, qtyLots: number, hidden: boolean): void {
    this.marketTrades++;
    if (hidden) this.hiddenLots += qtyLots;
    else this.visibleLots += qtyLots;
    this.notionalTickLots += priceTicks * qtyLots;
  }

  /** Time-weighted mean of |inventory| from 0 to endNs, in lots. */
  meanAbsInventoryLots(endNs: number): number {
    this.holdUntil(endNs);
    return endNs > 0 ? this.absInventoryLotNs / endNs : 0;
  }

  private keep(increment: number): void {
    if (this.increments === this.kept.length) {
      const more = new Float64Array(2 * this.kept.length);
      more.set(this.kept);
      this.kept = more;
    }
    this.kept[this.increments] = increment;
  }

  private holdUntil(tNs: number): void {
    this.absInventoryLotNs += Math.abs(this.inventoryLots) * (tNs - this.inventorySinceNs);
    this.inventorySinceNs = tNs;
  }
}
