/** Inspection of feed files: the format is found by content, gz is unpacked, and what is bad is named. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { MmsError } from '../../src/contract/problem.js';
import { BITSTAMP_HEADER } from '../../src/data/bitstamp.js';
import { FeedClock } from '../../src/data/feed-account.js';
import { inspectFeed } from '../../src/data/inspect.js';
import { LobsterMessageAccount } from '../../src/data/lobster-account.js';
import { withShared } from '../support/shared.js';
import { binanceCapture } from './binance-writer.js';
import { GOOD_BOOK, GOOD_MESSAGES, folder } from './files.js';
import { ItchMarket } from './itch-writer.js';

const dir = folder();
afterAll(dir.remove);

const market = new ItchMarket(1, 2);
for (let step = 0; step < 20_000; step++) market.step();
const FEEDS: [string, string | Uint8Array, number][] = [
  ['NASDAQ TotalView-ITCH 5.0', market.take(), -1],
  ['Bitstamp orders', `${BITSTAMP_HEADER}\n1,1430438404518,1430438404000,236.47,2,created,bid\n`, 1],
  ['Binance capture', binanceCapture({ differences: 30, seed: 1 }).lines.join('\n'), -1],
  ['LOBSTER messages', GOOD_MESSAGES, 4],
  ['LOBSTER orderbook', GOOD_BOOK + '\n', 4],
];

async function problemOf(path: string): Promise<string> {
  try {
    await inspectFeed(path);
  } catch (error) {
    if (error instanceof MmsError && error.problem.code === 'E_DATA') return error.message;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('inspectFeed', () => {
  it.each(FEEDS)(
    'knows %s by its content, plain or packed, and reads all of it',
    async (format, content, rows) => {
      const plain = dir.write('feed.bin', content);
      const shares: number[] = [];
      const account = await inspectFeed(plain, (done) => shares.push(done));
      expect(account).toMatchObject({ format, file: plain, bytes: Buffer.byteLength(content) });
      if (rows > 0) expect(account.rows).toBe(rows);
      expect(shares.at(-1)).toBe(1);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      const packed = dir.write('feed.dat', gzipSync(content));
      expect(await inspectFeed(packed)).toEqual({ ...account, file: packed });
    },
  );

  it.each([
    ['prose', 'hello, world\n', /expected LOBSTER .* begins with "hello, world"$/],
    ['nothing', '', /the file is empty/],
    ['one byte', 'x', /begins with "x"$/],
    ['five columns of numbers', '1,2,3,4,5\n', /begins with "1,2,3,4,5"$/],
    ['a damaged gz', gzipSync('x'.repeat(99)).subarray(0, 20), /truncated/],
    ['a bad row far down', `${GOOD_MESSAGES}\n34200.3,1,5,6,7,0\n`, /:5, column 6: expected a direction/],
  ])('refuses %s', async (_, content, message) => {
    expect(await problemOf(dir.write('bad', content))).toMatch(message);
  });

  it('refuses folders and files that are not there', async () => {
    mkdirSync(join(dir.path, 'folder'), { recursive: true });
    expect(await problemOf(join(dir.path, 'folder'))).toMatch(/folder: expected a file; got a directory/);
    expect(await problemOf(join(dir.path, 'nowhere'))).toMatch(/nowhere: no such file/);
  });

  it('counts what in LOBSTER files cannot be true', async () => {
    const messages = [
      GOOD_MESSAGES,
      '34200.1,1,20,5,1000,1',
      '34200.3,1,20,5,1000,1',
      '34200.3,4,20,6,1000,1',
      '34200.3,2,21,6,1000,1',
      '34200.3,1,22,0,1000,-1',
    ].join('\n');
    const account = await inspectFeed(dir.write('messages', messages));
    expect(account.quality).toMatchObject({
      outOfOrder: 1,
      duplicates: 1,
      excessSizes: 1,
      unknownIds: 1,
      zeroSizes: 1,
    });
    const rows = ['2,1,1,1', '2,1,2,1', '2,1,3,1', '9999999999,0,3,1'].join('\n');
    expect((await inspectFeed(dir.write('book', rows))).quality).toMatchObject({ locked: 1, crossed: 1 });
  });
});

describe('LobsterMessageAccount', () => {
  it('refuses more live orders than the limit', () => {
    const file = { path: '', label: 'messages', pointer: null };
    const reader = new LobsterMessageAccount(file, { maxOrders: 1 });
    const rows = Buffer.from('34200,1,20,5,1000,1\n34200,1,21,5,1000,1\n');
    expect(() => reader.feed(rows)).toThrow('messages:2, column 3: expected fewer live orders');
  });
});

describe('FeedClock', () => {
  it('keeps nanoseconds of the epoch, the latest time and the longest silence', () => {
    const clock = new FeedClock(true);
    expect(clock.time()).toBeNull();
    clock.tick(1_723_161_254, 24_619_568, 1);
    clock.tick(1_723_161_256, 24_619_569, 2);
    clock.tick(1_723_161_255, 0, 3);
    expect(clock.time()).toEqual({
      first: '2024-08-08T23:54:14.024619568Z',
      last: '2024-08-08T23:54:16.024619569Z',
      spanNs: 2_000_000_001,
      longestSilenceNs: 2_000_000_001,
      longestSilenceRow: 2,
    });
    expect(clock.outOfOrder).toBe(1);
  });
});

withShared('the LOBSTER samples', (shared) => {
  it.each([
    ['AMZN_2012-06-21_34200000_57600000_message_1.csv.gz', 57_515, 7467],
    ['AAPL_2012-06-21_first999_message_10.csv.gz', 999, 9],
  ])('%s has its known number of unknown ids', async (name, rows, unknownIds) => {
    const account = await inspectFeed(join(shared, 'data/lobster', name));
    expect(account.rows).toBe(rows);
    expect(account.quality).toMatchObject({ outOfOrder: 0, unknownIds, duplicates: 0, excessSizes: 0 });
  });
});
