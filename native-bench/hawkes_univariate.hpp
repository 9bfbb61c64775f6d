// Log-likelihood of a univariate Hawkes process with its gradient and second derivatives. Twin of
// univariateLikelihood in src/core/fit/hawkes-univariate.ts: same order of operations, same bits.
#pragma once
#include <algorithm>
#include <vector>

#include "sim_math.hpp"

namespace mms {

/** `parameters` and `gradient`: mu, alpha, beta; `information` 3 x 3, `bends` 2. */
inline double univariateLikelihood(const std::vector<double>& times, double horizon, const double* parameters,
                                   double* gradient, double* information, double* bends) {
  constexpr size_t BLOCK = 64;
  double decays[BLOCK], lambdas[BLOCK], inverses[BLOCK], excitations[BLOCK], slopes[BLOCK];
  const double mu = parameters[0], alpha = parameters[1], beta = parameters[2];
  const size_t n = times.size();
  double r = 0, d = 0, e = 0, previous = 0, logSum = 0, s1 = 0, sr = 0, sd = 0, se = 0;
  double s11 = 0, s1r = 0, s1d = 0, srr = 0, srd = 0, sdd = 0;
  for (size_t from = 0; from < n; from += BLOCK) {
    const size_t count = std::min(BLOCK, n - from);
    double before = previous;
    for (size_t i = 0; i < count; i++) {
      const double time = times[from + i];
      decays[i] = mms::exp(-beta * (time - before));
      before = time;
    }
    for (size_t i = 0; i < count; i++) {
      const double time = times[from + i];
      const double dt = time - previous;
      const double decay = decays[i];
      previous = time;
      r *= decay;
      const double decayed = decay * d;
      d = decayed - dt * r;
      e = decay * e - dt * (decayed + d);
      const double lambda = mu + alpha * r;
      const double inverse = 1 / lambda;
      lambdas[i] = lambda;
      inverses[i] = inverse;
      excitations[i] = r * inverse;
      slopes[i] = d * inverse;
      se += e * inverse;
      r += 1;
    }
    double product = 1;
    for (size_t i = 0; i < count; i++) {
      const double inverse = inverses[i], excitation = excitations[i], slope = slopes[i];
      s1 += inverse;
      sr += excitation;
      sd += slope;
      s11 += inverse * inverse;
      s1r += inverse * excitation;
      s1d += inverse * slope;
      srr += excitation * excitation;
      srd += excitation * slope;
      sdd += slope * slope;
      product *= lambdas[i];
      if ((i & 3) == 3) {
        logSum += mms::log(product);
        product = 1;
      }
    }
    if ((count & 3) != 0) logSum += mms::log(product);
  }
  const double dt = horizon - previous;
  const double decay = mms::exp(-beta * dt);
  const double left = r * decay;
  const double leftSlope = decay * d - dt * left;
  const double leftBend = decay * e - dt * (decay * d + leftSlope);
  const double mass = (static_cast<double>(n) - left) / beta;
  const double massSlope = -(leftSlope + mass) / beta;
  const double massBend = -(leftBend + 2 * massSlope) / beta;
  gradient[0] = s1 - horizon;
  gradient[1] = sr - mass;
  bends[0] = sd - massSlope;
  bends[1] = alpha * (se - massBend);
  gradient[2] = alpha * bends[0];
  information[0] = s11;
  information[1] = information[3] = s1r;
  information[2] = information[6] = alpha * s1d;
  information[4] = srr;
  information[5] = information[7] = alpha * srd;
  information[8] = alpha * alpha * sdd;
  return logSum - mu * horizon - alpha * mass;
}

}  // namespace mms
