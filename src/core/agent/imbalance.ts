/**
 * The `imbalance` strategy: quotes around a price that leans to where the book says the mid will go.
 *
 * With bid and ask sizes b and a at the best prices, the weighted mid is (bid x a + ask x b) / (a + b), the
 * simplest of the micro-prices of Stoikov (2018), "The micro-price: a high-frequency estimator of future
 * prices", Quantitative Finance 18(12), 1959-1966; the imbalance is (b - a) / (b + a). The centre is the mid
 * moved by `weight` towards the weighted mid and by `skewTicks` per quote against the inventory. Above
 * `pullAbove` the side that the imbalance threatens is not quoted, after Cartea, Donnelly & Jaimungal (2018),
 * "Enhancing trading strategies with order book signals", Applied Mathematical Finance 25(1), 1-35. O(1).
 */
import * as codes from '../book/codes.js';
import type { Quote, Quoter, QuoteView } from './quoter.js';
import { NEEDS_SIZES, quoteAround } from './quoter.js';

const NIL = codes.NIL;

export interface ImbalanceOptions {
  readonly halfSpreadTicks: number;
  /** 0 = the mid, 1 = the weighted mid. */
  readonly weight: number;
  readonly skewTicks: number;
  /** 0..1; 1 = never. */
  readonly pullAbove: number;
  readonly quoteLots: number;
}

export class ImbalanceQuoter implements Quoter {
  readonly needs = NEEDS_SIZES;
  declare private readonly options: ImbalanceOptions;

  constructor(options: ImbalanceOptions) {
    this.options = options;
  }

  observe(_view: QuoteView): void {
    // Nothing to learn.
  }

  quote(view: QuoteView, out: Quote): void {
    const { halfSpreadTicks, weight, skewTicks, pullAbove, quoteLots } = this.options;
    const { bidLots, askLots } = view;
    const known = view.bidTicks !== NIL && view.askTicks !== NIL && bidLots + askLots > 0;
    const imbalance = known ? (bidLots - askLots) / (bidLots + askLots) : 0;
    const spread = known ? view.askTicks - view.bidTicks : 0;
    const lean = (weight * imbalance * spread) / 2 - (skewTicks * view.inventoryLots) / quoteLots;
    const centre = view.midHalfTicks / 2 + lean;
    quoteAround(view, centre - halfSpreadTicks, centre + halfSpreadTicks, out);
    if (imbalance > pullAbove) out.askTicks = NIL;
    if (-imbalance > pullAbove) out.bidTicks = NIL;
    out.bidLots = quoteLots;
    out.askLots = quoteLots;
  }
}
