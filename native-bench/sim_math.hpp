// exp, log and log1p from + - * / alone. Twins of src/core/math: same constants, same order of operations, same bits.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>

namespace mms {

constexpr double LN2_HIGH = 0.6931471803691238, LN2_LOW = 1.9082149292705877e-10;
constexpr int32_t POW2_ZERO = 1074;

/** Entry k + POW2_ZERO is 2^k, k = -1074..1023. */
inline const std::array<double, POW2_ZERO + 1024> POW2 = [] {
  std::array<double, POW2_ZERO + 1024> table{};
  table[0] = 5e-324;
  for (size_t i = 1; i < table.size(); i++) table[i] = table[i - 1] * 2;
  return table;
}();

inline double exp(double x) {
  constexpr double B1 = 1.0 / 6, B2 = -1.0 / 360, B3 = 1.0 / 15120, B4 = -1.0 / 604800, B5 = 1.0 / 23950080;
  constexpr double B6 = -691.0 / 653837184000.0, B7 = 1.0 / 37362124800.0;
  constexpr double INFINITE = std::numeric_limits<double>::infinity();
  if (!(x <= 709.782712893384)) return x > 709.782712893384 ? INFINITE : std::numeric_limits<double>::quiet_NaN();
  if (x < -745.1332191019412) return 0;
  const int32_t k = static_cast<int32_t>(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
  const double hi = x - k * LN2_HIGH;
  const double lo = k * LN2_LOW;
  const double r = hi - lo;
  const double r2 = r * r;
  const double c = r - r2 * (B1 + r2 * (B2 + r2 * (B3 + r2 * (B4 + r2 * (B5 + r2 * (B6 + r2 * B7))))));
  const double y = 1 - (lo - (r * c) / (2 - c) - hi);
  if (k == 0) return y;
  if (k > 1023) return y * 2 * POW2[k - 1 + POW2_ZERO];
  if (k < -1021) return y * POW2[k + 100 + POW2_ZERO] * POW2[POW2_ZERO - 100];
  return y * POW2[k + POW2_ZERO];
}

inline double log(double x) {
  constexpr double C1 = 2.0 / 3, C2 = 2.0 / 5, C3 = 2.0 / 7, C4 = 2.0 / 9, C5 = 2.0 / 11;
  constexpr double C6 = 2.0 / 13, C7 = 2.0 / 15, C8 = 2.0 / 17, C9 = 2.0 / 19, C10 = 2.0 / 21;
  constexpr double INFINITE = std::numeric_limits<double>::infinity();
  if (!(x > 0)) return x == 0 ? -INFINITE : std::numeric_limits<double>::quiet_NaN();
  if (x == INFINITE) return x;
  int32_t k = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 18014398509481984.0;
    k = -54;
  }
  int64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const int32_t exponent = (static_cast<int32_t>(bits >> 32) - 0x3fe6a09e) >> 20;
  k += exponent;
  const double f = x * POW2[POW2_ZERO - exponent] - 1;
  const double s = f / (2 + f);
  const double z = s * s;
  const double w = z * z;
  const double odd = w * (C2 + w * (C4 + w * (C6 + w * (C8 + w * C10))));
  const double even = z * (C1 + w * (C3 + w * (C5 + w * (C7 + w * C9))));
  const double halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + odd + even) + k * LN2_LOW) - f);
}

inline double log1p(double x) {
  const double u = 1 + x;
  if (u == 1) return x;
  if (!(u > 0 && u < std::numeric_limits<double>::infinity())) return mms::log(u);
  return mms::log(u) + (x - (u - 1)) / u;
}

}  // namespace mms
