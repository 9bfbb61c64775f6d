/**
 * The laws of normal() and exponential(): moments, tails and chi-square over all cells of equal probability.
 */
import { describe, expect, it } from 'vitest';
import { PRICE } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { chiSquareZ, normalCdf } from '../../support/statistics.js';

const DRAWS = 4_000_000;

interface Law {
  readonly name: string;
  readonly draw: (stream: Stream, out: Float64Array) => void;
  readonly cdf: (x: number) => number;
  /** Raw moments 1..4, and those of order 2..8 in twos for their standard errors. */
  readonly moments: readonly number[];
  readonly moments2: readonly number[];
  readonly tails: readonly number[];
  readonly tail: (x: number) => number;
}

const laws: readonly Law[] = [
  {
    name: 'normal',
    draw: (stream, out) => stream.fillNormals(out, out.length),
    cdf: normalCdf,
    moments: [0, 1, 0, 3],
    moments2: [1, 3, 15, 105],
    tails: [-4.5, -3.66, -2, 2, 3, 3.66, 4, 4.5],
    tail: (x) => normalCdf(-Math.abs(x)),
  },
  {
    name: 'exponential',
    draw: (stream, out) => {
      for (let i = 0; i < out.length; i++) out[i] = stream.exponential();
    },
    cdf: (x) => -Math.expm1(-x),
    moments: [1, 2, 6, 24],
    moments2: [2, 24, 720, 40320],
    tails: [1, 3, 7, 7.7, 8, 10, 12],
    tail: (x) => Math.exp(-x),
  },
];

describe.each(laws)('$name', (law) => {
  const values = new Float64Array(DRAWS);
  law.draw(new Stream(1, 0, PRICE), values);

  it('has the moments 1 to 4 within 4 standard errors', () => {
    law.moments.forEach((expected, i) => {
      let sum = 0;
      for (let j = 0; j < DRAWS; j++) sum += values[j]! ** (i + 1);
      const error = Math.sqrt((law.moments2[i]! - expected ** 2) / DRAWS);
      expect(Math.abs(sum / DRAWS - expected)).toBeLessThan(4 * error);
    });
  });

  it('fills 2^12 cells of equal probability evenly', () => {
    const cells = 4096;
    const counts = new Float64Array(cells);
    for (let j = 0; j < DRAWS; j++) counts[Math.min(cells - 1, Math.floor(law.cdf(values[j]!) * cells))]!++;
    expect(Math.abs(chiSquareZ(counts, new Float64Array(cells).fill(DRAWS / cells)))).toBeLessThan(4);
  });

  it('has the right weight beyond each point, also in the tail where the method changes', () => {
    for (const x of law.tails) {
      const p = law.tail(x);
      let beyond = 0;
      for (let j = 0; j < DRAWS; j++) if (x < 0 ? values[j]! < x : values[j]! > x) beyond++;
      expect(Math.abs(beyond - DRAWS * p)).toBeLessThan(4.5 * Math.sqrt(DRAWS * p) + 1);
    }
  });

  it('has no correlation between neighbours, of values or of sizes', () => {
    const mean = law.moments[0]!;
    const variance = law.moments[1]! - mean * mean;
    let lag = 0;
    for (let j = 1; j < DRAWS; j++) lag += (values[j]! - mean) * (values[j - 1]! - mean);
    expect(Math.abs(lag) / variance).toBeLessThan(4 * Math.sqrt(DRAWS));
    const squareVariance = law.moments2[1]! - law.moments[1]! ** 2;
    let squares = 0;
    for (let j = 1; j < DRAWS; j++) {
      squares += (values[j]! ** 2 - law.moments[1]!) * (values[j - 1]! ** 2 - law.moments[1]!);
    }
    expect(Math.abs(squares) / squareVariance).toBeLessThan(4 * Math.sqrt(DRAWS));
  });
});

describe('normal', () => {
  it('is symmetric: as many values on either side of 0, and never 0 itself', () => {
    const values = new Float64Array(1_000_000);
    new Stream(5, 0, PRICE).fillNormals(values, values.length);
    const positive = values.reduce((n, x) => n + (x > 0 ? 1 : 0), 0);
    expect(values.includes(0)).toBe(false);
    expect(Math.abs(positive - 500_000)).toBeLessThan(4 * 500);
  });
});

describe('exponential', () => {
  it('is always above 0', () => {
    const stream = new Stream(6, 0, PRICE);
    let least = Infinity;
    for (let i = 0; i < 1_000_000; i++) least = Math.min(least, stream.exponential());
    expect(least).toBeGreaterThan(0);
  });
});
