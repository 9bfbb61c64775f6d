/** Paired differences: the interval's coverage, what pairing gains, and the runs that are needed. */
import { describe, expect, it } from 'vitest';
import { pairedDifference, pairingGain } from '../../../src/core/metrics/paired.js';
import { Stream } from '../../../src/core/rng/stream.js';

describe('pairedDifference', () => {
  const stream = new Stream(21, 0, 9);
  /** Two systems that share most of their noise; they differ by 1, with a deviation of 0.5 x sqrt(2). */
  const pair = (n: number): [number[], number[]] => {
    const shared = Array.from({ length: n }, () => 3 * stream.normal());
    return [
      shared.map((x) => 5 + x + 0.5 * stream.normal()),
      shared.map((x) => 4 + x + 0.5 * stream.normal()),
    ];
  };

  it('holds the true difference in 95 % of its intervals and gains what the shared noise is worth', () => {
    const trials = 3_000;
    let [hits, gain] = [0, 0];
    for (let t = 0; t < trials; t++) {
      const { difference, varianceRatio } = pairedDifference(...pair(12))!;
      const [low, high] = difference.interval!;
      if (low <= 1 && 1 <= high) hits++;
      gain += Math.log(varianceRatio!) / trials;
    }
    expect(Math.abs(hits / trials - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / trials));
    // Independent runs would have a variance of 2 x 9.25 against 0.5: 37 times as much.
    expect(Math.exp(gain)).toBeGreaterThan(25);
    expect(Math.exp(gain)).toBeLessThan(50);
  });

  it('asks for as many runs as a relative error of 5 % takes', () => {
    const { neededRuns } = pairedDifference(...pair(4_000))!;
    // (0.707 / 0.05)^2 = 200 runs.
    expect(Math.abs(neededRuns! / 200 - 1)).toBeLessThan(0.15);
    const [a, b] = pair(neededRuns!);
    const { difference } = pairedDifference(a, b)!;
    expect(difference.standardError! / difference.value).toBeLessThan(0.07);
  });

  it('has no answer below two pairs, and needs no more runs where nothing varies', () => {
    expect(pairedDifference([1], [2])).toBeNull();
    expect(pairedDifference([3, 4], [1, 2])).toMatchObject({ varianceRatio: null, neededRuns: 2 });
    expect(pairedDifference([1, 2], [1, 2])!.neededRuns).toBeNull();
  });

  it('takes the means of runs that depend on each other, and asks for as many more', () => {
    const [a, b] = pair(40);
    const halves = (values: number[]) => values.flatMap((x) => [x - 7, x + 7]);
    const plain = pairedDifference(a, b)!;
    const grouped = pairedDifference(halves(a), halves(b), 0.05, 2)!;
    expect(grouped.difference.runs).toBe(40);
    expect(grouped.difference.standardError!).toBeCloseTo(plain.difference.standardError!, 12);
    expect(grouped.neededRuns).toBe(2 * plain.neededRuns!);
  });
});

describe('pairingGain', () => {
  const stream = new Stream(22, 0, 9);
  it.each([-0.9, -0.3, 0, 0.5])('finds the correlation %d within pairs', (rho) => {
    const values = Array.from({ length: 20_000 }, () => {
      const [x, y] = [stream.normal(), stream.normal()];
      return [4 + x, 4 + rho * x + Math.sqrt(1 - rho * rho) * y];
    }).flat();
    const { varianceRatio, correlation } = pairingGain(values)!;
    expect(Math.abs(correlation - rho)).toBeLessThan(4 / Math.sqrt(10_000));
    expect(varianceRatio).toBeCloseTo(1 + correlation, 12);
  });

  it('has no answer for one pair, or where nothing varies', () => {
    expect(pairingGain([1, 2])).toBeNull();
    expect(pairingGain([3, 3, 3, 3])).toBeNull();
  });
});
