/**
 * Random call auctions: a book trades a while, gives its orders to a call, in which more come and go, and
 * takes back what the uncross leaves.
 */
import { MAX_PRICE_TICKS, NIL } from '../../src/core/book/codes.js';
import type { BookOptions } from '../../src/core/book/types.js';
import { Pcg32 } from '../bench/pcg32.js';
import * as any from './any-command.js';
import { RequestSource } from './book-requests.js';

const BOOK_COMMANDS = 60;
const CALL_COMMANDS = 40;
/** Ops that a call auction knows, beside those that both books get. */
const CALL_OPS = [any.OP_LIMIT, any.OP_MARKET, any.OP_CANCEL, any.OP_SUBMIT, any.OP_ALLOCATE];

/** The commands of so many calls; an error would be thrown where an order got lost between book and call. */
export function* drawCalls(
  seed: number,
  bounds: Required<BookOptions>,
  calls: number,
): Generator<any.AnyCommand> {
  const source = new RequestSource(seed, bounds);
  const random = new Pcg32(seed + 1_000);
  const half = bounds.maxIds >> 1;
  let lastTicks = NIL;
  /**
   * A stop that waits in the book during a call keeps its id: stops have the lower half of all ids, what is
   * new in a call the upper half.
   */
  const withId = (it: any.AnyCommand, inCall: boolean): any.AnyCommand => {
    if (it.op === any.OP_SUBMIT && it.triggerTicks !== NIL) return { ...it, id: Math.abs(it.id) % half };
    const isNew = [any.OP_LIMIT, any.OP_MARKET, any.OP_SUBMIT].includes(it.op);
    return inCall && isNew ? { ...it, id: half + (Math.abs(it.id) % half) } : it;
  };
  for (let call = 0; call < calls; call++) {
    for (let i = 0; i < BOOK_COMMANDS; i++) {
      const it = source.draw();
      if (it.op === any.OP_LIMIT) lastTicks = it.priceTicks;
      yield withId(it, false);
      // Both clocks go on together: an order must not outlive the one and not the other.
      if (it.op === any.OP_ADVANCE) yield { ...it, op: any.CALL + it.op };
    }
    yield any.command(any.OP_HALT, { side: 0 });
    yield any.command(any.CALL + any.OP_HALT, { side: 0 });
    const width = random.uniform(2) === 0 ? MAX_PRICE_TICKS : random.uniform(30);
    const low = Math.max(0, Math.min(MAX_PRICE_TICKS, lastTicks) - width);
    const high = Math.min(MAX_PRICE_TICKS, Math.max(0, lastTicks) + width);
    yield any.command(any.CALL + any.OP_BAND, { priceTicks: low, qtyLots: Math.max(low, high) });
    yield any.command(any.OP_CALL_TAKE);
    const referenceTicks = random.uniform(3) === 0 ? NIL : Math.max(0, lastTicks);
    for (let rounds = 1 + random.uniform(2); rounds > 0; rounds--) {
      for (let i = 0; i < CALL_COMMANDS; i++) {
        const it = source.draw();
        if (it.op === any.OP_ADVANCE) yield it;
        if (it.op === any.OP_ADVANCE || CALL_OPS.includes(it.op)) {
          yield { ...withId(it, true), op: any.CALL + it.op };
        }
      }
      if (random.uniform(20) === 0) yield any.command(any.CALL + any.OP_HALT, { side: 1 });
      yield any.command(any.OP_UNCROSS, { priceTicks: referenceTicks });
      yield any.command(any.CALL + any.OP_HALT, { side: 0 });
    }
    // One more, as a halted call has not traded: only what does not cross may go back.
    yield any.command(any.OP_UNCROSS, { priceTicks: referenceTicks });
    yield any.command(any.OP_CALL_MOVE, { priceTicks: random.uniform(2) === 0 ? NIL : lastTicks });
  }
}
