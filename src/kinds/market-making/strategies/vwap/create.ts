/** A parent order along a profile of volume: the spec and the thread side. */
import { ExecutionQuoter, profileParts } from '../../../../core/agent/execution.js';
import { toExecution, type ParentSpec } from '../parent-spec.js';

export interface VwapSpec extends ParentSpec {
  readonly type: 'vwap';
  readonly slices: number;
  readonly volumeProfile: readonly number[];
}

export const createVwap = (strategy: VwapSpec): ExecutionQuoter =>
  new ExecutionQuoter(toExecution(strategy), {
    parts: profileParts(strategy.volumeProfile, strategy.slices),
  });
