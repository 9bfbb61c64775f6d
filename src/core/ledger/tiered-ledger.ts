/**
 * The ledger with a fee schedule: rates by traded volume, in 1/10,000 of the notional and per lot.
 *
 * The rate of a fill is that of the volume before it: the fill that reaches a tier still pays the old rate.
 * Notional and lots are kept by tier, as exact integers, and multiplied by the rates when asked, so that fees
 * never gather rounding errors fill by fill. Cost: a fill O(1), the fees O(tiers reached).
 */
import { Ledger } from './ledger.js';

export interface FeeTier {
  /** The tier holds from this volume on, in tick-lots or lots; 0 for the first. */
  readonly fromVolume: number;
  readonly makerBps: number;
  readonly takerBps: number;
  /** Fee per lot, in ticks of one lot. */
  readonly makerTicks: number;
  readonly takerTicks: number;
}

export interface FeeSchedule {
  /** Ascending by fromVolume, the first from 0. */
  readonly tiers: readonly FeeTier[];
  /** Volume is counted in lots instead of tick-lots (notional). */
  readonly byLots: boolean;
  /** Volume that counts before the first fill. */
  readonly startVolume: number;
}

export class TieredLedger extends Ledger {
  /** Index of the tier that the next fill pays. */
  tier = 0;
  private readonly schedule: FeeSchedule;
  private volume: number;
  /** By tier: maker and taker notional in tick-lots, maker and taker lots. */
  private readonly sums: readonly Float64Array[];

  constructor(schedule: FeeSchedule) {
    super(0, 0);
    this.schedule = schedule;
    this.volume = schedule.startVolume;
    this.sums = [0, 1, 2, 3].map(() => new Float64Array(schedule.tiers.length));
    this.climb();
  }

  override fill(side: number, priceTicks: number, qtyLots: number, taker: boolean): void {
    super.fill(side, priceTicks, qtyLots, taker);
    const notional = priceTicks * qtyLots;
    this.sums[taker ? 1 : 0][this.tier] += notional;
    this.sums[taker ? 3 : 2][this.tier] += qtyLots;
    this.volume += this.schedule.byLots ? qtyLots : notional;
    this.climb();
  }

  override feesTickLots(): number {
    const [makerNotional, takerNotional, makerLots, takerLots] = this.sums;
    let fees = 0;
    for (let i = 0; i <= this.tier; i++) {
      const { makerBps, takerBps, makerTicks, takerTicks } = this.schedule.tiers[i];
      fees += (makerNotional[i] * makerBps + takerNotional[i] * takerBps) / 10_000;
      fees += makerLots[i] * makerTicks + takerLots[i] * takerTicks;
    }
    return fees;
  }

  override closedPnlTickLots(priceTicks: number): number {
    const { takerBps, takerTicks } = this.schedule.tiers[this.tier];
    const lots = Math.abs(this.inventoryLots);
    const closing = (priceTicks * lots * takerBps) / 10_000 + lots * takerTicks;
    return this.cashTickLots + this.inventoryLots * priceTicks - this.feesTickLots() - closing;
  }

  private climb(): void {
    const { tiers } = this.schedule;
    while (this.tier + 1 < tiers.length && this.volume >= tiers[this.tier + 1].fromVolume) this.tier++;
  }
}
