/** The parent order of an execution strategy as a thread sees it. */
import type { ExecutionOptions } from '../../../core/agent/execution.js';
import { BUY, SELL } from '../../../core/sim/market.js';

export interface ParentSpec {
  readonly side: 'buy' | 'sell';
  readonly parentLots: number;
  readonly withinS: number;
  readonly children: 'limit' | 'market';
}

export const toExecution = ({ side, parentLots, withinS, children }: ParentSpec): ExecutionOptions => ({
  side: side === 'buy' ? BUY : SELL,
  parentLots,
  horizonS: withinS,
  isPassive: children === 'limit',
});
