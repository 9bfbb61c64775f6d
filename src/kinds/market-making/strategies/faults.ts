/** What is wrong with a strategy's spec that its schema cannot express. */
import { cjpLadder } from '../../../core/agent/cartea-jaimungal-penalva.js';
import { glftLadder } from '../../../core/agent/glft.js';
import type { Fault } from '../rule-faults.js';
import { effectiveEta } from '../../../core/agent/almgren-chriss.js';
import { almgrenChrissModel } from './almgren-chriss/create.js';
import { isExecution, type ExecutionSpec, type StrategySpec } from './create.js';
import { glftModel } from './glft/create.js';
import { ladderFaults } from './ladder-size.js';

export function strategyFaults(strategy: StrategySpec): Fault[] {
  if (strategy.type === 'custom') return [];
  if (isExecution(strategy)) return executionFaults(strategy);
  if (strategy.maxInventoryLots < strategy.quoteLots) {
    const message = `Expected at least quoteLots (${strategy.quoteLots}); got ${strategy.maxInventoryLots}.`;
    return [{ pointer: '/strategy/maxInventoryLots', message }];
  }
  if (strategy.type === 'cartea-jaimungal-penalva') {
    const { alpha, eta } = cjpLadder(strategy, 1);
    return ladderFaults(strategy, alpha, eta, strategy.horizonS);
  }
  if (strategy.type !== 'glft' || strategy.solution === 'asymptotic') return [];
  const { alpha, eta } = glftLadder(glftModel(strategy), 1);
  return [...givenFaults(strategy), ...ladderFaults(strategy, alpha, eta, strategy.horizonS)];
}

/** The exact solution is a table made beforehand, so that nothing in it can be learnt on the way. */
function givenFaults({ volatility, intensity }: { volatility: string; intensity: string }): Fault[] {
  const message = 'Expected "given" with solution "exact"; got "online". Choose given or asymptotic.';
  return [
    ...(volatility === 'given' ? [] : [{ pointer: '/strategy/volatility', message }]),
    ...(intensity === 'given' ? [] : [{ pointer: '/strategy/intensity', message }]),
  ];
}

function executionFaults(strategy: ExecutionSpec): Fault[] {
  if (strategy.type === 'vwap' && !strategy.volumeProfile.some((weight) => weight > 0)) {
    const message = 'Expected at least one weight above 0; got none. Give the volume of one piece.';
    return [{ pointer: '/strategy/volumeProfile', message }];
  }
  if (strategy.type !== 'almgren-chriss') return [];
  const eta = effectiveEta(almgrenChrissModel(strategy), strategy.slices);
  if (eta > 0) return [];
  const message =
    `Expected more than permanentImpact x withinS / slices / 2, so that trading slowly costs less; got ` +
    `${strategy.temporaryImpact}. Raise it, or raise slices.`;
  return [{ pointer: '/strategy/temporaryImpact', message }];
}
