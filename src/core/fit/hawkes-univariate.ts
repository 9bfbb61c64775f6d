/**
 * Log-likelihood, gradient and Hessian of a Hawkes process of one type and one base rate: the hot kernel.
 *
 * The intensity at event k is lambda_k = mu + alpha R_k, and R, D = dR/dbeta and E = dD/dbeta decay
 * together from event to event (Ozaki 1979, Ann. Inst. Stat. Math. 31, sections 3 and 4):
 *   R = e R',  D = e D' - dt R,  E = e E' - dt (e D' + D),  e = exp(-beta dt), then R grows by 1.
 * So the second derivatives cost a few multiplications beside the exponential and the division that the
 * value needs anyway, and a fit by Newton's method needs a third of the passes.
 *
 * Why in blocks: an exponential each, then the recursion, then the sums are three short loops; in one loop
 * V8 runs out of registers, and what takes a while waits for the recursion. Logarithms are taken of
 * products of four intensities. Cost about 27 ns an event. Twin: native-bench/hawkes_univariate.hpp.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';

const BLOCK = 64;
const decays = new Float64Array(BLOCK);
const lambdas = new Float64Array(BLOCK);
/** 1, R and D over lambda. */
const inverses = new Float64Array(BLOCK);
const excitations = new Float64Array(BLOCK);
const slopes = new Float64Array(BLOCK);

/**
 * Returns the log-likelihood of events at `times` (ascending, from 0) up to `horizon` at mu, alpha, beta:
 * -Infinity or NaN where an event has intensity 0 or less. Writes its gradient and the information matrix
 * (3 x 3): the sum over events of (grad lambda)(grad lambda)' / lambda^2, whose mean at the true parameters
 * is Fisher's (Ogata 1978). The second derivatives of the log-likelihood are minus that, plus bends[0] in
 * (alpha, beta) and bends[1] in (beta, beta).
 */
// eslint-disable-next-line max-lines-per-function -- a hot loop: V8 keeps its sums in registers
export function univariateLikelihood(
  times: Float64Array,
  horizon: number,
  parameters: Float64Array,
  gradient: Float64Array,
  information: Float64Array,
  bends: Float64Array,
): number {
  const mu = parameters[0];
  const alpha = parameters[1];
  const beta = parameters[2];
  const n = times.length;
  let r = 0;
  let d = 0;
  let e = 0;
  let previous = 0;
  let logSum = 0;
  let s1 = 0;
  let sr = 0;
  let sd = 0;
  let se = 0;
  let s11 = 0;
  let s1r = 0;
  let s1d = 0;
  let srr = 0;
  let srd = 0;
  let sdd = 0;
  for (let from = 0; from < n; from += BLOCK) {
    const count = Math.min(BLOCK, n - from);
    let before = previous;
    for (let i = 0; i < count; i++) {
      const time = times[from + i];
      decays[i] = exp(-beta * (time - before));
      before = time;
    }
    for (let i = 0; i < count; i++) {
      const time = times[from + i];
      const dt = time - previous;
      const decay = decays[i];
      previous = time;
      r *= decay;
      const decayed = decay * d;
      d = decayed - dt * r;
      e = decay * e - dt * (decayed + d);
      const lambda = mu + alpha * r;
      const inverse = 1 / lambda;
      lambdas[i] = lambda;
      inverses[i] = inverse;
      excitations[i] = r * inverse;
      slopes[i] = d * inverse;
      se += e * inverse;
      r += 1;
    }
    let product = 1;
    for (let i = 0; i < count; i++) {
      const inverse = inverses[i];
      const excitation = excitations[i];
      const slope = slopes[i];
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
      if ((i & 3) === 3) {
        logSum += log(product);
        product = 1;
      }
    }
    if ((count & 3) !== 0) logSum += log(product);
  }
  const dt = horizon - previous;
  const decay = exp(-beta * dt);
  const left = r * decay;
  const leftSlope = decay * d - dt * left;
  const leftBend = decay * e - dt * (decay * d + leftSlope);
  // The mass M of the kernels inside the sample: beta M = n - R(T), twice differentiated in beta.
  const mass = (n - left) / beta;
  const massSlope = -(leftSlope + mass) / beta;
  const massBend = -(leftBend + 2 * massSlope) / beta;
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
