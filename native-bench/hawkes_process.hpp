// A multivariate Hawkes process with exponential kernels of one decay, exactly. Twin of src/core/flow/hawkes-process.ts,
// where model, method and paper stand.
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim_math.hpp"
#include "sim_random.hpp"

namespace mms {

class HawkesProcess {
 public:
  std::vector<double> baseline, excess;

  HawkesProcess(const std::vector<double>& baselinePerS, const std::vector<std::vector<double>>& branching,
                double decayPerS, Draws& draws)
      : baseline(baselinePerS),
        excess(baselinePerS.size(), 0),
        draws(draws),
        beta(decayPerS),
        types(static_cast<int32_t>(baselinePerS.size())),
        jumps(baselinePerS.size() * baselinePerS.size()) {
    for (int32_t j = 0; j < types; j++) {
      for (int32_t i = 0; i < types; i++) jumps[j * types + i] = branching[i][j] * decayPerS;
    }
  }

  void clear() {
    for (double& one : excess) one = 0;
    next = 0;
    total = 0;
  }

  double nextNs() const { return next; }

  void draw() {
    double base = 0;
    for (int32_t i = 0; i < types; i++) base += baseline[i];
    const double waitS = draws.exponential() / base;
    const double left = 1 - beta * draws.exponential() / total;
    const double excitedS = left > 0 ? -mms::log(left) / beta : std::numeric_limits<double>::infinity();
    excited = excitedS < waitS;
    decay = excited ? left : mms::exp(-beta * waitS);
    next += std::ceil((excited ? excitedS : waitS) * 1e9);
  }

  int32_t take() {
    const int32_t type = excited ? pick(excess, total) : pickBaseline();
    const double* column = &jumps[type * types];
    double sum = 0;
    for (int32_t i = 0; i < types; i++) {
      excess[i] = excess[i] * decay + column[i];
      sum += excess[i];
    }
    total = sum;
    return type;
  }

 private:
  Draws& draws;
  const double beta;
  const int32_t types;
  std::vector<double> jumps;
  double next = 0, decay = 0, total = 0;
  bool excited = false;

  int32_t pickBaseline() {
    double base = 0;
    for (int32_t i = 0; i < types; i++) base += baseline[i];
    return pick(baseline, base);
  }

  int32_t pick(const std::vector<double>& weights, double sum) {
    double u = draws.uniform() * sum - weights[0];
    int32_t i = 0;
    while (u >= 0 && i < types - 1) u -= weights[++i];
    return i;
  }
};

}  // namespace mms
