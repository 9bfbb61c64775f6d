/**
 * What one run of a trader is judged by: drawdown, PnL increments, inventory over time, adverse
 * selection, volumes.
 *
 * Only sums and counts are kept, so every figure is finite and runs add up; ratios are made once by the
 * reader of the table. All updates are O(1). Definitions:
 * - drawdown: largest fall of the PnL from its running maximum, looked at after every event that changes it;
 * - increments: PnL differences over a fixed sampling interval, for the Sharpe ratio (sharpe.ts);
 * - adverse selection: per fill, lots x move of the mid against the trader from the fill to `adverseNs`
 *   later; fills whose delay ends after the run are left out;
 * - mean |inventory|: weighted by time.
 */
import { MessageRing } from '../sim/message-ring.js';
import * as codes from '../book/codes.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const BUY = codes.BUY;

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
  maxAbsInventoryLots = 0;
  adverseHalfTickLots = 0;
  adverseLots = 0;
  marketTrades = 0;
  visibleLots = 0;
  hiddenLots = 0;
  /** Visible and hidden. */
  notionalTickLots = 0;
  /** End of the present sampling interval. */
  declare nextSampleNs: number;

  declare private readonly samplingNs: number;
  declare private readonly adverseNs: number;
  private readonly pending = new MessageRing();
  private peak = 0;
  private lastPnl = 0;
  private absInventoryLotNs = 0;
  private inventoryLots = 0;
  private inventorySinceNs = 0;

  /** Sampling interval and delay of the adverse-selection measure in ns, both > 0. */
  constructor(samplingNs: number, adverseNs: number) {
    this.samplingNs = samplingNs;
    this.adverseNs = adverseNs;
    this.nextSampleNs = samplingNs;
  }

  /** Time at which something must be measured next, before any event at a later or the same time. */
  dueNs(): number {
    return Math.min(this.nextSampleNs, this.pending.nextNs());
  }

  /** Measures everything that is due at or before tNs; mid and PnL are those just before tNs. */
  measure(tNs: number, midHalfTicks: number, pnlTickLots: number): void {
    while (this.pending.nextNs() <= tNs) {
      const lots = this.pending.word(1);
      const move = midHalfTicks - this.pending.word(2);
      this.adverseHalfTickLots += this.pending.word(0) === BUY ? -lots * move : lots * move;
      this.adverseLots += lots;
      this.pending.pop();
    }
    while (this.nextSampleNs <= tNs) {
      const increment = pnlTickLots - this.lastPnl;
      this.increments++;
      this.incrementSum += increment;
      this.incrementSumSquares += increment * increment;
      this.lastPnl = pnlTickLots;
      this.nextSampleNs += this.samplingNs;
    }
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
    this.pending.push(tNs + this.adverseNs, side, qtyLots, midHalfTicks, 0);
    this.holdUntil(tNs);
    this.inventoryLots = inventoryLots;
    const size = Math.abs(inventoryLots);
    if (size > this.maxAbsInventoryLots) this.maxAbsInventoryLots = size;
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

  private holdUntil(tNs: number): void {
    this.absInventoryLotNs += Math.abs(this.inventoryLots) * (tNs - this.inventorySinceNs);
    this.inventorySinceNs = tNs;
  }
}
