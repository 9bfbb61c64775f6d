/** A market by its ticker in a spec: its parts stand there, below what the spec says itself. */
import { describe, expect, it } from 'vitest';
import { createMarkets, withMarket } from '../../src/data/markets.js';

describe('withMarket', () => {
  const markets = createMarkets();
  const amzn = markets.get('AMZN')!;

  it('puts market and instrument in the place of the name', () => {
    const { market, instrument } = amzn;
    expect(withMarket({ market: 'amzn', runs: 2 }, markets)).toEqual({ market, instrument, runs: 2 });
    const own = withMarket({ market: 'AMZN', instrument: { lotSize: 7 } }, markets);
    expect(own).toEqual({ market, instrument: { ...instrument, lotSize: 7 } });
    expect(withMarket({ market: 'amzn', instrument: 'xetra-share' }, markets)).toEqual({
      market,
      instrument: 'xetra-share',
    });
  });

  it('leaves other specs alone and names the nearest ticker', () => {
    const spec = { market: { type: 'zero-intelligence' } };
    expect(withMarket(spec, markets)).toBe(spec);
    expect(() => withMarket({ market: 'amzm' }, markets)).toThrow(
      /\/spec\/market Expected an object or one of .*got "amzm"\. Did you mean "AMZN"\?/,
    );
  });
});
