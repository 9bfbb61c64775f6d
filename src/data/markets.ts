/** The fitted markets of config/markets: one YAML file per ticker, read when first asked for. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest, distance } from 'fastest-levenshtein';
import { parse } from 'yaml';
import { MmsError } from '../contract/problem.js';

const builtIn = fileURLToPath(new URL('../../config/markets/', import.meta.url));

/**
 * The parts of a market-making spec that a fitted market fixes; the kind's schema judges them at submission.
 */
export interface FittedMarket {
  readonly ticker: string;
  /** Where it comes from: the `source` of its file's head. */
  readonly source: string;
  readonly market: Readonly<Record<string, unknown>>;
  readonly instrument?: Readonly<Record<string, unknown>>;
}

export interface Markets {
  /** Tickers in capitals, in alphabetical order. */
  tickers(): readonly string[];
  /** Null for a ticker without a file. Throws MmsError E_DATA for a file that is not as it should be. */
  get(ticker: string): FittedMarket | null;
}

/** `dir` holds aapl.yaml, amzn.yaml and so on; the files' names are the tickers. */
export function createMarkets(dir: string = builtIn): Markets {
  const tickers = readdirSync(dir)
    .filter((name) => /^[a-z0-9.-]+\.yaml$/.test(name))
    .map((name) => name.slice(0, -'.yaml'.length).toUpperCase())
    .sort();
  const read = new Map<string, FittedMarket>();
  return {
    tickers: () => tickers,
    get(ticker) {
      if (!tickers.includes(ticker)) return null;
      let market = read.get(ticker);
      if (!market) read.set(ticker, (market = readMarket(join(dir, `${ticker.toLowerCase()}.yaml`), ticker)));
      return market;
    },
  };
}

/**
 * A market-making spec whose `market` is a ticker: the fitted market and, below what the spec says of it, its
 * instrument. Any other spec comes back as it is. Throws MmsError E_SPEC for an unknown name.
 */
export function withMarket(spec: unknown, markets: Markets): unknown {
  if (!isMapping(spec) || typeof spec['market'] !== 'string') return spec;
  const { market: name, instrument: own } = spec;
  const found = markets.get((name as string).toUpperCase());
  if (!found) throw unknownMarket(name as string, markets.tickers());
  const resolved = { ...spec, market: found.market };
  if (!found.instrument || typeof own === 'string') return resolved;
  if (own !== undefined && !isMapping(own)) return resolved;
  return { ...resolved, instrument: { ...found.instrument, ...own } };
}

function unknownMarket(name: string, tickers: readonly string[]): MmsError {
  const near = closest(name.toUpperCase(), [...tickers]);
  const suggestion = distance(name.toUpperCase(), near) <= 2 ? near : undefined;
  const message =
    `Expected an object or one of ${tickers.join(', ')}; got ${JSON.stringify(name)}.` +
    (suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`);
  const fault = { pointer: '/spec/market', message };
  return new MmsError('E_SPEC', `/spec/market ${message}`, [
    suggestion === undefined ? fault : { ...fault, suggestion },
  ]);
}

function readMarket(path: string, ticker: string): FittedMarket {
  let content: unknown;
  let source = '';
  try {
    const text = readFileSync(path, 'utf8');
    source = /^# source: (.*(?:\n# {3}.*)*)/m.exec(text)?.[1]?.replace(/\n# +/g, ' ') ?? '';
    content = parse(text, { logLevel: 'error', prettyErrors: false, stringKeys: true });
  } catch (error) {
    throw new MmsError('E_DATA', `${path}: expected YAML; ${(error as Error).message}`);
  }
  const { market, instrument } = (content ?? {}) as Record<string, unknown>;
  if (!isMapping(market)) throw new MmsError('E_DATA', `${path}: expected a mapping under "market".`);
  if (instrument === undefined) return { ticker, source, market };
  if (!isMapping(instrument)) throw new MmsError('E_DATA', `${path}: expected a mapping under "instrument".`);
  return { ticker, source, market, instrument };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
