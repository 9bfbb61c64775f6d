/**
 * A market that also keeps, for every own order at rest, what L2 estimators would think of its place.
 *
 * It stands between the loop and the real market and changes nothing. Each estimator (queue-estimators.ts)
 * keeps its lots ahead and the fills that it would have reported for the same orders over the same lives: a
 * trade of T lots at the order's price fills T - ahead, in whole lots; a trade at a worse price, or a best
 * opposite price at the order's, all of it.
 * Fed with the true place, this rule gives the true fills, so that what differs is the estimator's fault.
 * Fills are valued at the mid of a stated delay later, which shows a bias in money that comes from which
 * orders fill, not only from how many. The own order's life ends when it truly fills or is cancelled; in a
 * real backtest an order that the estimator has not filled would wait on, and its trader would act otherwise.
 * One own order a side rests at most, as in the loop. What one event takes from a level and adds to it, as a
 * market maker does that lays its ladder anew, is seen as its sum, as in a feed of snapshots. A replay fills
 * own orders with the shares of history only, so that there the truth may be less than any estimator.
 * Cost: for each market event while orders rest, one look at the levels of their sides, O(levels).
 */
import * as codes from '../book/codes.js';
import { SILENT, type FillSink, type Market } from './market.js';
import { MarketWrapper } from './market-wrapper.js';
import { MessageRing } from './message-ring.js';
import { aheadAfterCancel, QUEUE_ESTIMATORS, RISK_AVERSE, TRUTH } from './queue-estimators.js';
import { MAX_OWN_ORDERS } from './trader.js';

const { BUY, NIL, TIF_IOC } = codes;
const COUNT = QUEUE_ESTIMATORS.length;
const MAX_LEVELS = 256;

export class QueueStudy extends MarketWrapper {
  /** Lots of own orders that came to rest. */
  placedLots = 0;
  /** By estimator, TRUTH first: lots filled, and their value in half tick-lots at the later mid. */
  readonly filledLots = new Float64Array(COUNT);
  readonly valueHalfTickLots = new Float64Array(COUNT);
  /** Sum of (estimated - true) lots ahead over all changes of levels with own orders, and their number. */
  readonly errorLots = new Float64Array(COUNT);
  changes = 0;

  private readonly isReplay: boolean;
  private readonly delayNs: number;
  private tNs = 0;
  private midHalfTicks = 0;
  /** Own orders at rest, in no particular order, and the place of each in that list, NIL for none. */
  private count = 0;
  private readonly ids = new Int32Array(MAX_OWN_ORDERS);
  private readonly places = new Int32Array(MAX_OWN_ORDERS).fill(NIL);
  private readonly sides = new Int32Array(MAX_OWN_ORDERS);
  private readonly prices = new Int32Array(MAX_OWN_ORDERS);
  /** Of the present event: lots traded at the order's price, own lots among its fills, a worse price. */
  private readonly traded = new Int32Array(MAX_OWN_ORDERS);
  private readonly filled = new Int32Array(MAX_OWN_ORDERS);
  private readonly passed = new Uint8Array(MAX_OWN_ORDERS);
  /** Others' lots at the order's price after the event before. */
  private readonly others = new Int32Array(MAX_OWN_ORDERS);
  /** By id and estimator: lots ahead, and lots not filled yet. */
  private readonly ahead = new Float64Array(MAX_OWN_ORDERS * COUNT);
  private readonly left = new Float64Array(MAX_OWN_ORDERS * COUNT);
  /** Fills whose delay runs: estimator, signed lots, price. */
  private readonly pending = new MessageRing();
  private readonly levelPrices = new Int32Array(MAX_LEVELS);
  private readonly levelLots = new Int32Array(MAX_LEVELS);

  /**
   * A replay's trades are those of history, without own fills, and it shows its best levels only; any other
   * market has own orders in its book and shows all of it. Fills are valued `delayNs` later.
   */
  constructor(market: Market, isReplay: boolean, delayNs: number) {
    super(market);
    this.isReplay = isReplay;
    this.delayNs = delayNs;
    this.look();
  }

  override step(sink: FillSink): void {
    this.tNs = this.inner.nextNs();
    this.reach(this.tNs);
    super.step(sink);
    this.afterEvent();
  }

  override place(
    ownId: number,
    side: number,
    priceTicks: number,
    qtyLots: number,
    tif?: number,
    sink = SILENT,
  ): number {
    this.sink = sink;
    const code = super.place(ownId, side, priceTicks, qtyLots, tif, this);
    if (tif === TIF_IOC) this.afterEvent();
    else if (code === 0) this.follow(ownId, side, priceTicks, qtyLots);
    return code;
  }

  override cancel(ownId: number): number {
    this.forget(ownId);
    return super.cancel(ownId);
  }

  override onFill(ownId: number, sideOfOwn: number, priceTicks: number, qtyLots: number): void {
    super.onFill(ownId, sideOfOwn, priceTicks, qtyLots);
    if (this.places[ownId] !== NIL) this.filled[ownId] += qtyLots;
  }

  override onTrade(priceTicks: number, qtyLots: number, aggressorSide: number, hidden: number): void {
    super.onTrade(priceTicks, qtyLots, aggressorSide, hidden);
    if (hidden !== 0) return;
    for (let i = 0; i < this.count; i++) {
      const id = this.ids[i];
      if (this.sides[id] === aggressorSide) continue;
      const beyond = this.sides[id] === BUY ? priceTicks < this.prices[id] : priceTicks > this.prices[id];
      if (beyond) this.passed[id] = 1;
      else if (priceTicks === this.prices[id]) this.traded[id] += qtyLots;
    }
  }

  /** Lots ahead of an own order at rest, as an estimator other than TRUTH believes. */
  aheadLots(ownId: number, estimator: number): number {
    return this.ahead[ownId * COUNT + estimator];
  }

  /** Values the fills whose delay has not ended at the last mid; to be called when the run is over. */
  finish(): void {
    this.reach(Infinity);
  }

  /** An own order came to rest: all of its level is ahead, where the level is known at all. */
  private follow(id: number, side: number, priceTicks: number, qtyLots: number): void {
    const ahead = this.inner.queueAheadLots(id);
    if (ahead === NIL) return;
    this.placedLots += qtyLots;
    this.places[id] = this.count;
    this.ids[this.count++] = id;
    this.sides[id] = side;
    this.prices[id] = priceTicks;
    this.traded[id] = this.filled[id] = this.passed[id] = 0;
    this.others[id] = Math.max(ahead, this.othersAt(side, priceTicks));
    for (let k = 0; k < COUNT; k++) {
      this.ahead[id * COUNT + k] = ahead;
      this.left[id * COUNT + k] = qtyLots;
    }
  }

  private forget(id: number): void {
    const place = this.places[id];
    if (place === NIL) return;
    const moved = this.ids[--this.count];
    this.ids[place] = moved;
    this.places[moved] = place;
    this.places[id] = NIL;
  }

  private afterEvent(): void {
    this.look();
    // Backwards, because an order that is gone is replaced in the list by its last one.
    for (let i = this.count - 1; i >= 0; i--) {
      const id = this.ids[i];
      const others = this.othersAt(this.sides[id], this.prices[id]);
      if (this.isCrossed(this.sides[id], this.prices[id])) this.passed[id] = 1;
      const isTouched = this.traded[id] + this.filled[id] + this.passed[id] > 0;
      if (!isTouched && (others === NIL || others === this.others[id])) continue;
      this.update(id, others === NIL ? this.others[id] : others);
    }
  }

  private update(id: number, others: number): void {
    const { ahead, left, traded, filled } = this;
    const first = id * COUNT;
    const taken = this.isReplay ? traded[id] : traded[id] - filled[id];
    const cancelled = this.others[id] - taken - others;
    this.account(id, TRUTH, filled[id]);
    left[first + TRUTH] -= filled[id];
    const isGone = left[first + TRUTH] <= 0;
    const trueAhead = isGone ? NIL : this.inner.queueAheadLots(id);
    if (trueAhead !== NIL) this.changes++;
    for (let k = RISK_AVERSE; k < COUNT; k++) {
      const at = first + k;
      // Whoever does both in one event cancels first.
      if (cancelled > 0) {
        const behind = Math.max(0, this.others[id] - ahead[at]);
        ahead[at] = aheadAfterCancel(k, ahead[at], behind, cancelled);
      }
      const reached = traded[id] - ahead[at];
      const whole = Math.max(0, Math.round(reached));
      const fills = this.passed[id] === 1 ? left[at] : Math.min(left[at], whole);
      this.account(id, k, fills);
      left[at] -= fills;
      ahead[at] = Math.min(Math.max(0, -reached), others);
      if (trueAhead !== NIL) this.errorLots[k] += ahead[at] - trueAhead;
    }
    this.others[id] = others;
    traded[id] = filled[id] = this.passed[id] = 0;
    if (isGone) this.forget(id);
  }

  /** Whether others' best opposite price has reached a price: what rested there is gone. */
  private isCrossed(side: number, priceTicks: number): boolean {
    const best = side === BUY ? this.inner.bestAskTicks() : this.inner.bestBidTicks();
    return best !== NIL && (side === BUY ? best <= priceTicks : best >= priceTicks);
  }

  private account(id: number, estimator: number, fills: number): void {
    if (fills <= 0) return;
    this.filledLots[estimator] += fills;
    const signedLots = this.sides[id] === BUY ? fills : -fills;
    this.pending.push(this.tNs + this.delayNs, estimator, signedLots, this.prices[id], 0);
  }

  /** Values the fills whose delay ends by tNs at the mid that held until now. */
  private reach(tNs: number): void {
    const { pending } = this;
    while (pending.nextNs() <= tNs && pending.nextNs() < Infinity) {
      const gain = this.midHalfTicks - 2 * pending.word(2);
      this.valueHalfTickLots[pending.word(0)] += pending.word(1) * gain;
      pending.pop();
    }
  }

  private look(): void {
    const [bid, ask] = [this.inner.bestBidTicks(), this.inner.bestAskTicks()];
    if (bid !== NIL && ask !== NIL) this.midHalfTicks = bid + ask;
  }

  /** Others' lots at a price, 0 when none; NIL where a replay does not show so deep a level. */
  private othersAt(side: number, priceTicks: number): number {
    const { levelLots, levelPrices } = this;
    const levels = this.inner.depth(side, levelPrices, levelLots, MAX_LEVELS);
    for (let i = 0; i < levels; i++) {
      if (levelPrices[i] === priceTicks) return levelLots[i];
      if (side === BUY ? levelPrices[i] < priceTicks : levelPrices[i] > priceTicks) return 0;
    }
    return this.isReplay ? NIL : 0;
  }
}
