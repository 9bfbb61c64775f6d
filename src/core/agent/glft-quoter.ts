/**
 * The asymptotic quotes of Gueant, Lehalle & Fernandez-Tapia (glft.ts), far from any horizon: constant
 * distance and a skew in proportion to the inventory, with volatility and fill intensity given or estimated
 * online.
 */
import { glftAsymptotic, type GlftModel } from './glft.js';
import type { IntensityEstimator } from './intensity.js';
import type { Quote, Quoter, QuoteView } from './quoter.js';
import { NEEDS_TRADES, quoteAround } from './quoter.js';
import type { VolatilityEstimator } from './volatility.js';

export class GlftQuoter implements Quoter {
  readonly needs: number;
  private readonly model: { -readonly [Name in keyof GlftModel]: GlftModel[Name] };
  private readonly quoteLots: number;
  private readonly volatility: VolatilityEstimator | null;
  private readonly intensity: IntensityEstimator | null;
  private readonly distances = new Float64Array(2);

  /** The model in ticks, seconds and quotes; an estimator takes the place of what is given. */
  constructor(
    model: GlftModel,
    quoteLots: number,
    volatility: VolatilityEstimator | null,
    intensity: IntensityEstimator | null,
  ) {
    this.model = { ...model };
    this.quoteLots = quoteLots;
    this.volatility = volatility;
    this.intensity = intensity;
    this.needs = intensity === null ? 0 : NEEDS_TRADES;
  }

  observe(view: QuoteView): void {
    this.volatility?.observe(view.tNs, view.midHalfTicks);
    this.intensity?.observe(view.tNs);
  }

  onTrade(view: QuoteView, priceTicks: number, _qtyLots: number, aggressorSide: number): void {
    this.intensity?.trade(view.tNs, priceTicks, aggressorSide, view.midHalfTicks);
  }

  quote(view: QuoteView, out: Quote): void {
    const { model, volatility, intensity, distances } = this;
    if (volatility !== null) model.sigma = volatility.sigma();
    if (intensity !== null) {
      model.intensityA = intensity.intensityA;
      model.intensityK = intensity.intensityK;
    }
    glftAsymptotic(model, view.inventoryLots / this.quoteLots, distances);
    const mid = view.midHalfTicks / 2;
    quoteAround(view, mid - distances[0], mid + distances[1], out);
    out.bidLots = this.quoteLots;
    out.askLots = this.quoteLots;
  }
}
