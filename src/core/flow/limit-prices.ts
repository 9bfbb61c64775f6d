/**
 * Where a new limit order goes: a random distance from the opposite best price of others.
 *
 * While a side is empty, distances count from its last best price. A spread of more than the window counts
 * as the window: distances then start so far from the best price of the own side. Rates say nothing about
 * wider spreads, and without this rule one order left far away when a side empties would drag all new orders
 * of the other side along.
 */
import * as codes from '../book/codes.js';
import { AliasTable } from './alias-table.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, NIL, SELL } = codes;

export class LimitPrices {
  /** The last best price that faces a side: the ask at BUY, the bid at SELL. */
  readonly facingTicks = new Int32Array(2);
  declare private readonly distances: AliasTable;
  declare private readonly window: number;

  /** Weights >= 0 of distances 1, 2, ... */
  constructor(weights: ArrayLike<number>) {
    this.distances = new AliasTable(weights);
    this.window = weights.length;
  }

  /** Best prices of others now, NIL for an empty side. */
  look(bidTicks: number, askTicks: number): void {
    if (askTicks !== NIL) this.facingTicks[BUY] = askTicks;
    if (bidTicks !== NIL) this.facingTicks[SELL] = bidTicks;
  }

  /** Price of a new order on a side, for a uniform in [0, 1]. */
  draw(side: number, uniform: number): number {
    // Every second branch on a side would be mispredicted: the sides differ by the sign of prices instead.
    const sign = 1 - 2 * side;
    const facing = Math.imul(sign, this.facingTicks[side]);
    const own = Math.imul(sign, this.facingTicks[1 - side]);
    const from = Math.min(facing, own + this.window);
    return Math.imul(sign, from - 1 - this.distances.pick(uniform));
  }
}
