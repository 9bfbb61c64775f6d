/** The rows of a proof: verdicts, cells, growth, and that NaN never passes. */
import { describe, expect, it } from 'vitest';
import { Sheet } from '../../../src/core/proof/sheet.js';

describe('Sheet', () => {
  it('passes a row at its tolerance and fails it beyond, or where a number is NaN', () => {
    const sheet = new Sheet();
    sheet.begin(3, 10);
    sheet.add(0, 1.5, 1, 0.5);
    sheet.add(1, 1.5, 1, 0.49);
    sheet.add(2, NaN, 1, Infinity);
    sheet.add(2, 1, 1, NaN);
    const [check, line, , , , , passed] = sheet.columns();
    expect([...passed!]).toEqual([1, 0, 0, 0]);
    expect([...line!]).toEqual([10, 11, 12, 12]);
    expect([...check!]).toEqual([3, 3, 3, 3]);
  });

  it('keeps every row when it grows', () => {
    const sheet = new Sheet();
    const values = Array.from({ length: 1_000 }, (_, i) => i);
    sheet.addCells(0, values, values, 0);
    const [, , cell, got, expected, , passed] = sheet.columns();
    expect([...cell!]).toEqual(values);
    expect([...got!]).toEqual(values);
    expect([...expected!]).toEqual(values);
    expect(passed!.every((verdict) => verdict === 1)).toBe(true);
  });
});
