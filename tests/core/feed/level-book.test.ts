/** The sorted levels of a feed's book against a Map, and the finer units that a rescaling gives. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUY, SELL } from '../../../src/core/book/codes.js';
import { LevelBook } from '../../../src/core/feed/level-book.js';

/** The obvious book: a Map per side, sorted when somebody looks. */
class NaiveLevels {
  private readonly sides = [new Map<number, number>(), new Map<number, number>()];

  set(side: number, price: number, qty: number): void {
    if (qty > 0) this.sides[side]!.set(price, qty);
    else this.sides[side]!.delete(price);
  }

  add(side: number, price: number, qty: number): void {
    this.set(side, price, (this.sides[side]!.get(price) ?? 0) + qty);
  }

  levels(side: number): [number, number][] {
    const sign = side === BUY ? -1 : 1;
    return [...this.sides[side]!].sort(([a], [b]) => sign * (a - b));
  }
}

function levelsOf(book: LevelBook, side: number): [number, number][] {
  return Array.from({ length: book.levels(side) }, (_, i) => [book.price(side, i), book.qty(side, i)]);
}

const change = fc.record({
  add: fc.boolean(),
  side: fc.constantFrom(BUY, SELL),
  price: fc.oneof(fc.nat(40), fc.nat(2 ** 40), fc.constant(Number.MAX_SAFE_INTEGER)),
  qty: fc.oneof(fc.constant(0), fc.nat(10), fc.nat(2 ** 50)),
  part: fc.nat(4),
});

describe('LevelBook', () => {
  it('equals a Map after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200, size: 'max' }), (changes) => {
        const book = new LevelBook();
        const naive = new NaiveLevels();
        for (const { add, side, price, qty, part } of changes) {
          const there = book.qtyAt(side, price);
          // A removal takes at most what is there, as callers promise.
          const by = add && part > 2 ? -Math.min(there, qty) : qty;
          if (add) {
            book.add(side, price, by);
            naive.add(side, price, by);
          } else {
            book.set(side, price, qty);
            naive.set(side, price, qty);
          }
        }
        for (const side of [BUY, SELL]) {
          expect(levelsOf(book, side)).toEqual(naive.levels(side));
          for (const [price, qty] of naive.levels(side)) expect(book.qtyAt(side, price)).toBe(qty);
          expect(book.price(side, book.levels(side))).toBeNaN();
          expect(book.qty(side, book.levels(side))).toBe(0);
        }
        const [bid, ask] = [naive.levels(BUY)[0], naive.levels(SELL)[0]];
        expect(book.overlap()).toBe(bid && ask ? bid[0] - ask[0] : NaN);
      }),
      { numRuns: 300 },
    );
  });

  it('holds many levels far from and near to the best', () => {
    const book = new LevelBook();
    for (let i = 0; i < 5000; i++) book.set(SELL, (i * 7919) % 5000, i + 1);
    expect(book.levels(SELL)).toBe(5000);
    for (let rank = 0; rank < 5000; rank++) expect(book.price(SELL, rank)).toBe(rank);
    for (let price = 0; price < 5000; price += 2) book.set(SELL, price, 0);
    expect(levelsOf(book, SELL).map(([price]) => price)).toEqual(
      Array.from({ length: 2500 }, (_, i) => 2 * i + 1),
    );
    book.clear();
    expect([book.levels(SELL), book.qtyAt(SELL, 1)]).toEqual([0, 0]);
  });

  it('is the same book in finer units until a number passes 2^53', () => {
    const book = new LevelBook();
    book.set(BUY, 268_380, 3);
    book.set(SELL, 268_381, 31);
    expect(book.rescale(100, 10_000)).toBe(true);
    expect(levelsOf(book, BUY)).toEqual([[26_838_000, 30_000]]);
    expect(levelsOf(book, SELL)).toEqual([[26_838_100, 310_000]]);
    expect(book.rescale(1, 10 ** 11)).toBe(false);
  });
});
