// The memory of the order book: node pool, id table and ladder, which grow, move and empty themselves. Twin
// of src/core/book/memory.ts: same arrays, same names, same order of steps; the reasons stand there.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "codes.hpp"
#include "events.hpp"
#include "level_set.hpp"

namespace mms {

class BookMemory {
 public:
  /** Resting orders; O(freed nodes). */
  int32_t ordersLive() const {
    int32_t count = (fresh >> 3) - ticks;
    for (int32_t node = free; node != 0; node = nodes[node]) count--;
    return count;
  }

  void halt(bool on) {
    halted = on;
    setGate();
  }

  void band(int32_t lowTicks, int32_t highTicks) {
    bandLowTicks = lowTicks;
    bandHighTicks = highTicks;
    setGate();
  }

 protected:
  /** Fields of a node; field 0 is the next node. */
  enum : int32_t { PREV = 1, QTY = 2, LEVEL = 3, ID = 4, EXTRA = 5, SPECIAL = 5, UNSEEN = 6 };
  /** Words of a record of a special order. */
  enum : int32_t {
    X_ID,
    X_NODE,
    X_OWNER,
    X_PARTNER,
    X_RESERVE,
    X_PEAK,
    X_HIDDEN,
    X_SIDE,
    X_TRIGGER,
    X_PRICE,
    X_LOTS,
    X_TYPE,
    X_TIF,
    X_SELF_TRADE,
    X_DISPLAY,
    X_SERIAL,
    EXTRA_WORDS,
  };

  const int32_t maxTicks, maxOrders, maxIds;
  std::vector<int32_t> nodes, nodeOf;
  LevelSet levels;
  int32_t baseTicks = 0, ticks;
  bool halted = false;
  int32_t bandLowTicks = 0, bandHighTicks = MAX_PRICE_TICKS, gateLow = 0, gateHigh;
  int32_t free = 0, fresh, bidLevel = -1, askLevel = BEYOND;
  std::vector<int32_t> events;
  int32_t head = 0;
  std::vector<int32_t> extras;
  std::vector<double> expiries;
  int32_t extraFree = 0, extraFresh = EXTRA_WORDS;

  BookMemory(const BookOptions& options, bool recording)
      : maxTicks(powerOfTwo(std::max(options.ticks, options.maxTicks))),
        maxOrders(std::max(options.orders, options.maxOrders)),
        maxIds(std::max(options.ids, options.maxIds)),
        nodes(emptyLadder(powerOfTwo(options.ticks), options.orders)),
        nodeOf(options.ids, 0),
        levels(powerOfTwo(options.ticks)),
        ticks(powerOfTwo(options.ticks)),
        gateHigh(ticks),
        fresh(ticks << 3),
        events(recording ? EVENTS_END : 0),
        extras(EXTRA_WORDS * 2),
        expiries(2) {}

  static int32_t powerOfTwo(int32_t n) { return n <= 32 ? 32 : 1 << (32 - __builtin_clz(n - 1)); }

  static std::vector<int32_t> emptyLadder(int32_t ticks, int32_t orders) {
    std::vector<int32_t> nodes(static_cast<size_t>(ticks + orders) << 3, 0);
    for (int32_t sentinel = 0; sentinel < ticks << 3; sentinel += 8) {
      nodes[sentinel] = nodes[sentinel + PREV] = sentinel;
    }
    return nodes;
  }

  int32_t idCount() const { return static_cast<int32_t>(nodeOf.size()); }
  int32_t nodeAt(int32_t id) const { return id < 0 || id >= idCount() ? 0 : nodeOf[id]; }
  int32_t lowestLevel() const { return nodes[0] != 0 ? 0 : levels.above(0); }

  int32_t highestLevel() const {
    const int32_t last = ticks - 1;
    return nodes[last << 3] != last << 3 ? last : levels.below(last);
  }

  void reset() {
    for (int32_t level = lowestLevel(); level != BEYOND; level = levels.above(level)) {
      const int32_t sentinel = level << 3;
      for (int32_t node = nodes[sentinel]; node != sentinel; node = nodes[node]) {
        nodeOf[nodes[node + ID]] = 0;
        nodes[node + EXTRA] = 0;
      }
      nodes[sentinel] = nodes[sentinel + PREV] = sentinel;
      nodes[sentinel + QTY] = nodes[sentinel + SPECIAL] = nodes[sentinel + UNSEEN] = 0;
      levels.remove(level);
    }
    for (int32_t extra = EXTRA_WORDS; extra < extraFresh; extra += EXTRA_WORDS) {
      if (extras[extra] != NIL) nodeOf[extras[extra]] = 0;
    }
    extraFree = 0;
    extraFresh = EXTRA_WORDS;
    free = 0;
    fresh = ticks << 3;
    bidLevel = -1;
    askLevel = BEYOND;
  }

  [[gnu::noinline]] bool makeRoom(int32_t priceTicks) {
    if (priceTicks < 0 || priceTicks > MAX_PRICE_TICKS) return false;
    const bool empty = bidLevel < 0 && askLevel == BEYOND;
    const int32_t low = empty ? priceTicks : std::min(priceTicks, lowestLevel() + baseTicks);
    const int32_t high = empty ? priceTicks : std::max(priceTicks, highestLevel() + baseTicks);
    const int32_t span = high - low + 1;
    if (span > maxTicks) return false;
    const int32_t wanted = static_cast<int32_t>(std::min<int64_t>(maxTicks, int64_t{2} * span));
    const int32_t newTicks = std::max(ticks, powerOfTwo(wanted));
    const int32_t newBase = std::max(0, low - ((newTicks - span) >> 1));
    if (empty && newTicks == ticks) baseTicks = newBase;
    else rebuild(newBase, newTicks);
    setGate();
    return true;
  }

  void setGate() {
    gateLow = std::max(0, clamped(int64_t{bandLowTicks} - baseTicks));
    gateHigh = halted ? 0 : std::min(ticks, clamped(int64_t{bandHighTicks} + 1 - baseTicks));
  }

  int32_t marketLevel(int32_t side) const {
    if (side == BUY) return std::min(ticks, clamped(int64_t{bandHighTicks} - baseTicks));
    return std::max(-1, clamped(int64_t{bandLowTicks} - baseTicks));
  }

  bool isInBand(int32_t priceTicks) const {
    if (priceTicks < 0 || priceTicks > MAX_PRICE_TICKS) return true;
    return priceTicks >= bandLowTicks && priceTicks <= bandHighTicks;
  }

  bool hasRoom(int32_t priceTicks) {
    const int32_t end = std::min(baseTicks + ticks, MAX_PRICE_TICKS + 1);
    return (priceTicks >= baseTicks && priceTicks < end) || makeRoom(priceTicks);
  }

  void rebuild(int32_t newBase, int32_t newTicks) {
    std::vector<int32_t> to = emptyLadder(newTicks, static_cast<int32_t>(nodes.size() >> 3) - ticks);
    const int32_t shift = baseTicks - newBase;
    LevelSet newLevels(newTicks);
    int32_t newFresh = newTicks << 3;
    for (int32_t level = lowestLevel(); level != BEYOND; level = levels.above(level)) {
      const int32_t sentinel = (level + shift) << 3;
      int32_t last = sentinel;
      for (int32_t node = nodes[level << 3]; node != level << 3; node = nodes[node]) {
        const int32_t extra = nodes[node + EXTRA];
        to[last] = newFresh;
        to[newFresh + PREV] = last;
        to[newFresh + QTY] = nodes[node + QTY];
        to[newFresh + LEVEL] = sentinel;
        to[newFresh + ID] = nodes[node + ID];
        to[newFresh + EXTRA] = extra;
        if (extra != 0) extras[extra + X_NODE] = newFresh;
        nodeOf[nodes[node + ID]] = newFresh;
        last = newFresh;
        newFresh += 8;
      }
      to[last] = sentinel;
      to[sentinel + PREV] = last;
      for (const int32_t field : {QTY, SPECIAL, UNSEEN}) to[sentinel + field] = nodes[(level << 3) + field];
      newLevels.add(level + shift);
    }
    nodes = std::move(to);
    levels = std::move(newLevels);
    ticks = newTicks;
    baseTicks = newBase;
    free = 0;
    fresh = newFresh;
    if (bidLevel >= 0) bidLevel += shift;
    if (askLevel != BEYOND) askLevel += shift;
  }

  bool hasFree() {
    if (free != 0) return true;
    const int32_t node = fresh;
    if ((node >> 3) - ticks >= maxOrders) return false;
    if (node == static_cast<int32_t>(nodes.size())) moreOrders();
    fresh = node + 8;
    nodes[node] = 0;
    free = node;
    return true;
  }

  int32_t newExtra() {
    int32_t extra = extraFree;
    if (extra != 0) {
      extraFree = extras[extra + X_NODE];
      return extra;
    }
    extra = extraFresh;
    if (extra == static_cast<int32_t>(extras.size())) {
      extras.resize(2 * extras.size());
      expiries.resize(2 * expiries.size());
    }
    extraFresh = extra + EXTRA_WORDS;
    return extra;
  }

  void freeExtra(int32_t extra) {
    extras[extra] = NIL;
    extras[extra + X_NODE] = extraFree;
    extraFree = extra;
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

 private:
  /** Differences of prices may leave int32; nothing lies beyond its ends. */
  static int32_t clamped(int64_t value) {
    return static_cast<int32_t>(std::clamp<int64_t>(value, INT32_MIN, INT32_MAX));
  }
};

}  // namespace mms
