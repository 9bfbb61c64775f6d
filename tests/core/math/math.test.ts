/**
 * exp, log and log1p: within the stated ulp of a second implementation, at the edges; golden digests of every
 * function of this folder.
 */
import { describe, expect, it } from 'vitest';
import { exp } from '../../../src/core/math/exp.js';
import { log, log1p } from '../../../src/core/math/log.js';
import { normalCdf, normalPdf, normalQuantile } from '../../../src/core/math/normal.js';
import { atan2, cos, sin } from '../../../src/core/math/trig.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { fnv1a32 } from '../../support/fnv.js';

type Real = (x: number) => number;

const value = new Float64Array(1);
const bits = new BigInt64Array(value.buffer);

/** Doubles between a and b: 0 when equal, 1 when neighbours. Both finite. */
function ulps(a: number, b: number): number {
  const ordinal = (x: number): bigint => {
    value[0] = x;
    return bits[0]! < 0n ? -(bits[0]! & 0x7fffffffffffffffn) : bits[0]!;
  };
  const distance = ordinal(a) - ordinal(b);
  return Number(distance < 0n ? -distance : distance);
}

/** Largest distance over `points` random inputs low + (high - low) u, or their exponentials. */
function worst(own: Real, reference: Real, low: number, high: number, exponential = false): number {
  const stream = new Stream(9, 0, FLOW);
  let most = 0;
  for (let i = 0; i < 100_000; i++) {
    const u = low + (high - low) * stream.uniform();
    const x = exponential ? Math.exp(u) : u;
    const a = own(x);
    const b = reference(x);
    if (a !== b) most = Math.max(most, ulps(a, b));
  }
  return most;
}

/**
 * The engine's own functions are the reference; they are within 1 ulp of the truth, and so are ours, which
 * makes the same double or a neighbour the expected answer.
 */
describe('accuracy against Math', () => {
  it.each<[string, Real, Real, number, number]>([
    ['exp', exp, Math.exp, -0.4, 0.4],
    ['exp', exp, Math.exp, -20, 20],
    ['exp', exp, Math.exp, -708, 709.7],
    ['log', log, Math.log, 0.5, 2],
    ['log', log, Math.log, 0.999, 1.001],
    ['log', log, Math.log, 0, 1e6],
    ['log1p', log1p, Math.log1p, -0.5, 0.5],
    ['log1p', log1p, Math.log1p, -1e-9, 1e-9],
    ['log1p', log1p, Math.log1p, 0, 1000],
  ])('%s is within 1 ulp from %d', (_name, own, reference, low, high) => {
    expect(worst(own, reference, low, high)).toBeLessThanOrEqual(1);
  });

  it('log is within 1 ulp over all magnitudes', () => {
    expect(worst(log, Math.log, -708, 709, true)).toBeLessThanOrEqual(1);
  });

  it('exp is within 1 ulp where its result is subnormal', () => {
    expect(worst(exp, Math.exp, -745, -708)).toBeLessThanOrEqual(1);
  });
});

/** Correctly rounded to 17 digits by 60-digit arithmetic: no engine involved. */
describe('accuracy against known values', () => {
  it.each<[string, number, number]>([
    ['exp(1)', exp(1), 2.718281828459045],
    ['exp(-1)', exp(-1), 0.36787944117144233],
    ['exp(100)', exp(100), 2.6881171418161356e43],
    ['exp(-700)', exp(-700), 9.85967654375977e-305],
    ['log(2)', log(2), 0.6931471805599453],
    ['log(10)', log(10), 2.302585092994046],
    ['log(5e-324)', log(5e-324), -744.4400719213812],
    ['log1p(1e-10)', log1p(1e-10), 9.9999999995e-11],
  ])('%s', (_name, own, known) => {
    expect(ulps(own, known)).toBeLessThanOrEqual(1);
  });
});

describe('edges', () => {
  it.each<[string, number, number]>([
    ['exp(0)', exp(0), 1],
    ['exp(-0)', exp(-0), 1],
    ['exp(Infinity)', exp(Infinity), Infinity],
    ['exp(-Infinity)', exp(-Infinity), 0],
    ['exp(NaN)', exp(NaN), NaN],
    ['exp(709.782712893384)', exp(709.782712893384), 1.7976931348622732e308],
    ['exp(709.79)', exp(709.79), Infinity],
    ['exp(-745.13)', exp(-745.13), 5e-324],
    ['exp(-745.14)', exp(-745.14), 0],
    ['exp(5e-324)', exp(5e-324), 1],
    ['log(0)', log(0), -Infinity],
    ['log(-0)', log(-0), -Infinity],
    ['log(-1)', log(-1), NaN],
    ['log(-Infinity)', log(-Infinity), NaN],
    ['log(NaN)', log(NaN), NaN],
    ['log(Infinity)', log(Infinity), Infinity],
    ['log(1)', log(1), 0],
    ['log(largest)', log(Number.MAX_VALUE), 709.782712893384],
    ['log1p(0)', log1p(0), 0],
    ['log1p(-1)', log1p(-1), -Infinity],
    ['log1p(-1.5)', log1p(-1.5), NaN],
    ['log1p(1e-300)', log1p(1e-300), 1e-300],
    ['log1p(Infinity)', log1p(Infinity), Infinity],
  ])('%s', (_name, own, expected) => {
    expect(own).toBe(expected);
  });

  it('exp and log are inverse to rounding over all magnitudes', () => {
    for (let x = -700; x <= 700; x += 0.37)
      expect(Math.abs(log(exp(x)) - x)).toBeLessThan(1e-15 + Math.abs(x) * 2e-16);
  });
});

/** Any change of a bit on any engine or machine shows here. */
describe('golden digests of 100,000 outputs', () => {
  it.each<[string, Real, number, number, string]>([
    ['exp', exp, -745, 709, '765908b3'],
    ['log', log, 0, 10, '71fbde97'],
    ['log1p', log1p, -0.9, 2, 'd03c181c'],
    ['sin', sin, -100, 100, 'aab5d4de'],
    ['cos', cos, -100, 100, 'b2a91cce'],
    ['atan2(x, 1)', (x) => atan2(x, 1), -5, 5, 'c9f9d568'],
    ['normalPdf', normalPdf, -9, 9, '85a2c79e'],
    ['normalCdf', normalCdf, -9, 9, 'c7b06c77'],
    ['normalQuantile', normalQuantile, 0, 1, 'f317a557'],
  ])('%s', (_name, own, low, high, digest) => {
    const stream = new Stream(2024, 0, FLOW);
    const outputs = Float64Array.from({ length: 100_000 }, () => own(low + (high - low) * stream.uniform()));
    expect(fnv1a32(outputs)).toBe(digest);
  });
});
