/** Wider bars: minute files with gaps beside independent figures, sessions with a break, what is refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { barsOf } from '../../../src/core/bars/bars.js';
import type { Bars } from '../../../src/core/bars/bars.js';
import { CHINA_SESSION, aggregateBars, barStarts } from '../../../src/core/bars/sessions.js';
import { createInputReader } from '../../../src/data/input-reader.js';
import { withShared } from '../../support/shared.js';

interface Expected {
  readonly count: number;
  /** Start, open, high, low, close and, where there is one, volume. */
  readonly first: readonly number[];
  readonly mid: readonly number[];
  readonly last: readonly number[];
  readonly checksum_close_sum: number;
  readonly checksum_high_sum: number;
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

withShared('minute files', (shared) => {
  const folder = `${shared}/data/bars`;
  const cases = JSON.parse(readFileSync(`${folder}/expected_minute.json`, 'utf8')) as ({
    file: string;
  } & Record<string, Expected>)[];

  it.each(cases.map((one) => [one.file, one] as const))('%s', async (file, expected) => {
    const ref = { name: 'prices', importer: 'bars', files: { file: `${folder}/${file}` }, pointers: {} };
    const { tables, notes } = await createInputReader({ root: null }).read(ref);
    const minutes = barsOf(tables[0]!.columns);
    expect(minutes.timeS).toHaveLength(expected.rows as unknown as number);
    expect(notes.join(' ')).toContain(`with ${expected.gaps_over_60s as unknown as number} longer gaps`);
    for (const width of [5, 15, 30, 60, 120]) {
      const { count, first, mid, last, ...checksums } = expected[`${width}m`]!;
      const { bars, outside } = aggregateBars(minutes, 60 * width, null);
      expect([bars.timeS.length, outside]).toEqual([count, 0]);
      const row = (i: number, length: number): number[] =>
        [bars.timeS, bars.open, bars.high, bars.low, bars.close, bars.volume]
          .slice(0, length)
          .map((c) => c[i]!);
      expect(row(0, first.length)).toEqual(first);
      expect(row(count >> 1, mid.length)).toEqual(mid);
      expect(row(count - 1, last.length)).toEqual(last);
      expect(sum(bars.close)).toBeCloseTo(checksums.checksum_close_sum, 6);
      expect(sum(bars.high)).toBeCloseTo(checksums.checksum_high_sum, 6);
    }
  });
});

/** Bars of one price a minute apart, from seconds of day 3. */
function minutes(secondsS: readonly number[]): Bars {
  const timeS = Float64Array.from(secondsS, (s) => 3 * 86_400 + s);
  const ones = new Float64Array(timeS.length).fill(1);
  return { timeS, open: ones, high: ones, low: ones, close: ones, adjClose: ones, volume: ones };
}

describe('sessions', () => {
  it('cut a day with a break into bars that fit its halves', () => {
    const counts = [1, 5, 15, 30, 60, 120].map((width) => barStarts(60 * width, CHINA_SESSION).length);
    expect(counts).toEqual([240, 48, 16, 8, 4, 2]);
    expect(barStarts(7200, CHINA_SESSION)).toEqual([34_200, 46_800]);
    // Seven hours and a half leave a short bar at the end.
    expect(barStarts(3600, [[34_200, 57_600]])).toHaveLength(7);
  });

  it('leave out and count what starts outside, and begin anew after the break', () => {
    const at = [34_140, 34_200, 41_340, 41_400, 46_740, 46_800, 53_940, 54_000];
    const { bars, outside } = aggregateBars(minutes(at), 7200, CHINA_SESSION);
    expect(outside).toBe(4);
    expect([...bars.timeS].map((s) => s - 3 * 86_400)).toEqual([34_200, 46_800]);
    expect([...bars.volume]).toEqual([2, 2]);
  });

  it('keep columns that are missing missing', () => {
    const bars = {
      ...minutes([0, 60]),
      adjClose: new Float64Array(2).fill(NaN),
      high: new Float64Array(2).fill(NaN),
    };
    const wide = aggregateBars(bars, 300, null).bars;
    expect([wide.adjClose[0], wide.high[0], wide.close[0]]).toEqual([NaN, NaN, 1]);
    expect(aggregateBars(minutes([]), 300, CHINA_SESSION).bars.timeS).toHaveLength(0);
  });

  it.each([
    ['a width of 1 to 86400 s; got 0', () => aggregateBars(minutes([]), 0, null)],
    ['a width of 1 to 86400 s; got 90000', () => barStarts(90_000, CHINA_SESSION)],
    ['got 10..5 after 0', () => barStarts(60, [[10, 5]])],
    [
      'got 50..60 after 100',
      () =>
        barStarts(60, [
          [0, 100],
          [50, 60],
        ]),
    ],
    ['got 0..86401 after 0', () => barStarts(60, [[0, 86_401]])],
  ])('throw: expected ... %s', (message, call) => expect(call).toThrow(message));
});
