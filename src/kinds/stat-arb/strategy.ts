/** From a strategy's words to the levels of the rule, in the units of a pair. */
import type { Formation } from '../../core/pairs/formation.js';
import { optimalBands } from '../../core/pairs/bertram.js';
import type { BacktestOptions } from '../../core/pairs/backtest.js';
import type { Spec } from './spec.js';

export type Rule = Pick<BacktestOptions, 'levels' | 'centre' | 'unit' | 'window'> & {
  /** bertram: mean length of a cycle in observations; else -1. */
  readonly cycleObs: number;
};

const orNever = (stop: number): number => (stop > 0 ? stop : Infinity);

/**
 * Null where bertram finds no reversion in the formation window. `costs` is what a round trip costs in units
 * of the spread.
 */
export function ruleOf({ strategy }: Spec, { mean, sd, process }: Formation, costs: number): Rule | null {
  switch (strategy.type) {
    case 'zscore': {
      const { entry, exit, stop, window } = strategy;
      return { levels: { entry, exit, stop: orNever(stop) }, centre: mean, unit: sd, window, cycleObs: -1 };
    }
    case 'bands': {
      const { entry, exit, stop } = strategy;
      return { levels: { entry, exit, stop: orNever(stop) }, centre: mean, unit: 1, window: 0, cycleObs: -1 };
    }
    case 'bertram': {
      if (process === null || !process.isReverting) return null;
      const bands = optimalBands(process.kappa.value, process.sigma.value, costs);
      const levels = { entry: 1, exit: -1, stop: Infinity };
      return { levels, centre: process.mu.value, unit: bands.halfWidth, window: 0, cycleObs: bands.cycle };
    }
  }
}

/** Costs of opening and closing both legs in units of the spread, at the prices of one observation. */
export function roundTripCost({ execution, legs, pair }: Spec, y: number, x: number, ratio: number): number {
  const { costBps, costPerLot } = execution;
  const [perY, perX] = [legs.yMultiplier, legs.xMultiplier].map((units) => costPerLot / units) as [
    number,
    number,
  ];
  const [sideY, sideX] = [(y * costBps) / 10_000 + perY, (x * costBps) / 10_000 + perX];
  const size = Math.abs(ratio);
  return 2 * (pair.scale === 'log' ? sideY / y + (size * sideX) / x : sideY + size * sideX);
}
