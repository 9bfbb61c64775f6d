/** How large a system the exact strategies solve, and where that is refused. */
import type { Fault } from '../rule-faults.js';

interface Sized {
  readonly quoteLots: number;
  readonly maxInventoryLots: number;
}

/** More quotes between flat and the limit than this make tables too large for what they add. */
const MAX_QUOTES = 200;
/** Steps of the solver, each some microseconds per quote, before a run begins. */
const MAX_STEPS = 100_000;

/** The inventory limit in whole quotes. */
export const quotesAtLimit = ({ quoteLots, maxInventoryLots }: Sized): number =>
  Math.max(1, Math.floor(maxInventoryLots / quoteLots));

/** What is wrong with the size of a ladder with these coefficients over the horizon. */
export function ladderFaults(strategy: Sized, alpha: number, eta: number, horizonS: number): Fault[] {
  const quotes = quotesAtLimit(strategy);
  if (quotes > MAX_QUOTES) {
    const message =
      `Expected at most ${MAX_QUOTES} times quoteLots (${strategy.quoteLots}) for an exact solution; ` +
      `got ${strategy.maxInventoryLots}. Lower it or raise quoteLots.`;
    return [{ pointer: '/strategy/maxInventoryLots', message }];
  }
  const steps = ((alpha * quotes * quotes + 2 * eta) * horizonS) / 8;
  if (steps <= MAX_STEPS) return [];
  const message =
    `Expected a horizon that takes at most ${MAX_STEPS} steps to solve; got ${horizonS}, which takes ` +
    `${steps.toPrecision(3)} at this risk and inventory limit. Shorten it, or lower maxInventoryLots.`;
  return [{ pointer: '/strategy/horizonS', message }];
}
