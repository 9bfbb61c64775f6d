/**
 * The slow obvious twin of the order book: one list of orders in order of arrival, by which the fast
 * book is judged. Same calls, same result codes, same events, same state hash; every rule is written as
 * it would be said. Cost: O(orders) per call and worse.
 */
import * as c from './codes.js';
import * as e from './events.js';
import { bookBounds } from './memory.js';
import { isHidden, isOther, isPrice, NaiveState, type Order, reaches, sum } from './naive-state.js';
import { naiveShares } from './naive-shares.js';
import type { BookOptions, OrderBook, OrderRequest, TradeSink } from './types.js';
import { ORDER_DEFAULTS } from './types.js';

const { BUY, NIL, SELL } = c;

/** See OrderBook for what each call means. */
export class NaiveBook extends NaiveState implements OrderBook {
  private readonly report: TradeSink | e.EventSink;
  private readonly bounds: { maxOrders: number; maxIds: number };
  /** Partners to cancel once the level at hand is dealt with. */
  private leaving: number[] = [];
  private nowNs = 0;
  private halted = false;
  private bandTicks: [number, number] = [0, c.MAX_PRICE_TICKS];
  private rule = c.ALLOCATE_PRICE_TIME;

  constructor(options: BookOptions, report: TradeSink | e.EventSink) {
    super();
    this.report = report;
    this.bounds = bookBounds(options);
  }

  limit(id: number, side: number, priceTicks: number, qtyLots: number, tif: number): number {
    return this.submit({ ...ORDER_DEFAULTS, id, side, priceTicks, qtyLots, tif });
  }

  market(id: number, side: number, qtyLots: number): number {
    return this.submit({ ...ORDER_DEFAULTS, type: c.ORDER_MARKET, id, side, qtyLots });
  }

  submit(request: OrderRequest): number {
    const code = this.check(request);
    if (code !== 0) return this.refuse(request.id, code);
    if (request.triggerTicks !== NIL && !this.isMet(request)) {
      if (this.waiting.length >= this.bounds.maxOrders) return this.refuse(request.id, c.REJECT_FULL);
      const order = orderOf(request, request.qtyLots, true);
      this.pair(order);
      this.waiting.push(order);
      const { id, side, triggerTicks, qtyLots } = request;
      this.emit(e.EVENT_STOP, side, 0, id, triggerTicks, qtyLots, order.priceTicks);
      return 0;
    }
    const traded = this.enter(request, isSpecial(request));
    this.triggerStops();
    return traded;
  }

  private check(it: OrderRequest): number {
    if (it.qtyLots < 1) return c.REJECT_QTY;
    if (this.halted) return c.REJECT_HALTED;
    if (it.type === c.ORDER_LIMIT) {
      if (isPrice(it.priceTicks) && !this.isInBand(it.priceTicks)) return c.REJECT_BAND;
      if (!isPrice(it.priceTicks)) return c.REJECT_PRICE;
    }
    if (it.id < 0 || it.id >= this.bounds.maxIds) return c.REJECT_ID;
    if (this.find(it.id) !== undefined) return c.REJECT_DUPLICATE_ID;
    const lastTif = [c.TIF_SLIDE, c.TIF_FOK, c.TIF_GTC][it.type] ?? NIL;
    if (it.side < BUY || it.side > SELL || it.tif < 0 || it.tif > lastTif) return c.REJECT_TYPE;
    if (it.displayLots < NIL || it.displayLots > it.qtyLots) return c.REJECT_DISPLAY;
    if (hasTooManyPeaks(it)) return c.REJECT_DISPLAY;
    if (it.ownerId < NIL || it.selfTrade < 0 || it.selfTrade > 4) return c.REJECT_OWNER;
    if (it.ownerId === NIL && it.selfTrade !== 0) return c.REJECT_OWNER;
    if (!(it.expiryNs > this.nowNs)) return c.REJECT_EXPIRED;
    if (it.triggerTicks !== NIL && !isPrice(it.triggerTicks)) return c.REJECT_TRIGGER;
    if (it.partnerId === NIL) return 0;
    const partner = this.find(it.partnerId);
    return partner === undefined || partner.partnerId !== NIL ? c.REJECT_PARTNER : 0;
  }

  /** A checked order trades, rests or is refused. */
  private enter(it: OrderRequest, special: boolean): number {
    const { id, side, qtyLots } = it;
    let limitTicks = it.priceTicks;
    if (it.type === c.ORDER_MARKET) limitTicks = side === BUY ? this.bandTicks[1] : this.bandTicks[0];
    else if (it.type === c.ORDER_MARKET_TO_LIMIT) {
      limitTicks = side === BUY ? this.bestAskTicks : this.bestBidTicks;
      if (limitTicks === NIL) return this.refuse(id, c.REJECT_NO_LIQUIDITY);
      if (!this.isInBand(limitTicks)) return this.refuse(id, c.REJECT_BAND);
    } else if (!this.isInBand(limitTicks)) return this.refuse(id, c.REJECT_BAND);
    const reachable = this.standing.filter(
      (o) => isOther(o, side) && reaches(side, limitTicks, o.priceTicks),
    );
    const fillable = sum(reachable.map((o) => o.lots + o.reserve));
    const meetsOwn = it.selfTrade !== 0 && reachable.some((o) => o.request.ownerId === it.ownerId);
    if (it.tif === c.TIF_FOK && (fillable < qtyLots || meetsOwn))
      return this.refuse(id, c.REJECT_WOULD_NOT_FILL);
    if (reachable.length > 0 && it.tif === c.TIF_POST_ONLY) return this.refuse(id, c.REJECT_WOULD_TRADE);
    const slides = reachable.length > 0 && it.tif === c.TIF_SLIDE;
    if (slides) {
      limitTicks = side === BUY ? this.bestAskTicks - 1 : this.bestBidTicks + 1;
      if (!isPrice(limitTicks)) return this.refuse(id, c.REJECT_WOULD_TRADE);
      if (!this.isInBand(limitTicks)) return this.refuse(id, c.REJECT_BAND);
    }
    const mayRest = it.type !== c.ORDER_MARKET && it.tif !== c.TIF_IOC && it.tif !== c.TIF_FOK;
    if (mayRest && (reachable.length === 0 || slides)) {
      if (sum(this.queueAt(limitTicks).map((o) => o.lots + o.reserve)) + qtyLots > c.MAX_LEVEL_LOTS) {
        return this.refuse(id, c.REJECT_QTY);
      }
      if (this.standing.length >= this.bounds.maxOrders) return this.refuse(id, c.REJECT_FULL);
    }
    const taker = { it, left: qtyLots, traded: 0 };
    while (!slides && taker.left > 0) {
      const best = side === BUY ? this.bestAskTicks : this.bestBidTicks;
      if (best === NIL || !reaches(side, limitTicks, best)) break;
      while (taker.left > 0 && this.queueAt(best).length > 0) this.meetLevel(taker, best);
      this.cancelLeaving();
    }
    const rests = mayRest && taker.left > 0;
    if (!rests) this.emit(e.EVENT_DONE, side, 0, id, NIL, taker.traded, qtyLots - taker.traded);
    let { partnerId } = it;
    if ((taker.traded > 0 || !rests) && partnerId !== NIL) {
      const partner = this.find(partnerId);
      if (partner !== undefined) partner.partnerId = NIL;
      this.end(partnerId, e.CAUSE_PARTNER);
      partnerId = NIL;
    }
    if (rests) this.rest(orderOf({ ...it, partnerId }, taker.left, special, limitTicks));
    return taker.traded;
  }

  private rest(order: Order): void {
    const { displayLots } = order.request;
    const peak = displayLots > 0 ? displayLots : order.lots;
    order.reserve = Math.max(0, order.lots - peak);
    order.lots -= order.reserve;
    this.pair(order);
    this.queueUp(order);
  }

  /** An order goes to the back of its level, a visible one before the hidden ones. */
  private queueUp(order: Order): void {
    this.standing.push(order);
    const { id, side } = order.request;
    this.emit(e.EVENT_REST, side, 0, id, order.priceTicks, order.lots, this.qtyAt(order.priceTicks));
  }

  /** An incoming order meets its best level: one maker, or one round of sharing out. */
  private meetLevel(taker: { it: OrderRequest; left: number; traded: number }, priceTicks: number): void {
    const queue = this.queueAt(priceTicks);
    const isOwn = (o: Order): boolean => taker.it.selfTrade !== 0 && o.request.ownerId === taker.it.ownerId;
    const own = this.rule === c.ALLOCATE_PRICE_TIME ? queue.slice(0, 1).find(isOwn) : queue.find(isOwn);
    if (own !== undefined) return this.preventSelfTrade(taker, own);
    const visible = queue.filter((o) => !isHidden(o));
    const sharers = this.rule === c.ALLOCATE_PRICE_TIME || visible.length === 0 ? queue.slice(0, 1) : visible;
    const taken = Math.min(taker.left, sum(sharers.map((o) => o.lots)));
    const shares = naiveShares(
      sharers.map((o) => o.lots),
      taken,
      this.rule === c.ALLOCATE_TOP_PRO_RATA,
    );
    sharers.forEach((maker, i) => {
      if (shares[i]! > 0) this.fill(taker, maker, shares[i]!);
    });
  }

  private fill(taker: { it: OrderRequest; left: number; traded: number }, maker: Order, lots: number): void {
    const { priceTicks } = maker;
    const { id, side } = taker.it;
    maker.lots -= lots;
    taker.left -= lots;
    taker.traded += lots;
    this.lastTicks = priceTicks;
    const makerId = maker.request.id;
    if ('onTrade' in this.report) this.report.onTrade(makerId, id, priceTicks, lots, side);
    this.emit(e.EVENT_FILL, side, 0, makerId, priceTicks, lots, this.qtyAt(priceTicks), id, maker.lots);
    this.unpair(maker);
    if (maker.lots === 0) this.refreshOrDrop(maker);
  }

  private refreshOrDrop(order: Order): void {
    this.standing = this.standing.filter((o) => o !== order);
    if (order.reserve === 0) return;
    order.lots = Math.min(order.request.displayLots, order.reserve);
    order.reserve -= order.lots;
    this.queueUp(order);
  }

  private preventSelfTrade(taker: { it: OrderRequest; left: number }, own: Order): void {
    const rule = taker.it.selfTrade;
    if (rule === c.SELF_TRADE_DECREMENT) {
      const lots = Math.min(taker.left, own.lots);
      taker.left -= lots;
      if (lots === own.lots && own.reserve === 0) return this.leave(own, e.CAUSE_SELF_TRADE);
      own.lots -= lots;
      this.emitReduce(own);
      if (own.lots === 0) this.refreshOrDrop(own);
      return;
    }
    if (rule !== c.SELF_TRADE_CANCEL_NEWEST) this.leave(own, e.CAUSE_SELF_TRADE);
    if (rule !== c.SELF_TRADE_CANCEL_OLDEST) taker.left = 0;
  }

  cancel(id: number): number {
    const order = this.find(id);
    if (order === undefined) return this.refuse(id, c.REJECT_UNKNOWN_ID);
    const lots = order.lots + order.reserve;
    this.end(id, e.CAUSE_CANCEL);
    this.cancelLeaving();
    return lots;
  }

  cancelOwner(ownerId: number): number {
    return ownerId < 0 ? 0 : this.endAll((o) => o.request.ownerId === ownerId, e.CAUSE_MASS);
  }

  advance(tNs: number): number {
    this.nowNs = Math.max(this.nowNs, tNs);
    return this.endAll((o) => o.request.expiryNs <= this.nowNs, e.CAUSE_EXPIRED);
  }

  halt(on: boolean): void {
    this.halted = on;
  }

  band(lowTicks: number, highTicks: number): void {
    this.bandTicks = [lowTicks, highTicks];
  }

  private isInBand(priceTicks: number): boolean {
    return priceTicks >= this.bandTicks[0] && priceTicks <= this.bandTicks[1];
  }

  allocate(rule: number): void {
    this.rule = rule === c.ALLOCATE_PRO_RATA || rule === c.ALLOCATE_TOP_PRO_RATA ? rule : 0;
  }

  private endAll(isMeant: (order: Order) => boolean, cause: number): number {
    const ids = [...this.standing, ...this.waiting].filter(isMeant).map((o) => o.request.id);
    let count = 0;
    for (const id of ids.sort((a, b) => a - b)) {
      if (this.find(id) !== undefined) count++;
      this.end(id, cause);
      this.cancelLeaving();
    }
    return count;
  }

  replace(id: number, priceTicks: number, qtyLots: number): number {
    if (qtyLots < 1) return this.refuse(id, c.REJECT_QTY);
    if (this.halted) return this.refuse(id, c.REJECT_HALTED);
    const order = this.standing.find((o) => o.request.id === id);
    if (order === undefined) return this.refuse(id, c.REJECT_UNKNOWN_ID);
    if (isPrice(priceTicks) && !this.isInBand(priceTicks)) return this.refuse(id, c.REJECT_BAND);
    if (!isPrice(priceTicks)) return this.refuse(id, c.REJECT_PRICE);
    if (hasTooManyPeaks({ ...order.request, qtyLots })) return this.refuse(id, c.REJECT_DISPLAY);
    const total = order.lots + order.reserve;
    if (priceTicks === order.priceTicks && qtyLots <= total) {
      const unseen = Math.min(total - qtyLots, order.reserve);
      order.reserve -= unseen;
      order.lots -= total - qtyLots - unseen;
      this.emitReduce(order);
      return 0;
    }
    const { side } = order.request;
    const others = this.queueAt(priceTicks).filter((o) => o !== order);
    const crosses = this.standing.some((o) => isOther(o, side) && reaches(side, priceTicks, o.priceTicks));
    if (!crosses && sum(others.map((o) => o.lots + o.reserve)) + qtyLots > c.MAX_LEVEL_LOTS) {
      return this.refuse(id, c.REJECT_QTY);
    }
    const { partnerId } = order;
    order.partnerId = NIL;
    this.leave(order, e.CAUSE_REPLACE);
    const again = { ...order.request, type: c.ORDER_LIMIT, tif: c.TIF_GTC, priceTicks, qtyLots, partnerId };
    const traded = this.enter(again, order.special);
    this.triggerStops();
    return traded;
  }

  noteTrade(priceTicks: number): void {
    this.lastTicks = priceTicks;
    this.triggerStops();
  }

  private triggerStops(): void {
    for (;;) {
      const met = this.waiting.filter((o) => this.isMet(o.request));
      const distance = (o: Order): number => o.request.triggerTicks * (o.request.side === BUY ? 1 : -1);
      met.sort((a, b) => a.request.side - b.request.side || distance(a) - distance(b));
      const next = met[0];
      if (next === undefined) return;
      this.endWaiting(next, e.CAUSE_TRIGGER);
      this.cancelLeaving();
      this.enter({ ...next.request, partnerId: NIL }, true);
    }
  }

  private isMet(it: OrderRequest): boolean {
    if (this.lastTicks === NIL) return false;
    return it.side === BUY ? this.lastTicks >= it.triggerTicks : this.lastTicks <= it.triggerTicks;
  }

  /** An order rests or waits: its partner learns of it. */
  private pair(order: Order): void {
    const partner = this.find(order.partnerId);
    if (partner === undefined) {
      order.partnerId = NIL;
      return;
    }
    partner.partnerId = order.request.id;
    partner.special = true;
  }

  /** A pair ends: the other one is to go. */
  private unpair(order: Order): void {
    const partner = order.partnerId === NIL ? undefined : this.find(order.partnerId);
    order.partnerId = NIL;
    if (partner === undefined || partner.partnerId !== order.request.id) return;
    partner.partnerId = NIL;
    this.leaving.push(partner.request.id);
  }

  private cancelLeaving(): void {
    for (const id of this.leaving) this.end(id, e.CAUSE_PARTNER);
    this.leaving = [];
  }

  /** Ends an order that rests or waits, if there is one. */
  private end(id: number, cause: number): void {
    const order = this.find(id);
    if (order === undefined) return;
    if (this.waiting.includes(order)) this.endWaiting(order, cause);
    else this.leave(order, cause);
  }

  private leave(order: Order, cause: number): void {
    this.standing = this.standing.filter((o) => o !== order);
    const { id, side } = order.request;
    this.unpair(order);
    this.emit(e.EVENT_CANCEL, side, cause, id, order.priceTicks, order.lots, this.qtyAt(order.priceTicks));
  }

  private endWaiting(order: Order, cause: number): void {
    this.waiting = this.waiting.filter((o) => o !== order);
    const { id, side, triggerTicks, qtyLots } = order.request;
    this.emit(e.EVENT_STOP_END, side, cause, id, triggerTicks, qtyLots, order.priceTicks);
    this.unpair(order);
  }

  reset(): void {
    this.standing = [];
    this.waiting = [];
    this.lastTicks = NIL;
    this.nowNs = 0;
  }

  private emitReduce(o: Order): void {
    const { id, side } = o.request;
    this.emit(e.EVENT_REDUCE, side, 0, id, o.priceTicks, o.lots, this.qtyAt(o.priceTicks));
  }

  private refuse(id: number, code: number): number {
    this.emit(e.EVENT_REJECT, 0, 0, id, NIL, code, 0);
    return code;
  }

  /** Hands one event over; `words` are words 1 and following. */
  private emit(kind: number, side: number, cause: number, ...words: number[]): void {
    if (!('onEvents' in this.report)) return;
    const record = new Int32Array(e.EVENT_WORDS);
    record.set([kind | (side << e.SIDE_SHIFT) | (cause << e.CAUSE_SHIFT), ...words]);
    this.report.onEvents(record, record.length);
  }
}

function orderOf(request: OrderRequest, lots: number, special: boolean, priceTicks?: number): Order {
  const own = request.type === c.ORDER_LIMIT ? request.priceTicks : NIL;
  return { request, priceTicks: priceTicks ?? own, lots, reserve: 0, partnerId: request.partnerId, special };
}

/** Whether an iceberg would be refilled too often. */
function hasTooManyPeaks(it: OrderRequest): boolean {
  return it.displayLots > 0 && it.qtyLots / it.displayLots > c.MAX_PEAKS;
}

/** Whether the fast book keeps a record of such an order when it rests. */
function isSpecial(it: OrderRequest): boolean {
  if (it.type !== c.ORDER_LIMIT || it.triggerTicks !== NIL) return true;
  return it.displayLots !== NIL || it.ownerId !== NIL || it.expiryNs !== Infinity || it.partnerId !== NIL;
}
