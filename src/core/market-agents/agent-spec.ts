/** What an agent-based market is made of: how many of each sort, how often they wake, what they do. */
import type { OrderSizeSpec } from '../flow/order-size.js';

/** Waking times of every agent are exponential with the mean given; 0 agents of a sort are allowed. */
export interface AgentSpec {
  readonly noiseAgents: number;
  readonly noiseWakeS: number;

  readonly valueAgents: number;
  readonly valueWakeS: number;
  /** Standard deviation of one look at the fundamental value [ticks], >= 0. */
  readonly valueNoiseTicks: number;
  /** Share of value agents' orders that take the best opposite price. */
  readonly valueTakingShare: number;

  readonly momentumAgents: number;
  readonly momentumWakeS: number;
  /** Spans of the two moving averages, in looks of the agent; fast < slow. */
  readonly momentumFastLooks: number;
  readonly momentumSlowLooks: number;

  readonly makerAgents: number;
  readonly makerWakeS: number;
  /** Price levels that a market maker quotes on each side, >= 1. */
  readonly makerLevels: number;
  /** Distance of its levels in spreads. */
  readonly makerLevelSpacing: number;
  /** Lots of a level, as a share of the volume since it last woke, and at least makerMinLots. */
  readonly makerVolumeShare: number;
  readonly makerMinLots: number;
  /** Move of its quotes when all trades since it last woke were on one side [ticks]. */
  readonly makerSkewTicks: number;

  readonly executionAgents: number;
  readonly executionWakeS: number;
  readonly executionSchedule: 'pov' | 'twap';
  /** Lots of a parent order; when it is done, the next one begins on a random side. */
  readonly executionParentLots: number;
  /** pov: lots of a child order as a share of the volume since the last wake. */
  readonly executionVolumeShare: number;
  /** twap: number of children of one size. */
  readonly executionSlices: number;

  /** The fundamental value: volatility, and the speed of its return to where it started. */
  readonly fundamentalSigmaTicksPerSqrtS: number;
  readonly fundamentalReversionPerS: number;
  /** Sizes of the orders of noise, value and momentum agents. */
  readonly orderSize: OrderSizeSpec;
}
