/**
 * Writes down an order-flow model as a level-L file would show it, so that a fit can be held to a known
 * truth.
 *
 * The model acts on a Book of its own; every order, cancel and execution that changes the shown window
 * becomes a row, as in LOBSTER data, with the window after the command. Cost O(levels) an event; arrays
 * grow as plain lists, since this serves tests and self-checks, not runs.
 */
import { Book } from '../book/book.js';
import { BUY, NIL, SELL } from '../book/codes.js';
import { Draws } from '../flow/draws.js';
import type { OrderFlow, OrderFlowFactory } from '../flow/order-flow.js';
import { Stream } from '../rng/stream.js';
import type { ReplayFeed } from '../sim/replay-feed.js';
import { CELLS_PER_LEVEL, DELETE, EXECUTE_VISIBLE, SUBMIT } from '../sim/replay-feed.js';

/** The tick of a recorded feed in 1e-4 currency: 0.01. */
export const RECORDED_TICK_E4 = 100;

export interface Recording {
  readonly flow: OrderFlowFactory;
  readonly startMidTicks: number;
  /** Flow before the record begins. */
  readonly warmupS: number;
  readonly durationS: number;
  readonly levels: number;
  /** Key of the random stream. */
  readonly seed: number;
  readonly unit: number;
  readonly streamName: number;
  /** The record ends here at the latest. */
  readonly maxRows: number;
}

/** A book that notes what happens in it. */
class NotedBook extends Book {
  /** (type, lots, price, side) of what the last command did. */
  readonly notes: number[] = [];
  private readonly prices = new Map<number, readonly [side: number, priceTicks: number]>();

  override limit(id: number, side: number, priceTicks: number, qtyLots: number, tif: number): number {
    const traded = super.limit(id, side, priceTicks, qtyLots, tif);
    if (traded >= 0 && traded < qtyLots) {
      this.prices.set(id, [side, priceTicks]);
      this.notes.push(SUBMIT, qtyLots - traded, priceTicks, side);
    }
    return traded;
  }

  override cancel(id: number): number {
    const lots = this.qtyOf(id);
    const [side, priceTicks] = this.prices.get(id) ?? [BUY, NIL];
    const code = super.cancel(id);
    if (lots > 0) this.notes.push(DELETE, lots, priceTicks, side);
    return code;
  }
}

/** Records the flow of one unit; the first row is the book at time 0. */
export function recordFlow(recording: Recording): ReplayFeed {
  const { levels } = recording;
  const draws = new Draws(new Stream());
  draws.key(recording.seed, recording.unit, recording.streamName);
  const report = {
    onTrade(makerId: number, _taker: number, priceTicks: number, lots: number, takerSide: number): void {
      flow.fill(makerId, lots);
      book.notes.push(EXECUTE_VISIBLE, lots, priceTicks, 1 - takerSide);
    },
  };
  const book: NotedBook = new NotedBook({ ticks: 1024, orders: 1024, ids: 2048 }, report);
  const flow: OrderFlow = recording.flow(draws, 0);
  flow.seed(book, recording.startMidTicks);
  const warmupNs = recording.warmupS * 1e9;
  while (flow.nextNs() <= warmupNs) flow.step(book, book.bestBidTicks, book.bestAskTicks);
  flow.jump(warmupNs, 0);
  const rows = new Rows(levels);
  rows.add(0, [SUBMIT, 1, Math.max(1, book.bestBidTicks), BUY], 0, book);
  const endNs = recording.durationS * 1e9;
  while (flow.nextNs() <= endNs && rows.count < recording.maxRows) {
    const tNs = flow.nextNs();
    book.notes.length = 0;
    flow.step(book, book.bestBidTicks, book.bestAskTicks);
    rows.look(book);
    if (!rows.changed()) continue;
    for (let at = 0; at < book.notes.length; at += 4) rows.add(tNs, book.notes, at, null);
  }
  return rows.feed();
}

class Rows {
  count = 0;
  private readonly levels: number;
  private readonly columns: number[][] = [[], [], [], [], []];
  private readonly cells: number[] = [];
  private shown: Int32Array;
  private before: Int32Array;
  private readonly prices: Int32Array;
  private readonly lots: Int32Array;

  constructor(levels: number) {
    this.levels = levels;
    this.shown = new Int32Array(levels * CELLS_PER_LEVEL);
    this.before = new Int32Array(levels * CELLS_PER_LEVEL);
    this.prices = new Int32Array(levels);
    this.lots = new Int32Array(levels);
  }

  /** Takes the window that a file would show now. */
  look(book: Book): void {
    [this.shown, this.before] = [this.before, this.shown];
    for (let side = BUY; side <= SELL; side++) {
      const found = book.depth(side, this.prices, this.lots, this.levels);
      for (let rank = 0; rank < this.levels; rank++) {
        const at = rank * CELLS_PER_LEVEL + (side === BUY ? 2 : 0);
        this.shown[at] = rank < found ? this.prices[rank] * RECORDED_TICK_E4 : NIL;
        this.shown[at + 1] = rank < found ? this.lots[rank] : 0;
      }
    }
  }

  changed(): boolean {
    return this.shown.some((cell, i) => cell !== this.before[i]);
  }

  /** One row of the note at `at`; with `book` the window is taken from it first. */
  add(tNs: number, notes: readonly number[], at: number, book: Book | null): void {
    if (book) this.look(book);
    const [tNsColumn, type, lots, priceE4, side] = this.columns;
    tNsColumn.push(tNs);
    type.push(notes[at]);
    lots.push(notes[at + 1]);
    priceE4.push(notes[at + 2] * RECORDED_TICK_E4);
    side.push(notes[at + 3]);
    for (const cell of this.shown) this.cells.push(cell);
    this.count++;
  }

  feed(): ReplayFeed {
    const [tNs, type, lots, priceE4, side] = this.columns;
    return {
      rows: this.count,
      levels: this.levels,
      gridE4: RECORDED_TICK_E4,
      orders: 0,
      tNs: Float64Array.from(tNs),
      type: Uint8Array.from(type),
      order: new Int32Array(this.count),
      lots: Int32Array.from(lots),
      priceE4: Int32Array.from(priceE4),
      side: Uint8Array.from(side),
      cells: Int32Array.from(this.cells),
    };
  }
}
