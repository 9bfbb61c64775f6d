/**
 * The market of Avellaneda and Stoikov: a random-walk mid and fills that get rarer with the distance of a
 * quote.
 *
 * Paper: Avellaneda & Stoikov, "High-frequency trading in a limit order book", Quantitative Finance 8(3),
 * 217-224, 2008, section 3.3. In each step dt the maker quotes from the state; it sells one lot at the ask
 * with probability lambda(deltaAsk) dt and buys one at the bid with probability lambda(deltaBid) dt,
 * lambda(delta) = A exp(-k delta) and lambda dt at most 1; then the mid moves by +sigma sqrt(dt) or -sigma
 * sqrt(dt). The probability is lambda dt itself, as printed: 1 - exp(-lambda dt) is another model, whose
 * profit is an eighth lower. It has no book and no queue; it serves to check strategies against published
 * figures.
 *
 * Why this structure: quotes are distances from the mid that depend on inventory and time alone, so that
 * there are as many states as steps times inventories, and each gets its distances and chances once. Wealth
 * is summed by parts, what each fill earned against the mid plus inventory times each move, so that neither
 * price nor cash is kept. Runs go through a step side by side: one row of the table stays in the nearest
 * cache, and no run waits for another. Cost: about 9 ns a step of a run, without a branch on a fill; a table
 * of 24 steps^2 bytes, so it is slow, and large, for thousands of steps.
 */
import { exp } from '../math/exp.js';
import type { Stream } from '../rng/stream.js';

/** Time in the unit of `horizon`; sigma per root of that unit, `intensityA` per unit, k per currency. */
export interface IntensityMarket {
  readonly sigma: number;
  readonly horizon: number;
  readonly steps: number;
  readonly intensityA: number;
  readonly intensityK: number;
}

/**
 * A strategy: writes the distances of its quotes from the mid to out[0] (ask - mid) and out[1] (mid - bid).
 */
export type IntensityQuoter = (inventory: number, timeLeft: number, out: Float64Array) => void;

/**
 * Chance that a quote at distance `delta` is filled within dt; replaceable, to show what another reading
 * does.
 */
export type FillProbability = (intensityA: number, intensityK: number, delta: number, dt: number) => number;

/** lambda dt, at most 1. */
export const linearFillProbability: FillProbability = (intensityA, intensityK, delta, dt) => {
  const p = intensityA * exp(-intensityK * delta) * dt;
  return p < 1 ? p : 1;
};

/** Chances are kept in parts of so many: 2^31, as the upper bits of a word; 1 is one part short of 1. */
const CHANCES = 2147483648;

/** A strategy in a market: what it quotes, and with which chance, at every step and inventory. */
export class IntensityTable {
  declare readonly market: IntensityMarket;
  /** Mean over the steps of the distance between the two quotes at inventory 0. */
  declare readonly meanSpread: number;
  /**
   * Ask, then bid, of inventory q at step s from element 2 (s^2 + s + q) on; |q| <= s, which is all it can
   * be.
   */
  declare readonly distances: Float64Array;
  declare readonly chances: Int32Array;

  constructor(
    market: IntensityMarket,
    quoter: IntensityQuoter,
    fillProbability: FillProbability = linearFillProbability,
  ) {
    const { steps, horizon, intensityA, intensityK } = market;
    this.market = market;
    // Row s holds 2 s + 1 inventories from s^2 on; in all there are steps^2.
    this.distances = new Float64Array(2 * steps * steps);
    this.chances = new Int32Array(2 * steps * steps);
    const dt = horizon / steps;
    const quote = new Float64Array(2);
    let spreads = 0;
    for (let step = 0; step < steps; step++) {
      for (let q = -step; q <= step; q++) {
        quoter(q, horizon - step * dt, quote);
        if (q === 0) spreads += quote[0] + quote[1];
        const at = 2 * (step * step + step + q);
        for (let side = 0; side < 2; side++) {
          const chance = fillProbability(intensityA, intensityK, quote[side], dt);
          this.distances[at + side] = quote[side];
          this.chances[at + side] = Math.min(CHANCES - 1, Math.round(chance * CHANCES));
        }
      }
    }
    this.meanSpread = spreads / steps;
  }
}

/**
 * `runs` runs from zero cash and inventory: what each ends with, cash + inventory x mid less nothing at the
 * start, and its inventory, into the first `runs` elements. Draws: at each step, for each run in turn, two
 * words; the upper 31 bits of the first are the chance of the ask and its last bit is the sign of the move,
 * those of the second the chance of the bid.
 */
export function runIntensityMarket(
  { market, distances, chances }: IntensityTable,
  stream: Stream,
  runs: number,
  wealth: Float64Array,
  inventory: Int32Array,
): void {
  const { steps, sigma, horizon } = market;
  const words = new Int32Array(2 * runs);
  /** Sum over the steps of inventory times the sign of the move after it. */
  const carried = new Int32Array(runs);
  wealth.fill(0, 0, runs);
  inventory.fill(0, 0, runs);
  for (let step = 0; step < steps; step++) {
    stream.fillWords(words, 2 * runs);
    const row = step * step + step;
    for (let run = 0; run < runs; run++) {
      const q = inventory[run];
      const at = (row + q) << 1;
      const word = words[run << 1];
      // A difference of two numbers below 2^31 is negative where the chance comes true; its sign bit says so.
      const sold = ((word >>> 1) - chances[at]) >>> 31;
      const bought = ((words[(run << 1) + 1] >>> 1) - chances[at + 1]) >>> 31;
      wealth[run] += sold * distances[at] + bought * distances[at + 1];
      const held = q + bought - sold;
      inventory[run] = held;
      carried[run] += held - ((held << 1) & -(word & 1));
    }
  }
  const move = sigma * Math.sqrt(horizon / steps);
  for (let run = 0; run < runs; run++) wealth[run] += move * carried[run];
}
