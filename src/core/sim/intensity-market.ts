/**
 * The market of Avellaneda and Stoikov: a random-walk mid and fills that get rarer with the distance of a
 * quote.
 *
 * Paper: Avellaneda & Stoikov, "High-frequency trading in a limit order book", Quantitative Finance 8(3),
 * 217-224, 2008, section 3.3. In each step dt the maker quotes from the state; it sells one lot at the ask
 * with probability lambda(deltaAsk) dt and buys one at the bid with probability lambda(deltaBid) dt,
 * lambda(delta) = A exp(-k delta) and lambda dt at most 1; then the mid moves by +sigma sqrt(dt) or -sigma
 * sqrt(dt). The probability is lambda dt itself, as printed: 1 - exp(-lambda dt) is another model, whose
 * profit is an eighth lower. Cost: about 60 ns a step, mostly the two exponentials. It has no book and no
 * queue; it serves to check strategies against published figures.
 */
import { exp } from '../math/exp.js';
import type { Stream } from '../rng/stream.js';

/**
 * Prices in currency, time in the unit of `horizon`; sigma per root of that unit, `intensityA` per unit, k
 * per currency.
 */
export interface IntensityMarket {
  readonly startMid: number;
  readonly sigma: number;
  readonly horizon: number;
  readonly steps: number;
  readonly intensityA: number;
  readonly intensityK: number;
}

/** A strategy: writes the distances of its quotes from `mid` to out[0] (ask - mid) and out[1] (mid - bid). */
export type IntensityQuoter = (mid: number, inventory: number, timeLeft: number, out: Float64Array) => void;

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

/** What a run ends with: cash + inventory x mid, inventory, and the mean distance between the two quotes. */
export interface IntensityRun {
  wealth: number;
  inventory: number;
  meanSpread: number;
}

/**
 * One run from zero cash and inventory into `result`. Draws per step: two uniforms (ask, then bid) and one
 * word for the sign of the move.
 */
export function runIntensityMarket(
  market: IntensityMarket,
  quoter: IntensityQuoter,
  stream: Stream,
  result: IntensityRun,
  fillProbability: FillProbability = linearFillProbability,
): void {
  const { intensityA, intensityK, steps, horizon } = market;
  const dt = horizon / steps;
  const move = market.sigma * Math.sqrt(dt);
  const quote = new Float64Array(2);
  let mid = market.startMid;
  let cash = 0;
  let inventory = 0;
  let spreads = 0;
  for (let step = 0; step < steps; step++) {
    quoter(mid, inventory, horizon - step * dt, quote);
    const deltaAsk = quote[0];
    const deltaBid = quote[1];
    spreads += deltaAsk + deltaBid;
    const sold = stream.uniform() < fillProbability(intensityA, intensityK, deltaAsk, dt);
    const bought = stream.uniform() < fillProbability(intensityA, intensityK, deltaBid, dt);
    if (sold) {
      inventory--;
      cash += mid + deltaAsk;
    }
    if (bought) {
      inventory++;
      cash -= mid - deltaBid;
    }
    mid += stream.i32() < 0 ? -move : move;
  }
  result.wealth = cash + inventory * mid;
  result.inventory = inventory;
  result.meanSpread = spreads / steps;
}
