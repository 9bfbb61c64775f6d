/** Passes over a table in WebAssembly memory beside the same passes over arrays, bit for bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KERNELS } from '../../../src/core/bars/kernels/bytes.js';
import type { BarRules } from '../../../src/core/bars/position.js';
import { DualAverage, MacdCross, RsiReversal, runBars } from '../../../src/core/bars/strategies.js';
import type { BarPass } from '../../../src/core/bars/strategies.js';
import { BarTable, MAX_ROWS } from '../../../src/core/bars/table.js';
import { randomBars } from './naive.js';

const bitsOf = (values: Float64Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

const rules: fc.Arbitrary<BarRules> = fc.record({
  feeRate: fc.constantFrom(0, 0.0005),
  down: fc.constantFrom(0 as const, -1 as const),
});
const window = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1_500, 2 ** 31, 2 ** 32 + 5));

/** What makes passes of one strategy, of any parameters. */
const strategy: fc.Arbitrary<() => BarPass> = fc
  .tuple(
    fc.constantFrom('averages', 'macd', 'rsi'),
    window,
    window,
    window,
    fc.integer({ max: 49, min: 1 }),
    rules,
  )
  .map(([name, fast, more, signal, lower, rule]) => () => {
    const slow = fast + more;
    if (name === 'averages') return new DualAverage(fast, slow, rule);
    if (name === 'macd') return new MacdCross({ fast, slow, signal }, rule);
    return new RsiReversal({ n: fast, lower, upper: 100 - lower }, rule);
  });

/** Bars whose closes stand still for a while, jump, or are below nought, too. */
const bars = fc
  .tuple(
    fc.constantFrom(0, 1, 2, 30, 300, 3_000),
    fc.integer({ min: 1, max: 1e9 }),
    fc.constantFrom(0, 1, -150),
  )
  .map(([rows, seed, shift]) => {
    const { open, close } = randomBars(rows, seed);
    if (shift === 1) close.fill(close[0] ?? 0, rows >> 1);
    else for (let i = 0; i < rows; i++) [open[i], close[i]] = [open[i]! + shift, close[i]! + shift];
    return { close, fill: open };
  });

/** Cuts of a run: where one call ends and the next begins, and whether the kernels do it. */
const cuts = fc.array(fc.tuple(fc.integer({ min: 0, max: 700 }), fc.boolean()), { maxLength: 12 });

describe('the kernels agree with the passes in TypeScript in every bit', () => {
  it('in one run, and in a second one over the same memory', () => {
    fc.assert(
      fc.property(bars, strategy, strategy, (prices, one, other) => {
        const table = BarTable.of(prices);
        const equity = new Float64Array(prices.close.length);
        for (const make of [one, other, one]) {
          const expected = runBars(make(), prices, equity);
          expect(table.run(make())).toEqual(expected);
          expect(bitsOf(table.equity).equals(bitsOf(equity))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('whichever of them does which bars', () => {
    fc.assert(
      fc.property(bars, strategy, cuts, (prices, make, parts) => {
        const table = BarTable.of(prices);
        const rows = prices.close.length;
        const equity = new Float64Array(rows);
        const [plain, mixed] = [make(), make()];
        let from = 0;
        for (const [length, byKernels] of [...parts, [rows, true] as const]) {
          const to = Math.min(from + length, rows);
          plain.advance(prices, equity, from, to);
          if (byKernels) table.advance(mixed, from, to);
          else mixed.advance(table, table.equity, from, to);
          expect(mixed.account).toEqual(plain.account);
          // The kernels may turn the sign of a nought, which no result shows.
          expect(mixed.averages.map((value) => value + 0)).toEqual(plain.averages.map((value) => value + 0));
          from = to;
        }
        expect(bitsOf(table.equity).equals(bitsOf(equity))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('tables', () => {
  const rule = { feeRate: 0.001, down: -1 } as const;
  const make = (): BarPass => new DualAverage(5, 20, rule);
  const { open, close } = randomBars(3_000, 7);

  it('keep their memory over runs, and run over fewer bars than they have room for', () => {
    const table = new BarTable(5_000);
    const { buffer } = table.close;
    table.close.set(close);
    table.fill.set(open);
    const equity = new Float64Array(3_000);
    const expected = runBars(make(), { close, fill: open }, equity);
    for (let run = 0; run < 3; run++) expect(table.run(make(), 3_000)).toEqual(expected);
    expect(bitsOf(table.equity.subarray(0, 3_000)).equals(bitsOf(equity))).toBe(true);
    expect(table.equity.subarray(3_000).every((value) => value === 0)).toBe(true);
    expect(table.equity.buffer).toBe(buffer);
    expect(buffer.byteLength).toBeLessThan(24 * 5_000 + 2 * 65_536);
  });

  it('know nothing of each other', () => {
    const [left, right] = [BarTable.of({ close, fill: open }), BarTable.of({ close: open, fill: close })];
    const [first, second] = [make(), make()];
    for (let i = 0; i < 3_000; i += 100) {
      left.advance(first, i, i + 100);
      right.advance(second, i, i + 100);
    }
    expect(first.account).toEqual(BarTable.of({ close, fill: open }).run(make()));
    expect(second.account).toEqual(BarTable.of({ close: open, fill: close }).run(make()));
  });

  it('are given back when nobody holds them', () => {
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 24; i++) {
      const { close: closes, fill, equity } = new BarTable(1_000_000);
      for (const column of [closes, fill, equity]) column.fill(1);
    }
    // All of them are 576 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  });

  it('import nothing', () => {
    expect(WebAssembly.Module.imports(new WebAssembly.Module(Buffer.from(KERNELS, 'base64')))).toEqual([]);
  });

  it.each([
    [`0..${MAX_ROWS} bars in a table; got 16777217`, () => new BarTable(MAX_ROWS + 1)],
    ['got -1: runBars', () => new BarTable(-1)],
    ['got 1.5: runBars', () => new BarTable(1.5)],
    ['fill price for each of 3000 bars; got 2999', () => BarTable.of({ close, fill: open.subarray(1) })],
    ['within 0..10; got 0..11', () => new BarTable(10).advance(make(), 0, 11)],
    ['within 0..10; got -1..5', () => new BarTable(10).advance(make(), -1, 5)],
    ['within 0..10; got 5..4', () => new BarTable(10).advance(make(), 5, 4)],
    ['within 0..10; got 0..1024', () => new BarTable(10).run(make(), 2_000)],
    ['within 0..10; got 0..NaN', () => new BarTable(10).advance(make(), 0, NaN)],
  ])('throws: %s', (message, call) => expect(call).toThrow(message));
});
