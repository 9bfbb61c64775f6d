/** A LOBSTER file pair: the spec and the thread side. */
import { writeReplayFacts } from '../../../../core/sim/replay-facts.js';
import { readReplayFeed } from '../../../../core/sim/replay-feed.js';
import { ReplayMarket } from '../../../../core/sim/replay-market.js';
import { MAX_OWN_ORDERS } from '../../../../core/sim/trader.js';
import type { OpenMarket } from '../stage.js';

export interface ReplaySpec {
  readonly type: 'replay';
  readonly messages: string;
  readonly orderbook: string;
}

/** Nothing is random: every unit is the same. */
export const openReplay: OpenMarket<ReplaySpec> = (_market, { spec, inputs }) => {
  return () => {
    const feed = readReplayFeed(inputs['feed'] ?? []);
    const market = new ReplayMarket(feed, spec.instrument.tickSize, MAX_OWN_ORDERS);
    const endNs = feed.tNs[feed.rows - 1]! - feed.tNs[0]!;
    return { market, endNs, facts: () => writeReplayFacts(market.facts), log: null };
  };
};
