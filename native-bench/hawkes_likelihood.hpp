// Log-likelihood of a univariate Hawkes process with its gradient. Twin of univariateLikelihood in
// src/core/fit/hawkes-likelihood.ts: same order of operations, same bits.
#pragma once
#include <vector>

#include "sim_math.hpp"

namespace mms {

/** `parameters` and `gradient`: mu, alpha, beta. */
inline double univariateLikelihood(const std::vector<double>& times, double horizon, const double* parameters,
                                   double* gradient) {
  const double mu = parameters[0], alpha = parameters[1], beta = parameters[2];
  const size_t n = times.size();
  double r = 0, slope = 0, previous = 0, logSum = 0, product = 1, dMu = 0, dAlpha = 0, dBeta = 0;
  for (size_t k = 0; k < n; k++) {
    const double time = times[k];
    const double dt = time - previous;
    previous = time;
    const double decay = mms::exp(-beta * dt);
    r *= decay;
    slope = decay * slope - dt * r;
    const double lambda = mu + alpha * r;
    const double inverse = 1 / lambda;
    dMu += inverse;
    dAlpha += r * inverse;
    dBeta += slope * inverse;
    product *= lambda;
    if ((k & 3) == 3) {
      logSum += mms::log(product);
      product = 1;
    }
    r += 1;
  }
  logSum += mms::log(product);
  const double dt = horizon - previous;
  const double left = r * mms::exp(-beta * dt);
  const double leftSlope = mms::exp(-beta * dt) * slope - dt * left;
  const double mass = (static_cast<double>(n) - left) / beta;
  gradient[0] = dMu - horizon;
  gradient[1] = dAlpha - mass;
  gradient[2] = alpha * (dBeta + (leftSlope + mass) / beta);
  return logSum - mu * horizon - alpha * mass;
}

}  // namespace mms
