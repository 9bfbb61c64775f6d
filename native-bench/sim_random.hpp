// Random numbers: Threefry keys, xoshiro128++, the ziggurat's exponentials, and blocks of draws. Twins of
// src/core/rng/{threefry,ziggurat,stream}.ts and src/core/flow/draws.ts, where the papers are named.
#pragma once
#include <cmath>
#include <cstdint>

#include "sim_math.hpp"

namespace mms {

/** Writes Threefry4x32-20(key, counter) over `block`, which holds the counter. */
inline void threefry4x32(const uint32_t* key, uint32_t* block) {
  constexpr int ROTATION[] = {10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20};
  const auto rotate = [](uint32_t x, int by) { return x << by | x >> (32 - by); };
  uint32_t schedule[5] = {key[0], key[1], key[2], key[3], 0x1bd11bda};
  for (int i = 0; i < 4; i++) schedule[4] ^= key[i];
  uint32_t x[4];
  for (int i = 0; i < 4; i++) x[i] = block[i] + schedule[i];
  for (int round = 0; round < 20; round++) {
    const int at = (round & 7) << 1;
    const int p = round & 1 ? 3 : 1, q = round & 1 ? 1 : 3;
    x[0] += x[p];
    x[2] += x[q];
    x[p] = rotate(x[p], ROTATION[at]) ^ x[0];
    x[q] = rotate(x[q], ROTATION[at + 1]) ^ x[2];
    if ((round & 3) == 3) {
      const uint32_t s = (round + 1) >> 2;
      for (uint32_t i = 0; i < 4; i++) x[i] += schedule[(s + i) % 5];
      x[3] += s;
    }
  }
  for (int i = 0; i < 4; i++) block[i] = x[i];
}

/** The 256 layers under exp(-x). `inside` holds integers, and all of them lie below 2^32. */
struct ExponentialTables {
  static constexpr double R = 7.69711747013105, V = 0.003949659822581557;
  double width[256], height[257];
  uint32_t inside[256];

  ExponentialTables() {
    double edges[257];
    edges[0] = V / exp(-R);
    edges[1] = R;
    for (int i = 2; i < 256; i++) edges[i] = -log(V / edges[i - 1] + exp(-edges[i - 1]));
    edges[256] = 0;
    for (int i = 0; i <= 256; i++) height[i] = exp(-edges[i]);
    for (int i = 0; i < 256; i++) {
      width[i] = edges[i] / 4294967296.0;
      inside[i] = static_cast<uint32_t>(edges[i + 1] / edges[i] * 4294967296.0);
    }
  }
};

inline const ExponentialTables EXPONENTIAL;

class Stream {
 public:
  void key(uint64_t seed, uint64_t unit, uint32_t name) {
    const uint32_t words[4] = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32), 0, 0};
    uint32_t state[4] = {static_cast<uint32_t>(unit), static_cast<uint32_t>(unit >> 32), name, 0};
    threefry4x32(words, state);
    s0 = state[0];
    s1 = state[1];
    s2 = state[2];
    s3 = state[3];
    if ((s0 | s1 | s2 | s3) == 0) s3 = 1;
    layers = 0;
    layersLeft = 0;
  }

  uint32_t u32() {
    const uint32_t sum = s0 + s3;
    const uint32_t word = (sum << 7 | sum >> 25) + s0;
    const uint32_t t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = s3 << 11 | s3 >> 21;
    return word;
  }

  double uniform() {
    const uint32_t high = u32() >> 5;
    return (high * 67108864.0 + (u32() >> 6)) * 1.1102230246251565e-16;
  }

  void fillUniforms(double* out, int32_t count) {
    Stream local = *this;
    for (int32_t i = 0; i < count; i++) out[i] = local.uniform();
    *this = local;
  }

  /** The state lives in a local copy, so that it stays in registers beside the stores. */
  void fillExponentials(double* out, int32_t count) {
    Stream local = *this;
    for (int32_t i = 0; i < count; i++) {
      const uint32_t layer = local.layer();
      const uint32_t word = local.u32();
      if (word < EXPONENTIAL.inside[layer]) out[i] = (word + 0.5) * EXPONENTIAL.width[layer];
      else out[i] = local.exponentialEdge(layer, word);
    }
    *this = local;
  }

  double exponential() {
    const uint32_t layer = this->layer();
    const uint32_t word = u32();
    if (word < EXPONENTIAL.inside[layer]) return (word + 0.5) * EXPONENTIAL.width[layer];
    return exponentialEdge(layer, word);
  }

 protected:
  uint32_t s0 = 0, s1 = 0, s2 = 0, s3 = 1, layers = 0, layersLeft = 0;

  uint32_t layer() {
    if (layersLeft == 0) {
      layers = u32();
      layersLeft = 4;
    }
    const uint32_t layer = layers & 255;
    layers >>= 8;
    layersLeft--;
    return layer;
  }

  double exponentialEdge(uint32_t layer, uint32_t word) {
    double start = 0;
    for (;;) {
      const double x = (word + 0.5) * EXPONENTIAL.width[layer];
      if (word < EXPONENTIAL.inside[layer]) return start + x;
      if (layer == 0) {
        start += ExponentialTables::R;
      } else {
        const double bottom = EXPONENTIAL.height[layer];
        const double y = bottom + uniform() * (EXPONENTIAL.height[layer + 1] - bottom);
        if (y < exp(-x)) return start + x;
      }
      layer = this->layer();
      word = u32();
    }
  }
};

/** Uniforms and exponentials of one stream, drawn in blocks: the blocks decide which word becomes which number. */
class Draws {
 public:
  void key(uint64_t seed, uint64_t unit, uint32_t name) {
    stream.key(seed, unit, name);
    uniformsUsed = BLOCK;
    exponentialsUsed = BLOCK;
  }

  double uniform() {
    if (uniformsUsed == BLOCK) {
      stream.fillUniforms(uniforms, BLOCK);
      uniformsUsed = 0;
    }
    return uniforms[uniformsUsed++];
  }

  double exponential() {
    if (exponentialsUsed == BLOCK) {
      stream.fillExponentials(exponentials, BLOCK);
      exponentialsUsed = 0;
    }
    return exponentials[exponentialsUsed++];
  }

 private:
  static constexpr int32_t BLOCK = 256;
  Stream stream;
  double uniforms[BLOCK], exponentials[BLOCK];
  int32_t uniformsUsed = BLOCK, exponentialsUsed = BLOCK;
};

}  // namespace mms
