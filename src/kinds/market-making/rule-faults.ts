/** What is wrong with the trading rules of a spec, beside the market that they are for. */
import type { RulesSpec } from './spec.js';

export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** For a market that trades in one way only, for the reason `why`. */
export function noRuleFaults(rules: RulesSpec, why: string): Fault[] {
  const { allocation, session, halts, breaker, band } = rules;
  const found: Fault[] = [];
  const fault = (pointer: string, message: string) => found.push({ pointer, message });
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
export function ruleFaults({ session, halts }: RulesSpec, durationS: number): Fault[] {
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
