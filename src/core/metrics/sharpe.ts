/**
 * The Sharpe and Sortino ratios of equally spaced PnL increments.
 *
 * Lo (2002), The Statistics of Sharpe Ratios, Financial Analysts Journal 58(4), equation 9: for
 * independent, identically distributed increments se(SR) = sqrt((1 + SR^2 / 2) / n). Serial correlation
 * of real increments makes the true error differ. Annualising multiplies both by sqrt(increments per
 * year).
 */

/** Trading seconds of a year by convention: 252 days of 6.5 hours. */
export const TRADING_SECONDS_PER_YEAR = 252 * 6.5 * 3600;

export interface Sharpe {
  readonly ratio: number;
  readonly standardError: number;
}

/**
 * Ratio per increment from count, sum and sum of squares (standard deviation with n - 1); null with fewer
 * than two increments or without variation. Multiply by `annualFactor` (default 1) to annualise.
 */
export function sharpeRatio(n: number, sum: number, sumSquares: number, annualFactor = 1): Sharpe | null {
  if (n < 2) return null;
  const mean = sum / n;
  const variance = (sumSquares - n * mean * mean) / (n - 1);
  // Rounding leaves a residue of about n * eps * mean^2 where all increments are equal.
  if (!(variance > 1e-12 * mean * mean)) return null;
  const ratio = mean / Math.sqrt(variance);
  return {
    ratio: ratio * annualFactor,
    standardError: Math.sqrt((1 + (ratio * ratio) / 2) / n) * annualFactor,
  };
}

/** Factor from increments of `intervalS` seconds to a year of trading seconds. */
export function annualFactor(intervalS: number): number {
  return Math.sqrt(TRADING_SECONDS_PER_YEAR / intervalS);
}

/**
 * Mean over the root mean square of the losses, the target being nought (Sortino & Price 1994, Performance
 * Measurement in a Downside Risk Framework, Journal of Investing 3(3)); null without a loss. `downSquares`
 * is the sum of the squares of the negative increments.
 */
export function sortinoRatio(n: number, sum: number, downSquares: number, annualFactor = 1): number | null {
  if (n < 1 || !(downSquares > 0)) return null;
  return (sum / n / Math.sqrt(downSquares / n)) * annualFactor;
}
