/** Two million damaged bytes for each feed reader: E_DATA or a sane account, and no memory that stays. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { MmsError } from '../../src/contract/problem.js';
import { BUY, SELL } from '../../src/core/book/codes.js';
import type { LevelBook } from '../../src/core/feed/level-book.js';
import { BinanceFeed } from '../../src/data/binance.js';
import { BITSTAMP_HEADER, BitstampFeed } from '../../src/data/bitstamp.js';
import type { FeedReader } from '../../src/data/feed-account.js';
import { ItchFeed } from '../../src/data/itch.js';
import { ITCH_MESSAGES } from '../../src/data/itch-format.js';
import { LobsterBookAccount, LobsterMessageAccount } from '../../src/data/lobster-account.js';
import { Pcg32 } from '../bench/pcg32.js';
import { binanceCapture } from './binance-writer.js';
import { GOOD_BOOK, GOOD_MESSAGES } from './files.js';
import { ItchMarket } from './itch-writer.js';

const FILE = { path: '', label: 'fuzz', pointer: null };
const BYTES = 2_000_000;
/** Bytes of one fuzzed file. */
const PIECE = 4000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Heap and buffers in bytes after a full collection. */
function memory(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Every level has a quantity, levels are sorted. */
function sane(book: LevelBook | null): void {
  if (book === null) return;
  for (const side of [BUY, SELL]) {
    for (let i = 0; i < book.levels(side); i++) {
      if (!(book.qty(side, i) > 0)) throw new Error(`level ${i} holds ${book.qty(side, i)}`);
      const next = book.price(side, i + 1);
      const better = side === BUY ? book.price(side, i) > next : book.price(side, i) < next;
      if (i + 1 < book.levels(side) && !better) throw new Error(`level ${i} is out of place`);
    }
  }
}

/** Counts of an account are whole and not below 0. */
function saneAccount(reader: FeedReader): void {
  const { rows, quality, messages } = reader.account();
  for (const count of [rows, ...Object.values(quality), ...Object.values(messages)]) {
    if (count !== null && !(Number.isSafeInteger(count) && count >= 0))
      throw new Error(`a count of ${count}`);
  }
}

/** Bytes from..to-1 of `good` with some of them changed, dropped or doubled. */
function damaged(good: Uint8Array, random: Pcg32, from: number, to: number): Uint8Array {
  const bytes = Buffer.from(good.subarray(from, to));
  const hits = random.uniform(4);
  for (let i = 0; i < hits; i++) {
    const at = random.uniform(bytes.length);
    const what = random.uniform(3);
    if (what === 0) bytes[at] = random.uniform(256);
    else if (what === 1) bytes[at] = bytes[random.uniform(bytes.length)]!;
    else bytes.copyWithin(at, at + 1 + random.uniform(8));
  }
  return bytes;
}

/** Feeds a file in two pieces; true when it was read to its end. Only E_DATA may be thrown. */
function survives(reader: FeedReader, bytes: Uint8Array, random: Pcg32): boolean {
  const cut = random.uniform(bytes.length + 1);
  try {
    reader.feed(bytes.subarray(0, cut));
    reader.feed(bytes.subarray(cut));
    reader.end();
    return true;
  } catch (error) {
    if (!(error instanceof MmsError) || error.problem.code !== 'E_DATA') throw error;
    if (!error.message.startsWith('fuzz')) throw new Error(`no file in: ${error.message}`);
    return false;
  } finally {
    saneAccount(reader);
  }
}

/** Some lines of `text`, damaged, under a header. */
function textCase(text: string, header = ''): (random: Pcg32) => Uint8Array {
  const body = Buffer.from(text);
  return (random) => {
    const from = body.indexOf('\n', random.uniform(body.length - PIECE)) + 1;
    const to = body.lastIndexOf('\n', from + PIECE);
    return Buffer.concat([Buffer.from(header), damaged(body, random, from, to)]);
  };
}

const market = new ItchMarket(3, 3);
for (let step = 0; step < 6000; step++) market.step();
const itchBytes = market.take();
const itchStarts = [0];
for (let at = 0; at < itchBytes.length; itchStarts.push(at))
  at += 2 + itchBytes[at]! * 256 + itchBytes[at + 1]!;

const capture = binanceCapture({ differences: 2000, seed: 8 }).lines.join('\n');
const events = Array.from({ length: 4000 }, (_, i) => {
  const action = ['created', 'changed', 'deleted'][(i * 7) % 3];
  return `${(i * i) % 97},${1430438404518 + i},1430438404000,${230 + (i % 9)}.${i % 100},${i % 5},${action},${i % 2 ? 'bid' : 'ask'}`;
}).join('\n');

const cases: [string, () => FeedReader, (random: Pcg32) => Uint8Array, (reader: any) => void][] = [
  [
    'ITCH',
    () => new ItchFeed(FILE),
    (random) => {
      const first = random.uniform(itchStarts.length - 120);
      return damaged(itchBytes, random, itchStarts[first]!, itchStarts[first + 110]!);
    },
    ({ books }: ItchFeed) => [0, 1, 2].forEach((locate) => sane(books.book(locate))),
  ],
  [
    'Bitstamp',
    () => new BitstampFeed(FILE),
    textCase(events, BITSTAMP_HEADER + '\n'),
    ({ books }: BitstampFeed) => sane(books.book(0)),
  ],
  ['Binance', () => new BinanceFeed(FILE), textCase(capture), ({ book }: BinanceFeed) => sane(book.levels)],
  [
    'LOBSTER messages',
    () => new LobsterMessageAccount(FILE),
    textCase((GOOD_MESSAGES + '\n').repeat(50)),
    ({ books }: LobsterMessageAccount) => sane(books.book(0)),
  ],
  [
    'LOBSTER orderbook',
    () => new LobsterBookAccount(FILE),
    textCase((GOOD_BOOK + '\n').repeat(50)),
    () => undefined,
  ],
];

describe('damaged files', () => {
  it.each(cases)('%s: E_DATA or a sane book', (_, make, draw, check) => {
    const random = new Pcg32(77);
    let [bytes, whole, refused] = [0, 0, 0];
    while (bytes < BYTES) {
      const file = draw(random);
      bytes += file.length;
      const reader = make();
      if (survives(reader, file, random)) whole++;
      else refused++;
      check(reader);
    }
    // Both ways must have been taken, or nothing was tested.
    expect(whole).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(10);
  });

  it.each(cases)('%s: random bytes', (_, make) => {
    const random = new Pcg32(78);
    for (let bytes = 0; bytes < 200_000;) {
      const file = Buffer.from(Array.from({ length: 1 + random.uniform(200) }, () => random.uniform(256)));
      bytes += file.length;
      survives(make(), file, random);
    }
  });
});

describe('one endless ITCH stream of random messages', () => {
  it('leaves sane books and no more memory after many millions of bytes than after the first', () => {
    const random = new Pcg32(79);
    const feed = new ItchFeed(FILE);
    const frame = Buffer.alloc(64);
    const round = (): void => {
      for (let bytes = 0; bytes < BYTES;) {
        const { letter, bytes: length } = ITCH_MESSAGES[random.uniform(ITCH_MESSAGES.length)]!;
        for (let i = 0; i < frame.length; i++) frame[i] = random.uniform(256);
        frame.writeUInt16BE(length);
        frame.write(letter, 2);
        // Few stocks, references and prices, so that messages meet; times of the day.
        frame.writeUInt16BE(random.uniform(16), 3);
        frame.writeUInt8(random.uniform(64), 7);
        frame.writeUInt8(0, 8);
        frame.writeBigUInt64BE(BigInt(random.uniform(4096)), 13);
        if (letter === 'A' || letter === 'F') frame.write(random.uniform(2) === 0 ? 'B' : 'S', 21);
        if (letter === 'U') frame.writeBigUInt64BE(BigInt(random.uniform(4096)), 21);
        feed.feed(frame.subarray(0, 2 + length));
        bytes += 2 + length;
      }
    };
    round();
    const before = memory();
    round();
    round();
    expect(memory() - before).toBeLessThan(1 << 20);
    for (let locate = 0; locate < 16; locate++) sane(feed.books.book(locate));
    const { quality } = feed.account();
    for (const count of [quality.unknownIds, quality.duplicates, quality.crossed])
      expect(count).toBeGreaterThan(100);
    expect(feed.books.ordersLive).toBeLessThanOrEqual(4096);
  });
});
