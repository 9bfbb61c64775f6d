/**
 * The event stream of an order book: the layout of its records and who receives them.
 *
 * A record is EVENT_WORDS int32 words, of which a kind uses the first WORDS_USED[kind]; the others are
 * stale.
 *
 * | word | REST, CANCEL, REDUCE | FILL | DONE | REJECT |
 * |---|---|---|---|---|
 * | 0 | kind, side << 8, cause << 16 (CANCEL) | kind, taker's side << 8 | kind, side << 8 | kind |
 * | 1 | order id | maker's id | order id | order id |
 * | 2 | price in ticks | price in ticks | NIL | NIL |
 * | 3 | lots that rest, left, rest now | lots traded | lots traded in all | REJECT_* code |
 * | 4 | the level's visible lots afterwards | the same | lots dropped | 0 |
 * | 5 | - | taker's id | - | - |
 * | 6 | - | maker's visible lots afterwards | - | - |
 *
 * Every accepted command ends with one acknowledgement: REST (it rests, after its fills), DONE (nothing
 * of it rests), REDUCE (it kept its place with fewer lots), CANCEL; a refused one with REJECT and
 * nothing else. A A stop order that waits has EVENT_STOP (price: trigger; lots; word 4: limit price),
 * later EVENT_STOP_END. The lots of an iceberg are its visible ones; REDUCE after self-trade prevention
 * too. Hidden orders stream as any. A replace that loses its place is CANCEL with CAUSE_REPLACE, then
 * what a new order gives. Why this layout: one record per event carries order and level together, so
 * that a passive order or a cancel costs one record of five stores and no reader has to sum a level up;
 * 8 words keep a record within half a cache line and its place a plain index.
 */

export const EVENT_WORDS = 8;

/** An order rests, at the back of its level's visible orders (hidden ones: of all). */
export const EVENT_REST = 0;
/** An order has left the book untraded; word 0 says why. */
export const EVENT_CANCEL = 1;
/** An order has fewer lots and kept its place. */
export const EVENT_REDUCE = 2;
/** A resting order has traded. */
export const EVENT_FILL = 3;
/** An incoming order is over: what it did not trade is dropped. */
export const EVENT_DONE = 4;
/** A command was refused; nothing changed. */
export const EVENT_REJECT = 5;

/** A stop order waits: trigger price, lots, limit price (NIL: market). */
export const EVENT_STOP = 6;
/** A stop order no longer waits: triggered (cause CAUSE_TRIGGER) or gone. */
export const EVENT_STOP_END = 7;

/** Words that a record of each kind uses. */
export const WORDS_USED: readonly number[] = [5, 5, 5, 7, 5, 5, 5, 5];

/** Why an order left the book: its own cancel, or a replace that lost its place. */
export const CAUSE_CANCEL = 0;
export const CAUSE_REPLACE = 1;
/**
 * Self-trade prevention, its partner traded or left, its time was over, its owner's mass cancel, a
 * trigger.
 */
export const CAUSE_SELF_TRADE = 2;
export const CAUSE_PARTNER = 3;
export const CAUSE_EXPIRED = 4;
export const CAUSE_MASS = 5;
export const CAUSE_TRIGGER = 6;

/** Places of word 0. */
export const SIDE_SHIFT = 8;
export const CAUSE_SHIFT = 16;

/**
 * Receives the stream in batches, when the buffer is full and at flush(). It must not call the book and
 * must not keep the array, which is written again afterwards.
 */
export interface EventSink {
  /** Records stand at 0, EVENT_WORDS, ... below `words`. */
  onEvents(records: Int32Array, words: number): void;
}

/** Continues a hash over the used words of some records: h = imul(h ^ word, 16777619), h ^= h >>> 15. */
export function hashEvents(hash: number, records: Int32Array, words: number): number {
  let h = hash;
  for (let at = 0; at < words; at += EVENT_WORDS) {
    const used = WORDS_USED[records[at] & 255];
    for (let i = 0; i < used; i++) {
      h = Math.imul(h ^ records[at + i], 16777619);
      h ^= h >>> 15;
    }
  }
  return h;
}
