/** The fast book against its slow twin: a million random commands, with bounds that are often met. */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import * as codes from '../../../src/core/book/codes.js';
import { NaiveBook } from '../../../src/core/book/naive.js';
import type { OrderBook } from '../../../src/core/book/types.js';
import { Pcg32 } from '../../bench/pcg32.js';
import { TradeTape } from '../../bench/replay.js';

const COMMANDS = 1_000_000;
const IDS = 96;
/** Starts tiny and ends small, so that growing, moving and every refusal take part. */
const OPTIONS = { ticks: 32, orders: 2, ids: 2, maxTicks: 256, maxOrders: 40, maxIds: IDS };

/** Draws commands about a price that walks far beyond the ladder. */
class CommandSource {
  private readonly random: Pcg32;
  private middleTicks = 5_000;

  constructor(seed: number) {
    this.random = new Pcg32(seed);
  }

  /** Draws one command for both books; returns the two results. */
  apply(fast: OrderBook, naive: OrderBook): readonly [number, number] {
    const { random } = this;
    const what = random.uniform(100);
    const id = random.uniform(IDS + 2) - 1;
    if (what < 20) return [fast.cancel(id), naive.cancel(id)];
    const qtyLots = this.qtyLots();
    if (what < 25) {
      const side = random.uniform(2);
      return [fast.market(id, side, qtyLots), naive.market(id, side, qtyLots)];
    }
    const priceTicks = this.priceTicks();
    if (what < 45) return [fast.replace(id, priceTicks, qtyLots), naive.replace(id, priceTicks, qtyLots)];
    const side = random.uniform(2);
    const tif = what < 75 ? codes.TIF_GTC : random.uniform(4);
    const away = side === codes.BUY ? priceTicks - 4 : priceTicks + 4;
    return [fast.limit(id, side, away, qtyLots, tif), naive.limit(id, side, away, qtyLots, tif)];
  }

  private qtyLots(): number {
    const r = this.random.uniform(1000);
    if (r < 5) return -r;
    if (r < 8) return codes.MAX_LEVEL_LOTS - r;
    return 1 + this.random.uniform(50);
  }

  private priceTicks(): number {
    const r = this.random.uniform(1000);
    if (r < 2) return r === 0 ? -1 : codes.MAX_PRICE_TICKS + 1;
    if (r < 12) return this.middleTicks + this.random.uniform(600) - 300;
    this.middleTicks = Math.max(20, this.middleTicks + this.random.uniform(3) - 1);
    return this.middleTicks + this.random.uniform(13) - 6;
  }
}

/** Everything that can be asked of a book. */
function view(book: OrderBook): unknown {
  const prices = new Int32Array(8);
  const lots = new Int32Array(8);
  const sides = [codes.BUY, codes.SELL].map((side) => {
    const count = book.depth(side, prices, lots, prices.length);
    return [Array.from(prices.subarray(0, count)), Array.from(lots.subarray(0, count))];
  });
  const orders = Array.from({ length: IDS + 2 }, (_, i) => i - 1).map((id) => [
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
    const fastTape = new TradeTape();
    const naiveTape = new TradeTape();
    const fast = new Book(OPTIONS, fastTape);
    const naive = new NaiveBook(OPTIONS, naiveTape);
    const met = new Map<number, number>();
    let different = 0;
    for (let i = 1; i <= COMMANDS; i++) {
      const [a, b] = source.apply(fast, naive);
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
    const rejects = Object.entries(codes).filter(([name]) => name.startsWith('REJECT_'));
    for (const [name, code] of rejects) expect(met.get(code) ?? 0, name).toBeGreaterThan(20);
  });
});
