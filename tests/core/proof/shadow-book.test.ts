/** The shadow of a book objects to what is wrong, and to nothing else. */
import { describe, expect, it } from 'vitest';
import { BUY, SELL } from '../../../src/core/book/codes.js';
import { ShadowBook } from '../../../src/core/proof/shadow-book.js';

/** Two sell orders at 101, the older one of 5 lots, and one at 102. */
function threeSells(): ShadowBook {
  const shadow = new ShadowBook();
  shadow.entered(1, SELL, 101, 5, 0, true);
  shadow.entered(2, SELL, 101, 4, 0, true);
  shadow.entered(3, SELL, 102, 3, 0, true);
  return shadow;
}

describe('ShadowBook', () => {
  it('has nothing to say against trades in turn, part fills, cancels and dropped lots', () => {
    const shadow = threeSells();
    shadow.onTrade(1, 9, 101, 5, BUY);
    shadow.onTrade(2, 9, 101, 1, BUY);
    shadow.entered(9, BUY, 101, 8, 6, false);
    expect(shadow.aheadOf(2)).toBe(0);
    shadow.cancelled(2, 3);
    expect([shadow.outOfTurn, shadow.overfilled]).toEqual([0, 0]);
    expect([shadow.missingLots(BUY), shadow.missingLots(SELL)]).toEqual([0, 0]);
    expect([shadow.lots[BUY]!.traded, shadow.lots[SELL]!.traded]).toEqual([6, 6]);
  });

  it('objects to a younger order, a worse price, an unknown maker and lots beyond the order', () => {
    const shadow = threeSells();
    shadow.onTrade(2, 9, 101, 1, BUY);
    expect(shadow.outOfTurn).toBe(1);
    shadow.onTrade(3, 9, 102, 1, BUY);
    expect(shadow.outOfTurn).toBe(2);
    shadow.onTrade(1, 9, 101, 6, BUY);
    expect([shadow.outOfTurn, shadow.overfilled]).toEqual([2, 1]);
    shadow.onTrade(7, 9, 101, 1, BUY);
    expect([shadow.outOfTurn, shadow.overfilled]).toEqual([3, 2]);
  });

  it('finds lots that are told to the taker but not to a maker', () => {
    const shadow = threeSells();
    shadow.onTrade(1, 9, 101, 2, BUY);
    shadow.entered(9, BUY, 101, 5, 3, false);
    expect(shadow.lots[BUY]!.traded - shadow.lots[SELL]!.traded).toBe(1);
    shadow.cancelled(1, 2);
    expect(shadow.missingLots(SELL)).toBe(1);
  });
});
