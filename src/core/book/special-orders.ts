/**
 * The rarer half of the order book: icebergs, hidden orders, owners, pairs, expiry, and the careful way
 * through a level that holds them or that is shared out by size.
 *
 * A special order has a record in `extras` and counts in its level's SPECIAL; plain orders and levels never
 * come here. Hidden orders stand behind all visible ones of their level; neither they nor an iceberg's
 * reserve are in the level's visible lots, but in its UNSEEN lots.
 * Cost: a fill O(1); a visible order on a level with hidden ones O(hidden ones of the level); sharing
 * out by size O(orders of the level); expiry and mass cancels O(records of special orders), expiry only
 * when due.
 */
import * as c from './codes.js';
import * as e from './events.js';
import { isPrice } from './ladder.js';
import { Matching } from './matching.js';
import * as m from './memory.js';
import { shareOut } from './share-out.js';

const { BUY, NIL } = c;
const { EXTRA, EXTRA_WORDS, ID, LEVEL, PREV, PRICE, QTY, SPECIAL, UNSEEN } = m;
const { X_HIDDEN, X_ID, X_OWNER, X_PARTNER, X_PEAK, X_RESERVE } = m;

/** `careful` bits: the taker prevents self-trades; levels are shared out by size. */
export const CAREFUL_TAKER = 1;
export const CAREFUL_RULE = 2;

export abstract class SpecialOrders extends Matching {
  protected allocation = c.ALLOCATE_PRICE_TIME;
  protected nowNs = 0;
  /** No expiry is earlier. */
  protected nextExpiryNs = Infinity;
  /** The incoming order's owner and self-trade prevention, and the lots that it lost to the latter. */
  protected takerOwner = NIL;
  protected takerSelfTrade = c.SELF_TRADE_ALLOWED;
  protected droppedLots = 0;
  /** Partners that must go once the level at hand is dealt with. */
  private leaving = new Int32Array(8);
  private leavingCount = 0;
  /** Nodes of a level that is shared out, their lots and their shares. */
  private sharers = new Int32Array(64);
  private sharerLots = new Int32Array(64);
  private shares = new Int32Array(64);

  /** First hidden order of a level, its sentinel when there is none: visible orders queue before it. */
  private backOfVisible(sentinel: number): number {
    let next = sentinel;
    for (;;) {
      const last = this.nodes[next + PREV];
      if (last === sentinel || !this.isHidden(last)) return next;
      next = last;
    }
  }

  protected restSlowly(id: number, side: number, priceTicks: number, qtyLots: number): number {
    if (this.heldAt(priceTicks) + qtyLots > c.MAX_LEVEL_LOTS) return this.refuse(id, c.REJECT_QTY);
    if (!this.hasFree()) return this.refuse(id, c.REJECT_FULL);
    const sentinel = this.openLevel(side, priceTicks);
    this.settle(id, sentinel, qtyLots, false);
    const what = e.EVENT_REST | (side << e.SIDE_SHIFT);
    if (this.recording !== 0) this.record(what, id, priceTicks, qtyLots, this.nodes[sentinel + QTY]);
    return 0;
  }

  /** Puts an order into a freed node at the back of the visible or of all orders of its level. */
  protected settle(id: number, sentinel: number, lots: number, hidden: boolean): number {
    const nodes = this.nodes;
    const node = this.free;
    this.free = nodes[node];
    this.insert(node, hidden ? sentinel : this.backOfVisible(sentinel));
    nodes[node + QTY] = lots;
    nodes[node + LEVEL] = sentinel;
    nodes[node + ID] = id;
    nodes[sentinel + (hidden ? UNSEEN : QTY)] += lots;
    this.nodeOf[id] = node;
    return node;
  }

  protected takeCarefully(takerId: number, side: number, priceTicks: number, qtyLots: number): number {
    const sentinel = this.levelAt(priceTicks);
    let left = qtyLots;
    while (left > 0 && this.nodes[sentinel] !== sentinel) {
      const node = this.nodes[sentinel];
      if (this.allocation !== c.ALLOCATE_PRICE_TIME) left = this.takeShared(takerId, side, sentinel, left);
      else if (this.isOwn(node)) left = this.preventSelfTrade(node, left);
      else left -= this.fillMaker(takerId, side, node, Math.min(left, this.nodes[node + QTY]));
    }
    this.cancelLeaving();
    return left;
  }

  /** One round of sharing a level out by size; returns the lots that are left. */
  private takeShared(takerId: number, side: number, sentinel: number, qtyLots: number): number {
    const nodes = this.nodes;
    if (this.takerSelfTrade !== c.SELF_TRADE_ALLOWED) {
      for (let node = nodes[sentinel]; node !== sentinel; node = nodes[node]) {
        if (this.isOwn(node)) return this.preventSelfTrade(node, qtyLots);
      }
    }
    const shownLots = nodes[sentinel + QTY];
    const first = nodes[sentinel];
    if (shownLots === 0) {
      return qtyLots - this.fillMaker(takerId, side, first, Math.min(qtyLots, nodes[first + QTY]));
    }
    let count = 0;
    for (let node = first; node !== sentinel && !this.isHidden(node); node = nodes[node]) {
      if (count === this.sharers.length) this.moreSharers();
      this.sharers[count] = node;
      this.sharerLots[count++] = nodes[node + QTY];
    }
    const top = this.allocation === c.ALLOCATE_TOP_PRO_RATA;
    const taken = Math.min(qtyLots, shownLots);
    shareOut(this.sharerLots, count, shownLots, taken, top, this.shares);
    for (let i = 0; i < count; i++) {
      if (this.shares[i] > 0) this.fillMaker(takerId, side, this.sharers[i], this.shares[i]);
    }
    return qtyLots - taken;
  }

  allocate(rule: number): void {
    const known = rule === c.ALLOCATE_PRO_RATA || rule === c.ALLOCATE_TOP_PRO_RATA;
    this.allocation = known ? rule : c.ALLOCATE_PRICE_TIME;
    this.careful = known ? CAREFUL_RULE : 0;
  }

  private moreSharers(): void {
    const twice = 2 * this.sharers.length;
    const [sharers, lots] = [this.sharers, this.sharerLots];
    this.sharers = new Int32Array(twice);
    this.sharerLots = new Int32Array(twice);
    this.shares = new Int32Array(twice);
    this.sharers.set(sharers);
    this.sharerLots.set(lots);
  }

  /** Trades lots of a resting order of any type; returns them. */
  private fillMaker(takerId: number, side: number, node: number, lots: number): number {
    const nodes = this.nodes;
    const sentinel = nodes[node + LEVEL];
    const left = nodes[node + QTY] - lots;
    nodes[node + QTY] = left;
    nodes[sentinel + (this.isHidden(node) ? UNSEEN : QTY)] -= lots;
    this.traded(side, nodes[node + ID], takerId, nodes[sentinel + PRICE], lots, nodes[sentinel + QTY], left);
    const extra = nodes[node + EXTRA];
    if (extra !== 0) this.partnerLeaves(extra);
    if (left === 0) this.refreshOrDrop(node);
    return lots;
  }

  /** A resting order has no lots left to show: the next peak goes to the back, or the order is over. */
  private refreshOrDrop(node: number): void {
    const nodes = this.nodes;
    const extra = nodes[node + EXTRA];
    if (this.extras[extra + X_RESERVE] === 0 || extra === 0) return this.dropOrder(node);
    const sentinel = nodes[node + LEVEL];
    const shown = Math.min(this.extras[extra + X_PEAK], this.extras[extra + X_RESERVE]);
    this.extras[extra + X_RESERVE] -= shown;
    nodes[sentinel + UNSEEN] -= shown;
    this.unlink(node);
    this.insert(node, this.backOfVisible(sentinel));
    nodes[node + QTY] = shown;
    nodes[sentinel + QTY] += shown;
    this.recordRest(node);
  }

  protected recordRest(node: number): void {
    if (this.recording === 0) return;
    const nodes = this.nodes;
    const sentinel = nodes[node + LEVEL];
    const side = this.extras[nodes[node + EXTRA] + m.X_SIDE];
    const what = e.EVENT_REST | (side << e.SIDE_SHIFT);
    this.record(what, nodes[node + ID], nodes[sentinel + PRICE], nodes[node + QTY], nodes[sentinel + QTY]);
  }

  private unlink(node: number): void {
    const nodes = this.nodes;
    nodes[nodes[node + PREV]] = nodes[node];
    nodes[nodes[node] + PREV] = nodes[node + PREV];
  }

  protected insert(node: number, next: number): void {
    const nodes = this.nodes;
    const last = nodes[next + PREV];
    nodes[node] = next;
    nodes[node + PREV] = last;
    nodes[last] = node;
    nodes[next + PREV] = node;
  }

  /** Takes an order without lots out of the book. */
  private dropOrder(node: number): void {
    const nodes = this.nodes;
    const sentinel = nodes[node + LEVEL];
    this.unlink(node);
    this.nodeOf[nodes[node + ID]] = 0;
    if (nodes[node + EXTRA] !== 0) {
      this.freeExtra(nodes[node + EXTRA]);
      nodes[node + EXTRA] = 0;
      nodes[sentinel + SPECIAL]--;
    }
    nodes[node] = this.free;
    this.free = node;
    if (nodes[sentinel] === sentinel) this.dropLevel(sentinel);
  }

  /** An order of any type leaves untraded; its partner is noted, not cancelled yet. Returns its lots. */
  protected leave(node: number, cause: number): number {
    const nodes = this.nodes;
    const sentinel = nodes[node + LEVEL];
    const extra = nodes[node + EXTRA];
    let lots = nodes[node + QTY];
    nodes[sentinel + (this.isHidden(node) ? UNSEEN : QTY)] -= lots;
    if (extra !== 0) {
      nodes[sentinel + UNSEEN] -= this.extras[extra + X_RESERVE];
      lots += this.extras[extra + X_RESERVE];
      this.partnerLeaves(extra);
    }
    if (this.recording !== 0) {
      const priceTicks = nodes[sentinel + PRICE];
      this.recordCancel(nodes[node + ID], priceTicks, nodes[node + QTY], nodes[sentinel + QTY], cause);
    }
    this.dropOrder(node);
    return lots;
  }

  protected cancelRare(id: number, node: number): number {
    if (node === 0) return this.refuse(id, c.REJECT_UNKNOWN_ID);
    const lots = node > 0 ? this.leave(node, e.CAUSE_CANCEL) : this.extras[-node + m.X_LOTS];
    if (node < 0) this.endStop(-node, e.CAUSE_CANCEL);
    this.cancelLeaving();
    return lots;
  }

  /** A pair ends: the partner of a record's order is noted to be cancelled. */
  protected partnerLeaves(extra: number): void {
    const partner = this.extras[extra + X_PARTNER];
    this.extras[extra + X_PARTNER] = NIL;
    const partnerExtra = partner === NIL ? 0 : this.extraOf(partner);
    if (partnerExtra === 0 || this.extras[partnerExtra + X_PARTNER] !== this.extras[extra + X_ID]) return;
    this.extras[partnerExtra + X_PARTNER] = NIL;
    if (this.leavingCount === this.leaving.length) {
      const old = this.leaving;
      this.leaving = new Int32Array(2 * old.length);
      this.leaving.set(old);
    }
    this.leaving[this.leavingCount++] = partner;
  }

  /** Cancels the partners that were noted. */
  protected cancelLeaving(): void {
    for (let i = 0; i < this.leavingCount; i++) this.end(this.leaving[i], e.CAUSE_PARTNER);
    this.leavingCount = 0;
  }

  /** Ends an order that rests or waits; false when it does neither. Its partner is noted. */
  protected end(id: number, cause: number): boolean {
    const node = this.nodeAt(id);
    if (node > 0) this.leave(node, cause);
    else if (node < 0) this.endStop(-node, cause);
    return node !== 0;
  }

  /** Record of a living order, 0 when it has none. */
  protected extraOf(id: number): number {
    const node = this.nodeAt(id);
    return node > 0 ? this.nodes[node + EXTRA] : -node;
  }

  cancelOwner(ownerId: number): number {
    if (ownerId < 0) return 0;
    return this.endAll((extra) => this.extras[extra + X_OWNER] === ownerId, e.CAUSE_MASS);
  }

  advance(tNs: number): number {
    if (tNs > this.nowNs) this.nowNs = tNs;
    if (this.nowNs < this.nextExpiryNs) return 0;
    this.nextExpiryNs = Infinity;
    return this.endAll((extra) => {
      const expiryNs = this.expiries[extra / EXTRA_WORDS];
      if (expiryNs <= this.nowNs) return true;
      if (expiryNs < this.nextExpiryNs) this.nextExpiryNs = expiryNs;
      return false;
    }, e.CAUSE_EXPIRED);
  }

  /** Ends all special orders of a sort, by ascending id; returns how many. */
  private endAll(isMeant: (extra: number) => boolean, cause: number): number {
    const ids: number[] = [];
    for (let extra = EXTRA_WORDS; extra < this.extraFresh; extra += EXTRA_WORDS) {
      if (this.extras[extra + X_ID] !== NIL && isMeant(extra)) ids.push(this.extras[extra + X_ID]);
    }
    ids.sort((a, b) => a - b);
    let count = 0;
    for (const id of ids) {
      if (this.end(id, cause)) count++;
      this.cancelLeaving();
    }
    return count;
  }

  protected isHidden(node: number): boolean {
    const extra = this.nodes[node + EXTRA];
    return extra !== 0 && this.extras[extra + X_HIDDEN] !== 0;
  }

  /** Whether the incoming order must not trade with this one. */
  private isOwn(node: number): boolean {
    if (this.takerSelfTrade === c.SELF_TRADE_ALLOWED) return false;
    const extra = this.nodes[node + EXTRA];
    return extra !== 0 && this.extras[extra + X_OWNER] === this.takerOwner;
  }

  /** The incoming order has met one of its owner's; returns the lots that it still has. */
  private preventSelfTrade(node: number, qtyLots: number): number {
    const rule = this.takerSelfTrade;
    if (rule === c.SELF_TRADE_DECREMENT) {
      const lots = Math.min(qtyLots, this.nodes[node + QTY]);
      this.droppedLots += lots;
      this.decrement(node, lots);
      return qtyLots - lots;
    }
    if (rule !== c.SELF_TRADE_CANCEL_NEWEST) this.leave(node, e.CAUSE_SELF_TRADE);
    if (rule === c.SELF_TRADE_CANCEL_OLDEST) return qtyLots;
    this.droppedLots += qtyLots;
    return 0;
  }

  /** A resting order loses lots untraded. */
  private decrement(node: number, lots: number): void {
    const nodes = this.nodes;
    const extra = nodes[node + EXTRA];
    if (lots === nodes[node + QTY] && this.extras[extra + X_RESERVE] === 0) {
      this.leave(node, e.CAUSE_SELF_TRADE);
      return;
    }
    const sentinel = nodes[node + LEVEL];
    nodes[node + QTY] -= lots;
    nodes[sentinel + (this.isHidden(node) ? UNSEEN : QTY)] -= lots;
    this.recordReduce(node);
    if (nodes[node + QTY] === 0) this.refreshOrDrop(node);
  }

  protected recordReduce(node: number): void {
    if (this.recording === 0) return;
    const nodes = this.nodes;
    const sentinel = nodes[node + LEVEL];
    const side = nodes[sentinel + PRICE] <= this.bidTicks ? BUY : c.SELL;
    const what = e.EVENT_REDUCE | (side << e.SIDE_SHIFT);
    this.record(what, nodes[node + ID], nodes[sentinel + PRICE], nodes[node + QTY], nodes[sentinel + QTY]);
  }

  /** Whether the other side holds so many lots up to and including a price, and none of the taker's own. */
  protected canFill(side: number, limitTicks: number, qtyLots: number): boolean {
    let priceTicks = side === BUY ? this.askTicks : this.bidTicks;
    let missing = qtyLots;
    while (isPrice(priceTicks) && (side === BUY ? priceTicks <= limitTicks : priceTicks >= limitTicks)) {
      const sentinel = this.levelAt(priceTicks);
      missing -= this.nodes[sentinel + QTY] + this.nodes[sentinel + UNSEEN];
      if (this.takerSelfTrade !== c.SELF_TRADE_ALLOWED) {
        for (let node = this.nodes[sentinel]; node !== sentinel; node = this.nodes[node]) {
          if (this.isOwn(node)) return false;
        }
      } else if (missing <= 0) return true;
      priceTicks = this.nextTicks(side === BUY ? c.SELL : BUY, priceTicks);
    }
    return missing <= 0;
  }

  /** Forgets all that reset() of the memory does not know. */
  protected resetSpecial(): void {
    this.lastTicks = NIL;
    this.stopsWaiting = 0;
    this.nowNs = 0;
    this.nextExpiryNs = Infinity;
  }

  /** Ends a stop order that waits, by its record. */
  protected abstract endStop(extra: number, cause: number): void;
}
