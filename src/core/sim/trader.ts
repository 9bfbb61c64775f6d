/**
 * The trader's side of the wire: a delayed view, one quote per side, immediate orders, and what is on its
 * way.
 *
 * It decides on every received change of the best prices (if `onFeedChange`), on a timer every
 * `requoteNs`, on every own fill it hears of, and when a cancel that it waited for is confirmed. An order
 * whose price is still wanted and which is not larger than wanted is left alone: it keeps its place in
 * the queue. Otherwise it is cancelled and a new order follows at once, cancels of both sides first, so
 * that own orders never meet.
 *
 * Inventory limit: position + all own lots that could still be filled (sent and not known to be gone)
 * never exceeds the limit on either side, whatever the latency. Where that leaves no room, the new order
 * waits for the confirmation.
 *
 * Ids are reused only when the trader knows that the order is gone. The wire is first-in first-out, so a
 * late cancel of an old order arrives before a new order of the same id. Every message costs O(1), no
 * allocation.
 */
import { blankQuote, blankView, type Quoter } from '../agent/quoter.js';
import * as codes from '../book/codes.js';
import type { MessageRing } from './message-ring.js';
import { TraderLimits, type LimitOptions } from './trader-limits.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, NIL, SELL } = codes;

/** Words of messages to the exchange: [what, id, price ticks, lots]; TAKE_* are immediate or cancel. */
export const PLACE_BUY = 0;
export const PLACE_SELL = 1;
export const CANCEL = 2;
export const TAKE_BUY = 3;
export const TAKE_SELL = 4;
/** Own orders that may be alive at once, resting or on their way; ids are 0..MAX_OWN_ORDERS-1. */
export const MAX_OWN_ORDERS = 64;

export interface TraderOptions extends LimitOptions {
  readonly maxInventoryLots: number;
  /** Timer between decisions, > 0. */
  readonly requoteNs: number;
  readonly onFeedChange: boolean;
  readonly orderLatencyNs: number;
  readonly endNs: number;
}

export class Trader {
  /** When onTimer() is due: the next regular decision, or earlier, when a held message may be sent. */
  nextTimerNs = 0;
  /** By own id: the mid that was seen when the order was sent, and when it was last still wanted. */
  readonly sentMidHalfTicks = new Int32Array(MAX_OWN_ORDERS);
  readonly seenMidHalfTicks = new Int32Array(MAX_OWN_ORDERS);

  declare private readonly quoter: Quoter;
  declare private readonly options: TraderOptions;
  declare private readonly toExchange: MessageRing;
  declare private readonly clock: Float64Array;
  /** Loss limit and order-rate limit, with what they did. */
  declare readonly limits: TraderLimits;
  /** False where there are none, which spares every message the look at them. */
  declare private readonly limited: boolean;
  private readonly view = blankView();
  private readonly wanted = blankQuote();
  /** The order that stands for the quote of a side, NIL when none. */
  private readonly current = new Int32Array([NIL, NIL]);
  private readonly aliveLots = new Int32Array(2);
  private readonly side = new Int32Array(MAX_OWN_ORDERS);
  private readonly priceTicks = new Int32Array(MAX_OWN_ORDERS);
  private readonly lots = new Int32Array(MAX_OWN_ORDERS);
  private readonly freeIds = new Int32Array(MAX_OWN_ORDERS);
  private freeCount = MAX_OWN_ORDERS;
  private regularNs = 0;
  private waiting = false;

  /** `clock[0]` is the present time in ns, kept by the caller: a number passed each time would be boxed. */
  constructor(quoter: Quoter, options: TraderOptions, toExchange: MessageRing, clock: Float64Array) {
    this.quoter = quoter;
    this.options = options;
    this.toExchange = toExchange;
    this.clock = clock;
    this.limits = new TraderLimits(options, clock);
    this.limited = (options.maxLossTickLots ?? options.messagesPerS) !== undefined;
    for (let i = 0; i < MAX_OWN_ORDERS; i++) this.freeIds[i] = MAX_OWN_ORDERS - 1 - i;
  }

  /** New best prices arrive; NIL stands for an empty side. */
  onFeed(bidTicks: number, askTicks: number): void {
    const { view, limits } = this;
    view.bidTicks = bidTicks;
    view.askTicks = askTicks;
    if (bidTicks !== NIL && askTicks !== NIL) view.midHalfTicks = bidTicks + askTicks;
    if (this.options.onFeedChange || (this.limited && limits.isLossReached(view.midHalfTicks))) this.decide();
    else this.look();
  }

  /** New sizes at the best prices arrive; `more` is 1 when new best prices follow at the same time. */
  onSizes(bidLots: number, askLots: number, more: number): void {
    this.view.bidLots = bidLots;
    this.view.askLots = askLots;
    if (more === 1) return;
    if (this.options.onFeedChange) this.decide();
    else this.look();
  }

  /** Word of a trade of the market arrives. */
  onTrade(priceTicks: number, qtyLots: number, aggressorSide: number): void {
    this.view.tNs = this.clock[0];
    this.quoter.onTrade?.(this.view, priceTicks, qtyLots, aggressorSide);
  }

  /** Word of an own fill arrives. */
  onFill(id: number, qtyLots: number, priceTicks: number): void {
    const side = this.side[id];
    this.view.inventoryLots += side === BUY ? qtyLots : -qtyLots;
    this.limits.fill(side, priceTicks, qtyLots);
    this.reduce(id, qtyLots);
    this.view.tNs = this.clock[0];
    this.quoter.onFill?.(this.view, side, priceTicks, qtyLots);
    this.decide();
  }

  /** The exchange confirms that an order was cancelled. */
  onCancelled(id: number): void {
    this.reduce(id, this.lots[id]);
    if (this.waiting) this.decide();
  }

  /** The exchange refused an order (it would have traded); the next feed change or timer decides anew. */
  onRejected(id: number): void {
    this.reduce(id, this.lots[id]);
  }

  onTimer(): void {
    const tNs = this.clock[0];
    if (this.regularNs <= tNs) {
      this.regularNs += this.options.requoteNs;
      this.view.tNs = tNs;
      this.quoter.onTimer?.(this.view);
    }
    this.nextTimerNs = this.regularNs;
    this.decide();
  }

  private look(): void {
    this.view.tNs = this.clock[0];
    this.view.timeLeftS = (this.options.endNs - this.clock[0]) * 1e-9;
    if (this.view.midHalfTicks !== NIL) this.quoter.observe(this.view);
  }

  private decide(): void {
    this.look();
    if (this.view.midHalfTicks === NIL) return;
    const { view, wanted } = this;
    wanted.takeLots = 0;
    if (this.limited && this.limits.isLossReached(view.midHalfTicks)) this.stop();
    else this.quoter.quote(view, wanted);
    if (wanted.takeLots > 0) wanted.askTicks = NIL;
    else if (wanted.takeLots < 0) wanted.bidTicks = NIL;
    // A quote that goes without another in its place makes room that a strategy may be waiting for.
    this.waiting =
      wanted.takeLots !== 0 || this.leaves(BUY, wanted.bidTicks) || this.leaves(SELL, wanted.askTicks);
    const bidKept = this.keeps(BUY, wanted.bidTicks, wanted.bidLots) || !this.withdraw(BUY);
    const askKept = this.keeps(SELL, wanted.askTicks, wanted.askLots) || !this.withdraw(SELL);
    if (!bidKept) this.place(BUY, wanted.bidTicks, wanted.bidLots);
    if (!askKept) this.place(SELL, wanted.askTicks, wanted.askLots);
    if (wanted.takeLots > 0) this.send(BUY, TAKE_BUY, wanted.takeTicks, wanted.takeLots);
    else if (wanted.takeLots < 0) this.send(SELL, TAKE_SELL, wanted.takeTicks, -wanted.takeLots);
  }

  /** The loss limit was reached: no quotes any more; the position is closed at any price, or kept. */
  private stop(): void {
    const { view, wanted } = this;
    wanted.bidTicks = NIL;
    wanted.askTicks = NIL;
    if (!this.options.flattenOnLoss) return;
    const held = view.inventoryLots;
    wanted.takeLots =
      held > 0 ? -Math.max(0, held - view.openAskLots) : Math.max(0, -held - view.openBidLots);
    wanted.takeTicks = NIL;
  }

  private leaves(side: number, priceTicks: number): boolean {
    return priceTicks === NIL && this.current[side] !== NIL;
  }

  private keeps(side: number, priceTicks: number, lots: number): boolean {
    const id = this.current[side];
    if (id === NIL || this.priceTicks[id] !== priceTicks || this.lots[id] > lots) return false;
    this.seenMidHalfTicks[id] = this.view.midHalfTicks;
    return true;
  }

  /** Cancels the quote of a side; false when the cancel is held back and the quote stays. */
  private withdraw(side: number): boolean {
    const id = this.current[side];
    if (id === NIL) return true;
    if (!this.mayPost()) return false;
    this.toExchange.push(this.clock[0] + this.options.orderLatencyNs, CANCEL, id, 0, 0);
    this.current[side] = NIL;
    return true;
  }

  private place(side: number, priceTicks: number, lots: number): void {
    if (priceTicks === NIL) return;
    const id = this.send(side, side === BUY ? PLACE_BUY : PLACE_SELL, priceTicks, lots);
    if (id !== NIL) this.current[side] = id;
  }

  /** Sends an order of at most so many lots; its id, NIL when there is no room for it now. */
  private send(side: number, what: number, priceTicks: number, wantedLots: number): number {
    const position = side === BUY ? this.view.inventoryLots : -this.view.inventoryLots;
    const room = this.options.maxInventoryLots - position - this.aliveLots[side];
    const lots = Math.min(wantedLots, room);
    if (lots < wantedLots || this.freeCount === 0) this.waiting = true;
    if (lots <= 0 || this.freeCount === 0 || !this.mayPost()) return NIL;
    const id = this.freeIds[--this.freeCount];
    this.side[id] = side;
    this.priceTicks[id] = priceTicks;
    this.lots[id] = lots;
    this.sentMidHalfTicks[id] = this.view.midHalfTicks;
    this.seenMidHalfTicks[id] = this.view.midHalfTicks;
    this.alive(side, lots);
    this.toExchange.push(this.clock[0] + this.options.orderLatencyNs, what, id, priceTicks, lots);
    return id;
  }

  /** Whether one more message may be sent now; otherwise a decision is due when it may. */
  private mayPost(): boolean {
    if (!this.limited || this.limits.spend()) return true;
    this.nextTimerNs = Math.min(this.nextTimerNs, this.limits.nextMessageNs());
    return false;
  }

  private alive(side: number, lots: number): void {
    this.aliveLots[side] += lots;
    if (side === BUY) this.view.openBidLots = this.aliveLots[side];
    else this.view.openAskLots = this.aliveLots[side];
  }

  private reduce(id: number, qtyLots: number): void {
    const side = this.side[id];
    this.alive(side, -qtyLots);
    this.lots[id] -= qtyLots;
    if (this.lots[id] > 0) return;
    if (this.current[side] === id) this.current[side] = NIL;
    this.freeIds[this.freeCount++] = id;
  }
}
