/**
 * Method of simulated moments for a market of Cont, Stoikov & Talreja: spread, depth and trade rate.
 *
 * Rates that are counted event by event need not give back the spread and the depth of the book, because
 * real orders join a best price and the model's arrive at their distance alone. So three multipliers are
 * moved until three simulated means meet the data's (McFadden 1989, A method of simulated moments,
 * Econometrica 57(5)): limit orders inside the mean spread widen or narrow it, the mean size of orders scales
 * the depth, the rate of market orders the trades. The last two are proportional, the first is a secant step
 * in logarithms. The caller simulates with the same seed in every round, so that rounds differ by the
 * parameters alone.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';

export interface Moments {
  readonly spreadTicks: number;
  readonly depthLots: number;
  readonly tradesPerS: number;
}

export interface Multipliers {
  /** Of the limit rates at distances below the mean spread. */
  readonly inside: number;
  /** Of the mean order size. */
  readonly size: number;
  /** Of the rate of market orders. */
  readonly market: number;
}

/** Elasticity of the spread to the inside rates where nothing is known yet. */
const FIRST_SLOPE = -0.2;
const [MIN_SLOPE, MAX_SLOPE] = [-1, -0.05];
/** Largest step of a logarithm in one round. */
const MAX_STEP = 1.5;
const [LEAST, MOST] = [1e-4, 1e2];

export class MomentMatch {
  private readonly real: Moments;
  private inside = 0;
  private size = 0;
  private market = 0;
  private slope = FIRST_SLOPE;
  private lastInside = 0;
  private lastSpread = NaN;

  constructor(real: Moments) {
    this.real = real;
  }

  /** Parameters to simulate next. */
  guess(): Multipliers {
    return { inside: exp(this.inside), size: exp(this.size), market: exp(this.market) };
  }

  /** Largest relative distance of the three moments. */
  miss(simulated: Moments): number {
    const { spreadTicks, depthLots, tradesPerS } = this.real;
    return Math.max(
      Math.abs(simulated.spreadTicks / spreadTicks - 1),
      Math.abs(simulated.depthLots / depthLots - 1),
      Math.abs(simulated.tradesPerS / tradesPerS - 1),
    );
  }

  /** What the guess gave; moves the guess. All moments above 0. */
  tell(simulated: Moments): void {
    const spread = log(simulated.spreadTicks);
    if (Math.abs(this.inside - this.lastInside) > 0.05 && !Number.isNaN(this.lastSpread)) {
      const slope = (spread - this.lastSpread) / (this.inside - this.lastInside);
      this.slope = Math.max(MIN_SLOPE, Math.min(MAX_SLOPE, slope));
    }
    this.lastInside = this.inside;
    this.lastSpread = spread;
    this.inside += bounded((log(this.real.spreadTicks) - spread) / this.slope);
    this.inside = Math.max(log(LEAST), Math.min(log(MOST), this.inside));
    this.size += bounded(log(this.real.depthLots / simulated.depthLots));
    this.market += bounded(log(this.real.tradesPerS / simulated.tradesPerS));
  }
}

function bounded(step: number): number {
  return Math.max(-MAX_STEP, Math.min(MAX_STEP, step));
}
