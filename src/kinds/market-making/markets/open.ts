/** The thread sides of all markets, by the `type` in a spec. */
import type { ChunkTask } from '../../../contract/kind.js';
import type { Spec } from '../spec.js';
import { openAgents, type AgentsSpec } from './agents/open.js';
import { openAvellanedaStoikov, type AvellanedaStoikovSpec } from './avellaneda-stoikov/open.js';
import { openContStoikovTalreja, type ContStoikovTalrejaSpec } from './cont-stoikov-talreja/open.js';
import { openHawkes, type HawkesSpec } from './hawkes/open.js';
import { openQueueReactive, type QueueReactiveSpec } from './queue-reactive/open.js';
import { openReplay, type ReplaySpec } from './replay/open.js';
import type { OpenMarket, Stage } from './stage.js';
import { openZeroIntelligence, type ZeroIntelligenceSpec } from './zero-intelligence/open.js';

export type MarketSpec =
  | ContStoikovTalrejaSpec
  | ZeroIntelligenceSpec
  | HawkesSpec
  | QueueReactiveSpec
  | AgentsSpec
  | AvellanedaStoikovSpec
  | ReplaySpec;
/** The spec of one market type. */
export type MarketSpecOf<T extends MarketSpec['type']> = Extract<MarketSpec, { type: T }>;

const OPEN: { readonly [T in MarketSpec['type']]: OpenMarket<MarketSpecOf<T>> } = {
  'cont-stoikov-talreja': openContStoikovTalreja,
  'zero-intelligence': openZeroIntelligence,
  hawkes: openHawkes,
  'queue-reactive': openQueueReactive,
  agents: openAgents,
  'avellaneda-stoikov': openAvellanedaStoikov,
  replay: openReplay,
};

/** What brings the market of a chunk to time 0 of a unit; null when asked to stop. */
export function openMarket(task: ChunkTask<Spec>): (unit: number) => Stage | null {
  const { market } = task.spec;
  return (OPEN[market.type] as OpenMarket<MarketSpec>)(market, task);
}
