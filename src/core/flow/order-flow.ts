/** What a generated market needs of an order-flow model: the one interface behind all of them. */
import type { OrderBook, OrderEntry } from '../book/types.js';
import type { Draws } from './draws.js';

/**
 * A model owns the background orders: it enters and cancels them and is told of their fills. Its ids start
 * at the `firstId` of its factory. Everything random comes from the given draws, so that a run depends on
 * its seed and unit alone. No call may allocate once the arrays have grown.
 */
export interface OrderFlow {
  /**
   * Fills an empty book around bid = midTicks, ask = midTicks + 1, forgets all that was, and sets the clock
   * to 0.
   */
  seed(book: OrderBook, midTicks: number): void;
  /** Time of the next event in ns; Infinity when nothing can happen. */
  nextNs(): number;
  /**
   * Applies the event at nextNs to the book, or to the auction that stands for it, and draws the time of the
   * next one. The best prices are those of background orders, NIL for an empty side.
   */
  step(book: OrderEntry, bidTicks: number, askTicks: number): void;
  /** The clock jumps from a time, at most nextNs, to another; the model goes on as if no time had passed. */
  jump(fromNs: number, toNs: number): void;
  /** The book reports lots taken from a background order. It comes amid step(). */
  fill(id: number, qtyLots: number): void;
}

/** Makes the flow of one market. Background orders take the book's ids from `firstId` on. */
export type OrderFlowFactory = (draws: Draws, firstId: number) => OrderFlow;
