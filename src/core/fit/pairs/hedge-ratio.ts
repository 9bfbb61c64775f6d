/**
 * How much of x hedges one y: least squares, total least squares, and a ratio that moves (Kalman filter).
 *
 * Least squares takes x as given and so tends to a ratio too small where x is noisy; total least squares
 * treats both alike: it minimises the squared distances across the line (Golub & Van Loan 1980, SIAM Journal
 * on Numerical Analysis 17; for two series the closed form of Adcock 1878). The Kalman filter lets intercept
 * and slope walk at random, y = a + b x + e (Harvey 1989, Forecasting, Structural Time Series Models and the
 * Kalman Filter, section 3.2). It starts diffuse: on the first two different x the line is what they say
 * exactly; with state noise 0 it then repeats least squares, row by row. Its covariance is kept in units of
 * the observation noise and updated in Joseph's form, which stays positive. x is measured from its first
 * value. Cost O(n), nothing allocated after the start.
 */

/** y = intercept + slope x. */
export interface Line {
  readonly intercept: number;
  readonly slope: number;
}

export interface FittedLine extends Line {
  /** Of the slope, if the residuals were independent: those of a pair are not (pairs/formation.ts). */
  readonly standardError: number;
  readonly r2: number;
  /** Of the residuals, divisor n - 1. */
  readonly residualSd: number;
}

interface Sums {
  readonly n: number;
  readonly meanX: number;
  readonly meanY: number;
  readonly sxx: number;
  readonly sxy: number;
  readonly syy: number;
}

/** Least squares. Null with fewer than three values or where x does not vary. */
export function fitLine(y: Float64Array, x: Float64Array): FittedLine | null {
  const sums = sumsOf(y, x);
  return sums && lineOf(sums, sums.sxy / sums.sxx);
}

/** Total least squares. Null as fitLine(), and where y and x are uncorrelated: no direction is best. */
export function fitTotalLine(y: Float64Array, x: Float64Array): FittedLine | null {
  const sums = sumsOf(y, x);
  if (sums === null || sums.sxy === 0) return null;
  const { sxx, sxy, syy } = sums;
  const gap = syy - sxx;
  const root = Math.sqrt(gap * gap + 4 * sxy * sxy);
  // Of the two forms of the root the one without cancellation.
  return lineOf(sums, gap >= 0 ? (gap + root) / (2 * sxy) : (2 * sxy) / (root - gap));
}

function sumsOf(y: Float64Array, x: Float64Array): Sums | null {
  const n = y.length;
  if (n < 3) return null;
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanX += (x[i] - x[0]) / n;
    meanY += (y[i] - y[0]) / n;
  }
  let [sxx, sxy, syy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [x[i] - x[0] - meanX, y[i] - y[0] - meanY];
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
  }
  if (!(sxx > n * 1e-26 * (meanX + x[0]) * (meanX + x[0]))) return null;
  return { n, meanX: meanX + x[0], meanY: meanY + y[0], sxx, sxy, syy };
}

function lineOf({ n, meanX, meanY, sxx, sxy, syy }: Sums, slope: number): FittedLine {
  const sse = Math.max(0, syy - 2 * slope * sxy + slope * slope * sxx);
  return {
    intercept: meanY - slope * meanX,
    slope,
    standardError: Math.sqrt(sse / (n - 2) / sxx),
    r2: syy > 0 ? 1 - sse / syy : 0,
    residualSd: Math.sqrt(sse / (n - 1)),
  };
}

export interface KalmanOptions {
  /** Variance that the slope gains per row, in units of the observation noise's variance; >= 0. */
  readonly slopeNoise: number;
  /** The same of the intercept at the first x. */
  readonly interceptNoise: number;
}

/** Filters row after row; the line after row i knows nothing of later rows. */
export class KalmanLine {
  /** The line now, NaN before two different x were seen: intercept at x = 0, and slope. */
  intercept = NaN;
  slope = NaN;
  /** Surprise of the last row: y minus what the line before it said, and its variance over the noise's. */
  surprise = 0;
  surpriseVariance = 0;
  /** Sum of surprise^2 / variance over its rows: divided by their number, the noise variance. */
  private squares = 0;
  rows = 0;
  private readonly slopeNoise: number;
  private readonly interceptNoise: number;
  private x0 = NaN;
  private firstY = 0;
  private firstX = 0;
  /** Rows at the first x: with them the intercept has variance 1 / same. */
  private same = 0;
  /** Value of the line at x0, and the covariance of (value, slope). */
  private value = 0;
  private p11 = 0;
  private p12 = 0;
  private p22 = 0;

  constructor({ slopeNoise, interceptNoise }: KalmanOptions) {
    this.slopeNoise = slopeNoise;
    this.interceptNoise = interceptNoise;
  }

  /** Takes the next row. */
  add(y: number, x: number): void {
    if (this.rows === 0) this.x0 = x;
    const u = x - this.x0;
    if (Number.isNaN(this.slope)) this.begin(y, u);
    else this.update(y, u);
    this.rows++;
  }

  /** Maximum likelihood of the noise variance given the ratios; NaN before the third informative row. */
  noiseVariance(): number {
    const informative = this.rows - this.same - 1;
    return informative > 0 ? this.squares / informative : NaN;
  }

  private begin(y: number, u: number): void {
    if (this.same === 0 || u === this.firstX) {
      this.firstX = u;
      this.firstY += (y - this.firstY) / (this.same + 1);
      this.same++;
      return;
    }
    // firstX is 0: x is measured from it.
    this.value = this.firstY;
    this.slope = (y - this.firstY) / u;
    this.p11 = 1 / this.same;
    this.p12 = -this.p11 / u;
    this.p22 = (1 + this.p11) / (u * u);
    this.intercept = this.value - this.slope * this.x0;
  }

  private update(y: number, u: number): void {
    const p11 = this.p11 + this.interceptNoise;
    const p12 = this.p12;
    const p22 = this.p22 + this.slopeNoise;
    const [h1, h2] = [p11 + p12 * u, p12 + p22 * u];
    const variance = h1 + h2 * u + 1;
    const surprise = y - this.value - this.slope * u;
    const [k1, k2] = [h1 / variance, h2 / variance];
    this.value += k1 * surprise;
    this.slope += k2 * surprise;
    this.intercept = this.value - this.slope * this.x0;
    this.surprise = surprise;
    this.surpriseVariance = variance;
    this.squares += (surprise * surprise) / variance;
    // (I - k h') P (I - k h')' + k k'.
    const [a11, a12, a21, a22] = [1 - k1, -k1 * u, -k2, 1 - k2 * u];
    const [b11, b12] = [a11 * p11 + a12 * p12, a11 * p12 + a12 * p22];
    const [b21, b22] = [a21 * p11 + a22 * p12, a21 * p12 + a22 * p22];
    this.p11 = b11 * a11 + b12 * a12 + k1 * k1;
    this.p12 = b11 * a21 + b12 * a22 + k1 * k2;
    this.p22 = b21 * a21 + b22 * a22 + k2 * k2;
  }
}
