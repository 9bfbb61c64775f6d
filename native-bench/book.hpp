// The limit order book of one instrument in one int array. Twin of src/core/book/{memory,matching,book}.ts: same
// structure, same names, same order of steps, same answers, state and stream hash. The rules stand there. It twins plain
// orders and the event stream; where the TypeScript book would take a rare order's path, it stops the program.
// One file above the usual length, because memory and matching are one class here and are read side by side.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "level_set.hpp"

namespace mms {

enum : int32_t { BUY = 0, SELL = 1, NIL = -1 };
enum : int32_t { TIF_GTC = 0, TIF_IOC = 1, TIF_FOK = 2, TIF_POST_ONLY = 3 };
enum : int32_t {
  REJECT_QTY = -1,
  REJECT_PRICE = -2,
  REJECT_ID = -3,
  REJECT_DUPLICATE_ID = -4,
  REJECT_UNKNOWN_ID = -5,
  REJECT_WOULD_TRADE = -6,
  REJECT_WOULD_NOT_FILL = -7,
  REJECT_FULL = -8,
};
/** Kinds, causes and places of event records: src/core/book/events.ts says what the words mean. */
enum : int32_t { EVENT_REST, EVENT_CANCEL, EVENT_REDUCE, EVENT_FILL, EVENT_DONE, EVENT_REJECT };
enum : int32_t { CAUSE_CANCEL, CAUSE_REPLACE };
enum : int32_t { SIDE_SHIFT = 8, CAUSE_SHIFT = 16, EVENT_WORDS = 8, EVENT_RECORDS = 512 };
constexpr int32_t WORDS_USED[] = {5, 5, 5, 7, 5, 5};
constexpr int32_t MAX_PRICE_TICKS = (1 << 30) - 1;

struct BookOptions {
  int32_t ticks, orders, ids;
  int32_t maxTicks = 1 << 22, maxOrders = 1 << 24, maxIds = 1 << 26;
};

/** One step of the state hash. */
inline uint32_t mix(uint32_t h, int32_t value) {
  const uint32_t product = (h ^ static_cast<uint32_t>(value)) * 16777619u;
  return product ^ (product >> 15);
}

/**
 * Sink: a class with onTrade(makerId, takerId, priceTicks, qtyLots, takerSide) or, when Recording, with
 * onEvents(const int32_t* records, int32_t words). The choice is the compiler's, so that neither pays for the other.
 */
template <class Sink, bool Recording = false>
class Book {
 public:
  int32_t ordersLive = 0;

  Book(const BookOptions& options, Sink& sink)
      : sink(sink),
        maxTicks(powerOfTwo(std::max(options.ticks, options.maxTicks))),
        maxOrders(std::max(options.orders, options.maxOrders)),
        maxIds(std::max(options.ids, options.maxIds)),
        nodes(emptyLadder(powerOfTwo(options.ticks), options.orders)),
        nodeOf(options.ids, 0),
        levels(powerOfTwo(options.ticks)),
        ticks(powerOfTwo(options.ticks)),
        fresh(ticks << 3),
        events(Recording ? EVENT_RECORDS * EVENT_WORDS : 0) {}

  /** Hands the events that wait to the sink. */
  void flush() {
    if (head > 0) spill();
  }

  int32_t bestBidTicks() const { return bidLevel < 0 ? NIL : bidLevel + baseTicks; }
  int32_t bestAskTicks() const { return askLevel == BEYOND ? NIL : askLevel + baseTicks; }

  int32_t limit(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots, int32_t tif) {
    if (qtyLots < 1) return refuse(id, REJECT_QTY);
    int32_t level = priceTicks - baseTicks;
    if (level < 0 || level >= ticks) {
      if (!makeRoom(priceTicks)) return refuse(id, REJECT_PRICE);
      level = priceTicks - baseTicks;
    }
    if (id < 0 || id >= idCount()) {
      if (!makeRoomForId(id)) return refuse(id, REJECT_ID);
    } else if (nodeOf[id] != 0) {
      return refuse(id, REJECT_DUPLICATE_ID);
    }
    return enter(id, side, level, qtyLots, tif);
  }

  int32_t market(int32_t id, int32_t side, int32_t qtyLots) {
    if (qtyLots < 1) return refuse(id, REJECT_QTY);
    if (id < 0 || id >= maxIds) return refuse(id, REJECT_ID);
    if (nodeAt(id) != 0) return refuse(id, REJECT_DUPLICATE_ID);
    const int32_t left = take(id, side, side == BUY ? ticks : -1, qtyLots);
    record(EVENT_DONE | side << SIDE_SHIFT, id, NIL, qtyLots - left, left);
    return qtyLots - left;
  }

  int32_t cancel(int32_t id) {
    const int32_t node = nodeAt(id);
    if (node <= 0) return refuse(id, REJECT_UNKNOWN_ID);
    if (nodes[node + EXTRA] != 0) notTwinned();
    const int32_t qtyLots = nodes[node + QTY];
    nodeOf[id] = 0;
    remove(id, node, CAUSE_CANCEL);
    return qtyLots;
  }

  int32_t replace(int32_t id, int32_t priceTicks, int32_t qtyLots) {
    if (qtyLots < 1) return refuse(id, REJECT_QTY);
    if (nodeAt(id) == 0) return refuse(id, REJECT_UNKNOWN_ID);
    const bool outside = priceTicks < baseTicks || priceTicks >= baseTicks + ticks;
    if (outside && !makeRoom(priceTicks)) return refuse(id, REJECT_PRICE);
    const int32_t node = nodeOf[id];
    const int32_t oldLevel = nodes[node + LEVEL] >> 3;
    const int32_t level = priceTicks - baseTicks;
    const int32_t less = nodes[node + QTY] - qtyLots;
    const int32_t side = oldLevel <= bidLevel ? BUY : SELL;
    if (level == oldLevel && less >= 0) {
      nodes[node + QTY] = qtyLots;
      nodes[(level << 3) + QTY] -= less;
      record(EVENT_REDUCE | side << SIDE_SHIFT, id, priceTicks, qtyLots, nodes[(level << 3) + QTY]);
      return 0;
    }
    if (side == BUY ? level < askLevel : level > bidLevel) {
      const int32_t others = nodes[(level << 3) + QTY] - (level == oldLevel ? nodes[node + QTY] : 0);
      if (sumOverflows(others, qtyLots)) return refuse(id, REJECT_QTY);
    }
    nodeOf[id] = 0;
    remove(id, node, CAUSE_REPLACE);
    return enter(id, side, level, qtyLots, TIF_GTC);
  }

  /** Lots that rest at a price, 0 when none. */
  int32_t qtyAt(int32_t priceTicks) const {
    const int32_t level = priceTicks - baseTicks;
    return level < 0 || level >= ticks ? 0 : nodes[(level << 3) + QTY];
  }

  /** Lots of a resting order, 0 when the id does not rest. */
  int32_t qtyOf(int32_t id) const {
    const int32_t node = nodeAt(id);
    return node <= 0 ? 0 : nodes[node + QTY];
  }

  /** Writes the best levels of a side, best first; returns how many (<= max). */
  int32_t depth(int32_t side, int32_t* outPricesTicks, int32_t* outQtysLots, int32_t max) const {
    int32_t count = 0;
    int32_t level = side == BUY ? bidLevel : askLevel;
    while (count < max && level >= 0 && level != BEYOND) {
      outPricesTicks[count] = level + baseTicks;
      outQtysLots[count] = nodes[(level << 3) + QTY];
      if (outQtysLots[count] > 0) count++;
      level = side == BUY ? levels.below(level) : levels.above(level);
    }
    return count;
  }

  /** Empties the book; the ladder stays where it is. */
  void reset() {
    for (int32_t level = lowestLevel(); level != BEYOND; level = levels.above(level)) {
      const int32_t sentinel = level << 3;
      for (int32_t node = nodes[sentinel]; node != sentinel; node = nodes[node]) nodeOf[nodes[node + ID]] = 0;
      nodes[sentinel] = nodes[sentinel + PREV] = sentinel;
      nodes[sentinel + QTY] = 0;
      levels.remove(level);
    }
    ordersLive = free = 0;
    lastTicks = NIL;
    fresh = ticks << 3;
    bidLevel = -1;
    askLevel = BEYOND;
  }

  uint32_t stateHash() const {
    uint32_t h = 2166136261u;
    for (int32_t side = BUY; side <= SELL; side++) {
      int32_t level = side == BUY ? bidLevel : askLevel;
      while (level >= 0 && level != BEYOND) {
        const int32_t sentinel = level << 3;
        h = mix(mix(h, level + baseTicks), nodes[sentinel + QTY]);
        for (int32_t node = nodes[sentinel]; node != sentinel; node = nodes[node]) {
          h = mix(mix(h, nodes[node + ID]), nodes[node + QTY]);
        }
        level = side == BUY ? levels.below(level) : levels.above(level);
      }
      h = mix(h, -1 - side);
    }
    return h;
  }

  /** Levels of both sides and the lots on them. */
  void totals(int64_t& levelCount, int64_t& lots) const {
    levelCount = lots = 0;
    for (int32_t level = lowestLevel(); level != BEYOND; level = levels.above(level)) {
      levelCount++;
      lots += nodes[(level << 3) + QTY];
    }
  }

 private:
  enum : int32_t { PREV = 1, QTY = 2, LEVEL = 3, ID = 4, EXTRA = 5, SPECIAL = 5 };

  /** The rarer orders and rules are not twinned; what asks for them is, so that both sides do the same work. */
  int32_t careful = 0, stopsWaiting = 0, lastTicks = NIL;
  [[noreturn]] static void notTwinned() { std::abort(); }

  Sink& sink;
  const int32_t maxTicks, maxOrders, maxIds;
  std::vector<int32_t> nodes, nodeOf;
  LevelSet levels;
  int32_t baseTicks = 0, ticks, free = 0, fresh, bidLevel = -1, askLevel = BEYOND;
  std::vector<int32_t> events;
  int32_t head = 0;

  void spill() {
    if constexpr (Recording) sink.onEvents(events.data(), head);
    head = 0;
  }

  /** Place of the next record. */
  int32_t* nextRecord() {
    if (head == EVENT_RECORDS * EVENT_WORDS) spill();
    int32_t* words = events.data() + head;
    head += EVENT_WORDS;
    return words;
  }

  void record(int32_t what, int32_t id, int32_t priceTicks, int32_t qtyLots, int32_t levelLots) {
    if constexpr (Recording) {
      int32_t* words = nextRecord();
      words[0] = what;
      words[1] = id;
      words[2] = priceTicks;
      words[3] = qtyLots;
      words[4] = levelLots;
    }
  }

  int32_t refuse(int32_t id, int32_t code) {
    record(EVENT_REJECT, id, NIL, code, 0);
    return code;
  }

  void traded(int32_t takerSide, int32_t makerId, int32_t takerId, int32_t priceTicks, int32_t qtyLots,
              int32_t levelLots, int32_t leftLots) {
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

  static int32_t powerOfTwo(int32_t n) { return n <= 32 ? 32 : 1 << (32 - __builtin_clz(n - 1)); }

  static bool sumOverflows(int32_t a, int32_t b) {
    int32_t sum;
    return __builtin_add_overflow(a, b, &sum);
  }

  static std::vector<int32_t> emptyLadder(int32_t ticks, int32_t orders) {
    std::vector<int32_t> nodes(static_cast<size_t>(ticks + orders) << 3, 0);
    for (int32_t sentinel = 0; sentinel < ticks << 3; sentinel += 8) {
      nodes[sentinel] = nodes[sentinel + PREV] = sentinel;
    }
    return nodes;
  }

  int32_t idCount() const { return static_cast<int32_t>(nodeOf.size()); }
  int32_t nodeAt(int32_t id) const { return id < 0 || id >= idCount() ? 0 : nodeOf[id]; }

  int32_t enter(int32_t id, int32_t side, int32_t level, int32_t qtyLots, int32_t tif) {
    if (side == BUY ? level < askLevel : level > bidLevel) {
      if (tif == TIF_FOK) return refuse(id, REJECT_WOULD_NOT_FILL);
      if (tif != TIF_IOC) return rest(id, side, level, qtyLots);
      record(EVENT_DONE | side << SIDE_SHIFT, id, NIL, 0, qtyLots);
      return 0;
    }
    if (tif == TIF_POST_ONLY) return refuse(id, REJECT_WOULD_TRADE);
    if (tif == TIF_FOK && !canFill(side, level, qtyLots)) return refuse(id, REJECT_WOULD_NOT_FILL);
    const int32_t left = take(id, side, level, qtyLots);
    if (stopsWaiting != 0) notTwinned();
    if (left > 0 && tif == TIF_GTC) rest(id, side, level, left);
    else record(EVENT_DONE | side << SIDE_SHIFT, id, NIL, qtyLots - left, left);
    return qtyLots - left;
  }

  int32_t rest(int32_t id, int32_t side, int32_t level, int32_t qtyLots) {
    const int32_t sentinel = level << 3;
    if (sumOverflows(nodes[sentinel + QTY], qtyLots)) return refuse(id, REJECT_QTY);
    if (nodes[sentinel + SPECIAL] != 0) notTwinned();
    int32_t node = free;
    if (node != 0) {
      free = nodes[node];
    } else {
      if (ordersLive >= maxOrders) return refuse(id, REJECT_FULL);
      node = fresh;
      if (node == static_cast<int32_t>(nodes.size())) moreOrders();
      fresh = node + 8;
    }
    const int32_t last = nodes[sentinel + PREV];
    nodes[node] = sentinel;
    nodes[node + PREV] = last;
    nodes[node + QTY] = qtyLots;
    nodes[node + LEVEL] = sentinel;
    nodes[node + ID] = id;
    nodes[last] = node;
    nodes[sentinel + PREV] = node;
    nodes[sentinel + QTY] += qtyLots;
    nodeOf[id] = node;
    ordersLive++;
    if (last == sentinel) {
      levels.add(level);
      if (side == BUY) {
        if (level > bidLevel) bidLevel = level;
      } else if (level < askLevel) {
        askLevel = level;
      }
    }
    record(EVENT_REST | side << SIDE_SHIFT, id, level + baseTicks, qtyLots, nodes[sentinel + QTY]);
    return 0;
  }

  void remove(int32_t id, int32_t node, int32_t cause) {
    const int32_t sentinel = nodes[node + LEVEL];
    const int32_t next = nodes[node];
    const int32_t prev = nodes[node + PREV];
    nodes[prev] = next;
    nodes[next + PREV] = prev;
    nodes[sentinel + QTY] -= nodes[node + QTY];
    nodes[node] = free;
    free = node;
    ordersLive--;
    if constexpr (Recording) {
      const int32_t level = sentinel >> 3, side = level <= bidLevel ? BUY : SELL;
      record(EVENT_CANCEL | side << SIDE_SHIFT | cause << CAUSE_SHIFT, id, level + baseTicks, nodes[node + QTY],
             nodes[sentinel + QTY]);
    }
    if (next == prev && next == sentinel) dropLevel(sentinel >> 3);
  }

  void dropLevel(int32_t level) {
    levels.remove(level);
    if (level == bidLevel) bidLevel = levels.below(level);
    else if (level == askLevel) askLevel = levels.above(level);
  }

  int32_t take(int32_t takerId, int32_t side, int32_t limitLevel, int32_t qtyLots) {
    int32_t best = side == BUY ? askLevel : bidLevel;
    while (qtyLots > 0 && (side == BUY ? best <= limitLevel : best >= limitLevel && best >= 0)) {
      if ((nodes[(best << 3) + SPECIAL] | careful) != 0) notTwinned();
      qtyLots = takeLevel(takerId, side, best, qtyLots);
      best = side == BUY ? askLevel : bidLevel;
    }
    return qtyLots;
  }

  int32_t takeLevel(int32_t takerId, int32_t side, int32_t level, int32_t qtyLots) {
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
        traded(side, makerId, takerId, priceTicks, qtyLots, totalLots, makerLots - qtyLots);
        qtyLots = 0;
        break;
      }
      qtyLots -= makerLots;
      totalLots -= makerLots;
      nodeOf[makerId] = 0;
      filled++;
      lastFilled = node;
      node = nodes[node];
      traded(side, makerId, takerId, priceTicks, makerLots, totalLots, 0);
    }
    nodes[sentinel + QTY] = totalLots;
    if (filled > 0) {
      nodes[lastFilled] = free;
      free = first;
      nodes[sentinel] = node;
      nodes[node + PREV] = sentinel;
      ordersLive -= filled;
      if (node == sentinel) dropLevel(level);
    }
    return qtyLots;
  }

  bool canFill(int32_t side, int32_t limitLevel, int32_t qtyLots) const {
    int32_t level = side == BUY ? askLevel : bidLevel;
    int64_t missing = qtyLots;
    while (side == BUY ? level <= limitLevel : level >= limitLevel && level >= 0) {
      missing -= nodes[(level << 3) + QTY];
      if (missing <= 0) return true;
      level = side == BUY ? levels.above(level) : levels.below(level);
    }
    return false;
  }

  int32_t lowestLevel() const { return nodes[QTY] > 0 ? 0 : levels.above(0); }

  int32_t highestLevel() const {
    const int32_t last = ticks - 1;
    return nodes[(last << 3) + QTY] > 0 ? last : levels.below(last);
  }

  bool makeRoom(int32_t priceTicks) {
    if (priceTicks < 0 || priceTicks > MAX_PRICE_TICKS) return false;
    const bool empty = ordersLive == 0;
    const int32_t low = empty ? priceTicks : std::min(priceTicks, lowestLevel() + baseTicks);
    const int32_t high = empty ? priceTicks : std::max(priceTicks, highestLevel() + baseTicks);
    const int32_t span = high - low + 1;
    if (span > maxTicks) return false;
    const int32_t newTicks = std::max(ticks, powerOfTwo(std::min(maxTicks, 2 * span)));
    const int32_t newBase = std::max(0, low - ((newTicks - span) >> 1));
    if (empty && newTicks == ticks) baseTicks = newBase;
    else rebuild(newBase, newTicks);
    return true;
  }

  void rebuild(int32_t newBase, int32_t newTicks) {
    const std::vector<int32_t> old = std::move(nodes);
    const int32_t shift = baseTicks - newBase;
    LevelSet newLevels(newTicks);
    nodes = emptyLadder(newTicks, static_cast<int32_t>(old.size() >> 3) - ticks);
    fresh = newTicks << 3;
    for (int32_t level = old[QTY] > 0 ? 0 : levels.above(0); level != BEYOND; level = levels.above(level)) {
      const int32_t sentinel = (level + shift) << 3;
      int32_t last = sentinel;
      for (int32_t node = old[level << 3]; node != level << 3; node = old[node]) {
        nodes[last] = fresh;
        nodes[fresh + PREV] = last;
        nodes[fresh + QTY] = old[node + QTY];
        nodes[fresh + LEVEL] = sentinel;
        nodes[fresh + ID] = old[node + ID];
        nodeOf[old[node + ID]] = fresh;
        last = fresh;
        fresh += 8;
      }
      nodes[last] = sentinel;
      nodes[sentinel + PREV] = last;
      nodes[sentinel + QTY] = old[(level << 3) + QTY];
      newLevels.add(level + shift);
    }
    levels = std::move(newLevels);
    ticks = newTicks;
    baseTicks = newBase;
    free = 0;
    if (bidLevel >= 0) bidLevel += shift;
    if (askLevel != BEYOND) askLevel += shift;
  }

  void moreOrders() {
    const size_t ladder = static_cast<size_t>(ticks) << 3;
    nodes.resize(ladder + std::max<size_t>(64, 2 * (nodes.size() - ladder)), 0);
  }

  bool makeRoomForId(int32_t id) {
    if (id < 0 || id >= maxIds) return false;
    nodeOf.resize(std::min<int64_t>(maxIds, std::max<int64_t>(2 * int64_t{idCount()}, int64_t{id} + 1)), 0);
    return true;
  }
};

}  // namespace mms
