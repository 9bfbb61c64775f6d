/** Bars from CSV: which headers and times are understood, what is refused with which words, real files. */
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { barsOf } from '../../src/core/bars/bars.js';
import type { Bars } from '../../src/core/bars/bars.js';
import { MmsError } from '../../src/contract/problem.js';
import { secondsOf, spanText, timeText } from '../../src/data/bar-times.js';
import { createInputReader } from '../../src/data/input-reader.js';
import { withShared } from '../support/shared.js';
import { folder } from './files.js';

const reader = createInputReader({ root: null });
let dir: ReturnType<typeof folder>;
beforeEach(() => (dir = folder()));
afterEach(() => dir.remove());

interface Read {
  readonly bars: Bars;
  readonly notes: readonly string[];
}

async function read(path: string): Promise<Read> {
  const ref = { name: 'prices', importer: 'bars', files: { file: path }, pointers: { file: '/data/file' } };
  const { tables, notes } = await reader.read(ref);
  return { bars: barsOf(tables[0]!.columns), notes };
}

const readText = (text: string | Uint8Array): Promise<Read> => read(dir.write('b.csv', text));

async function refusal(text: string): Promise<string> {
  const error: unknown = await readText(text).then(
    () => new Error('accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof MmsError)) throw error;
  expect(error.problem.code).toBe('E_DATA');
  expect(error.problem.errors?.[0]?.pointer).toBe('/data/file');
  return error.message.slice(error.message.indexOf('b.csv') + 'b.csv'.length);
}

describe('times', () => {
  it.each([
    ['2020-12-15', 1607990400],
    ['2020/12/15', 1607990400],
    ['20201215', 1607990400],
    ['12/15/2020', 1607990400],
    ['2020-12-15 09:30', 1608024600],
    ['2020-12-15T09:30:05.250', 1608024605.25],
    ['2020-12-15 09:30:00Z', 1608024600],
    ['2020-12-15T09:30:00+02:00', 1608017400],
    ['2020-12-15T09:30:00-0530', 1608044400],
    ['2020-12-15 09:30:00+00:00', 1608024600],
    ['1608024600', 1608024600],
    ['1608024600250', 1608024600.25],
    ['1969-12-31', -86400],
    ['15.12.2020', 1607990400],
    ['15.12.2020 09:30', 1608024600],
  ])('reads %s', (text, timeS) => expect(secondsOf(text)).toBe(timeS));

  it.each([
    '',
    '2021-02-29',
    '2020-13-01',
    '31/1/2020',
    '1.31.2020',
    '2020-1-5',
    '2020-12-15 24:00',
    '2020-12-15 x',
    '12',
  ])('does not guess at %j', (text) => expect(secondsOf(text)).toBeNaN());

  it('writes them back', () => {
    expect(timeText(1608024600)).toBe('2020-12-15 09:30:00');
    expect(timeText(1607990400)).toBe('2020-12-15');
  });

  it('tells distances in the largest whole unit', () => {
    expect([86_400, 300, 90, 7_200, 0.5].map(spanText)).toEqual([
      '1 day',
      '5 minutes',
      '90 s',
      '2 hours',
      '0.5 s',
    ]);
  });
});

describe('a file of bars', () => {
  it('is read by the names of its columns, in any order, quoted or packed', async () => {
    const text =
      '\uFEFF,VOL,"Trade_Date",close,Adj. Close,low\r\n0,7,20240102,10.5,"9.5",1e1\r\n1,8,20240103,11,9.75,10\r\n';
    for (const content of [text, gzipSync(text)]) {
      const { bars } = await readText(content);
      expect([...bars.timeS]).toEqual([1704153600, 1704240000]);
      expect([...bars.close]).toEqual([10.5, 11]);
      expect([...bars.adjClose]).toEqual([9.5, 9.75]);
      expect([...bars.low]).toEqual([10, 10]);
      expect([...bars.volume]).toEqual([7, 8]);
      expect([...bars.open, ...bars.high]).toEqual([NaN, NaN, NaN, NaN]);
    }
  });

  it.each([';', '\t'])('may be parted by %j', async (mark) => {
    const text = 'date,close\n2024-01-02,1.5\n2024-01-03,2\n'.replaceAll(',', mark);
    expect([...(await readText(text)).bars.close]).toEqual([1.5, 2]);
  });

  it('may have decimal commas between semicolons, days first, and empty lines at its end', async () => {
    const { bars, notes } = await readText(
      'Date;Close;Volume\r\n30.01.2024;1,5;10\r\n31.01.2024;-,25;2e3\r\n\r\n\n',
    );
    expect([...bars.timeS]).toEqual([1706572800, 1706659200]);
    expect([...bars.close]).toEqual([1.5, -0.25]);
    expect(notes[1]).toContain('Decimal commas were read');
    expect(notes[0]).toContain('mostly 1 day apart');
  });

  it('may have date and time apart, and prices alone', async () => {
    const { bars, notes } = await readText(
      'date,time,price\n2024-01-02,09:30,1\n2024-01-02,09:31,2\n2024-01-02,09:33,3',
    );
    expect([...bars.timeS]).toEqual([1704187800, 1704187860, 1704187980]);
    expect([...bars.close]).toEqual([1, 2, 3]);
    expect(notes).toEqual([
      expect.stringMatching(
        /: 3 bars from 2024-01-02 09:30:00 to 2024-01-02 09:33:00, mostly 1 minute apart with 1 longer gaps\.$/,
      ),
    ]);
  });

  it('is turned round when its newest row comes first', async () => {
    const { bars, notes } = await readText('date,close\n2024-01-04,3\n2024-01-03,2\n2024-01-02,1');
    expect([...bars.close]).toEqual([1, 2, 3]);
    expect([...bars.timeS]).toEqual([1704153600, 1704240000, 1704326400]);
    expect(notes[1]).toContain('newest row first; the rows were turned round');
  });

  it('tells of closes outside high and low, and keeps them', async () => {
    const { bars, notes } = await readText('date,high,low,close\n2024-01-02,2,1,1\n2024-01-03,2,1,2.5\n');
    expect(bars.close[1]).toBe(2.5);
    expect(notes[1]).toContain('outside low to high in 1 bars, the first in line 3');
  });

  it.each([
    ['', 'expected a header and at least one bar; got no bar'],
    ['date,close\n', 'expected a header and at least one bar; got no bar'],
    ['date,open\n', ':1: expected a header with a time and a close'],
    ['open,close\n', ':1: expected a header with a time and a close'],
    ['date,close,price\n', ':1: expected one column of close; got close and price: remove one'],
    [
      'date,close\n2024-01-02,1\n2024-01-03,NaN',
      ':3, column 2 (close): expected a finite number like 101.25; got "NaN"',
    ],
    ['date,close\n2024-01-02,', ':2, column 2 (close): expected a finite number like 101.25; got ""'],
    [
      'date\tclose\n2024-01-02\t1,5',
      ':2, column 2 (close): expected a finite number like 101.25; got "1,5"; write it with a decimal point',
    ],
    [
      'date;open;close\n2024-01-02;1,5;1.250',
      'got "1.250"; numbers above have decimal commas, this one has a point: write all alike',
    ],
    [
      'date;close;open\n2024-01-02;1.250,5;1',
      'got "1.250,5"; write it with a decimal point and nothing between',
    ],
    [
      'date,close\n2024-01-02,1e300',
      ':2, column 2 (close): expected a price of at most 1000000000000000; got',
    ],
    ['date,Close\n2024-01-02,1e999', ':2, column 2 (Close): expected a finite number'],
    ['date,close,volume\n2024-01-02,1,-5', ':2, column 3 (volume): expected a volume of 0 or more; got "-5"'],
    ['date,close\n31/01/2024,1', ':2, column 1 (date): expected a date like 2024-01-31'],
    [
      'date,close\n2024-01-02,1,2',
      ':2: expected 2 columns; got 3; numbers with a decimal comma need semicolons',
    ],
    ['date,close\n2024-01-02,1\n\n2024-01-03,1', ':3: expected 2 columns; got an empty line'],
    [
      'date,close\n2024-01-02,1\n2024-01-02,1',
      ':3, column 1 (date): expected times that rise, or fall, throughout',
    ],
    [
      'date,close\n2024-01-02,1\n2024-01-04,1\n2024-01-03,1',
      ':4, column 1 (date): expected times that rise, or fall, throughout; got 2024-01-03 after 2024-01-04',
    ],
  ])('is refused where %j is wrong', async (text, message) => {
    expect(await refusal(text)).toContain(message);
  });
});

withShared('real files', (shared) => {
  it.each([
    ['daily_KO_1997_1998.csv', 356, 51.875, 79.5],
    ['daily_PEP_1997_1998.csv', 356, 29.5, 41.5],
    ['sp500_daily_1999_2018.csv.gz', 5031, 1228.099976, 2506.850098],
    ['cn_600519.SH_daily_2010_2020.csv.gz', 2490, 169.94, 1165],
    ['spy_minute_2020-12-15_4days.csv.gz', 1564, 367.46, 369.15],
    ['fxcm_gbpusd-m1-bid-2012.csv.gz', 30117, 1.57576, 1.59208],
  ])('%s', async (name, rows, first, last) => {
    const { bars, notes } = await read(`${shared}/data/bars/${name}`);
    expect(bars.close).toHaveLength(rows);
    expect([bars.close[0], bars.close[rows - 1]]).toEqual([first, last]);
    expect(bars.open.every(Number.isFinite)).toBe(true);
    expect(notes).toHaveLength(1);
    if (name.startsWith('fxcm')) expect(notes[0]).toContain('mostly 1 minute apart with 111 longer gaps');
  });
});
