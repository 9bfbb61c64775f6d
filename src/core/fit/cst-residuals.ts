/**
 * Time-rescaled residuals of fitted Cont-Stoikov-Talreja rates on the feed they came from: limit orders,
 * cancels, market orders, each integrated over the state of the book.
 *
 * The rate of limit orders is the sum over the distances that the window shows, that of cancels the sum
 * of lots over the mean size times the cancel rate of their distance; market orders count, as in the fit,
 * once a moment. O(L) a row.
 */
import { BUY, NIL, SELL } from '../sim/market.js';
import type { ReplayFeed } from '../sim/replay-feed.js';
import {
  ASK_LOTS,
  ASK_PRICE,
  BID_LOTS,
  BID_PRICE,
  CANCEL_PART,
  DELETE,
  EXECUTE_VISIBLE,
  SUBMIT,
} from '../sim/replay-feed.js';
import { cellBefore, oppositeBest } from './cst-rates.js';
import type { CstFit } from './cst-rates.js';
import { RescaledStreams } from './goodness.js';

const LIMIT = 0;
const CANCEL = 1;
const MARKET = 2;

/** Residuals of limit orders, cancels and market orders, in this order. */
export function cstResiduals(feed: ReplayFeed, tickE4: number, fit: CstFit): Float64Array[] {
  const streams = new RescaledStreams(3);
  const farthest = fit.limitRatePerS.length;
  const limitUpTo = new Float64Array(farthest + 1);
  for (let d = 1; d <= farthest; d++) limitUpTo[d] = limitUpTo[d - 1] + fit.limitRatePerS[d - 1];
  const marketRate = fit.marketOrders / fit.seconds;
  let lastTakenNs = -1;
  let lastTakenSide = NIL;
  for (let row = 1; row < feed.rows; row++) {
    const dtS = (feed.tNs[row] - feed.tNs[row - 1]) * 1e-9;
    for (let side = BUY; side <= SELL && dtS > 0; side++)
      passSide(feed, row, side, tickE4, fit, limitUpTo, dtS, streams);
    streams.pass(MARKET, marketRate * dtS);
    const [type, side] = [feed.type[row], feed.side[row]];
    if (type === EXECUTE_VISIBLE && (feed.tNs[row] !== lastTakenNs || side !== lastTakenSide)) {
      streams.event(MARKET);
      lastTakenNs = feed.tNs[row];
      lastTakenSide = side;
    }
    if (type !== SUBMIT && type !== CANCEL_PART && type !== DELETE) continue;
    const opposite = oppositeBest(feed, row, side);
    if (opposite === NIL) continue;
    const distance = Math.round(Math.abs(opposite - feed.priceE4[row]) / tickE4);
    if (distance <= farthest) streams.event(type === SUBMIT ? LIMIT : CANCEL);
  }
  return streams.residuals();
}

/** Adds what one side of the book before `row` contributes during dtS. */
function passSide(
  feed: ReplayFeed,
  row: number,
  side: number,
  tickE4: number,
  fit: CstFit,
  limitUpTo: Float64Array,
  dtS: number,
  streams: RescaledStreams,
): void {
  const opposite = oppositeBest(feed, row, side);
  if (opposite === NIL) return;
  const farthest = limitUpTo.length - 1;
  let reach = farthest;
  let cancelRate = 0;
  for (let level = 0; level < feed.levels; level++) {
    const price = cellBefore(feed, row, level, side === BUY ? BID_PRICE : ASK_PRICE);
    if (price === NIL) break;
    const distance = Math.round(Math.abs(opposite - price) / tickE4);
    if (level === feed.levels - 1) reach = Math.min(reach, distance);
    if (distance > farthest) break;
    const lots = cellBefore(feed, row, level, side === BUY ? BID_LOTS : ASK_LOTS);
    cancelRate += (lots / fit.meanLots) * (fit.cancelRatePerS[distance - 1] ?? 0);
  }
  streams.pass(LIMIT, limitUpTo[reach] * dtS);
  streams.pass(CANCEL, cancelRate * dtS);
}
