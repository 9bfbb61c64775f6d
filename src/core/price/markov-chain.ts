/**
 * Long-run facts of a Markov chain of a few regimes: stationary law, eigenvalues, how long a regime stays.
 *
 * Row i of a transition matrix holds the probabilities of the regimes that follow regime i (Norris 1997,
 * Markov Chains, sections 1.7 and 1.9). processes/regime-switching.ts simulates such a chain. Cost O(n^3).
 */
import { symmetricEigenvalues } from './symmetric-eigenvalues.js';

type Matrix = readonly (readonly number[])[];

/** How far from even two opposite flows of probability may be in a chain that is called reversible. */
const BALANCE = 1e-12;

/**
 * Shares of time in the long run: pi P = pi, sum 1. By elimination of one regime after the other, in which
 * nothing is ever subtracted (Grassmann, Taksar & Heyman 1985, Operations Research 33(5)), so that small
 * shares are as accurate as large ones. NaN where a regime cannot reach those before it, so that the law
 * would depend on the start.
 */
export function stationaryLaw(transition: Matrix): number[] {
  const n = transition.length;
  const p = transition.map((row) => [...row]);
  for (let k = n - 1; k > 0; k--) {
    let leaving = 0;
    for (let j = 0; j < k; j++) leaving += p[k][j];
    for (let i = 0; i < k; i++) {
      p[i][k] /= leaving;
      for (let j = 0; j < k; j++) p[i][j] += p[i][k] * p[k][j];
    }
  }
  const law = [1];
  let total = 1;
  for (let k = 1; k < n; k++) {
    let share = 0;
    for (let i = 0; i < k; i++) share += law[i] * p[i][k];
    law.push(share);
    total += share;
  }
  return law.map((share) => share / total);
}

/**
 * Eigenvalues of a reversible chain, largest first: all are real, the first is 1, and the second says how
 * fast the start is forgotten. Null for a chain that runs round in a circle (pi_i P_ij differs from pi_j
 * P_ji), of which they may be complex. The matrix is symmetric once scaled by the roots of the stationary
 * law.
 */
export function reversibleEigenvalues(transition: Matrix): number[] | null {
  const law = stationaryLaw(transition);
  const flow = (i: number, j: number): number => law[i] * transition[i][j];
  const even = transition.every((_, i) =>
    transition.every((_, j) => Math.abs(flow(i, j) - flow(j, i)) <= BALANCE),
  );
  if (!even) return null;
  const scaled = transition.map((row, i) => row.map((p, j) => p * Math.sqrt(law[i] / law[j])));
  return symmetricEigenvalues(scaled).reverse();
}

/** Mean number of steps that each regime lasts once entered, 1 / (1 - P_ii); Infinity for one never left. */
export function meanStays(transition: Matrix): number[] {
  return transition.map((row, i) => {
    let leaving = 0;
    for (let j = 0; j < row.length; j++) if (j !== i) leaving += row[j];
    return 1 / leaving;
  });
}
