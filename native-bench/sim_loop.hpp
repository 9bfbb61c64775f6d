// One run: market, trader and the wire between them, in the order of time. Twin of src/core/sim/loop.ts without what
// no case asks for: a recorder, tiers of fees, drawn latencies, news of sizes and of trades.
#pragma once
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>

#include "sim_market.hpp"
#include "sim_metrics.hpp"
#include "sim_trader.hpp"

namespace mms {

template <class Quoter>
class Simulation {
 public:
  using Market = GeneratedMarket<Simulation>;
  Ledger ledger;
  RunMetrics metrics;
  double nowNs = 0;
  int64_t events = 0, takerOrders = 0, takerLotsSent = 0;

  Simulation(Market& market, const Quoter& quoter, const SimulationOptions& options)
      : ledger(options.makerBps, options.takerBps),
        metrics(options.samplingNs, options.adverseNs),
        market(market),
        options(options),
        trader(quoter, this->options, toExchange, nowNs) {
    look();
  }

  /** Polls control[0] for a wish to stop and tells its progress in control[1], every 4,096 events. */
  bool run(std::atomic<int32_t>* control, int32_t unit, int32_t units) {
    double quietNs = 0;
    bool stirred = true;
    for (;;) {
      if (stirred) quietNs = std::min(std::min(othersNs(), metrics.nextSampleNs), options.endNs);
      const double marketNs = market.nextNs();
      if (marketNs < quietNs) {
        nowNs = marketNs;
        market.step(this);
        stirred = look();
      } else {
        if (!turn()) break;
        stirred = true;
      }
      events++;
      if ((events & 4095) == 0) {
        if (control[0] != 0) return false;
        control[1] = static_cast<int32_t>(10'000 * (unit + nowNs / options.endNs) / units);
      }
    }
    nowNs = options.endNs;
    measure();
    metrics.markouts.reach(nowNs, ledger.midHalfTicks);
    return true;
  }

  const TraderLimits& limits() const { return trader.limits; }

  void onFill(int32_t ownId, int32_t sideOfOwn, int32_t priceTicks, int32_t qtyLots) {
    ledger.fill(sideOfOwn, priceTicks, qtyLots, ownId == takingId);
    const int32_t mid = ledger.midHalfTicks;
    const int32_t signedLots = sideOfOwn == BUY ? qtyLots : -qtyLots;
    metrics.fill(signedLots, mid, ledger.inventoryLots, nowNs);
    const OwnOrder& sent = trader.orders[ownId];
    metrics.order(signedLots, priceTicks, sent.sentMidHalfTicks, sent.seenMidHalfTicks, mid, nowNs - restedNs[ownId]);
    ownLots[ownId] -= qtyLots;
    if (ownLots[ownId] == 0) gone(ownId);
    toTrader.push(nowNs + options.feedLatencyNs, NEWS_FILL, ownId, qtyLots, priceTicks);
    filled = true;
  }

  void onTrade(int32_t priceTicks, int32_t qtyLots, bool hidden) {
    metrics.trade(priceTicks, qtyLots, hidden);
    metrics.markouts.trade(nowNs, ledger.midHalfTicks);
  }

 private:
  enum : int32_t { NEWS_BEST, NEWS_FILL, NEWS_CANCELLED, NEWS_REJECTED };
  Market& market;
  const SimulationOptions options;
  MessageRing toExchange, toTrader;
  Trader<Quoter> trader;
  int32_t ownId[2] = {NIL, NIL}, ownPriceTicks[2] = {NIL, NIL}, ownLots[MAX_OWN_ORDERS] = {};
  double restedNs[MAX_OWN_ORDERS] = {};
  int32_t bidTicks = NIL, askTicks = NIL, takingId = NIL;
  bool filled = false;

  bool turn() {
    const double marketNs = market.nextNs();
    const double tNs = std::min(marketNs, othersNs());
    if (tNs > options.endNs) return false;
    nowNs = tNs;
    if (tNs >= metrics.nextSampleNs) measure();
    if (tNs == marketNs) {
      market.step(this);
      look();
    } else if (tNs == toExchange.nextNs()) {
      order();
    } else if (tNs == toTrader.nextNs()) {
      news();
    } else {
      trader.onTimer();
    }
    return true;
  }

  double othersNs() const {
    return std::min(std::min(toExchange.nextNs(), toTrader.nextNs()), trader.nextTimerNs);
  }

  bool look() {
    const int32_t bid = market.bestBidTicks(), ask = market.bestAskTicks();
    if (bid != bidTicks || ask != askTicks) {
      bidTicks = bid;
      askTicks = ask;
      if (bid != NIL && ask != NIL) mark(bid + ask);
      toTrader.push(nowNs + options.feedLatencyNs, NEWS_BEST, bid, ask, 0);
    } else if (!filled) {
      return false;
    }
    filled = false;
    metrics.follow(ledger.pnlTickLots());
    return true;
  }

  void mark(int32_t midHalfTicks) {
    if (metrics.markouts.nextNs <= nowNs) metrics.markouts.reach(nowNs, ledger.midHalfTicks);
    ledger.mark(midHalfTicks);
  }

  void order() {
    const int32_t what = toExchange.word(0), id = toExchange.word(1);
    const int32_t priceTicks = toExchange.word(2), lots = toExchange.word(3);
    toExchange.pop();
    const double newsNs = nowNs + options.feedLatencyNs;
    if (what == CANCEL) {
      if (market.cancel(id) == 0) return;
      metrics.ordersCancelled++;
      gone(id);
      toTrader.push(newsNs, NEWS_CANCELLED, id, 0, 0);
      return;
    }
    if (what >= TAKE_BUY) return take(id, what == TAKE_BUY ? BUY : SELL, priceTicks, lots, newsNs);
    const int32_t side = what == PLACE_BUY ? BUY : SELL;
    if (market.place(id, side, priceTicks, lots) < 0) {
      metrics.ordersRejected++;
      toTrader.push(newsNs, NEWS_REJECTED, id, 0, 0);
      return;
    }
    metrics.ordersPlaced++;
    metrics.placedLots += lots;
    ownId[side] = id;
    ownPriceTicks[side] = priceTicks;
    ownLots[id] = lots;
    restedNs[id] = nowNs;
  }

  void take(int32_t id, int32_t side, int32_t priceTicks, int32_t lots, double newsNs) {
    ownLots[id] = lots;
    restedNs[id] = nowNs;
    takingId = id;
    const int32_t code = market.take(id, side, priceTicks, lots, this);
    takingId = NIL;
    if (code < 0) {
      metrics.ordersRejected++;
      toTrader.push(newsNs, NEWS_REJECTED, id, 0, 0);
      return;
    }
    takerOrders++;
    takerLotsSent += lots;
    if (ownLots[id] > 0) toTrader.push(newsNs, NEWS_CANCELLED, id, 0, 0);
    look();
  }

  void news() {
    const int32_t what = toTrader.word(0), a = toTrader.word(1), b = toTrader.word(2), c = toTrader.word(3);
    toTrader.pop();
    if (what == NEWS_BEST) trader.onFeed(a, b);
    else if (what == NEWS_FILL) trader.onFill(a, b, c);
    else if (what == NEWS_CANCELLED) trader.onCancelled(a);
    else if (what == NEWS_REJECTED) trader.onRejected(a);
  }

  void gone(int32_t id) {
    const int32_t side = ownId[BUY] == id ? BUY : SELL;
    if (ownId[side] != id) return;
    ownId[side] = NIL;
    ownPriceTicks[side] = NIL;
  }

  void measure() {
    if (metrics.nextSampleNs <= nowNs) metrics.sample(nowNs, ledger.pnlTickLots());
  }
};

}  // namespace mms
