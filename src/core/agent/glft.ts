/**
 * Optimal quotes of a market maker with inventory limits, exact and asymptotic, after Gueant, Lehalle and
 * Fernandez-Tapia.
 *
 * Paper: Gueant, Lehalle & Fernandez-Tapia, "Dealing with the inventory risk: a solution to the market making
 * problem", Mathematics and Financial Economics 7, 477-507, 2013 (arXiv 1105.3115). Fills come with intensity
 * A exp(-k delta) at distance delta from a mid with volatility sigma, utility is exponential with risk
 * aversion gamma, |inventory| <= Q. Exact (proposition 1, theorem 1): alpha = k gamma sigma^2 / 2, eta = A (1
 * + gamma/k)^-(1 + k/gamma) and the system of inventory-ladder.ts from v_q(T) = 1; then
 *   bid distance (1/k) ln(v_q / v_{q+1}) + (1/gamma) ln(1 + gamma/k), ask with v_q / v_{q-1}.
 * Asymptotic (section 4, the closed-form approximation far from T): the same constant plus (2q + 1)/2 and
 * -(2q - 1)/2 times sqrt(sigma^2 gamma / (2 k A) (1 + gamma/k)^(1 + k/gamma)). Units are free as long as they
 * agree: ticks, seconds, and inventory in quotes.
 */
import { exp } from '../math/exp.js';
import { log, log1p } from '../math/log.js';
import { InventoryLadder } from './inventory-ladder.js';

export interface GlftModel {
  /** Risk aversion, > 0. */
  readonly gamma: number;
  /** Volatility of the mid per square root of time, >= 0. */
  readonly sigma: number;
  /** Fill intensity at distance 0 per unit of time, > 0. */
  readonly intensityA: number;
  /** Its decay with the distance, > 0. */
  readonly intensityK: number;
}

/** (1/gamma) ln(1 + gamma/k): the distance of both quotes that risk in inventory does not move. */
export function restingHalfSpread(gamma: number, k: number): number {
  return log1p(gamma / k) / gamma;
}

/** The exact solution with time left `tau` growing from 0; inventories beyond +-`limit` are not allowed. */
export function glftLadder(model: GlftModel, limit: number): InventoryLadder {
  const { gamma, sigma, intensityA, intensityK: k } = model;
  const alpha = (k * gamma * sigma * sigma) / 2;
  const eta = intensityA * exp(-(1 + k / gamma) * log1p(gamma / k));
  return new InventoryLadder(alpha, eta, limit, () => 1);
}

/**
 * Exact distances from the mid at the ladder's time left and integer inventory q, into out[0] (bid) and
 * out[1] (ask); Infinity where the inventory limit forbids the fill.
 */
export function glftExact(model: GlftModel, ladder: InventoryLadder, q: number, out: Float64Array): void {
  const { gamma, intensityK: k } = model;
  const constant = restingHalfSpread(gamma, k);
  const { limit, ratio } = ladder;
  out[0] = q < limit ? constant - log(ratio[q + limit]) / k : Infinity;
  out[1] = q > -limit ? constant + log(ratio[q + limit - 1]) / k : Infinity;
}

/**
 * sqrt(sigma^2 gamma / (2 k A) (1 + gamma/k)^(1 + k/gamma)): how far one unit of inventory shifts both
 * quotes.
 */
export function glftSkew({ gamma, sigma, intensityA, intensityK: k }: GlftModel): number {
  const power = exp((1 + k / gamma) * log1p(gamma / k));
  return Math.sqrt(((sigma * sigma * gamma) / (2 * k * intensityA)) * power);
}

/** Asymptotic distances from the mid at any inventory q, into out[0] (bid) and out[1] (ask). */
export function glftAsymptotic(model: GlftModel, q: number, out: Float64Array): void {
  const constant = restingHalfSpread(model.gamma, model.intensityK);
  const skew = glftSkew(model);
  out[0] = constant + (q + 0.5) * skew;
  out[1] = constant - (q - 0.5) * skew;
}
