/** What a market's thread side gives to run.ts: it brings the market to time 0 of one unit after another. */
import type { Table } from '../../../contract/columns.js';
import type { ChunkTask } from '../../../contract/kind.js';
import type { Market } from '../../../core/sim/market.js';
import type { PhaseLog } from '../../../core/sim/phase-log.js';
import type { Spec } from '../spec.js';

/** A market at time 0 of a unit, how long it lasts, and what it has to say at the end. */
export interface Stage {
  readonly market: Market;
  readonly endNs: number;
  /** What a replay learnt about its file. */
  facts?(): Table;
  /** What its rules brought about; null for a market without rules. */
  readonly log: PhaseLog | null;
}

/** Called once a chunk; what it returns is called once a unit: null when asked to stop. */
export type OpenMarket<MarketSpec> = (
  market: MarketSpec,
  task: ChunkTask<Spec>,
) => (unit: number) => Stage | null;
