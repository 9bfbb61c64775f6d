/**
 * Heston's model fitted to European options of one day by least squares on volatilities.
 *
 * A residual is the price error over the option's vega, which is its error in implied volatility to first
 * order, so that options far from the money count as those near it (Christoffersen & Heston 2009, Management
 * Science 55, section 3). Prices are one integral a maturity (closed-form/heston.ts); derivatives are central
 * differences, right to ten digits as the prices are to fifteen. The sum of squares has valleys, kappa
 * against xi above all, and other minima: so it is searched from several starts. Standard errors suppose
 * independent errors of one size in volatility. Cost: eleven passes a step, each 30 to 120 us a maturity.
 */
import type { HestonLaw } from '../price/closed-form/heston.js';
import { hestonPrices } from '../price/closed-form/heston.js';
import {
  blackScholes,
  discountFactor,
  forwardPrice,
  type Market,
  type OptionType,
} from '../price/closed-form/black-scholes.js';
import { log } from '../math/log.js';
import { Stream } from '../rng/stream.js';
import { impliedVolatility } from './implied-volatility.js';
import { leastSquares } from './optimise/levenberg-marquardt.js';
import type { Maximum } from './maximise.js';

/** Options of one day; arrays of equal length. */
export interface Quotes {
  readonly spot: number;
  readonly ratePerYr: number;
  readonly yieldPerYr: number;
  readonly strike: Float64Array;
  readonly horizonYr: Float64Array;
  /** 1 for a put, 0 for a call. */
  readonly isPut: ArrayLike<number>;
  readonly price: Float64Array;
}

export const HESTON_NAMES = ['v0', 'kappa', 'theta', 'xi', 'rho'] as const;
const P = HESTON_NAMES.length;
const LOWER = [1e-5, 0.02, 1e-5, 0.02, -0.999];
const UPPER = [4, 40, 4, 8, 0.999];
/** Errors in volatility that the prices themselves have. */
const RESOLUTION = 1e-12;
const LN_2PI = 1.8378770664093453;
/** Least vega of a residual, as a share of the spot: a price without it says nothing of volatility. */
const LEAST_VEGA = 1e-4;

export interface HestonFit extends Maximum {
  readonly law: HestonLaw;
  /** Per parameter in the order of HESTON_NAMES; -1 where unknown. */
  readonly standardErrors: readonly number[];
  /** Errors of the fit in implied volatility, by quote. */
  readonly residuals: Float64Array;
  /** Their root mean square with n - 5. */
  readonly residualSd: number;
  readonly onBound: boolean;
}

export const typeOf = (isPut: number): OptionType => (isPut === 1 ? 'put' : 'call');
export const marketOf = ({ spot, ratePerYr, yieldPerYr }: Quotes, horizonYr: number): Market => ({
  ...{ spot, ratePerYr, yieldPerYr, horizonYr },
});

/** Quotes of one maturity, which share the values of the integrand: all priced as calls. */
interface Slice {
  readonly market: Market;
  readonly rows: readonly number[];
  readonly strikes: Float64Array;
  readonly prices: Float64Array;
  /** What makes a put of a call: discounted strike less discounted forward; 0 for a call. */
  readonly parity: Float64Array;
}

function slicesOf(quotes: Quotes): Slice[] {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < quotes.strike.length; i++) {
    const rows = groups.get(quotes.horizonYr[i]);
    if (rows) rows.push(i);
    else groups.set(quotes.horizonYr[i], [i]);
  }
  return [...groups].map(([horizonYr, rows]) => {
    const market = marketOf(quotes, horizonYr);
    const strikes = Float64Array.from(rows, (i) => quotes.strike[i]);
    const [discount, forward] = [discountFactor(market), forwardPrice(market)];
    const parity = strikes.map((strike, k) =>
      quotes.isPut[rows[k]] === 1 ? discount * (strike - forward) : 0,
    );
    return { market, rows, strikes, parity, prices: new Float64Array(rows.length) };
  });
}

const lawOf = (x: ArrayLike<number>): HestonLaw => ({
  ...{ v0: x[0], kappa: x[1], theta: x[2], xi: x[3], rho: x[4] },
});

/** Implied volatilities of the quotes; NaN where there is none. */
export function quoteVolatilities(quotes: Quotes): Float64Array {
  return quotes.price.map((price, i) =>
    impliedVolatility(
      marketOf(quotes, quotes.horizonYr[i]),
      quotes.strike[i],
      price,
      typeOf(quotes.isPut[i]),
    ),
  );
}

/** Prices of all quotes under a law, into `out`. */
export function priceQuotes(quotes: Quotes, law: HestonLaw, out: Float64Array): void {
  for (const slice of slicesOf(quotes)) priceSlice(slice, law, out);
}

function priceSlice(
  { market, rows, strikes, parity, prices }: Slice,
  law: HestonLaw,
  out: Float64Array,
): void {
  hestonPrices(market, strikes, law, 'call', prices);
  for (let i = 0; i < rows.length; i++) out[rows[i]] = prices[i] + parity[i];
}

/** kappa, xi and rho of the first starts; v0 and theta are those of the nearest and the farthest quotes. */
const STARTS = [
  [2, 0.5, -0.5],
  [1, 0.3, 0],
  [5, 1, -0.8],
  [0.5, 1, -0.3],
] as const;

function startOf(quotes: Quotes, volatility: Float64Array, start: number, stream: Stream): number[] {
  let [near, far] = [0, 0];
  for (let i = 0; i < volatility.length; i++) {
    if (quotes.horizonYr[i] < quotes.horizonYr[near]) near = i;
    if (quotes.horizonYr[i] > quotes.horizonYr[far]) far = i;
  }
  const [kappa, xi, rho] = STARTS[start % STARTS.length];
  const vary = (): number => (start < STARTS.length ? 1 : 0.4 + 1.8 * stream.uniform());
  return [
    volatility[near] * volatility[near] * vary(),
    kappa * vary(),
    volatility[far] * volatility[far] * vary(),
    xi * vary(),
    rho * vary(),
  ];
}

/** The minimum that the search reaches from start 0, 1, ...; every quote must have an implied volatility. */
export function fitHeston(quotes: Quotes, start = 0, seed = 0, streamName = 0): HestonFit {
  const n = quotes.price.length;
  const slices = slicesOf(quotes);
  const volatility = quoteVolatilities(quotes);
  const vega = quotes.price.map((_, i) => {
    const market = marketOf(quotes, quotes.horizonYr[i]);
    const greeks = blackScholes(market, quotes.strike[i], volatility[i], typeOf(quotes.isPut[i]));
    return Math.max(greeks.vega, LEAST_VEGA * quotes.spot);
  });
  const fit = leastSquares({
    count: n,
    start: startOf(quotes, volatility, start, new Stream(seed, start, streamName)),
    ...{ lower: LOWER, upper: UPPER, maxIterations: 200, resolution: RESOLUTION },
    residuals: (x, out) => {
      const law = lawOf(x);
      for (const slice of slices) priceSlice(slice, law, out);
      for (let i = 0; i < n; i++) out[i] = (out[i] - quotes.price[i]) / vega[i];
    },
  });
  const variance = fit.sumOfSquares / Math.max(1, n - P);
  const covariance = fit.inverseGram && fit.inverseGram.map((value) => value * variance);
  let onBound = false;
  for (let i = 0; i < P; i++) onBound ||= fit.x[i] <= LOWER[i] || fit.x[i] >= UPPER[i];
  return {
    ...{ x: fit.x, law: lawOf(fit.x), covariance, residuals: fit.residuals, onBound },
    ...{ iterations: fit.iterations, evaluations: fit.evaluations, converged: fit.converged },
    residualSd: Math.sqrt(variance),
    standardErrors: HESTON_NAMES.map((_, i) => {
      const own = covariance ? covariance[i * P + i] : 0;
      return own > 0 ? Math.sqrt(own) : -1;
    }),
    logLikelihood: -0.5 * n * (LN_2PI + log(Math.max(fit.sumOfSquares / n, RESOLUTION * RESOLUTION)) + 1),
    gradientNorm: fit.gradientNorm,
    decrement: 0.5 * n * fit.offset,
  };
}
