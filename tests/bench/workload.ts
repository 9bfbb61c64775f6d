/**
 * The order-book workload, version 1: a deterministic stream of limit, cancel, replace and market messages
 * that other engines replay too, so that speeds can be compared once the hashes agree.
 *
 * The rules are public: PCG32 draws; per step 7 % aggressive, 3 % replace, else cancel or passive limit with
 * a chance that holds the number of live orders near a target. Order of the draws: kind before side, price
 * before quantity. A replaced order goes to the end of the list from which a random live order is drawn.
 * Figures that a right generator gives stand in ../shared/workloads/lob-expected.json (base, mid, deep) and
 * in workload.test.ts (tiny).
 * Two variants of our own go where a ladder hurts. sparse: the same rules with a few hundred orders whose
 * levels lie spacingTicks apart. wide-swing: the flow of base, but every jumpEvery messages a market order
 * takes a whole side and the price goes on up to 60,000 ticks away, while old orders wait where they were.
 */
import { readFileSync } from 'node:fs';
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
/** Levels of the ladder with which a book starts; prices of the published variants stay within. */
export const LADDER_TICKS = 65_536;

export interface Variant {
  readonly name: string;
  /** Messages after the build-up. */
  readonly messages: number;
  /** Live orders that the flow hovers about; the build-up is so many passive orders. */
  readonly target: number;
  /** Mean of the geometric distance of a passive price, in spacings. */
  readonly meanTicks: number;
  readonly seed: number;
  /** Distance of neighbouring levels; 1 when absent. */
  readonly spacingTicks?: number;
  /** Prices lie in 0..priceEndTicks-1 and start in the middle; LADDER_TICKS when absent. */
  readonly priceEndTicks?: number;
  /** Messages between two jumps of the price; none when absent. */
  readonly jumpEvery?: number;
}

const WHOLE: Record<'tiny' | 'base' | 'mid' | 'deep' | 'sparse' | 'wide-swing', Variant> = {
  tiny: { name: 'tiny', messages: 20_000, target: 200, meanTicks: 12, seed: 41 },
  base: { name: 'base', messages: 5_000_000, target: 2_000, meanTicks: 12, seed: 42 },
  mid: { name: 'mid', messages: 5_000_000, target: 5_000, meanTicks: 25, seed: 44 },
  deep: { name: 'deep', messages: 5_000_000, target: 100_000, meanTicks: 250, seed: 43 },
  sparse: {
    name: 'sparse',
    messages: 5_000_000,
    target: 300,
    meanTicks: 12,
    seed: 45,
    spacingTicks: 300,
    priceEndTicks: 1 << 22,
  },
  'wide-swing': {
    name: 'wide-swing',
    messages: 5_000_000,
    target: 2_000,
    meanTicks: 12,
    seed: 46,
    priceEndTicks: 1 << 24,
    jumpEvery: 25_000,
  },
};

/**
 * Every variant, and the beginnings of some for slow peers: the draws come in order, so fewer are a prefix.
 */
export const VARIANTS = {
  ...WHOLE,
  'base-prefix': { ...WHOLE.base, messages: 300_000 },
  'deep-prefix': { ...WHOLE.deep, messages: 150_000 },
  'sparse-prefix': { ...WHOLE.sparse, messages: 100_000 },
  'wide-swing-prefix': { ...WHOLE['wide-swing'], messages: 100_000 },
};

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

/** Orders at the new price that follow a jump. */
const PIONEERS = 50;

/** Draws the messages of a variant; about 0.1 microseconds each. */
export function generateWorkload(variant: Variant): Workload {
  return new Generator(variant).run();
}

/** The workload as a file: 64-byte header of u32 words, then 16 bytes a message, all little-endian. */
export function workloadFile(workload: Workload): Uint8Array {
  const { variant, messages, preload, ids, records } = workload;
  const priceEnd = variant.priceEndTicks ?? LADDER_TICKS;
  const header = [0x4c4f424d, 1, messages, preload, ids, 0, priceEnd, variant.seed, variant.target];
  const view = new DataView(new ArrayBuffer(64 + 16 * messages));
  header.forEach((word, i) => view.setUint32(4 * i, word, true));
  for (let i = 0; i < records.length; i++) view.setInt32(64 + 4 * i, records[i]!, true);
  return new Uint8Array(view.buffer);
}

/** What a workload file holds; see workloadFile. */
export function readWorkload(path: string): Omit<Workload, 'variant' | 'counts'> & { target: number } {
  const bytes = readFileSync(path);
  const head = new Uint32Array(bytes.buffer, bytes.byteOffset, 16);
  const messages = head[2]!;
  const records = new Int32Array(bytes.buffer, bytes.byteOffset + 64, WORDS * messages);
  return { records, messages, preload: head[3]!, ids: head[4]!, target: head[8]! };
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
  /** What a jump reads of the book. */
  private readonly prices = new Int32Array(LADDER_TICKS);
  private readonly lots = new Int32Array(LADDER_TICKS);
  /** Makers of the message at hand. */
  private readonly makers: number[] = [];
  private readonly spacingTicks: number;
  private readonly priceEndTicks: number;
  private lastTicks: number;
  /** Direction of the next jump: 1 up, -1 down. */
  private direction = 1;
  private messages = 0;
  private lastId = 0;
  private readonly counts: Counts = { passive: 0, cancel: 0, replace: 0, market: 0, crossLimit: 0, sweep: 0 };

  constructor(variant: Variant) {
    const all = variant.target + variant.messages;
    this.variant = variant;
    this.spacingTicks = variant.spacingTicks ?? 1;
    this.priceEndTicks = variant.priceEndTicks ?? LADDER_TICKS;
    this.lastTicks = this.priceEndTicks / 2;
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
    const { target, messages } = this.variant;
    while (this.liveCount < target) this.passive();
    const preload = this.messages;
    while (this.messages < preload + messages) this.step(this.messages - preload);
    return {
      variant: this.variant,
      records: this.records.subarray(0, this.messages * WORDS),
      messages: this.messages,
      preload,
      ids: this.lastId + 1,
      counts: this.counts,
    };
  }

  /** Draws message n after the build-up. */
  private step(n: number): void {
    const sinceJump = n % (this.variant.jumpEvery ?? Infinity);
    if (n > sinceJump && sinceJump <= PIONEERS) return sinceJump === 0 ? this.jump() : this.pioneer();
    const r = this.random.uniform(1000);
    if (r < 70) this.aggressive();
    else if (r < 100 && this.liveCount > 0) this.replace();
    else if (r >= 100 && this.random.uniform(1000) < this.cancelChance()) this.cancel();
    else this.passive();
  }

  /** A market order takes a whole side; the price goes on in a direction that turns with chance 1/4. */
  private jump(): void {
    if (this.random.uniform(4) === 0) this.direction = -this.direction;
    const ticks = 10_000 + this.random.uniform(50_000);
    const side = this.direction > 0 ? BUY : SELL;
    const levels = this.book.depth(1 - side, this.prices, this.lots, LADDER_TICKS);
    let qtyLots = 1;
    for (let i = 0; i < levels; i++) qtyLots += this.lots[i]!;
    this.counts.sweep++;
    this.market(side, qtyLots);
    this.lastTicks = this.within(this.lastTicks + this.direction * ticks);
  }

  /**
   * One of the first orders at the new price: nothing stands against it, so it may not look at the old one.
   */
  private pioneer(): void {
    const away = 1 + this.geometric();
    this.counts.passive++;
    const priceTicks = this.within(this.lastTicks - this.direction * away);
    this.limit(this.direction > 0 ? BUY : SELL, priceTicks, 1 + this.random.uniform(100));
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
      const through = this.random.uniform(4) * this.spacingTicks;
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
    const away = (1 + this.geometric()) * this.spacingTicks;
    return this.within(side === SELL ? from + away : from - away);
  }

  private within(priceTicks: number): number {
    return Math.min(this.priceEndTicks - 2, Math.max(1, priceTicks));
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
