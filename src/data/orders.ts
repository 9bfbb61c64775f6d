/**
 * Importer of Bitstamp order events: single orders become the messages and the book of a replay feed.
 *
 * The feed does not tell trades. `deleted` with volume 0 is an order that was filled, with another volume
 * a cancel; `changed` with less volume is a partial fill. An order that is created across the opposite
 * best price takes liquidity: its makers' fills are told, and it joins the book when it no longer
 * crosses. Orders from before the capture are not known; their events are counted and passed over.
 */
import { LevelBook } from '../core/feed/level-book.js';
import { BUY, SELL } from '../core/sim/market.js';
import { DELETE, EXECUTE_VISIBLE, SUBMIT } from '../core/sim/replay-feed.js';
import { BITSTAMP_HEADER } from './bitstamp.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { scaledInteger } from './decimal.js';
import { FEED_TABLES, FeedColumns, SCALE_DECIMALS } from './feed-columns.js';
import type { Importer } from './importer.js';
import { LineReader } from './line-reader.js';
import { readBytes } from './read-bytes.js';

const LEVELS = 10;
const COLUMNS = BITSTAMP_HEADER.split(',');

interface Order {
  readonly number: number;
  readonly side: number;
  readonly price: number;
  qty: number;
  /** False while it still crosses the other side. */
  rests: boolean;
}

class OrderRows {
  readonly feed: FeedColumns;
  unknown = 0;
  private readonly file: DataFile;
  private readonly lines: LineReader;
  private readonly book = new LevelBook();
  private readonly orders = new Map<string, Order>();
  /** Orders that cross. */
  private taking: Order[] = [];
  private numbers = 0;
  private firstMs = NaN;
  private tNs = 0;

  constructor(file: DataFile, maxRows: number) {
    this.file = file;
    this.feed = new FeedColumns(file, LEVELS, maxRows);
    this.lines = new LineReader(file, (text) => this.take(text));
  }

  bytes(chunk: Uint8Array): void {
    this.lines.feed(chunk);
  }

  end(): void {
    this.lines.end();
    if (this.feed.rows === 0) throw dataError(this.file, '', 'the file has no orders');
  }

  private take(text: string): void {
    if (this.lines.line === 1) {
      if (text === BITSTAMP_HEADER) return;
      throw dataError(this.file, ':1', `expected the header ${BITSTAMP_HEADER}`);
    }
    const fields = text.split(',');
    if (fields.length !== COLUMNS.length) {
      throw dataError(
        this.file,
        `:${this.lines.line}`,
        `expected ${COLUMNS.length} columns; got ${fields.length}`,
      );
    }
    const [id = '', timestamp = '', , priceText = '', volume = '', action = '', direction = ''] = fields;
    const ms = scaledInteger(timestamp, 0);
    const price = scaledInteger(priceText, SCALE_DECIMALS);
    const qty = scaledInteger(volume, 0);
    if (Number.isNaN(ms)) throw this.fault(1, 'milliseconds since 1970', timestamp);
    if (!(price > 0)) throw this.fault(3, 'a price above 0 with at most 8 decimals', priceText);
    if (Number.isNaN(qty)) throw this.fault(4, 'an integer', volume);
    if (direction !== 'bid' && direction !== 'ask') throw this.fault(6, 'bid or ask', direction);
    if (Number.isNaN(this.firstMs)) this.firstMs = ms;
    this.tNs = (ms - this.firstMs) * 1e6;
    if (action === 'created') this.create(id, direction === 'bid' ? BUY : SELL, price, qty);
    else if (action === 'changed' || action === 'deleted') this.change(id, action === 'deleted', qty);
    else throw this.fault(5, 'created, changed or deleted', action);
    this.settle();
  }

  private create(id: string, side: number, price: number, qty: number): void {
    if (qty === 0 || this.orders.has(id)) return;
    const order: Order = { number: this.numbers++, side, price, qty, rests: false };
    this.orders.set(id, order);
    if (this.crosses(order)) this.taking.push(order);
    else this.rest(order);
  }

  private change(id: string, gone: boolean, left: number): void {
    const order = this.orders.get(id);
    if (order === undefined) {
      this.unknown++;
      return;
    }
    if (gone) this.orders.delete(id);
    const filled = !gone || left === 0;
    const taken = gone ? order.qty : order.qty - left;
    order.qty -= taken;
    if (!order.rests) {
      if (gone) this.taking = this.taking.filter((one) => one !== order);
      return;
    }
    // An order that grows is, for its queue, a cancel and a new order; none was met.
    if (taken <= 0) return;
    this.book.add(order.side, order.price, -taken);
    this.note(filled ? EXECUTE_VISIBLE : DELETE, order, taken);
  }

  /** Orders that cross no longer join the book. */
  private settle(): void {
    if (this.taking.length === 0) return;
    const done = this.taking.filter((order) => !this.crosses(order));
    if (done.length === 0) return;
    this.taking = this.taking.filter((order) => !done.includes(order));
    for (const order of done) if (order.qty > 0) this.rest(order);
  }

  private rest(order: Order): void {
    order.rests = true;
    this.book.add(order.side, order.price, order.qty);
    this.note(SUBMIT, order, order.qty);
  }

  private crosses({ side, price }: Order): boolean {
    const opposite = this.book.price(1 - side, 0);
    return side === BUY ? price >= opposite : price <= opposite;
  }

  private note(type: number, { number, price, side }: Order, qty: number): void {
    this.feed.add(this.tNs, type, number, price, qty, side, this.book);
  }

  private fault(column: number, expected: string, got: string): Error {
    const where = `:${this.lines.line}, column ${column + 1} (${COLUMNS[column]})`;
    return dataError(this.file, where, `expected ${expected}; got ${JSON.stringify(got.slice(0, 40))}`);
  }
}

/** Reads { file }, a CSV of Bitstamp's live orders. Times are ns after the first row. */
export const ordersImporter: Importer = {
  roles: ['file'],
  tables: FEED_TABLES,
  async read(file, limits) {
    const source = file('file');
    const rows = new OrderRows(source, limits.maxRows);
    await readBytes(source, limits.maxBytes, (chunk) => rows.bytes(chunk));
    rows.end();
    const { tables, lotSize, gridE4 } = rows.feed.finish();
    const notes = [
      `Bitstamp feed of ${rows.feed.rows} messages in lots of ${lotSize}; prices are multiples of ${gridE4 / 1e4}. ` +
        `${rows.unknown} events of orders from before the capture were passed over.`,
    ];
    return { tables, notes };
  },
};
