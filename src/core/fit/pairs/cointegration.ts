/**
 * Tests of two series for cointegration: Engle and Granger's on the residuals, Johansen's on both at once.
 *
 * Engle & Granger (1987, Econometrica 55): y on a constant and x by least squares, then a Dickey-Fuller
 * regression of the residuals without a constant, whose statistic has the law of two series (MacKinnon).
 * Johansen (1991, Econometrica 59) with an unrestricted constant: differences and lagged levels, both freed
 * of a constant and of `lags` lagged differences by least squares, have squared canonical correlations l1 >=
 * l2; trace(r) = -n sum over i > r of ln(1 - l_i), maximum(r) = -n ln(1 - l_(r+1)). Their law has critical
 * values only (MacKinnon, Haug & Michelis 1999, Journal of Applied Econometrics 14), so that a p-value is
 * given as a bracket. They hold where the prices drift; two walks without any drift are rejected at 5 % in
 * about one sample of nine, so that the first test is the one to decide by. Two series make the eigenvalues
 * a quadratic equation. Cost O(n lags^2).
 */
import { log } from '../../math/log.js';
import { type Line, fitLine } from './hedge-ratio.js';
import { regress } from './regression.js';
import { dickeyFuller, judge, type UnitRootTest } from './unit-root.js';

export interface EngleGranger extends UnitRootTest {
  /** y = intercept + slope x + residual. */
  readonly line: Line;
}

/** As testUnitRoot(); null also where x is constant or y is a line in x. */
export function engleGranger(y: Float64Array, x: Float64Array, lags: number): EngleGranger | null {
  const line = fitLine(y, x);
  if (line === null) return null;
  const residuals = y.map((value, i) => value - line.intercept - line.slope * x[i]);
  const test = dickeyFuller(residuals, 'none', lags);
  return test && { ...test, ...judge(test.statistic, 'constant', 2, y.length - 1), line };
}

/** Upper end of the p-value that the critical values tell: 0.01, 0.05, 0.1, or 1 beyond them. */
export type PBracket = 0.01 | 0.05 | 0.1 | 1;

export interface Johansen {
  /** Squared canonical correlations, the larger one first. */
  readonly eigenvalues: readonly [number, number];
  /** Against at most 0 and at most 1 cointegrating relations. */
  readonly trace: readonly [number, number];
  readonly maximum: readonly [number, number];
  /** For at most 0 relations: below which of 1, 5, 10 % the p-value lies. */
  readonly tracePBelow: PBracket;
  readonly maximumPBelow: PBracket;
  /** y - hedgeRatio x is what the first relation keeps together; NaN where it does not load on y. */
  readonly hedgeRatio: number;
  readonly rows: number;
}

/** 10, 5 and 1 % points for at most 0 of two relations; constant outside of the relation. */
export const TRACE_CRITICAL = [13.4294, 15.4943, 19.9349] as const;
export const MAXIMUM_CRITICAL = [12.2971, 14.2639, 18.52] as const;

/** `lags` >= 0 lagged differences. Null where the series are too short or do not vary independently. */
export function johansen(y: Float64Array, x: Float64Array, lags: number): Johansen | null {
  const n = y.length - 1 - lags;
  if (n < 2 * lags + 8) return null;
  const series = [y, x];
  const nuisance: Float64Array[] = [new Float64Array(n).fill(1)];
  for (let lag = 1; lag <= lags; lag++) {
    for (const values of series) nuisance.push(column(n, (i) => difference(values, lags + 1 + i - lag)));
  }
  const free = (at: (i: number) => number): Float64Array | null =>
    regress(column(n, at), nuisance)?.residuals ?? null;
  const d = series.map((values) => free((i) => difference(values, lags + 1 + i)));
  const l = series.map((values) => free((i) => values[lags + i] - values[0]));
  const [dy, dx] = d;
  const [ly, lx] = l;
  if (!dy || !dx || !ly || !lx) return null;
  const s00 = inverse(dot(dy, dy), dot(dy, dx), dot(dx, dx));
  const skk = inverse(dot(ly, ly), dot(ly, lx), dot(lx, lx));
  if (!s00 || !skk) return null;
  const cross = [dot(ly, dy), dot(ly, dx), dot(lx, dy), dot(lx, dx)] as const;
  const [m11, m12, m21, m22] = product(skk, cross, s00);
  const half = (m11 + m22) / 2;
  const root = Math.sqrt(Math.max(0, half * half - (m11 * m22 - m12 * m21)));
  const eigenvalues = [half + root, Math.max(0, half - root)] as const;
  const [first, second] = eigenvalues.map((value) => -n * log(1 - value));
  // (M - l1) v = 0, by the row that says more.
  const [vy, vx] =
    Math.abs(m12) + Math.abs(m11 - eigenvalues[0]) > Math.abs(m21) + Math.abs(m22 - eigenvalues[0])
      ? [m12, eigenvalues[0] - m11]
      : [eigenvalues[0] - m22, m21];
  return {
    eigenvalues,
    trace: [first + second, second],
    maximum: [first, second],
    tracePBelow: bracket(first + second, TRACE_CRITICAL),
    maximumPBelow: bracket(first, MAXIMUM_CRITICAL),
    hedgeRatio: vy === 0 ? NaN : -vx / vy,
    rows: n,
  };
}

function bracket(statistic: number, [ten, five, one]: readonly [number, number, number]): PBracket {
  if (statistic > one) return 0.01;
  if (statistic > five) return 0.05;
  return statistic > ten ? 0.1 : 1;
}

function column(n: number, at: (i: number) => number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = at(i);
  return out;
}

function difference(values: Float64Array, t: number): number {
  return values[t] - values[t - 1];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

type Symmetric = readonly [aa: number, ab: number, bb: number];
type Square = readonly [aa: number, ab: number, ba: number, bb: number];

function inverse(aa: number, ab: number, bb: number): Symmetric | null {
  const determinant = aa * bb - ab * ab;
  return determinant > 1e-12 * aa * bb ? [bb / determinant, -ab / determinant, aa / determinant] : null;
}

/** k c s c' of 2 x 2 matrices, k and s symmetric. */
function product([k11, k12, k22]: Symmetric, [c11, c12, c21, c22]: Square, s: Symmetric): Square {
  const [t11, t12] = [c11 * s[0] + c12 * s[1], c11 * s[1] + c12 * s[2]];
  const [t21, t22] = [c21 * s[0] + c22 * s[1], c21 * s[1] + c22 * s[2]];
  const [u11, u12, u22] = [t11 * c11 + t12 * c12, t11 * c21 + t12 * c22, t21 * c21 + t22 * c22];
  return [k11 * u11 + k12 * u12, k11 * u12 + k12 * u22, k12 * u11 + k22 * u12, k12 * u12 + k22 * u22];
}
