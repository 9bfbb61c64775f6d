/**
 * Two models of a market in which some know more: Kyle's single auction, and Glosten and Milgrom's dealer.
 *
 * Papers: Kyle, "Continuous auctions and insider trading", Econometrica 53(6), 1315-1335, 1985, theorem 1;
 * Glosten
 * & Milgrom, "Bid, ask and transaction prices in a specialist market with heterogeneously informed traders",
 * Journal of Financial Economics 14(1), 71-100, 1985, section 2. Closed forms, O(1).
 */

export interface KyleEquilibrium {
  /** Price = prior mean + lambda x order flow. */
  readonly lambda: number;
  /** Insider's order = beta x (value - prior mean). */
  readonly beta: number;
  /** Variance of the value when the price is known: half of what it was. */
  readonly posteriorVariance: number;
}

/** Kyle's linear equilibrium; variance of the value and standard deviation of noise trading, both > 0. */
export function kyleEquilibrium(valueVariance: number, noiseSd: number): KyleEquilibrium {
  const valueSd = Math.sqrt(valueVariance);
  return { lambda: valueSd / (2 * noiseSd), beta: noiseSd / valueSd, posteriorVariance: valueVariance / 2 };
}

export interface DealerQuotes {
  readonly bid: number;
  readonly ask: number;
}

/**
 * Quotes of a competitive dealer in an asset worth 1 with probability `prior`, else 0: each is the mean of
 * the
 * value given that somebody takes it. A share `informed` of the traders knows the value, the others buy or
 * sell
 * by the toss of a coin. Both arguments in (0, 1).
 */
export function dealerQuotes(prior: number, informed: number): DealerQuotes {
  const coin = (1 - informed) / 2;
  const buyIfGood = prior * (informed + coin);
  const buyIfBad = (1 - prior) * coin;
  const sellIfGood = prior * coin;
  const sellIfBad = (1 - prior) * (informed + coin);
  return { ask: buyIfGood / (buyIfGood + buyIfBad), bid: sellIfGood / (sellIfGood + sellIfBad) };
}
