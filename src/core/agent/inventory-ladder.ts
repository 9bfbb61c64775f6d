/**
 * The linear system behind optimal quotes under inventory risk, solved for the ratios of neighbouring values.
 *
 * Both Gueant, Lehalle & Fernandez-Tapia (2013, proposition 1) and Cartea, Jaimungal & Penalva (2015, section
 * 10.2.1) end in one tridiagonal system over the inventory q = -Q..Q, in the time left tau:
 *   dv_q/dtau = eta (v_{q-1} + v_{q+1}) - alpha q^2 v_q, v_q(0) given and > 0, neighbours beyond Q left out;
 * a quote's distance is the logarithm of v_q / v_{q+1} plus a constant.
 *
 * Why ratios: v falls off like exp(-q^2), so that an eigen-decomposition loses its sign in the tails and v
 * itself leaves the range of doubles. A step of length h is uniformised, exp(h(M + cI)) exp(-hc) with c =
 * alpha Q^2, so that every term of its Taylor series is positive and nothing cancels; each series is divided
 * by the old v_q, so that only ratios of neighbours enter, and those stay moderate. No logarithm or
 * exponential inside. Cost of a step O(Q x terms); steps: tau (c + 2 eta) /
 * 8. Slow where alpha Q^2 tau is large before the solution stands still; it stops there (relative change of
 * all ratios below 1e-15 per step).
 */
import { log } from '../math/log.js';

/** Largest h (c + 2 eta) of a step: more terms a step, fewer in all; e^8 is far from any limit. */
const STEP_WEIGHT = 8;
const STILL = 1e-15;
const ENOUGH = 1e-18;

export class InventoryLadder {
  /** Largest inventory Q; values are kept for q = -Q..Q at index q + Q. */
  declare readonly limit: number;
  /** ratio[q + Q] = v_{q+1} / v_q for q = -Q..Q-1. */
  declare readonly ratio: Float64Array;
  /** ln v_0. */
  logCentre = 0;
  /** Time left that the values belong to. */
  tau = 0;
  /** The system's coefficients. */
  declare readonly alpha: number;
  declare readonly eta: number;
  declare private readonly term: Float64Array;
  declare private readonly next: Float64Array;
  declare private readonly sum: Float64Array;
  private still = false;

  /**
   * `alpha` >= 0 and `eta` > 0 per unit of time; `limit` Q >= 1; `firstRatio(q)` is v_{q+1} / v_q at tau =
   * 0, where v_0 = 1.
   */
  constructor(alpha: number, eta: number, limit: number, firstRatio: (q: number) => number) {
    this.alpha = alpha;
    this.eta = eta;
    this.limit = limit;
    const size = 2 * limit + 1;
    this.ratio = new Float64Array(size - 1);
    for (let i = 0; i < size - 1; i++) this.ratio[i] = firstRatio(i - limit);
    this.term = new Float64Array(size);
    this.next = new Float64Array(size);
    this.sum = new Float64Array(size);
  }

  /** Moves on to a larger time left. */
  advance(tau: number): void {
    const rate = this.alpha * this.limit * this.limit + 2 * this.eta;
    const steps = Math.max(1, Math.ceil(((tau - this.tau) * rate) / STEP_WEIGHT));
    const h = (tau - this.tau) / steps;
    for (let step = 0; step < steps; step++) {
      if (this.still) {
        // All v grow by one factor now, that of the last step.
        this.logCentre += (steps - step) * this.growth(h);
        break;
      }
      this.step(h);
    }
    this.tau = tau;
  }

  /** ln of the factor by which v_0 grows in h once the ratios stand still: the largest eigenvalue times h. */
  private growth(h: number): number {
    const centre = this.limit;
    return h * this.eta * (this.ratio[centre] + 1 / this.ratio[centre - 1]);
  }

  private step(h: number): void {
    const { term, sum, ratio, limit } = this;
    const size = 2 * limit + 1;
    term.fill(1);
    sum.fill(1);
    for (let k = 1; this.multiply(h / k); k++) {
      for (let i = 0; i < size; i++) sum[i] += term[i];
    }
    this.still = true;
    for (let i = 0; i < size - 1; i++) {
      const factor = sum[i + 1] / sum[i];
      ratio[i] *= factor;
      if (Math.abs(factor - 1) > STILL) this.still = false;
    }
    this.logCentre += log(sum[limit]) - h * this.alpha * limit * limit;
  }

  /** term <- weight (M + cI) term, all relative to v; whether it still counts beside the sum. */
  private multiply(weight: number): boolean {
    const { term, next, sum, ratio, limit, alpha, eta } = this;
    const last = 2 * limit;
    let counts = false;
    for (let i = 0; i <= last; i++) {
      const q = i - limit;
      let value = alpha * (limit * limit - q * q) * term[i];
      if (i > 0) value += (eta * term[i - 1]) / ratio[i - 1];
      if (i < last) value += eta * ratio[i] * term[i + 1];
      next[i] = weight * value;
      if (next[i] > ENOUGH * sum[i]) counts = true;
    }
    term.set(next);
    return counts;
  }
}
