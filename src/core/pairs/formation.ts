/**
 * What is known of a pair before it is traded: its hedge ratio, its tests, the law of its spread.
 *
 * The first rows of the two series are the formation window; what follows is traded with what they said. With
 * the Kalman filter the line goes on moving while trading, by what is known then, and the spread is the
 * surprise of each row. Cost O(rows lags^2).
 */
import { fitOrnsteinUhlenbeck, type OrnsteinUhlenbeckFit } from '../fit/ornstein-uhlenbeck.js';
import { engleGranger, johansen, type EngleGranger, type Johansen } from '../fit/pairs/cointegration.js';
import { fitLine, fitTotalLine, KalmanLine, type FittedLine } from '../fit/pairs/hedge-ratio.js';

/** `ols`, `total`, `kalman`, or a ratio that is `given`. */
export type HedgeMethod = 'ols' | 'total' | 'kalman' | 'given';

export interface HedgeOptions {
  readonly method: HedgeMethod;
  /** Of `given`: y - ratio x is the spread. */
  readonly ratio: number;
  /** Of `kalman`: variance that intercept and slope gain per row, in units of the noise's. */
  readonly stateNoise: number;
  /** Lagged differences in the tests; CHOOSE_LAGS by AIC. */
  readonly lags: number;
}

/** Rows in which a Kalman filter finds its line before its surprises count. */
const KALMAN_BURN_IN = 10;

/** Fewest rows of a formation window. */
export const LEAST_FORMATION = 30;

export interface Formation {
  readonly line: FittedLine;
  readonly engleGranger: EngleGranger | null;
  readonly johansen: Johansen | null;
  /** The spread over the window, with the burn-in of a Kalman filter left out. */
  readonly spread: Float64Array;
  readonly mean: number;
  /** Divisor n - 1. */
  readonly sd: number;
  /** The line at the end of the window; the follower's moves on with a Kalman filter. */
  readonly intercept: number;
  readonly hedgeRatio: number;
  /**
   * Standard error of the fitted ratio, allowing for the memory of the spread; 0 of a given one, -1 where the
   * spread does not return, so that the ratio may be spurious.
   */
  readonly hedgeRatioError: number;
  /** Steps of one row. */
  readonly process: OrnsteinUhlenbeckFit | null;
  /** The spread of the rows to come. */
  readonly follower: SpreadFollower;
}

/** The spread of one row after another. */
export class SpreadFollower {
  declare private readonly filter: KalmanLine | null;
  hedgeRatio: number;
  intercept: number;

  constructor(intercept: number, hedgeRatio: number, filter: KalmanLine | null) {
    this.intercept = intercept;
    this.hedgeRatio = hedgeRatio;
    this.filter = filter;
  }

  /** Spread of the next row by the line known before it; a Kalman line then takes the row in. */
  next(y: number, x: number): number {
    const { filter } = this;
    const spread = y - this.intercept - this.hedgeRatio * x;
    if (filter !== null) {
      filter.add(y, x);
      this.intercept = filter.intercept;
      this.hedgeRatio = filter.slope;
    }
    return spread;
  }
}

/** Null where x or the spread is constant over the window, or it is shorter than LEAST_FORMATION. */
export function formPair(y: Float64Array, x: Float64Array, options: HedgeOptions): Formation | null {
  if (y.length < LEAST_FORMATION) return null;
  const line = lineBy(y, x, options);
  if (line === null) return null;
  const { spread, follower } = spreadBy(y, x, options, line);
  let mean = 0;
  for (let i = 0; i < spread.length; i++) mean += spread[i] / spread.length;
  let squares = 0;
  for (let i = 0; i < spread.length; i++) squares += (spread[i] - mean) * (spread[i] - mean);
  const sd = Math.sqrt(squares / (spread.length - 1));
  const test = engleGranger(y, x, options.lags);
  if (!(sd > 1e-12 * (Math.abs(line.intercept) + Math.abs(y[0])))) return null;
  const process = fitOrnsteinUhlenbeck(spread, 1);
  return {
    line,
    engleGranger: test,
    johansen: johansen(y, x, test === null ? 1 : Math.max(1, test.lags)),
    spread,
    mean,
    sd,
    intercept: follower.intercept,
    hedgeRatio: follower.hedgeRatio,
    hedgeRatioError: ratioError(line.standardError, process),
    process,
    follower,
  };
}

/**
 * The error of least squares supposes independent residuals. Where they are an autoregression and x wanders
 * by itself, the variance of the ratio is larger by their long-run over their plain variance, (1 + phi) /
 * (1 - phi) (Hamilton 1994, Time Series Analysis, section 19.3). phi is put right for its bias, (1 + 3 phi)
 * / n (Kendall 1954, Biometrika 41).
 */
function ratioError(standardError: number, law: OrnsteinUhlenbeckFit | null): number {
  if (law === null || standardError === 0) return standardError;
  const { value } = law.phi;
  const phi = Math.max(0, value + (1 + 3 * value) / law.steps);
  return phi < 1 ? standardError * Math.sqrt((1 + phi) / (1 - phi)) : -1;
}

function lineBy(y: Float64Array, x: Float64Array, { method, ratio }: HedgeOptions): FittedLine | null {
  const least = fitLine(y, x);
  if (least === null || method === 'ols' || method === 'kalman') return least;
  if (method === 'total') return fitTotalLine(y, x);
  let intercept = 0;
  for (let i = 0; i < y.length; i++) intercept += (y[i] - ratio * x[i]) / y.length;
  return { ...least, intercept, slope: ratio, standardError: 0 };
}

function spreadBy(
  y: Float64Array,
  x: Float64Array,
  { method, stateNoise }: HedgeOptions,
  { intercept, slope }: FittedLine,
): { spread: Float64Array; follower: SpreadFollower } {
  if (method !== 'kalman') {
    const follower = new SpreadFollower(intercept, slope, null);
    return { spread: y.map((value, i) => follower.next(value, x[i])), follower };
  }
  const filter = new KalmanLine({ slopeNoise: stateNoise, interceptNoise: stateNoise });
  for (let i = 0; i < KALMAN_BURN_IN; i++) filter.add(y[i], x[i]);
  // A window whose first rows all have one x gives no line yet: least squares stands in.
  const known = !Number.isNaN(filter.slope);
  const follower = new SpreadFollower(
    known ? filter.intercept : intercept,
    known ? filter.slope : slope,
    filter,
  );
  const rest = y.subarray(KALMAN_BURN_IN);
  return { spread: rest.map((value, i) => follower.next(value, x[KALMAN_BURN_IN + i])), follower };
}
