/**
 * The hot half of the order book: plain orders rest, trade and leave; whatever is rare is called by name
 * and stands in the layers above (special-orders.ts, book.ts).
 *
 * Three things decide the speed here (measured on the replays of `make bench`). V8 inlines only so much
 * bytecode into one caller, so these methods hold what most messages need and no more: a check that
 * fails, a new level, a full pool leave for a method of their own. Nobody can foresee the side of a
 * message, so nothing branches on it that can be computed. Node and record offsets are multiples of 8,
 * so `node | 2` is node + 2 without V8's check for an overflow; `| 0` drops that check elsewhere.
 *
 * An order of a rarer type marks its level (SPECIAL), and a rarer taker or rule sets `careful`: both are
 * read once per level that is traded against. Header of book.ts: structure and cost.
 */
import { NIL } from './codes.js';
import * as events from './events.js';
import type { EventSink } from './events.js';
import { Ladder } from './ladder.js';
import type { BookOptions, TradeSink } from './types.js';

const DEAF: TradeSink = { onTrade() {} };

export abstract class Matching extends Ladder {
  declare private readonly sink: TradeSink;
  /** Price of the last trade, -1 before the first. */
  protected lastTicks: number = -1;
  /** Not 0 while a taker or a rule needs the careful way through every level. */
  protected careful = 0;
  /** Stop orders that wait. */
  protected stopsWaiting = 0;

  /** Reports either its trades alone, as they happen, or all that happens as the stream of events.ts. */
  constructor(options: BookOptions, report: TradeSink | EventSink) {
    const streams = 'onEvents' in report;
    super(options, streams ? report : null);
    this.sink = streams ? DEAF : report;
  }

  limit(id: number, side: number, priceTicks: number, qtyLots: number, tif: number): number {
    const nodeOf = this.nodeOf;
    if (
      qtyLots < 1 ||
      priceTicks < this.gateLow ||
      priceTicks >= this.gateHigh ||
      id >>> 0 >= this.idCount >>> 0 ||
      nodeOf[id] !== 0
    ) {
      return this.limitSlowly(id, side, priceTicks, qtyLots, tif);
    }
    // Whether the price reaches the other side, for BUY = 0 and SELL = 1 without a branch.
    if ((((this.askTicks - 1 - priceTicks) & (side - 1)) | ((priceTicks - 1 - this.bidTicks) & -side)) < 0) {
      return this.cross(id, side, priceTicks, qtyLots, tif);
    }
    if (tif === 0) return this.rest(id, side, priceTicks, qtyLots);
    return this.restOrNot(id, side, priceTicks, qtyLots, tif);
  }

  market(id: number, side: number, qtyLots: number): number {
    if (qtyLots < 1 || this.isOpen === 0 || id >>> 0 >= this.idCount >>> 0 || this.nodeOf[id] !== 0) {
      return this.marketSlowly(id, side, qtyLots);
    }
    return this.cross(id, side, side === 0 ? this.buyLimit : this.sellLimit, qtyLots, 1);
  }

  cancel(id: number): number {
    const nodeOf = this.nodeOf;
    if (id >>> 0 >= this.idCount >>> 0) return this.cancelRare(id, 0);
    const node = nodeOf[id];
    if (node <= 0 || this.nodes[node | 5] !== 0) return this.cancelRare(id, node);
    return this.remove(id, node, 0);
  }

  /**
   * Appends a plain order to its level in the window. Returns 0, or a reject code before anything changed;
   * that cannot happen after a trade, because an order that traded and still has lots emptied its level's
   * price and freed a node.
   */
  protected rest(id: number, side: number, priceTicks: number, qtyLots: number): number {
    const nodes = this.nodes;
    const sentinel = (priceTicks & this.mask) << 3;
    const node = this.free;
    const totalLots = (nodes[sentinel | 2] + qtyLots) | 0;
    if (node === 0 || totalLots < 0 || nodes[sentinel | 5] !== 0) {
      return this.restSlowly(id, side, priceTicks, qtyLots);
    }
    const last = nodes[sentinel | 1];
    this.free = nodes[node];
    nodes[node] = sentinel;
    nodes[node | 1] = last;
    nodes[node | 2] = qtyLots;
    nodes[node | 3] = sentinel;
    nodes[node | 4] = id;
    nodes[last] = node;
    nodes[sentinel | 1] = node;
    nodes[sentinel | 2] = totalLots;
    this.nodeOf[id] = node;
    if (last === sentinel) this.addLevel(side, priceTicks);
    if (this.recording !== 0) this.record(0 | (side << 8), id, priceTicks, qtyLots, totalLots);
    return 0;
  }

  /** rest() at any price. */
  protected restAnywhere(id: number, side: number, priceTicks: number, qtyLots: number): number {
    if (this.inWindow(priceTicks)) return this.rest(id, side, priceTicks, qtyLots);
    return this.restSlowly(id, side, priceTicks, qtyLots);
  }

  /** Takes a plain order out of its level and frees its node; returns its lots. */
  protected remove(id: number, node: number, cause: number): number {
    const nodes = this.nodes;
    const sentinel = nodes[node | 3];
    const next = nodes[node];
    const prev = nodes[node | 1];
    const qtyLots = nodes[node | 2];
    this.nodeOf[id] = 0;
    nodes[prev] = next;
    nodes[next | 1] = prev;
    const levelLots = (nodes[sentinel | 2] - qtyLots) | 0;
    nodes[sentinel | 2] = levelLots;
    nodes[node] = this.free;
    this.free = node;
    if (this.recording !== 0) this.recordCancel(id, nodes[sentinel | 4], qtyLots, levelLots, cause);
    if (next === prev && next === sentinel) this.dropLevel(sentinel);
    return qtyLots;
  }

  /** A checked order that reaches the other side's best price. */
  protected cross(id: number, side: number, priceTicks: number, qtyLots: number, tif: number): number {
    if (tif >= 3 || tif === 2) {
      const code = this.crossing(side, priceTicks, qtyLots, tif);
      if (code > 0) return this.restAnywhere(id, side, code - 1, qtyLots);
      if (code < 0) return this.refuse(id, code);
    }
    const left = this.take(id, side, priceTicks, qtyLots);
    if (left > 0 && tif === 0) this.restAnywhere(id, side, priceTicks, left);
    else if (this.recording !== 0) this.record(4 | (side << 8), id, NIL, qtyLots - left, left);
    if (this.stopsWaiting !== 0) this.triggerStops();
    return (qtyLots - left) | 0;
  }

  /**
   * Trades against the other side up to and including limitTicks, in a level the oldest order first; returns
   * the lots that are left. A level's sentinel, total and the free list are written once, not per fill.
   */
  protected take(takerId: number, side: number, limitTicks: number, qtyLots: number): number {
    const nodes = this.nodes;
    const nodeOf = this.nodeOf;
    const recording = this.recording;
    for (;;) {
      const priceTicks = side === 0 ? this.askTicks : this.bidTicks;
      if (qtyLots <= 0 || (side === 0 ? priceTicks > limitTicks : priceTicks < limitTicks)) return qtyLots;
      const sentinel = (priceTicks & this.mask) << 3;
      if ((nodes[sentinel | 5] | this.careful) !== 0 || !this.inWindow(priceTicks)) {
        qtyLots = this.takeCarefully(takerId, side, priceTicks, qtyLots);
        continue;
      }
      const first = nodes[sentinel];
      let totalLots = nodes[sentinel | 2];
      let node = first;
      let lastFilled = 0;
      this.lastTicks = priceTicks;
      while (qtyLots > 0 && node !== sentinel) {
        const makerLots = nodes[node | 2];
        const makerId = nodes[node | 4];
        const left = (makerLots - qtyLots) | 0;
        const lots = left > 0 ? qtyLots : makerLots;
        qtyLots = (qtyLots - lots) | 0;
        totalLots = (totalLots - lots) | 0;
        if (recording === 0) this.sink.onTrade(makerId, takerId, priceTicks, lots, side);
        else this.recordFill(side, makerId, takerId, priceTicks, lots, totalLots, makerLots - lots);
        if (left > 0) {
          nodes[node | 2] = left;
          break;
        }
        nodeOf[makerId] = 0;
        lastFilled = node;
        node = nodes[node];
      }
      nodes[sentinel | 2] = totalLots;
      if (lastFilled !== 0) {
        nodes[lastFilled] = this.free;
        this.free = first;
        nodes[sentinel] = node;
        nodes[node | 1] = sentinel;
        if (node === sentinel) this.dropLevel(sentinel);
      }
    }
  }

  /** Reports one trade, as an event or to the trade sink. */
  protected traded(
    side: number,
    makerId: number,
    takerId: number,
    priceTicks: number,
    qtyLots: number,
    levelLots: number,
    leftLots: number,
  ): void {
    this.lastTicks = priceTicks;
    if (this.recording === 0) this.sink.onTrade(makerId, takerId, priceTicks, qtyLots, side);
    else this.recordFill(side, makerId, takerId, priceTicks, qtyLots, levelLots, leftLots);
  }

  /** Writes an event of five words. */
  protected record(what: number, id: number, priceTicks: number, qtyLots: number, levelLots: number): void {
    const at = this.head;
    const words = this.events;
    words[at] = what;
    words[at | 1] = id;
    words[at | 2] = priceTicks;
    words[at | 3] = qtyLots;
    words[at | 4] = levelLots;
    this.head = (at + 8) | 0;
    if (at === 4088) this.spill();
  }

  /** Writes that an order left its level untraded; the best prices must still be those before it left. */
  protected recordCancel(
    id: number,
    priceTicks: number,
    qtyLots: number,
    levelLots: number,
    cause: number,
  ): void {
    const side = (this.bidTicks - priceTicks) >>> 31;
    this.record(1 | (side << 8) | (cause << 16), id, priceTicks, qtyLots, levelLots);
  }

  private recordFill(
    takerSide: number,
    makerId: number,
    takerId: number,
    priceTicks: number,
    qtyLots: number,
    levelLots: number,
    leftLots: number,
  ): void {
    const at = this.head;
    const words = this.events;
    words[at] = 3 | (takerSide << 8);
    words[at | 1] = makerId;
    words[at | 2] = priceTicks;
    words[at | 3] = qtyLots;
    words[at | 4] = levelLots;
    words[at | 5] = takerId;
    words[at | 6] = leftLots;
    this.head = (at + 8) | 0;
    if (at === 4088) this.spill();
  }

  /** Reports a refusal; returns its code. */
  protected refuse(id: number, code: number): number {
    if (this.recording !== 0) this.record(events.EVENT_REJECT, id, NIL, code, 0);
    return code;
  }

  /** A limit order that failed one of the first checks: refuses it, or makes room and goes on. */
  protected abstract limitSlowly(id: number, side: number, price: number, lots: number, tif: number): number;
  /** A market order that failed one of the first checks: refuses it, or goes on. */
  protected abstract marketSlowly(id: number, side: number, qtyLots: number): number;
  /** An order that does not reach the other side and is not GTC, or is not in the window. */
  protected abstract restOrNot(id: number, side: number, price: number, lots: number, tif: number): number;
  /** FOK and post-only at a price that would trade: 0 trade, a reject code, or 1 + the price to rest at. */
  protected abstract crossing(side: number, priceTicks: number, qtyLots: number, tif: number): number;
  /** As take(), in one level that is far or holds special orders, or for a special taker or rule. */
  protected abstract takeCarefully(takerId: number, side: number, price: number, qtyLots: number): number;
  /** rest() when the level is full, is not in the window or holds special orders or no freed node waits. */
  protected abstract restSlowly(id: number, side: number, priceTicks: number, qtyLots: number): number;
  /** cancel() of an id that does not rest as a plain order. */
  protected abstract cancelRare(id: number, node: number): number;
  /** A message has traded while stop orders wait. */
  protected abstract triggerStops(): void;
}
