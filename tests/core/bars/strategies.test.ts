/** Strategy passes beside backtests bar by bar on whole indicator columns, and their conventions by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BarAccount, BarRules } from '../../../src/core/bars/position.js';
import { DualAverage, MacdCross, RsiReversal, runBars } from '../../../src/core/bars/strategies.js';
import type { BarPass } from '../../../src/core/bars/strategies.js';
import * as naive from './naive.js';
import { randomBars } from './naive.js';

/** The account after each bar when signal[i] (1 up, -1 down, 0 keep) is traded at the open of bar i + 1. */
function backtest(
  { open, close }: { open: Float64Array; close: Float64Array },
  signals: readonly number[],
  rules: BarRules,
): { equity: number[]; account: BarAccount } {
  let [side, position, cash, fees, trades] = [0, 0, 0, 0, 0];
  const equity = Array.from(close, (price, i) => {
    const signal = i > 0 ? signals[i - 1]! : 0;
    const wanted = signal > 0 ? 1 : signal < 0 ? rules.down : position;
    if (signal !== 0) side = signal > 0 ? 1 : 2;
    if (wanted !== position) {
      const traded = Math.abs(wanted - position) * open[i]!;
      cash += (position - wanted) * open[i]! - rules.feeRate * traded;
      fees += rules.feeRate * traded;
      position = wanted;
      trades++;
    }
    return cash + position * price;
  });
  return { equity, account: { side, position, cash, fees, trades } };
}

const signOf = (gap: number, price: number): number =>
  Math.abs(gap) <= 1e-12 * price ? 0 : Math.sign(gap) || 0;

const window = fc.integer({ min: 1, max: 40 });
const bars = fc.tuple(fc.constantFrom(0, 1, 30, 300, 3000), fc.integer({ min: 1, max: 1e9 }));
const rules: fc.Arbitrary<BarRules> = fc.record({
  feeRate: fc.constantFrom(0, 0.0005),
  down: fc.constantFrom(0 as const, -1 as const),
});

function compare(
  sort: readonly [number, number],
  rule: BarRules,
  pass: BarPass,
  signals: (close: Float64Array) => readonly number[],
): void {
  const { open, close } = randomBars(...sort);
  const equity = new Float64Array(close.length).fill(NaN);
  const account = runBars(pass, { close, fill: open }, equity);
  const expected = backtest({ open, close }, signals(close), rule);
  expect(account.trades).toBe(expected.account.trades);
  expect([account.side, account.position]).toEqual([expected.account.side, expected.account.position]);
  expect(account.cash).toBeCloseTo(expected.account.cash, 8);
  expect(account.fees).toBeCloseTo(expected.account.fees, 8);
  for (const [i, want] of expected.equity.entries()) {
    if (!(Math.abs(equity[i]! - want) <= 1e-8)) expect([i, equity[i]]).toEqual([i, want]);
  }
}

const check = (property: fc.IProperty<any>): void => fc.assert(property, { seed: 2, numRuns: 60 });

describe('passes agree with backtests on whole columns', () => {
  it('crossing averages', () => {
    check(
      fc.property(bars, window, window, rules, (sort, fast, more, rule) => {
        compare(sort, rule, new DualAverage(fast, fast + more, rule), (close) => {
          const [quick, slow] = [naive.sma(close, fast), naive.sma(close, fast + more)];
          return slow.map((value, i) => (Number.isNaN(value) ? 0 : signOf(quick[i]! - value, close[i]!)));
        });
      }),
    );
  });

  it('MACD', () => {
    check(
      fc.property(bars, window, window, window, rules, (sort, fast, more, signal, rule) => {
        compare(sort, rule, new MacdCross({ fast, slow: fast + more, signal }, rule), (close) =>
          naive
            .macd(close, fast, fast + more, signal)
            .histogram.map((gap, i) => (Number.isNaN(gap) ? 0 : signOf(gap, close[i]!))),
        );
      }),
    );
  });

  it('RSI', () => {
    const threshold = fc.integer({ min: 1, max: 49 });
    check(
      fc.property(bars, window, threshold, rules, (sort, n, lower, rule) => {
        const upper = 100 - lower;
        compare(sort, rule, new RsiReversal({ n, lower, upper }, rule), (close) =>
          naive.rsi(close, n).map((index) => (index < lower ? 1 : index > upper ? -1 : 0)),
        );
      }),
    );
  });
});

describe('conventions', () => {
  const open = Float64Array.of(10, 10, 11, 12, 9, 8, 8);
  const close = Float64Array.of(10, 11, 12, 10, 8, 8, 9);
  const run = (down: 0 | -1): { account: BarAccount; equity: number[] } => {
    const equity = new Float64Array(7);
    const account = runBars(new DualAverage(1, 2, { feeRate: 0.01, down }), { close, fill: open }, equity);
    return { account, equity: [...equity] };
  };

  it('fill at the next open, charge each unit, the first entry too, and value at the close', () => {
    // Up at bars 1 and 2, down at 3 and 4, a tie at 5 that keeps, up at 6 that no bar is left to trade.
    const { account, equity } = run(0);
    const afterExit = -11.11 + 9 * 0.99;
    [0, 0, -11.11 + 12, -11.11 + 10, afterExit, afterExit, afterExit].forEach((want, i) =>
      expect(equity[i]).toBeCloseTo(want, 12),
    );
    expect(account.trades).toBe(2);
    expect(account.fees).toBeCloseTo(0.11 + 0.09, 12);
  });

  it('trade two units when they reverse', () => {
    const { account, equity } = run(-1);
    expect(equity[6]).toBeCloseTo(-11.11 + 2 * 9 * 0.99 - 9, 12);
    expect(account).toMatchObject({ position: -1, trades: 2, side: 2 });
  });

  it('do not trade what rounding leaves of equal averages', () => {
    const flat = new Float64Array(5000).fill(0.1);
    const equity = new Float64Array(5000);
    const rule = { feeRate: 0, down: -1 } as const;
    for (const pass of [
      new DualAverage(3, 7, rule),
      new MacdCross({ fast: 3, slow: 7, signal: 5 }, rule),
      new RsiReversal({ n: 5, lower: 30, upper: 70 }, rule),
    ]) {
      expect(runBars(pass, { close: flat, fill: flat }, equity).trades).toBe(0);
    }
  });

  it('hold bar by bar as in one go', () => {
    const { open, close } = randomBars(2000, 3);
    const prices = { close, fill: open };
    const rule = { feeRate: 0.001, down: -1 } as const;
    for (const make of [
      () => new DualAverage(5, 20, rule),
      () => new MacdCross({ fast: 12, slow: 26, signal: 9 }, rule),
      () => new RsiReversal({ n: 14, lower: 30, upper: 70 }, rule),
    ]) {
      const [whole, single] = [new Float64Array(2000), new Float64Array(2000)];
      const live = make();
      runBars(make(), prices, whole);
      for (let i = 0; i < 2000; i++) live.advance(prices, single, i, i + 1);
      expect(single).toEqual(whole);
      expect(live.account.trades).toBeGreaterThan(10);
    }
  });
});

describe('what does not fit', () => {
  const rule = { feeRate: 0, down: 0 } as const;
  const ten = new Float64Array(10);
  it.each([
    ['0 < fast < slow; got 5 and 5', () => new DualAverage(5, 5, rule)],
    ['0 < fast < slow; got 0 and 5', () => new DualAverage(0, 5, rule)],
    ['signal > 0; got 3, 5, 0', () => new MacdCross({ fast: 3, slow: 5, signal: 0 }, rule)],
    ['lower < upper <= 100; got 5, 70, 30', () => new RsiReversal({ n: 5, lower: 70, upper: 30 }, rule)],
    [
      'each of 10 bars; got 9',
      () => runBars(new DualAverage(1, 2, rule), { close: ten, fill: ten.slice(1) }, ten),
    ],
  ])('throws: %s', (message, call) => expect(call).toThrow(message));
});
