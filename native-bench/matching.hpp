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
  const int32_t level = levelOf(priceTicks);
  if (qtyLots < 1 || level < gateLow || level >= gateHigh || static_cast<uint32_t>(id) >= nodeOf.size() ||
      nodeOf[id] != 0) {
    return limitSlowly(id, side, priceTicks, qtyLots, tif);
  }
  // Whether it reaches the other side, without a branch on the side: nobody can foresee a side.
  if ((((askLevel - 1 - level) & (side - 1)) | ((level - 1 - bidLevel) & -side)) < 0) {
    return cross(id, side, level, qtyLots, tif);
  }
  if (tif == TIF_GTC) return rest(id, side, level, qtyLots);
  return restOrNot(id, side, level, qtyLots, tif);
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::cancel(int32_t id) {
  if (static_cast<uint32_t>(id) >= nodeOf.size()) return refuse(id, REJECT_UNKNOWN_ID);
  const int32_t node = nodeOf[id];
  if (node <= 0 || nodes[node + EXTRA] != 0) return cancelRare(id, node);
  return remove(id, node, CAUSE_CANCEL);
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::rest(int32_t id, int32_t side, int32_t level, int32_t qtyLots) {
  const int32_t sentinel = level << 3;
  const int32_t node = free;
  int32_t totalLots;
  if (__builtin_add_overflow(nodes[sentinel + QTY], qtyLots, &totalLots) || node == 0 ||
      nodes[sentinel + SPECIAL] != 0) {
    return restSlowly(id, side, level, qtyLots);
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
  if (last == sentinel) addLevel(side, level);
  record(EVENT_REST | side << SIDE_SHIFT, id, level, qtyLots, totalLots);
  return 0;
}

template <class Sink, bool Recording>
inline void Book<Sink, Recording>::addLevel(int32_t side, int32_t level) {
  levels.add(level);
  if (side == BUY) {
    if (level > bidLevel) bidLevel = level;
  } else if (level < askLevel) {
    askLevel = level;
  }
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
  recordCancel(id, sentinel >> 3, qtyLots, levelLots, cause);
  if (next == prev && next == sentinel) dropLevel(sentinel >> 3);
  return qtyLots;
}

template <class Sink, bool Recording>
inline void Book<Sink, Recording>::dropLevel(int32_t level) {
  levels.remove(level);
  if (level == bidLevel) bidLevel = levels.below(level);
  else if (level == askLevel) askLevel = levels.above(level);
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::cross(int32_t id, int32_t side, int32_t level, int32_t qtyLots, int32_t tif) {
  if (tif >= TIF_POST_ONLY || tif == TIF_FOK) {
    const int32_t code = crossing(side, level, qtyLots, tif);
    if (code > 0) return rest(id, side, code - 1, qtyLots);
    if (code < 0) return refuse(id, code);
  }
  const int32_t left = take(id, side, level, qtyLots);
  if (left > 0 && tif == TIF_GTC) rest(id, side, level, left);
  else record(EVENT_DONE | side << SIDE_SHIFT, id, NIL - baseTicks, qtyLots - left, left);
  if (stopsWaiting != 0) triggerStops();
  return qtyLots - left;
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::take(int32_t takerId, int32_t side, int32_t limitLevel,
                                           int32_t qtyLots) {
  int32_t best = side == BUY ? askLevel : bidLevel;
  while (qtyLots > 0 && (side == BUY ? best <= limitLevel : best >= limitLevel && best >= 0)) {
    if ((nodes[(best << 3) + SPECIAL] | careful) != 0) qtyLots = takeCarefully(takerId, side, best, qtyLots);
    else qtyLots = takeLevel(takerId, side, best, qtyLots);
    best = side == BUY ? askLevel : bidLevel;
  }
  return qtyLots;
}

template <class Sink, bool Recording>
inline int32_t Book<Sink, Recording>::takeLevel(int32_t takerId, int32_t side, int32_t level,
                                                int32_t qtyLots) {
  const int32_t priceTicks = level + baseTicks;
  const int32_t sentinel = level << 3;
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
    if (node == sentinel) dropLevel(level);
  }
  return qtyLots;
}

template <class Sink, bool Recording>
inline void Book<Sink, Recording>::record(int32_t what, int32_t id, int32_t level, int32_t qtyLots,
                                          int32_t levelLots) {
  if constexpr (Recording) {
    int32_t* words = nextRecord();
    words[0] = what;
    words[1] = id;
    words[2] = level + baseTicks;
    words[3] = qtyLots;
    words[4] = levelLots;
  }
}

template <class Sink, bool Recording>
inline void Book<Sink, Recording>::recordCancel(int32_t id, int32_t level, int32_t qtyLots, int32_t levelLots,
                                                int32_t cause) {
  if constexpr (Recording) {
    const int32_t side = level <= bidLevel ? BUY : SELL;
    record(EVENT_CANCEL | side << SIDE_SHIFT | cause << CAUSE_SHIFT, id, level, qtyLots, levelLots);
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
  record(EVENT_REJECT, id, NIL - baseTicks, code, 0);
  return code;
}

}  // namespace mms
