/**
 * Random order-book commands of all types about a walking price, with ids, sizes and prices that bounds
 * refuse.
 */
import { BUY, MAX_LEVEL_LOTS, MAX_PRICE_TICKS, TIF_GTC } from '../../src/core/book/codes.js';
import type { BookOptions, OrderBook } from '../../src/core/book/types.js';
import { Pcg32 } from '../bench/pcg32.js';

export const OPS = ['limit', 'market', 'cancel', 'replace'] as const;

/** Fields that an op does not use are 0. */
export interface Command {
  op: (typeof OPS)[number];
  id: number;
  side: number;
  priceTicks: number;
  qtyLots: number;
  tif: number;
}

/**
 * Bounds under which the commands are drawn: tiny at first and small at last, so that books grow and refuse
 * and their window moves.
 */
export const COMMAND_BOOK = {
  ticks: 32,
  orders: 2,
  ids: 2,
  maxOrders: 40,
  maxIds: 96,
} as const satisfies BookOptions;

/** Gives a command to a book and returns the book's answer. */
export function applyCommand(book: OrderBook, it: Command): number {
  if (it.op === 'limit') return book.limit(it.id, it.side, it.priceTicks, it.qtyLots, it.tif);
  if (it.op === 'market') return book.market(it.id, it.side, it.qtyLots);
  if (it.op === 'cancel') return book.cancel(it.id);
  return book.replace(it.id, it.priceTicks, it.qtyLots);
}

export class CommandSource {
  private readonly random: Pcg32;
  private middleTicks = 5_000;

  constructor(seed: number) {
    this.random = new Pcg32(seed);
  }

  /** Draws the next command into `it`. */
  draw(it: Command): void {
    const { random } = this;
    const what = random.uniform(100);
    it.op = what < 20 ? 'cancel' : what < 25 ? 'market' : what < 45 ? 'replace' : 'limit';
    it.id = random.uniform(COMMAND_BOOK.maxIds + 2) - 1;
    it.side = it.op === 'cancel' || it.op === 'replace' ? 0 : random.uniform(2);
    it.qtyLots = it.op === 'cancel' ? 0 : this.qtyLots();
    it.priceTicks = it.op === 'cancel' || it.op === 'market' ? 0 : this.priceTicks();
    if (it.op === 'limit') it.priceTicks += it.side === BUY ? -4 : 4;
    it.tif = it.op === 'limit' && what >= 75 ? random.uniform(4) : TIF_GTC;
  }

  private qtyLots(): number {
    const r = this.random.uniform(1000);
    if (r < 5) return -r;
    if (r < 8) return MAX_LEVEL_LOTS - r;
    return 1 + this.random.uniform(50);
  }

  private priceTicks(): number {
    const r = this.random.uniform(1000);
    if (r < 2) return r === 0 ? -10 : MAX_PRICE_TICKS + 10;
    if (r < 12) return this.middleTicks + this.random.uniform(600) - 300;
    if (r < 15) return r === 12 ? 5 : 19_999_999;
    this.middleTicks = Math.max(20, this.middleTicks + this.random.uniform(3) - 1);
    return this.middleTicks + this.random.uniform(13) - 6;
  }
}
