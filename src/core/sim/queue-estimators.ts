/**
 * Guesses of the place in the queue by one who sees level totals and trades only (L2).
 *
 * An order joins behind all lots of its level. Trades at the level come off the front. When the level shrinks
 * otherwise, some orders were cancelled, ahead of ours or behind it, and nobody tells which: a share p of the
 * lots is taken to have stood behind.
 * - risk-averse: p = 1. Only trades advance the order: never nearer to the front than it truly is.
 * - optimistic: p = 0. Every cancel was ahead: never farther than it truly is, if cancels come one by one.
 * - proportional, power, log: p = f(behind) / (f(behind) + f(ahead)) with f(x) = x, x^2, ln(1 + x): the
 *   probabilistic models of hftbacktest (nkaz001/hftbacktest, hftbacktest/src/backtest/models/queue.rs,
 *   PowerProbQueueFunc and LogProbQueueFunc), after Rigtorp, "Estimating order queue position" (2013). With
 *   f(x) = x every lot is as likely to leave as any other, which is the truth of a Poisson flow of orders
 *   of one size. Unlike the source, what is ahead is cut at 0, so that a cancel never fills an order.
 */
import { log1p } from '../math/log.js';

/** The truth counts as the first of them, so that it is accounted in the same way. */
export const QUEUE_ESTIMATORS = [
  'true place',
  'risk-averse',
  'optimistic',
  'proportional',
  'power',
  'log',
] as const;
export const TRUTH = 0;
export const RISK_AVERSE = 1;
export const OPTIMISTIC = 2;
export const PROPORTIONAL = 3;
export const POWER = 4;

/** Share of cancelled lots that stood behind, with so many lots ahead and behind; 0.5 when there are none. */
export function shareBehind(estimator: number, ahead: number, behind: number): number {
  if (estimator === RISK_AVERSE) return 1;
  if (estimator === OPTIMISTIC) return 0;
  const [a, b] = [weight(estimator, ahead), weight(estimator, behind)];
  return a + b > 0 ? b / (a + b) : 0.5;
}

function weight(estimator: number, lots: number): number {
  if (estimator === PROPORTIONAL) return lots;
  return estimator === POWER ? lots * lots : log1p(lots);
}

/**
 * Lots ahead after `cancelled` >= 0 lots left a level with so many lots ahead and behind; what does not fit
 * on one side of the order comes off the other.
 */
export function aheadAfterCancel(
  estimator: number,
  ahead: number,
  behind: number,
  cancelled: number,
): number {
  const share = shareBehind(estimator, ahead, behind);
  const tooMany = Math.min(0, behind - share * cancelled);
  return Math.max(0, ahead - (1 - share) * cancelled + tooMany);
}
