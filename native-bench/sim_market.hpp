// A market made by the order flow on a true book, where own orders stand in the same queues as everyone else's. Twin
// of src/core/sim/generated-market.ts.
#pragma once
#include <algorithm>
#include <cstdint>

#include "book.hpp"
#include "sim_flow.hpp"

namespace mms {

/** Own orders that may be alive at once; their ids are 0..MAX_OWN_ORDERS-1, background ids follow. */
constexpr int32_t MAX_OWN_ORDERS = 64;

/** Sink: hears onFill(ownId, side, priceTicks, qtyLots) and onTrade(priceTicks, qtyLots, hidden). */
template <class Sink>
class GeneratedMarket {
 public:
  using OwnBook = Book<GeneratedMarket>;
  OwnBook book;

  GeneratedMarket(const FlowRates& rates, int32_t startMidTicks, double warmupS)
      : book(BookOptions{1024, 1024, 2048}, *this),
        flow(rates, draws, MAX_OWN_ORDERS),
        startMidTicks(startMidTicks),
        warmupNs(warmupS * 1e9) {}

  void start(uint64_t seed, uint64_t unit) {
    constexpr uint32_t FLOW = 1;
    draws.key(seed, unit, FLOW);
    book.reset();
    ownCount = 0;
    ownBest[BUY] = ownBest[SELL] = NIL;
    flow.seed(book, startMidTicks);
    look();
    while (flow.nextNs() <= warmupNs) step(nullptr);
    flow.restartClock();
  }

  double nextNs() const { return flow.nextNs(); }

  /** The warm-up's sink is none: it has no own orders and is not reported. */
  void step(Sink* listener) {
    sink = listener;
    flow.step(book, bidTicks, askTicks);
    look();
  }

  void onTrade(int32_t makerId, int32_t takerId, int32_t priceTicks, int32_t qtyLots, int32_t takerSide) {
    if (makerId < MAX_OWN_ORDERS) {
      own[makerId].qtyLots -= qtyLots;
      if (own[makerId].qtyLots == 0) forget(makerId);
      findOwnBest(1 - takerSide);
      if (sink != nullptr) sink->onFill(makerId, 1 - takerSide, priceTicks, qtyLots);
    } else {
      flow.fill(makerId, qtyLots);
    }
    if (sink == nullptr) return;
    // Unsigned, so that NIL is nobody's.
    if (static_cast<uint32_t>(takerId) < MAX_OWN_ORDERS) sink->onFill(takerId, takerSide, priceTicks, qtyLots);
    sink->onTrade(priceTicks, qtyLots, false);
  }

  int32_t place(int32_t ownId, int32_t side, int32_t priceTicks, int32_t qtyLots) {
    const int32_t code = book.limit(ownId, side, priceTicks, qtyLots, TIF_POST_ONLY);
    if (code != 0) return code;
    ownIds[ownCount++] = ownId;
    own[ownId] = {priceTicks, side, qtyLots};
    findOwnBest(side);
    return 0;
  }

  /** An own order that trades at once, at any price with NIL; what it does not get is gone. */
  int32_t take(int32_t ownId, int32_t side, int32_t priceTicks, int32_t qtyLots, Sink* listener) {
    sink = listener;
    const int32_t code = priceTicks == NIL ? book.market(ownId, side, qtyLots)
                                           : book.limit(ownId, side, priceTicks, qtyLots, TIF_IOC);
    look();
    return std::min(code, 0);
  }

  int32_t cancel(int32_t ownId) {
    const int32_t left = book.qtyOf(ownId);
    if (left == 0) return 0;
    book.cancel(ownId);
    forget(ownId);
    findOwnBest(own[ownId].side);
    return left;
  }

  int32_t bestBidTicks() const { return bidTicks; }
  int32_t bestAskTicks() const { return askTicks; }

  /** Best level of a side that is not of own orders alone, NIL when there is none. */
  int32_t bestOfOthers(int32_t side) const {
    int32_t prices[1 + MAX_OWN_ORDERS], lots[1 + MAX_OWN_ORDERS];
    const int32_t levels = book.depth(side, prices, lots, 1 + ownCount);
    for (int32_t i = 0; i < levels; i++) {
      if (lots[i] != ownLotsAt(side, prices[i])) return prices[i];
    }
    return NIL;
  }

 private:
  struct OwnOrder {
    int32_t priceTicks, side, qtyLots;
  };
  Draws draws;
  PoissonFlow<OwnBook> flow;
  const int32_t startMidTicks;
  const double warmupNs;
  Sink* sink = nullptr;
  int32_t bidTicks = NIL, askTicks = NIL, ownCount = 0;
  int32_t ownBest[2] = {NIL, NIL}, ownBestLots[2] = {};
  int32_t ownIds[MAX_OWN_ORDERS] = {};
  OwnOrder own[MAX_OWN_ORDERS] = {};

  void look() {
    bidTicks = visibleBest(BUY, book.bestBidTicks());
    askTicks = visibleBest(SELL, book.bestAskTicks());
  }

  int32_t visibleBest(int32_t side, int32_t best) const {
    if (best != ownBest[side] || best == NIL) return best;
    if (book.qtyAt(best) > ownBestLots[side]) return best;
    return bestOfOthers(side);
  }

  void findOwnBest(int32_t side) {
    int32_t best = NIL;
    for (int32_t i = 0; i < ownCount; i++) {
      const OwnOrder& order = own[ownIds[i]];
      if (order.side != side) continue;
      if (best == NIL || (side == BUY ? order.priceTicks > best : order.priceTicks < best)) best = order.priceTicks;
    }
    ownBest[side] = best;
    ownBestLots[side] = best == NIL ? 0 : ownLotsAt(side, best);
  }

  int32_t ownLotsAt(int32_t side, int32_t priceTicks) const {
    int32_t lots = 0;
    for (int32_t i = 0; i < ownCount; i++) {
      const OwnOrder& order = own[ownIds[i]];
      if (order.priceTicks == priceTicks && order.side == side) lots += order.qtyLots;
    }
    return lots;
  }

  void forget(int32_t ownId) {
    const int32_t last = --ownCount;
    for (int32_t i = 0; i <= last; i++) {
      if (ownIds[i] == ownId) {
        ownIds[i] = ownIds[last];
        return;
      }
    }
  }
};

}  // namespace mms
