/**
 * A second, obvious account of what a price-time book must do, written down beside the real one.
 *
 * Levels are plain lists of orders, oldest first. Each trade that the real book reports is checked against
 * them
 * before they change, so the shadow matches nothing itself: it can only object. Cost: O(orders of a level) a
 * trade or cancel; it is for proofs, not for simulations.
 */
import { BUY, NIL, SELL } from '../book/codes.js';
import type { TradeSink } from '../book/types.js';

interface ShadowOrder {
  readonly id: number;
  readonly side: number;
  readonly priceTicks: number;
  lots: number;
}

/** Lots by what became of them, for each side [BUY, SELL]. */
export interface LotAccount {
  entered: number;
  traded: number;
  cancelled: number;
  dropped: number;
}

const emptyAccount = (): LotAccount => ({ entered: 0, traded: 0, cancelled: 0, dropped: 0 });

export class ShadowBook implements TradeSink {
  readonly lots = [emptyAccount(), emptyAccount()];
  /** Trades that were not with the oldest order of the best price. */
  outOfTurn = 0;
  /** Trades of more lots than the resting order had left. */
  overfilled = 0;
  trades = 0;
  readonly live = new Map<number, ShadowOrder>();
  /** Orders by price, oldest first; a book at rest has one side at a price. */
  private readonly levels = new Map<number, ShadowOrder[]>();

  onTrade(makerId: number, _takerId: number, priceTicks: number, qtyLots: number, takerSide: number): void {
    this.trades++;
    const makerSide = takerSide === BUY ? SELL : BUY;
    this.lots[makerSide].traded += qtyLots;
    const best = this.best(makerSide);
    const oldest = best === NIL ? undefined : this.levels.get(best)![0];
    if (oldest?.id !== makerId || best !== priceTicks) this.outOfTurn++;
    const maker = this.live.get(makerId);
    if (maker === undefined || maker.lots < qtyLots) {
      this.overfilled++;
      return;
    }
    maker.lots -= qtyLots;
    if (maker.lots === 0) this.remove(maker);
  }

  /**
   * An order entered with `lots` and was told that `traded` of them traded at once; `rests` says whether the
   * rest
   * of them stays. What takers are told and what their makers traded are two accounts of the same lots.
   */
  entered(id: number, side: number, priceTicks: number, lots: number, traded: number, rests: boolean): void {
    const account = this.lots[side];
    account.entered += lots;
    account.traded += traded;
    const left = lots - traded;
    if (!rests) account.dropped += left;
    else if (left > 0) this.add({ id, side, priceTicks, lots: left });
  }

  /** An order left with `lots` untraded. */
  cancelled(id: number, lots: number): void {
    const order = this.live.get(id)!;
    this.lots[order.side].cancelled += lots;
    this.remove(order);
  }

  /** Lots that stand before an order at its price. */
  aheadOf(id: number): number {
    const order = this.live.get(id)!;
    let ahead = 0;
    for (const other of this.levels.get(order.priceTicks)!) {
      if (other === order) break;
      ahead += other.lots;
    }
    return ahead;
  }

  /** Orders of a price, oldest first. */
  ordersAt(priceTicks: number): readonly ShadowOrder[] {
    return this.levels.get(priceTicks) ?? [];
  }

  /** Lots of a side that entered and are neither traded, cancelled, dropped nor resting. */
  missingLots(side: number): number {
    const { entered, traded, cancelled, dropped } = this.lots[side];
    let resting = 0;
    for (const order of this.live.values()) if (order.side === side) resting += order.lots;
    return entered - traded - cancelled - dropped - resting;
  }

  private best(side: number): number {
    let best = NIL;
    for (const [priceTicks, orders] of this.levels) {
      if (orders[0].side !== side) continue;
      if (best === NIL || (side === BUY ? priceTicks > best : priceTicks < best)) best = priceTicks;
    }
    return best;
  }

  private add(order: ShadowOrder): void {
    this.live.set(order.id, order);
    const level = this.levels.get(order.priceTicks);
    if (level) level.push(order);
    else this.levels.set(order.priceTicks, [order]);
  }

  private remove(order: ShadowOrder): void {
    this.live.delete(order.id);
    const level = this.levels.get(order.priceTicks)!;
    level.splice(level.indexOf(order), 1);
    if (level.length === 0) this.levels.delete(order.priceTicks);
  }
}
