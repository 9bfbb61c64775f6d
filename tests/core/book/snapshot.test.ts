/** Snapshots: the same book comes back and goes on alike; nothing else is taken for one. */
import { expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import { NaiveBook } from '../../../src/core/book/naive.js';
import { SNAPSHOT_HEADER } from '../../../src/core/book/snapshot.js';
import { EventTape } from '../../bench/replay.js';
import { COMMAND_BOOK } from '../../support/book-commands.js';
import { RequestSource } from '../../support/book-requests.js';
import { Pcg32 } from '../../bench/pcg32.js';

const LARGER = { ...COMMAND_BOOK, ticks: 128, orders: 30, ids: 90 };

it('restores the same book, which goes on alike', () => {
  const source = new RequestSource(5);
  const book = new Book(COMMAND_BOOK, new EventTape());
  const other = new Book(LARGER, new EventTape());
  const [tape, otherTape] = [new EventTape(), new EventTape()];
  let live = book;
  let copy = other;
  let most = 0;
  for (let round = 0; round < 60; round++) {
    const snapshot = live.snapshot();
    live = new Book(COMMAND_BOOK, tape);
    copy = new Book(LARGER, otherTape);
    live.restore(snapshot);
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
  const book = new Book(COMMAND_BOOK, new EventTape());
  const naive = new NaiveBook(COMMAND_BOOK, new EventTape());
  for (let i = 0; i < 3_000; i++) source.apply(book, naive);
  return { book, snapshot: book.snapshot() };
}

it('refuses what is cut short, of another version or not a snapshot', () => {
  const { book, snapshot } = filled();
  const empty = new Book(COMMAND_BOOK, new EventTape()).stateHash();
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
    const book = new Book(COMMAND_BOOK, new EventTape());
    try {
      book.restore(words.buffer);
    } catch (error) {
      expect((error as Error).message).toMatch(/^not a snapshot of an order book/);
      refused++;
    }
    for (let id = 0; id < COMMAND_BOOK.maxIds; id++) book.cancel(id);
    expect(book.ordersLive).toBe(0);
  }
  expect(refused).toBeGreaterThan(1_000);
});
