/** What is wrong with a market-making spec that its schema cannot express, each with the field's pointer. */
import { countRuns } from './spec.js';
import type { FeesSpec, GeneratedMarketSpec, RulesSpec, Spec } from './spec.js';

export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

export function faults(spec: Spec): Fault[] {
  const { market, strategy } = spec;
  const found: Fault[] = [];
  if (strategy.maxInventoryLots < strategy.quoteLots) {
    found.push({
      pointer: '/strategy/maxInventoryLots',
      message: `Expected at least quoteLots (${strategy.quoteLots}); got ${strategy.maxInventoryLots}.`,
    });
  }
  found.push(...feeFaults(spec.fees));
  if (market.type === 'replay') return [...found, ...replayFaults(spec)];
  const [limits, cancels] = [market.limitRatePerS.length, market.cancelRatePerS.length];
  if (limits !== cancels) {
    found.push({
      pointer: '/market/cancelRatePerS',
      message: `Expected as many rates as limitRatePerS has (${limits}); got ${cancels}.`,
    });
  }
  return [...found, ...ruleFaults(spec.rules, market)];
}

function feeFaults({ tiers }: FeesSpec): Fault[] {
  return tiers.flatMap(({ fromVolume }, i) => {
    const before = tiers[i - 1]?.fromVolume ?? 0;
    if (fromVolume > before) return [];
    const message = `Expected tiers in ascending order, so more than ${before}; got ${fromVolume}.`;
    return [{ pointer: `/fees/tiers/${i}/fromVolume`, message }];
  });
}

function replayFaults(spec: Spec): Fault[] {
  const found: Fault[] = [];
  const fault = (pointer: string, message: string) => found.push({ pointer, message });
  if (countRuns(spec) !== 1) {
    fault('/runs', `Expected 1: a replay has nothing random, so every run is the same; got ${spec.runs}.`);
  }
  if (spec.instrument.lotSize !== 1) {
    fault('/instrument/lotSize', `Expected 1: LOBSTER sizes are shares; got ${spec.instrument.lotSize}.`);
  }
  const { allocation, session, halts, breaker, band } = spec.rules;
  const why = 'a replay repeats a market whose rules are in its files';
  if (allocation !== 'price-time') {
    fault('/rules/allocation', `Expected price-time: ${why}; got ${allocation}.`);
  }
  if (session.type !== 'continuous') {
    fault('/rules/session/type', `Expected continuous: ${why}; got ${session.type}.`);
  }
  if (halts.length > 0) fault('/rules/halts', `Expected none: ${why}; got ${halts.length}.`);
  if (breaker.moveTicks > 0) {
    fault('/rules/breaker/moveTicks', `Expected 0: ${why}; got ${breaker.moveTicks}.`);
  }
  if (band.type !== 'none') fault('/rules/band/type', `Expected none: ${why}; got ${band.type}.`);
  return found;
}

/** Calls and halts must lie within the run and apart from one another. */
function ruleFaults({ session, halts }: RulesSpec, { durationS }: GeneratedMarketSpec): Fault[] {
  const [openingS, closingS] = session.type === 'auctions' ? [session.openingS, session.closingS] : [0, 0];
  if (openingS + closingS > durationS) {
    const message =
      `Expected openingS + closingS within durationS (${durationS}); got ${openingS} + ${closingS}. ` +
      'Shorten the calls or lengthen the run.';
    return [
      { pointer: openingS > durationS ? '/rules/session/openingS' : '/rules/session/closingS', message },
    ];
  }
  const endS = durationS - closingS;
  return halts.flatMap(({ fromS, toS }, i) => {
    const before = halts[i - 1]?.toS ?? openingS;
    const after = i === 0 ? 'the opening call' : 'the halt before';
    if (fromS < before) {
      const message = `Expected a start at or after the end of ${after} (${before}); got ${fromS}.`;
      return [{ pointer: `/rules/halts/${i}/fromS`, message }];
    }
    if (toS <= fromS) {
      return [
        { pointer: `/rules/halts/${i}/toS`, message: `Expected more than fromS (${fromS}); got ${toS}.` },
      ];
    }
    if (toS <= endS) return [];
    const limit = closingS > 0 ? 'the closing call begins' : 'the run ends';
    return [
      { pointer: `/rules/halts/${i}/toS`, message: `Expected at most ${endS}, when ${limit}; got ${toS}.` },
    ];
  });
}
