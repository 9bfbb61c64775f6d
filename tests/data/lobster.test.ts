/** The LOBSTER importer: exact columns from good files, one clear sentence about bad ones, real samples. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contract/problem.js';
import { MmsError } from '../../src/contract/problem.js';
import { readReplayFeed } from '../../src/core/sim/replay-feed.js';
import { ReplayMarket } from '../../src/core/sim/replay-market.js';
import { createInputReader } from '../../src/data/input-reader.js';
import { LOBSTER_TABLES } from '../../src/data/lobster.js';
import { withShared } from '../support/shared.js';
import { GOOD_BOOK, GOOD_MESSAGES, folder, lobsterRef } from './files.js';

const dir = folder();
afterAll(dir.remove);
const reader = createInputReader({ root: dir.path, limits: { maxRows: 1000, maxBytes: 1e6 } });

beforeAll(() => {
  dir.write('messages.csv', GOOD_MESSAGES);
  dir.write('book.csv', GOOD_BOOK);
  mkdirSync(join(dir.path, 'folder'));
});

/** The problem with which reading these two files ends. */
async function problemOf(messages: string, book: string): Promise<Problem> {
  try {
    await reader.read(lobsterRef(messages, book));
  } catch (error) {
    if (error instanceof MmsError) return error.problem;
    throw error;
  }
  throw new Error('the files were accepted');
}

describe('good files', () => {
  it('become exact columns in shared memory', async () => {
    const { tables } = await reader.read(lobsterRef('messages.csv', 'book.csv'));
    expect(tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['messages', 4],
      ['book', 32],
      ['feed', 1],
    ]);
    tables.forEach((table, i) => expect(table.columns.length).toBe(LOBSTER_TABLES[i]?.columns.length));
    const feed = readReplayFeed(tables);
    expect([...feed.tNs]).toEqual([34200017459617, 34200189607670, 34200190226476, 34200200000000]);
    expect([...feed.type]).toEqual([5, 1, 4, 7]);
    expect([...feed.order]).toEqual([0, 1, 1, 0]);
    expect([...feed.lots]).toEqual([1, 21, 21, 0]);
    expect([...feed.priceE4]).toEqual([2238250, 2238100, 2238100, -1]);
    expect([...feed.side]).toEqual([1, 0, 0, 1]);
    expect([...feed.cells.subarray(8, 16)]).toEqual([2239500, 100, 2238100, 21, -1, 0, 2231800, 100]);
    expect(feed).toMatchObject({ rows: 4, levels: 2, gridE4: 100, orders: 2 });
    for (const table of tables) {
      for (const column of table.columns) expect(column.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  it('give the same digest with carriage returns, a last newline or gz, and another for another value', async () => {
    const digest = async (messages: string | Uint8Array): Promise<string> => {
      dir.write('variant', messages);
      const fresh = createInputReader({ root: dir.path });
      return (await fresh.read(lobsterRef('variant', 'book.csv'))).digest;
    };
    const plain = await digest(GOOD_MESSAGES);
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest(GOOD_MESSAGES + '\n')).toBe(plain);
    expect(await digest(GOOD_MESSAGES.replaceAll('\n', '\r\n'))).toBe(plain);
    expect(await digest(gzipSync(GOOD_MESSAGES))).toBe(plain);
    expect(await digest(GOOD_MESSAGES.replace('11885113', '11885114'))).not.toBe(plain);
  });

  it('keep order ids apart that do not fit 32 bits', async () => {
    dir.write('wide', GOOD_MESSAGES.replace('4,11885113', '4,4306852409'));
    const { tables } = await reader.read(lobsterRef('wide', 'book.csv'));
    expect([...readReplayFeed(tables).order]).toEqual([0, 1, 2, 0]);
  });
});

describe('bad values in the message file', () => {
  const swap = (from: string, to: string): string => GOOD_MESSAGES.replace(from, to);
  const cases: [string, string, RegExp][] = [
    ['a word', swap('11885113,21', '11885113,many'), /:2, column 4: expected an integer.*"many"/],
    [
      'a header line',
      `time,type,id,size,price,dir\n${GOOD_MESSAGES}`,
      /:1, column 1: .*"time": LOBSTER files have no header line: remove it$/,
    ],
    [
      'a byte-order mark',
      `\ufeff${GOOD_MESSAGES}`,
      /got a byte-order mark before "34200.*": LOBSTER files have no byte-order mark: remove it$/,
    ],
    [
      'a byte-order mark and a header line',
      `\ufeff"Time",type,id,size,price,dir\n${GOOD_MESSAGES}`,
      /LOBSTER files have no byte-order mark and no header line: remove both$/,
    ],
    ['a word in the first row', GOOD_MESSAGES.replace(',1,', ',one,'), /column \d: [^:]*; got "one"$/],
    ['an empty field', swap('1,11885113,21', '1,,21'), /:2, column 3: .*""/],
    ['NaN', swap('2238100,1', 'NaN,1'), /:2, column 5: .*"NaN"/],
    ['an exponent', swap('2238100,1', '1e309,1'), /:2, column 5: .*"1e309"/],
    ['a lone sign', swap('2238100,1', '-,1'), /:2, column 5: .*"-"/],
    ['a fraction of a share', swap('113,21', '113,2.5'), /:2, column 4: expected an integer/],
    ['ten decimals of a second', swap('34200.2,', '34200.2000000001,'), /:4, column 1: .*at most 9 decimals/],
    ['a type of the future', swap('67,1,', '67,8,'), /:2, column 2: expected a message type 1 to 7; got 8/],
    ['size 0', swap('113,21', '113,0'), /:2, column 4: expected a size from 1/],
    ['a negative size', swap('113,21', '113,-5'), /:2, column 4: expected a size from 1.*got -5/],
    ['a size beyond 32 bits', swap('113,21', '113,2147483648'), /:2, column 4: expected a size/],
    ['price 0', swap('2238100,1', '0,1'), /:2, column 5: expected a price from 1/],
    ['direction 0', swap('2238100,1', '2238100,0'), /:2, column 6: expected a direction/],
    [
      'a time that goes back',
      swap('34200.190', '34200.180'),
      /:3, column 1: .*not before.*got 34200.180226476/,
    ],
    ['a time after midnight', swap('34200.2,', '86400,'), /:4, column 1: expected seconds since midnight/],
    ['five columns', swap(',2238100,1', ',2238100'), /:2: expected 6 columns.*got 5/],
    ['an empty line', swap('\n', '\n\n'), /:2, column 1: expected a row of numbers; got an empty line/],
    ['no rows', '', /the file is empty/],
    ['bytes that are no text', '\0'.repeat(70_000), /:1, column 1: expected a line of at most 65536 bytes/],
  ];

  it.each(cases)('%s', async (_, content, message) => {
    dir.write('bad.csv', content);
    const problem = await problemOf('bad.csv', 'book.csv');
    expect(problem.code).toBe('E_DATA');
    expect(problem.detail).toMatch(message);
    expect(problem.detail).toMatch(/^bad\.csv/);
    expect(problem.errors?.[0]?.pointer).toBe('/market/messages');
  });
});

describe('bad orderbook files and pairs', () => {
  const swap = (from: string, to: string): string => GOOD_BOOK.replace(from, to);
  const cases: [string, string | Uint8Array, RegExp][] = [
    ['a width that is no multiple of 4', '1,2,3,4,5', /:1: expected a multiple of 4 columns.*got 5/],
    ['a row of another width', swap('21,9999999999,0,2231800,100', '21'), /:2: expected 8 columns.*got 4/],
    ['a header line', `ask,size,bid,size,ask,size,bid,size\n${GOOD_BOOK}`, /no header line: remove it$/],
    ['a size at an empty level', swap('9999999999,0', '9999999999,3'), /:1, column 6: expected size 0/],
    ['no size at a price', swap('2231800,100', '2231800,0'), /:1, column 4: expected a size from 1/],
    ['a negative price', swap('2239500', '-2239500'), /:1, column 1: expected a price from 1/],
    ['fewer rows', GOOD_BOOK.slice(0, GOOD_BOOK.lastIndexOf('\n')), /expected 4 rows.*messages\.csv; got 3/],
    ['more rows', `${GOOD_BOOK}\n${GOOD_BOOK}`, /expected 4 rows.*messages\.csv; got 8/],
    ['a truncated gz', gzipSync(GOOD_BOOK).subarray(0, 60), /the gz file is truncated/],
    ['a damaged gz', Buffer.from(gzipSync(GOOD_BOOK)).fill(7, 20, 40), /the gz file is damaged/],
    ['a gz bomb', gzipSync('1'.repeat(2_000_000)), /expected a line of at most|larger than the limit/],
  ];

  it.each(cases)('%s', async (_, content, message) => {
    dir.write('bad-book.csv', content);
    const problem = await problemOf('messages.csv', 'bad-book.csv');
    expect(problem.detail).toMatch(message);
    expect(problem.errors?.[0]?.pointer).toBe('/market/orderbook');
  });

  it('sees that the files are swapped', async () => {
    expect((await problemOf('book.csv', 'messages.csv')).detail).toMatch(
      /orderbook file; are the two files swapped/,
    );
    expect((await problemOf('messages.csv', 'messages.csv')).detail).toMatch(
      /message file; are the two files swapped/,
    );
  });

  it('refuses more rows or bytes than the limits', async () => {
    const small = (limits: { maxRows: number; maxBytes: number }): Promise<unknown> =>
      createInputReader({ root: dir.path, limits }).read(lobsterRef('messages.csv', 'book.csv'));
    await expect(small({ maxRows: 3, maxBytes: 1e6 })).rejects.toThrow(/more than the limit of 3 rows/);
    await expect(small({ maxRows: 100, maxBytes: 50 })).rejects.toThrow(/larger than the limit of 50 bytes/);
  });
});

interface Expected {
  one_step: { exact: number; bottom_level_unknown: number; mismatch: number };
  events_2_3_4_on_orders_not_added_in_file: number;
  stats: Record<string, number>;
}

withShared('the LOBSTER samples', (shared) => {
  const lobster = join(shared, 'data/lobster');
  const expected = JSON.parse(readFileSync(join(lobster, 'expected.json'), 'utf8')) as Expected[];
  const prices: number[] = [];

  async function replay(name: string, level: string): Promise<ReplayMarket> {
    const { tables } = await createInputReader({ root: null }).read(
      lobsterRef(
        join(lobster, `${name}_message_${level}.csv.gz`),
        join(lobster, `${name}_orderbook_${level}.csv.gz`),
      ),
    );
    const market = new ReplayMarket(readReplayFeed(tables), 0.01, 1);
    while (market.nextNs() < Infinity)
      market.step({ onFill: () => {}, onTrade: (ticks) => prices.push(ticks) });
    return market;
  }

  it('AMZN level 1: book equal on all 57,515 rows; volumes and VWAP as published', async () => {
    const want = expected[0] as Expected;
    const { facts } = await replay('AMZN_2012-06-21_34200000_57600000', '1');
    expect(facts).toMatchObject({
      rows: want.stats['rows'],
      rowsEqual: 57_515,
      mismatchRows: want.one_step.mismatch,
      reseededRows: want.one_step.bottom_level_unknown,
      anonymousMessages: want.events_2_3_4_on_orders_not_added_in_file,
      visibleLots: want.stats['executed_shares_visible'],
      hiddenLots: want.stats['executed_shares_hidden'],
      buyerLots: want.stats['buyer_initiated_visible_shares'],
      visibleTrades: 8974,
      hiddenTrades: 2445,
    });
    expect(facts.vwap()).toBeCloseTo(want.stats['vwap_dollars_types_4_5'] as number, 11);
    expect(facts.rows - 1 - facts.reseededRows - facts.mismatchRows).toBe(want.one_step.exact);
    expect(
      [prices[0], prices.at(-1), Math.max(...prices), Math.min(...prices)].map((ticks) => (ticks ?? 0) * 100),
    ).toEqual(['first_trade_price', 'last_trade_price', 'high', 'low'].map((name) => want.stats[name]));
  });

  it('AAPL level 10: book equal on all 999 rows', async () => {
    const want = expected[1] as Expected;
    const { facts } = await replay('AAPL_2012-06-21_first999', '10');
    const anonymous = want.events_2_3_4_on_orders_not_added_in_file;
    expect(facts).toMatchObject({ rows: 999, rowsEqual: 999, mismatchRows: 0, anonymousMessages: anonymous });
    expect(facts.reseededRows).toBe(want.one_step.bottom_level_unknown);
  });
});
