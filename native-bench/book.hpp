// The limit order book of one instrument in one int array. Twin of src/core/book/{book,memory}.ts: same structure,
// same names, same order of steps, same answers and state hash. The rules stand there.
#pragma once
#include <algorithm>
#include <cstdint>
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

/** Sink: a class with onTrade(makerId, takerId, priceTicks, qtyLots, takerSide). */
template <class Sink>
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
        fresh(ticks << 3) {}

  int32_t bestBidTicks() const { return bidLevel < 0 ? NIL : bidLevel + baseTicks; }
  int32_t bestAskTicks() const { return askLevel == BEYOND ? NIL : askLevel + baseTicks; }

  int32_t limit(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots, int32_t tif) {
    if (qtyLots < 1) return REJECT_QTY;
    int32_t level = priceTicks - baseTicks;
    if (level < 0 || level >= ticks) {
      if (!makeRoom(priceTicks)) return REJECT_PRICE;
      level = priceTicks - baseTicks;
    }
    if (id < 0 || id >= idCount()) {
      if (!makeRoomForId(id)) return REJECT_ID;
    } else if (nodeOf[id] != 0) {
      return REJECT_DUPLICATE_ID;
    }
    return enter(id, side, level, qtyLots, tif);
  }

  int32_t market(int32_t id, int32_t side, int32_t qtyLots) {
    if (qtyLots < 1) return REJECT_QTY;
    if (id < 0 || id >= maxIds) return REJECT_ID;
    if (nodeAt(id) != 0) return REJECT_DUPLICATE_ID;
    return qtyLots - take(id, side, side == BUY ? ticks : -1, qtyLots);
  }

  int32_t cancel(int32_t id) {
    const int32_t node = nodeAt(id);
    if (node == 0) return REJECT_UNKNOWN_ID;
    const int32_t qtyLots = nodes[node + QTY];
    nodeOf[id] = 0;
    remove(node);
    return qtyLots;
  }

  int32_t replace(int32_t id, int32_t priceTicks, int32_t qtyLots) {
    if (qtyLots < 1) return REJECT_QTY;
    if (nodeAt(id) == 0) return REJECT_UNKNOWN_ID;
    const bool outside = priceTicks < baseTicks || priceTicks >= baseTicks + ticks;
    if (outside && !makeRoom(priceTicks)) return REJECT_PRICE;
    const int32_t node = nodeOf[id];
    const int32_t oldLevel = nodes[node + LEVEL] >> 3;
    const int32_t level = priceTicks - baseTicks;
    const int32_t less = nodes[node + QTY] - qtyLots;
    if (level == oldLevel && less >= 0) {
      nodes[node + QTY] = qtyLots;
      nodes[(level << 3) + QTY] -= less;
      return 0;
    }
    const int32_t side = oldLevel <= bidLevel ? BUY : SELL;
    if (side == BUY ? level < askLevel : level > bidLevel) {
      const int32_t others = nodes[(level << 3) + QTY] - (level == oldLevel ? nodes[node + QTY] : 0);
      if (sumOverflows(others, qtyLots)) return REJECT_QTY;
    }
    nodeOf[id] = 0;
    remove(node);
    return enter(id, side, level, qtyLots, TIF_GTC);
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
  enum : int32_t { PREV = 1, QTY = 2, LEVEL = 3, ID = 4 };

  Sink& sink;
  const int32_t maxTicks, maxOrders, maxIds;
  std::vector<int32_t> nodes, nodeOf;
  LevelSet levels;
  int32_t baseTicks = 0, ticks, free = 0, fresh, bidLevel = -1, askLevel = BEYOND;

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
      if (tif == TIF_IOC) return 0;
      if (tif == TIF_FOK) return REJECT_WOULD_NOT_FILL;
      return rest(id, side, level, qtyLots);
    }
    if (tif == TIF_POST_ONLY) return REJECT_WOULD_TRADE;
    if (tif == TIF_FOK && !canFill(side, level, qtyLots)) return REJECT_WOULD_NOT_FILL;
    const int32_t left = take(id, side, level, qtyLots);
    if (left > 0 && tif == TIF_GTC) rest(id, side, level, left);
    return qtyLots - left;
  }

  int32_t rest(int32_t id, int32_t side, int32_t level, int32_t qtyLots) {
    const int32_t sentinel = level << 3;
    if (sumOverflows(nodes[sentinel + QTY], qtyLots)) return REJECT_QTY;
    int32_t node = free;
    if (node != 0) {
      free = nodes[node];
    } else {
      if (ordersLive >= maxOrders) return REJECT_FULL;
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
    return 0;
  }

  void remove(int32_t node) {
    const int32_t sentinel = nodes[node + LEVEL];
    const int32_t next = nodes[node];
    const int32_t prev = nodes[node + PREV];
    nodes[prev] = next;
    nodes[next + PREV] = prev;
    nodes[sentinel + QTY] -= nodes[node + QTY];
    nodes[node] = free;
    free = node;
    ordersLive--;
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
      qtyLots = takeLevel(takerId, side, best, qtyLots);
      best = side == BUY ? askLevel : bidLevel;
    }
    return qtyLots;
  }

  int32_t takeLevel(int32_t takerId, int32_t side, int32_t level, int32_t qtyLots) {
    const int32_t priceTicks = level + baseTicks;
    const int32_t sentinel = level << 3;
    const int32_t first = nodes[sentinel];
    int32_t totalLots = nodes[sentinel + QTY], filled = 0, node = first, lastFilled = 0;
    while (qtyLots > 0 && node != sentinel) {
      const int32_t makerLots = nodes[node + QTY];
      const int32_t makerId = nodes[node + ID];
      if (makerLots > qtyLots) {
        nodes[node + QTY] = makerLots - qtyLots;
        totalLots -= qtyLots;
        sink.onTrade(makerId, takerId, priceTicks, qtyLots, side);
        qtyLots = 0;
        break;
      }
      qtyLots -= makerLots;
      totalLots -= makerLots;
      nodeOf[makerId] = 0;
      filled++;
      lastFilled = node;
      node = nodes[node];
      sink.onTrade(makerId, takerId, priceTicks, makerLots, side);
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
