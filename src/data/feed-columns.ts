/**
 * Builds the tables of a replay feed from events of any source: prices in 1e-4 currency, sizes in whole
 * lots.
 */
import type { Table, TableDecl } from '../contract/columns.js';
import type { LevelBook } from '../core/feed/level-book.js';
import { BUY, NIL, SELL } from '../core/sim/market.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { GrowingColumn } from './growing-column.js';
import { LOBSTER_TABLES } from './lobster.js';

/** Prices and quantities come as integers of 1e-8. */
export const SCALE_DECIMALS = 8;
const PRICE_STEP = 10_000;
const MAX_INT32 = 2 ** 31 - 1;
/** Cells are kept as doubles until the lot is known: so many rows are 320 MB. */
const MAX_ROWS = 1_000_000;

/** Those of a LOBSTER feed, and the size of a lot that was chosen. */
export const FEED_TABLES: readonly TableDecl[] = LOBSTER_TABLES.map((table) =>
  table.name !== 'feed'
    ? table
    : {
        ...table,
        columns: [
          ...table.columns,
          { name: 'lotSize', type: 'f64', unit: 'units', meaning: 'units of the asset in one lot' },
        ],
      },
);

export class FeedColumns {
  private readonly tNs = new GrowingColumn(Float64Array);
  private readonly type = new GrowingColumn(Uint8Array);
  private readonly order = new GrowingColumn(Int32Array);
  private readonly qty = new GrowingColumn(Float64Array);
  private readonly priceE4 = new GrowingColumn(Int32Array);
  private readonly side = new GrowingColumn(Uint8Array);
  private readonly cells = new GrowingColumn(Float64Array);
  private readonly file: DataFile;
  private readonly levels: number;
  private readonly maxRows: number;
  private gridE4 = 0;
  private orders = 0;
  private largest = 0;
  /** Largest power of ten that divides all quantities. */
  private grain = 10 ** 15;

  constructor(file: DataFile, levels: number, maxRows: number) {
    this.file = file;
    this.levels = levels;
    this.maxRows = Math.min(maxRows, MAX_ROWS);
  }

  get rows(): number {
    return this.tNs.length;
  }

  /** One message; `book` is what is shown after it, null where the feed has no book. */
  add(
    tNs: number,
    type: number,
    order: number,
    price: number,
    qty: number,
    side: number,
    book: LevelBook | null,
  ): void {
    if (this.rows >= this.maxRows) {
      throw dataError(this.file, '', `more than the limit of ${this.maxRows} rows`);
    }
    this.tNs.push(Math.max(tNs, this.rows > 0 ? this.tNs.last() : tNs));
    this.type.push(type);
    this.order.push(order);
    this.orders = Math.max(this.orders, order + 1);
    this.qty.push(this.see(qty));
    this.priceE4.push(this.toE4(price));
    this.side.push(side);
    for (let rank = 0; rank < this.levels && book !== null; rank++) {
      for (const shown of [SELL, BUY]) {
        const has = rank < book.levels(shown);
        this.cells.push(has ? this.toE4(book.price(shown, rank)) : NIL);
        this.cells.push(has ? this.see(book.qty(shown, rank)) : 0);
      }
    }
  }

  private toE4(price: number): number {
    const e4 = price / PRICE_STEP;
    if (!Number.isInteger(e4) || !(e4 >= 1 && e4 <= MAX_INT32)) {
      const got = price / 10 ** SCALE_DECIMALS;
      throw dataError(
        this.file,
        '',
        `expected prices of at most 4 decimals up to ${MAX_INT32 / 1e4}; got ${got}`,
      );
    }
    this.gridE4 = greatestCommonDivisor(this.gridE4, e4);
    return e4;
  }

  private see(qty: number): number {
    this.largest = Math.max(this.largest, qty);
    while (qty % this.grain !== 0) this.grain /= 10;
    return qty;
  }

  /** The lot: the finest power of ten that all sizes fit, not finer than the data. Then the tables. */
  finish(): { tables: Table[]; lotSize: number; gridE4: number } {
    let lot = this.grain;
    while (this.largest / lot > MAX_INT32) lot *= 10;
    const lotSize = lot / 10 ** SCALE_DECIMALS;
    const lots = new GrowingColumn(Int32Array);
    for (const qty of this.qty.finish()) lots.push(Math.max(1, Math.round(qty / lot)));
    const cells = new GrowingColumn(Int32Array);
    this.cells.finish().forEach((value, i) => {
      // Price, lots, price, lots: an empty level has no lots.
      if (i % 2 === 0) cells.push(value);
      else cells.push(value > 0 ? Math.max(1, Math.round(value / lot)) : 0);
    });
    const gridE4 = Math.max(1, this.gridE4);
    const whole = (value: number): Int32Array => sharedInt32([value]);
    const size = new Float64Array(new SharedArrayBuffer(8));
    size[0] = lotSize;
    const { tNs, type, order, priceE4, side, rows } = this;
    const columns = [tNs, type, order, lots, priceE4, side].map((column) => column.finish());
    const facts = [whole(this.levels), whole(gridE4), whole(this.orders), size];
    const tables = [
      { name: 'messages', rows, columns },
      { name: 'book', rows: cells.length, columns: [cells.finish()] },
      { name: 'feed', rows: 1, columns: facts },
    ];
    return { tables, lotSize, gridE4 };
  }
}

function sharedInt32(values: readonly number[]): Int32Array {
  const column = new Int32Array(new SharedArrayBuffer(4 * values.length));
  column.set(values);
  return column;
}

/** Of two integers >= 0; 0 counts as "no number yet". */
function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
