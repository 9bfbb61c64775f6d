/** Numbers that the order book speaks: sides, times in force, limits, reasons to refuse an order. */

export const BUY = 0;
export const SELL = 1;
/** "No price" and "no such thing". */
export const NIL = -1;

/** Good till cancelled: trades what it can, the rest of it rests. */
export const TIF_GTC = 0;
/** Immediate or cancel: trades what it can, the rest of it is dropped. */
export const TIF_IOC = 1;
/** Fill or kill: trades in full at once or is refused. */
export const TIF_FOK = 2;
/** Post only: rests in full or is refused. */
export const TIF_POST_ONLY = 3;

/** Highest price that a book accepts; the lowest is 0. */
export const MAX_PRICE_TICKS = 0x3fff_ffff;
/** A price level holds at most so many lots, and so does an order. */
export const MAX_LEVEL_LOTS = 0x7fff_ffff;

/** Size below 1 lot, or the level would hold more than MAX_LEVEL_LOTS. */
export const REJECT_QTY = -1;
/** Price outside 0..MAX_PRICE_TICKS, or more than `maxTicks` away from a resting price. */
export const REJECT_PRICE = -2;
/** Id below 0 or not below `maxIds`. */
export const REJECT_ID = -3;
/** The id rests in the book already. */
export const REJECT_DUPLICATE_ID = -4;
/** The id does not rest in the book (never did, was filled or cancelled). */
export const REJECT_UNKNOWN_ID = -5;
/** Post-only order whose price would trade. */
export const REJECT_WOULD_TRADE = -6;
/** Fill-or-kill order that cannot be filled in full. */
export const REJECT_WOULD_NOT_FILL = -7;
/** `maxOrders` orders rest already and this one would rest untraded. */
export const REJECT_FULL = -8;
