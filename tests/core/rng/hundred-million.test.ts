/**
 * A hundred million draws of each generator keep to their law: moments, chi-square, Kolmogorov-Smirnov,
 * tails and neighbours; and laws that are a little wrong do not.
 */
import { describe, expect, it } from 'vitest';
import { SimdNormals } from '../../../src/core/price/simd/normals.js';
import { PRICE } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import {
  DrawTests,
  EXPONENTIAL,
  failures,
  type Law,
  mixture,
  NORMAL,
  UNIFORM,
} from '../../support/draw-tests.js';

const DRAWS = 1e8;
const PER_PATH = 252;
/** Draws at a time: 64 paths. */
const PIECE = 64 * PER_PATH;
const SEED = 20_261_121;

/** Writes the next `count` draws to `out`. */
type Draw = (out: Float64Array, count: number) => void;

function tested(law: Law, draw: Draw, draws: number): DrawTests {
  const tests = new DrawTests(law);
  const out = new Float64Array(PIECE);
  for (let left = draws; left > 0; left -= PIECE) {
    const count = Math.min(left, PIECE);
    draw(out, count);
    tests.add(out, count);
  }
  return tests;
}

/** The paths of a batch kernel, one after the other: neighbours are steps of a path, and ends of two. */
function batches(precision: 'f64' | 'f32-draws'): Draw {
  const source = new SimdNormals(SEED, precision);
  let path = 0;
  return (out) => {
    source.fill(path, 64, PER_PATH, out);
    path += 64;
  };
}

const stream = new Stream(SEED, 0, PRICE);
const generators: readonly (readonly [name: string, law: Law, draw: Draw])[] = [
  ['uniforms', UNIFORM, (out, count) => stream.fillUniforms(out, count)],
  ['ziggurat normals', NORMAL, (out, count) => stream.fillNormals(out, count)],
  ['ziggurat exponentials', EXPONENTIAL, (out, count) => stream.fillExponentials(out, count)],
  ['batch normals, f64', NORMAL, batches('f64')],
  ['batch normals, f32 draws', NORMAL, batches('f32-draws')],
];

describe('a hundred million draws', () => {
  it.each(generators)('%s', (_name, law, draw) => {
    expect(failures(tested(law, draw, DRAWS))).toEqual([]);
  });
});

describe('what the tests see, in two million draws', () => {
  const normals: Draw = (out, count) => stream.fillNormals(out, count);
  const spoilt =
    (spoil: (out: Float64Array, i: number) => number): Draw =>
    (out, count) => {
      normals(out, count);
      for (let i = 0; i < count; i++) out[i] = spoil(out, i);
    };
  const blind = [
    ['a mean off by 0.01', spoilt((out, i) => out[i]! + 0.01), /mean/],
    ['a deviation off by a hundredth', spoilt((out, i) => 1.01 * out[i]!), /variance/],
    ['a tail cut at 4', spoilt((out, i) => Math.max(-4, Math.min(4, out[i]!))), /above 4/],
    ['steps of a tenth', spoilt((out, i) => 0.1 * Math.round(10 * out[i]!)), /chi-square/],
    [
      'neighbours that know each other',
      spoilt((out, i) => (i > 0 ? 0.01 * out[i - 1]! : 0) + Math.sqrt(1 - 1e-4) * out[i]!),
      /neighbours/,
    ],
    ['a lean to one side', spoilt((out, i) => out[i]! + 0.005 * (out[i]! * out[i]! - 1)), /skewness/],
  ] as const;

  it.each(blind)('%s', (_name, draw, named) => {
    expect(failures(tested(NORMAL, draw, 2_000_000)).join()).toMatch(named);
  });

  it('and a mixture of normals passes as what it is', () => {
    const parts = [
      { weight: 0.7, mean: 0.1, sd: 1 },
      { weight: 0.3, mean: -1, sd: 2 },
    ];
    const uniforms = new Float64Array(PIECE);
    const mixed: Draw = (out, count) => {
      normals(out, count);
      stream.fillUniforms(uniforms, count);
      for (let i = 0; i < count; i++) {
        const part = parts[uniforms[i]! < 0.7 ? 0 : 1]!;
        out[i] = part.mean + part.sd * out[i]!;
      }
    };
    const law = mixture(parts);
    expect([law.mean, law.sd ** 2]).toEqual([expect.closeTo(-0.23, 12), expect.closeTo(2.1541, 12)]);
    expect(failures(tested(law, mixed, 2_000_000))).toEqual([]);
  });
});
