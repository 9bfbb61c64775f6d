/**
 * An exact integer histogram with bins fixed by the law, so that blocks add up in any order; and the
 * quantiles of its sum.
 *
 * As a sketch of quantiles: for values within 6 standard deviations an answer is at most one bin, 0.025
 * standard deviations, from the sample's own quantile, for any number of values in constant memory.
 */

/** Bins between -6 and +6 standard deviations; what lies beyond is counted in the end bins. */
export const BINS = 480;
const BINS_PER_SD = 40;

/** Adds values[0..count-1] to the counts; `mean` and `sd` > 0 place the bins. */
export function addToHistogram(
  values: Float64Array,
  count: number,
  mean: number,
  sd: number,
  counts: Uint32Array,
): void {
  const scale = BINS_PER_SD / sd;
  for (let i = 0; i < count; i++) {
    const at = (values[i] - mean) * scale + BINS / 2;
    counts[at < 0 ? 0 : at >= BINS ? BINS - 1 : at | 0]++;
  }
}

/** Lower edge of a bin; edge(BINS) is the upper end. */
export function binEdge(bin: number, mean: number, sd: number): number {
  return mean + ((bin - BINS / 2) / BINS_PER_SD) * sd;
}

/** The value below which `share` (0..1) of the counts lies, linear inside a bin. */
export function histogramQuantile(counts: Float64Array, share: number, mean: number, sd: number): number {
  let total = 0;
  for (let bin = 0; bin < BINS; bin++) total += counts[bin];
  let left = share * total;
  for (let bin = 0; bin < BINS; bin++) {
    if (counts[bin] > 0 && left <= counts[bin]) return binEdge(bin + left / counts[bin], mean, sd);
    left -= counts[bin];
  }
  return binEdge(BINS, mean, sd);
}
