/** The importer of single numbers: what it takes and how it names a bad cell. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectFeed } from '../../src/data/detect-feed.js';
import { createInputReader } from '../../src/data/input-reader.js';
import { freshDir } from '../support/service.js';

async function read(text: string) {
  const path = join(freshDir(), 'values.csv');
  writeFileSync(path, text);
  const pointers = { file: '/data/file' };
  const data = await createInputReader({ root: null }).read({
    ...{ name: 'series', importer: 'values', files: { file: path }, pointers },
  });
  return [...data.tables[0]!.columns[0]!];
}

describe('valuesImporter', () => {
  it('takes the last column, with or without others before it', async () => {
    expect(await read('value\n1.5\n-2e-3\n+.5')).toEqual([1.5, -0.002, 0.5]);
    expect(await read('day;value\n1;1,5\n2;-3\n\n')).toEqual([1.5, -3]);
    expect(await read('date,return\r\n2024-01-02,0.1\r\n2024-01-03,0.2\r\n')).toEqual([0.1, 0.2]);
  });

  it.each([
    ['value\n1\nNaN\n', ':3, column 1 (value): expected a finite number; got "NaN"'],
    ['a,b\n1,2\n1,\n', ':3, column 2 (b): expected a finite number; got ""'],
    ['a,b\n1\n', ':2: expected 2 columns; got 1'],
    ['value\n1,5\n', ':2: expected 1 columns; got 2; numbers with a decimal comma need semicolons'],
    ['value\n1\n\n2\n', ':3, column 1 (value): expected a finite number; got ""'],
    ['1\n2\n', ':1, column 1: expected a header'],
    ['value\n', 'expected a header and numbers below it; got no number'],
    ['value\n1e300\n', ':2, column 1: expected a number of at most 1000000000000000 in size; got 1e300'],
    ['value\n1e999\n', ':2, column 1 (value): expected a finite number; got "1e999"'],
  ])('names the line and column of %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});

describe('detectFeed', () => {
  it.each([
    ['Date,Open,High,Low,Close,Volume,Adj Close\n', 'bars'],
    ['"timestamp","close"\n', 'bars'],
    ['date;close\n', 'bars'],
    ['type,Strike,expiryYr,price\n', 'option-quotes'],
  ])('tells %j', async (text, feed) => {
    const path = join(freshDir(), 'some.csv');
    writeFileSync(path, text);
    expect(await detectFeed({ path, label: path, pointer: null })).toBe(feed);
  });
});
