/**
 * The order-book workload, version 1: a deterministic stream of limit, cancel, replace and market messages
 * that other engines replay too, so that speeds can be compared once the hashes agree.
 *
 * The rules are public: PCG32 draws; per step 7 % aggressive, 3 % replace, else cancel or passive limit with
 * a chance that holds the number of live orders near a target. Order of the draws: kind before side, price
 * before quantity. A replaced order goes to the end of the list from which a random live order is drawn.
 * Figures that a right generator gives stand in ../shared/workloads/lob-expected.json (base, mid, deep) and
 * in workload.test.ts (tiny).
 */
import { Book } from '../../src/core/book/book.js';
import { BUY, NIL, SELL, TIF_GTC } from '../../src/core/book/codes.js';
import type { TradeSink } from '../../src/core/book/types.js';
import { Pcg32 } from './pcg32.js';

export const LIMIT = 0;
export const CANCEL = 1;
export const REPLACE = 2;
export const MARKET = 3;

/** Int32 words of a message: type | side << 8, order id, price in ticks, quantity in lots. */
export const WORDS = 4;
/** Prices lie in 0..LADDER_TICKS-1. */
export const LADDER_TICKS = 65_536;

export interface Variant {
  readonly name: string;
  /** Messages after the build-up. */
  readonly messages: number;
  /** Live orders that the flow hovers about; the build-up is so many passive orders. */
  readonly target: number;
  /** Mean of the geometric distance of a passive price. */
  readonly meanTicks: number;
  readonly seed: number;
}

export const VARIANTS = {
  tiny: { name: 'tiny', messages: 20_000, target: 200, meanTicks: 12, seed: 41 },
  base: { name: 'base', messages: 5_000_000, target: 2_000, meanTicks: 12, seed: 42 },
  mid: { name: 'mid', messages: 5_000_000, target: 5_000, meanTicks: 25, seed: 44 },
  deep: { name: 'deep', messages: 5_000_000, target: 100_000, meanTicks: 250, seed: 43 },
} as const satisfies Record<string, Variant>;

/** How many messages of each sort were drawn, the build-up included. */
export interface Counts {
  passive: number;
  cancel: number;
  replace: number;
  market: number;
  crossLimit: number;
  sweep: number;
}

export interface Workload {
  readonly variant: Variant;
  /** WORDS per message. */
  readonly records: Int32Array;
  readonly messages: number;
  /** The first messages, which build the book up and are not timed. */
  readonly preload: number;
  /** Highest order id + 1. */
  readonly ids: number;
  readonly counts: Counts;
}

/** Draws the messages of a variant; about 0.1 microseconds each. */
export function generateWorkload(variant: Variant): Workload {
  return new Generator(variant).run();
}

/** The workload as a file: 64-byte header of u32 words, then 16 bytes a message, all little-endian. */
export function workloadFile(workload: Workload): Uint8Array {
  const { variant, messages, preload, ids, records } = workload;
  const header = [0x4c4f424d, 1, messages, preload, ids, 0, LADDER_TICKS, variant.seed, variant.target];
  const view = new DataView(new ArrayBuffer(64 + 16 * messages));
  header.forEach((word, i) => view.setUint32(4 * i, word, true));
  for (let i = 0; i < records.length; i++) view.setInt32(64 + 4 * i, records[i]!, true);
  return new Uint8Array(view.buffer);
}

/**
 * Draws messages and keeps the reference book that tells which orders live. It is the sink of its own book.
 */
class Generator implements TradeSink {
  private readonly variant: Variant;
  private readonly random: Pcg32;
  private readonly book: Book;
  private readonly records: Int32Array;
  private readonly logRatio: number;
  /** Ids of the live orders in no particular order, and each id's place among them. */
  private readonly live: Int32Array;
  private readonly placeOf: Int32Array;
  private liveCount = 0;
  /** Makers of the message at hand. */
  private readonly makers: number[] = [];
  private lastTicks = LADDER_TICKS / 2;
  private messages = 0;
  private lastId = 0;
  private readonly counts: Counts = { passive: 0, cancel: 0, replace: 0, market: 0, crossLimit: 0, sweep: 0 };

  constructor(variant: Variant) {
    const all = variant.target + variant.messages;
    this.variant = variant;
    this.random = new Pcg32(variant.seed);
    this.book = new Book({ ticks: LADDER_TICKS, orders: 2 * variant.target, ids: all + 1 }, this);
    this.records = new Int32Array(all * WORDS);
    this.logRatio = Math.log(1 - 1 / (variant.meanTicks + 1));
    this.live = new Int32Array(all);
    this.placeOf = new Int32Array(all + 1);
  }

  onTrade(makerId: number, _takerId: number, priceTicks: number): void {
    this.lastTicks = priceTicks;
    this.makers.push(makerId);
  }

  run(): Workload {
    const { target } = this.variant;
    while (this.liveCount < target) this.passive();
    const preload = this.messages;
    for (let i = 0; i < this.variant.messages; i++) {
      const r = this.random.uniform(1000);
      if (r < 70) this.aggressive();
      else if (r < 100 && this.liveCount > 0) this.replace();
      else if (r >= 100 && this.random.uniform(1000) < this.cancelChance()) this.cancel();
      else this.passive();
    }
    return {
      variant: this.variant,
      records: this.records.subarray(0, this.messages * WORDS),
      messages: this.messages,
      preload,
      ids: this.lastId + 1,
      counts: this.counts,
    };
  }

  private passive(): void {
    const side = this.random.uniform(2);
    const priceTicks = this.passiveTicks(side);
    this.counts.passive++;
    this.limit(side, priceTicks, 1 + this.random.uniform(100));
  }

  private aggressive(): void {
    const kind = this.random.uniform(100);
    const side = this.random.uniform(2);
    const best = side === BUY ? this.book.bestAskTicks : this.book.bestBidTicks;
    if (best === NIL) {
      this.passive();
    } else if (kind < 65) {
      this.counts.market++;
      this.market(side, 1 + this.random.uniform(100));
    } else if (kind < 99) {
      const through = this.random.uniform(4);
      this.counts.crossLimit++;
      this.limit(side, side === BUY ? best + through : best - through, 1 + this.random.uniform(100));
    } else {
      this.counts.sweep++;
      this.market(side, 1000 + this.random.uniform(2000));
    }
  }

  private replace(): void {
    const id = this.randomLive();
    const side = this.book.sideOf(id);
    const priceTicks = this.passiveTicks(side);
    const qtyLots = 1 + this.random.uniform(100);
    this.counts.replace++;
    this.record(REPLACE, side, id, priceTicks, qtyLots);
    this.book.cancel(id);
    this.forget(id);
    this.book.limit(id, side, priceTicks, qtyLots, TIF_GTC);
    this.remember(id);
  }

  private cancel(): void {
    const id = this.randomLive();
    this.counts.cancel++;
    this.record(CANCEL, this.book.sideOf(id), id, 0, 0);
    this.book.cancel(id);
    this.forget(id);
  }

  private limit(side: number, priceTicks: number, qtyLots: number): void {
    const id = ++this.lastId;
    this.record(LIMIT, side, id, priceTicks, qtyLots);
    this.book.limit(id, side, priceTicks, qtyLots, TIF_GTC);
    this.forgetFilled();
    if (this.book.qtyOf(id) > 0) this.remember(id);
  }

  private market(side: number, qtyLots: number): void {
    const id = ++this.lastId;
    this.record(MARKET, side, id, 0, qtyLots);
    this.book.market(id, side, qtyLots);
    this.forgetFilled();
  }

  private cancelChance(): number {
    if (this.liveCount === 0) return 0;
    return Math.min(950, Math.max(50, Math.floor((500 * this.liveCount) / this.variant.target)));
  }

  private passiveTicks(side: number): number {
    const best = side === BUY ? this.book.bestAskTicks : this.book.bestBidTicks;
    const from = best === NIL ? this.lastTicks : best;
    const away = 1 + this.geometric();
    return Math.min(LADDER_TICKS - 2, Math.max(1, side === SELL ? from + away : from - away));
  }

  private geometric(): number {
    const drawn = Math.floor(Math.log(1 - this.random.next() / 2 ** 32) / this.logRatio);
    return Math.min(drawn, 20 * this.variant.meanTicks + 20);
  }

  private randomLive(): number {
    return this.live[this.random.uniform(this.liveCount)]!;
  }

  private remember(id: number): void {
    this.placeOf[id] = this.liveCount;
    this.live[this.liveCount++] = id;
  }

  private forget(id: number): void {
    const last = this.live[--this.liveCount]!;
    const place = this.placeOf[id]!;
    this.live[place] = last;
    this.placeOf[last] = place;
  }

  private forgetFilled(): void {
    for (const id of this.makers) if (this.book.qtyOf(id) === 0) this.forget(id);
    this.makers.length = 0;
  }

  private record(type: number, side: number, id: number, priceTicks: number, qtyLots: number): void {
    const at = this.messages++ * WORDS;
    this.records[at] = type | (side << 8);
    this.records[at + 1] = id;
    this.records[at + 2] = priceTicks;
    this.records[at + 3] = qtyLots;
  }
}
