// One run: market, trader and the wire between them, in the order of time; and the account and the measures of it.
// Twins of src/core/ledger/ledger.ts, src/core/metrics/run-metrics.ts and src/core/sim/loop.ts without a recorder.
#pragma once
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "sim_market.hpp"
#include "sim_trader.hpp"

namespace mms {

class Ledger {
 public:
  int32_t inventoryLots = 0;
  int64_t cashTickLots = 0, makerLots = 0, makerNotionalTickLots = 0, takerNotionalTickLots = 0;
  int64_t spreadCaptureHalfTickLots = 0, inventoryGainHalfTickLots = 0;
  int32_t midHalfTicks = 0;

  Ledger(double makerBps, double takerBps) : makerBps(makerBps), takerBps(takerBps) {}

  void mark(int32_t newMidHalfTicks) {
    inventoryGainHalfTickLots += int64_t{inventoryLots} * (newMidHalfTicks - midHalfTicks);
    midHalfTicks = newMidHalfTicks;
  }

  void fill(int32_t side, int32_t priceTicks, int32_t qtyLots) {
    const int32_t signedLots = side == BUY ? qtyLots : -qtyLots;
    inventoryLots += signedLots;
    cashTickLots -= int64_t{priceTicks} * signedLots;
    spreadCaptureHalfTickLots += int64_t{signedLots} * (midHalfTicks - 2 * priceTicks);
    makerLots += qtyLots;
    makerNotionalTickLots += int64_t{priceTicks} * qtyLots;
  }

  double feesTickLots() const {
    return (static_cast<double>(makerNotionalTickLots) * makerBps +
            static_cast<double>(takerNotionalTickLots) * takerBps) /
           10'000;
  }

  double pnlTickLots() const {
    const int64_t gross = 2 * cashTickLots + int64_t{inventoryLots} * midHalfTicks;
    return static_cast<double>(gross) / 2 - feesTickLots();
  }

 private:
  const double makerBps, takerBps;
};

class RunMetrics {
 public:
  int64_t fills = 0, ordersPlaced = 0, placedLots = 0, ordersRejected = 0, ordersCancelled = 0;
  double maxDrawdownTickLots = 0, incrementSum = 0, incrementSumSquares = 0;
  int64_t increments = 0, adverseHalfTickLots = 0, adverseLots = 0;
  int64_t marketTrades = 0, visibleLots = 0, notionalTickLots = 0;
  int32_t maxAbsInventoryLots = 0;

  RunMetrics(double samplingNs, double adverseNs)
      : samplingNs(samplingNs), adverseNs(adverseNs), nextSampleNs(samplingNs) {}

  double dueNs() const { return std::min(nextSampleNs, pending.nextNs()); }

  void measure(double tNs, int32_t midHalfTicks, double pnlTickLots) {
    while (pending.nextNs() <= tNs) {
      const int32_t lots = pending.word(1);
      const int64_t cost = int64_t{lots} * (midHalfTicks - pending.word(2));
      adverseHalfTickLots += pending.word(0) == BUY ? -cost : cost;
      adverseLots += lots;
      pending.pop();
    }
    while (nextSampleNs <= tNs) {
      const double increment = pnlTickLots - lastPnl;
      increments++;
      incrementSum += increment;
      incrementSumSquares += increment * increment;
      lastPnl = pnlTickLots;
      nextSampleNs += samplingNs;
    }
  }

  void follow(double pnlTickLots) {
    if (pnlTickLots > peak) peak = pnlTickLots;
    else if (peak - pnlTickLots > maxDrawdownTickLots) maxDrawdownTickLots = peak - pnlTickLots;
  }

  void fill(int32_t side, int32_t qtyLots, int32_t midHalfTicks, int32_t newInventoryLots, double tNs) {
    fills++;
    pending.push(tNs + adverseNs, side, qtyLots, midHalfTicks, 0);
    holdUntil(tNs);
    inventoryLots = newInventoryLots;
    maxAbsInventoryLots = std::max(maxAbsInventoryLots, std::abs(newInventoryLots));
  }

  void trade(int32_t priceTicks, int32_t qtyLots) {
    marketTrades++;
    visibleLots += qtyLots;
    notionalTickLots += int64_t{priceTicks} * qtyLots;
  }

  double meanAbsInventoryLots(double endNs) {
    holdUntil(endNs);
    return endNs > 0 ? absInventoryLotNs / endNs : 0;
  }

 private:
  const double samplingNs, adverseNs;
  double nextSampleNs, peak = 0, lastPnl = 0, absInventoryLotNs = 0, inventorySinceNs = 0;
  int32_t inventoryLots = 0;
  MessageRing pending;

  void holdUntil(double tNs) {
    absInventoryLotNs += std::abs(inventoryLots) * (tNs - inventorySinceNs);
    inventorySinceNs = tNs;
  }
};

template <class Quoter>
class Simulation {
 public:
  using Market = GeneratedMarket<Simulation>;
  Ledger ledger;
  RunMetrics metrics;
  double nowNs = 0;
  int64_t events = 0;

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
      if (stirred) quietNs = std::min(std::min(othersNs(), metrics.dueNs()), options.endNs);
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
    return true;
  }

  void onFill(int32_t ownId, int32_t sideOfOwn, int32_t priceTicks, int32_t qtyLots) {
    ledger.fill(sideOfOwn, priceTicks, qtyLots);
    metrics.fill(sideOfOwn, qtyLots, ledger.midHalfTicks, ledger.inventoryLots, nowNs);
    ownLots[ownId] -= qtyLots;
    if (ownLots[ownId] == 0) gone(ownId);
    toTrader.push(nowNs + options.feedLatencyNs, NEWS_FILL, ownId, qtyLots, 0);
    filled = true;
  }

  void onTrade(int32_t priceTicks, int32_t qtyLots) { metrics.trade(priceTicks, qtyLots); }

 private:
  enum : int32_t { NEWS_BEST, NEWS_FILL, NEWS_CANCELLED, NEWS_REJECTED };
  Market& market;
  const SimulationOptions options;
  MessageRing toExchange, toTrader;
  Trader<Quoter> trader;
  int32_t ownId[2] = {NIL, NIL}, ownPriceTicks[2] = {NIL, NIL}, ownLots[MAX_OWN_ORDERS] = {};
  int32_t bidTicks = NIL, askTicks = NIL;
  bool filled = false;

  bool turn() {
    const double marketNs = market.nextNs();
    const double tNs = std::min(marketNs, othersNs());
    if (tNs > options.endNs) return false;
    nowNs = tNs;
    if (tNs >= metrics.dueNs()) measure();
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
      if (bid != NIL && ask != NIL) ledger.mark(bid + ask);
      toTrader.push(nowNs + options.feedLatencyNs, NEWS_BEST, bid, ask, 0);
    } else if (!filled) {
      return false;
    }
    filled = false;
    metrics.follow(ledger.pnlTickLots());
    return true;
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
  }

  void news() {
    const int32_t what = toTrader.word(0), a = toTrader.word(1), b = toTrader.word(2);
    toTrader.pop();
    if (what == NEWS_BEST) trader.onFeed(a, b);
    else if (what == NEWS_FILL) trader.onFill(a, b);
    else if (what == NEWS_CANCELLED) trader.onCancelled(a);
    else if (what == NEWS_REJECTED) trader.onRejected(a);
  }

  void gone(int32_t id) {
    const int32_t side = ownId[BUY] == id ? BUY : SELL;
    if (ownId[side] != id) return;
    ownId[side] = NIL;
    ownPriceTicks[side] = NIL;
  }

  void measure() { metrics.measure(nowNs, ledger.midHalfTicks, ledger.pnlTickLots()); }
};

}  // namespace mms
