/**
 * Works a parent order: so many lots of one side within a horizon, in child orders along a schedule.
 *
 * A schedule says which part of the parent should be done by a time: TWAP a straight line, VWAP a volume
 * profile, Almgren & Chriss their trajectory, each known beforehand and followed in slices; or participation
 * (POV), a share of the volume that the market has traded so far. What the schedule asks for and is neither
 * filled nor open is due. Children are
 * - market: an immediate order at any price for all that is due, at the start of each slice;
 * - limit: a post-only order at the own side's best price for what is due in the slice, which follows that
 * price;
 *   what the slice leaves undone crosses the spread at its end (at once where it could not be placed).
 * At the horizon all that is left crosses. An immediate order is followed by another only once its rest was
 * reported cancelled. O(1) per decision; the schedule is a table of `slices` + 1 parts.
 */
import * as codes from '../book/codes.js';
import type { Quote, Quoter, QuoteView } from './quoter.js';
import { NEEDS_TRADES } from './quoter.js';

const { BUY, NIL } = codes;

export interface ExecutionOptions {
  /** BUY or SELL. */
  readonly side: number;
  readonly parentLots: number;
  readonly horizonS: number;
  /** Post at the touch first instead of crossing at once. */
  readonly isPassive: boolean;
}

/** Part of the parent that should be done by the end of slice 1..n: parts[0] = 0 ... parts[n] = 1; or POV. */
export type ExecutionPlan =
  | { readonly parts: Float64Array }
  /** Own share of all volume, > 0 and < 1, looked at once a slice of `sliceS`. */
  | { readonly participation: number; readonly sliceS: number };

export class ExecutionQuoter implements Quoter {
  readonly needs: number;
  /** Mid when the parent arrived, in half ticks: the price of the implementation shortfall. */
  arrivalMidHalfTicks = NIL;
  /** When the trader heard that the parent was done, -1 before. */
  doneNs = -1;
  readonly options: ExecutionOptions;
  private readonly plan: ExecutionPlan;
  private readonly sliceNs: number;
  private marketLots = 0;
  /** Lots that are to be done by the end of the present slice, and those of the one before. */
  private goalLots = 0;
  private lateLots = 0;
  private slice = -1;

  constructor(options: ExecutionOptions, plan: ExecutionPlan) {
    this.options = options;
    this.plan = plan;
    const slices = 'parts' in plan ? plan.parts.length - 1 : options.horizonS / plan.sliceS;
    this.sliceNs = (options.horizonS * 1e9) / slices;
    this.needs = 'parts' in plan ? 0 : NEEDS_TRADES;
  }

  observe(view: QuoteView): void {
    if (this.arrivalMidHalfTicks === NIL) this.arrivalMidHalfTicks = view.midHalfTicks;
    const slice = Math.floor(view.tNs / this.sliceNs);
    if (slice === this.slice) return;
    this.slice = slice;
    const { parentLots } = this.options;
    this.lateLots = this.goalLots;
    const { plan } = this;
    if (view.tNs >= this.options.horizonS * 1e9) this.lateLots = this.goalLots = parentLots;
    else if ('parts' in plan) this.goalLots = Math.round(plan.parts[slice + 1] * parentLots);
    else this.goalLots = Math.min(parentLots, Math.round(plan.participation * this.marketLots));
    if (!this.options.isPassive) this.lateLots = this.goalLots;
  }

  onTrade(_view: QuoteView, _priceTicks: number, qtyLots: number): void {
    this.marketLots += qtyLots;
  }

  onFill(view: QuoteView): void {
    if (Math.abs(view.inventoryLots) >= this.options.parentLots && this.doneNs < 0) this.doneNs = view.tNs;
  }

  quote(view: QuoteView, out: Quote): void {
    const { side } = this.options;
    const done = side === BUY ? view.inventoryLots : -view.inventoryLots;
    const open = side === BUY ? view.openBidLots : view.openAskLots;
    const late = this.lateLots - done;
    out.bidTicks = NIL;
    out.askTicks = NIL;
    if (late > 0) {
      // A resting child is withdrawn first; its lots may still be filled until that is confirmed.
      const take = Math.max(0, late - open);
      out.takeLots = side === BUY ? take : -take;
      out.takeTicks = NIL;
      return;
    }
    const due = this.goalLots - done;
    if (due <= 0) return;
    if (side === BUY) {
      out.bidTicks = view.bidTicks;
      out.bidLots = due;
    } else {
      out.askTicks = view.askTicks;
      out.askLots = due;
    }
  }
}

/** The straight line of TWAP in n slices. */
export function evenParts(slices: number): Float64Array {
  return Float64Array.from({ length: slices + 1 }, (_, j) => j / slices);
}

/**
 * The curve of VWAP: one weight >= 0 for each equal piece of the horizon, what trades there as a rule, at
 * least one of them above 0; slices need not fall on the pieces.
 */
export function profileParts(weights: readonly number[], slices: number): Float64Array {
  let total = 0;
  for (const weight of weights) total += weight;
  const parts = new Float64Array(slices + 1);
  for (let j = 1; j < slices; j++) {
    const at = (j * weights.length) / slices;
    const whole = Math.floor(at);
    let sum = 0;
    for (let i = 0; i < whole; i++) sum += weights[i];
    parts[j] = (sum + (at - whole) * weights[whole]) / total;
  }
  parts[slices] = 1;
  return parts;
}

/** The done part of a trajectory of holdings (almgren-chriss.ts). */
export function doneParts(holdings: Float64Array): Float64Array {
  return holdings.map((part) => 1 - part);
}
