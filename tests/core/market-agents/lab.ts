/** A market of agents on a book of its own, for tests: every trade is written down. */
import { Book } from '../../../src/core/book/book.js';
import { Draws } from '../../../src/core/flow/draws.js';
import { AgentFlow } from '../../../src/core/market-agents/agent-flow.js';
import type { AgentSpec } from '../../../src/core/market-agents/agent-spec.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';

export const FIRST_ID = 64;
export const MID = 10_000;

export const SPEC: AgentSpec = {
  noiseAgents: 300,
  noiseWakeS: 60,
  valueAgents: 100,
  valueWakeS: 14,
  valueNoiseTicks: 3,
  valueTakingShare: 0.1,
  momentumAgents: 12,
  momentumWakeS: 37,
  momentumFastLooks: 20,
  momentumSlowLooks: 50,
  makerAgents: 2,
  makerWakeS: 5,
  makerLevels: 10,
  makerLevelSpacing: 0.5,
  makerVolumeShare: 0.025,
  makerMinLots: 5,
  makerSkewTicks: 1,
  executionAgents: 2,
  executionWakeS: 10,
  executionSchedule: 'pov',
  executionParentLots: 500,
  executionVolumeShare: 0.1,
  executionSlices: 50,
  fundamentalSigmaTicksPerSqrtS: 0.5,
  fundamentalReversionPerS: 1.67e-7,
  orderSize: { type: 'geometric', meanLots: 10 },
};

/** No agents of any sort: to be spread, so that a test names what it has. */
export const NOBODY: AgentSpec = {
  ...SPEC,
  ...{ noiseAgents: 0, valueAgents: 0, momentumAgents: 0, makerAgents: 0, executionAgents: 0 },
};

export interface Lab {
  readonly book: Book;
  readonly flow: AgentFlow;
  /** Lots traded by side of the aggressor. */
  readonly lots: number[];
  /** Wakes the next agent; the market shows the book's own best prices. */
  step(): void;
}

export function openLab(spec: AgentSpec, seed = 1): Lab {
  const draws = new Draws(new Stream());
  draws.key(seed, 0, FLOW);
  const flow = new AgentFlow(spec, draws, FIRST_ID);
  const lots = [0, 0];
  const book = new Book(
    { ticks: 256, orders: 256, ids: 256 },
    {
      onTrade(makerId, takerId, _priceTicks, qtyLots, takerSide) {
        // Agents do not see what the trader of a test does with itself.
        if (Math.max(makerId, takerId) >= FIRST_ID) lots[takerSide]! += qtyLots;
        if (makerId >= FIRST_ID) flow.fill(makerId, qtyLots);
      },
    },
  );
  flow.seed(book, MID);
  return { book, flow, lots, step: () => flow.step(book, book.bestBidTicks, book.bestAskTicks) };
}
