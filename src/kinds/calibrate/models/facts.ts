/** Facts of a feed that a market file needs beside the fitted rates: tick, lot, first price, volatility. */
import { midVolatilityE4 } from '../../../core/fit/market-orders.js';
import { NIL } from '../../../core/sim/market.js';
import { ASK_PRICE, BID_PRICE, CELLS_PER_LEVEL } from '../../../core/sim/replay-feed.js';
import type { ReplayFeed } from '../../../core/sim/replay-feed.js';
import type { Sample } from '../sample.js';
import type { Rows } from '../tables.js';

const SAMPLING_S = 1;

export function noteFacts({ unit, feed, tickE4, lotSize }: Sample, rows: Rows): void {
  if (unit !== 0 || feed === null) return;
  rows.fact(unit, 'tickE4', tickE4);
  rows.fact(unit, 'lotSize', lotSize);
  if (feed.levels === 0) return;
  const mid = firstMidE4(feed);
  if (mid !== NIL) rows.fact(unit, 'startTicks', Math.floor(mid / tickE4));
  rows.fact(unit, 'sigma', midVolatilityE4(feed, SAMPLING_S) / tickE4);
}

/** A capture that begins with an empty book shows both sides some rows later; NIL where it never does. */
function firstMidE4({ rows, levels, cells }: ReplayFeed): number {
  for (let row = 0; row < rows; row++) {
    const at = row * levels * CELLS_PER_LEVEL;
    const [bid, ask] = [cells[at + BID_PRICE]!, cells[at + ASK_PRICE]!];
    if (bid !== NIL && ask !== NIL) return (bid + ask) / 2;
  }
  return NIL;
}
