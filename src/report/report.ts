/** Draws a finished job as one self-contained HTML page: no network, opens from disk, light and dark. */
import type { Document, Metric } from '../contract/kind.js';
import type { JobResult } from '../contract/ports.js';
import { loadAssets, loadScript } from './assets.js';
import { formatInterval, formatValue, labelOf, shortDigest, unitSuffix } from './format.js';
import { attributionCard } from './attribution.js';
import { headline } from './headline.js';
import { card, escapeHtml, firstRows, tableDetails } from './html.js';
import { marketCharts } from './market-charts.js';
import { calibrateCharts } from './calibrate-charts.js';
import { pairCharts } from './pair-charts.js';
import { pathCharts } from './path-charts.js';
import { proofCards } from './proof.js';
import { STYLE } from './style.js';
import type { ReportedJob } from './terminal.js';

/** Tiles at the top; the metrics table below holds all. */
const TILES = 8;
const TABLE_ROWS = 200;

/** What the page may load: its own inline script and style, nothing else. A server sends it as the CSP. */
export const REPORT_CSP =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export interface ReportInput {
  readonly job: ReportedJob;
  readonly result: JobResult;
}

/** File name of a job's report in the current folder. */
export function reportName(digest: string): string {
  return `mms-report-${shortDigest(digest)}.html`;
}

/**
 * The whole page as text, below 2 MB for every built-in kind. Pure, but for reading library files once.
 * A kind without charts of its own shows its metrics and tables.
 */
export function renderReport({ job, result }: ReportInput): string {
  const charts =
    marketCharts(job, result) ??
    pathCharts(job, result) ??
    calibrateCharts(job, result) ??
    pairCharts(job, result) ??
    proofCards(result);
  const title = labelOf(job.kind.replaceAll('-', ' '));
  const body =
    header(title, job, result) +
    tiles(result.summary.metrics) +
    attributionCard(result.summary.metrics) +
    (charts ?? '') +
    notes(result.summary.notes) +
    documents(result.summary.documents ?? []) +
    metricsCard(result.summary.metrics) +
    (charts === null ? tablesCard(result) : '') +
    reproduceCard(job, result);
  return renderPage(`${title} · seed ${job.seed}`, body, charts?.includes('id="chart-data"') ?? false);
}

/** What a page has beside that of all pages. */
export interface PageExtra {
  readonly style: string;
  /** A built script of src/report/page. */
  readonly script: 'sweep';
}

/** A self-contained page around `body`; `withCharts` adds the library that draws on canvases. */
export function renderPage(title: string, body: string, withCharts: boolean, extra?: PageExtra): string {
  const { chartScript, chartStyle, pageScript } = loadAssets();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${REPORT_CSP}">
<title>${escapeHtml(title)} · MMS</title>
<style>${withCharts ? chartStyle : ''}${STYLE}${extra?.style ?? ''}</style>
</head>
<body>
<main>
${body}
</main>
${withCharts ? `<script>${chartScript}</script>` : ''}
<script type="module">${pageScript}</script>${extra ? `<script type="module">${loadScript(extra.script)}</script>` : ''}
</body>
</html>
`;
}

function header(title: string, job: ReportedJob, result: JobResult): string {
  const told = `${variants(job.spec)}seed ${job.seed} · digest <span title="${escapeHtml(result.digest)}">${shortDigest(result.digest)}</span>`;
  const toggle = '<button type="button" id="theme">Light / dark</button>';
  return `<header><h1>${escapeHtml(title)}</h1><p>${told}</p>${toggle}</header>`;
}

/** "market hawkes · strategy adaptive · ": the variants that a spec chooses at its top level. */
function variants(spec: unknown): string {
  return Object.entries((spec ?? {}) as Record<string, { type?: unknown } | null>)
    .filter(([, value]) => typeof value?.type === 'string')
    .map(([name, value]) => escapeHtml(`${name} ${String(value?.type)} · `))
    .join('');
}

function tiles(metrics: readonly Metric[]): string {
  const tile = (metric: Metric): string => {
    const [value, error] = formatValue(metric).split(' ± ');
    const small = `${error === undefined ? '' : ` ± ${error}`}${unitSuffix(metric.unit)}`;
    return (
      `<div title="${escapeHtml(metric.meaning)}"><dt>${escapeHtml(labelOf(metric.name))}</dt>` +
      `<dd>${value}<small>${escapeHtml(small)}</small></dd>${metric.flag === undefined ? '' : `<dd><small class="flag">${escapeHtml(metric.flag)}</small></dd>`}</div>`
    );
  };
  return metrics.length === 0 ? '' : `<dl class="tiles">${headline(metrics, TILES).map(tile).join('')}</dl>`;
}

function notes(texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return card(
    'Notes',
    `<ul class="notes">${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`,
  );
}

/** Each document of the result, such as a fitted market, as text to copy. */
function documents(all: readonly Document[]): string {
  return all
    .map(({ name, text }) =>
      card(name, `<details><summary>Show the file</summary><pre>${escapeHtml(text)}</pre></details>`),
    )
    .join('');
}

function metricsCard(metrics: readonly Metric[]): string {
  const row = (metric: Metric): string =>
    `<tr><td>${escapeHtml(labelOf(metric.name))}</td><td>${escapeHtml(formatValue(metric))}${flagOf(metric)}</td>` +
    `<td>${escapeHtml(formatInterval(metric))}</td><td>${escapeHtml(unitSuffix(metric.unit).trim())}</td><td class="words">${escapeHtml(metric.meaning)}</td></tr>`;
  const table =
    '<div class="scroll whole" tabindex="0" role="region" aria-label="All metrics"><table class="data"><thead><tr>' +
    '<th scope="col">Metric</th><th scope="col">Value ± standard error</th><th scope="col">95 % interval</th><th scope="col">Unit</th>' +
    `<th scope="col" class="words">Meaning</th></tr></thead><tbody>${metrics.map(row).join('')}</tbody></table></div>`;
  return card('All metrics', table);
}

function flagOf({ flag }: Metric): string {
  return flag === undefined ? '' : `<br><small class="flag">${escapeHtml(flag)}</small>`;
}

function tablesCard(result: JobResult): string {
  const filled = result.tables.filter((table) => table.rows > 0);
  const tables = filled.map((table) =>
    tableDetails(table, firstRows(table.rows, TABLE_ROWS), table.decl.title),
  );
  return card('Tables', tables.join('') || '<p>The result has no rows.</p>');
}

function reproduceCard(job: ReportedJob, result: JobResult): string {
  const facts = [
    ['Kind', job.kind],
    ['Seed', String(job.seed)],
    ['Digest (SHA-256)', result.digest],
  ].map(([name, value]) => `<dt>${name}</dt><dd><code>${escapeHtml(value ?? '')}</code></dd>`);
  return card(
    'Reproduce',
    `<p>The same command gives the same bytes, on any number of threads or machines.</p>` +
      `<code class="reproduce">${escapeHtml(job.reproduce)}</code><dl class="facts">${facts.join('')}</dl>` +
      `<details><summary>Specification with all defaults</summary><pre>${escapeHtml(JSON.stringify(job.spec, null, 2))}</pre></details>`,
  );
}
