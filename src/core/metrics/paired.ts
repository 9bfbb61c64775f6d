/**
 * Two systems run on the same random numbers: the mean difference, what pairing gained, runs that are needed.
 *
 * With common random numbers the runs of both are dependent pairs, so the error is that of the
 * differences, a paired t interval (Law 2015, Simulation Modeling and Analysis, 5th ed., sections 10.2.1
 * and 11.2). Sizes for a relative error follow from the error falling with the root of n (the same,
 * section 9.4.1).
 *
 * Antithetic runs (the same, section 11.3; rng/antithetic.ts) are pairs within one system: errors come from
 * the pair means. They gain where the outcome goes up and down with the random numbers, as a price does, and
 * nothing where it does not: a flow of events reacts to its own past, and a market maker earns in markets
 * that rise and that fall. So what they did is measured. Cost O(n).
 */
import { groupMeans, meanOf, type Estimate } from './estimate.js';

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

/**
 * Values by run, paired by index, of which `group` after one another depend on each other (2 if antithetic):
 * their means are independent, and what `runs` of the estimates counts. Null for fewer than two of them.
 */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  relativeError = 0.05,
  group = 1,
): PairedDifference | null {
  if (group > 1) return ofGroups(a, b, relativeError, group);
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

function ofGroups(
  a: readonly number[],
  b: readonly number[],
  relativeError: number,
  group: number,
): PairedDifference | null {
  const found = pairedDifference(groupMeans(a, group), groupMeans(b, group), relativeError);
  if (found === null || found.neededRuns === null) return found;
  return { ...found, neededRuns: group * found.neededRuns };
}

/** What antithetic pairs did to the error of a mean. */
export interface PairingGain {
  /** Variance of the mean over that of as many independent runs; below 1 where pairs gained, up to 2. */
  readonly varianceRatio: number;
  /** Correlation within pairs: varianceRatio - 1. */
  readonly correlation: number;
}

/** Of runs 0 and 1, 2 and 3, ...; null for fewer than two pairs and without variation. */
export function pairingGain(values: readonly number[]): PairingGain | null {
  const [ofRuns, ofPairs] = [meanOf(values), meanOf(groupMeans(values, 2))];
  const [run, pair] = [ofRuns?.standardError ?? 0, ofPairs?.standardError ?? null];
  if (run === 0 || pair === null) return null;
  const varianceRatio = (pair * pair) / (run * run);
  return { varianceRatio, correlation: varianceRatio - 1 };
}
