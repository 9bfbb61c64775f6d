/** Sine, cosine and angle against the engine's own, whose errors are below an ulp, and by identities. */
import { describe, expect, it } from 'vitest';
import { atan2, cos, sin } from '../../../src/core/math/trig.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';

const EPSILON = 2 ** -52;

describe('sin and cos', () => {
  it.each([1, 10, 1_000, 1_600_000])('lie within 2 ulp of 1 of the truth up to %d', (reach) => {
    const stream = new Stream(3, reach, FLOW);
    let worst = 0;
    for (let i = 0; i < 50_000; i++) {
      const x = reach * (2 * stream.uniform() - 1);
      worst = Math.max(worst, Math.abs(sin(x) - Math.sin(x)), Math.abs(cos(x) - Math.cos(x)));
    }
    expect(worst).toBeLessThanOrEqual(EPSILON);
  });

  it('keep the digits of a small sine, and refuse what has lost its phase', () => {
    for (const x of [1e-300, 1e-9, 1e-3]) expect(Math.abs(sin(x) / Math.sin(x) - 1)).toBeLessThan(3e-16);
    expect([1_600_001, -1e300, Infinity, NaN].flatMap((x) => [sin(x), cos(x)])).toEqual(Array(8).fill(NaN));
  });
});

describe('atan2', () => {
  it('lies within 2 ulp of the truth in every quadrant', () => {
    const stream = new Stream(4, 0, FLOW);
    let worst = 0;
    for (let i = 0; i < 50_000; i++) {
      const [y, x] = [stream.normal() / stream.exponential(), stream.normal()];
      const truth = Math.atan2(y, x);
      worst = Math.max(worst, Math.abs(atan2(y, x) - truth) / Math.max(0.5, Math.abs(truth)));
    }
    expect(worst).toBeLessThanOrEqual(2 * EPSILON);
  });

  it('has the axes right, and no angle for what is not finite', () => {
    expect(atan2(0, 0)).toBe(0);
    expect([atan2(0, 2), atan2(3, 0), atan2(0, -2), atan2(-3, 0)]).toEqual([
      0,
      Math.PI / 2,
      Math.PI,
      -Math.PI / 2,
    ]);
    expect([atan2(NaN, 1), atan2(1, Infinity)]).toEqual([NaN, NaN]);
  });
});
