/** `mms markets`: the fitted markets that --ticker knows, with their parts of a spec. */
import type { Markets } from '../data/markets.js';
import type { Io } from './io.js';

export function showMarkets(markets: Markets, json: boolean, io: Io): number {
  const all = markets.tickers().map((ticker) => markets.get(ticker)!);
  if (json) {
    io.out(`${JSON.stringify(all, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...all.map(({ ticker }) => ticker.length));
  for (const { ticker, market, source } of all) {
    io.out(`${ticker.padEnd(width)}  ${String(market['type'])}: ${source}\n`);
  }
  io.talk('\nUse one: mms run --ticker <name>; fit your own: mms calibrate FILES... --out market.yaml\n');
  return 0;
}
