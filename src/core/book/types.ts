/** What an order book is to its callers: the interface that the fast book and its slow twin share. */

/**
 * Receives each trade while it happens. It must not call the book: the level being matched is half updated.
 */
export interface TradeSink {
  /** The price is the resting (maker) order's; takerSide is BUY or SELL. */
  onTrade(makerId: number, takerId: number, priceTicks: number, qtyLots: number, takerSide: number): void;
}

/**
 * Sizes of a book. The first is for good, the next two are where it starts, the last two where growth ends
 * (default in brackets).
 */
export interface BookOptions {
  /**
   * Prices about the best ones that are as fast as can be; the others are merely fast. Best twice the
   * range in which most orders rest. Rounded up to a power of two >= 32.
   */
  readonly ticks: number;
  /** Resting orders. */
  readonly orders: number;
  /** Order ids 0..ids-1: keep ids dense, the table is indexed by them. */
  readonly ids: number;
  /** Most resting orders (2^24). */
  readonly maxOrders?: number;
  /** Ids must stay below this (2^26). */
  readonly maxIds?: number;
}

/** What plain orders are entered and cancelled with: a book, or a call auction. */
export type OrderEntry = Pick<OrderBook, 'limit' | 'market' | 'cancel'>;

/** An order with everything that can be said of one; see ORDER_DEFAULTS for the plain values. */
export interface OrderRequest {
  readonly id: number;
  readonly side: number;
  /** ORDER_LIMIT, ORDER_MARKET, ORDER_MARKET_TO_LIMIT. */
  readonly type: number;
  /** Limit price; not read for the other types. */
  readonly priceTicks: number;
  readonly qtyLots: number;
  /** TIF_*; of the other types only TIF_FOK and TIF_IOC count, and market-to-limit is GTC. */
  readonly tif: number;
  /**
   * Lots that show while it rests: NIL all; 0 none (hidden: behind all visible orders of its price);
   * else an iceberg's peak: when the shown lots have traded, the next peak goes to the back of the
   * visible orders. All of them are at most MAX_PEAKS peaks.
   */
  readonly displayLots: number;
  /** Who stands behind it, NIL nobody: for self-trade prevention and cancelOwner. */
  readonly ownerId: number;
  /**
   * SELF_TRADE_*: what happens when it meets a resting order of its owner. FOK is refused if one is in
   * reach.
   */
  readonly selfTrade: number;
  /**
   * NIL, or a stop order: it waits outside the book until a message's last trade is at or above (buy),
   * at or below (sell) this price; at once if the last trade is so already.
   */
  readonly triggerTicks: number;
  /** It leaves when the book's time reaches this (advance); Infinity never. */
  readonly expiryNs: number;
  /**
   * NIL, or a living order with which it makes a pair (OCO): when one of them trades, triggers or
   * leaves, the other is cancelled, after the level at hand was dealt with.
   */
  readonly partnerId: number;
}

/** Values of a plain order, to be spread: { ...ORDER_DEFAULTS, id, side, priceTicks, qtyLots }. */
export const ORDER_DEFAULTS = {
  type: 0,
  tif: 0,
  priceTicks: -1,
  displayLots: -1,
  ownerId: -1,
  selfTrade: 0,
  triggerTicks: -1,
  expiryNs: Infinity,
  partnerId: -1,
} as const;

/**
 * A limit order book of one instrument with price-time priority. All arguments are int32. Results >= 0 mean
 * accepted, negative ones are REJECT_* codes of codes.ts; a refused order leaves the book exactly as it
 * was.
 */
export interface OrderBook {
  /** Best buy price, NIL when no buy order rests; hidden orders count. */
  readonly bestBidTicks: number;
  /** Best sell price, NIL when no sell order rests; hidden orders count. */
  readonly bestAskTicks: number;
  /** Resting orders. */
  readonly ordersLive: number;
  /**
   * New order with a price. It trades against the best opposite prices first, in a level the oldest order
   * first, at the resting order's price; what is left rests, is dropped or forbids the order, by `tif`
   * (TIF_*). Side and tif are not checked here, nor by market(), as submit() does: another number does no
   * harm to the book, but what becomes of the order is not said. Returns the lots that
   * traded at once: 0 = it rests in full (or, IOC, nothing traded). An id may be used again once its order
   * is gone.
   */
  limit(id: number, side: number, priceTicks: number, qtyLots: number, tif: number): number;
  /** Takes up to qtyLots from the other side at any price, drops the rest. Returns the lots that traded. */
  market(id: number, side: number, qtyLots: number): number;
  /** Takes a resting order out. Returns the lots it still had. */
  cancel(id: number): number;
  /**
   * Gives a resting order a new price and size. At the same price and no more lots it keeps its place
   * in the queue; otherwise it leaves and enters as a new GTC order, which may trade. Returns the lots
   * that traded at once.
   */
  replace(id: number, priceTicks: number, qtyLots: number): number;
  /** New order of any type; returns the lots that traded at once, 0 also for a stop order that waits. */
  submit(order: OrderRequest): number;
  /** Cancels all orders of an owner, waiting ones too, by ascending id; returns how many. */
  cancelOwner(ownerId: number): number;
  /** A trade elsewhere, as in an auction, becomes the last trade; stop orders that it meets enter. */
  noteTrade(priceTicks: number): void;
  /** Moves the book's time forward and cancels what expires by then, by ascending id; returns how many. */
  advance(tNs: number): number;
  /** Halts trading, so that only cancels are taken (time and expiry go on), or goes on. */
  halt(on: boolean): void;
  /** Price band: new prices outside low..high are refused, and nothing trades outside of it. */
  band(lowTicks: number, highTicks: number): void;
  /** ALLOCATE_*: how a level's lots are shared out from now on; any other number is price-time. */
  allocate(rule: number): void;
  /** Visible lots that rest at a price, 0 when none. */
  qtyAt(priceTicks: number): number;
  /** BUY or SELL, NIL when the id does not rest. */
  sideOf(id: number): number;
  /** Price of a resting order, NIL when the id does not rest. */
  priceOf(id: number): number;
  /** Lots of a resting order (an iceberg's shown ones), 0 when the id does not rest. */
  qtyOf(id: number): number;
  /** Lots that stand before a resting order at its price, NIL when the id does not rest. */
  queueAheadLots(id: number): number;
  /**
   * What would have to be submitted to an empty book to have the resting orders in their places: buys, then
   * sells, best level first, oldest first. An iceberg's peak is shown in full again; pairs come apart.
   */
  resting(): OrderRequest[];
  /**
   * Writes the best levels with visible lots of a side, best first, into two arrays; returns how many
   * were written (<= max).
   */
  depth(side: number, outPricesTicks: Int32Array, outQtysLots: Int32Array, max: number): number;
  /**
   * uint32 over the whole state: start 2166136261; mix(v): h = imul(h ^ v, 16777619), h ^= h >>> 15.
   * For the buy, then the sell side, levels best to worst: mix price, mix level lots, then for its
   * orders oldest first mix id, mix lots, and for a special one -3, owner, partner, reserve, peak,
   * hidden; after each side mix(-1 - side). If stop orders wait: the last trade's price, then of each
   * in order of arrival id, side, trigger, price (NIL: market), lots, type, tif, display, owner, self-
   * trade, partner.
   */
  stateHash(): number;
  /** Empties the book; costs what was used, not what was allocated. Rules, halt and band stay. */
  reset(): void;
}
