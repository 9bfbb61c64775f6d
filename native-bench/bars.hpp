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

  void moveTo(int32_t signal, double price, const BarRules& rules) {
    const double wanted = signal == UP ? 1 : rules.down;
    const double units = wanted - position;
    const double fee = rules.feeRate * price * std::fabs(units);
    cash -= units * price + fee;
    fees += fee;
    position = wanted;
    side = signal;
    if (units != 0) trades++;
  }
};

/** Where the stretch that holds bar `from` ends: at a multiple of REFRESH_BARS. */
inline int32_t stretchEnd(int32_t from, int32_t rows) {
  return std::min((from / REFRESH_BARS + 1) * REFRESH_BARS, rows);
}

inline double weightOf(int32_t i, int32_t seed, double alpha) { return i < seed ? 1.0 / (i + 1) : alpha; }

inline BarAccount dualAverage(const BarPrices& prices, int32_t fast, int32_t slow, BarRules rules, double* equity) {
  const double* close = prices.close.data();
  const double* fill = prices.fill.data();
  const int32_t rows = static_cast<int32_t>(prices.close.size());
  BarAccount account;
  std::fill_n(equity, std::min(slow, rows), 0.0);
  for (int32_t from = slow, to; from < rows; from = to) {
    to = stretchEnd(from, rows);
    double fastSum = 0, slowSum = 0;
    for (int32_t i = from - slow; i < from; i++) slowSum += close[i];
    for (int32_t i = from - fast; i < from; i++) fastSum += close[i];
    const double least = TIE * fast * slow * std::fabs(close[from - 1]);
    double gap = fastSum * slow - slowSum * fast;
    for (int32_t i = from; i < to;) {
      const double cash = account.cash, position = account.position;
      const int32_t side = account.side;
      const int32_t turn = side == UP || (side == 0 && gap < 0) ? -1 : 1;
      const int32_t end = side == 0 ? i + 1 : to;
      const double fastTurned = fast * turn, slowTurned = slow * turn;
      double against = gap * turn;
      double price = 0;
      for (; i < end; i++) {
        price = fill[i];
        if (against > least) break;
        const double last = close[i];
        equity[i] = cash + position * last;
        against += (last - close[i - fast]) * slowTurned - (last - close[i - slow]) * fastTurned;
      }
      gap = against * turn;
      if (i < end) account.moveTo(gap > 0 ? UP : DOWN, price, rules);
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
  double fastAverage = 0, slowAverage = 0, average = 0;
  const int32_t start = std::min(slow + span - 1, rows);
  for (int32_t i = 0; i < start; i++) {
    const double last = close[i];
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
  for (int32_t from = start, to; from < rows; from = to) {
    to = stretchEnd(from, rows);
    const double least = TIE * std::fabs(close[from - 1]);
    for (int32_t i = from;;) {
      const double cash = account.cash, position = account.position;
      const double upAt = account.side == UP ? INFINITY : least;
      const double downAt = account.side == DOWN ? -INFINITY : -least;
      double price = 0;
      for (; i < to; i++) {
        price = fill[i];
        if (gap > upAt || gap < downAt) break;
        const double last = close[i];
        equity[i] = cash + position * last;
        fastAverage = fastKeep * fastAverage + fastAlpha * last;
        slowAverage = slowKeep * slowAverage + slowAlpha * last;
        const double line = fastAverage - slowAverage;
        average = spanKeep * average + spanAlpha * line;
        gap = line - average;
      }
      if (i == to) break;
      account.moveTo(gap > 0 ? UP : DOWN, price, rules);
    }
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
  for (int32_t i = start;;) {
    const int32_t side = account.side;
    const double cash = account.cash, position = account.position;
    const double upAt = side == UP ? -1 : low;
    const double downAt = side == DOWN ? 2 : high;
    double price = 0;
    for (; i < rows; i++) {
      price = fill[i];
      const double both = gain + loss;
      if (gain < upAt * both || gain > downAt * both) break;
      const double change = close[i] - last;
      last = close[i];
      equity[i] = cash + position * last;
      const double size = std::fabs(change);
      gain = keep * gain + half * (size + change);
      loss = keep * loss + half * (size - change);
    }
    if (i == rows) break;
    account.moveTo(side == DOWN || gain < low * (gain + loss) ? UP : DOWN, price, rules);
  }
  return account;
}

}  // namespace mms
