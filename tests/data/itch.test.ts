/** The ITCH 5.0 reader: the specification's layouts, the public sample, and books equal to the engine's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUY, SELL } from '../../src/core/book/codes.js';
import { ItchFeed } from '../../src/data/itch.js';
import { ITCH_MESSAGES, decodeItch } from '../../src/data/itch-format.js';
import type { ItchValues } from '../../src/data/itch-format.js';
import { Pcg32 } from '../bench/pcg32.js';
import { withShared } from '../support/shared.js';
import { ItchMarket, itchFrame } from './itch-writer.js';

const FILE = { path: '', label: 'feed.itch', pointer: null };

/** A whole file read at once. */
function read(...frames: Uint8Array[]): ItchFeed {
  const feed = new ItchFeed(FILE);
  feed.feed(Buffer.concat(frames));
  feed.end();
  return feed;
}

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const add = (orderRef: number, side: string, shares: number, price: number, stockLocate = 1): Uint8Array =>
  itchFrame('A', { stockLocate, orderRef, side, shares, price, stock: 'TEST', timestampNs: 1 });

describe('the layouts', () => {
  it('have the lengths that the specification gives', () => {
    // Typed from the "offset + length" of each table's last field.
    const lengths =
      'S12 R39 H25 Y20 L26 V35 W12 K28 J35 h21 A36 F40 E31 C36 X23 D19 U35 P44 Q40 B19 I50 N20 O48';
    expect(ITCH_MESSAGES.map(({ letter, bytes }) => letter + bytes).join(' ')).toBe(lengths);
  });

  it('decode what a writer of the same table encodes, for every field of every type', () => {
    for (const type of ITCH_MESSAGES) {
      const values: Record<string, number | bigint | string> = {};
      for (const { name, type: kind, bytes } of type.fields) {
        if (kind !== 'integer') values[name] = 'ABCDEFGH'.slice(0, bytes);
        else if (bytes === 8) values[name] = 0xfedcba9876543210n;
        else values[name] = Number(BigInt.asUintN(8 * bytes, 0xfedcba9876543210n));
      }
      const frame = itchFrame(type.letter, values);
      const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
      expect(decodeItch(type, view, 2)).toEqual(values);
    }
  });

  it('read order messages at the offsets of the specification, byte by byte', () => {
    const seen: [string, ItchValues][] = [];
    const feed = new ItchFeed(FILE, { listener: (type, values) => seen.push([type.letter, values]) });
    const head = (letter: string): string =>
      `${Buffer.from(letter).toString('hex')} 0007 0002 1f1a ced1 4c39`;
    feed.feed(
      hex(
        `0024 ${head('A')} 0000000000000009 42 00000064 5a56 5a5a 5420 2020 000186a0` +
          `0028 ${head('F')} 000000010000000a 53 00000032 5a56 5a5a 5420 2020 00018704 4e534451` +
          `001f ${head('E')} 0000000000000009 00000014 0000000000000001` +
          `0024 ${head('C')} 0000000000000009 00000005 0000000000000002 59 00018600` +
          `0017 ${head('X')} 000000010000000a 00000008` +
          `0023 ${head('U')} 000000010000000a 000000010000000b 0000001e 00018768`,
      ),
    );
    const book = feed.books.book(7)!;
    expect([book.price(BUY, 0), book.qty(BUY, 0)]).toEqual([100_000, 75]);
    expect([book.price(SELL, 0), book.qty(SELL, 0), book.levels(SELL)]).toEqual([100_200, 30, 1]);
    feed.feed(hex(`0013 ${head('D')} 0000000000000009`));
    expect([book.levels(BUY), feed.books.ordersLive]).toEqual([0, 1]);
    expect(seen.map(([letter]) => letter).join('')).toBe('AFECXUD');
    expect(seen[1]![1]).toEqual({
      stockLocate: 7,
      trackingNumber: 2,
      timestampNs: 0x1f1aced14c39,
      orderRef: 0x10000000an,
      side: 'S',
      shares: 50,
      stock: 'ZVZZT',
      price: 100_100,
      attribution: 'NSDQ',
    });
  });
});

describe('the books', () => {
  it.each([1, 2, 3])(
    'are those of the engine that traded, whatever the pieces of the file (seed %i)',
    (seed) => {
      const market = new ItchMarket(seed, 4);
      const feed = new ItchFeed(FILE);
      const random = new Pcg32(100 + seed);
      for (let round = 0; round < 40; round++) {
        for (let step = 0; step < 250; step++) market.step();
        const bytes = market.take();
        for (let at = 0; at < bytes.length;) {
          const piece = 1 + random.uniform(random.uniform(2) === 0 ? 7 : 3000);
          // The piece is only lent: the reader must keep nothing of it.
          const lent = Uint8Array.from(bytes.subarray(at, at + piece));
          feed.feed(lent);
          lent.fill(0xff);
          at += piece;
        }
        market.books.forEach((book, locate) => expect(feed.books.stateHash(locate)).toBe(book.stateHash()));
      }
      feed.end();
      const { messages, quality, details } = feed.account();
      for (const name of ['order executed', 'order executed with price', 'order cancel', 'order replace']) {
        expect(messages[name]).toBeGreaterThan(100);
      }
      expect(quality).toMatchObject({ crossed: 0, locked: 0, unknownIds: 0, duplicates: 0, excessSizes: 0 });
      expect(details['live orders']).toBe(market.books.reduce((sum, book) => sum + book.ordersLive, 0));
    },
  );

  it('keep references of 64 bits apart', () => {
    const [small, large] = [0n, 2n ** 63n - 500n].map((refBase) => {
      const market = new ItchMarket(9, 2, refBase);
      for (let step = 0; step < 3000; step++) market.step();
      return read(market.take());
    }) as [ItchFeed, ItchFeed];
    for (const locate of [0, 1]) {
      for (const side of [BUY, SELL]) {
        const levels = ({ books }: ItchFeed): number[][] =>
          Array.from({ length: books.book(locate)!.levels(side) }, (_, i) => [
            books.book(locate)!.price(side, i),
            books.book(locate)!.qty(side, i),
          ]);
        expect(levels(large)).toEqual(levels(small));
        expect(levels(large).length).toBeGreaterThan(3);
      }
    }
  });
});

describe('what cannot be true', () => {
  it('is counted and changes no book', () => {
    const feed = read(
      add(1, 'B', 100, 5000),
      add(1, 'B', 70, 5001),
      add(2, 'S', 0, 6000),
      add(3, 'S', 5, 6000),
      itchFrame('E', { stockLocate: 1, orderRef: 5, shares: 1 }),
      itchFrame('D', { stockLocate: 1, orderRef: 6 }),
      itchFrame('U', { stockLocate: 1, orderRef: 7, newOrderRef: 8, shares: 1 }),
      itchFrame('U', { stockLocate: 1, orderRef: 1, newOrderRef: 9, shares: 0 }),
      itchFrame('X', { stockLocate: 2, orderRef: 1, shares: 10 }),
    );
    expect(feed.account().quality).toMatchObject({
      unknownIds: 3,
      duplicates: 1,
      zeroSizes: 2,
      excessSizes: 0,
      outOfOrder: 1,
    });
    expect(feed.account().details['messages about an order of another stock']).toBe(1);
    expect([feed.books.book(1)!.qty(BUY, 0), feed.books.book(2)]).toEqual([90, null]);
  });

  it('an execution of more than is left takes the order out', () => {
    const feed = read(add(1, 'S', 10, 5000), itchFrame('E', { stockLocate: 1, orderRef: 1, shares: 11 }));
    expect(feed.account().quality.excessSizes).toBe(1);
    expect(feed.books.ordersLive).toBe(0);
  });

  it('crossed and locked books are seen', () => {
    const feed = read(add(1, 'S', 10, 5000), add(2, 'B', 10, 5000), add(3, 'B', 10, 5001));
    expect(feed.account().quality).toMatchObject({ locked: 1, crossed: 1 });
  });

  it('a type of a later specification is skipped by its length and counted', () => {
    const feed = read(add(1, 'B', 10, 5000), hex('0003 5a0001'), add(2, 'B', 5, 5000));
    expect(feed.account().details['messages of unknown type']).toBe(1);
    expect([feed.rows, feed.books.book(1)!.qty(BUY, 0)]).toEqual([3, 15]);
  });
});

describe('bad files', () => {
  const day = itchFrame('D', { timestampNs: 86_400_000_000_000 });
  const cases: [string, Uint8Array[], string][] = [
    [
      'a frame cut off',
      [add(1, 'B', 1, 1), add(2, 'B', 1, 1).subarray(0, 20)],
      'message 2 (byte 38): expected a frame of 38 bytes; got 20',
    ],
    [
      'half a length',
      [add(1, 'B', 1, 1), hex('00')],
      'message 2 (byte 38): expected a frame of 2 bytes; got 1',
    ],
    [
      'a wrong length',
      [hex('000d 53 00000000000000000000000000')],
      'message 1 (byte 2): expected 12 bytes for message type S (system event); got 13',
    ],
    [
      'a side of neither',
      [add(1, 'B', 1, 1), add(2, 'Q', 1, 1)],
      'message 2 of type A, side (byte 59): expected B or S; got 81',
    ],
    ['a type that is no letter', [hex('0003 010203')], 'message 1, type (byte 2): expected a letter; got 1'],
    [
      'a time after midnight',
      [day],
      'message 1 of type D, timestamp (byte 7): expected nanoseconds since midnight',
    ],
    [
      'frames after the end',
      [add(1, 'B', 1, 1), hex('0000'), add(2, 'B', 1, 1)],
      'expected nothing after the end of the session',
    ],
    ['no messages', [hex('0000')], 'feed.itch: the file has no messages'],
  ];
  it.each(cases)('%s', (_, frames, message) => {
    expect(() => read(...frames)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
    expect(() => read(...frames)).toThrow(expect.objectContaining({ name: 'MmsError' }));
  });

  it('more live orders than the limit', () => {
    const feed = new ItchFeed(FILE, { maxOrders: 1 });
    const two = Buffer.concat([add(1, 'B', 1, 1), add(2, 'B', 1, 1)]);
    expect(() => feed.feed(two)).toThrow('feed.itch, message 2 (byte 40): expected fewer live orders');
  });
});

withShared('the public sample of 2019-12-30', (dir) => {
  it('has the counts, lengths and directory that were found independently', () => {
    const expected = JSON.parse(readFileSync(join(dir, 'data/itch/expected.json'), 'utf8'));
    const bytes = readFileSync(join(dir, 'data/itch/nasdaq_2019-12-30_first1000.itch50'));
    const directory: unknown[] = [];
    const counts: Record<string, number> = {};
    let event: ItchValues | null = null;
    const feed = new ItchFeed(FILE, {
      listener: (type, values) => {
        counts[type.letter] = (counts[type.letter] ?? 0) + 1;
        expect(expected.lengths[type.letter]).toEqual([type.bytes]);
        if (type.letter === 'S') event ??= values;
        if (type.letter !== 'R') return;
        const { stockLocate, stock, timestampNs, marketCategory, roundLotShares } = values;
        directory.push([stockLocate, stock, timestampNs, marketCategory, roundLotShares]);
      },
    });
    feed.feed(bytes);
    feed.end();
    expect(bytes.length).toBe(expected.bytes);
    expect(counts).toEqual(expected.counts);
    expect(event).toMatchObject({
      timestampNs: expected.first_system_event.timestamp_ns,
      eventCode: expected.first_system_event.event,
    });
    expect(directory.slice(0, 3)).toEqual(expected.directory_first3);
    expect(directory.at(-1)).toEqual(expected.directory_last);
    expect(feed.account().quality.outOfOrder).toBe(0);
  });
});
