/** The Bitstamp order reader: the sample's checkpoints, counted anomalies, and bad rows named by place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BUY, SELL } from '../../src/core/book/codes.js';
import { BITSTAMP_HEADER, BITSTAMP_PRICE_DECIMALS, BitstampFeed } from '../../src/data/bitstamp.js';
import { scaledInteger } from '../../src/data/decimal.js';
import { withShared } from '../support/shared.js';

const FILE = { path: '', label: 'orders.csv', pointer: null };
const GOOD = [
  '65595247,1430438404518,1430438404000,236.47,200000000,created,bid',
  '65595247,1430438404635,1430438404000,236.47,178855669,changed,bid',
  '65595300,1430438405000,1430438404000,236.50,5,created,ask',
];

function read(rows: readonly string[], header = BITSTAMP_HEADER): BitstampFeed {
  const feed = new BitstampFeed(FILE);
  feed.feed(Buffer.from([header, ...rows].join('\n')));
  feed.end();
  return feed;
}

describe('good rows', () => {
  it('keep the book in exact integers', () => {
    const book = read(GOOD).books.book(0)!;
    expect([book.price(BUY, 0), book.qty(BUY, 0)]).toEqual([23_647_000_000, 178_855_669]);
    expect([book.price(SELL, 0), book.qty(SELL, 0)]).toEqual([23_650_000_000, 5]);
  });

  it('that cannot be true are counted', () => {
    const feed = read([
      ...GOOD,
      '65595247,1430438405001,1430438404000,236.47,1,created,bid',
      '7,1430438405002,1430438404000,236.47,1,changed,bid',
      '8,1430438405001,1430438404000,236.47,0,deleted,ask',
      '9,1430438405003,1430438404000,236.50,0,created,ask',
      '10,1430438405004,1430438404000,236.50,1,created,bid',
      '11,1430438405005,1430438404000,236.51,1,created,bid',
    ]);
    expect(feed.account().quality).toMatchObject({
      duplicates: 1,
      unknownIds: 2,
      zeroSizes: 1,
      outOfOrder: 1,
      locked: 1,
      crossed: 1,
    });
    expect(feed.account()).toMatchObject({ rows: 9, messages: { created: 6, changed: 2, deleted: 1 } });
  });

  it('tell orders apart whose ids differ beyond 32 bits', () => {
    const other = 65595247 + 2 ** 32;
    const feed = read([...GOOD, `${other},1430438405001,1430438404000,236.47,11,created,bid`]);
    expect(feed.books.book(0)!.qty(BUY, 0)).toBe(178_855_680);
  });
});

describe('bad rows', () => {
  const [first = ''] = GOOD;
  const cases: [string, string, RegExp][] = [
    ['a word for the id', first.replace('65595247', 'id7'), /^orders\.csv:2, column 1 \(id\): .*got "id7"$/],
    ['an id beyond 2^53', first.replace('65595247', '9007199254740992'), /column 1 \(id\)/],
    ['a negative time', first.replace('1430438404518', '-1'), /column 2 \(timestamp\)/],
    ['a time that no calendar holds', first.replace('1430438404518', '8640000000000001'), /column 2/],
    ['a fraction of a millisecond', first.replace('1430438404000', '1.5'), /column 3 \(exchange/],
    ['nine decimals', first.replace('236.47', '236.470000001'), /column 4 \(price\): .*8 decimals/],
    ['an exponent', first.replace('236.47', '2e3'), /column 4 \(price\)/],
    ['an empty volume', first.replace('200000000', ''), /column 5 \(volume\): .*got ""/],
    ['an unknown action', first.replace('created', 'creates'), /column 6 \(action\): .*got "creates"/],
    ['an unknown side', first.replace('bid', 'buy'), /column 7 \(direction\): expected bid or ask/],
    ['six columns', first.replace(',bid', ''), /^orders\.csv:2: expected 7 columns .*; got 6$/],
    ['an empty line', '', /expected 7 columns .*; got 1$/],
  ];
  it.each(cases)('%s', (_, row, message) => {
    expect(() => read([row, first])).toThrow(message);
    expect(() => read([row, first])).toThrow(expect.objectContaining({ name: 'MmsError' }));
  });

  it('more live orders than the limit', () => {
    const feed = new BitstampFeed(FILE, { maxOrders: 1 });
    const rows = Buffer.from([BITSTAMP_HEADER, ...GOOD, ''].join('\n'));
    expect(() => feed.feed(rows)).toThrow('orders.csv:4, column 1 (id): expected fewer live orders');
  });

  it('another header, and no rows', () => {
    expect(() => read(GOOD, 'id,price')).toThrow(/^orders\.csv:1: expected the header id,timestamp/);
    expect(() => read([])).toThrow(/no rows/);
  });
});

withShared('the first 20,000 order events of 2015-05-01', (dir) => {
  it('give every checkpoint exactly and never a crossed book there', () => {
    const expected = JSON.parse(readFileSync(join(dir, 'data/l3/expected.json'), 'utf8'));
    const packed = readFileSync(join(dir, 'data/l3/bitstamp_btcusd_2015-05-01_first20000.csv.gz'));
    const lines = gunzipSync(packed).toString('utf8').split('\n');
    const feed = new BitstampFeed(FILE);
    let done = 0;
    for (const point of expected.checkpoints) {
      const end = 1 + point.after_rows;
      feed.feed(Buffer.from(lines.slice(done, end).join('\n') + '\n'));
      done = end;
      expect(feed.rows).toBe(point.after_rows);
      const book = feed.books.book(0)!;
      expect(feed.books.ordersLive).toBe(point.live_orders);
      expect(book.overlap()).toBeLessThan(0);
      for (const [side, top, count, total] of [
        [BUY, point.bids5, point.bid_orders, point.total_bid_volume],
        [SELL, point.asks5, point.ask_orders, point.total_ask_volume],
      ]) {
        const best = top.map((_: unknown, i: number) => [book.price(side, i), book.qty(side, i)]);
        const wanted = top.map(([price, volume]: [string, number]) => [
          scaledInteger(price, BITSTAMP_PRICE_DECIMALS),
          volume,
        ]);
        expect(best).toEqual(wanted);
        expect(feed.books.orderCount(0, side)).toBe(count);
        let volume = 0;
        for (let i = 0; i < book.levels(side); i++) volume += book.qty(side, i);
        expect(volume).toBe(total);
      }
    }
    feed.end();
    expect(feed.account().messages).toEqual(expected.counts);
    expect(feed.account().quality).toMatchObject({
      unknownIds: expected.events_on_unknown_orders,
      duplicates: expected.duplicate_created,
      outOfOrder: expected.timestamp_inversions,
    });
    const time = feed.account().time!;
    expect(Date.parse(time.first)).toBe(expected.first);
    expect(Date.parse(time.last)).toBe(expected.last);
  });
});
