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
/**
 * Post only, sliding: rests in full, one tick short of the other side's best price if its own would
 * trade.
 */
export const TIF_SLIDE = 4;

/** Types of OrderRequest: with a price; at any price; at the best price, where the rest of it stays. */
export const ORDER_LIMIT = 0;
export const ORDER_MARKET = 1;
export const ORDER_MARKET_TO_LIMIT = 2;

/** Self-trade prevention, chosen by the incoming order: none; which of two orders of one owner goes. */
export const SELF_TRADE_ALLOWED = 0;
export const SELF_TRADE_CANCEL_NEWEST = 1;
export const SELF_TRADE_CANCEL_OLDEST = 2;
export const SELF_TRADE_CANCEL_BOTH = 3;
/** Both lose the smaller one's lots, untraded; who has none left goes. */
export const SELF_TRADE_DECREMENT = 4;

/** How a level's lots are shared out: oldest first; by size; the oldest, then by size. */
export const ALLOCATE_PRICE_TIME = 0;
export const ALLOCATE_PRO_RATA = 1;
export const ALLOCATE_TOP_PRO_RATA = 2;

/** Highest price that a book accepts; the lowest is 0. */
export const MAX_PRICE_TICKS = 0x3fff_ffff;
/** A price level holds at most so many lots, and so does an order. */
export const MAX_LEVEL_LOTS = 0x7fff_ffff;

/** An iceberg is refilled so often at most, which bounds the work that one taker can cause. */
export const MAX_PEAKS = 1000;

/** Size below 1 lot, or the level would hold more than MAX_LEVEL_LOTS. */
export const REJECT_QTY = -1;
/** Price outside 0..MAX_PRICE_TICKS. */
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
/** Market-to-limit order against an empty side. */
export const REJECT_NO_LIQUIDITY = -9;
/** Shown lots below NIL, above the order's lots or, unless 0, less than a MAX_PEAKS-th of them. */
export const REJECT_DISPLAY = -10;
/** Owner below NIL, or self-trade prevention without an owner or of an unknown sort. */
export const REJECT_OWNER = -11;
/** Expires at or before the book's present time. */
export const REJECT_EXPIRED = -12;
/** The partner does not live, is the order itself or has a partner already. */
export const REJECT_PARTNER = -13;
/** Trigger price outside 0..MAX_PRICE_TICKS. */
export const REJECT_TRIGGER = -14;
/** Trading is halted; only cancels are taken. */
export const REJECT_HALTED = -15;
/** Price outside the price band. */
export const REJECT_BAND = -16;
/** Unknown side, type or time in force of an OrderRequest. */
export const REJECT_TYPE = -17;
