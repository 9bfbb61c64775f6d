/** Facts of a feed that a market file needs beside the fitted rates: tick, lot, first price, volatility. */
import { midVolatilityE4 } from '../../../core/fit/market-orders.js';
import { NIL } from '../../../core/sim/market.js';
import { ASK_PRICE, BID_PRICE } from '../../../core/sim/replay-feed.js';
import type { Sample } from '../sample.js';
import type { Rows } from '../tables.js';

const SAMPLING_S = 1;

export function noteFacts({ unit, feed, tickE4, lotSize }: Sample, rows: Rows): void {
  if (unit !== 0 || feed === null) return;
  rows.fact(unit, 'tickE4', tickE4);
  rows.fact(unit, 'lotSize', lotSize);
  if (feed.levels === 0) return;
  const [bid, ask] = [feed.cells[BID_PRICE]!, feed.cells[ASK_PRICE]!];
  if (bid !== NIL && ask !== NIL) rows.fact(unit, 'startTicks', Math.floor((bid + ask) / 2 / tickE4));
  rows.fact(unit, 'sigma', midVolatilityE4(feed, SAMPLING_S) / tickE4);
}
