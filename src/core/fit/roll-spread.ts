/**
 * The bid-ask spread that traded prices betray: Roll's estimator from the correlation of neighbouring
 * changes.
 *
 * Trades that jump between bid and ask at random make neighbouring price changes covary by -s^2 / 4 (Roll
 * 1984, Journal of Finance 39, eq. 2), whatever the variance of the value behind them. Cost O(n), one pass.
 */

/** Spread in the unit of the prices; null below three prices, or where the covariance is not negative. */
export function rollSpread(prices: Float64Array): number | null {
  const covariance = changeCovariance(prices);
  return covariance < 0 ? 2 * Math.sqrt(-covariance) : null;
}

/** Mean product of neighbouring changes about their mean; 0 below three prices. */
export function changeCovariance(prices: Float64Array): number {
  const pairs = prices.length - 2;
  if (pairs < 1) return 0;
  const drift = (prices[prices.length - 1] - prices[0]) / (prices.length - 1);
  let sum = 0;
  for (let i = 2; i < prices.length; i++) {
    sum += (prices[i] - prices[i - 1] - drift) * (prices[i - 1] - prices[i - 2] - drift);
  }
  return sum / pairs;
}
