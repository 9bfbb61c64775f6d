/** Paired differences: the interval's coverage, what pairing gains, and the runs that are needed. */
import { describe, expect, it } from 'vitest';
import { pairedDifference } from '../../../src/core/metrics/paired.js';
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
});
