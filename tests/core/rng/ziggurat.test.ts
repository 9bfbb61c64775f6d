/**
 * The ziggurat tables close at the top and have layers of equal area: then r, v and the recursion are right.
 */
import { describe, expect, it } from 'vitest';
import { exp } from '../../../src/core/math/exp.js';
import {
  EXPONENTIAL_R,
  LAYERS,
  NORMAL_R,
  exponentialTables,
  normalTables,
} from '../../../src/core/rng/ziggurat.js';

const laws = [
  {
    law: 'normal',
    tables: normalTables(),
    range: 2 ** 31,
    r: NORMAL_R,
    f: (x: number) => Math.exp((-x * x) / 2),
  },
  {
    law: 'exponential',
    tables: exponentialTables(),
    range: 2 ** 32,
    r: EXPONENTIAL_R,
    f: (x: number) => Math.exp(-x),
  },
];

/** Integral of f from r by the trapezoidal rule, to about 1e-12. */
function tailArea(f: (x: number) => number, r: number): number {
  const h = 1e-4;
  let sum = f(r) / 2;
  for (let x = r + h; x < r + 40; x += h) sum += f(x);
  return sum * h;
}

describe.each(laws)('$law ziggurat', ({ tables, range, r, f }) => {
  const edge = (i: number): number => (i === LAYERS ? 0 : tables.width[i]! * range);
  const area = r * f(r) + tailArea(f, r);

  it('starts with the tail at r', () => {
    expect(edge(1)).toBeCloseTo(r, 12);
    expect(edge(0) * f(r)).toBeCloseTo(area, 10);
  });

  it('has layers of equal area, the top one included', () => {
    for (let i = 1; i < LAYERS; i++) {
      const height = tables.height[i + 1]! - tables.height[i]!;
      expect(Math.abs(edge(i) * height - area)).toBeLessThan(1e-11);
    }
    expect(tables.height[LAYERS]).toBe(1);
  });

  it('accepts at once exactly what lies within the next layer', () => {
    for (let i = 0; i < LAYERS; i++) {
      const inside = tables.inside[i]!;
      expect(Number.isInteger(inside)).toBe(true);
      expect((inside / range) * edge(i)).toBeLessThanOrEqual(edge(i + 1) * (1 + 1e-15));
      expect(((inside + 1) / range) * edge(i)).toBeGreaterThan(edge(i + 1) * (1 - 1e-15));
    }
  });
});

it('the density of each wedge lies between the bounds that spare an exponential', () => {
  const { edge, perWedge, lowest, highest, height } = normalTables();
  for (let i = 1; i < LAYERS; i++) {
    expect(perWedge[i]! * (edge[i]! - edge[i + 1]!)).toBeCloseTo(1, 14);
    for (let probe = 0; probe <= 1_000; probe++) {
      const x = edge[i + 1]! + ((edge[i]! - edge[i + 1]!) * probe) / 1_000;
      const share = (exp(-0.5 * x * x) - height[i]!) / (height[i + 1]! - height[i]!);
      const above = share - (1 - probe / 1_000);
      if (!(above > lowest[i]! && above < highest[i]!)) expect.fail(`layer ${i}, ${probe}: ${above}`);
    }
  }
});
