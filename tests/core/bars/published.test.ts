/** Indicators beside the results of another library and worked examples of StockCharts. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { ema, macd, sma } from '../../../src/core/bars/averages.js';
import { barsOf } from '../../../src/core/bars/bars.js';
import type { Bars } from '../../../src/core/bars/bars.js';
import { bollinger } from '../../../src/core/bars/dispersion.js';
import { atr, rsi } from '../../../src/core/bars/wilder.js';
import { createInputReader } from '../../../src/data/input-reader.js';
import { withShared } from '../../support/shared.js';

const columns = (count: number, rows: number): Float64Array[] =>
  Array.from({ length: count }, () => new Float64Array(rows));

/** The columns of a worked example as text. */
function readExample(path: string): Record<string, string[]> {
  const [header, ...rows] = readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  return Object.fromEntries(header!.map((name, c) => [name, rows.map((row) => row[c]!)]));
}

const numbers = (cells: readonly string[]): Float64Array => Float64Array.from(cells, Number);

/** Half a unit of the last digit that is printed, and 1e-9. */
function expectPrinted(got: Float64Array, printed: readonly string[], from: number): void {
  expect(got).toHaveLength(printed.length);
  for (let i = from; i < printed.length; i++) {
    const decimals = printed[i]!.split('.')[1]?.length ?? 0;
    const near = Math.abs(got[i]! - Number(printed[i])) <= 0.5 * 10 ** -decimals + 1e-9;
    if (!near) expect([i, got[i]]).toEqual([i, printed[i]]);
  }
}

withShared('502 days of another library', (shared) => {
  const folder = `${shared}/data/indicators`;
  let bars: Bars;
  beforeAll(async () => {
    const files = { file: `${folder}/default_quotes.csv` };
    const ref = { name: 'prices', importer: 'bars', files, pointers: {} };
    const { tables } = await createInputReader({ root: null }).read(ref);
    bars = barsOf(tables[0]!.columns);
    expect(bars.close).toHaveLength(502);
  });

  function expectResults(name: string, got: Readonly<Record<string, Float64Array>>): void {
    const text = gunzipSync(readFileSync(`${folder}/expected_${name}.json.gz`)).toString();
    const rows = JSON.parse(text) as Record<string, number | null>[];
    expect(rows).toHaveLength(502);
    for (const [i, row] of rows.entries()) {
      for (const [column, values] of Object.entries(got)) {
        const want = row[column]!;
        if (want === null) expect(values[i]).toBeNaN();
        else expect(Math.abs(values[i]! - want)).toBeLessThanOrEqual(1e-9);
      }
    }
  }

  it('averages over 20 days', () => {
    const [simple, exponential] = columns(2, 502);
    sma(bars.close, 20, simple!);
    expectResults('sma', { sma: simple! });
    ema(bars.close, 20, exponential!);
    expectResults('ema', { ema: exponential! });
  });

  it('MACD 12, 26, 9', () => {
    const [line, signal, histogram, fast, slow] = columns(5, 502);
    macd(
      bars.close,
      { fast: 12, slow: 26, signal: 9 },
      { line: line!, signal: signal!, histogram: histogram! },
    );
    ema(bars.close, 12, fast!);
    ema(bars.close, 26, slow!);
    expectResults('macd', {
      macd: line!,
      signal: signal!,
      histogram: histogram!,
      fastEma: fast!,
      slowEma: slow!,
    });
  });

  it('RSI over 14 days', () => {
    const [index] = columns(1, 502);
    rsi(bars.close, 14, index!);
    expectResults('rsi', { rsi: index! });
  });
});

withShared('worked examples of StockCharts', (shared) => {
  const example = (name: string): Record<string, string[]> =>
    readExample(`${shared}/data/indicators/stockcharts_${name}.csv`);

  it('average true range over 14 days', () => {
    const { High, Low, Close, TR, ATR } = example('atr');
    const [one, range] = columns(2, Close!.length);
    const [high, low, close] = [numbers(High!), numbers(Low!), numbers(Close!)];
    atr(high, low, close, 1, one!);
    expectPrinted(one!, TR!, 0);
    atr(high, low, close, 14, range!);
    expectPrinted(range!, ATR!, 13);
    expect(range![12]).toBeNaN();
  });

  it('Bollinger bands, 20 days and 2 standard deviations', () => {
    const { Close, MiddleBand, HighBand, LowBand, WidthBand, PercentageBand } = example('bbands');
    const [middle, upper, lower] = columns(3, Close!.length);
    const close = numbers(Close!);
    bollinger(close, 20, 2, { middle: middle!, upper: upper!, lower: lower! });
    expectPrinted(middle!, MiddleBand!, 19);
    expectPrinted(upper!, HighBand!, 19);
    expectPrinted(lower!, LowBand!, 19);
    const of = (value: (i: number) => number): Float64Array => Float64Array.from(close, (_, i) => value(i));
    expectPrinted(
      of((i) => (100 * (upper![i]! - lower![i]!)) / middle![i]!),
      WidthBand!,
      19,
    );
    expectPrinted(
      of((i) => (close[i]! - lower![i]!) / (upper![i]! - lower![i]!)),
      PercentageBand!,
      19,
    );
    expect(middle![18]).toBeNaN();
  });

  it('MACD 12, 26, 9 started from the first close', () => {
    const { Close, short_ema, long_ema, MACD_line, MACD_signal } = example('macd');
    const rows = Close!.length;
    const [fast, slow, line, signal, histogram] = columns(5, rows);
    const close = numbers(Close!);
    // The sheet shows values of bars before a window is full; ours are NaN there.
    ema(close, 12, fast!, 1);
    expectPrinted(fast!, short_ema!, 11);
    ema(close, 26, slow!, 1);
    expectPrinted(slow!, long_ema!, 25);
    macd(
      close,
      { fast: 12, slow: 26, signal: 9 },
      { line: line!, signal: signal!, histogram: histogram! },
      1,
    );
    expectPrinted(line!, MACD_line!, 25);
    // The sheet's signal goes on from a value before its first row, of which 0.8^90 is left in row 90.
    expectPrinted(signal!, MACD_signal!, 115);
    const printed = numbers(MACD_signal!);
    for (let i = 26; i < rows; i++)
      expect(0.8 * printed[i - 1]! + 0.2 * line![i]!).toBeCloseTo(printed[i]!, 9);
  });

  it('RSI over 14 days, averages started from nought', () => {
    const { Close, RSI } = example('rsi');
    const [index] = columns(1, Close!.length);
    rsi(numbers(Close!), 14, index!, 0);
    expectPrinted(index!, RSI!, 14);
    expect(index![13]).toBeNaN();
  });
});
