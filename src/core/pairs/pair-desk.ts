/**
 * The trader of a pair of books: sees both through their feeds, keeps one order at work in each, chases
 * targets.
 *
 * A decision sets the spread that is wanted; each leg then works towards its target with what is known, one
 * order at a time: a new one follows the word that the last is done. Leg x always takes. Leg y takes too, at
 * once with x, or makes: it rests at its best price, moves along with it, and x hedges what y is known to
 * hold. Taking orders are immediate-or-cancel at the price seen, `slippageTicks` worse at most; what they do
 * not get is tried again when that is known. Nothing allocates.
 */
import * as codes from '../book/codes.js';
import { CANCEL, PLACE_BUY, PLACE_SELL, TAKE_BUY, TAKE_SELL } from '../sim/trader.js';
import type { MessageRing } from '../sim/message-ring.js';

const { BUY, NIL, SELL } = codes;

export const LEG_Y = 0;
export const LEG_X = 1;

export interface DeskOptions {
  readonly makes: boolean;
  readonly slippageTicks: number;
  /** By leg. */
  readonly orderNs: readonly [number, number];
}

/** One order per leg: all have this id. */
export const OWN_ID = 0;

export class PairDesk {
  /** Best prices as seen, by leg; NIL before any word. */
  readonly bidTicks = new Int32Array([NIL, NIL]);
  readonly askTicks = new Int32Array([NIL, NIL]);
  /** Lots held as far as known. */
  readonly lots = new Int32Array(2);
  /** Lots of y that are wanted, and lots of x that hedge one of y, as a number below 0 for a hedge. */
  wantedY = 0;
  hedgePerY = 0;
  messages = 0;
  /** Order at work: its signed lots not yet filled, 0 when none; its price; whether its cancel is sent. */
  private readonly workLots = new Int32Array(2);
  private readonly workTicks = new Int32Array(2);
  private readonly isCancelled = new Uint8Array(2);
  private readonly isWorking = new Uint8Array(2);
  declare private readonly options: DeskOptions;
  declare private readonly wires: readonly MessageRing[];
  declare private readonly clock: Float64Array;

  constructor(options: DeskOptions, wires: readonly MessageRing[], clock: Float64Array) {
    this.options = options;
    this.wires = wires;
    this.clock = clock;
  }

  /** Sends what brings both legs nearer to their targets. */
  act(): void {
    this.work(LEG_Y, this.wantedY);
    const basis = this.options.makes ? this.lots[LEG_Y] : this.wantedY;
    // 0 and not -0.
    this.work(LEG_X, Math.round(this.hedgePerY * basis) + 0);
  }

  /** Word of a fill of the order at work. */
  onFill(leg: number, signedLots: number): void {
    this.lots[leg] += signedLots;
    this.workLots[leg] -= signedLots;
  }

  /** Word that the order at work is no more. */
  onDone(leg: number): void {
    this.isWorking[leg] = 0;
    this.isCancelled[leg] = 0;
    this.workLots[leg] = 0;
  }

  private work(leg: number, target: number): void {
    const missing = target - this.lots[leg];
    const makes = this.options.makes && leg === LEG_Y;
    const [bid, ask] = [this.bidTicks[leg], this.askTicks[leg]];
    if (this.isWorking[leg] === 1) {
      if (!makes || this.isCancelled[leg] === 1) return;
      const join = this.workLots[leg] > 0 ? bid : ask;
      const left = this.workLots[leg];
      if (left === missing && join === this.workTicks[leg]) return;
      // Partly filled already: done when the word of the last lot comes.
      if (left === 0) return;
      this.isCancelled[leg] = 1;
      this.send(leg, CANCEL, 0, 0);
      return;
    }
    if (missing === 0 || bid === NIL || ask === NIL) return;
    const side = missing > 0 ? BUY : SELL;
    const slip = this.options.slippageTicks;
    if (makes) this.start(leg, side === BUY ? PLACE_BUY : PLACE_SELL, side === BUY ? bid : ask, missing);
    else
      this.start(leg, side === BUY ? TAKE_BUY : TAKE_SELL, side === BUY ? ask + slip : bid - slip, missing);
  }

  private start(leg: number, what: number, priceTicks: number, signedLots: number): void {
    this.isWorking[leg] = 1;
    this.workLots[leg] = signedLots;
    this.workTicks[leg] = priceTicks;
    this.send(leg, what, priceTicks, Math.abs(signedLots));
  }

  private send(leg: number, what: number, priceTicks: number, lots: number): void {
    this.messages++;
    this.wires[leg].push(this.clock[0] + this.options.orderNs[leg], what, OWN_ID, priceTicks, lots);
  }
}
