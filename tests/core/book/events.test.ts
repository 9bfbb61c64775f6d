/** The event stream: layout by example, both books alike, and views that rebuild the book from it alone. */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import * as c from '../../../src/core/book/codes.js';
import * as e from '../../../src/core/book/events.js';
import { NaiveBook } from '../../../src/core/book/naive.js';
import type { OrderBook } from '../../../src/core/book/types.js';
import { LevelView, OrderView } from '../../../src/core/book/views.js';
import { applyMessages, BBO_HASH_START, EventTape } from '../../bench/replay.js';
import { generateWorkload, LADDER_TICKS, VARIANTS } from '../../bench/workload.js';
import { applyCommand, COMMAND_BOOK, type Command, CommandSource } from '../../support/book-commands.js';

const SMALL = { ticks: 32, orders: 1, ids: 1 };

/** Keeps the used words of every record. */
class Tape implements e.EventSink {
  records: number[][] = [];
  onEvents(records: Int32Array, words: number): void {
    for (let at = 0; at < words; at += e.EVENT_WORDS) {
      const used = e.WORDS_USED[records[at]! & 255]!;
      this.records.push(Array.from(records.subarray(at, at + used)));
    }
  }
}

const word = (kind: number, side: number, cause = 0): number =>
  kind | (side << e.SIDE_SHIFT) | (cause << e.CAUSE_SHIFT);

it('says each thing that happens in one record', () => {
  const tape = new Tape();
  const book = new Book(SMALL, tape);
  book.limit(1, c.SELL, 101, 5, c.TIF_GTC);
  book.limit(2, c.SELL, 101, 4, c.TIF_GTC);
  book.limit(3, c.BUY, 102, 7, c.TIF_GTC);
  book.replace(2, 101, 1);
  book.replace(2, 103, 1);
  book.limit(4, c.BUY, 103, 3, c.TIF_IOC);
  book.market(5, c.SELL, 2);
  book.limit(6, c.BUY, 99, 8, c.TIF_GTC);
  book.cancel(6);
  book.cancel(6);
  expect(tape.records).toEqual([]);
  book.flush();
  expect(tape.records).toEqual([
    [word(e.EVENT_REST, c.SELL), 1, 101, 5, 5],
    [word(e.EVENT_REST, c.SELL), 2, 101, 4, 9],
    [word(e.EVENT_FILL, c.BUY), 1, 101, 5, 4, 3, 0],
    [word(e.EVENT_FILL, c.BUY), 2, 101, 2, 2, 3, 2],
    [word(e.EVENT_DONE, c.BUY), 3, c.NIL, 7, 0],
    [word(e.EVENT_REDUCE, c.SELL), 2, 101, 1, 1],
    [word(e.EVENT_CANCEL, c.SELL, e.CAUSE_REPLACE), 2, 101, 1, 0],
    [word(e.EVENT_REST, c.SELL), 2, 103, 1, 1],
    [word(e.EVENT_FILL, c.BUY), 2, 103, 1, 0, 4, 0],
    [word(e.EVENT_DONE, c.BUY), 4, c.NIL, 1, 2],
    [word(e.EVENT_DONE, c.SELL), 5, c.NIL, 0, 2],
    [word(e.EVENT_REST, c.BUY), 6, 99, 8, 8],
    [word(e.EVENT_CANCEL, c.BUY, e.CAUSE_CANCEL), 6, 99, 8, 0],
    [e.EVENT_REJECT, 6, c.NIL, c.REJECT_UNKNOWN_ID, 0],
  ]);
});

it('is the same from both books on 200,000 random commands', () => {
  const source = new CommandSource(23);
  const command: Command = { op: 'limit', id: 0, side: 0, priceTicks: 0, qtyLots: 0, tif: 0 };
  const tapes = [new EventTape(), new EventTape()];
  const fast = new Book(COMMAND_BOOK, tapes[0]!);
  const naive = new NaiveBook(COMMAND_BOOK, tapes[1]!);
  for (let i = 1; i <= 200_000; i++) {
    source.draw(command);
    applyCommand(fast, command);
    applyCommand(naive, command);
    if (i % 100 !== 0) continue;
    fast.flush();
    expect({ ...tapes[0] }, `command ${i}`).toEqual({ ...tapes[1] });
  }
  expect(tapes[0]!.records).toBeGreaterThan(200_000);
});

describe('views over the stream', () => {
  const prices = new Int32Array(LADDER_TICKS);
  const lots = new Int32Array(LADDER_TICKS);
  const levelsOf = (from: Pick<OrderBook, 'depth'>): number[][] =>
    [c.BUY, c.SELL].map((side) => {
      const count = from.depth(side, prices, lots, prices.length);
      return [...prices.subarray(0, count), ...lots.subarray(0, count)];
    });

  /** A book, and the views that hear of it alone. */
  function heard(): { book: Book; level: LevelView; order: OrderView; compare: (at: string) => void } {
    const level = new LevelView();
    const order = new OrderView(new NaiveBook(SMALL, { onTrade() {} }));
    const book = new Book(SMALL, {
      onEvents(records, words) {
        level.onEvents(records, words);
        order.onEvents(records, words);
      },
    });
    const compare = (at: string): void => {
      book.flush();
      expect(order.book.stateHash(), at).toBe(book.stateHash());
      expect(levelsOf(level), at).toEqual(levelsOf(book));
      expect([level.bestBidTicks, level.bestAskTicks], at).toEqual([book.bestBidTicks, book.bestAskTicks]);
    };
    return { book, level, order, compare };
  }

  it('follow 20,000 random commands', () => {
    const source = new CommandSource(29);
    const command: Command = { op: 'limit', id: 0, side: 0, priceTicks: 0, qtyLots: 0, tif: 0 };
    const { book, compare } = heard();
    for (let i = 1; i <= 20_000; i++) {
      source.draw(command);
      applyCommand(book, command);
      if (i % 50 === 0) compare(`command ${i}`);
    }
    expect(book.ordersLive).toBeGreaterThan(0);
  });

  it('hold the tiny workload at its end', () => {
    const workload = generateWorkload(VARIANTS.tiny);
    const { book, compare } = heard();
    applyMessages(book, workload.records, 0, workload.messages, BBO_HASH_START);
    compare('end');
    expect(book.ordersLive).toBe(187);
  });
});
