/** The short form of POST /v1/jobs, {ticker, date, mm_strategy}, and the full request that it stands for. */
import { createHash } from 'node:crypto';
import type { SubmitRequest } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import type { ProblemFault } from '../contract/problem.js';
import type { FittedMarket, Markets } from '../data/markets.js';
import { nearest, showValue } from '../jobs/words.js';
import { faultsOf, refuse } from './fields.js';
import type { Fields } from './fields.js';

const STRATEGIES = ['fixed', 'adaptive'];
/** What each stands for in a spec of kind stat-arb. */
const ARBITRAGE: Readonly<Record<string, object>> = {
  statistical: { strategy: { type: 'bertram' }, pair: { method: 'given', ratio: 1 } },
  pairs: { strategy: { type: 'zscore' }, pair: { method: 'ols' } },
};
/** Fields of a fitted market that make the order flow of both books. */
const FLOW = ['limitRatePerS', 'marketRatePerS', 'cancelRatePerS', 'orderSize'];

/**
 * Shares at some hundred dollars have spreads of ten ticks and more: values move, and traders act, by as
 * much.
 */
const SHARE_TICKS = {
  valueSigmaTicksPerSqrtS: 2,
  spreadSdTicks: 60,
  halfLifeS: 120,
  informedRatePerS: 0.5,
  informedEdgeTicks: 2,
  slippageTicks: 10,
  lots: 100,
};

export const SEED_FIELD = {
  expected: 'an integer from 0 to 2^53 - 1',
  accepts: (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0,
  schema: {
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Selects the random streams; the same seed and spec give the same bytes.',
  },
};

export const SHORT_FORM: Fields = {
  ticker: {
    required: true,
    expected: 'the ticker of a fitted market',
    accepts: (value) => typeof value === 'string' && value.length > 0,
    schema: { type: 'string', description: 'One of the fitted markets, e.g. AAPL.' },
  },
  date: {
    required: true,
    expected: 'a calendar date YYYY-MM-DD',
    accepts: isCalendarDate,
    schema: {
      type: 'string',
      format: 'date',
      description: 'Names the random stream of a day; it does not select historical data.',
    },
  },
  mm_strategy: {
    required: true,
    expected: 'fixed or adaptive',
    accepts: (value) => STRATEGIES.includes(value as string),
    schema: { type: 'string', enum: STRATEGIES, description: 'The market maker, as in spec.strategy.type.' },
  },
  arb_strategy: {
    expected: 'statistical or pairs',
    accepts: (value) => Object.keys(ARBITRAGE).includes(value as string),
    schema: {
      type: 'string',
      enum: Object.keys(ARBITRAGE),
      description:
        'Makes it a job of kind stat-arb in two books of the ticker: statistical trades one value at two venues by ' +
        "Bertram's bands, pairs two assets at a ratio of least squares by z-score. mm_strategy, whichever it is, then " +
        'means that leg y rests in its book.',
    },
  },
  seed: SEED_FIELD,
};

/**
 * {kind: 'market-making', spec: {market, instrument, strategy: {type: mm_strategy}, runs: 1}, seed}, where
 * market and instrument are the ticker's file in config/markets; with arb_strategy as arbitrageOf() says. All
 * else keeps its default. Throws E_SPEC.
 */
export function fromShortForm(body: Readonly<Record<string, unknown>>, markets: Markets): SubmitRequest {
  const known: Readonly<Record<string, readonly string[]>> = {
    '/mm_strategy': STRATEGIES,
    '/arb_strategy': Object.keys(ARBITRAGE),
  };
  const faults = faultsOf(body, SHORT_FORM).map((fault) => {
    const words = known[fault.pointer];
    return words ? withHint(fault, body[fault.pointer.slice(1)], words) : fault;
  });
  const { ticker } = body;
  let fitted: FittedMarket | null = null;
  if (typeof ticker === 'string' && ticker !== '') {
    const tickers = markets.tickers();
    fitted = markets.get(ticker);
    if (!fitted) {
      const message = `Expected one of ${tickers.join(', ')}; got ${showValue(ticker)}.`;
      faults.push(withHint({ pointer: '/ticker', message }, ticker.toUpperCase(), tickers));
    }
  }
  refuse(faults);
  if (!fitted) throw new MmsError('E_INTERNAL', 'A short form without faults has a market.');
  const seed = (body['seed'] as number | undefined) ?? seedOf(fitted.ticker, body['date'] as string);
  const arbitrage = body['arb_strategy'] as string | undefined;
  if (arbitrage !== undefined) return { kind: 'stat-arb', spec: arbitrageOf(fitted, arbitrage), seed };
  const spec = {
    market: fitted.market,
    ...(fitted.instrument && { instrument: fitted.instrument }),
    strategy: { type: body['mm_strategy'] },
    runs: 1,
  };
  return { kind: 'market-making', spec, seed };
}

/**
 * A spec of kind stat-arb: two books with the ticker's order flow, tick and start, whose values revert to
 * each other with a spread wide enough for its ticks; leg y makes. Throws E_SPEC for a market that is not
 * Cont, Stoikov & Talreja's: the rates of its flow are what both books are made of.
 */
function arbitrageOf({ market, instrument, ticker }: FittedMarket, arbitrage: string): object {
  if (market['type'] !== 'cont-stoikov-talreja') {
    const message =
      `Expected a ticker whose market is cont-stoikov-talreja beside arb_strategy; got ${ticker}, which is ` +
      `${String(market['type'])}.`;
    refuse([{ pointer: '/ticker', message }]);
  }
  const { startMidTicks, warmupS } = market;
  const venue = { startMidTicks, ...(instrument && { tickSize: instrument['tickSize'] }) };
  const source = {
    type: 'books',
    flow: Object.fromEntries(FLOW.map((field) => [field, market[field]])),
    ...(warmupS !== undefined && { warmupS }),
    venueY: venue,
    venueX: venue,
    ...SHARE_TICKS,
    orders: 'make',
  };
  return { source, ...ARBITRAGE[arbitrage], runs: 1 };
}

function withHint(fault: ProblemFault, value: unknown, known: readonly string[]): ProblemFault {
  const suggestion = typeof value === 'string' ? nearest(value, known) : null;
  if (suggestion === null) return fault;
  return { ...fault, message: `${fault.message} Did you mean "${suggestion}"?`, suggestion };
}

/**
 * The seed of a day: the first 12 hex digits of sha256("TICKER|YYYY-MM-DD"), so that anyone can find it:
 * printf 'AAPL|2024-01-15' | sha256sum | cut -c1-12
 */
export function seedOf(ticker: string, date: string): number {
  return parseInt(createHash('sha256').update(`${ticker}|${date}`).digest('hex').slice(0, 12), 16);
}

/** YYYY-MM-DD of a day that exists. */
function isCalendarDate(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}
