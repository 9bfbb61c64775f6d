/** Writes ITCH 5.0 messages, and whole sessions of random markets whose books are known. */
import { BUY, TIF_GTC, TIF_IOC, TIF_POST_ONLY } from '../../src/core/book/codes.js';
import { Book } from '../../src/core/book/book.js';
import { ITCH_MESSAGES } from '../../src/data/itch-format.js';
import type { ItchValues } from '../../src/data/itch-format.js';
import { Pcg32 } from '../bench/pcg32.js';

/** One message with its length in front; fields that are not given are 0 or spaces. */
export function itchFrame(letter: string, values: ItchValues): Uint8Array {
  const type = ITCH_MESSAGES.find((known) => known.letter === letter)!;
  const bytes = Buffer.alloc(2 + type.bytes);
  bytes.writeUInt16BE(type.bytes, 0);
  bytes.write(letter, 2, 'latin1');
  for (const { name, type: kind, offset, bytes: width } of type.fields) {
    const value = values[name] ?? (kind === 'integer' ? 0 : '');
    if (kind === 'integer') {
      const hex = BigInt(value)
        .toString(16)
        .padStart(2 * width, '0');
      bytes.write(hex, 2 + offset, 'hex');
    } else bytes.write(String(value).padEnd(width), 2 + offset, 'latin1');
  }
  return bytes;
}

/** Types that change no book. */
const NOISE = [...'SRHYLVWKJhPQBINO'];

/**
 * Random trading of a few stocks by this project's own engine, told as ITCH: what comes out of frames must
 * be the engine's books again. Prices are one engine tick = 1e-4 dollars.
 */
export class ItchMarket {
  readonly books: Book[];
  /** Frames since the last take(). */
  private frames: Uint8Array[] = [];
  private readonly random: Pcg32;
  private readonly ids: number[][];
  private readonly refBase: bigint;
  private nextId = 1;
  private tNs = 34_200_000_000_000;
  private matches = 0;

  constructor(seed: number, stocks: number, refBase = 0n) {
    this.random = new Pcg32(seed);
    this.refBase = refBase;
    this.ids = Array.from({ length: stocks }, () => []);
    this.books = Array.from({ length: stocks }, (_, locate) => {
      const onTrade = (makerId: number, _taker: number, priceTicks: number, qtyLots: number): void => {
        const priced = this.random.uniform(4) === 0;
        const values = { orderRef: this.ref(makerId), shares: qtyLots, matchNumber: ++this.matches };
        this.tell(priced ? 'C' : 'E', locate, { ...values, printable: 'Y', price: priceTicks });
      };
      return new Book({ ticks: 1024, orders: 64, ids: 1024 }, { onTrade });
    });
  }

  /** The frames so far, as one byte string. */
  take(): Uint8Array {
    const bytes = Buffer.concat(this.frames);
    this.frames = [];
    return bytes;
  }

  /** One random action in one stock. */
  step(): void {
    const { random } = this;
    const locate = random.uniform(this.books.length);
    const what = random.uniform(100);
    if (what < 45) this.enter(locate);
    else if (what < 65) this.leave(locate);
    else if (what < 75) this.shrink(locate);
    else if (what < 85) this.move(locate);
    else if (what < 95)
      this.books[locate]!.limit(this.nextId++, random.uniform(2), this.price(), 50, TIF_IOC);
    else this.tell(NOISE[random.uniform(NOISE.length)]!, locate, { orderRef: this.ref(1), shares: 7 });
  }

  private ref(id: number): bigint {
    return this.refBase + BigInt(id);
  }

  private price(): number {
    return 5000 + this.random.uniform(60);
  }

  private tell(letter: string, locate: number, values: ItchValues): void {
    this.tNs += this.random.uniform(1000);
    this.frames.push(itchFrame(letter, { stockLocate: locate, timestampNs: this.tNs, ...values }));
  }

  private enter(locate: number): void {
    const { random } = this;
    const [id, side, priceTicks] = [this.nextId++, random.uniform(2), this.price()];
    // Away from the other side more often than not, so that books fill.
    const away = priceTicks + (side === BUY ? -25 : 25);
    const qtyLots = 1 + random.uniform(300);
    const rest = qtyLots - this.books[locate]!.limit(id, side, away, qtyLots, TIF_GTC);
    if (rest > 0) this.tellAdd(locate, id, side, away, rest);
  }

  private tellAdd(locate: number, id: number, side: number, price: number, shares: number): void {
    const values = { orderRef: this.ref(id), side: side === BUY ? 'B' : 'S', shares, stock: 'TEST', price };
    this.tell(this.random.uniform(5) === 0 ? 'F' : 'A', locate, values);
    this.ids[locate]!.push(id);
  }

  /** A live order of the stock, taken from the list unless `keep`; null when none is left. */
  private pick(locate: number, keep: boolean): number | null {
    const ids = this.ids[locate]!;
    while (ids.length > 0) {
      const i = this.random.uniform(ids.length);
      const id = ids[i]!;
      const live = this.books[locate]!.qtyOf(id) > 0;
      if (live && keep) return id;
      ids[i] = ids[ids.length - 1]!;
      ids.pop();
      if (live) return id;
    }
    return null;
  }

  private leave(locate: number): void {
    const id = this.pick(locate, false);
    if (id === null) return;
    this.books[locate]!.cancel(id);
    this.tell('D', locate, { orderRef: this.ref(id) });
  }

  private shrink(locate: number): void {
    const id = this.pick(locate, true);
    if (id === null) return;
    const book = this.books[locate]!;
    const qtyLots = book.qtyOf(id);
    if (qtyLots === 1) return;
    const less = 1 + this.random.uniform(qtyLots - 1);
    book.replace(id, book.priceOf(id), qtyLots - less);
    this.tell('X', locate, { orderRef: this.ref(id), shares: less });
  }

  private move(locate: number): void {
    const id = this.pick(locate, false);
    if (id === null) return;
    const book = this.books[locate]!;
    const side = book.sideOf(id);
    const [newId, priceTicks, shares] = [this.nextId++, this.price(), 1 + this.random.uniform(300)];
    book.cancel(id);
    if (book.limit(newId, side, priceTicks, shares, TIF_POST_ONLY) < 0) {
      this.tell('D', locate, { orderRef: this.ref(id) });
      return;
    }
    const values = { orderRef: this.ref(id), newOrderRef: this.ref(newId), shares, price: priceTicks };
    this.tell('U', locate, values);
    this.ids[locate]!.push(newId);
  }
}
