// The trader's side of the wire: messages in flight, the two strategies and the orders they want. Twins of
// src/core/sim/{message-ring,trader,trader-limits}.ts and src/core/agent/{quoter,fixed,volatility,adaptive}.ts.
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
  int32_t openBidLots = 0, openAskLots = 0;
};

struct Quote {
  int32_t bidTicks = NIL, askTicks = NIL, bidLots = 0, askLots = 0, takeLots = 0, takeTicks = NIL;
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
  /** Limits that are infinite are none. */
  double maxLossTickLots = std::numeric_limits<double>::infinity();
  bool flattenOnLoss = false;
  double messagesPerS = std::numeric_limits<double>::infinity(), messageBurst = 1;

  bool limited() const { return !std::isinf(maxLossTickLots) || !std::isinf(messagesPerS); }
};

class TraderLimits {
 public:
  double stoppedNs = -1;
  int64_t heldMessages = 0;

  TraderLimits(const SimulationOptions& options, const double& nowNs)
      : nowNs(nowNs),
        lossHalfTickLots(-2 * options.maxLossTickLots),
        perNs(options.messagesPerS * 1e-9),
        burst(options.messageBurst),
        tokens(burst) {}

  void fill(int32_t side, int32_t priceTicks, int32_t qtyLots) {
    const int32_t signedLots = side == BUY ? qtyLots : -qtyLots;
    lots += signedLots;
    cashHalfTickLots -= int64_t{2} * priceTicks * signedLots;
  }

  bool isLossReached(int32_t midHalfTicks) {
    if (stoppedNs >= 0) return true;
    if (midHalfTicks == NIL) return false;
    if (static_cast<double>(cashHalfTickLots + lots * midHalfTicks) > lossHalfTickLots) return false;
    stoppedNs = nowNs;
    return true;
  }

  bool spend() {
    if (std::isinf(perNs)) return true;
    tokens = std::min(burst, tokens + (nowNs - filledNs) * perNs);
    filledNs = nowNs;
    if (tokens < 1 - 1e-9) {
      heldMessages++;
      return false;
    }
    tokens--;
    return true;
  }

  double nextMessageNs() const { return filledNs + std::max(1.0, std::ceil((1 - tokens) / perNs)); }

 private:
  const double& nowNs;
  const double lossHalfTickLots, perNs, burst;
  int64_t cashHalfTickLots = 0, lots = 0;
  double tokens, filledNs = 0;
};

/** Words of messages to the exchange: [what, id, price ticks, lots]; TAKE_* are immediate or cancel. */
enum : int32_t { PLACE_BUY, PLACE_SELL, CANCEL, TAKE_BUY, TAKE_SELL };

struct OwnOrder {
  int32_t side, priceTicks, qtyLots;
  /** The mid that was seen when the order was sent, and when it was last still wanted. */
  int32_t sentMidHalfTicks, seenMidHalfTicks;
};

template <class Quoter>
class Trader {
 public:
  double nextTimerNs = 0;
  OwnOrder orders[MAX_OWN_ORDERS] = {};
  TraderLimits limits;

  Trader(const Quoter& quoter, const SimulationOptions& options, MessageRing& toExchange, const double& nowNs)
      : limits(options, nowNs),
        quoter(quoter),
        options(options),
        limited(options.limited()),
        toExchange(toExchange),
        nowNs(nowNs) {
    for (int32_t i = 0; i < MAX_OWN_ORDERS; i++) freeIds[i] = MAX_OWN_ORDERS - 1 - i;
  }

  void onFeed(int32_t bidTicks, int32_t askTicks) {
    view.bidTicks = bidTicks;
    view.askTicks = askTicks;
    if (bidTicks != NIL && askTicks != NIL) view.midHalfTicks = bidTicks + askTicks;
    if (options.onFeedChange || (limited && limits.isLossReached(view.midHalfTicks))) decide();
    else look();
  }

  void onFill(int32_t id, int32_t qtyLots, int32_t priceTicks) {
    const int32_t side = orders[id].side;
    view.inventoryLots += side == BUY ? qtyLots : -qtyLots;
    limits.fill(side, priceTicks, qtyLots);
    reduce(id, qtyLots);
    decide();
  }

  void onCancelled(int32_t id) {
    reduce(id, orders[id].qtyLots);
    if (waiting) decide();
  }

  void onRejected(int32_t id) { reduce(id, orders[id].qtyLots); }

  void onTimer() {
    if (regularNs <= nowNs) regularNs += options.requoteNs;
    nextTimerNs = regularNs;
    decide();
  }

 private:
  Quoter quoter;
  const SimulationOptions& options;
  const bool limited;
  MessageRing& toExchange;
  const double& nowNs;
  QuoteView view;
  Quote wanted;
  int32_t current[2] = {NIL, NIL}, aliveLots[2] = {0, 0};
  int32_t freeIds[MAX_OWN_ORDERS], freeCount = MAX_OWN_ORDERS;
  double regularNs = 0;
  bool waiting = false;

  void look() {
    view.tNs = nowNs;
    view.timeLeftS = (options.endNs - nowNs) * 1e-9;
    if (view.midHalfTicks != NIL) quoter.observe(view);
  }

  void decide() {
    look();
    if (view.midHalfTicks == NIL) return;
    wanted.takeLots = 0;
    if (limited && limits.isLossReached(view.midHalfTicks)) stop();
    else quoter.quote(view, wanted);
    if (wanted.takeLots > 0) wanted.askTicks = NIL;
    else if (wanted.takeLots < 0) wanted.bidTicks = NIL;
    waiting = wanted.takeLots != 0 || leaves(BUY, wanted.bidTicks) || leaves(SELL, wanted.askTicks);
    const bool bidKept = keeps(BUY, wanted.bidTicks, wanted.bidLots) || !withdraw(BUY);
    const bool askKept = keeps(SELL, wanted.askTicks, wanted.askLots) || !withdraw(SELL);
    if (!bidKept) place(BUY, PLACE_BUY, wanted.bidTicks, wanted.bidLots);
    if (!askKept) place(SELL, PLACE_SELL, wanted.askTicks, wanted.askLots);
    if (wanted.takeLots > 0) send(BUY, TAKE_BUY, wanted.takeTicks, wanted.takeLots);
    else if (wanted.takeLots < 0) send(SELL, TAKE_SELL, wanted.takeTicks, -wanted.takeLots);
  }

  void stop() {
    wanted.bidTicks = wanted.askTicks = NIL;
    if (!options.flattenOnLoss) return;
    const int32_t held = view.inventoryLots;
    wanted.takeLots = held > 0 ? -std::max(0, held - view.openAskLots) : std::max(0, -held - view.openBidLots);
    wanted.takeTicks = NIL;
  }

  bool leaves(int32_t side, int32_t priceTicks) const { return priceTicks == NIL && current[side] != NIL; }

  bool keeps(int32_t side, int32_t priceTicks, int32_t lots) {
    const int32_t id = current[side];
    if (id == NIL || orders[id].priceTicks != priceTicks || orders[id].qtyLots > lots) return false;
    orders[id].seenMidHalfTicks = view.midHalfTicks;
    return true;
  }

  bool withdraw(int32_t side) {
    const int32_t id = current[side];
    if (id == NIL) return true;
    if (!mayPost()) return false;
    toExchange.push(nowNs + options.orderLatencyNs, CANCEL, id, 0, 0);
    current[side] = NIL;
    return true;
  }

  void place(int32_t side, int32_t what, int32_t priceTicks, int32_t lots) {
    if (priceTicks == NIL) return;
    const int32_t id = send(side, what, priceTicks, lots);
    if (id != NIL) current[side] = id;
  }

  int32_t send(int32_t side, int32_t what, int32_t priceTicks, int32_t wantedLots) {
    const int32_t position = side == BUY ? view.inventoryLots : -view.inventoryLots;
    const int32_t lots = std::min(wantedLots, options.maxInventoryLots - position - aliveLots[side]);
    if (lots < wantedLots || freeCount == 0) waiting = true;
    if (lots <= 0 || freeCount == 0 || !mayPost()) return NIL;
    const int32_t id = freeIds[--freeCount];
    orders[id] = {side, priceTicks, lots, view.midHalfTicks, view.midHalfTicks};
    alive(side, lots);
    toExchange.push(nowNs + options.orderLatencyNs, what, id, priceTicks, lots);
    return id;
  }

  bool mayPost() {
    if (!limited || limits.spend()) return true;
    nextTimerNs = std::min(nextTimerNs, limits.nextMessageNs());
    return false;
  }

  void alive(int32_t side, int32_t lots) {
    aliveLots[side] += lots;
    (side == BUY ? view.openBidLots : view.openAskLots) = aliveLots[side];
  }

  void reduce(int32_t id, int32_t qtyLots) {
    const int32_t side = orders[id].side;
    alive(side, -qtyLots);
    orders[id].qtyLots -= qtyLots;
    if (orders[id].qtyLots > 0) return;
    if (current[side] == id) current[side] = NIL;
    freeIds[freeCount++] = id;
  }
};

}  // namespace mms
