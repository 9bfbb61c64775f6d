/**
 * What own marketable orders took from a historical book, so that no visible share is taken twice.
 *
 * History is never altered: the shares go on resting and trading in the file as they did. The lots taken from
 * a level are remembered and count against what it shows, until history itself takes them away: the memory of
 * a level never exceeds the lots that it shows, and is dropped with the level. Lots that arrive later can be
 * taken. An order meets historical lots only, never own resting orders; levels that the file does not show
 * are out of reach. Cost: O(levels) an order; a row costs O(levels taken from), mostly none.
 */
import { BUY, NIL, SELL } from './market.js';
import type { FillSink } from './market.js';
import type { ReplayWindow } from './replay-window.js';

/** Levels that are remembered of a side; a taker that empties more in turn forgets the oldest. */
const MEMORY = 64;

export class TakenLots {
  private readonly price = new Int32Array(2 * MEMORY);
  private readonly lots = new Int32Array(2 * MEMORY);
  private readonly count = new Int32Array(2);
  private readonly shownPrice: Int32Array;
  private readonly shownLots: Int32Array;
  private readonly unitsPerTick: number;

  constructor(levels: number, unitsPerTick: number) {
    this.shownPrice = new Int32Array(levels);
    this.shownLots = new Int32Array(levels);
    this.unitsPerTick = unitsPerTick;
  }

  /** Fills an own order of `side` from the visible levels up to its limit (NIL: any price); returns 0. */
  take(
    ownId: number,
    side: number,
    limitE4: number,
    qtyLots: number,
    window: ReplayWindow,
    sink: FillSink,
  ): number {
    const other = side === BUY ? SELL : BUY;
    const levels = window.depth(other, 1, this.shownPrice, this.shownLots, this.shownPrice.length);
    let left = qtyLots;
    for (let i = 0; i < levels && left > 0; i++) {
      const priceE4 = this.shownPrice[i];
      if (limitE4 !== NIL && (side === BUY ? priceE4 > limitE4 : priceE4 < limitE4)) break;
      const at = this.find(other, priceE4);
      const free = this.shownLots[i] - (at === NIL ? 0 : this.lots[at]);
      const filled = Math.min(free, left);
      if (filled <= 0) continue;
      left -= filled;
      this.note(other, at, priceE4, filled);
      sink.onFill(ownId, side, priceE4 / this.unitsPerTick, filled);
    }
    return 0;
  }

  /** After a row: a level that shows fewer lots than were taken has lost them itself. */
  refresh(window: ReplayWindow): void {
    if (this.count[BUY] + this.count[SELL] === 0) return;
    for (let side = BUY; side <= SELL; side++) {
      const base = side * MEMORY;
      for (let k = this.count[side] - 1; k >= 0; k--) {
        const at = base + k;
        if (!window.sees(side, this.price[at])) continue;
        const shown = window.lotsAt(side, this.price[at]);
        if (this.lots[at] > shown) this.lots[at] = shown;
        if (this.lots[at] === 0) this.drop(side, at);
      }
    }
  }

  private find(side: number, priceE4: number): number {
    const base = side * MEMORY;
    for (let at = base; at < base + this.count[side]; at++) if (this.price[at] === priceE4) return at;
    return NIL;
  }

  private note(side: number, at: number, priceE4: number, lots: number): void {
    if (at !== NIL) {
      this.lots[at] += lots;
      return;
    }
    if (this.count[side] === MEMORY) this.drop(side, side * MEMORY);
    const free = side * MEMORY + this.count[side]++;
    this.price[free] = priceE4;
    this.lots[free] = lots;
  }

  private drop(side: number, at: number): void {
    const end = side * MEMORY + this.count[side]--;
    this.price.copyWithin(at, at + 1, end);
    this.lots.copyWithin(at, at + 1, end);
  }
}
