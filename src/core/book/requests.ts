/**
 * Orders of every type enter the book: checks, stop orders that wait, pairs, and how a special order rests.
 *
 * A request is written into a record of `extras` first; a stop order waits there, others go on to trade and
 * rest, and keep the record only if something about them is special.
 * Cost: as a plain order plus the record; a message that trades while stops wait compares two prices,
 * and scans the records, O(special orders), when one of them is met.
 */
import * as c from './codes.js';
import * as e from './events.js';
import { isPrice } from './ladder.js';
import * as m from './memory.js';
import { CAREFUL_TAKER, SpecialOrders } from './special-orders.js';
import type { OrderRequest } from './types.js';

const { BUY, NIL, ORDER_LIMIT, ORDER_MARKET, ORDER_MARKET_TO_LIMIT, REJECT_QTY } = c;
const { EXTRA, EXTRA_WORDS, ID, LEVEL, PRICE, QTY, SPECIAL, UNSEEN } = m;

/** No stop order to buy waits: above every price. */
const NEVER = 0x7fff_ffff;

export abstract class Requests extends SpecialOrders {
  protected serial = 0;
  /** Lowest trigger to buy and highest to sell among the stop orders that wait, or beyond. */
  private buyTrigger = NEVER;
  private sellTrigger = NIL;

  submit(order: OrderRequest): number {
    const code = this.check(order);
    if (code !== 0) return this.refuse(order.id, code);
    if (isPlain(order)) return this.limit(order.id, order.side, order.priceTicks, order.qtyLots, order.tif);
    const extra = this.fillExtra(order);
    if (order.triggerTicks !== NIL && !this.isTriggered(order.side, order.triggerTicks)) {
      if (this.stopsWaiting >= this.maxOrders) return this.refuseExtra(extra, c.REJECT_FULL);
      this.wait(extra);
      return 0;
    }
    const traded = this.enterExtra(extra);
    if (this.stopsWaiting !== 0) this.triggerStops();
    return traded;
  }

  /** 0, or why a request is refused whatever the other side holds. */
  private check(order: OrderRequest): number {
    const { id, type, tif, displayLots, ownerId, selfTrade, triggerTicks, partnerId } = order;
    if (order.qtyLots < 1) return REJECT_QTY;
    if (this.halted) return c.REJECT_HALTED;
    if (type === ORDER_LIMIT) {
      if (!isPrice(order.priceTicks)) return c.REJECT_PRICE;
      if (!this.isInBand(order.priceTicks)) return c.REJECT_BAND;
    }
    if (id < 0 || id >= this.maxIds) return c.REJECT_ID;
    if (this.nodeAt(id) !== 0) return c.REJECT_DUPLICATE_ID;
    if ((order.side !== BUY && order.side !== c.SELL) || !typeAllows(type, tif)) return c.REJECT_TYPE;
    if (displayLots < NIL || displayLots > order.qtyLots) return c.REJECT_DISPLAY;
    if (displayLots > 0 && order.qtyLots > displayLots * c.MAX_PEAKS) return c.REJECT_DISPLAY;
    if (ownerId < NIL || selfTrade < 0 || selfTrade > c.SELF_TRADE_DECREMENT) return c.REJECT_OWNER;
    if (selfTrade !== c.SELF_TRADE_ALLOWED && ownerId === NIL) return c.REJECT_OWNER;
    if (!(order.expiryNs > this.nowNs)) return c.REJECT_EXPIRED;
    if (triggerTicks < NIL || triggerTicks > c.MAX_PRICE_TICKS) return c.REJECT_TRIGGER;
    if (partnerId === NIL) return 0;
    if (this.nodeAt(partnerId) === 0) return c.REJECT_PARTNER;
    const partner = this.extraOf(partnerId);
    return partner !== 0 && this.extras[partner + m.X_PARTNER] !== NIL ? c.REJECT_PARTNER : 0;
  }

  private fillExtra(order: OrderRequest): number {
    const extra = this.newExtra();
    const x = this.extras;
    const hidden = order.displayLots === 0;
    x[extra + m.X_ID] = order.id;
    x[extra + m.X_NODE] = 0;
    x[extra + m.X_OWNER] = order.ownerId;
    x[extra + m.X_PARTNER] = order.partnerId;
    x[extra + m.X_RESERVE] = 0;
    x[extra + m.X_PEAK] = hidden || order.displayLots === NIL ? 0 : order.displayLots;
    x[extra + m.X_HIDDEN] = hidden ? 1 : 0;
    x[extra + m.X_SIDE] = order.side;
    x[extra + m.X_TRIGGER] = order.triggerTicks;
    x[extra + m.X_PRICE] = order.type === ORDER_LIMIT ? order.priceTicks : NIL;
    x[extra + m.X_LOTS] = order.qtyLots;
    x[extra + m.X_TYPE] = order.type;
    x[extra + m.X_TIF] = order.tif;
    x[extra + m.X_SELF_TRADE] = order.selfTrade;
    x[extra + m.X_DISPLAY] = order.displayLots;
    x[extra + m.X_SERIAL] = this.serial = (this.serial + 1) | 0;
    this.expiries[extra / EXTRA_WORDS] = order.expiryNs;
    return extra;
  }

  /** The order of a record trades, rests or is refused. Returns lots traded or a reject code. */
  protected enterExtra(extra: number): number {
    const x = this.extras;
    const id = x[extra + m.X_ID];
    const side = x[extra + m.X_SIDE];
    const type = x[extra + m.X_TYPE];
    const lots = x[extra + m.X_LOTS];
    const tif =
      type === ORDER_LIMIT ? x[extra + m.X_TIF] : x[extra + m.X_TIF] === c.TIF_FOK ? c.TIF_FOK : c.TIF_IOC;
    let priceTicks = this.marketTicks(side);
    if (type === ORDER_LIMIT) {
      if (!this.isInBand(x[extra + m.X_PRICE])) return this.refuseExtra(extra, c.REJECT_BAND);
      priceTicks = x[extra + m.X_PRICE];
    } else if (type === ORDER_MARKET_TO_LIMIT) {
      priceTicks = side === BUY ? this.askTicks : this.bidTicks;
      if (!isPrice(priceTicks)) return this.refuseExtra(extra, c.REJECT_NO_LIQUIDITY);
      if (!this.isInBand(priceTicks)) return this.refuseExtra(extra, c.REJECT_BAND);
    }
    this.takerOwner = x[extra + m.X_OWNER];
    this.takerSelfTrade = x[extra + m.X_SELF_TRADE];
    const restTif = type === ORDER_MARKET_TO_LIMIT ? c.TIF_GTC : tif;
    const result = this.enterAt(extra, id, side, priceTicks, lots, restTif);
    this.takerSelfTrade = c.SELF_TRADE_ALLOWED;
    return result;
  }

  private enterAt(
    extra: number,
    id: number,
    side: number,
    priceTicks: number,
    lots: number,
    tif: number,
  ): number {
    if (side === BUY ? priceTicks < this.askTicks : priceTicks > this.bidTicks) {
      if (tif === c.TIF_FOK) return this.refuseExtra(extra, c.REJECT_WOULD_NOT_FILL);
      if (tif !== c.TIF_IOC) return this.restExtra(extra, priceTicks, lots);
      return this.done(extra, 0, lots);
    }
    if (tif >= c.TIF_POST_ONLY || tif === c.TIF_FOK) {
      const code = this.crossing(side, priceTicks, lots, tif);
      if (code < 0) return this.refuseExtra(extra, code);
      if (code > 0) return this.restExtra(extra, code - 1, lots);
    }
    this.droppedLots = 0;
    if (this.takerSelfTrade !== c.SELF_TRADE_ALLOWED) this.careful |= CAREFUL_TAKER;
    const left = this.take(id, side, priceTicks, lots);
    this.careful &= ~CAREFUL_TAKER;
    const traded = lots - left - this.droppedLots;
    if (left === 0 || tif !== c.TIF_GTC) return this.done(extra, traded, left + this.droppedLots);
    if (traded > 0) this.cancelPartner(extra);
    this.restExtra(extra, priceTicks, left);
    return traded;
  }

  /** An order ends without resting. */
  private done(extra: number, traded: number, dropped: number): number {
    const what = e.EVENT_DONE | (this.extras[extra + m.X_SIDE] << e.SIDE_SHIFT);
    if (this.recording !== 0) this.record(what, this.extras[extra], NIL, traded, dropped);
    this.cancelPartner(extra);
    this.freeExtra(extra);
    return traded;
  }

  /** An incoming order has traded or is over: its partner goes, if it is still there. */
  private cancelPartner(extra: number): void {
    const partner = this.extras[extra + m.X_PARTNER];
    this.extras[extra + m.X_PARTNER] = NIL;
    if (partner === NIL) return;
    const other = this.extraOf(partner);
    if (other !== 0) this.extras[other + m.X_PARTNER] = NIL;
    this.end(partner, e.CAUSE_PARTNER);
  }

  private refuseExtra(extra: number, code: number): number {
    const id = this.extras[extra];
    this.freeExtra(extra);
    return this.refuse(id, code);
  }

  /** Tells the partner of an accepted order about it, unless self-trade prevention has just removed it. */
  private link(extra: number): void {
    const partner = this.extras[extra + m.X_PARTNER];
    const node = this.nodeAt(partner);
    if (node === 0) {
      this.extras[extra + m.X_PARTNER] = NIL;
      return;
    }
    const other = this.extraOf(partner) || this.makeSpecial(node);
    this.extras[other + m.X_PARTNER] = this.extras[extra];
  }

  /** Gives a plain resting order a record. */
  private makeSpecial(node: number): number {
    const nodes = this.nodes;
    const sentinel = nodes[node + LEVEL];
    const extra = this.fillExtra({
      id: nodes[node + ID],
      side: nodes[sentinel + PRICE] <= this.bidTicks ? BUY : c.SELL,
      type: ORDER_LIMIT,
      priceTicks: nodes[sentinel + PRICE],
      qtyLots: nodes[node + QTY],
      tif: c.TIF_GTC,
      displayLots: NIL,
      ownerId: NIL,
      selfTrade: c.SELF_TRADE_ALLOWED,
      triggerTicks: NIL,
      expiryNs: Infinity,
      partnerId: NIL,
    });
    this.extras[extra + m.X_NODE] = node;
    nodes[node + EXTRA] = extra;
    nodes[sentinel + SPECIAL]++;
    return extra;
  }

  /** Puts an order to rest or refuses it; the latter cannot happen after a trade, see rest(). */
  private restExtra(extra: number, priceTicks: number, lots: number): number {
    if (this.heldAt(priceTicks) + lots > c.MAX_LEVEL_LOTS) return this.refuseExtra(extra, REJECT_QTY);
    if (!this.hasFree()) return this.refuseExtra(extra, c.REJECT_FULL);
    this.link(extra);
    const x = this.extras;
    const sentinel = this.openLevel(x[extra + m.X_SIDE], priceTicks);
    const nodes = this.nodes;
    const id = x[extra];
    const peak = x[extra + m.X_PEAK];
    const shown = peak > 0 ? Math.min(peak, lots) : lots;
    if (id >= this.nodeOf.length) this.makeRoomForId(id);
    const node = this.settle(id, sentinel, shown, x[extra + m.X_HIDDEN] !== 0);
    nodes[node + EXTRA] = extra;
    nodes[sentinel + UNSEEN] += lots - shown;
    nodes[sentinel + SPECIAL]++;
    x[extra + m.X_NODE] = node;
    x[extra + m.X_RESERVE] = lots - shown;
    if (this.expiries[extra / EXTRA_WORDS] < this.nextExpiryNs) {
      this.nextExpiryNs = this.expiries[extra / EXTRA_WORDS];
    }
    this.recordRest(node);
    return 0;
  }

  private isTriggered(side: number, triggerTicks: number): boolean {
    if (this.lastTicks === NIL) return false;
    return side === BUY ? this.lastTicks >= triggerTicks : this.lastTicks <= triggerTicks;
  }

  /** A stop order begins to wait. */
  private wait(extra: number): void {
    this.link(extra);
    this.holdStop(extra);
    const x = this.extras;
    const id = x[extra];
    const side = x[extra + m.X_SIDE];
    const trigger = x[extra + m.X_TRIGGER];
    const what = e.EVENT_STOP | (side << e.SIDE_SHIFT);
    if (this.recording !== 0) this.record(what, id, trigger, x[extra + m.X_LOTS], x[extra + m.X_PRICE]);
  }

  /** Puts the record of a stop order among those that wait. */
  protected holdStop(extra: number): void {
    const id = this.extras[extra];
    const trigger = this.extras[extra + m.X_TRIGGER];
    if (id >= this.nodeOf.length) this.makeRoomForId(id);
    this.nodeOf[id] = -extra;
    this.stopsWaiting++;
    if (this.extras[extra + m.X_SIDE] === BUY) this.buyTrigger = Math.min(this.buyTrigger, trigger);
    else this.sellTrigger = Math.max(this.sellTrigger, trigger);
    const expiryNs = this.expiries[extra / EXTRA_WORDS];
    if (expiryNs < this.nextExpiryNs) this.nextExpiryNs = expiryNs;
  }

  protected endStop(extra: number, cause: number): void {
    const x = this.extras;
    const id = x[extra];
    this.nodeOf[id] = 0;
    this.stopsWaiting--;
    const what = e.EVENT_STOP_END | (x[extra + m.X_SIDE] << e.SIDE_SHIFT) | (cause << e.CAUSE_SHIFT);
    const trigger = x[extra + m.X_TRIGGER];
    if (this.recording !== 0) this.record(what, id, trigger, x[extra + m.X_LOTS], x[extra + m.X_PRICE]);
    this.partnerLeaves(extra);
    if (cause !== e.CAUSE_TRIGGER) this.freeExtra(extra);
  }

  /**
   * Stop orders that the last trade meets enter one by one: to buy before to sell, nearest trigger
   * first, then oldest; each may trade and so meet others.
   */
  protected triggerStops(): void {
    while (
      this.lastTicks !== NIL &&
      (this.lastTicks >= this.buyTrigger || this.lastTicks <= this.sellTrigger)
    ) {
      const extra = this.firstTriggered();
      if (extra === 0) return;
      this.endStop(extra, e.CAUSE_TRIGGER);
      this.cancelLeaving();
      this.enterExtra(extra);
    }
  }

  noteTrade(priceTicks: number): void {
    this.lastTicks = priceTicks;
    if (this.stopsWaiting !== 0) this.triggerStops();
  }

  /** The stop order to trigger next, 0 for none; brings the nearest triggers up to date. */
  private firstTriggered(): number {
    const x = this.extras;
    let buy = 0;
    let sell = 0;
    for (let extra = EXTRA_WORDS; extra < this.extraFresh; extra += EXTRA_WORDS) {
      if (x[extra] === NIL || x[extra + m.X_NODE] !== 0) continue;
      if (x[extra + m.X_SIDE] === BUY) {
        if (buy === 0 || this.isBefore(extra, buy, 1)) buy = extra;
      } else if (sell === 0 || this.isBefore(extra, sell, -1)) sell = extra;
    }
    this.buyTrigger = buy === 0 ? NEVER : x[buy + m.X_TRIGGER];
    this.sellTrigger = sell === 0 ? NIL : x[sell + m.X_TRIGGER];
    if (buy !== 0 && this.lastTicks >= this.buyTrigger) return buy;
    return sell !== 0 && this.lastTicks <= this.sellTrigger ? sell : 0;
  }

  /** Records of the stop orders that wait, oldest first. */
  protected waitingStops(): number[] {
    const x = this.extras;
    const waiting: number[] = [];
    for (let extra = EXTRA_WORDS; extra < this.extraFresh; extra += EXTRA_WORDS) {
      if (x[extra] !== NIL && x[extra + m.X_NODE] === 0) waiting.push(extra);
    }
    return waiting.sort((a, b) => x[a + m.X_SERIAL] - x[b + m.X_SERIAL]);
  }

  /** Whether a stop order is triggered before another one of its side. */
  private isBefore(extra: number, other: number, sign: number): boolean {
    const x = this.extras;
    const nearer = sign * (x[other + m.X_TRIGGER] - x[extra + m.X_TRIGGER]);
    return nearer > 0 || (nearer === 0 && x[extra + m.X_SERIAL] < x[other + m.X_SERIAL]);
  }

  /** A special order gets a new price and size; the checks of replace have been passed. */
  protected replaceSpecial(node: number, priceTicks: number, qtyLots: number): number {
    const nodes = this.nodes;
    const x = this.extras;
    const extra = nodes[node + EXTRA];
    const sentinel = nodes[node + LEVEL];
    const reserve = x[extra + m.X_RESERVE];
    const less = nodes[node + QTY] + reserve - qtyLots;
    if (priceTicks === nodes[sentinel + PRICE] && less >= 0) {
      const unseen = Math.min(less, reserve);
      x[extra + m.X_RESERVE] -= unseen;
      nodes[sentinel + UNSEEN] -= unseen;
      nodes[node + QTY] -= less - unseen;
      nodes[sentinel + (this.isHidden(node) ? UNSEEN : QTY)] -= less - unseen;
      this.recordReduce(node);
      return 0;
    }
    const copy = x.slice(extra, extra + EXTRA_WORDS);
    const expiryNs = this.expiries[extra / EXTRA_WORDS];
    x[extra + m.X_PARTNER] = NIL;
    this.leave(node, e.CAUSE_REPLACE);
    const again = this.newExtra();
    this.extras.set(copy, again);
    this.extras[again + m.X_NODE] = 0;
    this.extras[again + m.X_TYPE] = ORDER_LIMIT;
    this.extras[again + m.X_PRICE] = priceTicks;
    this.extras[again + m.X_LOTS] = qtyLots;
    this.extras[again + m.X_TIF] = c.TIF_GTC;
    this.expiries[again / EXTRA_WORDS] = expiryNs;
    return this.enterExtra(again);
  }

  protected override resetSpecial(): void {
    super.resetSpecial();
    this.serial = 0;
    this.buyTrigger = NEVER;
    this.sellTrigger = NIL;
  }
}

function isPlain(order: OrderRequest): boolean {
  if (order.type !== ORDER_LIMIT || order.triggerTicks !== NIL || order.displayLots !== NIL) return false;
  return order.ownerId === NIL && order.expiryNs === Infinity && order.partnerId === NIL;
}

function typeAllows(type: number, tif: number): boolean {
  if (type === ORDER_LIMIT) return tif >= c.TIF_GTC && tif <= c.TIF_SLIDE;
  if (type === ORDER_MARKET) return tif >= c.TIF_GTC && tif <= c.TIF_FOK;
  return type === ORDER_MARKET_TO_LIMIT && tif === c.TIF_GTC;
}
