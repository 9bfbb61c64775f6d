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
import * as events from './events.js';
import type { EventSink } from './events.js';
import * as memory from './memory.js';
import type { BookOptions, TradeSink } from './types.js';

const DEAF: TradeSink = { onTrade() {} };

export abstract class Matching extends memory.BookMemory {
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
    const level = (priceTicks - this.baseTicks) | 0;
    const nodeOf = this.nodeOf;
    if (
      qtyLots < 1 ||
      level < this.gateLow ||
      level >= this.gateHigh ||
      id >>> 0 >= this.idCount >>> 0 ||
      nodeOf[id] !== 0
    ) {
      return this.limitSlowly(id, side, priceTicks, qtyLots, tif);
    }
    // Whether the price reaches the other side, for BUY = 0 and SELL = 1 without a branch.
    if ((((this.askLevel - 1 - level) & (side - 1)) | ((level - 1 - this.bidLevel) & -side)) < 0) {
      return this.cross(id, side, level, qtyLots, tif);
    }
    if (tif === 0) return this.rest(id, side, level, qtyLots);
    return this.restOrNot(id, side, level, qtyLots, tif);
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
   * Appends a plain order to its level. Returns 0, or a reject code before anything changed; neither can
   * happen after a trade, because an order that traded and still has lots emptied its level's price
   * and freed a node.
   */
  protected rest(id: number, side: number, level: number, qtyLots: number): number {
    const nodes = this.nodes;
    const sentinel = level << 3;
    const node = this.free;
    const totalLots = (nodes[sentinel | 2] + qtyLots) | 0;
    if (node === 0 || totalLots < 0 || nodes[sentinel | 5] !== 0) {
      return this.restSlowly(id, side, level, qtyLots);
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
    if (last === sentinel) this.addLevel(side, level);
    if (this.recording !== 0) this.record(0 | (side << 8), id, level, qtyLots, totalLots);
    return 0;
  }

  /** A level has its first order. */
  protected addLevel(side: number, level: number): void {
    this.levels.add(level);
    if (level <= this.bidLevel || level >= this.askLevel) return;
    if (side === 0) this.bidLevel = level;
    else this.askLevel = level;
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
    if (this.recording !== 0) this.recordCancel(id, sentinel >> 3, qtyLots, levelLots, cause);
    if (next === prev && next === sentinel) this.dropLevel(sentinel >> 3);
    return qtyLots;
  }

  /** A level has lost its last order. */
  protected dropLevel(level: number): void {
    this.levels.remove(level);
    if (level === this.bidLevel) this.bidLevel = this.levels.below(level);
    else if (level === this.askLevel) this.askLevel = this.levels.above(level);
  }

  /** A checked order that reaches the other side's best price. */
  protected cross(id: number, side: number, level: number, qtyLots: number, tif: number): number {
    if (tif >= 3 || tif === 2) {
      const code = this.crossing(side, level, qtyLots, tif);
      if (code > 0) return this.rest(id, side, code - 1, qtyLots);
      if (code < 0) return this.refuse(id, code);
    }
    const left = this.take(id, side, level, qtyLots);
    if (left > 0 && tif === 0) this.rest(id, side, level, left);
    else if (this.recording !== 0) {
      this.record(4 | (side << 8), id, -1 - this.baseTicks, qtyLots - left, left);
    }
    if (this.stopsWaiting !== 0) this.triggerStops();
    return (qtyLots - left) | 0;
  }

  /**
   * Trades against the other side up to and including limitLevel, in a level the oldest order first; returns
   * the lots that are left. A level's sentinel, total and the free list are written once, not per fill.
   */
  protected take(takerId: number, side: number, limitLevel: number, qtyLots: number): number {
    const nodes = this.nodes;
    const nodeOf = this.nodeOf;
    const recording = this.recording;
    for (;;) {
      const level = side === 0 ? this.askLevel : this.bidLevel;
      if (qtyLots <= 0 || (side === 0 ? level > limitLevel : level < limitLevel || level < 0)) return qtyLots;
      const sentinel = level << 3;
      if ((nodes[sentinel | 5] | this.careful) !== 0) {
        qtyLots = this.takeCarefully(takerId, side, level, qtyLots);
        continue;
      }
      const priceTicks = (level + this.baseTicks) | 0;
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
        if (node === sentinel) this.dropLevel(level);
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

  /** Writes an event of five words; the price comes as a level. */
  protected record(what: number, id: number, level: number, qtyLots: number, levelLots: number): void {
    const at = this.head;
    const words = this.events;
    words[at] = what;
    words[at | 1] = id;
    words[at | 2] = (level + this.baseTicks) | 0;
    words[at | 3] = qtyLots;
    words[at | 4] = levelLots;
    this.head = (at + 8) | 0;
    if (at === 4088) this.spill();
  }

  /** Writes that an order left its level untraded; the best prices must still be those before it left. */
  protected recordCancel(id: number, level: number, qtyLots: number, levelLots: number, cause: number): void {
    const side = (this.bidLevel - level) >>> 31;
    this.record(1 | (side << 8) | (cause << 16), id, level, qtyLots, levelLots);
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
    if (this.recording !== 0) this.record(events.EVENT_REJECT, id, -1 - this.baseTicks, code, 0);
    return code;
  }

  /** A limit order that failed one of the first checks: refuses it, or makes room and goes on. */
  protected abstract limitSlowly(id: number, side: number, price: number, lots: number, tif: number): number;
  /** A market order that failed one of the first checks: refuses it, or goes on. */
  protected abstract marketSlowly(id: number, side: number, qtyLots: number): number;
  /** An order that does not reach the other side and is not GTC. */
  protected abstract restOrNot(id: number, side: number, level: number, lots: number, tif: number): number;
  /** FOK and post-only at a price that would trade: 0 trade, a reject code, or 1 + the level to rest at. */
  protected abstract crossing(side: number, level: number, qtyLots: number, tif: number): number;
  /** As take(), in one level that holds special orders, or for a taker or a rule that is special. */
  protected abstract takeCarefully(takerId: number, side: number, level: number, qtyLots: number): number;
  /** rest() when the level is full or holds special orders or no freed node waits. */
  protected abstract restSlowly(id: number, side: number, level: number, qtyLots: number): number;
  /** cancel() of an id that does not rest as a plain order. */
  protected abstract cancelRare(id: number, node: number): number;
  /** A message has traded while stop orders wait. */
  protected abstract triggerStops(): void;
}
