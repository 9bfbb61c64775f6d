/** Published quotes and trajectories: GLFT (V3), Cartea-Jaimungal-Penalva (V4), Almgren-Chriss (V10). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as chriss from '../../../src/core/agent/almgren-chriss.js';
import * as cjp from '../../../src/core/agent/cartea-jaimungal-penalva.js';
import * as glft from '../../../src/core/agent/glft.js';
import { InventoryLadder } from '../../../src/core/agent/inventory-ladder.js';

const out = new Float64Array(2);

describe('Gueant, Lehalle & Fernandez-Tapia', () => {
  const model = { gamma: 0.01, sigma: 0.3, intensityA: 0.9, intensityK: 0.3 };
  const exact = (q: number, ladder: InventoryLadder): number[] => {
    glft.glftExact(model, ladder, q, out);
    return [...out];
  };

  it('has the quotes of V3 at time 0 to the last printed digit, and mirrors bid and ask', () => {
    const ladder = glft.glftLadder(model, 30);
    ladder.advance(600);
    const wanted = {
      [-10]: 2.632802,
      [-5]: 2.972522,
      [-1]: 3.244919,
      0: 3.313045,
      1: 3.381168,
      5: 3.653479,
      10: 3.992933,
    };
    for (const [q, distance] of Object.entries(wanted)) {
      expect(exact(Number(q), ladder)[0]).toBeCloseTo(distance, 6);
      expect(exact(-Number(q), ladder)[1]).toBeCloseTo(distance, 6);
    }
    expect(exact(0, ladder)[0]! + exact(0, ladder)[1]!).toBeCloseTo(6.626091, 6);
    expect(exact(30, ladder)[0]).toBe(Infinity);
    expect(exact(-30, ladder)[1]).toBe(Infinity);
  });

  it('has the asymptotic figures of V3', () => {
    expect(glft.restingHalfSpread(0.01, 0.3)).toBeCloseTo(3.278982, 6);
    expect(glft.glftSkew(model)).toBeCloseTo(0.0678658, 7);
    glft.glftAsymptotic(model, 0, out);
    expect(out[0]! + out[1]!).toBeCloseTo(6.62583, 6);
  });

  it('keeps positive, ordered quotes where an eigen-decomposition loses its sign (large gamma)', () => {
    for (const gamma of [0.1, 1, 10]) {
      const steep = { ...model, gamma };
      const ladder = glft.glftLadder(steep, 30);
      ladder.advance(600);
      const bids: number[] = [];
      for (let q = -30; q < 30; q++) {
        glft.glftExact(steep, ladder, q, out);
        bids.push(out[0]!);
      }
      expect(bids.every(Number.isFinite)).toBe(true);
      for (let i = 1; i < bids.length; i++) expect(bids[i]).toBeGreaterThan(bids[i - 1]!);
    }
  });
});

describe('Cartea, Jaimungal & Penalva', () => {
  it('has the value and quotes of V4', () => {
    const model = { lambda: 140, kappa: 1.5, phi: 0.01, terminalAlpha: 0.001 };
    const ladder = cjp.cjpLadder(model, 100);
    ladder.advance(1);
    expect(cjp.cjpValue(model, ladder)).toBeCloseTo(68.255835, 6);
    cjp.cjpQuotes(model, ladder, 0, out);
    expect(out[0]).toBeCloseTo(0.672137, 6);
    expect(out[1]).toBeCloseTo(0.672137, 6);
    cjp.cjpQuotes(model, ladder, 5, out);
    expect(out[0]).toBeCloseTo(0.726824, 6);
    expect(out[1]).toBeCloseTo(0.617442, 6);
  });
});

describe('InventoryLadder', () => {
  it('agrees with a plain matrix exponential of the same small system, in any division of the time', () => {
    const alpha = fc.double({ min: 0, max: 2, noNaN: true });
    const eta = fc.double({ min: 0.01, max: 3, noNaN: true });
    const tau = fc.double({ min: 0.001, max: 4, noNaN: true });
    fc.assert(
      fc.property(alpha, eta, tau, fc.integer({ min: 1, max: 4 }), (a, e, t, limit) => {
        const plain = plainSolution(a, e, t, limit);
        const ladder = new InventoryLadder(a, e, limit, () => 1);
        ladder.advance(t / 3);
        ladder.advance(t);
        for (let i = 0; i < 2 * limit; i++) {
          expect(ladder.ratio[i]! / (plain[i + 1]! / plain[i]!)).toBeCloseTo(1, 8);
        }
        expect(ladder.logCentre).toBeCloseTo(Math.log(plain[limit]!), 8);
      }),
      { numRuns: 50 },
    );
  });

  it('stands still in the end and then only grows', () => {
    const [once, later] = [1, 2].map(() => new InventoryLadder(0.5, 1, 5, () => 1));
    once!.advance(1_000);
    later!.advance(400);
    const before = later!.logCentre;
    later!.advance(1_000);
    // Where it stops depends on the last bit of the steps, so that the tails agree to some digits only.
    later!.ratio.forEach((ratio, i) => expect(ratio / once!.ratio[i]!).toBeCloseTo(1, 12));
    expect(later!.logCentre - before).toBeGreaterThan(before);
    expect(later!.logCentre).toBeCloseTo(once!.logCentre, 8);
  });
});

/** Fourth-order Runge-Kutta steps on v itself: right where v stays within the range of doubles. */
function plainSolution(alpha: number, eta: number, tau: number, limit: number): number[] {
  const slope = (v: number[]): number[] =>
    v.map((x, i) => eta * ((v[i - 1] ?? 0) + (v[i + 1] ?? 0)) - alpha * (i - limit) ** 2 * x);
  let v = Array.from({ length: 2 * limit + 1 }, () => 1);
  const steps = 4_000;
  const h = tau / steps;
  const along = (k: number[], by: number): number[] => v.map((x, i) => x + by * k[i]!);
  for (let step = 0; step < steps; step++) {
    const k1 = slope(v);
    const k2 = slope(along(k1, h / 2));
    const k3 = slope(along(k2, h / 2));
    const k4 = slope(along(k3, h));
    v = v.map((x, i) => x + (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!));
  }
  return v;
}

describe('Almgren & Chriss', () => {
  const model = { lambda: 1e-6, sigma: 0.95, epsilon: 0.0625, gamma: 2.5e-7, eta: 2.5e-6, horizon: 5 };

  it('has urgency, holdings and cost of V10', () => {
    const parts = new Float64Array(6);
    chriss.trajectory(model, 5, parts);
    expect(chriss.urgency(model, 5)).toBeCloseTo(0.607076, 6);
    // By the hyperbolic sines; V10 prints the same in whole shares, the third day's 147,897.49 as 147,898.
    const sinh = (j: number): number =>
      Math.sinh(0.6070761632470627 * (5 - j)) / Math.sinh(0.6070761632470627 * 5);
    parts.forEach((part, j) => expect(part).toBeCloseTo(sinh(j), 12));
    const printed = [1e6, 541_956, 289_854, 147_898, 62_142, 0];
    parts.forEach((part, j) => expect(Math.abs(part * 1e6 - printed[j]!)).toBeLessThan(0.52));
    const { mean, variance } = chriss.costOf(model, 1e6, parts);
    expect(Math.round(mean)).toBe(911_227);
    expect(Math.round(Math.sqrt(variance))).toBe(603_431);
  });

  it('is a straight line without risk aversion and sells all at once with a great one', () => {
    const parts = new Float64Array(11);
    chriss.trajectory({ ...model, lambda: 0 }, 10, parts);
    parts.forEach((part, j) => expect(part).toBeCloseTo(1 - j / 10, 12));
    chriss.trajectory({ ...model, lambda: 1e6 }, 10, parts);
    expect(parts[0]).toBe(1);
    expect(parts[1]).toBeLessThan(1e-6);
    expect(chriss.urgency({ ...model, lambda: 0 }, 10)).toBe(0);
  });

  it('falls from 1 to 0 and is the optimum: no change of a holding lowers mean + lambda x variance', () => {
    const risk = fc.double({ min: 1e-9, max: 1e-4, noNaN: true });
    fc.assert(
      fc.property(risk, fc.integer({ min: 2, max: 40 }), fc.nat(), (lambda, intervals, pick) => {
        const chosen = { ...model, lambda };
        const parts = new Float64Array(intervals + 1);
        chriss.trajectory(chosen, intervals, parts);
        for (let j = 1; j <= intervals; j++) expect(parts[j]).toBeLessThan(parts[j - 1]!);
        const total = (of: Float64Array): number => {
          const { mean, variance } = chriss.costOf(chosen, 1e6, of);
          return mean + lambda * variance;
        };
        const best = total(parts);
        for (const by of [-1e-3, 1e-3]) {
          const moved = parts.slice();
          moved[1 + (pick % (intervals - 1))]! += by;
          expect(total(moved)).toBeGreaterThan(best);
        }
      }),
    );
  });
});
