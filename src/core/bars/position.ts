/**
 * Conventions of a backtest over bars, and the account that every strategy pass shares.
 *
 * What a strategy decides from closes up to that of bar i is filled at `fill[i + 1]`: the next bar's open,
 * so that nothing knows the future (the next close where a source has closes alone). One unit is held long,
 * none, or one unit short; reversing trades two. Every traded unit pays `feeRate` of its fill price, the
 * first entry included. Equity after bar i is cash + position * close[i], in currency per unit and from
 * nought; a position that is open at the end is valued at the last close, without a fee for leaving it.
 * Nothing is borrowed at interest, no bar is skipped, no order is refused: whether a size could have been
 * had is for the order book.
 */

/** The prices a pass runs over, of equal length and finite. */
export interface BarPrices {
  /** What decisions are made on and positions are valued at. */
  readonly close: Float64Array;
  /** At what the order decided one bar earlier is filled: the bar's open. */
  readonly fill: Float64Array;
}

export interface BarRules {
  /** Part of the fill price paid for each unit that is traded: 0.0005 for 5 bps. */
  readonly feeRate: number;
  /** Held while the signal is not up: 0 for none, -1 for short. Before the first signal none is held. */
  readonly down: 0 | -1;
}

/** What a pass holds and has done. */
export interface BarAccount {
  /** The signal that is obeyed: 1 up, 2 down, 0 before the first one. */
  side: number;
  position: number;
  cash: number;
  /** Paid in all; equity is net of it. */
  fees: number;
  /** Changes of the position. */
  trades: number;
}

export function emptyAccount(): BarAccount {
  return { side: 0, position: 0, cash: 0, fees: 0, trades: 0 };
}
