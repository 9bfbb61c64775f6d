/** What is wrong with a market-making spec that its schema cannot express, each with the field's pointer. */
import { modelOf } from './markets/models.js';
import type { Fault } from './rule-faults.js';
import type { FeesSpec, Spec } from './spec.js';
import { strategyFaults } from './strategies/faults.js';

export function faults(spec: Spec): Fault[] {
  const { market, strategy } = spec;
  return [...strategyFaults(strategy), ...feeFaults(spec.fees), ...modelOf(spec).faults(spec, market)];
}

function feeFaults({ tiers }: FeesSpec): Fault[] {
  return tiers.flatMap(({ fromVolume }, i) => {
    const before = tiers[i - 1]?.fromVolume ?? 0;
    if (fromVolume > before) return [];
    const message = `Expected tiers in ascending order, so more than ${before}; got ${fromVolume}.`;
    return [{ pointer: `/fees/tiers/${i}/fromVolume`, message }];
  });
}
