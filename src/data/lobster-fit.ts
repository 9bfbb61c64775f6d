/** Order-flow rates of a LOBSTER day as the market of a spec: what `mms study` begins with. */
import type { Table } from '../contract/columns.js';
import { MmsError } from '../contract/problem.js';
import { binsBySample, fitCstRates, type CstFit } from '../core/fit/cst-rates.js';
import { BID_PRICE, readReplayFeed, UNITS_PER_CURRENCY } from '../core/sim/replay-feed.js';

/** Limit orders that a bin of distances must hold for a rate of its own. */
const ORDERS_PER_BIN = 300;
/** Distances that get a rate, in mean spreads, and their bounds. */
const SPREADS = 3;
const [LEAST_DISTANCE, MOST_DISTANCE] = [10, 60];

export interface FittedFlow {
  readonly fit: CstFit;
  /** First distances of the bins. */
  readonly bins: readonly number[];
  /** Currency. */
  readonly tickSize: number;
  readonly seconds: number;
  readonly startMidTicks: number;
}

/** The tables of importer `lobster`; `meanSpreadTicks` decides how far the rates reach. Throws E_DATA. */
export function fitLobsterFlow(
  tables: readonly Table[],
  tickSize: number,
  meanSpreadTicks: number,
): FittedFlow {
  const feed = readReplayFeed(tables);
  const tickE4 = Math.round(tickSize * UNITS_PER_CURRENCY);
  const reach = Math.round(SPREADS * meanSpreadTicks);
  const distances = Math.max(LEAST_DISTANCE, Math.min(MOST_DISTANCE, reach));
  const each = Array.from({ length: distances + 1 }, (_, i) => i + 1);
  try {
    const seen = fitCstRates(feed, tickE4, each).seenAtDistance;
    const bins = binsBySample(seen, ORDERS_PER_BIN);
    const fit = fitCstRates(feed, tickE4, bins);
    const startMidTicks = Math.round((feed.cells[BID_PRICE] ?? 0) / tickE4);
    return { fit, bins, tickSize, seconds: fit.seconds, startMidTicks };
  } catch (error) {
    throw new MmsError(
      'E_DATA',
      `Expected limit orders over some time in the files; ${(error as Error).message}.`,
    );
  }
}

/** Multipliers of a fitted flow; see core/facts/match-moments.ts. */
export interface FlowMultipliers {
  readonly inside: number;
  readonly size: number;
  readonly market: number;
}

/** The fitted flow as a field `market` of kind market-making, for `durationS` seconds. */
export function toMarket(
  { fit, startMidTicks }: FittedFlow,
  { inside, size, market }: FlowMultipliers,
  insideTicks: number,
  durationS: number,
): Record<string, unknown> {
  const three = (value: number): number => Number(value.toPrecision(3));
  return {
    type: 'cont-stoikov-talreja',
    durationS,
    startMidTicks,
    warmupS: 300,
    marketRatePerS: three(fit.marketRatePerS * market),
    orderSize: { type: 'geometric', meanLots: Math.max(1, three(fit.meanLots * size)) },
    limitRatePerS: fit.limitRatePerS.map((rate, i) => three(i + 1 < insideTicks ? rate * inside : rate)),
    // The kind asks for 0.001 at least.
    cancelRatePerS: fit.cancelRatePerS.map((rate) => Math.max(0.001, three(rate))),
  };
}
