/** A parent order as a share of the volume: the spec and the thread side. */
import { ExecutionQuoter } from '../../../../core/agent/execution.js';
import { toExecution, type ParentSpec } from '../parent-spec.js';

/** The volume is looked at once a second. */
const SLICE_S = 1;

export interface PovSpec extends ParentSpec {
  readonly type: 'pov';
  readonly participation: number;
}

export const createPov = (strategy: PovSpec): ExecutionQuoter =>
  new ExecutionQuoter(toExecution(strategy), { participation: strategy.participation, sliceS: SLICE_S });
