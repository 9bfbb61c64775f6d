/** The rules of Binance's update ids: what is applied, dropped and a gap, on examples and random streams. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUY } from '../../../src/core/book/codes.js';
import {
  DIFF_APPLY,
  DIFF_GAP,
  DIFF_STALE,
  DIFF_WAIT,
  DiffBook,
  SPOT,
} from '../../../src/core/feed/diff-book.js';

/** A book after a snapshot at id 100. */
function fresh(): DiffBook {
  const book = new DiffBook();
  book.snapshot(100);
  return book;
}

/** A book whose last difference ended at id 110. */
function running(): DiffBook {
  const book = fresh();
  book.end(110);
  return book;
}

describe('spot', () => {
  it.each([
    ['ends before the snapshot', 90, 99, DIFF_STALE],
    ['ends with the snapshot', 90, 100, DIFF_STALE],
    ['straddles the snapshot', 95, 105, DIFF_APPLY],
    ['begins right after it', 101, 101, DIFF_APPLY],
    ['misses one id', 102, 105, DIFF_GAP],
  ])('the first difference %s', (_, first, last, expected) => {
    expect(fresh().admit(first, last, SPOT)).toBe(expected);
  });

  it.each([
    ['follows', 111, 112, DIFF_APPLY],
    ['misses one id', 112, 113, DIFF_GAP],
    ['overlaps', 110, 112, DIFF_GAP],
    ['comes again', 101, 110, DIFF_STALE],
  ])('a later difference %s', (_, first, last, expected) => {
    expect(running().admit(first, last, SPOT)).toBe(expected);
  });
});

describe('USD-M futures', () => {
  it.each([
    ['ends before the snapshot', 90, 99, 89, DIFF_STALE],
    ['ends with the snapshot', 90, 100, 89, DIFF_APPLY],
    ['straddles the snapshot', 95, 105, 94, DIFF_APPLY],
    ['names the snapshot as its predecessor', 103, 105, 100, DIFF_APPLY],
    ['begins after it', 101, 105, 99, DIFF_GAP],
  ])('the first difference %s', (_, first, last, previous, expected) => {
    expect(fresh().admit(first, last, previous)).toBe(expected);
  });

  it.each([
    ['follows, its ids far away', 250, 300, 110, DIFF_APPLY],
    ['names another predecessor', 111, 120, 109, DIFF_GAP],
    ['comes again', 101, 110, 100, DIFF_STALE],
  ])('a later difference %s', (_, first, last, previous, expected) => {
    expect(running().admit(first, last, previous)).toBe(expected);
  });
});

describe('a book out of step', () => {
  it('waits until a snapshot comes, then goes on', () => {
    const book = new DiffBook();
    expect(book.admit(1, 2, SPOT)).toBe(DIFF_WAIT);
    book.snapshot(100);
    book.levels.set(BUY, 5, 5);
    expect(book.admit(110, 111, SPOT)).toBe(DIFF_GAP);
    expect([book.inSync, book.levels.levels(BUY)]).toEqual([false, 0]);
    expect(book.admit(112, 113, SPOT)).toBe(DIFF_WAIT);
    book.snapshot(112);
    expect(book.admit(112, 113, SPOT)).toBe(DIFF_APPLY);
  });

  it.each([
    ['spot', false],
    ['USD-M', true],
  ])('%s: whatever is lost or repeated, a book in step is the exchange’s book', (_, futures) => {
    const step = fc.record({ ids: fc.integer({ min: 1, max: 4 }), price: fc.nat(5), qty: fc.nat(3) });
    const event = fc.record({ step, fate: fc.constantFrom('ok', 'ok', 'ok', 'lost', 'twice', 'snapshot') });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60, size: 'max' }), (events) => {
        const book = new DiffBook();
        const truth = new Map<number, number>();
        let last = 100;
        let broken = true;
        for (const { step: made, fate } of events) {
          const [first, end, previous] = [last + 1, last + made.ids, last];
          truth.set(made.price, made.qty);
          last = end;
          const codes = (fate === 'lost' ? [] : fate === 'twice' ? [0, 1] : [0]).map(() => {
            const code = book.admit(first, end, futures ? previous : SPOT);
            if (code === DIFF_APPLY) {
              book.levels.set(BUY, made.price, made.qty);
              book.end(end);
            }
            return code;
          });
          if (fate === 'lost') broken = true;
          else if (broken) expect(codes.every((code) => code === DIFF_GAP || code === DIFF_WAIT)).toBe(true);
          else expect(codes).toEqual(fate === 'twice' ? [DIFF_APPLY, DIFF_STALE] : [DIFF_APPLY]);
          if (fate === 'snapshot') {
            book.snapshot(last);
            for (const [price, qty] of truth) book.levels.set(BUY, price, qty);
            broken = false;
          }
          if (broken) continue;
          expect(book.lastId).toBe(last);
          for (let price = 0; price < 6; price++) {
            expect(book.levels.qtyAt(BUY, price)).toBe(truth.get(price) ?? 0);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
