/** What is wrong with a market-making spec that its schema cannot express, each with the field's pointer. */
import { isDrawn, type LatencySpec } from './latency.js';
import { modelOf } from './markets/models.js';
import type { Fault } from './rule-faults.js';
import { countRuns, type FeesSpec, type Spec } from './spec.js';
import { strategyFaults } from './strategies/faults.js';

export function faults(spec: Spec): Fault[] {
  const { market, strategy } = spec;
  return [
    ...strategyFaults(strategy),
    ...feeFaults(spec.fees),
    ...latencyFaults(spec.latency),
    ...queueFaults(spec),
    ...pairFaults(spec),
    ...modelOf(spec).faults(spec, market),
  ];
}

/** Estimators take it that an order joins the end of its queue and that trades come off the front. */
function queueFaults({ measures, rules }: Spec): Fault[] {
  const { allocation, session } = rules;
  if (!measures.queueEstimators || (allocation === 'price-time' && session.type === 'continuous')) return [];
  const got = allocation === 'price-time' ? `session ${session.type}` : `allocation ${allocation}`;
  const message = `Expected false, or continuous trading by price and time; got true with ${got}.`;
  return [{ pointer: '/measures/queueEstimators', message }];
}

function pairFaults(spec: Spec): Fault[] {
  if (!spec.antithetic) return [];
  if (spec.market.type === 'replay' && !isDrawn(spec.latency)) {
    const message =
      'Expected false, because nothing in a replay is random unless its latencies are; got true.';
    return [{ pointer: '/antithetic', message }];
  }
  const runs = countRuns(spec);
  if (runs % 2 === 0) return [];
  return [
    { pointer: '/runs', message: `Expected an even number, as antithetic runs are pairs; got ${runs}.` },
  ];
}

function latencyFaults(latency: LatencySpec): Fault[] {
  return (['orderNs', 'cancelNs', 'feedNs'] as const).flatMap((name) => {
    const value = latency[name];
    if (typeof value !== 'object' || value.type !== 'empirical') return [];
    const at = value.quantilesNs.findIndex((ns, i) => ns < value.quantilesNs[i - 1]!);
    if (at === -1) return [];
    const [before, got] = [value.quantilesNs[at - 1], value.quantilesNs[at]];
    const message = `Expected ascending quantiles, so at least ${before}; got ${got}. Sort them.`;
    return [{ pointer: `/latency/${name}/quantilesNs/${at}`, message }];
  });
}

function feeFaults({ tiers }: FeesSpec): Fault[] {
  return tiers.flatMap(({ fromVolume }, i) => {
    const before = tiers[i - 1]?.fromVolume ?? 0;
    if (fromVolume > before) return [];
    const message = `Expected tiers in ascending order, so more than ${before}; got ${fromVolume}.`;
    return [{ pointer: `/fees/tiers/${i}/fromVolume`, message }];
  });
}
