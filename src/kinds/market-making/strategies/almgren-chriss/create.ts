/** A parent order along the trajectory of Almgren & Chriss: the spec and the thread side. */
import { doneParts, ExecutionQuoter } from '../../../../core/agent/execution.js';
import { toExecution, type ParentSpec } from '../parent-spec.js';
import { trajectory, type AlmgrenChrissModel } from '../../../../core/agent/almgren-chriss.js';

export interface AlmgrenChrissSpec extends ParentSpec {
  readonly type: 'almgren-chriss';
  readonly slices: number;
  readonly riskAversion: number;
  readonly sigmaTicksPerSqrtS: number;
  readonly permanentImpact: number;
  readonly temporaryImpact: number;
}

/** In ticks, lots and seconds; the fixed cost of a lot does not move the optimum. */
export const almgrenChrissModel = (strategy: AlmgrenChrissSpec): AlmgrenChrissModel => ({
  lambda: strategy.riskAversion,
  sigma: strategy.sigmaTicksPerSqrtS,
  epsilon: 0,
  gamma: strategy.permanentImpact,
  eta: strategy.temporaryImpact,
  horizon: strategy.withinS,
});

export function createAlmgrenChriss(strategy: AlmgrenChrissSpec): ExecutionQuoter {
  const holdings = new Float64Array(strategy.slices + 1);
  trajectory(almgrenChrissModel(strategy), strategy.slices, holdings);
  return new ExecutionQuoter(toExecution(strategy), { parts: doneParts(holdings) });
}
