/** The historical feed as a replay reads it: messages and book rows as columns, in the unit of the file. */
import { NIL } from './market.js';

/**
 * Prices stay in the file's own unit, 1e-4 of the currency ("E4"): hidden executions happen between ticks,
 * so that no tick size would hold every price, while 1e-4 holds all of them exactly. A market divides by
 * the ticks it is asked for.
 */
export const UNITS_PER_CURRENCY = 10_000;

/**
 * Message types of the LOBSTER format (read-me of its sample files; 6 from the description of the full
 * data).
 */
export const SUBMIT = 1;
/** Part of a resting order is taken back. */
export const CANCEL_PART = 2;
/** All that was left of a resting order is taken back. */
export const DELETE = 3;
export const EXECUTE_VISIBLE = 4;
export const EXECUTE_HIDDEN = 5;
/** An auction's trade; it does not change the continuous book. */
export const CROSS_TRADE = 6;
export const HALT = 7;

/** Cells of one level in a book row, in this order. */
export const ASK_PRICE = 0;
export const ASK_LOTS = 1;
export const BID_PRICE = 2;
export const BID_LOTS = 3;
export const CELLS_PER_LEVEL = 4;

/** A table as far as a kernel needs to know it; the tables of contract/columns.ts fit. */
export interface FeedTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly (Float64Array | Int32Array | Uint32Array | Uint8Array)[];
}

/** Columns of a feed of `rows` messages; the importer's three tables in this order of columns. */
export interface ReplayFeed {
  readonly rows: number;
  /** Levels per side of a book row. */
  readonly levels: number;
  /** Greatest common divisor of all visible prices in 1e-4 currency: the largest tick that fits the file. */
  readonly gridE4: number;
  /** Number of distinct order ids; `order` holds 0..orders-1. */
  readonly orders: number;
  /** Nanoseconds since midnight, non-decreasing. */
  readonly tNs: Float64Array;
  readonly type: Uint8Array;
  /** Order ids renumbered densely in the order of their first appearance. */
  readonly order: Int32Array;
  readonly lots: Int32Array;
  readonly priceE4: Int32Array;
  /** Side of the RESTING order: BUY or SELL. */
  readonly side: Uint8Array;
  /** Row-major: rows x levels x (ask price, ask lots, bid price, bid lots); an empty level is NIL, 0. */
  readonly cells: Int32Array;
}

/**
 * Finds the columns in the importer's tables `messages` (tNs, type, order, lots, priceE4, side), `book`
 * (cells) and `feed` (levels, gridE4, orders). Throws Error when the tables are not such a feed: a broken
 * invariant, since only an importer makes them.
 */
export function readReplayFeed(tables: readonly FeedTable[]): ReplayFeed {
  const table = (name: string): FeedTable => {
    const found = tables.find((t) => t.name === name);
    if (found === undefined) throw new Error(`a replay feed needs the table '${name}'`);
    return found;
  };
  const messages = table('messages');
  const facts = table('feed');
  const [tNs, type, order, lots, priceE4, side] = messages.columns;
  const feed = {
    rows: messages.rows,
    levels: facts.columns[0][0],
    gridE4: facts.columns[1][0],
    orders: facts.columns[2][0],
    tNs: tNs as Float64Array,
    type: type as Uint8Array,
    order: order as Int32Array,
    lots: lots as Int32Array,
    priceE4: priceE4 as Int32Array,
    side: side as Uint8Array,
    cells: table('book').columns[0] as Int32Array,
  };
  if (feed.rows < 1 || feed.cells.length !== feed.rows * feed.levels * CELLS_PER_LEVEL) {
    throw new Error(
      `a replay feed of ${feed.rows} rows x ${feed.levels} levels has ${feed.cells.length} book cells`,
    );
  }
  return feed;
}

/** The tick in 1e-4 currency when it divides every visible price of the feed, NIL when it does not. */
export function tickE4Of(feed: Pick<ReplayFeed, 'gridE4'>, tickSize: number): number {
  const tickE4 = Math.round(tickSize * UNITS_PER_CURRENCY);
  return tickE4 >= 1 && feed.gridE4 % tickE4 === 0 ? tickE4 : NIL;
}
