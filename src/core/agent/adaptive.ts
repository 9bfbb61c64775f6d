/**
 * The `adaptive` strategy: Avellaneda & Stoikov (2008), equations 3.17 and 3.18, in ticks and seconds.
 *
 * The reservation price leaves the mid against the inventory and the spread is placed around it.
 * Inventory counts in quotes (lots / quoteLots), so that gamma does not depend on the lot. The paper's
 * horizon is a trading day that ends flat; here the horizon rolls: time left = min(horizonS, time to the
 * end), otherwise a long run would begin with a skew of hundreds of ticks. sigma is given, or estimated
 * online when an estimator is passed, and so is k.
 */
import { reservationPrice, restingSpread } from './avellaneda-stoikov.js';
import type { Quote, Quoter, QuoteView } from './quoter.js';
import type { IntensityEstimator } from './intensity.js';
import { NEEDS_TRADES, quoteAround } from './quoter.js';
import type { VolatilityEstimator } from './volatility.js';

export interface AdaptiveOptions {
  /** Risk aversion per tick and quote, > 0. */
  readonly gamma: number;
  /** Decay of the fill intensity per tick of distance, > 0; ignored when an estimator is given. */
  readonly k: number;
  readonly horizonS: number;
  readonly quoteLots: number;
  /** Ticks per sqrt(second); ignored when an estimator is given. */
  readonly sigmaTicksPerSqrtS: number;
}

export class AdaptiveQuoter implements Quoter {
  declare private readonly options: AdaptiveOptions;
  /** The spread's constant part, with its logarithm. */
  declare private restingSpreadTicks: number;
  declare readonly needs: number;
  declare private readonly estimator: VolatilityEstimator | null;
  declare private readonly intensity: IntensityEstimator | null;
  declare private k: number;

  /** An estimator takes the place of the sigma or of the k that is given. */
  constructor(
    options: AdaptiveOptions,
    estimator: VolatilityEstimator | null,
    intensity: IntensityEstimator | null = null,
  ) {
    this.options = options;
    this.intensity = intensity;
    this.k = options.k;
    this.needs = intensity === null ? 0 : NEEDS_TRADES;
    this.restingSpreadTicks = restingSpread(options.gamma, options.k);
    this.estimator = estimator;
  }

  observe(view: QuoteView): void {
    this.estimator?.observe(view.tNs, view.midHalfTicks);
    this.intensity?.observe(view.tNs);
  }

  onTrade(view: QuoteView, priceTicks: number, _qtyLots: number, aggressorSide: number): void {
    this.intensity?.trade(view.tNs, priceTicks, aggressorSide, view.midHalfTicks);
  }

  quote(view: QuoteView, out: Quote): void {
    const { gamma, horizonS, quoteLots, sigmaTicksPerSqrtS } = this.options;
    const sigma = this.estimator ? this.estimator.sigma() : sigmaTicksPerSqrtS;
    if (this.intensity !== null && this.intensity.intensityK !== this.k) {
      this.k = this.intensity.intensityK;
      this.restingSpreadTicks = restingSpread(gamma, this.k);
    }
    const timeLeftS = Math.min(horizonS, view.timeLeftS);
    const quotes = view.inventoryLots / quoteLots;
    const centre = reservationPrice(view.midHalfTicks / 2, quotes, gamma, sigma, timeLeftS);
    const half = (gamma * sigma * sigma * timeLeftS + this.restingSpreadTicks) / 2;
    quoteAround(view, centre - half, centre + half, out);
    out.bidLots = quoteLots;
    out.askLots = quoteLots;
  }
}
