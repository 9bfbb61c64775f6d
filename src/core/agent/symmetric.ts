/**
 * The `symmetric` strategy: the spread of Avellaneda & Stoikov (2008) around the mid, blind to inventory.
 *
 * It is the benchmark of their section 3.3: equation 3.18 gives the spread, the reservation price is not
 * used. The horizon rolls as in adaptive.ts.
 */
import { restingSpread } from './avellaneda-stoikov.js';
import type { Quote, Quoter, QuoteView } from './quoter.js';
import { quoteAround } from './quoter.js';

export interface SymmetricOptions {
  readonly gamma: number;
  readonly k: number;
  readonly horizonS: number;
  readonly sigmaTicksPerSqrtS: number;
  readonly quoteLots: number;
}

export class SymmetricQuoter implements Quoter {
  declare private readonly options: SymmetricOptions;
  declare private readonly restingSpreadTicks: number;

  /** gamma and k per tick, > 0; see AdaptiveOptions. */
  constructor(options: SymmetricOptions) {
    this.options = options;
    this.restingSpreadTicks = restingSpread(options.gamma, options.k);
  }

  observe(_view: QuoteView): void {
    // Nothing to learn.
  }

  quote(view: QuoteView, out: Quote): void {
    const { gamma, horizonS, sigmaTicksPerSqrtS: sigma, quoteLots } = this.options;
    const mid = view.midHalfTicks / 2;
    const half = (gamma * sigma * sigma * Math.min(horizonS, view.timeLeftS) + this.restingSpreadTicks) / 2;
    quoteAround(view, mid - half, mid + half, out);
    out.bidLots = quoteLots;
    out.askLots = quoteLots;
  }
}
