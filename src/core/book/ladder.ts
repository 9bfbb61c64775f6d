/**
 * The price levels of the order book: a window of levels about the best prices, and far levels beyond it.
 *
 * Why: a level per tick makes the next best price and a level's orders one index away, but one stub quote a
 * million ticks off would stretch such a ladder to a million levels. So only `ticks` prices from baseTicks on
 * have a level of their own: price p has level p modulo ticks, so that a window that moves leaves in place
 * what it still holds. Every other price at which orders rest has a far level: a sentinel from the pool of
 * nodes, found through a sorted list. An order does not know which sort of level holds it.
 *
 * What always holds between two calls: every buy price lies below the window's end and every sell price at or
 * above its base, so that far levels below the window are buys and those above it sells. The best prices are
 * the true ones, in the window or far from it: both are far, or one, only while the spread is wide or nobody
 * quotes near. Trades and cancels never move the window, only an order that comes to rest outside it does, if
 * it rests within a quarter of the window of where trading is; one that would break the first rule does.
 *
 * Cost: in the window as ever, O(1); at a far price O(log far levels), and a far level that is new or over
 * moves the far prices nearer to the window by one place. A move of the window costs what leaves it and what
 * enters it, levels and orders, whatever its size, and happens once in a quarter of the window's ticks.
 * Slow: a spread wider than half of the window, because only one of its sides is in the window; a window that
 * is smaller than the range in which most orders rest.
 */
import { BUY, MAX_PRICE_TICKS, NIL, SELL } from './codes.js';
import type { EventSink } from './events.js';
import { BEYOND, LevelSet } from './level-set.js';
import * as m from './memory.js';
import { PriceList } from './price-list.js';
import type { BookOptions } from './types.js';

const { EXTRA, EXTRA_WORDS, ID, LEVEL, PREV, PRICE, QTY, SPECIAL, UNSEEN } = m;

/** The levels of a book. Only Matching builds on it. */
export class Ladder extends m.BookMemory {
  /** Occupied levels of the window. */
  declare protected readonly levels: LevelSet;
  /** Lowest price of the window and the one above its highest. */
  protected baseTicks = 0;
  declare protected endTicks: number;
  /** Best prices, -1 and BEYOND when a side is empty. */
  protected bidTicks = -1;
  protected askTicks = BEYOND;
  /** Far levels: buys below the window, sells above it; the values are sentinels. */
  private readonly farBuys = new PriceList(BUY);
  private readonly farSells = new PriceList(SELL);

  /** While halted nothing but cancels is taken; prices of new orders and of trades lie within the band. */
  protected halted = false;
  protected bandLowTicks = 0;
  protected bandHighTicks: number = MAX_PRICE_TICKS;
  /** Prices gateLow..gateHigh-1 are in the window, in the band and open to new orders; none while halted. */
  protected gateLow = 0;
  declare protected gateHigh: number;
  /** 0 while halted; prices up and down to which market orders may trade. */
  protected isOpen = 1;
  protected buyLimit: number = MAX_PRICE_TICKS;
  protected sellLimit = 0;

  constructor(options: BookOptions, eventSink: EventSink | null) {
    super(options, eventSink);
    this.levels = new LevelSet(this.ticks);
    this.endTicks = this.ticks;
    this.gateHigh = this.ticks;
  }

  protected inWindow(priceTicks: number): boolean {
    return (priceTicks - this.baseTicks) >>> 0 <= this.mask;
  }

  /** The level of a price, NIL when it is a far one at which nothing rests. */
  protected levelAt(priceTicks: number): number {
    if (this.inWindow(priceTicks)) return (priceTicks & this.mask) << 3;
    return this.farSide(priceTicks).valueOf(priceTicks);
  }

  /** Lots at a price, seen and unseen. */
  protected heldAt(priceTicks: number): number {
    const sentinel = this.levelAt(priceTicks);
    return sentinel === NIL ? 0 : this.nodes[sentinel + QTY] + this.nodes[sentinel + UNSEEN];
  }

  private farSide(priceTicks: number): PriceList {
    return priceTicks < this.baseTicks ? this.farBuys : this.farSells;
  }

  /** The next worse price of a side at which orders rest: -1 (buy) or BEYOND (sell) when there is none. */
  protected nextTicks(side: number, priceTicks: number): number {
    return side === BUY ? this.below(priceTicks) : this.above(priceTicks);
  }

  /** The next price below at which orders rest, -1 when there is none; for prices below the window's end. */
  protected below(priceTicks: number): number {
    if (this.inWindow(priceTicks)) {
      const level = priceTicks & this.mask;
      const found = this.levels.below(level);
      const next = priceTicks - ((level - (found < 0 ? this.levels.highest() : found)) & this.mask);
      if (next >= this.baseTicks && next < priceTicks && this.isUsed(next)) return next;
    }
    return this.farBuys.worseThan(priceTicks);
  }

  /** The next price above at which orders rest, BEYOND when there is none; for prices from the base on. */
  protected above(priceTicks: number): number {
    if (this.inWindow(priceTicks)) {
      const level = priceTicks & this.mask;
      const found = this.levels.above(level);
      const next = priceTicks + (((found === BEYOND ? this.levels.lowest() : found) - level) & this.mask);
      if (next < this.endTicks && next > priceTicks && this.isUsed(next)) return next;
    }
    const far = this.farSells.worseThan(priceTicks);
    return far === NIL ? BEYOND : far;
  }

  /** Whether orders rest at a price of the window. */
  private isUsed(priceTicks: number): boolean {
    const sentinel = (priceTicks & this.mask) << 3;
    return this.nodes[sentinel] !== sentinel;
  }

  /** A level where an order is about to rest, wherever its price: moves the window if it should follow. */
  protected openLevel(side: number, priceTicks: number): number {
    if (!this.inWindow(priceTicks)) this.follow(side, priceTicks);
    let sentinel = this.levelAt(priceTicks);
    if (sentinel === NIL) {
      sentinel = this.newFar(priceTicks);
      this.farSide(priceTicks).set(priceTicks, sentinel);
      this.improve(side, priceTicks);
    } else if (this.nodes[sentinel] === sentinel) this.addLevel(side, priceTicks);
    return sentinel;
  }

  /** A level of the window gets its first order. */
  protected addLevel(side: number, priceTicks: number): void {
    const level = priceTicks & this.mask;
    this.nodes[(level << 3) | 4] = priceTicks;
    this.levels.add(level);
    this.improve(side, priceTicks);
  }

  /** A price has its first order and may be the best one. */
  private improve(side: number, priceTicks: number): void {
    if (priceTicks <= this.bidTicks || priceTicks >= this.askTicks) return;
    if (side === 0) this.bidTicks = priceTicks;
    else this.askTicks = priceTicks;
  }

  /** A level has lost its last order. */
  protected dropLevel(sentinel: number): void {
    const level = sentinel >> 3;
    if (level > this.mask) return this.dropFarLevel(sentinel);
    const priceTicks = this.nodes[sentinel | 4];
    this.levels.remove(level);
    // A neighbour on the other side of the window's seam, or none, gives a price outside the window.
    if (priceTicks === this.bidTicks) {
      const found = this.levels.below(level);
      const next = (priceTicks - level + found) | 0;
      this.bidTicks = found < 0 || next < this.baseTicks ? this.below(priceTicks) : next;
    } else if (priceTicks === this.askTicks) {
      const next = (priceTicks - level + this.levels.above(level)) | 0;
      this.askTicks = next >= this.endTicks ? this.above(priceTicks) : next;
    }
  }

  private dropFarLevel(sentinel: number): void {
    const priceTicks = this.nodes[sentinel + PRICE];
    this.farSide(priceTicks).remove(priceTicks);
    this.freeFar(sentinel);
    if (priceTicks === this.bidTicks) this.bidTicks = this.below(priceTicks);
    else if (priceTicks === this.askTicks) this.askTicks = this.above(priceTicks);
  }

  /**
   * An order is about to rest outside the window: moves it there if that is where trading is. If the spread
   * is wide and the window holds the other side, it stays. It never stays where a buy would lie above it or a
   * sell below: that order is the best of its side and the other side's best lies still further out.
   */
  private follow(side: number, priceTicks: number): void {
    const bid = side === BUY ? Math.max(this.bidTicks, priceTicks) : this.bidTicks;
    const ask = side === BUY ? this.askTicks : Math.min(this.askTicks, priceTicks);
    const isNarrow = ask - bid <= this.ticks >> 1;
    const centre = isNarrow ? (bid + ask) >> 1 : side === BUY ? bid : ask;
    if (Math.abs(priceTicks - centre) > this.ticks >> 2) return;
    if (!isNarrow && this.inWindow(side === BUY ? ask : bid)) return;
    const last = MAX_PRICE_TICKS + 1 - this.ticks;
    this.moveWindow(Math.min(last, Math.max(0, centre - (this.ticks >> 1))));
  }

  private moveWindow(baseTicks: number): void {
    const endTicks = baseTicks + this.ticks;
    const first = this.isUsed(this.baseTicks) ? this.baseTicks : this.above(this.baseTicks);
    for (let price = first; price < baseTicks && price < this.endTicks; price = this.above(price)) {
      this.moveOut(this.farBuys, price);
    }
    const top = this.endTicks - 1;
    const last = this.isUsed(top) ? top : this.below(top);
    for (let price = last; price >= endTicks && price >= this.baseTicks; price = this.below(price)) {
      this.moveOut(this.farSells, price);
    }
    this.baseTicks = baseTicks;
    this.endTicks = endTicks;
    while (this.farBuys.bestTicks >= baseTicks) this.moveIn(this.farBuys);
    while (this.farSells.count > 0 && this.farSells.bestTicks < endTicks) this.moveIn(this.farSells);
    this.setGate();
  }

  /** A level of the window becomes a far one. */
  private moveOut(far: PriceList, priceTicks: number): void {
    const level = priceTicks & this.mask;
    const sentinel = this.newFar(priceTicks);
    this.moveOrders(level << 3, sentinel);
    this.levels.remove(level);
    far.set(priceTicks, sentinel);
  }

  /** The nearest far level of a side becomes one of the window. */
  private moveIn(far: PriceList): void {
    const priceTicks = far.bestTicks;
    const sentinel = far.valueOf(priceTicks);
    const level = priceTicks & this.mask;
    this.moveOrders(sentinel, level << 3);
    this.nodes[(level << 3) + PRICE] = priceTicks;
    this.levels.add(level);
    far.remove(priceTicks);
    this.freeFar(sentinel);
  }

  /** All that rests on a level changes over to an empty one. */
  private moveOrders(from: number, to: number): void {
    const nodes = this.nodes;
    const [first, last] = [nodes[from], nodes[from + PREV]];
    for (let node = first; node !== from; node = nodes[node]) nodes[node + LEVEL] = to;
    nodes[to] = first;
    nodes[first + PREV] = to;
    nodes[to + PREV] = last;
    nodes[last] = to;
    nodes[to + QTY] = nodes[from + QTY];
    nodes[to + SPECIAL] = nodes[from + SPECIAL];
    nodes[to + UNSEEN] = nodes[from + UNSEEN];
    this.emptyLevel(from);
  }

  private emptyLevel(sentinel: number): void {
    const nodes = this.nodes;
    nodes[sentinel] = sentinel;
    nodes[sentinel + PREV] = sentinel;
    nodes[sentinel + QTY] = 0;
    nodes[sentinel + SPECIAL] = 0;
    nodes[sentinel + UNSEEN] = 0;
  }

  /** Halts trading, so that only cancels are taken, or goes on. */
  halt(on: boolean): void {
    this.halted = on;
    this.setGate();
  }

  /**
   * From now on new prices must lie within low..high, and nothing trades outside: market orders stop there.
   * 0 and MAX_PRICE_TICKS lift the band. Resting orders stay.
   */
  band(lowTicks: number, highTicks: number): void {
    this.bandLowTicks = lowTicks;
    this.bandHighTicks = highTicks;
    this.setGate();
  }

  private setGate(): void {
    this.gateLow = Math.max(this.baseTicks, this.bandLowTicks);
    this.gateHigh = this.halted ? 0 : Math.min(this.endTicks, this.bandHighTicks + 1);
    this.isOpen = this.halted ? 0 : 1;
    this.buyLimit = Math.min(MAX_PRICE_TICKS, this.bandHighTicks);
    this.sellLimit = Math.max(0, this.bandLowTicks);
  }

  /** Highest price at which a buy order, lowest at which a sell order may trade: a market order's limit. */
  protected marketTicks(side: number): number {
    return side === BUY ? this.buyLimit : this.sellLimit;
  }

  /** Whether a price lies within the band; what is no price at all is left to other checks. */
  protected isInBand(priceTicks: number): boolean {
    if (!isPrice(priceTicks)) return true;
    return priceTicks >= this.bandLowTicks && priceTicks <= this.bandHighTicks;
  }

  /** Empties the book; costs what was used, not what was allocated. The window stays where it is. */
  reset(): void {
    for (const side of [BUY, SELL]) {
      let priceTicks = side === BUY ? this.bidTicks : this.askTicks;
      while (isPrice(priceTicks)) {
        const next = this.nextTicks(side, priceTicks);
        this.clearLevel(this.levelAt(priceTicks));
        priceTicks = next;
      }
    }
    for (let extra = EXTRA_WORDS; extra < this.extraFresh; extra += EXTRA_WORDS) {
      if (this.extras[extra] !== NIL) this.nodeOf[this.extras[extra]] = 0;
    }
    this.farBuys.count = 0;
    this.farSells.count = 0;
    this.bidTicks = -1;
    this.askTicks = BEYOND;
    this.resetMemory();
  }

  private clearLevel(sentinel: number): void {
    const nodes = this.nodes;
    for (let node = nodes[sentinel]; node !== sentinel; node = nodes[node]) {
      this.nodeOf[nodes[node + ID]] = 0;
      nodes[node + EXTRA] = 0;
    }
    this.emptyLevel(sentinel);
    if (sentinel >> 3 <= this.mask) this.levels.remove(sentinel >> 3);
  }
}

/** Whether a number can be a price. */
export function isPrice(priceTicks: number): boolean {
  return priceTicks >= 0 && priceTicks <= MAX_PRICE_TICKS;
}
