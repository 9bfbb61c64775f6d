// The memory of the order book: node pool, id table, records of special orders, buffer of events. Twin of
// src/core/book/memory.ts: same arrays, same names, same order of steps; the reasons stand there.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "codes.hpp"
#include "events.hpp"

namespace mms {

class BookMemory {
 public:
  /** Resting orders; O(freed nodes). */
  int32_t ordersLive() const {
    int32_t count = orderNodes();
    for (int32_t node = free; node != 0; node = nodes[node]) count--;
    return count;
  }

 protected:
  /** Fields of a node: of an order, and from NEXT_FREE on those of a level; field 0 is the next node. */
  enum : int32_t { PREV = 1, QTY, LEVEL, ID, EXTRA, NEXT_FREE = 3, PRICE, SPECIAL, UNSEEN };
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

  const int32_t maxOrders, maxIds, ticks, mask;
  std::vector<int32_t> nodes, nodeOf;
  int32_t free = 0, fresh;
  std::vector<int32_t> events;
  int32_t head = 0;
  std::vector<int32_t> extras;
  std::vector<double> expiries;
  int32_t extraFree = 0, extraFresh = EXTRA_WORDS;

  BookMemory(const BookOptions& options, bool recording)
      : maxOrders(std::max(options.orders, options.maxOrders)),
        maxIds(std::max(options.ids, options.maxIds)),
        ticks(powerOfTwo(options.ticks)),
        mask(ticks - 1),
        nodes(emptyLevels(ticks, options.orders)),
        nodeOf(options.ids, 0),
        fresh(ticks << 3),
        events(recording ? EVENTS_END : 0),
        extras(EXTRA_WORDS * 2),
        expiries(2) {}

  static int32_t powerOfTwo(int32_t n) { return n <= 32 ? 32 : 1 << (32 - __builtin_clz(n - 1)); }

  static std::vector<int32_t> emptyLevels(int32_t ticks, int32_t orders) {
    std::vector<int32_t> nodes(static_cast<size_t>(ticks + orders) << 3, 0);
    for (int32_t sentinel = 0; sentinel < ticks << 3; sentinel += 8) {
      nodes[sentinel] = nodes[sentinel + PREV] = sentinel;
    }
    return nodes;
  }

  int32_t idCount() const { return static_cast<int32_t>(nodeOf.size()); }
  int32_t nodeAt(int32_t id) const { return id < 0 || id >= idCount() ? 0 : nodeOf[id]; }

  bool hasFree() {
    if (free != 0) return true;
    if (orderNodes() >= maxOrders) return false;
    free = freshNode();
    nodes[free] = 0;
    return true;
  }

  /** An empty far level. */
  int32_t newFar(int32_t priceTicks) {
    int32_t sentinel = farFree;
    if (sentinel == 0) {
      sentinel = spareNode();
      farNodes++;
      nodes[sentinel] = nodes[sentinel + PREV] = sentinel;
      nodes[sentinel + QTY] = nodes[sentinel + UNSEEN] = 0;
    } else {
      farFree = nodes[sentinel + NEXT_FREE];
    }
    nodes[sentinel + PRICE] = priceTicks;
    return sentinel;
  }

  /** Takes an empty far level back. */
  void freeFar(int32_t sentinel) {
    nodes[sentinel + NEXT_FREE] = farFree;
    farFree = sentinel;
  }

  void resetMemory() {
    free = 0;
    fresh = ticks << 3;
    farFree = farNodes = 0;
    extraFree = 0;
    extraFresh = EXTRA_WORDS;
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

  bool makeRoomForId(int32_t id) {
    if (id < 0 || id >= maxIds) return false;
    nodeOf.resize(std::min<int64_t>(maxIds, std::max<int64_t>(2 * int64_t{idCount()}, int64_t{id} + 1)), 0);
    return true;
  }

 private:
  int32_t farFree = 0, farNodes = 0;

  /** Nodes that rest or wait freed. */
  int32_t orderNodes() const { return (fresh >> 3) - ticks - farNodes; }

  int32_t spareNode() {
    const int32_t node = free;
    if (node == 0 || nodes[node] == 0) return freshNode();
    free = nodes[node];
    return node;
  }

  int32_t freshNode() {
    const int32_t node = fresh;
    if (node == static_cast<int32_t>(nodes.size())) moreOrders();
    fresh = node + 8;
    return node;
  }

  void moreOrders() {
    const size_t window = static_cast<size_t>(ticks) << 3;
    nodes.resize(window + std::max<size_t>(64, 2 * (nodes.size() - window)), 0);
  }
};

}  // namespace mms
