/** What antithetic pairs of runs gained or lost: a metric of the PnL, a sentence on more. */
import type { Metric } from '../../contract/kind.js';
import { pairingGain } from '../../core/metrics/paired.js';
import type { RunReader } from './estimates.js';
import type { Spec } from './spec.js';

/** Columns that the sentence is about, with their names there. */
const TOLD = [
  ['pnl', 'PnL'],
  ['carryPnl', 'carry'],
  ['fills', 'fills'],
  ['marketNotional', 'value of the market volume'],
] as const;

/** None without pairs. */
export function pairingMetrics({ antithetic }: Spec, runs: RunReader): Metric[] {
  if (!antithetic) return [];
  const found = pairingGain(runs.values(runs.at('pnl')));
  const meaning =
    'variance of the mean PnL of antithetic pairs over that of as many independent runs; below 1 the pairs gained';
  const name = 'antitheticVarianceRatio';
  return [{ name, value: found?.varianceRatio ?? null, standardError: null, unit: '1', meaning }];
}

/** One sentence; none without pairs, or where nothing varies. */
export function describePairing({ antithetic }: Spec, runs: RunReader): string[] {
  if (!antithetic) return [];
  const told = TOLD.flatMap(([column, name]) => {
    const found = pairingGain(runs.values(runs.at(column)));
    return found ? [`${name} ${found.varianceRatio.toFixed(2)}`] : [];
  });
  if (told.length === 0) return [];
  return [
    `Antithetic pairs: ${runs.count / 2} independent pairs stand behind the errors. Variance of a mean over that of as many ` +
      `independent runs, below 1 where the pairing gained: ${told.join(', ')}.`,
  ];
}
