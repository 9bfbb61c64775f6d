/** Names of the independent random streams of one unit; a number once given never changes, results depend on it. */

export const FLOW = 1;
export const STRATEGY = 2;
export const PRICE = 3;
export const LATENCY = 4;
