/**
 * European options where the variance follows a square-root diffusion, from the characteristic function.
 *
 * Law: dS/S = (rate - yield) dt + sqrt(v) dW, dv = kappa (theta - v) dt + xi sqrt(v) dZ, dW dZ = rho dt
 * (Heston, "A closed-form solution for options with stochastic volatility", Review of Financial Studies
 * 6(2), 1993). The characteristic function is written with the root whose exponential decays, which stays
 * continuous in u (Albrecher, Mayer, Schoutens & Tistaert, "The little Heston trap", Wilmott, 2007), and
 * with beta - d as -xi^2 (u^2 + iu) / (beta + d), so that no digits cancel for a small xi and xi = 0 needs
 * nothing else. A call is one integral (Lewis, "A simple option formula for general jump-diffusion and
 * other exponential Levy processes", 2001, equation 3.11):
 *   C = e^(-rT) (F - sqrt(F K) / pi  Int_0^inf Re[e^(iuk) f(u - i/2)] / (u^2 + 1/4) du),  k = ln(F / K).
 * On that line u^2 + iu is the real number u^2 + 1/4. The integral is cut into panels of doubling width,
 * narrower where the integrand turns, with 16 Gauss-Legendre nodes each, and ends where |f| has decayed
 * below 1e-17. About 100 to 400 values of f, 0.3 us each; f is shared by the strikes of one maturity. Slow
 * where maturity times volatility of variance is small: f decays like exp(-u (v0 + kappa theta T) sqrt(1 -
 * rho^2) / xi).
 */
import { exp } from '../../math/exp.js';
import { log, log1p } from '../../math/log.js';
import { atan2, cos, sin } from '../../math/trig.js';
import { discountFactor, forwardPrice, type Market, type OptionType } from './black-scholes.js';

/** Variances are per year: 0.04 is a volatility of 20 %. */
export interface HestonLaw {
  /** Variance today, >= 0. */
  readonly v0: number;
  /** Speed of reversion per year, > 0. */
  readonly kappa: number;
  /** Variance in the long run, >= 0. */
  readonly theta: number;
  /** Volatility of variance, >= 0. */
  readonly xi: number;
  /** Correlation of price and variance, -1..1. */
  readonly rho: number;
}

/** Nodes and weights of 16 points on [-1, 1], the positive half (Abramowitz & Stegun 25.4.30). */
const NODES = Float64Array.of(
  0.09501250983763744,
  0.2816035507792589,
  0.45801677765722737,
  0.6178762444026438,
  0.755404408355003,
  0.8656312023878318,
  0.9445750230732326,
  0.9894009349916499,
);
const WEIGHTS = Float64Array.of(
  0.1894506104550685,
  0.18260341504492358,
  0.16915651939500254,
  0.14959598881657674,
  0.12462897125553388,
  0.09515851168249279,
  0.062253523938647894,
  0.027152459411754096,
);
const HALF_NODES = NODES.length;

/**
 * Panels end when what they add cannot matter. The bound cuts off laws such as a day's maturity with xi = 3
 * from a variance of 1e-6, whose prices are then right to 1e-10 of the forward price.
 */
const MAX_PANELS = 4096;
const NEGLIGIBLE_LOG = -39.2;
/** The integrand may turn by so many radians inside a panel. */
const MAX_TURN = 16;
const PI = 3.141592653589793;

/**
 * ln of the characteristic function of X = ln(S_T / F) at u - i/2, u real: real and imaginary part to
 * `out`.
 */
function hestonExponent(law: HestonLaw, horizonYr: number, u: number, out: Float64Array): void {
  const { v0, kappa, theta, xi, rho } = law;
  const xi2 = xi * xi;
  const a = u * u + 0.25;
  const betaRe = kappa - 0.5 * rho * xi;
  const betaIm = -rho * xi * u;
  // d = sqrt(beta^2 + xi^2 a), the root with a positive real part.
  const squareRe = betaRe * betaRe - betaIm * betaIm + xi2 * a;
  const squareIm = 2 * betaRe * betaIm;
  const size = Math.sqrt(squareRe * squareRe + squareIm * squareIm);
  const major = Math.sqrt(0.5 * (size + (squareRe < 0 ? -squareRe : squareRe)));
  const minor = major > 0 ? (0.5 * squareIm) / major : 0;
  const dRe = squareRe >= 0 ? major : minor < 0 ? -minor : minor;
  const dIm = squareRe >= 0 ? minor : squareIm < 0 ? -major : major;
  // b = (beta - d) / xi^2 = -a / (beta + d), g = (beta - d) / (beta + d) = xi^2 b / (beta + d).
  const sumRe = betaRe + dRe;
  const sumIm = betaIm + dIm;
  const sumSize = sumRe * sumRe + sumIm * sumIm;
  const bRe = (-a * sumRe) / sumSize;
  const bIm = (a * sumIm) / sumSize;
  const gRe = (xi2 * (bRe * sumRe + bIm * sumIm)) / sumSize;
  const gIm = (xi2 * (bIm * sumRe - bRe * sumIm)) / sumSize;
  const decay = exp(-dRe * horizonYr);
  const eRe = decay * cos(dIm * horizonYr);
  const eIm = -decay * sin(dIm * horizonYr);
  // w = g (1 - e) / (1 - g), so that (1 - g e) / (1 - g) = 1 + w.
  const lostRe = 1 - eRe;
  const restRe = 1 - gRe;
  const restSize = restRe * restRe + gIm * gIm;
  const topRe = gRe * lostRe + gIm * eIm;
  const topIm = gIm * lostRe - gRe * eIm;
  const wRe = (topRe * restRe - topIm * gIm) / restSize;
  const wIm = (topIm * restRe + topRe * gIm) / restSize;
  // ln(1 + w) / xi^2; for a small w it is w / xi^2 = b (1 - e) / ((1 - g) (beta + d)).
  const logRe = 0.5 * log1p(wRe * (2 + wRe) + wIm * wIm);
  const logIm = atan2(wIm, 1 + wRe);
  const kt = kappa * theta;
  // D = b (1 - e) / (1 - g e), 1 - g e = (1 - g) (1 + w).
  const farRe = 1 - (gRe * eRe - gIm * eIm);
  const farIm = -(gRe * eIm + gIm * eRe);
  const farSize = farRe * farRe + farIm * farIm;
  const upRe = bRe * lostRe + bIm * eIm;
  const upIm = bIm * lostRe - bRe * eIm;
  const sloping = xi2 > 1e-30;
  const qRe = sloping ? logRe / xi2 : ratioRe(upRe, upIm, sumRe, sumIm);
  const qIm = sloping ? logIm / xi2 : ratioIm(upRe, upIm, sumRe, sumIm);
  out[0] = kt * (bRe * horizonYr - 2 * qRe) + (v0 * (upRe * farRe + upIm * farIm)) / farSize;
  out[1] = kt * (bIm * horizonYr - 2 * qIm) + (v0 * (upIm * farRe - upRe * farIm)) / farSize;
}

function ratioRe(aRe: number, aIm: number, bRe: number, bIm: number): number {
  return (aRe * bRe + aIm * bIm) / (bRe * bRe + bIm * bIm);
}

function ratioIm(aRe: number, aIm: number, bRe: number, bIm: number): number {
  return (aIm * bRe - aRe * bIm) / (bRe * bRe + bIm * bIm);
}

const exponent = new Float64Array(2);
/** ln(F / K) of each strike. */
let slopes = new Float64Array(64);

/**
 * Writes the prices of options of one maturity to out[0..strikes.length-1]; every strike > 0. What
 * is worth little may be off by 1e-15 of the forward price.
 */
export function hestonPrices(
  market: Market,
  strikes: ArrayLike<number>,
  law: HestonLaw,
  type: OptionType,
  out: Float64Array,
): void {
  const { horizonYr } = market;
  const forward = forwardPrice(market);
  const count = strikes.length;
  if (slopes.length < count) slopes = new Float64Array(count);
  let steepest = 0;
  for (let i = 0; i < count; i++) {
    out[i] = 0;
    const k = log(forward / strikes[i]);
    slopes[i] = k;
    if (k > steepest) steepest = k;
    else if (-k > steepest) steepest = -k;
  }
  const turning = steepest + turnRate(law, horizonYr);
  let from = 0;
  for (let panel = 0; panel < MAX_PANELS; panel++) {
    const half = 0.5 * (from < 1 ? 0.5 : from * turning > MAX_TURN ? MAX_TURN / turning : from);
    const largest = addPanel(law, horizonYr, count, from + half, half, out);
    from += 2 * half;
    if (largest < NEGLIGIBLE_LOG) break;
  }
  const discount = discountFactor(market);
  for (let i = 0; i < count; i++) {
    const call = forward - (Math.sqrt(forward * strikes[i]) / PI) * out[i];
    const price = type === 'call' ? call : call - forward + strikes[i];
    out[i] = price > 0 ? discount * price : 0;
  }
}

/** How fast the phase of f turns for large u, radians per unit: |rho| (v0 + kappa theta T) / xi. */
function turnRate({ v0, kappa, theta, xi, rho }: HestonLaw, horizonYr: number): number {
  const rate = ((rho < 0 ? -rho : rho) * (v0 + kappa * theta * horizonYr)) / (xi > 1e-6 ? xi : 1e-6);
  // A small xi never comes to that slope: the phase then is that of a sum of variances.
  return rate < 2 ? rate : 2;
}

/**
 * Adds one panel's part to the integral of every strike; the ln of the integrand's size at its end comes
 * back.
 */
function addPanel(
  law: HestonLaw,
  horizonYr: number,
  count: number,
  middle: number,
  half: number,
  out: Float64Array,
): number {
  let last = 0;
  for (let node = 0; node < 2 * HALF_NODES; node++) {
    const at = node < HALF_NODES ? HALF_NODES - 1 - node : node - HALF_NODES;
    const u = node < HALF_NODES ? middle - half * NODES[at] : middle + half * NODES[at];
    hestonExponent(law, horizonYr, u, exponent);
    const a = u * u + 0.25;
    const size = (half * WEIGHTS[at] * exp(exponent[0])) / a;
    for (let i = 0; i < count; i++) out[i] += size * cos(u * slopes[i] + exponent[1]);
    last = exponent[0] - log(a);
  }
  return last;
}

const single = new Float64Array(1);

/** Price of one European option; see hestonPrices. */
export function hestonPrice(market: Market, strike: number, law: HestonLaw, type: OptionType): number {
  hestonPrices(market, [strike], law, type, single);
  return single[0];
}
