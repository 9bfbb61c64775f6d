/**
 * Normals from Sobol points: the bridge is orthogonal, paths do not depend on the split, runs belong to
 * drivers.
 */
import { describe, expect, it } from 'vitest';
import { BrownianBridge } from '../../../../src/core/price/qmc/brownian-bridge.js';
import { MAX_DIMENSIONS, SobolNormals, splitPaths } from '../../../../src/core/price/qmc/sobol-normals.js';
import { fnv1a32 } from '../../../support/fnv.js';

describe('BrownianBridge', () => {
  it.each([1, 2, 3, 7, 8, 64, 100, 252])('over %d steps turns normals by an orthogonal matrix', (steps) => {
    const bridge = new BrownianBridge(steps);
    const rows = Array.from({ length: steps }, (_, i) => {
      const unit = new Float64Array(steps);
      unit[i] = 1;
      const out = new Float64Array(steps);
      bridge.increments(unit, 0, 1, out, 0);
      return out;
    });
    let worst = 0;
    rows.forEach((a, i) => {
      rows.forEach((b, j) => {
        let dot = 0;
        for (let k = 0; k < steps; k++) dot += a[k]! * b[k]!;
        worst = Math.max(worst, Math.abs(dot - Number(i === j)));
      });
    });
    expect(worst).toBeLessThan(1e-13);
  });

  it('spends the first normal on the end and the second on the middle', () => {
    const bridge = new BrownianBridge(8);
    const out = new Float64Array(8);
    bridge.increments(Float64Array.of(1.5, -2, 0, 0, 0, 0, 0, 0), 0, 1, out, 0);
    expect(out.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1.5 * Math.sqrt(8), 14);
    const half = out.subarray(0, 4).reduce((sum, x) => sum + x, 0);
    expect(half).toBeCloseTo(0.75 * Math.sqrt(8) - 2 * Math.sqrt(2), 14);
  });
});

describe('SobolNormals', () => {
  const options = { seed: 5, points: 64 };

  it.each([true, false])(
    'gives a path the same normals for any split, over randomisations: bridge %s',
    (bridge) => {
      const whole = new Float64Array(12 * 300);
      new SobolNormals({ ...options, factors: 2, bridge }).fill(0, 300, 12, whole);
      const other = new SobolNormals({ ...options, factors: 2, bridge });
      for (const [first, count] of [
        [250, 50],
        [0, 1],
        [60, 9],
        [63, 1],
        [64, 200],
      ] as const) {
        const part = new Float64Array(12 * count);
        other.fill(first, count, 12, part);
        expect([...part]).toEqual([...whole.subarray(12 * first, 12 * (first + count))]);
      }
    },
  );

  it('are standard normals, independent over steps and drivers', () => {
    const [paths, perPath] = [64 * 256, 6];
    const out = new Float64Array(paths * perPath);
    new SobolNormals({ ...options, factors: 2 }).fill(0, paths, perPath, out);
    for (let a = 0; a < perPath; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let p = 0; p < paths; p++) dot += out[p * perPath + a]! * out[p * perPath + b]!;
        // Far below 1 / sqrt(paths) = 0.008: the points are more even than chance.
        expect(Math.abs(dot / paths - Number(a === b))).toBeLessThan(0.02);
      }
    }
  });

  it('gives each driver its run, whose sum the first coordinates decide', () => {
    const steps = 8;
    const out = new Float64Array(64 * 2 * steps);
    new SobolNormals({ ...options, factors: 2 }).fill(0, 64, 2 * steps, out);
    for (const run of [0, steps]) {
      const ends = Array.from({ length: 64 }, (_, p) =>
        out.subarray(2 * steps * p + run, 2 * steps * p + run + steps).reduce((sum, x) => sum + x, 0),
      );
      // One point in each 64th of the law of the sum: so the mean of the sums is next to nothing.
      expect(Math.abs(ends.reduce((sum, x) => sum + x, 0) / 64)).toBeLessThan(0.05 * Math.sqrt(steps));
    }
  });

  it('are the same bits on every engine', () => {
    const out = new Float64Array(128 * 100);
    new SobolNormals({ ...options, factors: 2 }).fill(0, 128, 100, out);
    expect(fnv1a32(out)).toBe('b428ce50');
  });

  it('refuses what it cannot give, by name', () => {
    expect(() => new SobolNormals({ seed: 1, points: 100 })).toThrow('points: expected a power of two');
    const source = new SobolNormals({ ...options, factors: 2 });
    expect(() => source.fill(0, 1, 7, new Float64Array(7))).toThrow('perPath: expected a multiple of 2');
    const wide = MAX_DIMENSIONS + 1;
    expect(() => source.fill(0, 1, wide, new Float64Array(wide))).toThrow('dimensions: expected 1..1111');
  });
});

describe('splitPaths', () => {
  it.each([
    [16, 1, 16],
    [31, 1, 31],
    [32, 2, 16],
    [100_000, 4096, 24],
    [131_072, 8192, 16],
  ])('%d paths are %d points in %d randomisations', (paths, points, randomisations) => {
    expect(splitPaths(paths)).toEqual({ points, randomisations });
  });
});
