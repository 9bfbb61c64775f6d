// The price levels of the order book: a window of levels about the best prices, and far levels beyond it.
// Twin of src/core/book/ladder.ts: same rules, same order of steps; the reasons stand there.
#pragma once
#include "level_set.hpp"
#include "memory.hpp"
#include "price_list.hpp"

namespace mms {

/** Whether a number can be a price. */
inline bool isPrice(int32_t priceTicks) { return priceTicks >= 0 && priceTicks <= MAX_PRICE_TICKS; }

class Ladder : public BookMemory {
 public:
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
  int32_t baseTicks = 0, endTicks, bidTicks = -1, askTicks = BEYOND;
  bool halted = false;
  int32_t bandLowTicks = 0, bandHighTicks = MAX_PRICE_TICKS, gateLow = 0, gateHigh;

  Ladder(const BookOptions& options, bool recording)
      : BookMemory(options, recording), endTicks(ticks), gateHigh(ticks), levels(ticks) {}

  bool inWindow(int32_t priceTicks) const {
    return static_cast<uint32_t>(priceTicks) - static_cast<uint32_t>(baseTicks) <=
           static_cast<uint32_t>(mask);
  }

  /** The level of a price, NIL when it is a far one at which nothing rests. */
  int32_t levelAt(int32_t priceTicks) const {
    if (inWindow(priceTicks)) return (priceTicks & mask) << 3;
    return (priceTicks < baseTicks ? farBuys : farSells).valueOf(priceTicks);
  }

  /** Lots at a price, seen and unseen. */
  int32_t heldAt(int32_t priceTicks) const {
    const int32_t sentinel = levelAt(priceTicks);
    return sentinel == NIL ? 0 : nodes[sentinel + QTY] + nodes[sentinel + UNSEEN];
  }

  /** The next worse price of a side at which orders rest: -1 (buy) or BEYOND (sell) when there is none. */
  int32_t nextTicks(int32_t side, int32_t priceTicks) const {
    return side == BUY ? below(priceTicks) : above(priceTicks);
  }

  int32_t below(int32_t priceTicks) const {
    if (inWindow(priceTicks)) {
      const int32_t level = priceTicks & mask;
      const int32_t found = levels.below(level);
      const int32_t next = priceTicks - ((level - (found < 0 ? levels.highest() : found)) & mask);
      if (next >= baseTicks && next < priceTicks && isUsed(next)) return next;
    }
    return farBuys.worseThan(priceTicks);
  }

  int32_t above(int32_t priceTicks) const {
    if (inWindow(priceTicks)) {
      const int32_t level = priceTicks & mask;
      const int32_t found = levels.above(level);
      const int32_t next = priceTicks + (((found == BEYOND ? levels.lowest() : found) - level) & mask);
      if (next < endTicks && next > priceTicks && isUsed(next)) return next;
    }
    const int32_t far = farSells.worseThan(priceTicks);
    return far == NIL ? BEYOND : far;
  }

  /** A level where an order is about to rest, wherever its price: moves the window if it should follow. */
  int32_t openLevel(int32_t side, int32_t priceTicks) {
    if (!inWindow(priceTicks)) follow(side, priceTicks);
    int32_t sentinel = levelAt(priceTicks);
    if (sentinel == NIL) {
      sentinel = newFar(priceTicks);
      farSide(priceTicks).set(priceTicks, sentinel);
      improve(side, priceTicks);
    } else if (nodes[sentinel] == sentinel) {
      addLevel(side, priceTicks);
    }
    return sentinel;
  }

  /** A level of the window gets its first order. */
  void addLevel(int32_t side, int32_t priceTicks) {
    const int32_t level = priceTicks & mask;
    nodes[(level << 3) + PRICE] = priceTicks;
    levels.add(level);
    improve(side, priceTicks);
  }

  /** A level has lost its last order. */
  void dropLevel(int32_t sentinel) {
    const int32_t level = sentinel >> 3;
    if (level > mask) return dropFarLevel(sentinel);
    const int32_t priceTicks = nodes[sentinel + PRICE];
    levels.remove(level);
    if (priceTicks == bidTicks) {
      const int32_t found = levels.below(level);
      const int32_t next = priceTicks - level + found;
      bidTicks = found < 0 || next < baseTicks ? below(priceTicks) : next;
    } else if (priceTicks == askTicks) {
      const int32_t next = priceTicks - level + levels.above(level);
      askTicks = next >= endTicks ? above(priceTicks) : next;
    }
  }

  int32_t marketTicks(int32_t side) const {
    return side == BUY ? std::min(MAX_PRICE_TICKS, bandHighTicks) : std::max(0, bandLowTicks);
  }

  bool isInBand(int32_t priceTicks) const {
    if (!isPrice(priceTicks)) return true;
    return priceTicks >= bandLowTicks && priceTicks <= bandHighTicks;
  }

  void reset() {
    for (int32_t priceTicks = bidTicks; isPrice(priceTicks);) {
      const int32_t next = below(priceTicks);
      clearLevel(levelAt(priceTicks));
      priceTicks = next;
    }
    for (int32_t priceTicks = askTicks; isPrice(priceTicks);) {
      const int32_t next = above(priceTicks);
      clearLevel(levelAt(priceTicks));
      priceTicks = next;
    }
    for (int32_t extra = EXTRA_WORDS; extra < extraFresh; extra += EXTRA_WORDS) {
      if (extras[extra] != NIL) nodeOf[extras[extra]] = 0;
    }
    farBuys.clear();
    farSells.clear();
    bidTicks = -1;
    askTicks = BEYOND;
    resetMemory();
  }

 private:
  LevelSet levels;
  PriceList farBuys{BUY}, farSells{SELL};

  PriceList& farSide(int32_t priceTicks) { return priceTicks < baseTicks ? farBuys : farSells; }

  /** Whether orders rest at a price of the window. */
  bool isUsed(int32_t priceTicks) const {
    const int32_t sentinel = (priceTicks & mask) << 3;
    return nodes[sentinel] != sentinel;
  }

  /** A price has its first order and may be the best one. */
  void improve(int32_t side, int32_t priceTicks) {
    if (side == BUY) {
      if (priceTicks > bidTicks) bidTicks = priceTicks;
    } else if (priceTicks < askTicks) {
      askTicks = priceTicks;
    }
  }

  [[gnu::noinline]] void dropFarLevel(int32_t sentinel) {
    const int32_t priceTicks = nodes[sentinel + PRICE];
    farSide(priceTicks).remove(priceTicks);
    freeFar(sentinel);
    if (priceTicks == bidTicks) bidTicks = below(priceTicks);
    else if (priceTicks == askTicks) askTicks = above(priceTicks);
  }

  /** An order is about to rest outside the window: moves it there if that is where trading is. */
  void follow(int32_t side, int32_t priceTicks) {
    const int32_t bid = side == BUY ? std::max(bidTicks, priceTicks) : bidTicks;
    const int32_t ask = side == BUY ? askTicks : std::min(askTicks, priceTicks);
    const bool isNarrow = ask - bid <= ticks >> 1;
    const int32_t centre = isNarrow ? (bid + ask) >> 1 : side == BUY ? bid : ask;
    if (std::abs(priceTicks - centre) > ticks >> 2) return;
    if (!isNarrow && inWindow(side == BUY ? ask : bid)) return;
    const int32_t last = MAX_PRICE_TICKS + 1 - ticks;
    moveWindow(std::min(last, std::max(0, centre - (ticks >> 1))));
  }

  void moveWindow(int32_t newBase) {
    const int32_t newEnd = newBase + ticks;
    const int32_t first = isUsed(baseTicks) ? baseTicks : above(baseTicks);
    for (int32_t price = first; price < newBase && price < endTicks; price = above(price)) {
      moveOut(farBuys, price);
    }
    const int32_t top = endTicks - 1;
    const int32_t last = isUsed(top) ? top : below(top);
    for (int32_t price = last; price >= newEnd && price >= baseTicks; price = below(price)) {
      moveOut(farSells, price);
    }
    baseTicks = newBase;
    endTicks = newEnd;
    while (farBuys.bestTicks() >= newBase) moveIn(farBuys);
    while (!farSells.empty() && farSells.bestTicks() < newEnd) moveIn(farSells);
    setGate();
  }

  /** A level of the window becomes a far one. */
  void moveOut(PriceList& far, int32_t priceTicks) {
    const int32_t level = priceTicks & mask;
    const int32_t sentinel = newFar(priceTicks);
    moveOrders(level << 3, sentinel);
    levels.remove(level);
    far.set(priceTicks, sentinel);
  }

  /** The nearest far level of a side becomes one of the window. */
  void moveIn(PriceList& far) {
    const int32_t priceTicks = far.bestTicks();
    const int32_t sentinel = far.valueOf(priceTicks);
    const int32_t level = priceTicks & mask;
    moveOrders(sentinel, level << 3);
    nodes[(level << 3) + PRICE] = priceTicks;
    levels.add(level);
    far.remove(priceTicks);
    freeFar(sentinel);
  }

  /** All that rests on a level changes over to an empty one. */
  void moveOrders(int32_t from, int32_t to) {
    const int32_t first = nodes[from], last = nodes[from + PREV];
    for (int32_t node = first; node != from; node = nodes[node]) nodes[node + LEVEL] = to;
    nodes[to] = first;
    nodes[first + PREV] = to;
    nodes[to + PREV] = last;
    nodes[last] = to;
    for (const int32_t field : {QTY, SPECIAL, UNSEEN}) nodes[to + field] = nodes[from + field];
    emptyLevel(from);
  }

  void emptyLevel(int32_t sentinel) {
    nodes[sentinel] = nodes[sentinel + PREV] = sentinel;
    nodes[sentinel + QTY] = nodes[sentinel + SPECIAL] = nodes[sentinel + UNSEEN] = 0;
  }

  void clearLevel(int32_t sentinel) {
    for (int32_t node = nodes[sentinel]; node != sentinel; node = nodes[node]) {
      nodeOf[nodes[node + ID]] = 0;
      nodes[node + EXTRA] = 0;
    }
    emptyLevel(sentinel);
    if (sentinel >> 3 <= mask) levels.remove(sentinel >> 3);
  }

  void setGate() {
    gateLow = std::max(baseTicks, bandLowTicks);
    gateHigh = halted ? 0 : static_cast<int32_t>(std::min<int64_t>(endTicks, int64_t{bandHighTicks} + 1));
  }
};

}  // namespace mms
