/**
 * The trader's side of the wire: a delayed view, one quote per side, and orders that are on their way.
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
import type { Quote, Quoter, QuoteView } from '../agent/quoter.js';
import * as codes from '../book/codes.js';
import type { MessageRing } from './message-ring.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const { BUY, NIL, SELL } = codes;

/** Words of messages to the exchange: [what, id, price ticks, lots]. */
export const PLACE_BUY = 0;
export const PLACE_SELL = 1;
export const CANCEL = 2;
/** Own orders that may be alive at once, resting or on their way; ids are 0..MAX_OWN_ORDERS-1. */
export const MAX_OWN_ORDERS = 64;

export interface TraderOptions {
  readonly maxInventoryLots: number;
  /** Timer between decisions, > 0. */
  readonly requoteNs: number;
  readonly onFeedChange: boolean;
  readonly orderLatencyNs: number;
  readonly endNs: number;
}

export class Trader {
  nextTimerNs = 0;
  /** By own id: the mid that was seen when the order was sent, and when it was last still wanted. */
  readonly sentMidHalfTicks = new Int32Array(MAX_OWN_ORDERS);
  readonly seenMidHalfTicks = new Int32Array(MAX_OWN_ORDERS);

  declare private readonly quoter: Quoter;
  declare private readonly options: TraderOptions;
  declare private readonly toExchange: MessageRing;
  declare private readonly clock: Float64Array;
  private readonly view: QuoteView = {
    tNs: 0,
    timeLeftS: 0,
    bidTicks: NIL,
    askTicks: NIL,
    midHalfTicks: NIL,
    inventoryLots: 0,
  };
  private readonly wanted: Quote = { bidTicks: NIL, askTicks: NIL, bidLots: 0, askLots: 0 };
  /** The order that stands for the quote of a side, NIL when none. */
  private readonly current = new Int32Array([NIL, NIL]);
  private readonly aliveLots = new Int32Array(2);
  private readonly side = new Int32Array(MAX_OWN_ORDERS);
  private readonly priceTicks = new Int32Array(MAX_OWN_ORDERS);
  private readonly lots = new Int32Array(MAX_OWN_ORDERS);
  private readonly freeIds = new Int32Array(MAX_OWN_ORDERS);
  private freeCount = MAX_OWN_ORDERS;
  private waiting = false;

  /** `clock[0]` is the present time in ns, kept by the caller: a number passed each time would be boxed. */
  constructor(quoter: Quoter, options: TraderOptions, toExchange: MessageRing, clock: Float64Array) {
    this.quoter = quoter;
    this.options = options;
    this.toExchange = toExchange;
    this.clock = clock;
    for (let i = 0; i < MAX_OWN_ORDERS; i++) this.freeIds[i] = MAX_OWN_ORDERS - 1 - i;
  }

  /** New best prices arrive; NIL stands for an empty side. */
  onFeed(bidTicks: number, askTicks: number): void {
    this.view.bidTicks = bidTicks;
    this.view.askTicks = askTicks;
    if (bidTicks !== NIL && askTicks !== NIL) this.view.midHalfTicks = bidTicks + askTicks;
    if (this.options.onFeedChange) this.decide();
    else this.look();
  }

  /** Word of an own fill arrives. */
  onFill(id: number, qtyLots: number): void {
    this.view.inventoryLots += this.side[id] === BUY ? qtyLots : -qtyLots;
    this.reduce(id, qtyLots);
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
    this.nextTimerNs += this.options.requoteNs;
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
    const wanted = this.wanted;
    this.quoter.quote(this.view, wanted);
    this.waiting = false;
    const bidKept = this.keeps(BUY, wanted.bidTicks, wanted.bidLots);
    const askKept = this.keeps(SELL, wanted.askTicks, wanted.askLots);
    if (!bidKept) this.withdraw(BUY);
    if (!askKept) this.withdraw(SELL);
    if (!bidKept) this.place(BUY, wanted.bidTicks, wanted.bidLots);
    if (!askKept) this.place(SELL, wanted.askTicks, wanted.askLots);
  }

  private keeps(side: number, priceTicks: number, lots: number): boolean {
    const id = this.current[side];
    if (id === NIL || this.priceTicks[id] !== priceTicks || this.lots[id] > lots) return false;
    this.seenMidHalfTicks[id] = this.view.midHalfTicks;
    return true;
  }

  private withdraw(side: number): void {
    const id = this.current[side];
    if (id === NIL) return;
    this.toExchange.push(this.clock[0] + this.options.orderLatencyNs, CANCEL, id, 0, 0);
    this.current[side] = NIL;
  }

  private place(side: number, priceTicks: number, wantedLots: number): void {
    if (priceTicks === NIL) return;
    const position = side === BUY ? this.view.inventoryLots : -this.view.inventoryLots;
    const room = this.options.maxInventoryLots - position - this.aliveLots[side];
    const lots = Math.min(wantedLots, room);
    if (lots < wantedLots || this.freeCount === 0) this.waiting = true;
    if (lots <= 0 || this.freeCount === 0) return;
    const id = this.freeIds[--this.freeCount];
    this.side[id] = side;
    this.priceTicks[id] = priceTicks;
    this.lots[id] = lots;
    this.sentMidHalfTicks[id] = this.view.midHalfTicks;
    this.seenMidHalfTicks[id] = this.view.midHalfTicks;
    this.aliveLots[side] += lots;
    this.current[side] = id;
    const what = side === BUY ? PLACE_BUY : PLACE_SELL;
    this.toExchange.push(this.clock[0] + this.options.orderLatencyNs, what, id, priceTicks, lots);
  }

  private reduce(id: number, qtyLots: number): void {
    const side = this.side[id];
    this.aliveLots[side] -= qtyLots;
    this.lots[id] -= qtyLots;
    if (this.lots[id] > 0) return;
    if (this.current[side] === id) this.current[side] = NIL;
    this.freeIds[this.freeCount++] = id;
  }
}
