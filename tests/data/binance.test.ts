/** The Binance reader: the sample's facts, captures of known books, lost lines found, bad lines named. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BUY, SELL } from '../../src/core/book/codes.js';
import { BinanceFeed } from '../../src/data/binance.js';
import { scaledText } from '../../src/data/decimal.js';
import { withShared } from '../support/shared.js';
import { binanceCapture } from './binance-writer.js';

const FILE = { path: '', label: 'capture', pointer: null };

function read(lines: readonly string[]): BinanceFeed {
  const feed = new BinanceFeed(FILE);
  feed.feed(Buffer.from(lines.join('\n')));
  feed.end();
  return feed;
}

/** Levels of a side as text, best first. */
function levelsOf(feed: BinanceFeed, side: number): [string, string][] {
  const { levels } = feed.book;
  return Array.from({ length: levels.levels(side) }, (_, i) => [
    scaledText(levels.price(side, i), feed.priceDecimals),
    scaledText(levels.qty(side, i), feed.qtyDecimals),
  ]);
}

const plain = (text: string): string => String(Number(text));
const sorted = (side: Map<string, string>, sign: number): [string, string][] =>
  [...side]
    .sort(([a], [b]) => sign * (Number(a) - Number(b)))
    .map(([price, qty]) => [plain(price), plain(qty)]);

describe.each([
  ['spot', false],
  ['USD-M', true],
])('a %s capture', (_, futures) => {
  const capture = binanceCapture({ futures, differences: 400, seed: 5 });

  it('gives the book of the exchange, equal to every quote, without a gap', () => {
    const feed = read(capture.lines);
    expect(levelsOf(feed, BUY)).toEqual(sorted(capture.bids, -1));
    expect(levelsOf(feed, SELL)).toEqual(sorted(capture.asks, 1));
    // The difference that the snapshot falls into came before it and was kept.
    expect([feed.applied, feed.stale, feed.gaps, feed.duplicates, feed.lost]).toEqual([399, 1, 0, 0, 0]);
    expect(feed.quotesEqual).toBeGreaterThan(50);
    expect(feed.quotesDifferent).toBe(0);
    expect(feed.account().quality).toMatchObject({ outOfOrder: 0, crossed: 0, locked: 0 });
  });

  it('with a line lost has one gap, a book that is not known, and is in step after another snapshot', () => {
    const at = capture.lines.findIndex((line, i) => i > 100 && line.includes('depthUpdate'));
    const broken = capture.lines.toSpliced(at, 1);
    const feed = read(broken);
    expect(feed.gaps).toBe(1);
    expect([feed.book.inSync, feed.book.levels.levels(BUY)]).toEqual([false, 0]);
    expect(feed.applied + feed.stale + feed.lost).toBe(399);
    expect(feed.account().details['book at the end']).toBe('needs another snapshot');
    const id = Number(/"u":(\d+)/.exec(capture.lines.findLast((line) => line.includes('depthUpdate'))!)![1]);
    const snapshot = { lastUpdateId: id, bids: [...capture.bids], asks: [...capture.asks] };
    const mended = read([...broken, JSON.stringify(snapshot)]);
    expect([mended.gaps, mended.book.inSync]).toEqual([1, true]);
    expect(levelsOf(mended, BUY)).toEqual(sorted(capture.bids, -1));
  });

  it('with lines that come twice counts duplicates and keeps the book', () => {
    const at = capture.lines.findIndex((line, i) => i > 100 && line.includes('depthUpdate'));
    const feed = read(capture.lines.toSpliced(at, 0, capture.lines[at]!, capture.lines[at - 20]!));
    expect(feed.duplicates).toBeGreaterThan(0);
    expect(feed.gaps).toBe(0);
    expect(levelsOf(feed, SELL)).toEqual(sorted(capture.asks, 1));
  });
});

describe('a snapshot that the book has passed', () => {
  it('is counted and changes nothing', () => {
    const { lines, bids } = binanceCapture({ differences: 50, seed: 6 });
    const old = JSON.stringify({ lastUpdateId: 1002, bids: [['1', '1']], asks: [] });
    const feed = read([...lines, old]);
    expect(levelsOf(feed, BUY)).toEqual(sorted(bids, -1));
    expect(feed.account().details['snapshots not needed']).toBe(1);
  });
});

describe('numbers', () => {
  const depth = (first: number, b: unknown[], a: unknown[] = []): string =>
    JSON.stringify({ e: 'depthUpdate', E: 1, s: 'X', U: first, u: first, b, a });
  const snapshot = (bids: unknown[], asks: unknown[]): string =>
    JSON.stringify({ lastUpdateId: 1, bids, asks });

  it('of a coin in the trillions and of one with eight decimals keep every digit', () => {
    const feed = read([
      snapshot([['0.00000123', '9007199254740991.00']], []),
      depth(2, [['0.00000122', '7']]),
    ]);
    expect(levelsOf(feed, BUY)).toEqual([
      ['0.00000123', '9007199254740991'],
      ['0.00000122', '7'],
    ]);
    const fine = read([
      snapshot([['60000.01', '1']], []),
      depth(2, [
        ['60000.01', '0.10000001'],
        ['59999', '2.5'],
      ]),
    ]);
    expect([fine.priceDecimals, fine.qtyDecimals]).toEqual([2, 8]);
    expect(levelsOf(fine, BUY)).toEqual([
      ['60000.01', '0.10000001'],
      ['59999', '2.5'],
    ]);
  });

  it('that would lose digits are refused', () => {
    const large = snapshot([['1', '9007199254740991']], []);
    expect(() => read([large, depth(2, [['2', '0.1']])])).toThrow(/^capture:2, field levels: .*2\^53/);
    expect(() => read([snapshot([['1', '9007199254740992']], [])])).toThrow(/^capture:1, field quantity/);
  });

  it('show a crossed book and a quote that differs', () => {
    const feed = read([
      snapshot([['10', '1']], [['11', '1']]),
      JSON.stringify({ u: 1, s: 'X', b: '10.0', B: '1.0', a: '11', A: '1' }),
      JSON.stringify({ u: 1, s: 'X', b: '10.0', B: '2.0', a: '11', A: '1' }),
      depth(2, [['12', '1']]),
      depth(3, [
        ['12', '0'],
        ['11', '3'],
      ]),
    ]);
    expect([feed.quotesEqual, feed.quotesDifferent]).toEqual([1, 1]);
    expect(feed.account().quality).toMatchObject({ crossed: 1, locked: 1 });
  });
});

describe('bad lines', () => {
  const good = '{"e":"depthUpdate","E":1,"s":"X","U":1,"u":2,"b":[["1.5","2"]],"a":[]}';
  const cases: [string, string, RegExp][] = [
    ['no JSON', '{"e":', /^capture:1, field message: expected a JSON object/],
    ['a list', '[1]', /field message: expected a JSON object; got \[1\]$/],
    ['an empty line', '', /field message/],
    ['data that is no object', '{"stream":"x","data":7}', /field data: expected a JSON object; got 7/],
    ['a local time in seconds', `1723161254 ${good}`, /field local time: expected nanoseconds/],
    ['an event without a name', '{"x":1}', /field e: expected the name of an event; got nothing/],
    ['an id as text', good.replace('"U":1', '"U":"1"'), /field U: expected an integer .*; got "1"/],
    ['an id beyond 2^53', good.replace('"U":1', '"U":9007199254740993'), /field U/],
    ['an id that is missing', good.replace('"u":2,', ''), /field u: .*got nothing/],
    ['ids that go back', good.replace('"U":1', '"U":3'), /field u: expected at least U; got 2/],
    ['a price as a number', good.replace('"1.5"', '1.5'), /field b\[0\]\[0\]: expected decimal text/],
    ['a negative size', good.replace('"2"', '"-2"'), /field b\[0\]\[1\]: .*got "-2"/],
    ['nine decimals', good.replace('1.5', '1.123456789'), /field b\[0\]\[0\]: .*at most 8 decimals/],
    ['half a level', good.replace(',"2"', ''), /field b\[0\]: expected \[price, quantity\]/],
    ['no levels', good.replace('"a":[]', '"a":null'), /field a: expected a list/],
    ['no symbol', good.replace('"s":"X",', ''), /field s: expected a word/],
  ];
  it.each(cases)('%s', (_, line, message) => {
    expect(() => read([line, good])).toThrow(message);
    expect(() => read([line, good])).toThrow(expect.objectContaining({ name: 'MmsError' }));
  });

  it('a second symbol', () => {
    expect(() => read([good, good.replace('"X"', '"Y"')])).toThrow(
      /^capture:2, field s: expected X: one symbol/,
    );
  });
});

withShared('the ETHUSDT capture of 2024-08-08', (dir) => {
  it('has every fact that was found independently', () => {
    const expected = JSON.parse(readFileSync(join(dir, 'data/l2/expected.json'), 'utf8'));
    const feed = new BinanceFeed(FILE);
    feed.feed(gunzipSync(readFileSync(join(dir, 'data/l2/binance_spot_ethusdt_20240808.jsonl.gz'))));
    feed.end();
    const account = feed.account();
    expect(feed.rows).toBe(expected.lines);
    expect(account.messages).toEqual({
      bookTicker: expected.streams['ethusdt@bookTicker'],
      depthUpdate: expected.streams['ethusdt@depth@100ms'],
      trade: expected.streams['ethusdt@trade'],
      snapshot: expected.snapshots,
    });
    expect([feed.applied, feed.gaps, account.quality.crossed]).toEqual([
      expected.depth_events_applied,
      expected.sequence_gaps,
      expected.crossed_after_event,
    ]);
    expect([feed.quotesEqual, feed.quotesDifferent]).toEqual([
      expected.bookticker_same_update_id.equal,
      expected.bookticker_same_update_id.different,
    ]);
    expect(account.details['gaps in trade ids']).toBe(0);
    for (const [side, name] of [
      [BUY, 'bids'],
      [SELL, 'asks'],
    ] as const) {
      const levels = levelsOf(feed, side);
      const top = expected.final_top5[name].map(([price, qty]: [string, string]) => [
        plain(price),
        plain(qty),
      ]);
      expect(levels.length).toBe(expected.final_levels[name]);
      expect(levels.slice(0, 5)).toEqual(top);
    }
  });
});
