/** Importer of LOBSTER data: a message file and its orderbook file become the tables of a replay feed. */
import type { TableDecl } from '../contract/columns.js';
import { BUY, NIL, SELL } from '../core/sim/market.js';
import {
  CELLS_PER_LEVEL,
  EXECUTE_HIDDEN,
  HALT,
  SUBMIT,
  UNITS_PER_CURRENCY,
} from '../core/sim/replay-feed.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { GrowingColumn } from './growing-column.js';
import type { ImportLimits, Imported, Importer } from './importer.js';
import { NumericCsv } from './numeric-csv.js';
import type { RowSink } from './numeric-csv.js';
import { readBytes } from './read-bytes.js';

const MESSAGE_COLUMNS = 6;
const MAX_LEVELS = 200;
const MAX_INT32 = 2 ** 31 - 1;
const DAY_NS = 86_400e9;
/**
 * An unoccupied level of the orderbook file: this price on the ask side, its negative on the bid side, size
 * 0.
 */
export const EMPTY_PRICE = 9_999_999_999;

/** Tables of a feed; core/sim/replay-feed.ts reads them by this order of columns. */
export const LOBSTER_TABLES: readonly TableDecl[] = [
  {
    name: 'messages',
    title: 'Order messages',
    columns: [
      { name: 'tNs', type: 'f64', unit: 'ns', meaning: 'time since midnight' },
      { name: 'type', type: 'u8', unit: '1', meaning: 'message type 1..7' },
      { name: 'order', type: 'i32', unit: '1', meaning: 'order id, renumbered by first appearance' },
      { name: 'lots', type: 'i32', unit: 'lots', meaning: 'size in shares' },
      { name: 'priceE4', type: 'i32', unit: '1e-4 currency', meaning: 'price' },
      { name: 'side', type: 'u8', unit: '1', meaning: 'side of the resting order: 0 buy, 1 sell' },
    ],
  },
  {
    name: 'book',
    title: 'Book after each message',
    columns: [
      {
        name: 'cells',
        type: 'i32',
        unit: '1e-4 currency | lots',
        meaning:
          'row-major: message x level x (ask price, ask lots, bid price, bid lots); empty level: -1, 0',
      },
    ],
  },
  {
    name: 'feed',
    title: 'Shape of the feed',
    columns: [
      { name: 'levels', type: 'i32', unit: '1', meaning: 'levels per side' },
      {
        name: 'gridE4',
        type: 'i32',
        unit: '1e-4 currency',
        meaning: 'greatest common divisor of all visible prices',
      },
      { name: 'orders', type: 'i32', unit: '1', meaning: 'distinct order ids' },
    ],
  },
];

/** Message rows as columns. Checks every value, so that a kernel may trust the tables. */
class MessageRows implements RowSink {
  readonly format = 'LOBSTER';
  readonly decimals = [9];
  readonly csv: NumericCsv;
  readonly tNs = new GrowingColumn(Float64Array);
  readonly type = new GrowingColumn(Uint8Array);
  readonly order = new GrowingColumn(Int32Array);
  readonly lots = new GrowingColumn(Int32Array);
  readonly priceE4 = new GrowingColumn(Int32Array);
  readonly side = new GrowingColumn(Uint8Array);
  /** External order ids exceed 32 bits on some days: number them by first appearance. */
  readonly ids = new Map<number, number>();
  gridE4 = 0;
  private readonly file: DataFile;
  private readonly maxRows: number;

  constructor(file: DataFile, maxRows: number) {
    this.file = file;
    this.maxRows = maxRows;
    this.csv = new NumericCsv(file, CELLS_PER_LEVEL * MAX_LEVELS, this);
  }

  checkWidth(columns: number, line: number): void {
    if (columns !== MESSAGE_COLUMNS) throw this.wrongWidth(columns, line);
  }

  row(values: Float64Array): void {
    if (this.tNs.length >= this.maxRows)
      throw dataError(this.file, '', `more than the limit of ${this.maxRows} rows`);
    const [tNs = 0, type = 0, id = 0, lots = 0, price = 0, direction = 0] = values;
    this.check(tNs, type, lots, price, direction);
    let order = this.ids.get(id);
    if (order === undefined) this.ids.set(id, (order = this.ids.size));
    this.tNs.push(tNs);
    this.type.push(type);
    this.order.push(order);
    this.lots.push(lots);
    this.priceE4.push(price);
    this.side.push(direction === 1 ? BUY : SELL);
    if (type < EXECUTE_HIDDEN) this.gridE4 = greatestCommonDivisor(this.gridE4, price);
  }

  private check(tNs: number, type: number, lots: number, price: number, direction: number): void {
    const fault = (column: number, expected: string, got: number): Error =>
      this.csv.fault(column, expected, String(got));
    if (!(tNs >= 0 && tNs < DAY_NS)) throw fault(1, 'seconds since midnight, 0 to 86400', tNs / 1e9);
    if (tNs < this.tNs.last()) {
      throw fault(1, `a time not before the row above (${this.tNs.last() / 1e9} s)`, tNs / 1e9);
    }
    if (!(type >= SUBMIT && type <= HALT)) throw fault(2, 'a message type 1 to 7', type);
    const halt = type === HALT;
    if (!(lots >= (halt ? 0 : 1) && lots <= MAX_INT32))
      throw fault(4, `a size from 1 to ${MAX_INT32} shares`, lots);
    if (!(price >= (halt ? -1 : 1) && price <= MAX_INT32)) {
      throw fault(5, `a price from 1 to ${MAX_INT32} (dollars x 10000)`, price);
    }
    if (direction !== 1 && direction !== -1) throw fault(6, 'a direction, 1 (buy) or -1 (sell)', direction);
  }

  private wrongWidth(columns: number, line: number): Error {
    const swapped = columns % CELLS_PER_LEVEL === 0 && line === 1;
    return dataError(
      this.file,
      `:${line}`,
      `expected ${MESSAGE_COLUMNS} columns (time, type, order id, size, price, direction); ` +
        `got ${columns}${swapped ? ': this looks like an orderbook file; are the two files swapped?' : ''}`,
    );
  }
}

/** Book rows as one column of cells; the first row decides the number of levels. */
class BookRows implements RowSink {
  readonly format = 'LOBSTER';
  readonly decimals = [];
  readonly csv: NumericCsv;
  readonly cells = new GrowingColumn(Int32Array);
  rows = 0;
  levels = 0;
  gridE4 = 0;
  private readonly file: DataFile;
  private readonly maxRows: number;

  /** `maxRows` is the number of messages. */
  constructor(file: DataFile, maxRows: number) {
    this.file = file;
    this.maxRows = maxRows;
    this.csv = new NumericCsv(file, CELLS_PER_LEVEL * MAX_LEVELS, this);
  }

  checkWidth(columns: number, line: number): void {
    if (this.levels === 0) this.levels = columns / CELLS_PER_LEVEL;
    if (!Number.isInteger(this.levels) || columns !== this.levels * CELLS_PER_LEVEL) {
      throw this.wrongWidth(columns, line);
    }
  }

  row(values: Float64Array): void {
    this.rows++;
    if (this.rows > this.maxRows) return;
    for (let cell = 0; cell < this.levels * CELLS_PER_LEVEL; cell += 2) this.level(values, cell);
  }

  /** One price and its lots; asks and bids alternate. */
  private level(values: Float64Array, cell: number): void {
    const price = values[cell] ?? 0;
    const lots = values[cell + 1] ?? 0;
    const empty = cell % CELLS_PER_LEVEL === 0 ? EMPTY_PRICE : -EMPTY_PRICE;
    if (price === empty) {
      if (lots !== 0) throw this.csv.fault(cell + 2, 'size 0 at an unoccupied level', String(lots));
      this.cells.push(NIL);
      this.cells.push(0);
      return;
    }
    if (!(price >= 1 && price <= MAX_INT32)) {
      throw this.csv.fault(
        cell + 1,
        `a price from 1 to ${MAX_INT32} (dollars x 10000) or ${empty}`,
        String(price),
      );
    }
    if (!(lots >= 1 && lots <= MAX_INT32)) {
      throw this.csv.fault(cell + 2, `a size from 1 to ${MAX_INT32} shares`, String(lots));
    }
    this.cells.push(price);
    this.cells.push(lots);
    this.gridE4 = greatestCommonDivisor(this.gridE4, price);
  }

  private wrongWidth(columns: number, line: number): Error {
    const width =
      line === 1 ? `a multiple of ${CELLS_PER_LEVEL} columns` : `${this.levels * CELLS_PER_LEVEL} columns`;
    const swapped = columns === MESSAGE_COLUMNS && line === 1;
    return dataError(
      this.file,
      `:${line}`,
      `expected ${width} (ask price, ask size, bid price, bid size per level); ` +
        `got ${columns}${swapped ? ': this looks like a message file; are the two files swapped?' : ''}`,
    );
  }
}

/**
 * Reads files { messages, orderbook } into LOBSTER_TABLES; nothing is returned before both were checked
 * wholly.
 */
export const lobsterImporter: Importer = {
  roles: ['messages', 'orderbook'],
  tables: LOBSTER_TABLES,
  async read(file, limits) {
    const [messageFile, bookFile] = [file('messages'), file('orderbook')];
    const messages = new MessageRows(messageFile, limits.maxRows);
    await readRows(messageFile, limits, messages.csv);
    const rows = messages.tNs.length;
    if (rows === 0) throw dataError(messageFile, '', 'the file is empty; expected one row per message');
    const book = new BookRows(bookFile, rows);
    await readRows(bookFile, limits, book.csv);
    if (book.rows !== rows) {
      throw dataError(
        bookFile,
        '',
        `expected ${rows} rows, one for each row of ${messageFile.label}; got ${book.rows}: do both files belong together?`,
      );
    }
    return assemble(messages, book);
  },
};

async function readRows(file: DataFile, limits: ImportLimits, csv: NumericCsv): Promise<void> {
  await readBytes(file, limits.maxBytes, (chunk) => csv.feed(chunk));
  csv.end();
}

function assemble(messages: MessageRows, book: BookRows): Imported {
  const rows = messages.tNs.length;
  const gridE4 = greatestCommonDivisor(messages.gridE4, book.gridE4);
  const { tNs, type, order, lots, priceE4, side } = messages;
  const columns = [tNs, type, order, lots, priceE4, side].map((column) => column.finish());
  const fact = (value: number): Int32Array => {
    const column = new Int32Array(new SharedArrayBuffer(4));
    column[0] = value;
    return column;
  };
  return {
    tables: [
      { name: 'messages', rows, columns },
      { name: 'book', rows: book.cells.length, columns: [book.cells.finish()] },
      {
        name: 'feed',
        rows: 1,
        columns: [fact(book.levels), fact(Math.max(1, gridE4)), fact(messages.ids.size)],
      },
    ],
    notes: [
      `LOBSTER feed of ${rows} messages about ${messages.ids.size} orders, book of ${book.levels} level(s) per side; ` +
        `visible prices are multiples of ${gridE4 / UNITS_PER_CURRENCY}.`,
    ],
  };
}

/** Of two integers >= 0; 0 counts as "no number yet". */
function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
