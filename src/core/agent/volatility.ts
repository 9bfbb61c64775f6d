/**
 * Online estimate of the mid's volatility: squared moves over a sampling step, averaged with exponential
 * forgetting.
 *
 * The mid is looked at once per `sampleNs` and not at every change, because the bounce of single quotes
 * adds variance that a position held for seconds never sees. With d = 2^(-dt/halfLife): S <- S*d +
 * move^2, W <- W*d + dt and sigma = sqrt(S/W). A prior worth one half-life stands in until data replaces
 * it. O(1) a call, one exp per sample.
 */
import { exp } from '../math/exp.js';

const LN2 = 0.6931471805599453;

export class VolatilityEstimator {
  declare private readonly sampleNs: number;
  declare private readonly decayPerNs: number;
  declare private sumSquares: number;
  declare private weightS: number;
  private lastNs = -1;
  private lastMidHalfTicks = 0;

  /** Prior in ticks per sqrt(second); sampleS and halfLifeS in seconds, both > 0. */
  constructor(priorTicksPerSqrtS: number, sampleS: number, halfLifeS: number) {
    this.sampleNs = sampleS * 1e9;
    this.decayPerNs = LN2 / (halfLifeS * 1e9);
    this.weightS = halfLifeS;
    this.sumSquares = priorTicksPerSqrtS * priorTicksPerSqrtS * halfLifeS;
  }

  /** Looks at the mid at tNs; times must not decrease. */
  observe(tNs: number, midHalfTicks: number): void {
    if (this.lastNs >= 0) {
      const dtNs = tNs - this.lastNs;
      if (dtNs < this.sampleNs) return;
      const move = (midHalfTicks - this.lastMidHalfTicks) / 2;
      const keep = exp(-dtNs * this.decayPerNs);
      this.sumSquares = this.sumSquares * keep + move * move;
      this.weightS = this.weightS * keep + dtNs * 1e-9;
    }
    this.lastNs = tNs;
    this.lastMidHalfTicks = midHalfTicks;
  }

  /** Ticks per sqrt(second). */
  sigma(): number {
    return Math.sqrt(this.sumSquares / this.weightS);
  }
}
