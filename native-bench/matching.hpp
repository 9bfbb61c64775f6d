// The hot half of the order book: plain orders rest, trade and leave; whatever is rare is called by name
// and stands in special_orders.hpp, requests.hpp and book.hpp. Twin of src/core/book/matching.ts: same
// steps, same checks. One message in fourteen crosses; kept out of line, cross() leaves limit() and
// cancel() short (measured: 6 to 10 % of a replay).
#pragma once
#include "book.hpp"

namespace mms {

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::limit(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots,
                                            int32_t tif) {
  if (qtyLots < 1 || priceTicks < gateLow || priceTicks >= gateHigh || static_cast<uint32_t>(id) >= nodeOf.size() ||
      nodeOf[id] != 0) {
    return limitSlowly(id, side, priceTicks, qtyLots, tif);
  }
  // Whether it reaches the other side, without a branch on the side: nobody can foresee a side.
  if ((((askTicks - 1 - priceTicks) & (side - 1)) | ((priceTicks - 1 - bidTicks) & -side)) < 0) {
    return cross(id, side, priceTicks, qtyLots, tif);
  }
  if (tif == TIF_GTC) return rest(id, side, priceTicks, qtyLots);
  return restOrNot(id, side, priceTicks, qtyLots, tif);
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::cancel(int32_t id) {
  if (static_cast<uint32_t>(id) >= nodeOf.size()) return refuse(id, REJECT_UNKNOWN_ID);
  const int32_t node = nodeOf[id];
  if (node <= 0 || nodes[node + EXTRA] != 0) return cancelRare(id, node);
  return remove(id, node, CAUSE_CANCEL);
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::rest(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots) {
  const int32_t sentinel = (priceTicks & mask) << 3;
  const int32_t node = free;
  int32_t totalLots;
  if (__builtin_add_overflow(nodes[sentinel + QTY], qtyLots, &totalLots) || node == 0 ||
      nodes[sentinel + SPECIAL] != 0) {
    return restSlowly(id, side, priceTicks, qtyLots);
  }
  const int32_t last = nodes[sentinel + PREV];
  free = nodes[node];
  nodes[node] = sentinel;
  nodes[node + PREV] = last;
  nodes[node + QTY] = qtyLots;
  nodes[node + LEVEL] = sentinel;
  nodes[node + ID] = id;
  nodes[last] = node;
  nodes[sentinel + PREV] = node;
  nodes[sentinel + QTY] = totalLots;
  nodeOf[id] = node;
  if (last == sentinel) addLevel(side, priceTicks);
  record(EVENT_REST | side << SIDE_SHIFT, id, priceTicks, qtyLots, totalLots);
  return 0;
}

/** rest() at any price. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::restAnywhere(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots) {
  if (inWindow(priceTicks)) return rest(id, side, priceTicks, qtyLots);
  return restSlowly(id, side, priceTicks, qtyLots);
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::remove(int32_t id, int32_t node, int32_t cause) {
  const int32_t sentinel = nodes[node + LEVEL];
  const int32_t next = nodes[node];
  const int32_t prev = nodes[node + PREV];
  const int32_t qtyLots = nodes[node + QTY];
  nodeOf[id] = 0;
  nodes[prev] = next;
  nodes[next + PREV] = prev;
  const int32_t levelLots = nodes[sentinel + QTY] - qtyLots;
  nodes[sentinel + QTY] = levelLots;
  nodes[node] = free;
  free = node;
  recordCancel(id, nodes[sentinel + PRICE], qtyLots, levelLots, cause);
  if (next == prev && next == sentinel) dropLevel(sentinel);
  return qtyLots;
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::cross(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots,
                                     int32_t tif) {
  if (tif >= TIF_POST_ONLY || tif == TIF_FOK) {
    const int32_t code = crossing(side, priceTicks, qtyLots, tif);
    if (code > 0) return restAnywhere(id, side, code - 1, qtyLots);
    if (code < 0) return refuse(id, code);
  }
  const int32_t left = take(id, side, priceTicks, qtyLots);
  if (left > 0 && tif == TIF_GTC) restAnywhere(id, side, priceTicks, left);
  else record(EVENT_DONE | side << SIDE_SHIFT, id, NIL, qtyLots - left, left);
  if (stopsWaiting != 0) triggerStops();
  return qtyLots - left;
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::take(int32_t takerId, int32_t side, int32_t limitTicks,
                                           int32_t qtyLots) {
  int32_t best = side == BUY ? askTicks : bidTicks;
  while (qtyLots > 0 && (side == BUY ? best <= limitTicks : best >= limitTicks)) {
    const bool isRare = (nodes[((best & mask) << 3) + SPECIAL] | careful) != 0 || !inWindow(best);
    if (isRare) qtyLots = takeCarefully(takerId, side, best, qtyLots);
    else qtyLots = takeLevel(takerId, side, best, qtyLots);
    best = side == BUY ? askTicks : bidTicks;
  }
  return qtyLots;
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::takeLevel(int32_t takerId, int32_t side, int32_t priceTicks,
                                                int32_t qtyLots) {
  const int32_t sentinel = (priceTicks & mask) << 3;
  const int32_t first = nodes[sentinel];
  lastTicks = priceTicks;
  int32_t totalLots = nodes[sentinel + QTY], filled = 0, node = first, lastFilled = 0;
  while (qtyLots > 0 && node != sentinel) {
    const int32_t makerLots = nodes[node + QTY];
    const int32_t makerId = nodes[node + ID];
    if (makerLots > qtyLots) {
      nodes[node + QTY] = makerLots - qtyLots;
      totalLots -= qtyLots;
      report(side, makerId, takerId, priceTicks, qtyLots, totalLots, makerLots - qtyLots);
      qtyLots = 0;
      break;
    }
    qtyLots -= makerLots;
    totalLots -= makerLots;
    nodeOf[makerId] = 0;
    filled++;
    lastFilled = node;
    node = nodes[node];
    report(side, makerId, takerId, priceTicks, makerLots, totalLots, 0);
  }
  nodes[sentinel + QTY] = totalLots;
  if (filled > 0) {
    nodes[lastFilled] = free;
    free = first;
    nodes[sentinel] = node;
    nodes[node + PREV] = sentinel;
    if (node == sentinel) dropLevel(sentinel);
  }
  return qtyLots;
}

template <class Sink, bool Recording>
inline void Book<Sink, Recording>::record(int32_t what, int32_t id, int32_t priceTicks, int32_t qtyLots,
                                          int32_t levelLots) {
  if constexpr (Recording) {
    int32_t* words = nextRecord();
    words[0] = what;
    words[1] = id;
    words[2] = priceTicks;
    words[3] = qtyLots;
    words[4] = levelLots;
  }
}

template <class Sink, bool Recording>
inline void Book<Sink, Recording>::recordCancel(int32_t id, int32_t priceTicks, int32_t qtyLots,
                                                int32_t levelLots, int32_t cause) {
  if constexpr (Recording) {
    const int32_t side = priceTicks <= bidTicks ? BUY : SELL;
    record(EVENT_CANCEL | side << SIDE_SHIFT | cause << CAUSE_SHIFT, id, priceTicks, qtyLots, levelLots);
  }
}

template <class Sink, bool Recording>
inline void Book<Sink, Recording>::report(int32_t takerSide, int32_t makerId, int32_t takerId,
                                          int32_t priceTicks, int32_t qtyLots, int32_t levelLots,
                                          int32_t leftLots) {
  if constexpr (Recording) {
    int32_t* words = nextRecord();
    words[0] = EVENT_FILL | takerSide << SIDE_SHIFT;
    words[1] = makerId;
    words[2] = priceTicks;
    words[3] = qtyLots;
    words[4] = levelLots;
    words[5] = takerId;
    words[6] = leftLots;
  } else {
    sink.onTrade(makerId, takerId, priceTicks, qtyLots, takerSide);
  }
}

/** Place of the next record. */
template <class Sink, bool Recording>
inline int32_t* Book<Sink, Recording>::nextRecord() {
  if (head == EVENTS_END) spill();
  int32_t* words = events.data() + head;
  head += EVENT_WORDS;
  return words;
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::refuse(int32_t id, int32_t code) {
  record(EVENT_REJECT, id, NIL, code, 0);
  return code;
}

}  // namespace mms
