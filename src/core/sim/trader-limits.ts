/**
 * The limits of a trader besides its inventory: a loss at which it stops, and messages per second.
 *
 * Loss: profit as the trader knows it, from the fills that it has heard of and the mid that it sees, before
 * fees. Once below minus the limit it stays stopped for the rest of the run. Rate: a token bucket of
 * `messageBurst` tokens that fills at `messagesPerS`; an order or a cancel costs one token, and what finds
 * none is held back until the next decision that finds one. O(1) per message.
 */
import * as codes from '../book/codes.js';

const { BUY, NIL } = codes;

export interface LimitOptions {
  /** Loss in tick-lots at which the trader stops, > 0; absent: none. */
  readonly maxLossTickLots?: number;
  /** Whether it then closes its position at any price; otherwise it keeps it. */
  readonly flattenOnLoss?: boolean;
  /** Orders and cancels per second on average, > 0; absent: any number. */
  readonly messagesPerS?: number;
  /** Messages that may go at once after a quiet time, >= 1; 1 when absent. */
  readonly messageBurst?: number;
}

export class TraderLimits {
  /** When the loss limit was reached, -1 if it was not. */
  stoppedNs = -1;
  /** Messages that were held back, each time that one was. */
  heldMessages = 0;
  declare private readonly clock: Float64Array;
  declare private readonly lossHalfTickLots: number;
  declare private readonly perNs: number;
  declare private readonly burst: number;
  private cashHalfTickLots = 0;
  private lots = 0;
  private tokens = 0;
  private filledNs = 0;

  constructor(options: LimitOptions, clock: Float64Array) {
    this.clock = clock;
    this.lossHalfTickLots = -2 * (options.maxLossTickLots ?? Infinity);
    this.perNs = (options.messagesPerS ?? Infinity) * 1e-9;
    this.burst = options.messageBurst ?? 1;
    this.tokens = this.burst;
  }

  /** Own fill that the trader heard of. */
  fill(side: number, priceTicks: number, qtyLots: number): void {
    const signedLots = side === BUY ? qtyLots : -qtyLots;
    this.lots += signedLots;
    this.cashHalfTickLots -= 2 * priceTicks * signedLots;
  }

  /** Whether the loss limit is or was reached at this mid. */
  isLossReached(midHalfTicks: number): boolean {
    if (this.stoppedNs >= 0) return true;
    if (midHalfTicks === NIL || this.cashHalfTickLots + this.lots * midHalfTicks > this.lossHalfTickLots) {
      return false;
    }
    this.stoppedNs = this.clock[0];
    return true;
  }

  /** Takes the token of one message; false when there is none. */
  spend(): boolean {
    if (this.perNs === Infinity) return true;
    const tNs = this.clock[0];
    this.tokens = Math.min(this.burst, this.tokens + (tNs - this.filledNs) * this.perNs);
    this.filledNs = tNs;
    // Waiting for a whole token ends within rounding of it.
    if (this.tokens < 1 - 1e-9) {
      this.heldMessages++;
      return false;
    }
    this.tokens--;
    return true;
  }

  /** When the next token is there, in whole ns. */
  nextMessageNs(): number {
    return this.filledNs + Math.max(1, Math.ceil((1 - this.tokens) / this.perNs));
  }
}
