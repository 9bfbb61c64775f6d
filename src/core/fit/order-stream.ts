/**
 * The events of a feed as six types: limit buy, limit sell, market buy, market sell, cancel buy, cancel sell,
 * the order in which the Hawkes order flow has them, and what else that flow needs to know.
 *
 * Executions of one moment against one side are one market order, hidden ones too. Limit orders and
 * cancels count up to a distance from the opposite best. O(1) a row, O(L) for what rests.
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
  EXECUTE_HIDDEN,
  EXECUTE_VISIBLE,
  SUBMIT,
} from '../sim/replay-feed.js';
import { cellBefore, oppositeBest } from './cst-rates.js';
import type { EventStream } from './hawkes-likelihood.js';

const MARKET = 2;
const CANCEL = 4;
const TYPES = 6;

export interface OrderStream {
  readonly stream: EventStream;
  /** Mean size of a limit order. */
  readonly meanLots: number;
  /** Time-weighted mean of the lots that the window shows on a side, over meanLots. */
  readonly ordersPerSide: number;
  /** Limit orders at distance 1, 2, ... */
  readonly limitsAtDistance: Float64Array;
}

export function orderStream(feed: ReplayFeed, tickE4: number, maxDistance: number): OrderStream {
  const times: number[] = [];
  const types: number[] = [];
  const limitsAtDistance = new Float64Array(maxDistance);
  let lots = 0;
  let limits = 0;
  let restingLotNs = 0;
  let lastTakenNs = -1;
  let lastTakenSide = NIL;
  const startNs = feed.tNs[0];
  for (let row = 1; row < feed.rows; row++) {
    restingLotNs += (feed.tNs[row] - feed.tNs[row - 1]) * shownLots(feed, row, tickE4, maxDistance);
    const [type, side] = [feed.type[row], feed.side[row]];
    const add = (kind: number): void => {
      times.push((feed.tNs[row] - startNs) * 1e-9);
      types.push(kind);
    };
    if (type === EXECUTE_VISIBLE || type === EXECUTE_HIDDEN) {
      if (feed.tNs[row] === lastTakenNs && side === lastTakenSide) continue;
      lastTakenNs = feed.tNs[row];
      lastTakenSide = side;
      // The side of a market order is its taker's.
      add(MARKET + (side === SELL ? BUY : SELL));
      continue;
    }
    if (type !== SUBMIT && type !== CANCEL_PART && type !== DELETE) continue;
    const opposite = oppositeBest(feed, row, side);
    if (opposite === NIL) continue;
    const distance = Math.round(Math.abs(opposite - feed.priceE4[row]) / tickE4);
    if (distance < 1 || distance > maxDistance) continue;
    if (type === SUBMIT) {
      limitsAtDistance[distance - 1]++;
      limits++;
      lots += feed.lots[row];
      add(side);
    } else add(CANCEL + side);
  }
  const spanNs = feed.tNs[feed.rows - 1] - startNs;
  const meanLots = limits > 0 ? lots / limits : 1;
  return {
    stream: {
      times: Float64Array.from(times),
      types: Uint8Array.from(types),
      typeCount: TYPES,
      horizon: spanNs * 1e-9,
    },
    meanLots,
    ordersPerSide: spanNs > 0 ? restingLotNs / spanNs / (2 * meanLots) : 0,
    limitsAtDistance,
  };
}

/** Lots of both sides before `row` up to the distance. */
function shownLots(feed: ReplayFeed, row: number, tickE4: number, maxDistance: number): number {
  let lots = 0;
  for (let side = BUY; side <= SELL; side++) {
    const opposite = oppositeBest(feed, row, side);
    if (opposite === NIL) continue;
    for (let level = 0; level < feed.levels; level++) {
      const price = cellBefore(feed, row, level, side === BUY ? BID_PRICE : ASK_PRICE);
      if (price === NIL || Math.abs(opposite - price) > maxDistance * tickE4) break;
      lots += cellBefore(feed, row, level, side === BUY ? BID_LOTS : ASK_LOTS);
    }
  }
  return lots;
}
