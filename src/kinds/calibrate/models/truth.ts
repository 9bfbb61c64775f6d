/**
 * The known parameters behind data that are simulated to check the calibrators: published where there are
 * some.
 */
import type { HawkesLaw } from '../../../core/fit/simulate-hawkes.js';
import type { HawkesModel } from '../spec.js';

/** One type: half of all events are children, its rate is 2/s. */
const TRADES: HawkesLaw = { mu: [1], alpha: [[0.5]], beta: [1] };
/** Two types that excite themselves more than each other. */
const TRADE_SIDES: HawkesLaw = {
  mu: [0.5, 0.4],
  alpha: [
    [0.8, 0.2],
    [0.3, 0.6],
  ],
  beta: [2, 2],
};
/** Limit orders, market orders and cancels by side; one decay. */
const ORDERS: HawkesLaw = {
  mu: [1, 1, 0.4, 0.4, 0.6, 0.6],
  alpha: [
    [0.6, 0.1, 0.2, 0.4, 0.2, 0.1],
    [0.1, 0.6, 0.4, 0.2, 0.1, 0.2],
    [0.1, 0.1, 0.4, 0.1, 0.1, 0.1],
    [0.1, 0.1, 0.1, 0.4, 0.1, 0.1],
    [0.4, 0.1, 0.1, 0.3, 0.3, 0.1],
    [0.1, 0.4, 0.3, 0.1, 0.1, 0.3],
  ],
  beta: [2, 2, 2, 2, 2, 2],
};
export const HAWKES_TRUTH: Readonly<Record<HawkesModel['events'], HawkesLaw>> = {
  trades: TRADES,
  'trade-sides': TRADE_SIDES,
  orders: ORDERS,
};

/** Market orders per side and second that reach the mid, and the decay of their reach per tick. */
export const INTENSITY_TRUTH = { a: 1.2, k: 0.3 };

/** Cont, Stoikov & Talreja (2010), Sky Perfect, distances 1 to 5. */
export const CST_TRUTH = {
  limitRatePerS: [1.85, 1.51, 1.09, 0.88, 0.77],
  cancelRatePerS: [0.71, 0.81, 0.68, 0.56, 0.47],
  marketRatePerS: 0.94,
} as const;
