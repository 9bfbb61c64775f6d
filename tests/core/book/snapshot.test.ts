/** Snapshots: the same book comes back and goes on alike; nothing else is taken for one. */
import { expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import * as c from '../../../src/core/book/codes.js';
import { NaiveBook } from '../../../src/core/book/naive.js';
import { SNAPSHOT_HEADER } from '../../../src/core/book/snapshot.js';
import { EventTape } from '../../bench/replay.js';
import { RequestSource, SMALL_BOOK } from '../../support/book-requests.js';
import { Pcg32 } from '../../bench/pcg32.js';

const LARGER = { ...SMALL_BOOK, ticks: 128, orders: 30, ids: 60 };

it('restores the same book, which goes on alike', () => {
  const source = new RequestSource(5);
  const [tape, otherTape] = [new EventTape(), new EventTape()];
  const live = new Book(SMALL_BOOK, tape);
  let copy = new Book(LARGER, otherTape);
  let most = 0;
  for (let round = 0; round < 60; round++) {
    const snapshot = live.snapshot();
    copy = new Book(LARGER, otherTape);
    copy.restore(snapshot);
    expect(new Uint8Array(copy.snapshot())).toEqual(new Uint8Array(snapshot));
    for (let i = 0; i < 500; i++) {
      const [a, b] = source.apply(live, copy);
      expect(b).toBe(a);
    }
    live.flush();
    copy.flush();
    expect({ ...otherTape }).toEqual({ ...tape });
    expect(copy.stateHash()).toBe(live.stateHash());
    most = Math.max(most, live.ordersLive);
  }
  expect(most).toBeGreaterThan(10);
});

/** A book with orders of all types, and its snapshot. */
function filled(): { book: Book; snapshot: ArrayBuffer } {
  const source = new RequestSource(9);
  const book = new Book(SMALL_BOOK, new EventTape());
  const naive = new NaiveBook(SMALL_BOOK, new EventTape());
  for (let i = 0; i < 3_000; i++) source.apply(book, naive);
  return { book, snapshot: book.snapshot() };
}

it('refuses what is cut short, of another version or not a snapshot', () => {
  const { book, snapshot } = filled();
  const empty = new Book(SMALL_BOOK, new EventTape()).stateHash();
  for (const bytes of [0, 3, 8, 4 * SNAPSHOT_HEADER, snapshot.byteLength - 4, snapshot.byteLength - 1]) {
    expect(() => book.restore(snapshot.slice(0, bytes))).toThrow(/not a snapshot of an order book/);
    expect(book.stateHash()).toBe(empty);
  }
  const words = new Int32Array(snapshot.slice(0));
  words[1] = 2;
  expect(() => book.restore(words.buffer)).toThrow(/version 2, expected 1/);
  book.restore(snapshot);
  expect(book.stateHash()).not.toBe(empty);
});

it('survives 20,000 changed words: refused, or a book that still works', () => {
  const { snapshot } = filled();
  const random = new Pcg32(3);
  let refused = 0;
  for (let i = 0; i < 20_000; i++) {
    const words = new Int32Array(snapshot.slice(0));
    const value = random.uniform(4);
    words[random.uniform(words.length)] = value < 3 ? value - 1 : random.next() | 0;
    const book = new Book(SMALL_BOOK, new EventTape());
    try {
      book.restore(words.buffer);
    } catch (error) {
      expect((error as Error).message).toMatch(/^not a snapshot of an order book/);
      refused++;
    }
    for (let id = 0; id < SMALL_BOOK.maxIds; id++) book.cancel(id);
    expect(book.ordersLive).toBe(0);
  }
  expect(refused).toBeGreaterThan(1_000);
});

it('keeps a halt, the price band and the rule of allocation', () => {
  const book = new Book(SMALL_BOOK, new EventTape());
  book.band(90, 110);
  book.allocate(c.ALLOCATE_TOP_PRO_RATA);
  book.halt(true);
  const copy = new Book(SMALL_BOOK, new EventTape());
  copy.restore(book.snapshot());
  expect(new Uint8Array(copy.snapshot())).toEqual(new Uint8Array(book.snapshot()));
  expect(copy.limit(1, c.BUY, 100, 5, c.TIF_GTC)).toBe(c.REJECT_HALTED);
  copy.halt(false);
  expect(copy.limit(1, c.BUY, 111, 5, c.TIF_GTC)).toBe(c.REJECT_BAND);
  expect(copy.limit(1, c.BUY, 100, 5, c.TIF_GTC)).toBe(0);
});
