/**
 * Quotes from a solved InventoryLadder: the exact strategies of GLFT and of Cartea, Jaimungal & Penalva.
 *
 * The solution over the horizon is tabulated once, at STEPS + 1 times and all inventories; a decision
 * interpolates between two times and two inventories (a position need not be a whole number of quotes), so
 * that it costs no logarithm. The horizon rolls: time left = min(horizonS, time to the end), as in
 * adaptive.ts.
 */
import type { InventoryLadder } from './inventory-ladder.js';
import type { Quote, Quoter, QuoteView } from './quoter.js';
import { quoteAround } from './quoter.js';

const STEPS = 64;

/** Writes the distances from the mid at the ladder's time and inventory q: out[0] bid, out[1] ask. */
export type LadderDistances = (ladder: InventoryLadder, q: number, out: Float64Array) => void;

export class LadderQuoter implements Quoter {
  declare private readonly horizonS: number;
  declare private readonly quoteLots: number;
  declare private readonly limit: number;
  /** bid[row x 2Q + q + Q] for q = -Q..Q-1, ask[row x 2Q + q + Q - 1] for q = -Q+1..Q. */
  declare private readonly bid: Float64Array;
  declare private readonly ask: Float64Array;

  /** The ladder stands at time left 0, in seconds and ticks; inventory counts in quotes of `quoteLots`. */
  constructor(ladder: InventoryLadder, distances: LadderDistances, horizonS: number, quoteLots: number) {
    const { limit } = ladder;
    this.horizonS = horizonS;
    this.quoteLots = quoteLots;
    this.limit = limit;
    this.bid = new Float64Array((STEPS + 1) * 2 * limit);
    this.ask = new Float64Array((STEPS + 1) * 2 * limit);
    const both = new Float64Array(2);
    for (let step = 0; step <= STEPS; step++) {
      if (step > 0) ladder.advance((horizonS * step) / STEPS);
      const row = step * 2 * limit;
      for (let q = -limit; q <= limit; q++) {
        distances(ladder, q, both);
        if (q < limit) this.bid[row + q + limit] = both[0];
        if (q > -limit) this.ask[row + q + limit - 1] = both[1];
      }
    }
  }

  observe(_view: QuoteView): void {
    // Nothing to learn: the table was made for given parameters.
  }

  quote(view: QuoteView, out: Quote): void {
    const mid = view.midHalfTicks / 2;
    const time = (Math.min(this.horizonS, view.timeLeftS) / this.horizonS) * STEPS;
    const q = view.inventoryLots / this.quoteLots;
    const bid = mid - this.between(this.bid, time, q + this.limit);
    const ask = mid + this.between(this.ask, time, q + this.limit - 1);
    quoteAround(view, bid, ask, out);
    out.bidLots = this.quoteLots;
    out.askLots = this.quoteLots;
  }

  /** Bilinear; beyond the table its edge holds. */
  private between(table: Float64Array, time: number, place: number): number {
    const width = 2 * this.limit;
    const row = Math.max(0, Math.min(STEPS - 1, Math.floor(time)));
    const inRow = Math.max(0, Math.min(1, time - row));
    const column = Math.max(0, Math.min(width - 2, Math.floor(place)));
    const inColumn = Math.max(0, Math.min(1, place - column));
    const at = row * width + column;
    const now = table[at] + inColumn * (table[at + 1] - table[at]);
    const later = table[at + width] + inColumn * (table[at + width + 1] - table[at + width]);
    return now + inRow * (later - now);
  }
}
