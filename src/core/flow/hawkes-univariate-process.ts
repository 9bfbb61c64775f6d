/**
 * A Hawkes process of one type with an exponential kernel, simulated exactly by its clusters: no logarithm,
 * no exponential function and no refusal.
 *
 * Model (Hawkes 1971): intensity lambda(t) = mu + sum over past events k of n beta exp(-beta (t - t_k)).
 *
 * Method: the cluster representation of Hawkes & Oakes, "A cluster process representation of a self-exciting
 * process", Journal of Applied Probability 11(3), 493-503, 1974: immigrants come at rate mu, and every event
 * has a Poisson number of children of mean n, each after a delay of its own, exponential with rate beta. An
 * exponential delay has no memory, so the children that are still to come need no times of their own, only
 * their number m: the next event comes at rate mu + m beta, is an immigrant with probability mu / (mu + m
 * beta), else one child fewer is to come, and brings a Poisson number of children. The times have the law of
 * the model; m is hidden, so the intensity given the past events alone is not at hand, as it is in
 * hawkes-process.ts, which also does several types and baselines that change.
 *
 * Cost: one exponential, two uniforms and one division, about 21 ns an event on one core. Both choices are
 * sums of comparisons, as a branch would be missed on a third of the events. Slow where events have dozens of
 * children.
 */
import { exp } from '../math/exp.js';
import type { Draws } from './draws.js';

/** Below it a probability changes no sum of a double near 1. */
const NEGLIGIBLE = 1e-17;

/** P(children <= k) for k = 0, 1, ...: at least four entries, the last of them 1. */
function poissonSums(mean: number): Float64Array {
  const sums: number[] = [];
  let term = exp(-mean);
  let sum = 0;
  for (let k = 0; k <= mean || term > NEGLIGIBLE; k++) {
    sum += term;
    sums.push(Math.min(sum, 1));
    term *= mean / (k + 1);
  }
  while (sums.length < 3) sums.push(1);
  sums.push(1);
  return Float64Array.from(sums);
}

export class UnivariateHawkesProcess {
  declare private readonly draws: Draws;
  declare private readonly baseline: number;
  declare private readonly decayPerS: number;
  declare private readonly sums: Float64Array;
  /** Time of the next event, the rate of its coming: in cells, as V8 would box them. */
  private readonly state = new Float64Array(2);
  /** Children that are still to come of the events so far. */
  private pending = 0;

  /**
   * Baseline mu >= 0 and decay beta > 0 per second; branching: mean children of an event, 0 <= n <= 100.
   */
  constructor(baselinePerS: number, branching: number, decayPerS: number, draws: Draws) {
    this.baseline = baselinePerS;
    this.decayPerS = decayPerS;
    this.sums = poissonSums(branching);
    this.draws = draws;
  }

  /** Forgets all events and puts the clock to 0; draw() must follow. */
  clear(): void {
    this.pending = 0;
    this.state[0] = 0;
  }

  /** Time of the next event in whole ns; Infinity when there is none. */
  nextNs(): number {
    return this.state[0];
  }

  /** Draws when the next event comes. */
  draw(): void {
    const { draws, state } = this;
    const rate = this.baseline + this.pending * this.decayPerS;
    state[1] = rate;
    // Whole nanoseconds, as everywhere; rounding up keeps two events apart.
    state[0] += Math.ceil((1e9 * draws.exponentials[draws.exponentialIndex()]) / rate);
  }

  /** The event at nextNs happens. */
  take(): void {
    const { draws, sums } = this;
    const child = +(draws.uniform() * this.state[1] >= this.baseline);
    const u = draws.uniform();
    let children = +(u >= sums[0]) + +(u >= sums[1]) + +(u >= sums[2]);
    while (u >= sums[children]) children++;
    this.pending = (this.pending - child + children) | 0;
  }
}
