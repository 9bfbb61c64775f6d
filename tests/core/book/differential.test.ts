/** The fast book against its slow twin: a million random commands, with bounds that are often met. */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import * as codes from '../../../src/core/book/codes.js';
import { NaiveBook } from '../../../src/core/book/naive.js';
import type { OrderBook } from '../../../src/core/book/types.js';
import { TradeTape } from '../../bench/replay.js';
import { applyCommand, COMMAND_BOOK, type Command, CommandSource } from '../../support/book-commands.js';

const COMMANDS = 1_000_000;

/** Everything that can be asked of a book. */
function view(book: OrderBook): unknown {
  const prices = new Int32Array(8);
  const lots = new Int32Array(8);
  const sides = [codes.BUY, codes.SELL].map((side) => {
    const count = book.depth(side, prices, lots, prices.length);
    return [Array.from(prices.subarray(0, count)), Array.from(lots.subarray(0, count))];
  });
  const orders = Array.from({ length: COMMAND_BOOK.maxIds + 2 }, (_, i) => i - 1).map((id) => [
    book.sideOf(id),
    book.priceOf(id),
    book.qtyOf(id),
    book.queueAheadLots(id),
    book.qtyAt(book.priceOf(id)),
  ]);
  return { sides, orders, hash: book.stateHash(), live: book.ordersLive };
}

describe('fast and naive book', () => {
  it(`agree on ${COMMANDS} random commands`, () => {
    const source = new CommandSource(7);
    const command: Command = { op: 'limit', id: 0, side: 0, priceTicks: 0, qtyLots: 0, tif: 0 };
    const fastTape = new TradeTape();
    const naiveTape = new TradeTape();
    const fast = new Book(COMMAND_BOOK, fastTape);
    const naive = new NaiveBook(COMMAND_BOOK, naiveTape);
    const met = new Map<number, number>();
    let different = 0;
    for (let i = 1; i <= COMMANDS; i++) {
      source.draw(command);
      const a = applyCommand(fast, command);
      const b = applyCommand(naive, command);
      if (a < 0) met.set(a, (met.get(a) ?? 0) + 1);
      const same =
        a === b &&
        fast.bestBidTicks === naive.bestBidTicks &&
        fast.bestAskTicks === naive.bestAskTicks &&
        fast.ordersLive === naive.ordersLive &&
        fastTape.hash === naiveTape.hash;
      if (!same) different = i;
      if (different > 0 || i % 1000 === 0) {
        expect(view(fast), `command ${i}`).toEqual(view(naive));
        expect(a, `command ${i}`).toBe(b);
        expect({ ...fastTape }, `command ${i}`).toEqual({ ...naiveTape });
        expect(different, 'first difference').toBe(0);
      }
      if (i % 50_000 === 0) {
        fast.reset();
        naive.reset();
      }
    }
    expect(fastTape.trades).toBeGreaterThan(COMMANDS / 20);
    const rejects = Object.entries(codes).filter(
      ([name, code]) => name.startsWith('REJECT_') && (code as number) >= codes.REJECT_FULL,
    );
    for (const [name, code] of rejects) expect(met.get(code) ?? 0, name).toBeGreaterThan(20);
  });
});
