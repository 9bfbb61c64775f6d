/** Slow obvious twin of the replayed market: every price holds a list in which own orders stand in line. */
import { REJECT_DUPLICATE_ID, REJECT_WOULD_TRADE } from '../book/codes.js';
import { BUY, NIL, SELL } from './market.js';
import type { FillSink, Market } from './market.js';
import {
  ASK_LOTS,
  ASK_PRICE,
  BID_LOTS,
  BID_PRICE,
  CANCEL_PART,
  CELLS_PER_LEVEL,
  DELETE,
  EXECUTE_HIDDEN,
  EXECUTE_VISIBLE,
  SUBMIT,
} from './replay-feed.js';
import type { ReplayFeed } from './replay-feed.js';

/**
 * One place in a queue: an own order, a historical one, or (both NIL) the size that was there before the
 * file.
 */
interface Place {
  readonly ownId: number;
  readonly order: number;
  lots: number;
}

/**
 * The truth against which tests hold ReplayMarket. It needs a feed that shows every level, so that nothing
 * has to be guessed: history is a list of orders per price, own orders are inserted where they arrive, and
 * the queue position is what stands before them in the list. O(orders at a price) and allocation everywhere.
 * Ids and sizes are not checked.
 */
export class NaiveReplay implements Market {
  private readonly feed: ReplayFeed;
  private readonly tickE4: number;
  private readonly books: readonly Map<number, Place[]>[] = [new Map(), new Map()];
  private row = 0;

  constructor(feed: ReplayFeed, tickSize: number) {
    this.feed = feed;
    this.tickE4 = Math.round(tickSize * 10_000);
    for (let level = 0; level < feed.levels; level++) {
      const at = level * CELLS_PER_LEVEL;
      this.join(BUY, feed.cells[at + BID_PRICE], { ownId: NIL, order: NIL, lots: feed.cells[at + BID_LOTS] });
      this.join(SELL, feed.cells[at + ASK_PRICE], {
        ownId: NIL,
        order: NIL,
        lots: feed.cells[at + ASK_LOTS],
      });
    }
  }

  nextNs(): number {
    return this.row < this.feed.rows ? this.feed.tNs[this.row] - this.feed.tNs[0] : Infinity;
  }

  step(sink: FillSink): void {
    const { type, side, priceE4, lots, order } = this.feed;
    const row = this.row;
    this.row++;
    switch (type[row]) {
      case SUBMIT:
        this.fillCrossed(side[row], priceE4[row], lots[row], sink);
        if (row > 0) this.join(side[row], priceE4[row], { ownId: NIL, order: order[row], lots: lots[row] });
        return;
      case CANCEL_PART:
      case DELETE:
        if (row > 0) this.shrink(this.placeOf(side[row], priceE4[row], order[row]), lots[row]);
        return;
      case EXECUTE_VISIBLE:
      case EXECUTE_HIDDEN:
        if (type[row] === EXECUTE_VISIBLE) this.execute(row, sink);
        sink.onTrade(
          Math.round(priceE4[row] / this.tickE4),
          lots[row],
          side[row] === BUY ? SELL : BUY,
          type[row] === EXECUTE_HIDDEN ? 1 : 0,
        );
    }
  }

  place(ownId: number, side: number, priceTicks: number, qtyLots: number): number {
    if (this.findOwn(ownId) !== null) return REJECT_DUPLICATE_ID;
    const price = priceTicks * this.tickE4;
    const crossed = this.prices(side === BUY ? SELL : BUY).some((other) =>
      side === BUY ? price >= other : price <= other,
    );
    if (crossed) return REJECT_WOULD_TRADE;
    this.join(side, price, { ownId, order: NIL, lots: qtyLots });
    return 0;
  }

  cancel(ownId: number): number {
    const found = this.findOwn(ownId);
    if (found === null) return 0;
    const { lots } = found.place;
    found.place.lots = 0;
    this.sweep();
    return lots;
  }

  queueAheadLots(ownId: number): number {
    const found = this.findOwn(ownId);
    if (found === null) return NIL;
    return found.queue.slice(0, found.queue.indexOf(found.place)).reduce((sum, place) => sum + place.lots, 0);
  }

  bestBidTicks(): number {
    return this.best(BUY);
  }

  bestAskTicks(): number {
    return this.best(SELL);
  }

  depth(side: number, pricesTicks: Int32Array, qtysLots: Int32Array, max: number): number {
    const levels = this.prices(side)
      .map((price) => ({ price, lots: this.historyLots(side, price) }))
      .filter(({ lots }) => lots > 0)
      .slice(0, max);
    levels.forEach(({ price, lots }, k) => {
      pricesTicks[k] = price / this.tickE4;
      qtysLots[k] = lots;
    });
    return levels.length;
  }

  private best(side: number): number {
    const price = this.prices(side).find((candidate) => this.historyLots(side, candidate) > 0);
    return price === undefined ? NIL : price / this.tickE4;
  }

  private historyLots(side: number, price: number): number {
    const queue = this.books[side].get(price) ?? [];
    return queue.reduce((sum, place) => sum + (place.ownId === NIL ? place.lots : 0), 0);
  }

  /** Prices of a side with any order, best first. */
  private prices(side: number): number[] {
    return [...this.books[side].keys()].sort((a, b) => (side === BUY ? b - a : a - b));
  }

  private join(side: number, price: number, place: Place): void {
    if (price === NIL) return;
    const queue = this.books[side].get(price);
    if (queue === undefined) this.books[side].set(price, [place]);
    else queue.push(place);
  }

  /** Own orders before the executed one in the line are filled out of its lots, better prices first. */
  private execute(row: number, sink: FillSink): void {
    const { side, priceE4, lots, order } = this.feed;
    const target = this.placeOf(side[row], priceE4[row], order[row]);
    let budget = lots[row];
    for (const price of this.prices(side[row])) {
      for (const place of this.books[side[row]].get(price) ?? []) {
        if (place === target) {
          if (row > 0) this.shrink(target, lots[row]);
          this.sweep();
          return;
        }
        if (place.ownId !== NIL) budget -= this.fill(side[row], price, place, budget, sink);
      }
    }
  }

  /** Own orders of the other side that an arriving order would trade with are filled out of its lots. */
  private fillCrossed(side: number, price: number, lots: number, sink: FillSink): void {
    const own = side === BUY ? SELL : BUY;
    let budget = lots;
    for (const level of this.prices(own)) {
      if (own === BUY ? level < price : level > price) break;
      for (const place of this.books[own].get(level) ?? []) {
        if (place.ownId !== NIL) budget -= this.fill(own, level, place, budget, sink);
      }
    }
    this.sweep();
  }

  private fill(side: number, price: number, own: Place, budget: number, sink: FillSink): number {
    const lots = Math.min(own.lots, budget);
    if (lots === 0) return 0;
    own.lots -= lots;
    sink.onFill(own.ownId, side, price / this.tickE4, lots);
    return lots;
  }

  /** The place that a message speaks of: its own order, or the size that was there before the file. */
  private placeOf(side: number, price: number, order: number): Place {
    const queue = this.books[side].get(price) ?? [];
    const found =
      queue.find((place) => place.order === order && order !== NIL) ??
      queue.find((place) => place.order === NIL && place.ownId === NIL);
    if (found === undefined)
      throw new Error(`no order rests at ${price}: the feed does not show every level`);
    return found;
  }

  private shrink(place: Place, lots: number): void {
    place.lots -= lots;
    this.sweep();
  }

  /** Drops empty places and prices. */
  private sweep(): void {
    for (const book of this.books) {
      for (const [price, queue] of book) {
        const rest = queue.filter((place) => place.lots > 0);
        if (rest.length === 0) book.delete(price);
        else book.set(price, rest);
      }
    }
  }

  private findOwn(ownId: number): { queue: Place[]; place: Place } | null {
    for (const book of this.books) {
      for (const queue of book.values()) {
        const place = queue.find((candidate) => candidate.ownId === ownId);
        if (place !== undefined) return { queue, place };
      }
    }
    return null;
  }
}
