/** The fundamental value: exact steps of an Ornstein-Uhlenbeck process, whatever the times it is asked at. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fundamental, ouStep } from '../../../src/core/market-agents/fundamental.js';
import { Stream } from '../../../src/core/rng/stream.js';

const step = (sigma: number, kappa: number, dtS: number) => {
  const out = { phi: 0, variance: 0 };
  ouStep(sigma, kappa, dtS, out);
  return out;
};

describe('ouStep', () => {
  it('composes: two steps are one step over both times', () => {
    const kappa = fc.oneof(fc.constant(0), fc.double({ min: 1e-14, max: 3, noNaN: true }));
    const dt = fc.double({ min: 1e-9, max: 100, noNaN: true });
    fc.assert(
      fc.property(kappa, dt, dt, (k, a, b) => {
        const [one, two, both] = [step(0.7, k, a), step(0.7, k, b), step(0.7, k, a + b)];
        expect(one.phi * two.phi).toBeCloseTo(both.phi, 12);
        const composed = one.variance * two.phi * two.phi + two.variance;
        expect(Math.abs(composed / both.variance - 1)).toBeLessThan(1e-7);
      }),
    );
  });

  it('gives the published figures (V8: kappa 2, sigma .3, dt 1/252) and Brownian motion at kappa 0', () => {
    const { phi, variance } = step(0.3, 2, 1 / 252);
    expect(phi).toBeCloseTo(0.9920949, 8);
    expect(Math.sqrt(variance)).toBeCloseTo(0.01882348, 8);
    expect(step(0.5, 0, 9)).toEqual({ phi: 1, variance: 2.25 });
    expect(step(0.5, 1, 0)).toEqual({ phi: 1, variance: 0 });
  });
});

describe('Fundamental', () => {
  it('has the stationary deviation sigma / sqrt(2 kappa), asked at uneven times', () => {
    const value = new Fundamental(0.5, 0.1);
    value.start(1000);
    const stream = new Stream(5, 0, 1);
    const n = 20_000;
    let [tNs, sum, squares] = [1e12, 0, 0];
    for (let i = 0; i < n; i++) {
      // 60 s apart at least, so that the samples are nearly independent: phi < 0.0025.
      tNs += 60e9 + Math.floor(60e9 * stream.uniform());
      value.advance(tNs, stream.normal());
      const off = value.valueTicks[0]! - 1000;
      sum += off;
      squares += off * off;
    }
    const sd = 0.5 / Math.sqrt(0.2);
    expect(Math.abs(sum / n)).toBeLessThan((4 * sd) / Math.sqrt(n));
    expect(Math.abs(squares / n / (sd * sd) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });
});
