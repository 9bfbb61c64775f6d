// The normals of a stream by ziggurat. Twin of NormalTables in src/core/rng/ziggurat.ts and of Stream.fillNormals in
// src/core/rng/stream.ts: the same bits.
#pragma once
#include <cmath>
#include <cstdint>

#include "sim_random.hpp"

namespace mms {

/** The 256 layers under exp(-x^2 / 2). */
struct NormalTables {
  static constexpr double R = 3.654152885361009, V = 0.004928673233974655;
  double width[256], height[257];
  int32_t inside[256];

  NormalTables() {
    double edges[257];
    edges[0] = V / exp(-0.5 * R * R);
    edges[1] = R;
    for (int i = 2; i < 256; i++) {
      const double below = edges[i - 1];
      edges[i] = std::sqrt(-2 * log(V / below + exp(-0.5 * below * below)));
    }
    edges[256] = 0;
    for (int i = 0; i <= 256; i++) height[i] = exp(-0.5 * edges[i] * edges[i]);
    for (int i = 0; i < 256; i++) {
      width[i] = edges[i] / 2147483648.0;
      inside[i] = static_cast<int32_t>(edges[i + 1] / edges[i] * 2147483648.0);
    }
  }
};

inline const NormalTables NORMAL;

/** A stream that draws normals; the tail takes its exponentials from the same words. */
class NormalStream : public Stream {
 public:
  double normal() {
    const uint32_t layer = this->layer();
    const int32_t word = static_cast<int32_t>(u32());
    const double x = (word + 0.5) * NORMAL.width[layer];
    if ((word ^ (word >> 31)) < NORMAL.inside[layer]) return x;
    // On a copy: a state whose address was taken would live in memory, not in registers.
    NormalStream copy = *this;
    const double edge = copy.normalEdge(layer, word, x);
    *this = copy;
    return edge;
  }

 private:
  __attribute__((noinline)) double normalEdge(uint32_t layer, int32_t word, double x) {
    for (;;) {
      if (layer == 0) return normalTail(word);
      const double bottom = NORMAL.height[layer];
      const double y = bottom + uniform() * (NORMAL.height[layer + 1] - bottom);
      if (y < exp(-0.5 * x * x)) return x;
      layer = this->layer();
      word = static_cast<int32_t>(u32());
      x = (word + 0.5) * NORMAL.width[layer];
      if ((word ^ (word >> 31)) < NORMAL.inside[layer]) return x;
    }
  }

  double normalTail(int32_t word) {
    for (;;) {
      const double x = exponential() / NormalTables::R;
      const double y = exponential();
      if (y + y > x * x) return word < 0 ? -(NormalTables::R + x) : NormalTables::R + x;
    }
  }
};

}  // namespace mms
