/**
 * Statistical tests of a hundred million draws from a known law, in one pass: moments, chi-square over some
 * 2,000 cells, Kolmogorov-Smirnov at their edges, tails, and correlation of neighbours.
 *
 * Every check gives a score; a score beyond LIMIT (KS: KS_LIMIT) has a probability of 6e-7 where the law is
 * right. A law takes 13 checks at most, so a suite of 20 laws has a false alarm with a probability below
 * 2e-4; seeds are fixed, so that it has it always or never. With n draws a mean that is 5 / sqrt(n)
 * standard deviations off, 5e-4 at 1e8, is found half of the time.
 */
import { normalCdf } from '../../src/core/math/normal.js';
import { chiSquareZ } from './statistics.js';

/** P(|Z| > 5) = 5.7e-7, and P(sqrt(n) D > 2.75) = 2 exp(-2 2.75^2) = 5.4e-7. */
const LIMIT = 5;
const KS_LIMIT = 2.75;
const CELLS = 2_000;
/** Cells at the ends are put together until so many draws are expected. */
const LEAST_EXPECTED = 50;
const TAILS = [3, 4, 5];

/**
 * A law: its distribution function, where to lay the cells, and E[((X - mean) / sd)^k] for k = 3, 4, 6, 8.
 */
export interface Law {
  readonly mean: number;
  readonly sd: number;
  readonly cdf: (x: number) => number;
  readonly from: number;
  readonly to: number;
  readonly moments: { readonly 3: number; readonly 4: number; readonly 6: number; readonly 8: number };
}

export const NORMAL: Law = {
  mean: 0,
  sd: 1,
  cdf: normalCdf,
  from: -5,
  to: 5,
  moments: { 3: 0, 4: 3, 6: 15, 8: 105 },
};

export const UNIFORM: Law = {
  mean: 0.5,
  sd: Math.sqrt(1 / 12),
  cdf: (x) => Math.min(1, Math.max(0, x)),
  from: 0,
  to: 1,
  moments: { 3: 0, 4: 9 / 5, 6: 27 / 7, 8: 9 },
};

export const EXPONENTIAL: Law = {
  mean: 1,
  sd: 1,
  cdf: (x) => (x > 0 ? -Math.expm1(-x) : 0),
  from: 0,
  to: 14,
  // Subfactorials: E[(X - 1)^k] = k! sum (-1)^j / j!.
  moments: { 3: 2, 4: 9, 6: 265, 8: 14_833 },
};

/** Normal components with weights that sum to 1. */
export function mixture(
  parts: readonly { readonly weight: number; readonly mean: number; readonly sd: number }[],
): Law {
  const sum = (f: (part: { weight: number; mean: number; sd: number }) => number): number =>
    parts.reduce((total, part) => total + part.weight * f(part), 0);
  const mean = sum((part) => part.mean);
  /**
   * E[(X - mean)^k]: of a normal about another centre d away, sum over even j of C(k, j) d^(k-j) sd^j
   * (j-1)!!.
   */
  const central = (k: number): number =>
    sum((part) => {
      let [total, term] = [0, 1];
      for (let j = 0; j <= k; j += 2) {
        total += term * (part.mean - mean) ** (k - j) * part.sd ** j;
        term *= ((k - j) * (k - j - 1)) / (j + 2);
      }
      return total;
    });
  const sd = Math.sqrt(central(2));
  return {
    mean,
    sd,
    cdf: (x) => sum((part) => normalCdf((x - part.mean) / part.sd)),
    from: mean - 6 * sd,
    to: mean + 6 * sd,
    moments: {
      3: central(3) / sd ** 3,
      4: central(4) / sd ** 4,
      6: central(6) / sd ** 6,
      8: central(8) / sd ** 8,
    },
  };
}

export interface Score {
  readonly check: string;
  readonly score: number;
  readonly limit: number;
}

/** Takes draws in pieces; scores() judges all of them. */
export class DrawTests {
  private readonly law: Law;
  private n = 0;
  private readonly sums = new Float64Array(4);
  private neighbours = 0;
  private last = 0;
  /** Below `from`, the cells, and from `to` on. */
  private readonly counts = new Float64Array(CELLS + 2);
  private readonly above = new Float64Array(TAILS.length);
  private readonly below = new Float64Array(TAILS.length);

  constructor(law: Law) {
    this.law = law;
  }

  /** Adds values[0..count-1]; neighbours across calls count as neighbours. */
  add(values: Float64Array, count = values.length): void {
    const { counts } = this;
    const { mean, from } = this.law;
    const inverse = 1 / this.law.sd;
    const scale = CELLS / (this.law.to - from);
    let [s1, s2, s3, s4, products, last] = [0, 0, 0, 0, 0, this.last];
    for (let i = 0; i < count; i++) {
      const x = values[i]!;
      const cell = (x - from) * scale + 1;
      counts[cell < 1 ? 0 : cell >= CELLS + 1 ? CELLS + 1 : cell | 0]!++;
      const z = (x - mean) * inverse;
      const z2 = z * z;
      s1 += z;
      s2 += z2;
      s3 += z2 * z;
      s4 += z2 * z2;
      products += z * last;
      last = z;
      if (z2 > 9) this.addTail(z);
    }
    this.sums[0]! += s1;
    this.sums[1]! += s2;
    this.sums[2]! += s3;
    this.sums[3]! += s4;
    this.neighbours += products;
    this.last = last;
    this.n += count;
  }

  private addTail(z: number): void {
    for (let t = 0; t < TAILS.length; t++) {
      if (z > TAILS[t]!) this.above[t]!++;
      else if (-z > TAILS[t]!) this.below[t]!++;
    }
  }

  scores(): Score[] {
    const { n, sums, law } = this;
    const { 3: m3, 4: m4, 6: m6, 8: m8 } = law.moments;
    const of = (check: string, score: number): Score => ({ check, score, limit: LIMIT });
    const sum = (at: number, mean: number, variance: number): number =>
      (sums[at]! - n * mean) / Math.sqrt(n * variance);
    return [
      of('mean', sum(0, 0, 1)),
      of('variance', sum(1, 1, m4 - 1)),
      of('skewness', sum(2, m3, m6 - m3 * m3)),
      of('kurtosis', sum(3, m4, m8 - m4 * m4)),
      of('neighbours', this.neighbours / Math.sqrt(n)),
      ...this.cellScores(),
      ...TAILS.flatMap((beyond, t) => [
        ...this.tailScore(`below -${beyond}`, this.below[t]!, law.cdf(law.mean - beyond * law.sd)),
        ...this.tailScore(`above ${beyond}`, this.above[t]!, 1 - law.cdf(law.mean + beyond * law.sd)),
      ]),
    ];
  }

  /** A tail too thin for the normal law of its count is left to the chi-square. */
  private tailScore(check: string, count: number, p: number): Score[] {
    const expected = this.n * p;
    if (expected < LEAST_EXPECTED) return [];
    return [{ check, score: (count - expected) / Math.sqrt(expected * (1 - p)), limit: LIMIT }];
  }

  private cellScores(): Score[] {
    const { n, counts } = this;
    const { from, to, cdf } = this.law;
    const edge = (i: number): number => from + ((to - from) * i) / CELLS;
    const [seen, expected]: [number[], number[]] = [[], []];
    let [distance, cumulated, before, count] = [0, 0, 0, 0];
    for (let i = 0; i <= CELLS + 1; i++) {
      const p = i <= CELLS ? cdf(edge(i)) : 1;
      cumulated += counts[i]!;
      count += counts[i]!;
      distance = Math.max(distance, Math.abs(cumulated / n - p));
      const rest = n * (1 - p);
      // A cell is closed where it and what is left both hold enough; the last takes all.
      if (i <= CELLS && (n * (p - before) < LEAST_EXPECTED || rest < LEAST_EXPECTED)) continue;
      seen.push(count);
      expected.push(n * (p - before));
      [before, count] = [p, 0];
    }
    return [
      {
        check: `chi-square of ${seen.length} cells`,
        score: chiSquareZ(Float64Array.from(seen), Float64Array.from(expected)),
        limit: LIMIT,
      },
      { check: 'Kolmogorov-Smirnov', score: Math.sqrt(n) * distance, limit: KS_LIMIT },
    ];
  }
}

/** The checks that fail, in words; empty where the law holds. */
export function failures(tests: DrawTests): string[] {
  return tests
    .scores()
    .filter(({ score, limit }) => !(Math.abs(score) < limit))
    .map(({ check, score, limit }) => `${check}: ${score.toFixed(2)}, limit ${limit}`);
}
