/** Indicators beside naive twins on random bars, and what they say of flat, short and malformed ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REFRESH_BARS, ema, macd, sma } from '../../../src/core/bars/averages.js';
import { bollinger, rollingVolatility } from '../../../src/core/bars/dispersion.js';
import { obv, stochastic } from '../../../src/core/bars/range.js';
import { atr, rsi } from '../../../src/core/bars/wilder.js';
import * as naive from './naive.js';
import { randomBars } from './naive.js';

const ROWS = 3 * REFRESH_BARS;
const window = fc.integer({ min: 1, max: 60 });
/** Bars to try: fewer than a window, a few, and so many that running sums are taken anew. */
const bars = fc.tuple(fc.constantFrom(0, 1, 5, 200, ROWS), fc.integer({ min: 1, max: 1e9 }));
const columns = (count: number, rows: number): Float64Array[] =>
  Array.from({ length: count }, () => new Float64Array(rows).fill(-1));

/** Both NaN, or nearer than 1e-9 of what is expected. */
function expectClose(got: Float64Array, expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  for (const [i, want] of expected.entries()) {
    const near = Math.abs(got[i]! - want) <= 1e-9 * Math.max(1, Math.abs(want));
    if (!near && !(Number.isNaN(want) && Number.isNaN(got[i]))) expect([i, got[i]]).toEqual([i, want]);
  }
}

const check = (property: fc.IProperty<any>): void => fc.assert(property, { seed: 1, numRuns: 60 });

describe('indicators agree with their definitions', () => {
  it('simple and exponential averages', () => {
    check(
      fc.property(bars, window, fc.boolean(), (sort, n, first) => {
        const { close } = randomBars(...sort);
        const [simple, exponential] = columns(2, close.length);
        sma(close, n, simple!);
        expectClose(simple!, naive.sma(close, n));
        ema(close, n, exponential!, first ? 1 : n);
        expectClose(exponential!, naive.ema([...close], n, first ? 1 : n));
      }),
    );
  });

  it('MACD', () => {
    check(
      fc.property(bars, window, window, window, (sort, fast, more, signal) => {
        const { close } = randomBars(...sort);
        const [line, average, histogram] = columns(3, close.length);
        macd(
          close,
          { fast, slow: fast + more, signal },
          { line: line!, signal: average!, histogram: histogram! },
        );
        const expected = naive.macd(close, fast, fast + more, signal);
        expectClose(line!, expected.line);
        expectClose(average!, expected.signal);
        expectClose(histogram!, expected.histogram);
      }),
    );
  });

  it('RSI and average true range', () => {
    check(
      fc.property(bars, window, (sort, n) => {
        const { high, low, close } = randomBars(...sort);
        const [index, range] = columns(2, close.length);
        rsi(close, n, index!);
        expectClose(index!, naive.rsi(close, n));
        atr(high, low, close, n, range!);
        expectClose(range!, naive.atr(high, low, close, n));
      }),
    );
  });

  it('Bollinger bands and rolling volatility', () => {
    check(
      fc.property(bars, window, (sort, n) => {
        const { close } = randomBars(...sort);
        const [middle, upper, lower, volatility] = columns(4, close.length);
        bollinger(close, n, 2, { middle: middle!, upper: upper!, lower: lower! });
        const expected = naive.bollinger(close, n, 2);
        expectClose(middle!, expected.middle);
        expectClose(upper!, expected.upper);
        expectClose(lower!, expected.lower);
        if (n < 2) return;
        rollingVolatility(close, n, 252, volatility!);
        expectClose(volatility!, naive.rollingVolatility(close, n, 252));
      }),
    );
  });

  it('stochastic and on-balance volume', () => {
    check(
      fc.property(bars, window, window, window, (sort, range, smooth, signal) => {
        const { high, low, close, volume } = randomBars(...sort);
        const [k, d, balance] = columns(3, close.length);
        stochastic(high, low, close, { range, smooth, signal }, k!, d!);
        const expected = naive.stochastic(high, low, close, range, smooth, signal);
        expectClose(k!, expected.k);
        expectClose(d!, expected.d);
        obv(close, volume, balance!);
        expectClose(balance!, naive.obv(close, volume));
      }),
    );
  });
});

describe('flat and lopsided markets', () => {
  const flat = new Float64Array(50).fill(100.1);
  const rising = Float64Array.from({ length: 50 }, (_, i) => 100 + i);

  it('have the documented values', () => {
    const [index, k, d] = columns(3, 50);
    rsi(flat, 14, index!);
    expect(index![49]).toBe(50);
    rsi(rising, 14, index!);
    expect(index![49]).toBe(100);
    rsi(rising.slice().reverse(), 14, index!);
    expect(index![49]).toBe(0);
    stochastic(flat, flat, flat, { range: 14, smooth: 1, signal: 3 }, k!, d!);
    expect([k![13], d![15]]).toEqual([50, 50]);
  });

  it('keep little of a move that has left the window', () => {
    const values = new Float64Array(200).fill(100);
    values[10] = 200;
    const [middle, upper, lower] = columns(3, 200);
    bollinger(values, 20, 2, { middle: middle!, upper: upper!, lower: lower! });
    expect(upper![31]! - lower![31]!).toBe(0);
    expect(upper![20]! - lower![20]!).toBeGreaterThan(80);
  });
});

describe('what does not fit', () => {
  const values = new Float64Array(10);
  const out = new Float64Array(10);
  it.each([
    ['window of 1 bar', () => sma(values, 0, out)],
    ['window of 1 bar', () => sma(values, 2.5, out)],
    ['room for 10 bars; got 9', () => sma(values, 2, new Float64Array(9))],
    ['seed in 1..5; got 6', () => ema(values, 5, out, 6)],
    [
      'fast in 1..4; got 5',
      () => macd(values, { fast: 5, slow: 5, signal: 2 }, { line: out, signal: out, histogram: out }),
    ],
    ['seed in 0..5; got -1', () => rsi(values, 5, out, -1)],
    ['2 returns or more; got 1', () => rollingVolatility(values, 1, 252, out)],
    [
      'window of 1 bar',
      () => stochastic(values, values, values, { range: 1, smooth: 0, signal: 1 }, out, out),
    ],
  ])('throws: %s', (message, call) => expect(call).toThrow(message));
});
