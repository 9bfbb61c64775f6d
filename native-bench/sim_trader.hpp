// The trader's side of the wire: messages in flight, the two strategies and the orders they want. Twins of
// src/core/sim/{message-ring,trader}.ts and src/core/agent/*.ts.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "book.hpp"
#include "sim_market.hpp"
#include "sim_math.hpp"

namespace mms {

struct Message {
  double tNs = std::numeric_limits<double>::infinity();
  int32_t words[4] = {};
};

class MessageRing {
 public:
  MessageRing() : slots(256) {}

  double nextNs() const { return slots[head].tNs; }

  void push(double tNs, int32_t what, int32_t a, int32_t b, int32_t c) {
    if (size == slots.size()) grow();
    Message& slot = slots[(head + size) & (slots.size() - 1)];
    slot.tNs = tNs;
    slot.words[0] = what;
    slot.words[1] = a;
    slot.words[2] = b;
    slot.words[3] = c;
    size++;
  }

  int32_t word(int32_t index) const { return slots[head].words[index]; }

  void pop() {
    slots[head].tNs = std::numeric_limits<double>::infinity();
    head = (head + 1) & (slots.size() - 1);
    size--;
  }

 private:
  std::vector<Message> slots;
  size_t head = 0, size = 0;

  void grow() {
    std::vector<Message> larger(2 * slots.size());
    for (size_t i = 0; i < size; i++) larger[i] = slots[(head + i) & (slots.size() - 1)];
    slots = std::move(larger);
    head = 0;
  }
};

struct QuoteView {
  double tNs = 0, timeLeftS = 0;
  int32_t bidTicks = NIL, askTicks = NIL, midHalfTicks = NIL, inventoryLots = 0;
};

struct Quote {
  int32_t bidTicks = NIL, askTicks = NIL, bidLots = 0, askLots = 0;
};

inline void quoteAround(const QuoteView& view, double bid, double ask, Quote& out) {
  int32_t bidTicks = static_cast<int32_t>(std::floor(bid));
  int32_t askTicks = static_cast<int32_t>(std::ceil(ask));
  if (view.askTicks != NIL && bidTicks >= view.askTicks) bidTicks = view.askTicks - 1;
  if (view.bidTicks != NIL && askTicks <= view.bidTicks) askTicks = view.bidTicks + 1;
  if (askTicks <= bidTicks) askTicks = bidTicks + 1;
  out.bidTicks = bidTicks >= 1 ? bidTicks : NIL;
  out.askTicks = askTicks >= 1 ? askTicks : NIL;
}

class FixedQuoter {
 public:
  FixedQuoter(double halfSpreadTicks, int32_t quoteLots) : halfSpreadTicks(halfSpreadTicks), quoteLots(quoteLots) {}

  void observe(const QuoteView&) {}

  void quote(const QuoteView& view, Quote& out) const {
    const double mid = view.midHalfTicks / 2.0;
    quoteAround(view, mid - halfSpreadTicks, mid + halfSpreadTicks, out);
    out.bidLots = quoteLots;
    out.askLots = quoteLots;
  }

 private:
  const double halfSpreadTicks;
  const int32_t quoteLots;
};

class VolatilityEstimator {
 public:
  VolatilityEstimator(double priorTicksPerSqrtS, double sampleS, double halfLifeS)
      : sampleNs(sampleS * 1e9),
        decayPerNs(0.6931471805599453 / (halfLifeS * 1e9)),
        sumSquares(priorTicksPerSqrtS * priorTicksPerSqrtS * halfLifeS),
        weightS(halfLifeS) {}

  void observe(double tNs, int32_t midHalfTicks) {
    if (lastNs >= 0) {
      const double dtNs = tNs - lastNs;
      if (dtNs < sampleNs) return;
      const double move = (midHalfTicks - lastMidHalfTicks) / 2.0;
      const double keep = mms::exp(-dtNs * decayPerNs);
      sumSquares = sumSquares * keep + move * move;
      weightS = weightS * keep + dtNs * 1e-9;
    }
    lastNs = tNs;
    lastMidHalfTicks = midHalfTicks;
  }

  double sigma() const { return std::sqrt(sumSquares / weightS); }

 private:
  const double sampleNs, decayPerNs;
  double sumSquares, weightS, lastNs = -1;
  int32_t lastMidHalfTicks = 0;
};

/** With sigma estimated online. */
class AdaptiveQuoter {
 public:
  AdaptiveQuoter(double gamma, double k, double horizonS, int32_t quoteLots, const VolatilityEstimator& estimator)
      : gamma(gamma),
        restingSpreadTicks(gamma == 0 ? 2 / k : 2 / gamma * log1p(gamma / k)),
        horizonS(horizonS),
        quoteLots(quoteLots),
        estimator(estimator) {}

  void observe(const QuoteView& view) { estimator.observe(view.tNs, view.midHalfTicks); }

  void quote(const QuoteView& view, Quote& out) const {
    const double sigma = estimator.sigma();
    const double timeLeftS = std::min(horizonS, view.timeLeftS);
    const double quotes = static_cast<double>(view.inventoryLots) / quoteLots;
    const double centre = view.midHalfTicks / 2.0 - quotes * gamma * sigma * sigma * timeLeftS;
    const double half = (gamma * sigma * sigma * timeLeftS + restingSpreadTicks) / 2;
    quoteAround(view, centre - half, centre + half, out);
    out.bidLots = quoteLots;
    out.askLots = quoteLots;
  }

 private:
  const double gamma, restingSpreadTicks, horizonS;
  const int32_t quoteLots;
  VolatilityEstimator estimator;
};

struct SimulationOptions {
  double endNs, orderLatencyNs, feedLatencyNs, makerBps, takerBps;
  int32_t maxInventoryLots;
  double requoteNs;
  bool onFeedChange;
  double samplingNs, adverseNs;
};

/** Words of messages to the exchange: [what, id, price ticks, lots]. */
enum : int32_t { PLACE_BUY, PLACE_SELL, CANCEL };

template <class Quoter>
class Trader {
 public:
  double nextTimerNs = 0;

  Trader(const Quoter& quoter, const SimulationOptions& options, MessageRing& toExchange, const double& nowNs)
      : quoter(quoter), options(options), toExchange(toExchange), nowNs(nowNs) {
    for (int32_t i = 0; i < MAX_OWN_ORDERS; i++) freeIds[i] = MAX_OWN_ORDERS - 1 - i;
  }

  void onFeed(int32_t bidTicks, int32_t askTicks) {
    view.bidTicks = bidTicks;
    view.askTicks = askTicks;
    if (bidTicks != NIL && askTicks != NIL) view.midHalfTicks = bidTicks + askTicks;
    if (options.onFeedChange) decide();
    else look();
  }

  void onFill(int32_t id, int32_t qtyLots) {
    view.inventoryLots += orders[id].side == BUY ? qtyLots : -qtyLots;
    reduce(id, qtyLots);
    decide();
  }

  void onCancelled(int32_t id) {
    reduce(id, orders[id].qtyLots);
    if (waiting) decide();
  }

  void onRejected(int32_t id) { reduce(id, orders[id].qtyLots); }

  void onTimer() {
    nextTimerNs += options.requoteNs;
    decide();
  }

 private:
  struct OwnOrder {
    int32_t side, priceTicks, qtyLots;
  };
  Quoter quoter;
  const SimulationOptions& options;
  MessageRing& toExchange;
  const double& nowNs;
  QuoteView view;
  Quote wanted;
  int32_t current[2] = {NIL, NIL}, aliveLots[2] = {0, 0};
  OwnOrder orders[MAX_OWN_ORDERS] = {};
  int32_t freeIds[MAX_OWN_ORDERS], freeCount = MAX_OWN_ORDERS;
  bool waiting = false;

  void look() {
    view.tNs = nowNs;
    view.timeLeftS = (options.endNs - nowNs) * 1e-9;
    if (view.midHalfTicks != NIL) quoter.observe(view);
  }

  void decide() {
    look();
    if (view.midHalfTicks == NIL) return;
    quoter.quote(view, wanted);
    waiting = false;
    const bool bidKept = keeps(BUY, wanted.bidTicks, wanted.bidLots);
    const bool askKept = keeps(SELL, wanted.askTicks, wanted.askLots);
    if (!bidKept) withdraw(BUY);
    if (!askKept) withdraw(SELL);
    if (!bidKept) place(BUY, wanted.bidTicks, wanted.bidLots);
    if (!askKept) place(SELL, wanted.askTicks, wanted.askLots);
  }

  bool keeps(int32_t side, int32_t priceTicks, int32_t lots) const {
    const int32_t id = current[side];
    return id != NIL && orders[id].priceTicks == priceTicks && orders[id].qtyLots <= lots;
  }

  void withdraw(int32_t side) {
    const int32_t id = current[side];
    if (id == NIL) return;
    toExchange.push(nowNs + options.orderLatencyNs, CANCEL, id, 0, 0);
    current[side] = NIL;
  }

  void place(int32_t side, int32_t priceTicks, int32_t wantedLots) {
    if (priceTicks == NIL) return;
    const int32_t position = side == BUY ? view.inventoryLots : -view.inventoryLots;
    const int32_t lots = std::min(wantedLots, options.maxInventoryLots - position - aliveLots[side]);
    if (lots < wantedLots || freeCount == 0) waiting = true;
    if (lots <= 0 || freeCount == 0) return;
    const int32_t id = freeIds[--freeCount];
    orders[id] = {side, priceTicks, lots};
    aliveLots[side] += lots;
    current[side] = id;
    toExchange.push(nowNs + options.orderLatencyNs, side == BUY ? PLACE_BUY : PLACE_SELL, id, priceTicks, lots);
  }

  void reduce(int32_t id, int32_t qtyLots) {
    const int32_t side = orders[id].side;
    aliveLots[side] -= qtyLots;
    orders[id].qtyLots -= qtyLots;
    if (orders[id].qtyLots > 0) return;
    if (current[side] == id) current[side] = NIL;
    freeIds[freeCount++] = id;
  }
};

}  // namespace mms
