/** Bench cases of single operations on a book that holds the 2,000 orders with which workload base begins. */
import { Book } from '../../src/core/book/book.js';
import { BUY, SELL, TIF_GTC } from '../../src/core/book/codes.js';
import { LevelSet } from '../../src/core/book/level-set.js';
import type { BenchCase } from './cases.js';
import { applyMessages, BBO_HASH_START, TradeTape } from './replay.js';
import { generateWorkload, LADDER_TICKS, VARIANTS } from './workload.js';

/** Does a thing `count` times on the book; returns a number that depends on each of them. */
type Operation = (book: Book, count: number, live: Int32Array) => number;

function bookCase(name: string, full: number, operation: Operation): BenchCase {
  return {
    name,
    unit: 'operations',
    sizes: { smoke: Math.min(full, 100), full },
    setup(count) {
      const { records, preload } = generateWorkload({ ...VARIANTS.base, messages: 0 });
      const tape = new TradeTape();
      const book = new Book({ ticks: LADDER_TICKS, orders: 2 * preload, ids: 2 * preload + 1 }, tape);
      // The build-up is of passive orders only, so all of them rest: ids 1..preload.
      const live = Int32Array.from({ length: preload }, (_, i) => i + 1);
      let result = 0;
      return {
        count,
        before: () => {
          tape.rewind();
          book.reset();
          applyMessages(book, records, 0, preload, BBO_HASH_START);
        },
        run: () => {
          result = operation(book, count, live);
          const figures = [result, tape.hash >>> 0, book.ordersLive, book.bestBidTicks, book.bestAskTicks];
          return figures.join('-');
        },
      };
    },
  };
}

const MIDDLE = LADDER_TICKS / 2;

/** Levels 300 ticks apart, walked down: what is looked for when a best level has gone. */
const bestLevelSearch: BenchCase = {
  name: 'book-best-level-search',
  unit: 'searches',
  sizes: { smoke: 100, full: 10_000 },
  setup(count) {
    const levels = new LevelSet(LADDER_TICKS);
    for (let level = 100; level < LADDER_TICKS; level += 300) levels.add(level);
    return {
      count,
      run() {
        let sum = 0;
        let level = LADDER_TICKS - 1;
        for (let i = 0; i < count; i++) {
          level = levels.below(level);
          if (level < 0) level = LADDER_TICKS - 1;
          sum = (sum + level) | 0;
        }
        return String(sum);
      },
    };
  },
};

export const microCases: readonly BenchCase[] = [
  bookCase('book-rest', 1_000, (book, count, live) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const away = 100 + ((i * 7) % 400);
      sum += book.limit(live.length + 1 + i, i & 1, MIDDLE + ((i & 1) === SELL ? away : -away), 5, TIF_GTC);
    }
    return sum;
  }),
  bookCase('book-cancel', 1_000, (book, count, live) => {
    let lots = 0;
    for (let i = 0; i < count; i++) lots += book.cancel(live[(i * 7) % live.length]!);
    return lots;
  }),
  bookCase('book-fill', 1_000, (book, count, live) => {
    let lots = 0;
    for (let i = 0; i < count; i++) lots += book.market(live.length + 1 + i, i & 1, 10);
    return lots;
  }),
  bookCase('book-replace', 1_000, (book, count, live) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const id = live[(i * 7) % live.length]!;
      const away = 100 + ((i * 11) % 400);
      sum += book.replace(id, MIDDLE + (book.sideOf(id) === BUY ? -away : away), 5);
    }
    return sum + book.qtyAt(MIDDLE - 100);
  }),
  bestLevelSearch,
  bookCase('book-snapshot', 20, (book, count) => {
    let bytes = 0;
    for (let i = 0; i < count; i++) bytes += book.snapshot().byteLength;
    return bytes;
  }),
  bookCase('book-state-hash', 20, (book, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = (sum + book.stateHash()) | 0;
    return sum;
  }),
];
