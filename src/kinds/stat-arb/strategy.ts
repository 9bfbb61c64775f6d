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
 * of the spread, `priceY` the price of y by which ticks are turned into them.
 */
export function ruleOf(
  { source, strategy, pair }: Spec,
  { mean, sd, process }: Formation,
  costs: number,
  priceY: number,
): Rule | null {
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
    case 'lead-lag': {
      const tick = source.type === 'books' ? source.venueY.tickSize : 1;
      const levels = { entry: strategy.entryTicks, exit: strategy.exitTicks, stop: Infinity };
      const unit = pair.scale === 'log' ? tick / priceY : tick;
      return { levels, centre: mean, unit, window: 0, cycleObs: -1 };
    }
  }
}

/** Costs of opening and closing both legs in units of the spread, at the prices of one observation. */
export function roundTripCost(spec: Spec, y: number, x: number, ratio: number): number {
  const { costBps, costPerLot } = spec.execution;
  const side = (price: number, units: number): number => (price * costBps) / 10_000 + costPerLot / units;
  return spreadUnits(spec, side(y, spec.legs.yMultiplier), side(x, spec.legs.xMultiplier), y, x, ratio);
}

/** Twice what one deal of one unit of each leg costs [currency], in units of the spread. */
export function spreadUnits(
  { pair }: Spec,
  sideY: number,
  sideX: number,
  y: number,
  x: number,
  ratio: number,
): number {
  const size = Math.abs(ratio);
  return 2 * (pair.scale === 'log' ? sideY / y + (size * sideX) / x : sideY + size * sideX);
}
