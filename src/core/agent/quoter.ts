/** What a quoting strategy sees and says: the one interface behind `fixed`, `adaptive` and later ones. */
import * as codes from '../book/codes.js';

// Constants of this file, not imports: V8 reads an imported binding anew at every use.
const NIL = codes.NIL;

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
  /** Position by the fills that the trader has heard of. */
  inventoryLots: number;
}

/** Wanted quotes; a price of NIL means no quote on that side. */
export interface Quote {
  bidTicks: number;
  askTicks: number;
  bidLots: number;
  askLots: number;
}

/**
 * A strategy. `observe` is called on every received change of the best prices and before every decision,
 * `quote` on a decision. Neither may allocate. The trader cuts sizes at the inventory limit and keeps an
 * order that has not changed.
 */
export interface Quoter {
  observe(view: QuoteView): void;
  quote(view: QuoteView, out: Quote): void;
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
