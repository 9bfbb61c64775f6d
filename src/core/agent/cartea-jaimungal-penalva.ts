/**
 * Optimal quotes of a risk-neutral market maker who pays a running penalty for inventory, after Cartea,
 * Jaimungal and Penalva.
 *
 * Book: Cartea, Jaimungal & Penalva, "Algorithmic and High-Frequency Trading", Cambridge University Press
 * 2015, section 10.2. The maker maximises E[X_T + Q_T (S_T - a Q_T) - phi int Q_u^2 du]; market orders of
 * each side come at rate lambda and fill a quote at distance delta with probability exp(-kappa delta). The
 * value function is x + q S + h(t, q), and w_q = exp(kappa h) solves the system of inventory-ladder.ts with
 * alpha = kappa phi, eta = lambda / e, w_q(T) = exp(-a kappa q^2). Distances: bid
 * 1/kappa + h(q) - h(q+1), ask 1/kappa + h(q) - h(q-1). The fill intensity of the other models is the same
 * with A = lambda, k = kappa.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { InventoryLadder } from './inventory-ladder.js';

const E = 2.718281828459045;

export interface CjpModel {
  /** Market orders of one side per unit of time, > 0. */
  readonly lambda: number;
  /** Decay of the fill probability with the distance, > 0. */
  readonly kappa: number;
  /** Running penalty per unit of inventory squared and of time, >= 0. */
  readonly phi: number;
  /** Terminal penalty `a` (alpha in the book) per unit of inventory squared, >= 0. */
  readonly terminalAlpha: number;
}

/** The solution with time left `tau` growing from 0; inventories beyond +-`limit` are not allowed. */
export function cjpLadder({ lambda, kappa, phi, terminalAlpha }: CjpModel, limit: number): InventoryLadder {
  const perUnit = terminalAlpha * kappa;
  return new InventoryLadder(kappa * phi, lambda / E, limit, (q) => exp(-perUnit * (2 * q + 1)));
}

/** h(t, 0): what the right to make this market for the ladder's time left is worth without inventory. */
export function cjpValue({ kappa }: CjpModel, ladder: InventoryLadder): number {
  return ladder.logCentre / kappa;
}

/**
 * Distances from the mid at the ladder's time left and integer inventory q, into out[0] (bid) and out[1]
 * (ask); Infinity where the inventory limit forbids the fill.
 */
export function cjpQuotes({ kappa }: CjpModel, ladder: InventoryLadder, q: number, out: Float64Array): void {
  const { limit, ratio } = ladder;
  out[0] = q < limit ? (1 - log(ratio[q + limit])) / kappa : Infinity;
  out[1] = q > -limit ? (1 + log(ratio[q + limit - 1])) / kappa : Infinity;
}
