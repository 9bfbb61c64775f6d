/**
 * Mean size of market orders of which the book could not fill all: what a file shows of them is less than was
 * ordered.
 *
 * An order that emptied its side was at least as large as what it took; how large, nobody saw. Leaving such
 * orders out, or counting what they took, both make the mean too small. The share of orders larger than
 * each size follows from the orders that could have shown it, by the product-limit estimator (Kaplan &
 * Meier 1958, Journal of the American Statistical Association 53), whose sum over the sizes is the
 * mean; its variance is theirs and Greenwood's. If the largest order of all emptied its
 * side, it counts as if it had been filled: of orders larger than every book nothing is known, and where
 * there are many the mean stays too low. Cost O(n log n).
 */

export interface MeanSize {
  readonly mean: number;
  /** Of the mean. */
  readonly variance: number;
}

/** `lots` taken by each order; `emptied[i]` where nothing was left for more. At least one order. */
export function meanSize(lots: ArrayLike<number>, emptied: ArrayLike<boolean>): MeanSize {
  // Of orders of one size those that were filled come first: the others may have been larger.
  const order = Array.from({ length: lots.length }, (_, i) => i).sort(
    (a, b) => lots[a] - lots[b] || Number(emptied[a]) - Number(emptied[b]),
  );
  const n = order.length;
  const sizes: number[] = [];
  const larger: number[] = [];
  const relative: number[] = [];
  let share = 1;
  for (let from = 0; from < n;) {
    const size = lots[order[from]];
    let to = from;
    let filled = 0;
    for (; to < n && lots[order[to]] === size; to++) filled += Number(!emptied[order[to]]);
    if (to === n) filled = to - from;
    const atRisk = n - from;
    share *= 1 - filled / atRisk;
    sizes.push(size);
    larger.push(share);
    relative.push(filled > 0 && filled < atRisk ? filled / (atRisk * (atRisk - filled)) : 0);
    from = to;
  }
  // Sizes beyond each one, weighed by the share of orders that have them.
  let beyond = 0;
  let variance = 0;
  for (let k = sizes.length - 2; k >= 0; k--) {
    beyond += larger[k] * (sizes[k + 1] - sizes[k]);
    variance += beyond * beyond * relative[k];
  }
  return { mean: sizes[0] + beyond, variance };
}
