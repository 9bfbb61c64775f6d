/** What a quoting strategy sees and says: the one interface behind `fixed`, `adaptive` and later ones. */
import * as codes from '../book/codes.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const NIL = codes.NIL;

/** Bits of Quoter.needs: the sizes at the best prices; every trade of the market. */
export const NEEDS_SIZES = 1;
export const NEEDS_TRADES = 2;

/** The trader's delayed view of the market and its own known position. Numbers only, updated in place. */
export interface QuoteView {
  /** Time at the trader in ns since the run's start. */
  tNs: number;
  /** Seconds until the run ends. */
  timeLeftS: number;
  /** Best prices that the trader has received, NIL while a side is empty. */
  bidTicks: number;
  askTicks: number;
  /** Bid + ask; while a side is empty the last mid that was known. */
  midHalfTicks: number;
  /** Lots of others at the best prices as received; 0 unless the strategy needs sizes. */
  bidLots: number;
  askLots: number;
  /** Position by the fills that the trader has heard of. */
  inventoryLots: number;
  /** Own lots, resting or on their way, that could still be bought and sold. */
  openBidLots: number;
  openAskLots: number;
}

/** Wanted quotes; a price of NIL means no quote on that side. */
export interface Quote {
  bidTicks: number;
  askTicks: number;
  bidLots: number;
  askLots: number;
  /**
   * Lots to buy (> 0) or sell (< 0) at once by an immediate-or-cancel order, 0 before every decision; its
   * limit in ticks, NIL for any price. No quote stands on the other side meanwhile.
   */
  takeLots: number;
  takeTicks: number;
}

/**
 * A strategy. `observe` is called on every received change of the best prices and before every decision,
 * `quote` on a decision. Neither may allocate. The trader cuts sizes at the inventory limit and keeps an
 * order that has not changed. `quote` writes every field of `out` but takeLots, which is 0 before.
 */
export interface Quoter {
  /** NEEDS_* bits: news beyond best prices and own fills that it wants; none when absent. */
  readonly needs?: number;
  observe(view: QuoteView): void;
  quote(view: QuoteView, out: Quote): void;
  /** Word of an own fill, before the decision that it leads to; the view has it already. */
  onFill?(view: QuoteView, side: number, priceTicks: number, qtyLots: number): void;
  /** A trade of the market, if needed, own ones included; aggressorSide is NIL in auctions. */
  onTrade?(view: QuoteView, priceTicks: number, qtyLots: number, aggressorSide: number): void;
  /** The timer runs out, before the decision that it leads to. */
  onTimer?(view: QuoteView): void;
}

/** A view before anything was heard. */
export function blankView(): QuoteView {
  return {
    tNs: 0,
    timeLeftS: 0,
    bidTicks: NIL,
    askTicks: NIL,
    midHalfTicks: NIL,
    bidLots: 0,
    askLots: 0,
    inventoryLots: 0,
    openBidLots: 0,
    openAskLots: 0,
  };
}

/** No quotes. */
export function blankQuote(): Quote {
  return { bidTicks: NIL, askTicks: NIL, bidLots: 0, askLots: 0, takeLots: 0, takeTicks: NIL };
}

/**
 * Rounds two wanted prices (in ticks, fractional) away from the mid and moves them behind the opposite
 * best price, so that a post-only order based on this view cannot trade. A price below one tick becomes
 * NIL.
 */
export function quoteAround(view: QuoteView, bid: number, ask: number, out: Quote): void {
  let bidTicks = Math.floor(bid);
  let askTicks = Math.ceil(ask);
  if (view.askTicks !== NIL && bidTicks >= view.askTicks) bidTicks = view.askTicks - 1;
  if (view.bidTicks !== NIL && askTicks <= view.bidTicks) askTicks = view.bidTicks + 1;
  if (askTicks <= bidTicks) askTicks = bidTicks + 1;
  out.bidTicks = bidTicks >= 1 ? bidTicks : NIL;
  out.askTicks = askTicks >= 1 ? askTicks : NIL;
}
