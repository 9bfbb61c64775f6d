/**
 * The market of Avellaneda & Stoikov (2008), section 3.3, to any strategy: a random-walk mid without a book,
 * and fills that get rarer with the distance of an order from it.
 *
 * In each step of dt an own order at distance d from the mid is filled in full with probability
 * A exp(-k d) dt, at most 1, as printed there (intensity-market.ts has the bare recipe behind the published
 * tables); then the mid moves by +sigma sqrt(dt) or -sigma sqrt(dt). Prices are whole ticks; the mid is not,
 * and is shown as a bid and an ask one tick below and above the tick nearest to it. There is no depth, no
 * queue and no other trader; an order that would reach the opposite best is refused as in every market here,
 * and one that takes trades in full at the opposite best. Draws of a step: one uniform for each own order,
 * oldest first, then one word for the sign. O(own orders) a step.
 */
import { exp } from '../math/exp.js';
import { baseOf, isTwin, turnedUniform } from '../rng/antithetic.js';
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import * as codes from '../book/codes.js';
import { SILENT, type FillSink, type Market } from './market.js';
import { MAX_OWN_ORDERS } from './trader.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, NIL, REJECT_WOULD_TRADE, TIF_IOC, TIF_POST_ONLY } = codes;

export interface ToyMarketOptions {
  readonly startMidTicks: number;
  readonly stepMs: number;
  readonly midSigmaTicksPerSqrtS: number;
  readonly fillRatePerS: number;
  readonly fillDecayPerTick: number;
}

export class ToyMarket implements Market {
  /** Not a whole number of ticks. */
  midTicks = 0;

  declare private readonly options: ToyMarketOptions;
  declare private readonly dtNs: number;
  declare private readonly moveTicks: number;
  private readonly stream = new Stream();
  private turned = false;
  private stepsDone = 0;
  /** Ids of own resting orders, oldest first; price, side and lots by id. */
  private ownCount = 0;
  private readonly ownIds = new Int32Array(MAX_OWN_ORDERS);
  private readonly ownPrice = new Int32Array(MAX_OWN_ORDERS);
  private readonly ownSide = new Int32Array(MAX_OWN_ORDERS);
  private readonly ownLots = new Int32Array(MAX_OWN_ORDERS);

  constructor(options: ToyMarketOptions) {
    this.options = options;
    this.dtNs = options.stepMs * 1e6;
    this.moveTicks = options.midSigmaTicksPerSqrtS * Math.sqrt(options.stepMs / 1000);
  }

  /** Starts the run of one unit at time 0; a unit below 0 is an antithetic twin. */
  start(seed: number, unit: number): void {
    this.stream.key(seed, baseOf(unit), FLOW);
    this.turned = isTwin(unit);
    this.midTicks = this.options.startMidTicks;
    this.stepsDone = 0;
    this.ownCount = 0;
  }

  nextNs(): number {
    return Math.round((this.stepsDone + 1) * this.dtNs);
  }

  step(sink: FillSink): void {
    const { stream, ownIds, turned } = this;
    this.stepsDone++;
    let kept = 0;
    for (let i = 0; i < this.ownCount; i++) {
      const id = ownIds[i];
      const u = stream.uniform();
      if ((turned ? turnedUniform(u) : u) >= this.fillProbability(id)) ownIds[kept++] = id;
      else this.fill(sink, id, this.ownSide[id], this.ownPrice[id], this.ownLots[id], 1 - this.ownSide[id]);
    }
    this.ownCount = kept;
    this.midTicks += stream.i32() < 0 !== turned ? -this.moveTicks : this.moveTicks;
  }

  place(
    ownId: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    tif = TIF_POST_ONLY,
    sink = SILENT,
  ): number {
    const opposite = side === BUY ? this.bestAskTicks() : this.bestBidTicks();
    const crosses = priceTicks === NIL || (side === BUY ? priceTicks >= opposite : priceTicks <= opposite);
    if (tif === TIF_IOC) {
      if (crosses) this.fill(sink, ownId, side, opposite, qtyLots, side);
      return 0;
    }
    if (crosses) return REJECT_WOULD_TRADE;
    this.ownIds[this.ownCount++] = ownId;
    this.ownPrice[ownId] = priceTicks;
    this.ownSide[ownId] = side;
    this.ownLots[ownId] = qtyLots;
    return 0;
  }

  cancel(ownId: number): number {
    const { ownIds } = this;
    for (let i = 0; i < this.ownCount; i++) {
      if (ownIds[i] !== ownId) continue;
      ownIds.copyWithin(i, i + 1, this.ownCount--);
      return this.ownLots[ownId];
    }
    return 0;
  }

  /** There is no queue: nothing stands ahead of an own order. */
  queueAheadLots(ownId: number): number {
    return this.ownIds.subarray(0, this.ownCount).includes(ownId) ? 0 : NIL;
  }

  bestBidTicks(): number {
    return Math.round(this.midTicks) - 1;
  }

  bestAskTicks(): number {
    return Math.round(this.midTicks) + 1;
  }

  /** There is no book to show. */
  depth(_side: number, _pricesTicks: Int32Array, _qtysLots: Int32Array, _max: number): number {
    return 0;
  }

  /** lambda dt, at most 1. */
  private fillProbability(id: number): number {
    const sign = this.ownSide[id] === BUY ? 1 : -1;
    const distance = sign * (this.midTicks - this.ownPrice[id]);
    const { fillRatePerS, fillDecayPerTick, stepMs } = this.options;
    return Math.min(1, fillRatePerS * exp(-fillDecayPerTick * distance) * (stepMs / 1000));
  }

  private fill(sink: FillSink, id: number, side: number, price: number, lots: number, taker: number): void {
    sink.onFill(id, side, price, lots);
    sink.onTrade(price, lots, taker, 0);
  }
}
