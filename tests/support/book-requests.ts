/**
 * Random commands of all sorts about a walking price: orders of all types, plain calls, mass cancels, the
 * flow of time, rules of allocation, halts and bands; prices, sizes and ids that bounds refuse among them.
 */
import * as c from '../../src/core/book/codes.js';
import { ORDER_DEFAULTS, type BookOptions, type OrderBook } from '../../src/core/book/types.js';
import { Pcg32 } from '../bench/pcg32.js';
import * as any from './any-command.js';

type Bounds = Required<BookOptions>;

/** A book whose bounds are met all the time. */
export const SMALL_BOOK: Bounds = { ticks: 32, orders: 2, ids: 2, maxOrders: 40, maxIds: 64 };
/** One with longer queues, whose window holds most of them until the price jumps. */
export const LARGE_BOOK: Bounds = { ...SMALL_BOOK, ticks: 64, maxOrders: 240, maxIds: 360 };

const STUB_TICKS = [0, 1, 19_999_999, c.MAX_PRICE_TICKS - 4];

export class RequestSource {
  private readonly random: Pcg32;
  private readonly bounds: Bounds;
  /** How far a price stands behind the middle on average: the further, the longer the queues. */
  private readonly awayTicks: number;
  private middleTicks = 3_000;
  private nowNs = 0;
  private lastId = 0;
  /** How often each sort of answer came. */
  readonly answers = new Map<number, number>();

  constructor(seed: number, bounds: Bounds = SMALL_BOOK) {
    this.random = new Pcg32(seed);
    this.bounds = bounds;
    this.awayTicks = bounds.maxOrders > 100 ? 6 : 3;
  }

  /** Draws a command and gives it to both books; returns their answers. */
  apply(a: OrderBook, b: OrderBook): [number, number] {
    const it = this.draw();
    const answer = any.obey(a, it);
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
    return [answer, any.obey(b, it)];
  }

  restart(): void {
    this.nowNs = 0;
  }

  draw(): any.AnyCommand {
    const { random } = this;
    const what = random.uniform(1000);
    if (what < 190) return any.command(any.OP_CANCEL, { id: this.oldId() });
    if (what < 300) {
      return any.command(any.OP_REPLACE, {
        id: this.oldId(),
        priceTicks: this.priceTicks(),
        qtyLots: this.lots(),
      });
    }
    if (what < 304) return any.command(any.OP_CANCEL_OWNER, { ownerId: random.uniform(5) - 1 });
    if (what < 330) {
      this.nowNs += random.uniform(20);
      return any.command(any.OP_ADVANCE, { expiryNs: this.nowNs });
    }
    if (what < 332) return any.command(any.OP_ALLOCATE, { type: random.uniform(3) });
    if (what < 334) return any.command(any.OP_HALT, { side: this.rarely(5) ? 1 : 0 });
    if (what < 336) return this.band();
    const id = this.newId();
    if (what < 380) {
      return any.command(any.OP_MARKET, { id, side: random.uniform(2), qtyLots: this.lots() });
    }
    if (what < 600) return this.plain(id);
    return this.order(id);
  }

  private band(): any.AnyCommand {
    const width = this.rarely(75) ? c.MAX_PRICE_TICKS : 4 + this.random.uniform(10);
    const priceTicks = Math.max(0, this.middleTicks - width);
    return any.command(any.OP_BAND, {
      priceTicks,
      qtyLots: Math.min(c.MAX_PRICE_TICKS, this.middleTicks + width),
    });
  }

  private plain(id: number): any.AnyCommand {
    const side = this.random.uniform(2);
    return any.command(any.OP_LIMIT, {
      id,
      side,
      priceTicks: this.priceTicks() + (side === c.BUY ? -this.awayTicks : this.awayTicks),
      qtyLots: this.lots(),
      tif: this.rarely(20) ? this.random.uniform(5) : c.TIF_GTC,
    });
  }

  private order(id: number): any.AnyCommand {
    const side = this.random.uniform(2);
    const qtyLots = this.lots();
    const type = this.rarely(15) ? this.random.uniform(4) : c.ORDER_LIMIT;
    const ownerId = this.rarely(50) ? this.random.uniform(5) - 2 + (this.rarely(90) ? 1 : 0) : -1;
    return {
      ...ORDER_DEFAULTS,
      op: any.OP_SUBMIT,
      id,
      side,
      qtyLots,
      type,
      tif:
        type === c.ORDER_MARKET_TO_LIMIT ? c.TIF_GTC : this.rarely(40) ? this.random.uniform(6) : c.TIF_GTC,
      priceTicks: this.priceTicks() + (side === c.BUY ? -this.awayTicks : this.awayTicks),
      displayLots: this.rarely(20) ? this.random.uniform(12) : this.rarely(2) ? -2 : -1,
      ownerId,
      selfTrade: ownerId >= 0 || this.rarely(3) ? this.random.uniform(6) : 0,
      triggerTicks: this.rarely(12) ? this.priceTicks() : -1,
      expiryNs: this.rarely(15) ? this.nowNs + this.random.uniform(100) : Infinity,
      partnerId: this.rarely(15) ? this.oldId() : -1,
    };
  }

  /** An id that is likely to be free, now and then any, also one that is out of bounds. */
  private newId(): number {
    if (this.rarely(8)) return this.random.uniform(this.bounds.maxIds + 2) - 1;
    this.lastId = (this.lastId + 1) % this.bounds.maxIds;
    return this.lastId;
  }

  /** An id that may well be living. */
  private oldId(): number {
    if (this.rarely(8)) return this.random.uniform(this.bounds.maxIds + 2) - 1;
    const { maxIds } = this.bounds;
    return (this.lastId + maxIds - this.random.uniform(maxIds >> 1)) % maxIds;
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

  /**
   * Mostly near a middle that walks and now and then jumps, at times so far that the window must follow; some
   * prices outside the window, stub quotes at the ends of all prices, and some that are none.
   */
  private priceTicks(): number {
    const { random, bounds } = this;
    const r = random.uniform(1000);
    if (r < 2) return r === 0 ? -10 : c.MAX_PRICE_TICKS + 10;
    if (r < 12) return Math.max(0, this.middleTicks + random.uniform(8 * bounds.ticks) - 4 * bounds.ticks);
    if (r < 18) return STUB_TICKS[random.uniform(STUB_TICKS.length)]! + random.uniform(3);
    if (r < 21 && this.rarely(20)) this.jump();
    this.middleTicks = Math.max(20, this.middleTicks + random.uniform(3) - 1);
    return this.middleTicks + random.uniform(11) - 5;
  }

  /** By some windows, more or fewer; seldom to anywhere. */
  private jump(): void {
    const { random, bounds } = this;
    const width = bounds.ticks << random.uniform(5);
    if (this.rarely(5)) this.middleTicks = random.uniform(c.MAX_PRICE_TICKS);
    else this.middleTicks += random.uniform(2 * width) - width;
    this.middleTicks = Math.min(this.middleTicks, c.MAX_PRICE_TICKS - 20);
  }
}
