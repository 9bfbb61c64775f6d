// Twin of case maximum-js of tests/bench/paths-child.ts: geometric Brownian motion by ziggurat normals, terminal price and
// running maximum of 100,000 paths of 252 steps, for every line that comes in. Answers nanoseconds of processor time a step,
// the mean terminal price, the mean maximum, and the bits of both.
#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "normals.hpp"

using namespace mms;

namespace {

constexpr int32_t STEPS = 252, PATHS = 100'000, BLOCK_PATHS = 2'048;
constexpr uint32_t PRICE = 3;

double cpuNs() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e9 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec);
}

uint64_t bitsOf(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/** Twin of walkByZiggurat in tests/bench/paths-child.ts. */
void stepped(NormalStream& stream, int32_t count, double drift, double sd, double* terminal, double* maximum) {
  NormalStream local = stream;
  for (int32_t path = 0; path < count; path++) {
    double y = 0, highest = 0;
    for (int32_t step = 0; step < STEPS; step++) {
      y += drift + sd * local.normal();
      if (y > highest) highest = y;
    }
    terminal[path] = y;
    maximum[path] = highest;
  }
  stream = local;
}

}  // namespace

int main() {
  const double drift = (0.05 - 0.5 * 0.2 * 0.2) / STEPS, sd = 0.2 * std::sqrt(1.0) / std::sqrt(static_cast<double>(STEPS));
  static double terminal[BLOCK_PATHS], maximum[BLOCK_PATHS];
  NormalStream stream;
  char line[16];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    const double start = cpuNs();
    double terminals = 0, maxima = 0;
    for (int32_t block = 0; block * BLOCK_PATHS < PATHS; block++) {
      const int32_t count = std::min(BLOCK_PATHS, PATHS - block * BLOCK_PATHS);
      stream.key(1, static_cast<uint64_t>(block), PRICE);
      stepped(stream, count, drift, sd, terminal, maximum);
      double blockTerminals = 0, blockMaxima = 0;
      for (int32_t i = 0; i < count; i++) {
        blockTerminals += mms::exp(terminal[i]);
        blockMaxima += mms::exp(maximum[i]);
      }
      terminals += blockTerminals;
      maxima += blockMaxima;
    }
    const double mean = 100 * terminals / PATHS, highest = 100 * maxima / PATHS;
    const double ns = (cpuNs() - start) / (static_cast<double>(PATHS) * STEPS);
    std::printf("%.6f %.12f %.12f %" PRIx64 "-%" PRIx64 "\n", ns, mean, highest, bitsOf(mean), bitsOf(highest));
    std::fflush(stdout);
  }
  return 0;
}
