/**
 * Online estimate of how far market orders reach: (A, k) of the intensity A exp(-k delta) per side.
 *
 * Of each sweep, the trades of one side that arrive at one time, the farthest distance D from the mid counts;
 * a quote at distance delta <= D would have been reached. With N_b the number of sweeps of D >= b half ticks
 * and T the time, both forgotten exponentially, ln(N_b / 2T) is fitted by a straight line in b, weighted by
 * N_b, which is the inverse of its variance where counts are Poisson. A prior worth one half-life stands in
 * until data replaces it. Reached is not filled: a queue ahead makes fills rarer. O(1) a trade, O(BINS) a
 * fit, once per `sampleS`. Avellaneda & Stoikov (2008), section 2.5, for the form of the intensity.
 */
import * as codes from '../book/codes.js';
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';

const NIL = codes.NIL;
const LN2 = 0.6931471805599453;
/** Distances of 1..BINS half ticks; farther sweeps count as reaching the last. */
const BINS = 40;
/** A flatter or steeper line is taken for this one: spreads stay finite. */
const MIN_K = 1e-3;
const MAX_K = 1e3;

export class IntensityEstimator {
  /** Per second and side, at the mid. */
  declare intensityA: number;
  /** Per tick. */
  declare intensityK: number;
  declare private readonly sampleNs: number;
  declare private readonly decayPerNs: number;
  declare private weightS: number;
  private readonly reached = new Float64Array(BINS + 1);
  private lastNs = -1;
  private sweepNs = -1;
  private sweepSide = NIL;
  private sweepHalfTicks = 0;

  /** The prior's A per second and k per tick, both > 0; times in seconds, > 0. */
  constructor(intensityA: number, intensityK: number, sampleS: number, halfLifeS: number) {
    this.intensityA = intensityA;
    this.intensityK = intensityK;
    this.sampleNs = sampleS * 1e9;
    this.decayPerNs = LN2 / (halfLifeS * 1e9);
    this.weightS = halfLifeS;
    for (let b = 1; b <= BINS; b++) {
      this.reached[b] = 2 * halfLifeS * intensityA * exp((-intensityK * b) / 2);
    }
  }

  /** A trade of the market at a mid as the trader sees it; times must not decrease. */
  trade(tNs: number, priceTicks: number, aggressorSide: number, midHalfTicks: number): void {
    if (aggressorSide === NIL || midHalfTicks === NIL) return;
    if (tNs !== this.sweepNs || aggressorSide !== this.sweepSide) {
      this.endSweep();
      this.sweepNs = tNs;
      this.sweepSide = aggressorSide;
    }
    this.sweepHalfTicks = Math.max(this.sweepHalfTicks, Math.abs(2 * priceTicks - midHalfTicks));
  }

  /** Lets time pass and fits again, once per sampling step. */
  observe(tNs: number): void {
    if (this.lastNs < 0) this.lastNs = tNs;
    const dtNs = tNs - this.lastNs;
    if (dtNs < this.sampleNs) return;
    this.endSweep();
    const keep = exp(-dtNs * this.decayPerNs);
    for (let b = 1; b <= BINS; b++) this.reached[b] *= keep;
    this.weightS = this.weightS * keep + dtNs * 1e-9;
    this.lastNs = tNs;
    this.fit();
  }

  private endSweep(): void {
    const last = Math.min(this.sweepHalfTicks, BINS);
    for (let b = 1; b <= last; b++) this.reached[b]++;
    this.sweepHalfTicks = 0;
  }

  /** Weighted least squares of ln(N_b / 2T) on the distance b / 2. */
  private fit(): void {
    let [n, x, y, xx, xy] = [0, 0, 0, 0, 0];
    for (let b = 1; b <= BINS; b++) {
      const weight = this.reached[b];
      if (!(weight > 1e-9)) break;
      const delta = b / 2;
      const rate = log(weight / (2 * this.weightS));
      n += weight;
      x += weight * delta;
      y += weight * rate;
      xx += weight * delta * delta;
      xy += weight * delta * rate;
    }
    const spread = n * xx - x * x;
    if (!(spread > 1e-9 * n * xx)) return;
    const slope = (x * y - n * xy) / spread;
    this.intensityK = Math.min(MAX_K, Math.max(MIN_K, slope));
    this.intensityA = exp((y + this.intensityK * x) / n);
  }
}
