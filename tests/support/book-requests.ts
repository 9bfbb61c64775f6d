/**
 * Random orders of all types, mass cancels, the flow of time and rules of allocation, about a walking
 * price.
 */
import * as c from '../../src/core/book/codes.js';
import { ORDER_DEFAULTS, type OrderBook, type OrderRequest } from '../../src/core/book/types.js';
import { Pcg32 } from '../bench/pcg32.js';
import { COMMAND_BOOK } from './book-commands.js';

export class RequestSource {
  private readonly random: Pcg32;
  private middleTicks = 3_000;
  private nowNs = 0;
  /** How often each sort of answer came. */
  readonly answers = new Map<number, number>();

  constructor(seed: number) {
    this.random = new Pcg32(seed);
  }

  /** Draws a command and gives it to both books; returns their answers. */
  apply(a: OrderBook, b: OrderBook): [number, number] {
    const { random } = this;
    const what = random.uniform(1000);
    const id = random.uniform(COMMAND_BOOK.maxIds + 2) - 1;
    if (what < 190) return [a.cancel(id), b.cancel(id)];
    if (what < 300) {
      const priceTicks = this.priceTicks();
      const lots = this.lots();
      return this.count([a.replace(id, priceTicks, lots), b.replace(id, priceTicks, lots)]);
    }
    if (what < 304) {
      const owner = random.uniform(5) - 1;
      return [a.cancelOwner(owner), b.cancelOwner(owner)];
    }
    if (what < 330) {
      this.nowNs += random.uniform(20);
      return [a.advance(this.nowNs), b.advance(this.nowNs)];
    }
    if (what < 332) {
      const rule = random.uniform(3);
      a.allocate(rule);
      b.allocate(rule);
      return [0, 0];
    }
    if (what < 334) {
      const halted = this.rarely(10);
      const width = this.rarely(50) ? c.MAX_PRICE_TICKS : 4 + random.uniform(10);
      const [low, high] = [
        Math.max(0, this.middleTicks - width),
        Math.min(c.MAX_PRICE_TICKS, this.middleTicks + width),
      ];
      for (const book of [a, b]) {
        book.halt(halted);
        book.band(low, high);
      }
      return [0, 0];
    }
    const order = this.order(id);
    return this.count([a.submit(order), b.submit(order)]);
  }

  restart(): void {
    this.nowNs = 0;
  }

  private count(answers: [number, number]): [number, number] {
    this.answers.set(answers[0], (this.answers.get(answers[0]) ?? 0) + 1);
    return answers;
  }

  private order(id: number): OrderRequest {
    const side = this.random.uniform(2);
    const qtyLots = this.lots();
    const type = this.rarely(15) ? this.random.uniform(4) : c.ORDER_LIMIT;
    const ownerId = this.rarely(50) ? this.random.uniform(5) - 2 + (this.rarely(90) ? 1 : 0) : -1;
    return {
      ...ORDER_DEFAULTS,
      id,
      side,
      qtyLots,
      type,
      tif:
        type === c.ORDER_MARKET_TO_LIMIT ? c.TIF_GTC : this.rarely(40) ? this.random.uniform(6) : c.TIF_GTC,
      priceTicks: this.priceTicks() + (side === c.BUY ? -3 : 3),
      displayLots: this.rarely(20) ? this.random.uniform(12) : this.rarely(2) ? -2 : -1,
      ownerId,
      selfTrade: ownerId >= 0 || this.rarely(3) ? this.random.uniform(6) : 0,
      triggerTicks: this.rarely(12) ? this.priceTicks() : -1,
      expiryNs: this.rarely(15) ? this.nowNs + this.random.uniform(100) : Infinity,
      partnerId: this.rarely(15) ? this.random.uniform(COMMAND_BOOK.maxIds) : -1,
    };
  }

  private rarely(percent: number): boolean {
    return this.random.uniform(100) < percent;
  }

  private lots(): number {
    const r = this.random.uniform(1000);
    if (r < 5) return -r;
    if (r < 8) return c.MAX_LEVEL_LOTS - r;
    return 1 + this.random.uniform(50);
  }

  private priceTicks(): number {
    const r = this.random.uniform(1000);
    if (r < 2) return r === 0 ? -10 : c.MAX_PRICE_TICKS + 10;
    if (r < 10) return this.middleTicks + this.random.uniform(600) - 300;
    this.middleTicks = Math.max(20, this.middleTicks + this.random.uniform(3) - 1);
    return this.middleTicks + this.random.uniform(11) - 5;
  }
}
