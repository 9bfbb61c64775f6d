/** Numbers, labels and sparklines as people read them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatNumber,
  formatSeconds,
  formatValue,
  labelOf,
  shortDigest,
  sparkline,
  unitSuffix,
} from '../../src/report/format.js';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [12345, '12,345'],
    [-1234567, '−1,234,567'],
    [0.21344, '0.2134'],
    [100.034, '100.03'],
    [12345.678, '12,345.68'],
    [1.5e-7, '1.500e-7'],
    [-0.5, '−0.5000'],
    [2e20, '2.000e+20'],
    [NaN, 'n/a'],
    [Infinity, 'n/a'],
  ])('%s as %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('is within half a unit of the fourth digit for any number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e308, max: 1e308 }), (value) => {
        const back = Number(formatNumber(value).replaceAll(',', '').replace('−', '-'));
        expect(Math.abs(back - value)).toBeLessThanOrEqual(Math.abs(value) * 5.01e-4);
      }),
    );
  });
});

describe('formatValue', () => {
  it.each([
    [6.52345, 0.3127, '6.52 ± 0.31'],
    [2.4, 0.184, '2.40 ± 0.18'],
    [-1234.5, 27.4, '−1,235 ± 27'],
    [100, null, '100'],
    [5, 0, '5'],
    [null, null, 'n/a'],
    [1, 1e-12, '1 ± 1.0e-12'],
  ])('%s with error %s', (value, standardError, text) =>
    expect(formatValue({ value, standardError })).toBe(text),
  );
});

describe('labels', () => {
  it.each([
    ['pnl', 'PnL'],
    ['fillRate', 'Fill rate'],
    ['spreadCapturedTicks', 'Spread captured'],
    ['makerLots', 'Maker lots'],
    ['vwap', 'VWAP'],
  ])('%s reads %s', (name, label) => expect(labelOf(name)).toBe(label));

  it('shows a unit only where there is one', () => {
    expect([unitSuffix('1'), unitSuffix('ticks')]).toEqual(['', ' ticks']);
    expect(shortDigest('0123456789abcdef')).toBe('0123456789ab');
  });

  it.each([
    [1.25, '1.25 s'],
    [200, '3:20'],
    [34447, '9:34:07'],
  ])('%s seconds as %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});

describe('sparkline', () => {
  it('goes from the lowest to the highest bar', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([3, 3, 3])).toBe('▁▁▁');
    expect(sparkline([1])).toBe('');
  });

  it('keeps first and last value when it thins out', () => {
    const line = sparkline(
      Float64Array.from({ length: 1000 }, (_, i) => -i),
      10,
    );
    expect(line).toHaveLength(10);
    expect([line[0], line[9]]).toEqual(['█', '▁']);
  });
});
