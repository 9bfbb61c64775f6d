/** Option quotes of a calibration: those of a file, or of a known law with known errors. */
import type { Table } from '../../../contract/columns.js';
import { marketOf, priceQuotes, quoteVolatilities, typeOf, type Quotes } from '../../../core/fit/heston.js';
import { blackScholesPrice } from '../../../core/price/closed-form/black-scholes.js';
import { FLOW } from '../../../core/rng/names.js';
import { Stream } from '../../../core/rng/stream.js';
import type { Fault } from './faults.js';
import type { QuotesData, SimulatedSeriesData } from './spec.js';
import { HESTON_TRUTH, QUOTE_ERROR } from './truth.js';

const HORIZONS_YR = [0.25, 1, 2] as const;
/** Strikes of simulated quotes, as shares of the spot. */
const [LOWEST, HIGHEST] = [0.75, 1.25];
const SPOT = 100;
const LEAST = 10;

export function fileQuotes(data: QuotesData, [table]: readonly Table[]): Quotes {
  const [strike, horizonYr, price, isPut] = table!.columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Uint8Array,
  ];
  const { spot, ratePerYr, yieldPerYr } = data;
  return { spot, ratePerYr, yieldPerYr, strike, horizonYr, price, isPut };
}

/** Three maturities with equal numbers of strikes; each volatility has a normal error of QUOTE_ERROR. */
export function simulatedQuotes({ observations }: SimulatedSeriesData, unit: number, seed: number): Quotes {
  const strikes = Math.ceil(observations / HORIZONS_YR.length);
  const count = strikes * HORIZONS_YR.length;
  const strikeOf = (i: number): number =>
    SPOT * (LOWEST + ((HIGHEST - LOWEST) * (i % strikes)) / Math.max(1, strikes - 1));
  const strike = Float64Array.from({ length: count }, (_, i) => strikeOf(i));
  const quotes: Quotes = {
    ...{ spot: SPOT, ratePerYr: 0.02, yieldPerYr: 0, strike },
    horizonYr: Float64Array.from({ length: count }, (_, i) => HORIZONS_YR[Math.floor(i / strikes)]!),
    isPut: Uint8Array.from(strike, (one) => Number(one < SPOT)),
    price: new Float64Array(count),
  };
  priceQuotes(quotes, HESTON_TRUTH, quotes.price);
  const stream = new Stream(seed, unit, FLOW);
  quoteVolatilities(quotes).forEach((volatility, i) => {
    const market = marketOf(quotes, quotes.horizonYr[i]!);
    const seen = volatility + QUOTE_ERROR * stream.normal();
    quotes.price[i] = blackScholesPrice(market, strike[i]!, seen, typeOf(quotes.isPut[i]!));
  });
  return quotes;
}

/** Quotes too few, or at a price that no volatility gives. */
export function quoteFaults(data: QuotesData, tables: readonly Table[]): Fault[] {
  const quotes = fileQuotes(data, tables);
  const pointer = '/data/file';
  const n = quotes.price.length;
  if (n < LEAST) {
    return [
      { pointer, message: `Expected at least ${LEAST} quotes for heston; got ${n}. Give more strikes.` },
    ];
  }
  const at = quoteVolatilities(quotes).findIndex(Number.isNaN);
  if (at < 0) return [];
  const type = typeOf(quotes.isPut[at]!);
  const message =
    `Expected prices between the inner value and the ${type === 'call' ? 'forward' : 'strike'}, discounted; quote ` +
    `${at + 1} of ${n} (${type}, strike ${quotes.strike[at]}, ${quotes.horizonYr[at]} yr) costs ${quotes.price[at]}. ` +
    'Remove it, or correct spot, ratePerYr or yieldPerYr.';
  return [{ pointer, message }];
}
