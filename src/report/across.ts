/** One strategy on several markets: a row of main metrics for each, in the terminal and as a page. */
import type { Metric } from '../contract/kind.js';
import type { Side } from './compare.js';
import { formatValue, labelOf, shortDigest, unitSuffix } from './format.js';
import { card, escapeHtml } from './html.js';
import { renderPage } from './report.js';
import { PLAIN, type Paint } from './terminal.js';

/** In this order, where a result has them; the page has all, the terminal the first six. */
const METRICS = [
  'pnl',
  'fills',
  'fillRate',
  'spreadCapturedTicks',
  'adverseSelectionTicks',
  'meanAbsInventoryLots',
  'sharpe',
  'maxDrawdown',
  'marketVisibleLots',
];
const IN_TERMINAL = 6;

interface Table {
  readonly heads: readonly { readonly text: string; readonly meaning: string }[];
  /** A name and a cell for each head. */
  readonly rows: readonly (readonly string[])[];
}

function tableOf(sides: readonly Side[], names: readonly string[]): Table {
  const find = ({ result }: Side, name: string): Metric | undefined =>
    result.summary.metrics.find((metric) => metric.name === name);
  const heads = names.flatMap((name) => {
    const [metric] = sides.flatMap((side) => find(side, name) ?? []);
    if (!metric) return [];
    const unit = unitSuffix(metric.unit).trim();
    return [{ name, text: labelOf(name) + (unit && ` [${unit}]`), meaning: metric.meaning }];
  });
  const rows = sides.map((side) => [
    side.name,
    ...heads.map(({ name }) => {
      const metric = find(side, name);
      return metric ? formatValue(metric) : 'n/a';
    }),
  ]);
  return { heads, rows };
}

/** Lines without line ends. */
export function acrossLines(
  sides: readonly Side[],
  notes: readonly string[],
  paint: Paint = PLAIN,
): string[] {
  const { heads, rows } = tableOf(sides, METRICS.slice(0, IN_TERMINAL));
  const head = ['Market', ...heads.map(({ text }) => text)];
  const widths = head.map((text, c) => Math.max(text.length, ...rows.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((text, c) => (c === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[c]!))).join('  ');
  const width = widths[0]!;
  return [
    paint.dim(line(head)),
    ...rows.map(line),
    '',
    'Means with standard errors over runs, each market with its own defaults; a replay is one run of its whole file.',
    ...notes,
    ...sides.map(
      ({ name, job, result }) =>
        `${name.padEnd(width)}  ${paint.dim(shortDigest(result.digest))}  ${job.reproduce}`,
    ),
  ];
}

/** The page; self-contained as the report of a job is. */
export function renderAcross(sides: readonly Side[], notes: readonly string[]): string {
  const { heads, rows } = tableOf(sides, METRICS);
  const head = heads
    .map(({ text, meaning }) => `<th scope="col" title="${escapeHtml(meaning)}">${escapeHtml(text)}</th>`)
    .join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('');
  const table =
    '<div class="scroll whole" tabindex="0" role="region" aria-label="Metrics by market"><table class="data">' +
    `<thead><tr><th scope="col">Market</th>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
  const lines = [
    'Means ± standard errors over runs. Each market has its own defaults, so that not only its model differs but also ' +
      'its activity; a replay is one run of its whole file and has no errors.',
    ...notes,
  ].map((text) => `<p>${escapeHtml(text)}</p>`);
  const commands = sides.map(
    ({ name, job, result }) =>
      `<p>${escapeHtml(name)} · digest ${escapeHtml(result.digest)}</p>` +
      `<code class="reproduce">${escapeHtml(job.reproduce)}</code>`,
  );
  const title = 'One strategy across markets';
  const strategy = (sides[0]?.job.spec as { strategy?: { type?: string } }).strategy?.type ?? '';
  return renderPage(
    title,
    `<header><h1>${title}</h1><p>${escapeHtml(strategy)} · seed ${sides[0]?.job.seed ?? 0}</p>` +
      '<button type="button" id="theme">Light / dark</button></header>' +
      card('Metrics by market', lines.join('') + table) +
      card('Reproduce', commands.join('')),
    false,
  );
}
