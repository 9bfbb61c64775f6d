/** Antithetic twins: the same draws turned over, in step for good, under the same laws. */
import { describe, expect, it } from 'vitest';
import { Draws } from '../../../src/core/flow/draws.js';
import { baseOf, isTwin, turnedExponential, twinOf } from '../../../src/core/rng/antithetic.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { ToyMarket } from '../../../src/core/sim/toy-market.js';
import { SILENT } from '../../../src/core/sim/market.js';
import { correlation } from '../../support/statistics.js';

const COUNT = 200_000;
const drawsOf = (unit: number, seed = 3): Draws => {
  const draws = new Draws(new Stream());
  draws.key(seed, unit, FLOW);
  return draws;
};
/** Draws mixed as a market mixes them, so that the blocks of the three kinds alternate. */
function drawAll(unit: number): { uniforms: number[]; normals: number[]; exponentials: number[] } {
  const draws = drawsOf(unit);
  const found = { uniforms: [] as number[], normals: [] as number[], exponentials: [] as number[] };
  for (let i = 0; i < COUNT; i++) {
    found.uniforms.push(draws.uniform());
    found.exponentials.push(draws.exponentials[draws.exponentialIndex()]!);
    if (i % 3 === 0) found.normals.push(draws.normals[draws.normalIndex()]!);
  }
  return found;
}

describe('a pair', () => {
  const [own, twin] = [drawAll(4), drawAll(twinOf(4))];

  it('has normals that sum to nought, and uniforms that sum to 1 - 2^-53, each exactly', () => {
    expect(own.normals.every((z, i) => z + twin.normals[i]! === 0)).toBe(true);
    expect(own.uniforms.every((u, i) => u + twin.uniforms[i]! === 1 - 2 ** -53)).toBe(true);
    expect(own.normals.some((z) => Math.abs(z) > 3.7)).toBe(true);
  });

  it('has exponentials of the same law above nought, as far apart as their law allows', () => {
    const { exponentials } = twin;
    expect(exponentials.every((x) => x > 0 && Number.isFinite(x))).toBe(true);
    const mean = exponentials.reduce((sum, x) => sum + x, 0) / COUNT;
    const squares = exponentials.reduce((sum, x) => sum + x * x, 0) / COUNT;
    // Four standard errors: variances of x and x^2 are 1 and 20.
    expect(Math.abs(mean - 1)).toBeLessThan(4 / Math.sqrt(COUNT));
    expect(Math.abs(squares - 2)).toBeLessThan(4 * Math.sqrt(20 / COUNT));
    expect(correlation(own.exponentials, exponentials)).toBeCloseTo(1 - Math.PI ** 2 / 6, 2);
  });

  it('turns back where it is turned twice, from far below to far above', () => {
    for (const x of [1e-12, 1e-6, 0.01, 0.5, Math.LN2, 2, 17.9, 18.1, 27]) {
      expect(Math.abs(turnedExponential(turnedExponential(x)) / x - 1)).toBeLessThan(1e-9);
      expect(Math.exp(-x) + Math.exp(-turnedExponential(x))).toBeCloseTo(1, 14);
    }
  });

  it('has a number of its own', () => {
    for (const unit of [0, 1, 2 ** 40]) {
      expect(baseOf(twinOf(unit))).toBe(unit);
      expect([isTwin(unit), isTwin(twinOf(unit))]).toEqual([false, true]);
    }
  });
});

it('turns the price of the toy market round', () => {
  const options = { startMidTicks: 1_000, stepMs: 100, midSigmaTicksPerSqrtS: 2 };
  const market = new ToyMarket({ ...options, fillRatePerS: 1, fillDecayPerTick: 1 });
  const endOf = (unit: number): number => {
    market.start(7, unit);
    for (let step = 0; step < 1_000; step++) market.step(SILENT);
    return market.midTicks - 1_000;
  };
  const ends = Array.from({ length: 20 }, (_, unit) => [endOf(unit), endOf(twinOf(unit))] as const);
  for (const [own, twin] of ends) expect(own + twin).toBeCloseTo(0, 9);
  expect(ends.some(([own]) => Math.abs(own) > 5)).toBe(true);
});
