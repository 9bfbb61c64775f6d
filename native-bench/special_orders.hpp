// The rarer half of the order book: icebergs, hidden orders, owners, pairs, expiry, and the careful way
// through a level that holds them or that is shared out by size. Twin of
// src/core/book/{special-orders,share-out}.ts.
#pragma once
#include "book.hpp"

namespace mms {

/** Shares `taken` of a level's lots out by size; see src/core/book/share-out.ts. */
inline void shareOut(const std::vector<int32_t>& lots, int32_t total, int32_t taken, bool top,
                     std::vector<int32_t>& out) {
  const int32_t count = static_cast<int32_t>(lots.size());
  int32_t rest = taken, from = 0;
  if (top && count > 0) {
    out[0] = std::min(lots[0], taken);
    rest -= out[0];
    total -= lots[0];
    from = 1;
  }
  const int32_t shared = rest;
  for (int32_t i = from; i < count; i++) {
    out[i] = shared == 0 ? 0 : static_cast<int32_t>(int64_t{lots[i]} * shared / total);
    rest -= out[i];
  }
  for (int32_t i = from; i < count && rest > 0; i++) {
    const int32_t more = std::min(rest, lots[i] - out[i]);
    out[i] += more;
    rest -= more;
  }
}

/** First hidden order of a level, its sentinel when there is none: visible orders queue before it. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::backOfVisible(int32_t sentinel) const {
  int32_t next = sentinel;
  for (;;) {
    const int32_t last = nodes[next + PREV];
    if (last == sentinel || !isHidden(last)) return next;
    next = last;
  }
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::restSlowly(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots) {
  if (int64_t{heldAt(priceTicks)} + qtyLots > MAX_LEVEL_LOTS) return refuse(id, REJECT_QTY);
  if (!hasFree()) return refuse(id, REJECT_FULL);
  const int32_t sentinel = openLevel(side, priceTicks);
  settle(id, sentinel, qtyLots, false);
  record(EVENT_REST | side << SIDE_SHIFT, id, priceTicks, qtyLots, nodes[sentinel + QTY]);
  return 0;
}

/** Puts an order into a freed node at the back of the visible or of all orders of its level. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::settle(int32_t id, int32_t sentinel, int32_t lots, bool hidden) {
  const int32_t node = free;
  free = nodes[node];
  insert(node, hidden ? sentinel : backOfVisible(sentinel));
  nodes[node + QTY] = lots;
  nodes[node + LEVEL] = sentinel;
  nodes[node + ID] = id;
  nodes[sentinel + (hidden ? UNSEEN : QTY)] += lots;
  nodeOf[id] = node;
  return node;
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::takeCarefully(int32_t takerId, int32_t side, int32_t priceTicks,
                                             int32_t qtyLots) {
  const int32_t sentinel = levelAt(priceTicks);
  int32_t left = qtyLots;
  while (left > 0 && nodes[sentinel] != sentinel) {
    const int32_t node = nodes[sentinel];
    if (allocation != ALLOCATE_PRICE_TIME) left = takeShared(takerId, side, sentinel, left);
    else if (isOwn(node)) left = preventSelfTrade(node, left);
    else left -= fillMaker(takerId, side, node, std::min(left, nodes[node + QTY]));
  }
  cancelLeaving();
  return left;
}

/** One round of sharing a level out by size; returns the lots that are left. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::takeShared(int32_t takerId, int32_t side, int32_t sentinel, int32_t qtyLots) {
  const int32_t first = nodes[sentinel];
  if (takerSelfTrade != SELF_TRADE_ALLOWED) {
    for (int32_t node = first; node != sentinel; node = nodes[node]) {
      if (isOwn(node)) return preventSelfTrade(node, qtyLots);
    }
  }
  const int32_t shownLots = nodes[sentinel + QTY];
  if (shownLots == 0) {
    return qtyLots - fillMaker(takerId, side, first, std::min(qtyLots, nodes[first + QTY]));
  }
  sharers.clear();
  sharerLots.clear();
  for (int32_t node = first; node != sentinel && !isHidden(node); node = nodes[node]) {
    sharers.push_back(node);
    sharerLots.push_back(nodes[node + QTY]);
  }
  shares.resize(std::max(shares.size(), sharers.size()));
  const int32_t taken = std::min(qtyLots, shownLots);
  shareOut(sharerLots, shownLots, taken, allocation == ALLOCATE_TOP_PRO_RATA, shares);
  for (size_t i = 0; i < sharers.size(); i++) {
    if (shares[i] > 0) fillMaker(takerId, side, sharers[i], shares[i]);
  }
  return qtyLots - taken;
}

template <class Sink, bool Recording>
void Book<Sink, Recording>::allocate(int32_t rule) {
  const bool known = rule == ALLOCATE_PRO_RATA || rule == ALLOCATE_TOP_PRO_RATA;
  allocation = known ? rule : static_cast<int32_t>(ALLOCATE_PRICE_TIME);
  careful = known ? CAREFUL_RULE : 0;
}

/** Trades lots of a resting order of any type; returns them. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::fillMaker(int32_t takerId, int32_t side, int32_t node, int32_t lots) {
  const int32_t sentinel = nodes[node + LEVEL];
  const int32_t left = nodes[node + QTY] - lots;
  nodes[node + QTY] = left;
  nodes[sentinel + (isHidden(node) ? UNSEEN : QTY)] -= lots;
  lastTicks = nodes[sentinel + PRICE];
  report(side, nodes[node + ID], takerId, lastTicks, lots, nodes[sentinel + QTY], left);
  const int32_t extra = nodes[node + EXTRA];
  if (extra != 0) partnerLeaves(extra);
  if (left == 0) refreshOrDrop(node);
  return lots;
}

/** A resting order has no lots left to show: the next peak goes to the back, or the order is over. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::refreshOrDrop(int32_t node) {
  const int32_t extra = nodes[node + EXTRA];
  if (extra == 0 || extras[extra + X_RESERVE] == 0) return dropOrder(node);
  const int32_t sentinel = nodes[node + LEVEL];
  const int32_t shown = std::min(extras[extra + X_PEAK], extras[extra + X_RESERVE]);
  extras[extra + X_RESERVE] -= shown;
  nodes[sentinel + UNSEEN] -= shown;
  unlink(node);
  insert(node, backOfVisible(sentinel));
  nodes[node + QTY] = shown;
  nodes[sentinel + QTY] += shown;
  recordRest(node);
}

template <class Sink, bool Recording>
void Book<Sink, Recording>::recordRest(int32_t node) {
  const int32_t sentinel = nodes[node + LEVEL];
  const int32_t side = extras[nodes[node + EXTRA] + X_SIDE];
  record(EVENT_REST | side << SIDE_SHIFT, nodes[node + ID], nodes[sentinel + PRICE], nodes[node + QTY],
         nodes[sentinel + QTY]);
}

template <class Sink, bool Recording>
void Book<Sink, Recording>::recordReduce(int32_t node) {
  const int32_t sentinel = nodes[node + LEVEL];
  const int32_t priceTicks = nodes[sentinel + PRICE];
  const int32_t side = priceTicks <= bidTicks ? BUY : SELL;
  record(EVENT_REDUCE | side << SIDE_SHIFT, nodes[node + ID], priceTicks, nodes[node + QTY],
         nodes[sentinel + QTY]);
}

template <class Sink, bool Recording>
void Book<Sink, Recording>::unlink(int32_t node) {
  nodes[nodes[node + PREV]] = nodes[node];
  nodes[nodes[node] + PREV] = nodes[node + PREV];
}

template <class Sink, bool Recording>
void Book<Sink, Recording>::insert(int32_t node, int32_t next) {
  const int32_t last = nodes[next + PREV];
  nodes[node] = next;
  nodes[node + PREV] = last;
  nodes[last] = node;
  nodes[next + PREV] = node;
}

/** Takes an order without lots out of the book. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::dropOrder(int32_t node) {
  const int32_t sentinel = nodes[node + LEVEL];
  unlink(node);
  nodeOf[nodes[node + ID]] = 0;
  if (nodes[node + EXTRA] != 0) {
    freeExtra(nodes[node + EXTRA]);
    nodes[node + EXTRA] = 0;
    nodes[sentinel + SPECIAL]--;
  }
  nodes[node] = free;
  free = node;
  if (nodes[sentinel] == sentinel) dropLevel(sentinel);
}

/** An order of any type leaves untraded; its partner is noted, not cancelled yet. Returns its lots. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::leave(int32_t node, int32_t cause) {
  const int32_t sentinel = nodes[node + LEVEL];
  const int32_t extra = nodes[node + EXTRA];
  int32_t lots = nodes[node + QTY];
  nodes[sentinel + (isHidden(node) ? UNSEEN : QTY)] -= lots;
  if (extra != 0) {
    nodes[sentinel + UNSEEN] -= extras[extra + X_RESERVE];
    lots += extras[extra + X_RESERVE];
    partnerLeaves(extra);
  }
  recordCancel(nodes[node + ID], nodes[sentinel + PRICE], nodes[node + QTY], nodes[sentinel + QTY], cause);
  dropOrder(node);
  return lots;
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::cancelRare(int32_t id, int32_t node) {
  if (node == 0) return refuse(id, REJECT_UNKNOWN_ID);
  const int32_t lots = node > 0 ? leave(node, CAUSE_CANCEL) : extras[-node + X_LOTS];
  if (node < 0) endStop(-node, CAUSE_CANCEL);
  cancelLeaving();
  return lots;
}

/** A pair ends: the partner of a record's order is noted to be cancelled. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::partnerLeaves(int32_t extra) {
  const int32_t partner = extras[extra + X_PARTNER];
  extras[extra + X_PARTNER] = NIL;
  const int32_t partnerExtra = partner == NIL ? 0 : extraOf(partner);
  if (partnerExtra == 0 || extras[partnerExtra + X_PARTNER] != extras[extra + X_ID]) return;
  extras[partnerExtra + X_PARTNER] = NIL;
  leaving.push_back(partner);
}

/** Cancels the partners that were noted. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::cancelLeaving() {
  for (size_t i = 0; i < leaving.size(); i++) end(leaving[i], CAUSE_PARTNER);
  leaving.clear();
}

/** Ends an order that rests or waits; false when it does neither. Its partner is noted. */
template <class Sink, bool Recording>
bool Book<Sink, Recording>::end(int32_t id, int32_t cause) {
  const int32_t node = nodeAt(id);
  if (node > 0) leave(node, cause);
  else if (node < 0) endStop(-node, cause);
  return node != 0;
}

/** Record of a living order, 0 when it has none. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::extraOf(int32_t id) const {
  const int32_t node = nodeAt(id);
  return node > 0 ? nodes[node + EXTRA] : -node;
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::cancelOwner(int32_t ownerId) {
  if (ownerId < 0) return 0;
  return endAll([&](int32_t extra) { return extras[extra + X_OWNER] == ownerId; }, CAUSE_MASS);
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::advance(double tNs) {
  if (tNs > nowNs) nowNs = tNs;
  if (nowNs < nextExpiryNs) return 0;
  nextExpiryNs = NEVER_NS;
  const auto isOver = [&](int32_t extra) {
    const double expiryNs = expiries[extra / EXTRA_WORDS];
    if (expiryNs <= nowNs) return true;
    if (expiryNs < nextExpiryNs) nextExpiryNs = expiryNs;
    return false;
  };
  return endAll(isOver, CAUSE_EXPIRED);
}

/** Ends all special orders of a sort, by ascending id; returns how many. */
template <class Sink, bool Recording>
template <class IsMeant>
int32_t Book<Sink, Recording>::endAll(IsMeant isMeant, int32_t cause) {
  std::vector<int32_t> ids;
  for (int32_t extra = EXTRA_WORDS; extra < extraFresh; extra += EXTRA_WORDS) {
    if (extras[extra + X_ID] != NIL && isMeant(extra)) ids.push_back(extras[extra + X_ID]);
  }
  std::sort(ids.begin(), ids.end());
  int32_t count = 0;
  for (const int32_t id : ids) {
    if (end(id, cause)) count++;
    cancelLeaving();
  }
  return count;
}

template <class Sink, bool Recording>
bool Book<Sink, Recording>::isHidden(int32_t node) const {
  const int32_t extra = nodes[node + EXTRA];
  return extra != 0 && extras[extra + X_HIDDEN] != 0;
}

/** Whether the incoming order must not trade with this one. */
template <class Sink, bool Recording>
bool Book<Sink, Recording>::isOwn(int32_t node) const {
  if (takerSelfTrade == SELF_TRADE_ALLOWED) return false;
  const int32_t extra = nodes[node + EXTRA];
  return extra != 0 && extras[extra + X_OWNER] == takerOwner;
}

/** The incoming order has met one of its owner's; returns the lots that it still has. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::preventSelfTrade(int32_t node, int32_t qtyLots) {
  const int32_t rule = takerSelfTrade;
  if (rule == SELF_TRADE_DECREMENT) {
    const int32_t lots = std::min(qtyLots, nodes[node + QTY]);
    droppedLots += lots;
    decrement(node, lots);
    return qtyLots - lots;
  }
  if (rule != SELF_TRADE_CANCEL_NEWEST) leave(node, CAUSE_SELF_TRADE);
  if (rule == SELF_TRADE_CANCEL_OLDEST) return qtyLots;
  droppedLots += qtyLots;
  return 0;
}

/** A resting order loses lots untraded. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::decrement(int32_t node, int32_t lots) {
  const int32_t extra = nodes[node + EXTRA];
  if (lots == nodes[node + QTY] && extras[extra + X_RESERVE] == 0) {
    leave(node, CAUSE_SELF_TRADE);
    return;
  }
  const int32_t sentinel = nodes[node + LEVEL];
  nodes[node + QTY] -= lots;
  nodes[sentinel + (isHidden(node) ? UNSEEN : QTY)] -= lots;
  recordReduce(node);
  if (nodes[node + QTY] == 0) refreshOrDrop(node);
}

/** Whether the other side holds so many lots up to and including a price, and none of the taker's own. */
template <class Sink, bool Recording>
bool Book<Sink, Recording>::canFill(int32_t side, int32_t limitTicks, int32_t qtyLots) const {
  int32_t priceTicks = side == BUY ? askTicks : bidTicks;
  int64_t missing = qtyLots;
  while (isPrice(priceTicks) && (side == BUY ? priceTicks <= limitTicks : priceTicks >= limitTicks)) {
    const int32_t sentinel = levelAt(priceTicks);
    missing -= int64_t{nodes[sentinel + QTY]} + nodes[sentinel + UNSEEN];
    if (takerSelfTrade != SELF_TRADE_ALLOWED) {
      for (int32_t node = nodes[sentinel]; node != sentinel; node = nodes[node]) {
        if (isOwn(node)) return false;
      }
    } else if (missing <= 0) {
      return true;
    }
    priceTicks = nextTicks(side == BUY ? SELL : BUY, priceTicks);
  }
  return missing <= 0;
}

/** Forgets all that reset() of the memory does not know. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::resetSpecial() {
  lastTicks = NIL;
  stopsWaiting = 0;
  nowNs = 0;
  nextExpiryNs = NEVER_NS;
  serial = 0;
  buyTrigger = NEVER;
  sellTrigger = NIL;
}

}  // namespace mms
