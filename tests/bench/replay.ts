/** Replays the order-book workload through a book and gives the figures by which engines are compared. */
import { BUY, SELL } from '../../src/core/book/codes.js';
import { EVENT_FILL, EVENT_WORDS, type EventSink, hashEvents } from '../../src/core/book/events.js';
import type { OrderBook, TradeSink } from '../../src/core/book/types.js';
import { LADDER_TICKS } from './workload.js';

/** What a replay must give, named as in ../shared/workloads/lob-expected.json. */
export interface Figures {
  readonly trades: number;
  /** Sums of lots and of price x lots. */
  readonly volume: number;
  readonly notional: number;
  readonly tradeHash: number;
  readonly bboHash: number;
  readonly endOrders: number;
  readonly endLevels: number;
  readonly endQty: number;
}

/** One step of the hash over trades and best prices. */
export function mixWord(hash: number, value: number): number {
  return Math.imul(hash ^ value, 16777619);
}

/** Hashes every trade in order: maker, taker, price, lots. */
export class TradeTape implements TradeSink {
  trades = 0;
  volume = 0;
  notional = 0;
  hash = 2166136261 | 0;

  rewind(): void {
    this.trades = 0;
    this.volume = 0;
    this.notional = 0;
    this.hash = 2166136261 | 0;
  }

  onTrade(makerId: number, takerId: number, priceTicks: number, qtyLots: number): void {
    this.trades++;
    this.volume += qtyLots;
    this.notional += priceTicks * qtyLots;
    const h = mixWord(mixWord(mixWord(mixWord(this.hash, makerId), takerId), priceTicks), qtyLots);
    this.hash = h ^ (h >>> 15);
  }
}

/** Reads every event as cheaply as can be: for timing. */
export class EventMeter implements EventSink {
  records = 0;
  sum = 0;

  rewind(): void {
    this.records = 0;
    this.sum = 0;
  }

  onEvents(words: Int32Array, count: number): void {
    this.records += count / EVENT_WORDS;
    let sum = this.sum;
    for (let at = 0; at < count; at = (at + 8) | 0) {
      sum = (sum + (words[at]! ^ words[at | 1]! ^ words[at | 2]! ^ words[at | 3]! ^ words[at | 4]!)) | 0;
    }
    this.sum = sum;
  }
}

/** Hashes the trades that an event stream tells, as TradeTape does: both ways must report the same ones. */
export class FillTape extends TradeTape implements EventSink {
  onEvents(words: Int32Array, count: number): void {
    for (let at = 0; at < count; at += EVENT_WORDS) {
      if ((words[at]! & 255) !== EVENT_FILL) continue;
      this.onTrade(words[at + 1]!, words[at + 5]!, words[at + 2]!, words[at + 3]!);
    }
  }
}

/** Hashes every used word of the events. */
export class EventTape implements EventSink {
  records = 0;
  sum = 2166136261 | 0;

  rewind(): void {
    this.records = 0;
    this.sum = 2166136261 | 0;
  }

  onEvents(words: Int32Array, count: number): void {
    this.records += count / EVENT_WORDS;
    this.sum = hashEvents(this.sum, words, count);
  }
}

/** Start of the hash over best prices. */
export const BBO_HASH_START = 2166136261 | 0;

/** Messages between two looks at the best prices. */
const BBO_EVERY = 1024;

/**
 * Applies messages from..to-1 and returns the hash of the best prices, which is taken every 1,024 messages.
 */
export function applyMessages(
  book: OrderBook,
  records: Int32Array,
  from: number,
  to: number,
  bboHash: number,
): number {
  let hash = bboHash;
  let start = from;
  for (;;) {
    const look = (start | (BBO_EVERY - 1)) + 1;
    if (look > to) break;
    applyRun(book, records, start, look);
    const h = mixWord(mixWord(hash, book.bestBidTicks), book.bestAskTicks);
    hash = h ^ (h >>> 15);
    start = look;
  }
  applyRun(book, records, start, to);
  return hash;
}

/**
 * Applies messages start..end-1. A short function that is called often: the compiler then takes it whole,
 * instead of entering a long loop half way. Numbers as in workload.ts: a name would be read at each use.
 */
function applyRun(book: OrderBook, records: Int32Array, start: number, end: number): void {
  const stop = end << 2;
  for (let at = start << 2; at < stop; at = (at + 4) | 0) {
    const word = records[at]!;
    const id = records[at | 1]!;
    const type = word & 255;
    if (type === 1 || type === 2) book.cancel(id);
    if (type === 0 || type === 2) book.limit(id, word >> 8, records[at | 2]!, records[at | 3]!, 0);
    else if (type === 3) book.market(id, word >> 8, records[at | 3]!);
  }
}

/** The figures after all messages were applied. */
export function figuresOf(book: OrderBook, tape: TradeTape, bboHash: number): Figures {
  const prices = new Int32Array(LADDER_TICKS);
  const lots = new Int32Array(LADDER_TICKS);
  let endLevels = 0;
  let endQty = 0;
  for (const side of [BUY, SELL]) {
    const levels = book.depth(side, prices, lots, LADDER_TICKS);
    endLevels += levels;
    for (let i = 0; i < levels; i++) endQty += lots[i]!;
  }
  const { trades, volume, notional } = tape;
  return {
    trades,
    volume,
    notional,
    tradeHash: tape.hash >>> 0,
    bboHash: bboHash >>> 0,
    endOrders: book.ordersLive,
    endLevels,
    endQty,
  };
}

/** Digest of a replay, short enough for a bench line. */
export function figuresDigest(figures: Figures): string {
  return [figures.tradeHash, figures.bboHash].map((h) => h.toString(16).padStart(8, '0')).join('-');
}
