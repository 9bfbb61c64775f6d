/** Numbers that name the random streams of one unit; results depend on them, so they never change. */

export const FLOW = 1;
export const STRATEGY = 2;
export const PRICE = 3;
export const LATENCY = 4;
/** Draws that are only shown, such as the points of a picture; no number of a result depends on them. */
export const PICTURE = 5;
/** LATENCY is of messages to the exchange, this of those to the trader. */
export const FEED_LATENCY = 6;
/** Copies of the bootstrap. */
export const RESAMPLE = 9;
/** Starts of a search that are drawn. */
export const START = 40;
/** Scramblings of Sobol points: one unit a randomisation. */
export const SCRAMBLE = 10;
/**
 * Values that a sweep draws: one unit a cell; the order of its strata: one unit an axis; seeds of its jobs.
 */
export const SWEEP_VALUES = 51;
export const SWEEP_STRATA = 52;
export const SWEEP_SEEDS = 53;
