/**
 * Value at risk and expected shortfall of a sample: empirical quantile and mean of its worst part.
 *
 * With k = ceil(share x n), value at risk is the k-th smallest value and expected shortfall the mean of the k
 * smallest, both with the sign turned, so that a loss is positive (Acerbi & Tasche 2002, On the coherence of
 * expected shortfall, Journal of Banking & Finance 26(7), section 4). The k smallest are found by Hoare's
 * selection: O(n) on average, on a copy; its order of summation depends on the values alone.
 */

export interface Tail {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
  /** Values in the worst part: how far the two can be trusted. */
  readonly count: number;
}

/** `share` in (0, 1), e.g. 0.05 for a level of 95 %. Zeros with count 0 for an empty sample. */
export function tailOf(values: Float64Array, share: number): Tail {
  const count = Math.ceil(share * values.length);
  if (count === 0) return { valueAtRisk: 0, expectedShortfall: 0, count };
  const sample = values.slice();
  select(sample, count - 1);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += sample[i];
  // 0 - x and not -x: a loss of nought is 0, not -0.
  return { valueAtRisk: 0 - sample[count - 1], expectedShortfall: 0 - sum / count, count };
}

/** Reorders so that sample[k] is what sorting would put there and nothing before it is larger. */
function select(sample: Float64Array, k: number): void {
  let [low, high] = [0, sample.length - 1];
  while (low < high) {
    const pivot = sample[(low + high) >>> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (sample[i] < pivot) i++;
      while (sample[j] > pivot) j--;
      if (i > j) break;
      const held = sample[i];
      sample[i++] = sample[j];
      sample[j--] = held;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return;
  }
}
