/**
 * Readers that account for the two files of LOBSTER data one by one: the messages and the book rows.
 *
 * The importer (lobster.ts) makes columns of a pair of files and refuses what a replay cannot use; here a
 * single file of any length is read for its account, and what cannot be true is counted. A message file
 * leaves out orders beyond its levels and those that rested before the first row, so that unknown ids are
 * normal and its own book is not compared; whether it is ever crossed the book file tells.
 */
import { BUY, SELL } from '../core/book/codes.js';
import {
  DUPLICATE_ID,
  EXCESS_QTY,
  OrderBooks,
  TOO_MANY_ORDERS,
  UNKNOWN_ID,
  ZERO_QTY,
} from '../core/feed/order-books.js';
import { CANCEL_PART, CELLS_PER_LEVEL, DELETE, EXECUTE_VISIBLE, SUBMIT } from '../core/sim/replay-feed.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { CrossCount, FeedClock, UNTOLD } from './feed-account.js';
import type { FeedAccount, FeedReader } from './feed-account.js';
import { EMPTY_PRICE } from './lobster.js';
import { NumericCsv } from './numeric-csv.js';
import type { RowSink } from './numeric-csv.js';

const MESSAGE_COLUMNS = 6;
const MAX_LEVELS = 200;
const DAY_NS = 86_400e9;
const HALF = 2 ** 32;
const BOOK = 0;
/** By message type 1..7. */
const TYPE_NAMES = [
  'submission',
  'partial cancel',
  'deletion',
  'visible execution',
  'hidden execution',
  'cross trade',
  'halt',
];

export class LobsterMessageAccount implements FeedReader, RowSink {
  readonly format = 'LOBSTER';
  readonly decimals = [9];
  readonly books: OrderBooks;
  private readonly file: DataFile;
  private readonly csv: NumericCsv;
  private readonly clock = new FeedClock(false);
  private readonly counts = new Float64Array(TYPE_NAMES.length);
  private readonly refused = new Map<number, number>();

  constructor(file: DataFile, options: { readonly maxOrders?: number } = {}) {
    this.file = file;
    this.books = new OrderBooks(options.maxOrders);
    this.csv = new NumericCsv(file, CELLS_PER_LEVEL * MAX_LEVELS, this);
  }

  feed(chunk: Uint8Array): void {
    this.csv.feed(chunk);
  }

  end(): void {
    this.csv.end();
  }

  checkWidth(columns: number, line: number): void {
    if (columns === MESSAGE_COLUMNS) return;
    const expected = `${MESSAGE_COLUMNS} columns (time, type, order id, size, price, direction)`;
    throw dataError(this.file, `:${line}`, `expected ${expected}; got ${columns}`);
  }

  row(values: Float64Array): void {
    const [tNs = 0, type = 0, id = 0, lots = 0, price = 0, direction = 0] = values;
    if (!(tNs >= 0 && tNs < DAY_NS)) throw this.csv.fault(1, 'seconds since midnight', String(tNs / 1e9));
    if (!(type >= 1 && type <= TYPE_NAMES.length)) {
      throw this.csv.fault(2, `a message type 1 to ${TYPE_NAMES.length}`, String(type));
    }
    if (!(lots >= 0)) throw this.csv.fault(4, 'a size of 0 or more', String(lots));
    this.clock.tick(Math.floor(tNs / 1e9), tNs % 1e9, this.csv.line);
    this.counts[type - 1] = (this.counts[type - 1] ?? 0) + 1;
    if (type > EXECUTE_VISIBLE) return;
    if (id < 0) throw this.csv.fault(3, 'an order id of 0 or more', String(id));
    if (direction !== 1 && direction !== -1) {
      throw this.csv.fault(6, 'a direction 1 (buy) or -1 (sell)', String(direction));
    }
    const code = this.apply(type, id, lots, price, direction);
    if (code === TOO_MANY_ORDERS) throw this.csv.fault(3, 'fewer live orders', 'one too many');
    if (code < 0) this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }

  account(): FeedAccount {
    const refused = (code: number): number => this.refused.get(code) ?? 0;
    const types = TYPE_NAMES.map((name, i) => [name, this.counts[i] ?? 0] as const);
    return {
      format: 'LOBSTER messages',
      rowsAre: 'message',
      rows: this.csv.line,
      time: this.clock.time(),
      messages: Object.fromEntries(types.filter(([, count]) => count > 0)),
      quality: {
        ...UNTOLD,
        outOfOrder: this.clock.outOfOrder,
        unknownIds: refused(UNKNOWN_ID),
        duplicates: refused(DUPLICATE_ID),
        zeroSizes: refused(ZERO_QTY),
        excessSizes: refused(EXCESS_QTY),
      },
      details: { 'live orders': this.books.ordersLive },
    };
  }

  private apply(type: number, id: number, lots: number, price: number, direction: number): number {
    const [high, low] = [Math.floor(id / HALF) | 0, id | 0];
    if (type === SUBMIT) return this.books.add(BOOK, high, low, direction === 1 ? BUY : SELL, price, lots);
    if (type === CANCEL_PART || type === EXECUTE_VISIBLE) return this.books.reduce(high, low, lots);
    return type === DELETE ? this.books.remove(high, low) : 0;
  }
}

export class LobsterBookAccount implements FeedReader, RowSink {
  readonly format = 'LOBSTER';
  readonly decimals = [];
  private readonly file: DataFile;
  private readonly csv: NumericCsv;
  private readonly crosses = new CrossCount();
  private columns = 0;

  constructor(file: DataFile) {
    this.file = file;
    this.csv = new NumericCsv(file, CELLS_PER_LEVEL * MAX_LEVELS, this);
  }

  feed(chunk: Uint8Array): void {
    this.csv.feed(chunk);
  }

  end(): void {
    this.csv.end();
  }

  checkWidth(columns: number, line: number): void {
    if (line === 1) this.columns = columns;
    if (columns === this.columns && columns % CELLS_PER_LEVEL === 0) return;
    const expected = line === 1 ? `a multiple of ${CELLS_PER_LEVEL}` : this.columns;
    throw dataError(this.file, `:${line}`, `expected ${expected} columns; got ${columns}`);
  }

  row(values: Float64Array): void {
    const [ask = 0, , bid = 0] = values;
    if (ask !== EMPTY_PRICE && bid !== -EMPTY_PRICE) this.crosses.see(bid - ask);
  }

  account(): FeedAccount {
    return {
      format: 'LOBSTER orderbook',
      rowsAre: 'row',
      rows: this.csv.line,
      time: null,
      messages: {},
      quality: { ...UNTOLD, crossed: this.crosses.crossed, locked: this.crosses.locked },
      details: { 'levels per side': this.columns / CELLS_PER_LEVEL },
    };
  }
}
