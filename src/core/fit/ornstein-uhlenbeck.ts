/**
 * Ornstein-Uhlenbeck process fitted to equally spaced values by exact maximum likelihood, with its half-life.
 *
 * Why exact: dX = kappa (mu - X) dt + sigma dW seen every D is the autoregression X' = c + phi X + e with
 * phi = e^(-kappa D), c = mu (1 - phi), var e = sigma^2 (1 - phi^2) / (2 kappa) (Vasicek 1977, Journal of
 * Financial Economics 5, eq. 25), so that given the first value the likelihood is that of a regression and
 * its maximum a closed form; no step size enters as an approximation. Standard errors come from the
 * information matrix of (c, phi, var e) by the delta method; the intervals of kappa and of the half-life
 * are the one of phi put through the transformation, because kappa's own law is skewed, and that one allows
 * for the bias of phi, -(1 + 3 phi) / n (Kendall 1954, Biometrika 41; Marriott & Pope 1954, ibid.). The
 * interval of mu is that of its profile likelihood, the means at which the best phi loses no more than half
 * the chi-square point: mu is a ratio, c / (1 - phi), and the delta method takes the denominator as known
 * where it is the doubtful part (Fieller 1954, Journal of the Royal Statistical Society B 16; over 4 years
 * at kappa = 5 / yr it held 89 % of the means where the profile holds 93 %). The profile is a quotient of
 * quadratics in mu, so its ends are roots of one quadratic; where a walk without a mean is as likely there
 * are none. kappa is too high by about (5 + 2 e^(kappa D) + e^(2 kappa D)) / (2 n D) (Tang & Chen 2009,
 * Journal of Econometrics 149, theorem 3.1.1, mean unknown), on average, which `kappaBias` reports and
 * nothing subtracts from the value. Cost O(n), two passes.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { type Estimate, positiveEstimate, symmetricEstimate, Z95 } from './estimate.js';

const LN2 = 0.6931471805599453;
const LN_2PI = 1.8378770664093453;
/** Fewest values of a fit: three parameters, and a residual variance that is not 0 by construction. */
export const LEAST_VALUES = 5;

export interface OrnsteinUhlenbeckFit {
  /** Steps from one value to the next: one fewer than the values. */
  readonly steps: number;
  /** Slope of the autoregression; reversion is seen where it lies in (0, 1). */
  readonly phi: Estimate;
  /**
   * Whether 0 < phi < 1. Where not, kappa, mu, sigma and halfLife are not defined: all their numbers are -1
   * (0 for kappa), and only phi and residualSd say something.
   */
  readonly isReverting: boolean;
  /** Speed of reversion, per unit of time. */
  readonly kappa: Estimate;
  /**
   * Mean to which it returns; the ends are infinite where a random walk is not worse by the chi-square
   * point.
   */
  readonly mu: Estimate;
  /** Volatility per square root of time. */
  readonly sigma: Estimate;
  /** ln 2 / kappa, in units of time; `high` is Infinity where the interval of phi reaches 1. */
  readonly halfLife: Estimate;
  /** sigma / sqrt(2 kappa). */
  readonly stationarySd: number;
  /** Standard deviation of one step's noise, maximum likelihood (divisor: steps). */
  readonly residualSd: number;
  /** How far too high kappa is on average at these parameters, to first order. */
  readonly kappaBias: number;
  /** Given the first value. */
  readonly logLikelihood: number;
}

const UNKNOWN: Estimate = { value: -1, standardError: -1, low: -1, high: -1 };

/**
 * Fits values observed every `step` > 0 units of time. Null where there are fewer than LEAST_VALUES, they do
 * not vary, or an autoregression leaves no residual (a straight line of values).
 */
export function fitOrnsteinUhlenbeck(values: Float64Array, step: number): OrnsteinUhlenbeckFit | null {
  const n = values.length - 1;
  if (values.length < LEAST_VALUES) return null;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += (values[i] - values[0]) / n;
    meanY += (values[i + 1] - values[0]) / n;
  }
  let [sxx, sxy, syy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = values[i] - values[0] - meanX;
    const y = values[i + 1] - values[0] - meanY;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
  }
  // Rounding alone leaves about n eps^2 of the square of the values.
  const scale = Math.max(Math.abs(values[0]), Math.abs(meanX + values[0]));
  if (!(sxx > n * 1e-26 * scale * scale)) return null;
  const slope = sxy / sxx;
  const variance = (syy - slope * sxy) / n;
  if (!(variance > 1e-14 * (syy / n))) return null;
  const phiError = Math.sqrt(variance / sxx);
  const logLikelihood = -0.5 * n * (LN_2PI + log(variance) + 1);
  const common = {
    steps: n,
    phi: phiEstimate(slope, phiError, n),
    residualSd: Math.sqrt(variance),
    logLikelihood,
  };
  if (!(slope > 0 && slope < 1)) {
    const none = { kappa: { ...UNKNOWN, value: 0 }, mu: UNKNOWN, sigma: UNKNOWN, halfLife: UNKNOWN };
    return { ...common, ...none, isReverting: false, stationarySd: -1, kappaBias: 0 };
  }
  const at = { meanX: meanX + values[0], meanY: meanY + values[0], sxx, sxy, syy };
  return { ...common, ...processOf(common.phi, variance, n, step, at), isReverting: true };
}

/** The interval lies around phi less its bias, the value itself is that of maximum likelihood. */
function phiEstimate(value: number, standardError: number, n: number): Estimate {
  const { low, high } = symmetricEstimate(value + (1 + 3 * value) / n, standardError);
  return { value, standardError, low: Math.min(value, low), high };
}

/** Time in which half of the distance from the mean is expected to go; kappa > 0. */
export function halfLifeOf(kappa: number): number {
  return LN2 / kappa;
}

type Moments = {
  readonly meanX: number;
  readonly meanY: number;
  readonly sxx: number;
  readonly sxy: number;
  readonly syy: number;
};

/**
 * With u the distance from meanX, the residual squares at a mean are (A B - C^2) / B, where A = syy + n (d
 * - u)^2, B = sxx + n u^2, C = sxy - n (d - u) u and d = meanY - meanX; u^4 and u^3 cancel out of the
 * numerator.
 */
function meanInterval(variance: number, n: number, { meanX, meanY, sxx, sxy, syy }: Moments) {
  const least = n * variance;
  const most = least * exp((Z95 * Z95) / n);
  const d = meanY - meanX;
  const a = sxx - 2 * sxy + syy - most;
  const b = d * (sxx - sxy);
  const c = sxx * d * d - ((most - least) * sxx) / n;
  if (!(a > 0)) return { low: -Infinity, high: Infinity };
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return { low: meanX + (b - root) / a, high: meanX + (b + root) / a };
}

/** From the autoregression to the process, errors by the delta method. */
function processOf(slope: Estimate, variance: number, n: number, step: number, at: Moments) {
  const { meanX, meanY, sxx } = at;
  const { value: phi, standardError: phiError, low: phiLow, high: phiHigh } = slope;
  const kappa = -log(phi) / step;
  const gap = 1 - phi;
  const mu = (meanY - phi * meanX) / gap;
  // The mean of the residuals is uncorrelated with phi: mu = meanX + (mean step) / (1 - phi).
  const muVariance =
    (variance / n + (meanY - meanX) * ((meanY - meanX) / (gap * gap)) * (variance / sxx)) / (gap * gap);
  const ratio = (2 * kappa) / (1 - phi * phi);
  const sigma = Math.sqrt(variance * ratio);
  // d ln(sigma^2) / d phi at a given residual variance, whose own relative variance is 2 / n.
  const bend = -1 / (phi * kappa * step) + (2 * phi) / (1 - phi * phi);
  const sigmaError = 0.5 * sigma * Math.sqrt(2 / n + bend * bend * phiError * phiError);
  const kappaError = phiError / (phi * step);
  const kappaLow = phiHigh < 1 ? -log(phiHigh) / step : 0;
  const kappaHigh = phiLow > 0 ? -log(phiLow) / step : Infinity;
  const growth = exp(kappa * step);
  return {
    kappa: { value: kappa, standardError: kappaError, low: kappaLow, high: kappaHigh },
    mu: { value: mu, standardError: Math.sqrt(muVariance), ...meanInterval(variance, n, at) },
    sigma: positiveEstimate(sigma, sigmaError),
    halfLife: {
      value: halfLifeOf(kappa),
      standardError: (halfLifeOf(kappa) / kappa) * kappaError,
      low: halfLifeOf(kappaHigh),
      high: halfLifeOf(kappaLow),
    },
    stationarySd: sigma / Math.sqrt(2 * kappa),
    kappaBias: (5 + 2 * growth + growth * growth) / (2 * n * step),
  };
}
