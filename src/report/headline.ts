/** Chooses the few numbers that stand on top of a report and on the terminal. */
import type { Metric } from '../contract/kind.js';

/**
 * What is asked first, of a parent order or limits where there are some, then of a market maker, in this
 * order; a kind without these names shows its own first metrics.
 */
const FIRST = [
  'parentShortfallBps',
  'parentShortfall',
  'parentFilledLots',
  'lossStops',
  'heldMessages',
  'pnl',
  'sharpe',
  'fills',
  'fillRate',
  'spreadCapturedTicks',
  'adverseSelectionTicks',
  'maxDrawdown',
  'meanAbsInventoryLots',
  'marketVisibleLots',
  'marketHiddenLots',
  'vwap',
];
/** Of the market, not of the maker: left out where it is nought, as on a market without hidden orders. */
const OPTIONAL = 'marketHiddenLots';

/** At most `n` metrics: the known ones first, filled up in the kind's own order. */
export function headline(metrics: readonly Metric[], n: number): readonly Metric[] {
  const known = FIRST.flatMap((name) => {
    const found = metrics.find((metric) => metric.name === name);
    return found && !(name === OPTIONAL && found.value === 0) ? [found] : [];
  });
  return [...known, ...metrics.filter((metric) => !known.includes(metric))].slice(0, n);
}
