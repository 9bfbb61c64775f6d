/**
 * Two systems run on the same random numbers: the mean difference, what pairing gained, runs that are needed.
 *
 * With common random numbers the runs of both are dependent pairs, so the error is that of the
 * differences, a paired t interval (Law 2015, Simulation Modeling and Analysis, 5th ed., sections 10.2.1
 * and 11.2). Sizes for a relative error follow from the error falling with the root of n (the same,
 * section 9.4.1). Antithetic runs are not offered: a flow of events reacts to its own past, so turned
 * random numbers do not turn the outcome round. Cost O(n).
 */
import { meanOf, type Estimate } from './estimate.js';

export interface PairedDifference {
  readonly a: Estimate;
  readonly b: Estimate;
  /** Mean of a - b with its interval. */
  readonly difference: Estimate;
  /** Variance that independent runs would have over that of the pairs; null without variation. */
  readonly varianceRatio: number | null;
  /** Runs at which the standard error is `relativeError` of the difference; null where it is nought. */
  readonly neededRuns: number | null;
}

/** Values by run, paired by index; needs two runs at least, else null. */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  relativeError = 0.05,
): PairedDifference | null {
  const n = Math.min(a.length, b.length);
  if (n < 2) return null;
  const [meanA, meanB] = [meanOf(a.slice(0, n)), meanOf(b.slice(0, n))];
  const difference = meanOf(a.slice(0, n).map((value, i) => value - b[i]));
  if (meanA === null || meanB === null || difference === null) return null;
  const square = ({ standardError }: Estimate): number => (standardError ?? 0) * (standardError ?? 0);
  const paired = square(difference);
  const share = (difference.standardError ?? 0) / (relativeError * Math.abs(difference.value));
  return {
    a: meanA,
    b: meanB,
    difference,
    varianceRatio: paired > 0 ? (square(meanA) + square(meanB)) / paired : null,
    neededRuns: difference.value === 0 ? null : Math.max(2, Math.ceil(n * share * share)),
  };
}
