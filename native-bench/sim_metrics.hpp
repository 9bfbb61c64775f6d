// The account of one run and what it is judged by: ledger, markouts, run metrics. Twins of src/core/ledger/ledger.ts and
// src/core/metrics/{markouts,run-metrics}.ts: the definitions stand there.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include "codes.hpp"

namespace mms {

class Ledger {
 public:
  int32_t inventoryLots = 0;
  int64_t cashTickLots = 0, makerLots = 0, takerLots = 0, makerNotionalTickLots = 0, takerNotionalTickLots = 0;
  int64_t spreadCaptureHalfTickLots = 0, inventoryGainHalfTickLots = 0;
  int32_t midHalfTicks = 0;

  Ledger(double makerBps, double takerBps) : makerBps(makerBps), takerBps(takerBps) {}

  void mark(int32_t newMidHalfTicks) {
    inventoryGainHalfTickLots += int64_t{inventoryLots} * (newMidHalfTicks - midHalfTicks);
    midHalfTicks = newMidHalfTicks;
  }

  void fill(int32_t side, int32_t priceTicks, int32_t qtyLots, bool taker) {
    const int64_t notional = int64_t{priceTicks} * qtyLots;
    const int32_t signedLots = side == BUY ? qtyLots : -qtyLots;
    inventoryLots += signedLots;
    cashTickLots -= int64_t{priceTicks} * signedLots;
    spreadCaptureHalfTickLots += int64_t{signedLots} * (midHalfTicks - 2 * priceTicks);
    (taker ? takerLots : makerLots) += qtyLots;
    (taker ? takerNotionalTickLots : makerNotionalTickLots) += notional;
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

/** The first delay in time is the caller's; the others and those in trades are constants, so that loops unroll. */
class Markouts {
 public:
  static constexpr size_t TIMES = 4, TRADES = 3;
  std::array<int64_t, TIMES + TRADES> halfTickLots{}, lots{};
  double nextNs = std::numeric_limits<double>::infinity();

  explicit Markouts(double firstDelayNs)
      : delaysNs{firstDelayNs, 1e8, 1e9, 1e10},
        leastDelayNs(*std::min_element(delaysNs.begin(), delaysNs.end())),
        ring(8) {}

  void fill(int32_t signedLots, int32_t midHalfTicks, double tNs) {
    if (fills == fullAt) makeRoom();
    const int64_t ownTrade = tNs == lastTradeNs ? tradeCount : tradeCount + 1;
    ring[at(fills++)] = {tNs, ownTrade, signedLots, midHalfTicks};
    nextNs = std::min(nextNs, tNs + leastDelayNs);
    nextTrade = std::min(nextTrade, ownTrade + LEAST_DELAY_TRADES);
  }

  void reach(double tNs, int32_t midHalfTicks) {
    nextNs = std::numeric_limits<double>::infinity();
    for (size_t h = 0; h < TIMES; h++) {
      const double delay = delaysNs[h];
      int64_t i = cursors[h];
      while (i < fills && ring[at(i)].tNs + delay <= tNs) end(h, ring[at(i++)], midHalfTicks);
      cursors[h] = i;
      if (i < fills) nextNs = std::min(nextNs, ring[at(i)].tNs + delay);
    }
  }

  void trade(double tNs, int32_t midHalfTicks) {
    if (tNs == lastTradeNs) return;
    lastTradeNs = tNs;
    if (++tradeCount >= nextTrade) reachTrade(midHalfTicks);
  }

  int64_t total(size_t h, int32_t midHalfTicks) const {
    int64_t sum = halfTickLots[h];
    for (int64_t i = cursors[h]; i < fills; i++) sum += earned(ring[at(i)], midHalfTicks);
    return sum;
  }

 private:
  struct Fill {
    double tNs;
    int64_t trade;
    int32_t signedLots, midHalfTicks;
  };
  static constexpr std::array<int64_t, TRADES> DELAYS_TRADES = {1, 10, 100};
  static constexpr int64_t LEAST_DELAY_TRADES = 1, NEVER = std::numeric_limits<int64_t>::max();
  const std::array<double, TIMES> delaysNs;
  const double leastDelayNs;
  std::array<int64_t, TIMES + TRADES> cursors{};
  int64_t fills = 0, fullAt = 8, tradeCount = 0, nextTrade = NEVER;
  double lastTradeNs = -1;
  std::vector<Fill> ring;

  size_t at(int64_t fill) const { return static_cast<size_t>(fill) & (ring.size() - 1); }

  static int64_t earned(const Fill& fill, int32_t midHalfTicks) {
    return int64_t{fill.signedLots} * (midHalfTicks - fill.midHalfTicks);
  }

  void reachTrade(int32_t midHalfTicks) {
    nextTrade = NEVER;
    for (size_t h = 0; h < TRADES; h++) {
      const int64_t delay = DELAYS_TRADES[h];
      int64_t i = cursors[TIMES + h];
      while (i < fills && ring[at(i)].trade + delay <= tradeCount) end(TIMES + h, ring[at(i++)], midHalfTicks);
      cursors[TIMES + h] = i;
      if (i < fills) nextTrade = std::min(nextTrade, ring[at(i)].trade + delay);
    }
  }

  void end(size_t h, const Fill& fill, int32_t midHalfTicks) {
    halfTickLots[h] += earned(fill, midHalfTicks);
    lots[h] += std::abs(fill.signedLots);
  }

  void makeRoom() {
    const int64_t room = static_cast<int64_t>(ring.size());
    const int64_t slowest = *std::min_element(cursors.begin(), cursors.end());
    if (fills - slowest == room) {
      std::vector<Fill> larger(2 * ring.size());
      for (int64_t i = slowest; i < fills; i++) larger[static_cast<size_t>(i) & (larger.size() - 1)] = ring[at(i)];
      ring = std::move(larger);
    }
    fullAt = slowest + static_cast<int64_t>(ring.size());
  }
};

class RunMetrics {
 public:
  int64_t fills = 0, ordersPlaced = 0, placedLots = 0, ordersRejected = 0, ordersCancelled = 0;
  double maxDrawdownTickLots = 0, incrementSum = 0, incrementSumSquares = 0, incrementDownSquares = 0;
  int64_t increments = 0, latencyHalfTickLots = 0, shortfallHalfTickLots = 0;
  double waitLotNs = 0;
  int64_t marketTrades = 0, visibleLots = 0, hiddenLots = 0, notionalTickLots = 0;
  int32_t maxAbsInventoryLots = 0;
  double nextSampleNs;
  Markouts markouts;
  /** The first 2^20 increments. */
  std::vector<double> kept;

  RunMetrics(double samplingNs, double adverseNs)
      : nextSampleNs(samplingNs), markouts(adverseNs), samplingNs(samplingNs) {}

  void sample(double tNs, double pnlTickLots) {
    while (nextSampleNs <= tNs) {
      const double increment = pnlTickLots - lastPnl;
      if (increments < MAX_INCREMENTS) kept.push_back(increment);
      increments++;
      incrementSum += increment;
      incrementSumSquares += increment * increment;
      if (increment < 0) incrementDownSquares += increment * increment;
      lastPnl = pnlTickLots;
      nextSampleNs += samplingNs;
    }
  }

  void follow(double pnlTickLots) {
    if (pnlTickLots > peak) peak = pnlTickLots;
    else if (peak - pnlTickLots > maxDrawdownTickLots) maxDrawdownTickLots = peak - pnlTickLots;
  }

  void fill(int32_t signedLots, int32_t midHalfTicks, int32_t newInventoryLots, double tNs) {
    fills++;
    markouts.fill(signedLots, midHalfTicks, tNs);
    holdUntil(tNs);
    inventoryLots = newInventoryLots;
    maxAbsInventoryLots = std::max(maxAbsInventoryLots, std::abs(newInventoryLots));
  }

  void order(int32_t signedLots, int32_t priceTicks, int32_t sentMidHalfTicks, int32_t seenMidHalfTicks,
             int32_t midHalfTicks, double waitNs) {
    latencyHalfTickLots += int64_t{signedLots} * (midHalfTicks - seenMidHalfTicks);
    shortfallHalfTickLots += int64_t{signedLots} * (2 * priceTicks - sentMidHalfTicks);
    waitLotNs += std::abs(signedLots) * waitNs;
  }

  void trade(int32_t priceTicks, int32_t qtyLots, bool hidden) {
    marketTrades++;
    (hidden ? hiddenLots : visibleLots) += qtyLots;
    notionalTickLots += int64_t{priceTicks} * qtyLots;
  }

  double meanAbsInventoryLots(double endNs) {
    holdUntil(endNs);
    return endNs > 0 ? absInventoryLotNs / endNs : 0;
  }

 private:
  static constexpr int64_t MAX_INCREMENTS = 1'048'576;
  const double samplingNs;
  double peak = 0, lastPnl = 0, absInventoryLotNs = 0, inventorySinceNs = 0;
  int32_t inventoryLots = 0;

  void holdUntil(double tNs) {
    absInventoryLotNs += std::abs(inventoryLots) * (tNs - inventorySinceNs);
    inventorySinceNs = tNs;
  }
};

}  // namespace mms
