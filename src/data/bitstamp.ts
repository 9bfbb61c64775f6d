/**
 * Reader of Bitstamp order events (live_orders) as CSV: rows in file order keep a book of single orders.
 *
 * Columns: id, timestamp and exchange.timestamp (ms since 1970), price, volume (1e-8 of the coin, for
 * `changed` what is left), action created | changed | deleted, direction bid | ask. An order keeps the price
 * and side of its first row. Prices are kept as integers of 1e-8 of the currency, volumes as they come.
 */
import { BUY, SELL } from '../core/book/codes.js';
import { DUPLICATE_ID, OrderBooks, TOO_MANY_ORDERS, UNKNOWN_ID, ZERO_QTY } from '../core/feed/order-books.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { decimalsOf, scaledInteger, scaledText } from './decimal.js';
import { CrossCount, FeedClock, UNTOLD } from './feed-account.js';
import type { FeedAccount, FeedReader } from './feed-account.js';
import { LineReader } from './line-reader.js';

export const BITSTAMP_HEADER = 'id,timestamp,exchange.timestamp,price,volume,action,direction';
/** Prices are integers of 10^-8 of the currency. */
export const BITSTAMP_PRICE_DECIMALS = 8;

const COLUMNS = BITSTAMP_HEADER.split(',');
const ACTIONS = ['created', 'changed', 'deleted'] as const;
const BOOK = 0;
const HALF = 2 ** 32;
/** The last moment that a Date can tell. */
const MAX_MS = 8.64e15;

export class BitstampFeed implements FeedReader {
  readonly books: OrderBooks;
  rows = 0;
  private readonly file: DataFile;
  private readonly lines: LineReader;
  private readonly clock = new FeedClock(true);
  private readonly crosses = new CrossCount();
  private readonly counts = { created: 0, changed: 0, deleted: 0 };
  private readonly refused = new Map<number, number>();

  constructor(file: DataFile, options: { readonly maxOrders?: number } = {}) {
    this.file = file;
    this.books = new OrderBooks(options.maxOrders);
    this.lines = new LineReader(file, (text) => this.take(text));
  }

  feed(chunk: Uint8Array): void {
    this.lines.feed(chunk);
  }

  end(): void {
    this.lines.end();
    if (this.rows === 0) throw dataError(this.file, '', 'the file has no rows');
  }

  account(): FeedAccount {
    const levels = this.books.book(BOOK);
    const best = (side: number): string =>
      levels === null || levels.levels(side) === 0
        ? 'none'
        : `${scaledText(levels.qty(side, 0), 8)} at ${scaledText(levels.price(side, 0), BITSTAMP_PRICE_DECIMALS)}`;
    return {
      format: 'Bitstamp orders',
      rowsAre: 'row',
      rows: this.rows,
      time: this.clock.time(),
      messages: Object.fromEntries(Object.entries(this.counts).filter(([, count]) => count > 0)),
      quality: {
        ...UNTOLD,
        outOfOrder: this.clock.outOfOrder,
        crossed: this.crosses.crossed,
        locked: this.crosses.locked,
        unknownIds: this.refused.get(UNKNOWN_ID) ?? 0,
        duplicates: this.refused.get(DUPLICATE_ID) ?? 0,
        zeroSizes: this.refused.get(ZERO_QTY) ?? 0,
      },
      details: { 'live orders': this.books.ordersLive, 'best bid': best(BUY), 'best ask': best(SELL) },
    };
  }

  private take(text: string): void {
    if (this.lines.line === 1) {
      if (text === BITSTAMP_HEADER) return;
      throw dataError(this.file, ':1', `expected the header ${BITSTAMP_HEADER}`);
    }
    const fields = text.split(',');
    if (fields.length !== COLUMNS.length) {
      const problem = `expected ${COLUMNS.length} columns (${BITSTAMP_HEADER}); got ${fields.length}`;
      throw dataError(this.file, `:${this.lines.line}`, problem);
    }
    this.rows++;
    const id = this.integer(fields, 0, Number.MAX_SAFE_INTEGER);
    const ms = this.integer(fields, 1, MAX_MS);
    this.integer(fields, 2, MAX_MS);
    const price = scaledInteger(fields[3] ?? '', BITSTAMP_PRICE_DECIMALS);
    if (Number.isNaN(price)) throw this.fault(fields, 3, 'a price with at most 8 decimals below 90 million');
    const volume = this.integer(fields, 4, Number.MAX_SAFE_INTEGER);
    const action = ACTIONS.find((word) => word === fields[5]);
    if (action === undefined) throw this.fault(fields, 5, ACTIONS.join(' or '));
    const side = fields[6] === 'bid' ? BUY : fields[6] === 'ask' ? SELL : null;
    if (side === null) throw this.fault(fields, 6, 'bid or ask');
    this.counts[action]++;
    this.clock.tick(Math.floor(ms / 1000), (ms % 1000) * 1e6, this.rows);
    const [high, low] = [Math.floor(id / HALF) | 0, id | 0];
    let code: number;
    if (action === 'created') code = this.books.add(BOOK, high, low, side, price, volume);
    else if (action === 'changed') code = this.books.setQty(high, low, volume);
    else code = this.books.remove(high, low);
    if (code === TOO_MANY_ORDERS) throw this.fault(fields, 0, 'fewer live orders');
    if (code < 0) this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
    else this.crosses.see(this.books.book(BOOK)?.overlap() ?? NaN);
  }

  private integer(fields: readonly string[], column: number, max: number): number {
    const text = fields[column] ?? '';
    const value = decimalsOf(text) === 0 && !text.includes('.') ? Number(text) : NaN;
    if (value <= max) return value;
    throw this.fault(fields, column, `an integer from 0 to ${max}`);
  }

  private fault(fields: readonly string[], column: number, expected: string): Error {
    const got = JSON.stringify((fields[column] ?? '').slice(0, 40));
    const where = `:${this.lines.line}, column ${column + 1} (${COLUMNS[column]})`;
    return dataError(this.file, where, `expected ${expected}; got ${got}`);
  }
}
