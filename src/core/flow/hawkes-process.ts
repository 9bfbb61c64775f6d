/**
 * A multivariate Hawkes process with exponential kernels of one decay, simulated exactly and in O(types) per
 * event.
 *
 * Model (Hawkes 1971): type i has the intensity lambda_i(t) = baseline_i + sum over past events k of type j
 * of n_ij beta exp(-beta (t - t_k)); n_ij is the mean number of direct children of type i of an event j.
 * Stationary while the spectral radius of n is below 1.
 *
 * Method: Dassios & Zhao, "Exact simulation of Hawkes process with exponentially decaying intensity",
 * Electronic Communications in Probability 18 (62), 2013, algorithm 3.1, for all types together. With one
 * decay the sum S of what is above the baselines decays as a whole, so the next event is the earlier of two
 * independent clocks: the baselines', exponential with rate M, and that of the excess, whose survival
 * exp(-S (1 - e^(-beta t)) / beta) is inverted: D = 1 - beta E / S, t = -ln(D) / beta, never when D <= 0. No
 * candidate is refused, as Ogata's thinning does, and where the second clock wins the decay is D itself: an
 * event costs at most one logarithm and one exponential. Which clock won says from which part the type is
 * drawn. The baselines may change from event to event (they are read by draw()), as long as they hold until
 * the next one. Slow where there are many types: the excess of each is decayed at each event. One type whose
 * baseline stays has a faster one, hawkes-univariate-process.ts.
 * Twin: native-bench/hawkes_process.hpp.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import type { Draws } from './draws.js';

/** Cells of `state`. */
const NEXT_NS = 0;
const DECAY = 1;
const EXCESS = 2;

export class HawkesProcess {
  /** Baseline of each type per second; the caller may change it before draw(). */
  readonly baseline: Float64Array;
  /** What past events add to the intensity of each type now, per second. */
  readonly excess: Float64Array;
  declare private readonly draws: Draws;
  declare private readonly decayPerS: number;
  /** n_ij beta, the column of a type in one piece. */
  declare private readonly jumps: Float64Array;
  declare private readonly types: number;
  /** Time of the next event; how far the excess decays until then; the excess now, summed. Never boxed. */
  private readonly state = new Float64Array(3);
  /** Whether the next event comes of the excess. */
  private excited = false;

  /** `branching[i][j]` is n_ij >= 0; `baselinePerS` has as many entries; decayPerS is beta > 0. */
  constructor(
    baselinePerS: readonly number[],
    branching: readonly (readonly number[])[],
    decayPerS: number,
    draws: Draws,
  ) {
    const types = baselinePerS.length;
    this.types = types;
    this.draws = draws;
    this.decayPerS = decayPerS;
    this.baseline = Float64Array.from(baselinePerS);
    this.excess = new Float64Array(types);
    this.jumps = new Float64Array(types * types);
    for (let j = 0; j < types; j++) {
      for (let i = 0; i < types; i++) this.jumps[j * types + i] = branching[i][j] * decayPerS;
    }
  }

  /** Forgets all events and puts the clock to 0; draw() must follow. */
  clear(): void {
    this.excess.fill(0);
    this.state.fill(0);
  }

  /** Time of the next event in whole ns; Infinity when there is none. */
  nextNs(): number {
    return this.state[NEXT_NS];
  }

  /** Puts the clock forward or back; what is left of the waiting time stays. */
  shift(byNs: number): void {
    this.state[NEXT_NS] += byNs;
  }

  /** Draws when the next event comes. */
  draw(): void {
    const { draws, state, baseline, types } = this;
    const beta = this.decayPerS;
    let total = 0;
    for (let i = 0; i < types; i++) total += baseline[i];
    const waitS = draws.exponentials[draws.exponentialIndex()] / total;
    const left = 1 - (beta * draws.exponentials[draws.exponentialIndex()]) / state[EXCESS];
    const excitedS = left > 0 ? -log(left) / beta : Infinity;
    this.excited = excitedS < waitS;
    state[DECAY] = this.excited ? left : exp(-beta * waitS);
    // Whole nanoseconds, as everywhere; rounding up keeps two events apart.
    state[NEXT_NS] += Math.ceil((this.excited ? excitedS : waitS) * 1e9);
  }

  /** The event at nextNs happens; returns its type, 0..types-1. */
  take(): number {
    const { excess, state, jumps, types } = this;
    const decay = state[DECAY];
    const type = this.excited ? this.pick(excess, state[EXCESS]) : this.pickBaseline();
    const column = type * types;
    let sum = 0;
    for (let i = 0; i < types; i++) {
      const now = excess[i] * decay + jumps[column + i];
      excess[i] = now;
      sum += now;
    }
    state[EXCESS] = sum;
    return type;
  }

  private pickBaseline(): number {
    const { baseline, types } = this;
    let total = 0;
    for (let i = 0; i < types; i++) total += baseline[i];
    return this.pick(baseline, total);
  }

  /** An index with the given weights, all of which have decayed alike. */
  private pick(weights: Float64Array, total: number): number {
    const last = this.types - 1;
    let u = this.draws.uniform() * total - weights[0];
    let i = 0;
    while (u >= 0 && i < last) u -= weights[++i];
    return i;
  }
}
