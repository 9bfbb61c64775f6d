/** Where the PnL came from, and what the mid did after the fills: bars with errors. */
import type { Metric } from '../contract/kind.js';
import { formatValue, labelOf, unitSuffix } from './format.js';
import { card, escapeHtml } from './html.js';

/** The parts of the PnL in the order of time, as [metric, word, sign of its share]. */
const PARTS: readonly (readonly [name: string, label: string, sign: 1 | -1])[] = [
  ['quotedPnl', 'quoted', 1],
  ['latencyPnl', 'latency', 1],
  ['adversePnl', 'adverse', 1],
  ['carryPnl', 'carry', 1],
  ['feesPaid', 'fees', -1],
];

interface Part {
  readonly label: string;
  readonly value: number;
  readonly standardError: number | null;
  readonly unit: string;
  readonly meaning: string;
}

/** The parts, which sum to the metric pnl; null where the metrics have none. */
export function attribution(metrics: readonly Metric[]): readonly Part[] | null {
  const parts = PARTS.flatMap(([name, label, sign]) => {
    const metric = metrics.find((m) => m.name === name);
    return metric === undefined || metric.value === null
      ? []
      : [{ ...metric, label, value: sign * metric.value }];
  });
  return parts.length === PARTS.length ? parts : null;
}

/** Empty where the metrics have no parts of a PnL. */
export function attributionCard(metrics: readonly Metric[]): string {
  const parts = attribution(metrics);
  const pnl = metrics.find((metric) => metric.name === 'pnl');
  if (parts === null || !pnl || pnl.value === null) return '';
  const markouts = metrics.flatMap((metric) =>
    metric.name.startsWith('markout') && metric.value !== null
      ? [{ ...metric, value: metric.value, label: labelOf(metric.name) }]
      : [],
  );
  const total = { ...pnl, value: pnl.value, label: 'PnL' };
  return card(
    'Where the PnL came from',
    '<p>The parts sum to the PnL exactly in every run. Bars are means, thin lines two standard errors.</p>' +
      bars([...parts, total]) +
      (markouts.length === 0
        ? ''
        : '<p class="next">Markouts: move of the mid in favour of a fill, per lot.</p>' + bars(markouts)),
  );
}

/** One row per part: word, bar from nought, value with error. */
export function bars(parts: readonly Part[]): string {
  const ends = parts.flatMap(({ value, standardError }) => {
    const error = 2 * (standardError ?? 0);
    return [value - error, value + error];
  });
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const at = (value: number): number => ((value - low) / (high - low || 1)) * 1000;
  const row = (part: Part): string => {
    const { value, standardError, label, unit, meaning } = part;
    const error = 2 * (standardError ?? 0);
    const [from, to] = [at(Math.min(0, value)), at(Math.max(0, value))];
    const bar =
      `<svg viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true">` +
      `<rect class="${value < 0 ? 'loss' : 'gain'}" x="${from.toFixed(1)}" y="3" width="${(to - from).toFixed(1)}" height="14"/>` +
      `<path class="whisker" d="M${at(value - error).toFixed(1)} 10H${at(value + error).toFixed(1)}"/>` +
      `<path class="nought" d="M${at(0).toFixed(1)} 0V20"/></svg>`;
    const text = `${formatValue(part)}${unitSuffix(unit)}`;
    return `<div title="${escapeHtml(meaning)}"><dt>${escapeHtml(label)}</dt><dd>${bar}</dd><dd>${escapeHtml(text)}</dd></div>`;
  };
  return `<dl class="bars">${parts.map(row).join('')}</dl>`;
}
