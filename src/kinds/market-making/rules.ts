/** From the words of a spec to what the core takes: trading rules and fee schedules. */
import { ALLOCATE_PRICE_TIME, ALLOCATE_PRO_RATA, ALLOCATE_TOP_PRO_RATA } from '../../core/book/codes.js';
import type { FeeSchedule, FeeTier } from '../../core/ledger/tiered-ledger.js';
import * as log from '../../core/sim/phase-log.js';
import type { MarketRules } from '../../core/sim/phased-market.js';
import { currencyPerTickLot } from './spec.js';
import type { FeeRatesSpec, RulesSpec, Spec } from './spec.js';

const ALLOCATIONS = {
  'price-time': ALLOCATE_PRICE_TIME,
  'pro-rata': ALLOCATE_PRO_RATA,
  'top-pro-rata': ALLOCATE_TOP_PRO_RATA,
} as const;

const toNs = (seconds: number): number => Math.round(seconds * 1e9);

/** Null for continuous price-time trading without halts, breaker and band: the market without rules. */
export function toRules(rules: RulesSpec, endNs: number): MarketRules | null {
  const { allocation, session, halts, breaker, band } = rules;
  const isPlain =
    allocation === 'price-time' &&
    session.type === 'continuous' &&
    halts.length === 0 &&
    breaker.moveTicks === 0 &&
    band.type === 'none';
  if (isPlain) return null;
  const what = rules.interruption === 'halt' ? log.HALT : log.CALL;
  return {
    allocation: ALLOCATIONS[allocation],
    timetable: timetable(rules, what, endNs),
    batchNs: session.type === 'batch' ? Math.round(session.intervalMs * 1e6) : 0,
    breaker:
      breaker.moveTicks === 0
        ? null
        : {
            moveTicks: breaker.moveTicks,
            windowNs: toNs(breaker.windowS),
            pauseNs: toNs(breaker.pauseS),
            what,
          },
    bandTicks: band.type === 'none' ? 0 : band.bandTicks,
    bandFollows: band.type === 'following',
    endNs,
  };
}

/** Calls of the session and listed halts by time; faults() has seen to it that they lie apart. */
function timetable({ session, halts }: RulesSpec, what: number, endNs: number): MarketRules['timetable'] {
  const phases = halts.map(({ fromS, toS }) => ({
    what,
    why: log.WHY_LISTED,
    fromNs: toNs(fromS),
    toNs: toNs(toS),
  }));
  if (session.type !== 'auctions') return phases;
  const call = { what: log.CALL };
  if (session.openingS > 0) {
    phases.unshift({ ...call, why: log.WHY_OPENING, fromNs: 0, toNs: toNs(session.openingS) });
  }
  if (session.closingS > 0) {
    phases.push({ ...call, why: log.WHY_CLOSING, fromNs: endNs - toNs(session.closingS), toNs: endNs });
  }
  return phases;
}

/** Null where two rates say all. */
export function toFeeSchedule(spec: Spec): FeeSchedule | null {
  const { tiers, tierBy, startVolume, ...first } = spec.fees;
  if (tiers.length === 0 && first.makerPerLot === 0 && first.takerPerLot === 0) return null;
  const money = currencyPerTickLot(spec);
  const unit = tierBy === 'lots' ? 1 : money;
  let rates: FeeRatesSpec = first;
  const made = [{ fromVolume: 0 }, ...tiers].map(({ fromVolume, ...changes }): FeeTier => {
    rates = { ...rates, ...changes };
    const { makerBps, takerBps, makerPerLot, takerPerLot } = rates;
    return {
      fromVolume: fromVolume / unit,
      makerBps,
      takerBps,
      makerTicks: makerPerLot / money,
      takerTicks: takerPerLot / money,
    };
  });
  return { tiers: made, byLots: tierBy === 'lots', startVolume: startVolume / unit };
}
