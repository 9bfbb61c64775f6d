/** The short form: what it stands for, its seed, and that every built-in market makes a valid spec. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromShortForm, seedOf } from '../../src/api/short-form.js';
import { toSubmitRequest } from '../../src/api/submission.js';
import { MmsError } from '../../src/contract/problem.js';
import { createMarkets } from '../../src/data/markets.js';
import type { FittedMarket, Markets } from '../../src/data/markets.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import { createRegistry } from '../../src/kinds/registry.js';

const fitted: FittedMarket = {
  ticker: 'XYZ',
  source: 'a test',
  market: { type: 'cont-stoikov-talreja', durationS: 60 },
  instrument: { tickSize: 0.01 },
};
const markets: Markets = { tickers: () => ['XYZ'], get: (ticker) => (ticker === 'XYZ' ? fitted : null) };
const body = { ticker: 'XYZ', date: '2024-01-15', mm_strategy: 'adaptive' };

/** Pointers that the form is refused with. */
function refusal(members: object): string[] {
  try {
    fromShortForm({ ...members }, markets);
  } catch (error) {
    if (error instanceof MmsError) return error.problem.errors?.map(({ pointer }) => pointer) ?? [];
  }
  return [];
}

describe('fromShortForm', () => {
  it('stands for a market-making job in the fitted market', () => {
    expect(fromShortForm(body, markets)).toEqual({
      kind: 'market-making',
      spec: { market: fitted.market, instrument: fitted.instrument, strategy: { type: 'adaptive' }, runs: 1 },
      seed: seedOf('XYZ', '2024-01-15'),
    });
  });

  it('has a sister: the full form with the name of a market, which the spec then holds', () => {
    const full = { kind: 'market-making', spec: { market: 'xyz', runs: 2 } };
    const { market, instrument } = fitted;
    expect(toSubmitRequest(full, {}, markets).spec).toEqual({ market, instrument, runs: 2 });
    expect(() => toSubmitRequest({ ...full, spec: { market: 'abc' } }, {}, markets)).toThrow('/spec/market');
  });

  it('takes a given seed, 0 included', () => {
    for (const seed of [0, 7, Number.MAX_SAFE_INTEGER])
      expect(fromShortForm({ ...body, seed }, markets).seed).toBe(seed);
  });

  it('makes the seed of a day as the documentation says', () => {
    const hex = createHash('sha256').update('AAPL|2024-01-15').digest('hex').slice(0, 12);
    expect(seedOf('AAPL', '2024-01-15')).toBe(Number(`0x${hex}`));
    expect(Number.isSafeInteger(seedOf('AAPL', '2024-01-15'))).toBe(true);
  });

  it('accepts exactly the dates of the calendar', () => {
    const part = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2100 }), part(14), part(33), (year, month, day) => {
        const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
        const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1] ?? 0;
        const exists = Number(day) >= 1 && Number(day) <= days;
        expect(refusal({ ...body, date: `${year}-${month}-${day}` })).toEqual(exists ? [] : ['/date']);
      }),
    );
  });

  it('suggests the nearest strategy', () => {
    const wrong = (): unknown => fromShortForm({ ...body, mm_strategy: 'adaptve' }, markets);
    expect(wrong).toThrow('got "adaptve". Did you mean "adaptive"?');
    expect(refusal({ ...body, mm_strategy: '' })).toEqual(['/mm_strategy']);
  });

  it('tells all faults at once', () => {
    const members = {
      ticker: 'NOPE',
      date: 'today',
      mm_strategy: 1,
      arb_strategy: 'triangular',
      seed: -1,
      x: 1,
    };
    expect(refusal(members).sort()).toEqual([
      '/arb_strategy',
      '/date',
      '/mm_strategy',
      '/seed',
      '/ticker',
      '/x',
    ]);
  });
});

describe('arbitrage in the short form', () => {
  it('is a job of kind stat-arb in two books of the ticker, whose first leg makes', async () => {
    const kind = await createRegistry().get('stat-arb');
    const builtIn = createMarkets();
    for (const ticker of ['AAPL', 'AMZN']) {
      for (const [arb_strategy, type] of Object.entries({ statistical: 'bertram', pairs: 'zscore' })) {
        const found = fromShortForm({ ...body, ticker, arb_strategy }, builtIn);
        expect(found.kind).toBe('stat-arb');
        expect(found.seed).toBe(fromShortForm({ ...body, ticker }, builtIn).seed);
        const spec = checkSpec(kind, found.spec) as { source: object; strategy: object };
        const { limitRatePerS, startMidTicks } = builtIn.get(ticker)!.market;
        expect(spec.strategy).toMatchObject({ type });
        expect(spec.source).toMatchObject({
          orders: 'make',
          flow: { limitRatePerS },
          venueX: { startMidTicks },
        });
      }
    }
  });

  it('suggests the nearest one, and refuses a market without rates by distance', () => {
    const wrong = (): unknown => fromShortForm({ ...body, arb_strategy: 'pair' }, markets);
    expect(wrong).toThrow('Expected statistical or pairs; got "pair". Did you mean "pairs"?');
    const hawkes = (): unknown =>
      fromShortForm({ ...body, ticker: 'AAPL-HAWKES', arb_strategy: 'pairs' }, createMarkets());
    expect(hawkes).toThrow(
      /Expected a ticker whose market is cont-stoikov-talreja.*got AAPL-HAWKES, which is hawkes/,
    );
  });
});

describe('config/markets', () => {
  it('holds AAPL and AMZN, and every market makes a valid spec', async () => {
    const builtIn = createMarkets();
    const kind = await createRegistry().get('market-making');
    expect(builtIn.tickers()).toEqual(expect.arrayContaining(['AAPL', 'AMZN']));
    for (const ticker of builtIn.tickers()) {
      for (const mm_strategy of ['fixed', 'adaptive']) {
        const { spec } = fromShortForm({ ...body, ticker, mm_strategy }, builtIn);
        expect(checkSpec(kind, spec)).toMatchObject({ strategy: { type: mm_strategy } });
      }
    }
  });
});
