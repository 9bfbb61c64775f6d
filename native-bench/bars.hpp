// Strategies over bars. Twin of dualAverage, macdCross and rsiReversal in src/core/bars/strategies.ts and of
// src/core/bars/position.ts: same order of operations, same bits.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace mms {

struct BarPrices {
  std::vector<double> close, fill;
};

struct BarRules {
  double feeRate;
  int32_t down;
};

constexpr int32_t REFRESH_BARS = 1024;
constexpr double TIE = 1e-12;
constexpr int32_t UP = 1, DOWN = 2;

struct BarAccount {
  double cash = 0, position = 0, fees = 0;
  int32_t trades = 0, side = 0;

  /** Trades at `price` where `signal` is a new one. */
  void obey(int32_t signal, double price, const BarRules& rules) {
    if ((signal & ~side) == 0) return;
    const double wanted = signal == UP ? 1 : rules.down;
    const double units = wanted - position;
    const double fee = rules.feeRate * price * std::fabs(units);
    cash -= units * price + fee;
    fees += fee;
    position = wanted;
    trades++;
    side = signal;
  }
};

inline int32_t sideOf(bool up, bool down) { return (up * UP) | (down * DOWN); }

inline double weightOf(int32_t i, int32_t seed, double alpha) { return i < seed ? 1.0 / (i + 1) : alpha; }

inline BarAccount dualAverage(const BarPrices& prices, int32_t fast, int32_t slow, BarRules rules, double* equity) {
  const double* close = prices.close.data();
  const double* fill = prices.fill.data();
  const int32_t rows = static_cast<int32_t>(prices.close.size());
  BarAccount account;
  std::fill_n(equity, std::min(slow, rows), 0.0);
  const double tie = TIE * fast * slow;
  const int32_t block = std::max(REFRESH_BARS, slow);
  for (int32_t from = slow; from < rows; from += block) {
    double fastSum = 0, slowSum = 0;
    for (int32_t i = from - slow; i < from; i++) slowSum += close[i];
    for (int32_t i = from - fast; i < from; i++) fastSum += close[i];
    double last = close[from - 1];
    const int32_t to = std::min(from + block, rows);
    for (int32_t i = from; i < to; i++) {
      const double gap = fastSum * slow - slowSum * fast;
      const double least = tie * std::fabs(last);
      account.obey(sideOf(gap > least, gap < -least), fill[i], rules);
      last = close[i];
      equity[i] = account.cash + account.position * last;
      fastSum += last - close[i - fast];
      slowSum += last - close[i - slow];
    }
  }
  return account;
}

inline BarAccount macdCross(const BarPrices& prices, int32_t fast, int32_t slow, int32_t span, BarRules rules,
                            double* equity) {
  const double* close = prices.close.data();
  const double* fill = prices.fill.data();
  const int32_t rows = static_cast<int32_t>(prices.close.size());
  BarAccount account;
  const double fastAlpha = 2.0 / (fast + 1), slowAlpha = 2.0 / (slow + 1), spanAlpha = 2.0 / (span + 1);
  const double fastKeep = 1 - fastAlpha, slowKeep = 1 - slowAlpha, spanKeep = 1 - spanAlpha;
  double fastAverage = 0, slowAverage = 0, average = 0, last = 0;
  const int32_t start = std::min(slow + span - 1, rows);
  for (int32_t i = 0; i < start; i++) {
    last = close[i];
    const double fastWeight = weightOf(i, fast, fastAlpha);
    fastAverage = (1 - fastWeight) * fastAverage + fastWeight * last;
    const double slowWeight = weightOf(i, slow, slowAlpha);
    slowAverage = (1 - slowWeight) * slowAverage + slowWeight * last;
    const int32_t lines = i - slow + 1;
    const double weight = lines < 0 ? 0 : weightOf(lines, span, spanAlpha);
    average = (1 - weight) * average + weight * (fastAverage - slowAverage);
  }
  std::fill_n(equity, start, 0.0);
  double gap = fastAverage - slowAverage - average;
  for (int32_t i = start; i < rows; i++) {
    const double least = TIE * std::fabs(last);
    account.obey(sideOf(gap > least, gap < -least), fill[i], rules);
    last = close[i];
    equity[i] = account.cash + account.position * last;
    fastAverage = fastKeep * fastAverage + fastAlpha * last;
    slowAverage = slowKeep * slowAverage + slowAlpha * last;
    const double line = fastAverage - slowAverage;
    average = spanKeep * average + spanAlpha * line;
    gap = line - average;
  }
  return account;
}

inline BarAccount rsiReversal(const BarPrices& prices, int32_t n, double lower, double upper, BarRules rules,
                              double* equity) {
  const double* close = prices.close.data();
  const double* fill = prices.fill.data();
  const int32_t rows = static_cast<int32_t>(prices.close.size());
  BarAccount account;
  const double low = lower / 100 - TIE, high = upper / 100 + TIE;
  const double alpha = 1.0 / n, keep = 1 - alpha, half = 0.5 * alpha;
  double gain = 0, loss = 0;
  const int32_t start = std::min(n + 1, rows);
  for (int32_t i = 1; i < start; i++) {
    const double change = close[i] - close[i - 1];
    gain += half * (std::fabs(change) + change);
    loss += half * (std::fabs(change) - change);
  }
  std::fill_n(equity, start, 0.0);
  double last = start > 0 ? close[start - 1] : 0;
  for (int32_t i = start; i < rows; i++) {
    const double both = gain + loss;
    account.obey(sideOf(gain < low * both, gain > high * both), fill[i], rules);
    const double change = close[i] - last;
    last = close[i];
    equity[i] = account.cash + account.position * last;
    const double size = std::fabs(change);
    gain = keep * gain + half * (size + change);
    loss = keep * loss + half * (size - change);
  }
  return account;
}

}  // namespace mms
