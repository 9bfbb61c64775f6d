// A set of price levels that finds its next member above or below: three levels of bitmap. Twin of
// src/core/book/level-set.ts, with the same 32-bit words.
#pragma once
#include <cstdint>
#include <vector>

namespace mms {

/** Above every level: what `above` returns when there is no member. */
constexpr int32_t BEYOND = 1 << 30;

class LevelSet {
 public:
  explicit LevelSet(int32_t size)
      : low(wordsFor(size)), mid(wordsFor(low.size())), top(wordsFor(mid.size())) {}

  void add(int32_t level) {
    const int32_t i = level >> 5;
    const uint32_t word = low[i];
    low[i] = word | bit(level);
    if (word == 0) {
      const int32_t j = i >> 5;
      mid[j] |= bit(i);
      top[j >> 5] |= bit(j);
    }
  }

  void remove(int32_t level) {
    const int32_t i = level >> 5;
    low[i] &= ~bit(level);
    if (low[i] == 0) {
      const int32_t j = i >> 5;
      mid[j] &= ~bit(i);
      if (mid[j] == 0) top[j >> 5] &= ~bit(j);
    }
  }

  int32_t above(int32_t level) const {
    const int32_t i = level >> 5;
    const uint32_t word = low[i] & after(level);
    if (word != 0) return (i << 5) | lowestBit(word);
    const int32_t j = i >> 5;
    const uint32_t upper = mid[j] & after(i);
    if (upper != 0) return lowestOf((j << 5) | lowestBit(upper));
    int32_t k = j >> 5;
    uint32_t bits = top[k] & after(j);
    while (bits == 0) {
      if (++k == static_cast<int32_t>(top.size())) return BEYOND;
      bits = top[k];
    }
    const int32_t m = (k << 5) | lowestBit(bits);
    return lowestOf((m << 5) | lowestBit(mid[m]));
  }

  int32_t below(int32_t level) const {
    const int32_t i = level >> 5;
    const uint32_t word = low[i] & before(level);
    if (word != 0) return (i << 5) | highestBit(word);
    const int32_t j = i >> 5;
    const uint32_t upper = mid[j] & before(i);
    if (upper != 0) return highestOf((j << 5) | highestBit(upper));
    int32_t k = j >> 5;
    uint32_t bits = top[k] & before(j);
    while (bits == 0) {
      if (--k < 0) return -1;
      bits = top[k];
    }
    const int32_t m = (k << 5) | highestBit(bits);
    return highestOf((m << 5) | highestBit(mid[m]));
  }

  /** Lowest member of all, BEYOND when there is none. */
  int32_t lowest() const {
    for (size_t k = 0; k < top.size(); k++) {
      if (top[k] == 0) continue;
      const int32_t m = static_cast<int32_t>(k << 5) | lowestBit(top[k]);
      return lowestOf((m << 5) | lowestBit(mid[m]));
    }
    return BEYOND;
  }

  /** Highest member of all, -1 when there is none. */
  int32_t highest() const {
    for (size_t k = top.size(); k-- > 0;) {
      if (top[k] == 0) continue;
      const int32_t m = static_cast<int32_t>(k << 5) | highestBit(top[k]);
      return highestOf((m << 5) | highestBit(mid[m]));
    }
    return -1;
  }

 private:
  std::vector<uint32_t> low, mid, top;

  static size_t wordsFor(size_t bits) { return (bits + 31) >> 5; }
  static uint32_t bit(int32_t level) { return 1u << (level & 31); }
  static uint32_t after(int32_t level) { return ~1u << (level & 31); }
  static uint32_t before(int32_t level) { return bit(level) - 1; }
  static int32_t lowestBit(uint32_t word) { return __builtin_ctz(word); }
  static int32_t highestBit(uint32_t word) { return 31 - __builtin_clz(word); }
  int32_t lowestOf(int32_t i) const { return (i << 5) | lowestBit(low[i]); }
  int32_t highestOf(int32_t i) const { return (i << 5) | highestBit(low[i]); }
};

}  // namespace mms
