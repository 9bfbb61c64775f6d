/** The `fixed` strategy: one bid and one ask at a constant half spread around the mid, blind to inventory. */
import type { Quote, Quoter, QuoteView } from './quoter.js';
import { quoteAround } from './quoter.js';

export class FixedQuoter implements Quoter {
  declare private readonly halfSpreadTicks: number;
  declare private readonly quoteLots: number;

  /** halfSpreadTicks >= 0 may be fractional; prices are rounded away from the mid. */
  constructor(halfSpreadTicks: number, quoteLots: number) {
    this.halfSpreadTicks = halfSpreadTicks;
    this.quoteLots = quoteLots;
  }

  observe(_view: QuoteView): void {
    // Nothing to learn: the quotes depend on the present mid alone.
  }

  quote(view: QuoteView, out: Quote): void {
    const mid = view.midHalfTicks / 2;
    quoteAround(view, mid - this.halfSpreadTicks, mid + this.halfSpreadTicks, out);
    out.bidLots = this.quoteLots;
    out.askLots = this.quoteLots;
  }
}
