/** A parent order in equal slices of time: the spec and the thread side. */
import { evenParts, ExecutionQuoter } from '../../../../core/agent/execution.js';
import { toExecution, type ParentSpec } from '../parent-spec.js';

export interface TwapSpec extends ParentSpec {
  readonly type: 'twap';
  readonly slices: number;
}

export const createTwap = (strategy: TwapSpec): ExecutionQuoter =>
  new ExecutionQuoter(toExecution(strategy), { parts: evenParts(strategy.slices) });
