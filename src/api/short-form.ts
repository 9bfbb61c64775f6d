/** The short form of POST /simulate, {ticker, date, mm_strategy}, and the full request that it stands for. */
import { createHash } from 'node:crypto';
import type { SubmitRequest } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import type { ProblemFault } from '../contract/problem.js';
import type { FittedMarket, Markets } from '../data/markets.js';
import { nearest, showValue } from '../jobs/words.js';
import { faultsOf, refuse } from './fields.js';
import type { Fields } from './fields.js';

const STRATEGIES = ['fixed', 'adaptive'];

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
    expected: 'no arb_strategy: arbitrage strategies do not exist yet, leave it out',
    accepts: () => false,
    schema: { not: {}, description: 'Refused: arbitrage strategies do not exist yet. Leave it out.' },
  },
  seed: SEED_FIELD,
};

/**
 * {kind: 'market-making', spec: {market, instrument, strategy: {type: mm_strategy}, runs: 1}, seed}, where
 * market and instrument are the ticker's file in config/markets; all else keeps its default. Throws E_SPEC.
 */
export function fromShortForm(body: Readonly<Record<string, unknown>>, markets: Markets): SubmitRequest {
  const faults = faultsOf(body, SHORT_FORM).map((fault) =>
    fault.pointer === '/mm_strategy' ? withHint(fault, body['mm_strategy'], STRATEGIES) : fault,
  );
  const { ticker } = body;
  let fitted: FittedMarket | null = null;
  if (typeof ticker === 'string' && ticker !== '') {
    const known = markets.tickers();
    fitted = markets.get(ticker);
    if (!fitted) {
      const message = `Expected one of ${known.join(', ')}; got ${showValue(ticker)}.`;
      faults.push(withHint({ pointer: '/ticker', message }, ticker.toUpperCase(), known));
    }
  }
  refuse(faults);
  if (!fitted) throw new MmsError('E_INTERNAL', 'A short form without faults has a market.');
  const spec = {
    market: fitted.market,
    ...(fitted.instrument && { instrument: fitted.instrument }),
    strategy: { type: body['mm_strategy'] },
    runs: 1,
  };
  const seed = (body['seed'] as number | undefined) ?? seedOf(fitted.ticker, body['date'] as string);
  return { kind: 'market-making', spec, seed };
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
