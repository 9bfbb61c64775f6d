/**
 * The histogram counts every value once, in bins that the law fixes, and its quantiles come close to the
 * true ones.
 */
import { describe, expect, it } from 'vitest';
import { addToHistogram, binEdge, BINS, histogramQuantile } from '../../../src/core/price/histogram.js';
import { PRICE } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { normalCdf } from '../../support/statistics.js';

const MEAN = 0.03;
const SD = 0.2;

describe('addToHistogram', () => {
  it('puts a value in the bin between whose edges it lies, and outliers in the end bins', () => {
    const counts = new Uint32Array(BINS);
    addToHistogram(Float64Array.of(MEAN + 0.01 * SD, MEAN - 9 * SD, MEAN + 9 * SD), 3, MEAN, SD, counts);
    expect([counts[BINS / 2], counts[0], counts[BINS - 1]]).toEqual([1, 1, 1]);
    expect(binEdge(BINS / 2, MEAN, SD)).toBe(MEAN);
    expect(binEdge(BINS / 2 + 40, MEAN, SD)).toBeCloseTo(MEAN + SD, 12);
  });

  it('loses no value', () => {
    const values = new Float64Array(10_000);
    new Stream(1, 0, PRICE).fillNormals(values, values.length);
    const counts = new Uint32Array(BINS);
    addToHistogram(values, values.length, 0, 1, counts);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(values.length);
  });
});

describe('histogramQuantile', () => {
  it('is within 0.003 standard deviations of the true quantile when the counts are those of the law', () => {
    const share = (bin: number): number => normalCdf((bin - BINS / 2) / 40);
    const counts = Float64Array.from({ length: BINS }, (_, bin) => share(bin + 1) - share(bin));
    for (const z of [-1.6448536, -1, 0, 0.5, 1.6448536, 2.3263479]) {
      const quantile = histogramQuantile(counts, normalCdf(z), MEAN, SD);
      expect(Math.abs((quantile - MEAN) / SD - z)).toBeLessThan(0.003);
    }
  });

  it('never leaves the bins that hold values', () => {
    const counts = new Float64Array(BINS);
    counts[280] = 5;
    expect(histogramQuantile(counts, 0, 0, 1)).toBeCloseTo(1, 12);
    expect(histogramQuantile(counts, 1, 0, 1)).toBeCloseTo(1.025, 12);
  });
});
