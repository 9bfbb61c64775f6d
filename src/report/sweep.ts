/** Draws a sweep as one self-contained HTML page: heat map, slices, best cells, what failed and why. */
import { stepsOf, specWith } from '../core/sweep/spec-values.js';
import { formatNumber, formatValue, labelOf, unitSuffix } from './format.js';
import { card, escapeHtml, scriptJson } from './html.js';
import { renderPage } from './report.js';
import { cellCommand, sweepCommand } from './sweep-command.js';
import type { Figures, SweepData } from './sweep-data.js';
import { SWEEP_STYLE } from './sweep-style.js';
import { axisLabels, bestTable, countsText, rankingNotes, valueText } from './sweep-words.js';
import type { EmbeddedAxis, EmbeddedMetric, EmbeddedSweep } from './page/sweep-model.js';
import { headline } from './headline.js';

const DESIGNS = { grid: 'grid', random: 'random design', 'latin-hypercube': 'Latin hypercube' } as const;
const STATES = { running: 'running', done: 'done', partial: 'done in part', cancelled: 'cancelled' } as const;

/**
 * The page as text; made of what collectSweep gathered, at any moment of the sweep. `reproduce` is the
 * command that runs it again.
 */
export function renderSweep(data: SweepData, reproduce = sweepCommand(data.view.plan)): string {
  const { plan } = data.view;
  const title = plan.name ?? `Sweep · ${labelOf(plan.kind.replaceAll('-', ' '))}`;
  const hasMap = data.figures.length > 0;
  const body =
    header(title, data) +
    tiles(data) +
    (hasMap ? mapCard(data) + slicesCard(data) : tooLarge(data)) +
    bestCard(data) +
    failures(data) +
    reproduceCard(data, reproduce) +
    (hasMap ? `<script type="application/json" id="sweep-data">${scriptJson(embedded(data))}</script>` : '');
  return renderPage(title, body, hasMap, hasMap ? { style: SWEEP_STYLE, script: 'sweep' } : undefined);
}

function header(title: string, { view: { plan, state } }: SweepData): string {
  const random = plan.commonRandomNumbers ? 'common random numbers' : 'own random numbers';
  const parts = [
    `${formatNumber(plan.cells)} cells`,
    ...(plan.repeats > 1 ? [`${formatNumber(plan.repeats)} repeats, ${random}`] : []),
    DESIGNS[plan.design],
    `seed ${plan.seed}`,
    STATES[state],
  ];
  return (
    `<header><h1>${escapeHtml(title)}</h1><p>${escapeHtml(parts.join(' · '))}</p>` +
    '<button type="button" id="theme">Light / dark</button></header>'
  );
}

function tiles(data: SweepData): string {
  const { view, metric, best } = data;
  const { plan } = view;
  const tile = (name: string, value: string, small = ''): string =>
    `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}<small> ${escapeHtml(small)}</small></dd></div>`;
  const all: string[] = [];
  const [first] = best;
  if (first && metric) {
    const [value, error] = formatValue(first.estimate).split(' ± ');
    const unit = unitSuffix(metric.unit);
    all.push(
      tile(`Best ${labelOf(metric.name)}`, value!, `${error === undefined ? '' : `± ${error}`}${unit}`),
    );
    const labels = axisLabels(plan.axes.map(({ path }) => path));
    first.values
      .slice(0, 3)
      .forEach((value, axis) => all.push(tile(`at ${labels[axis]!}`, valueText(value))));
  }
  const of = view.cellsDone === plan.cells ? 'all done' : `of ${formatNumber(plan.cells)} done`;
  all.push(tile('Cells', formatNumber(view.cellsDone), of));
  if (view.cellsFailed > 0) all.push(tile('Failed', formatNumber(view.cellsFailed), 'cells'));
  const { jobs } = view;
  all.push(
    tile(
      'Jobs',
      formatNumber(jobs.done),
      `of ${formatNumber(jobs.total)}${jobs.cached > 0 ? `, ${formatNumber(jobs.cached)} from earlier results` : ''}`,
    ),
  );
  return `<dl class="tiles">${all.join('')}</dl>`;
}

const option = (value: string | number, text: string, selected: boolean): string =>
  `<option value="${value}"${selected ? ' selected' : ''}>${escapeHtml(text)}</option>`;

const choice = (id: string, label: string, options: string): string =>
  `<label>${escapeHtml(label)} <select id="${id}">${options}</select></label>`;

function mapCard(data: SweepData): string {
  const { axes } = data.view.plan;
  const labels = axisLabels(axes.map(({ path }) => path));
  const order = axes
    .map(({ values }, axis) => ({ axis, points: values?.length ?? 10 }))
    .sort((a, b) => b.points - a.points || a.axis - b.axis);
  const [x, y = -1] = order.map(({ axis }) => axis) as [number, number?];
  const at = pointsOfBest(data);
  const held = axes.map(({ values }, axis) => {
    const points = (values ?? []).map((value, i) => option(i, valueText(value), at?.[axis] === i));
    const fixed = at !== null && values !== null;
    return choice(`sweep-held-${axis}`, labels[axis]!, option('', 'mean over all', !fixed) + points.join(''));
  });
  const picks = [
    choice(
      'sweep-metric',
      'Metric',
      metricsOf(data)
        .map(({ label }, i) => option(i, label, i === 0))
        .join(''),
    ),
    choice('sweep-across', 'Across', labels.map((label, axis) => option(axis, label, axis === x)).join('')),
    choice(
      'sweep-upwards',
      'Upwards',
      labels.map((label, axis) => option(axis, label, axis === y)).join('') + option('', 'nothing', y < 0),
    ),
    '<button type="button" id="swap-axes">Swap</button>',
    ...held,
    choice(
      'sweep-colouring',
      'Colour',
      option('quantile', 'by quantile', true) + option('linear', 'linear', false),
    ),
  ];
  return card(
    'Map',
    `<div class="picks">${picks.join('')}</div>` +
      '<p>Colours by quantile give equal shares of cells equal steps, so that one outlier flattens nothing. ' +
      'Arrow keys walk the map, Enter chooses the cell of the slices.</p>' +
      '<div class="heat-scroll" id="sweep-map"></div>' +
      '<div class="key"><span class="legend"><span class="ramp"></span><span id="sweep-legend"></span></span>' +
      '<span class="hatched"></span> no value <span class="hatched failed"></span> failed</div>' +
      '<p id="sweep-readout" aria-live="polite">&nbsp;</p>',
  );
}

/** On a grid the point of the best cell on each axis; null where cells are drawn or none is best. */
function pointsOfBest({ best, view: { plan } }: SweepData): number[] | null {
  const [first] = best;
  if (!first || plan.design !== 'grid') return null;
  return plan.axes.map(({ values }, axis) => {
    const text = JSON.stringify(first.values[axis]);
    return values!.findIndex((value) => JSON.stringify(value) === text);
  });
}

function slicesCard({ view: { plan } }: SweepData): string {
  const labels = axisLabels(plan.axes.map(({ path }) => path));
  const slice = (label: string, axis: number): string =>
    `<div id="slice-${axis}"><h3>${escapeHtml(label)}</h3><div class="slice" aria-hidden="true"></div>` +
    '<details><summary>As a table</summary><div class="scroll" tabindex="0" role="region" ' +
    `aria-label="Slice along ${escapeHtml(label)}"><table class="data"><thead><tr><th scope="col">${escapeHtml(label)}</th>` +
    '<th scope="col">Value</th><th scope="col">95 % interval</th><th scope="col">Cells</th></tr></thead><tbody></tbody></table></div></details></div>';
  return card('Slices', `<p id="slices-told"></p><div class="panels">${labels.map(slice).join('')}</div>`);
}

function tooLarge({ view, metric }: SweepData): string {
  if (metric === null) return '';
  return card(
    'Map',
    `<p>${formatNumber(view.plan.cells)} cells are too many for one page; the best are below, all of them in results.csv.</p>`,
  );
}

function bestCard(data: SweepData): string {
  const { heads, rows } = bestTable(data);
  const notes = rankingNotes(data).map((note) => `<li>${escapeHtml(note)}</li>`);
  const told = `<ul class="notes">${notes.join('')}</ul>`;
  if (rows.length === 0) return card('Best cells', told);
  const cells = (row: readonly string[]): string =>
    row.map((text) => `<td>${escapeHtml(text)}</td>`).join('');
  const table =
    '<div class="scroll whole" tabindex="0" role="region" aria-label="Best cells"><table class="data"><thead><tr>' +
    `${heads.map((head) => `<th scope="col">${escapeHtml(head)}</th>`).join('')}</tr></thead>` +
    `<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody></table></div>`;
  const title = rows.length < data.view.cellsDone ? `Best ${rows.length} cells` : 'Best cells';
  return card(title, told + table);
}

function failures(data: SweepData): string {
  const { reasons, view } = data;
  if (view.cellsDone === view.plan.cells) return '';
  const row = ({ text, jobs, cell }: SweepData['reasons'][number]): string =>
    `<li>${formatNumber(jobs)} × ${escapeHtml(text)} <small>first: cell ${cell}</small></li>`;
  const list = reasons.length > 0 ? `<ul class="notes">${reasons.map(row).join('')}</ul>` : '';
  return card('What is missing', `<p>${escapeHtml(countsText(data))}.</p>${list}`);
}

function reproduceCard({ view: { plan }, best }: SweepData, reproduce: string): string {
  const [first] = best;
  const paths = plan.axes.map(({ path }) => path);
  const cell = first
    ? '<details><summary>The best cell as a job of its own (repeat 0)</summary>' +
      `<code class="reproduce">${escapeHtml(cellCommand(plan.kind, specWith(plan.spec, stepsOf(paths), first.values), first.seeds[0]!))}</code></details>`
    : '';
  return card(
    'Reproduce',
    '<p>The same command gives the same bytes of results.csv, on any number of threads or machines.</p>' +
      `<code class="reproduce">${escapeHtml(reproduce)}</code>${cell}` +
      `<details><summary>The whole plan</summary><pre>${escapeHtml(JSON.stringify(plan, null, 2))}</pre></details>`,
  );
}

/** Metrics in the order of a report's headline, the ranked one first. */
function metricsOf({ figures, metric }: SweepData): (Figures & { label: string })[] {
  const asMetrics = figures.map(({ decl }) => ({ ...decl, value: 0, standardError: null }));
  const order = headline(asMetrics, figures.length).map(({ name }) => name);
  const rank = ({ decl }: Figures): number => (decl.name === metric?.name ? -1 : order.indexOf(decl.name));
  return [...figures]
    .sort((a, b) => rank(a) - rank(b))
    .map((found) => ({ ...found, label: labelOf(found.decl.name) }));
}

function embedded(data: SweepData): EmbeddedSweep {
  const { plan } = data.view;
  const labels = axisLabels(plan.axes.map(({ path }) => path));
  const axes = plan.axes.map(({ values, range }, axis): EmbeddedAxis => ({
    label: labels[axis]!,
    values,
    texts: values?.map(valueText) ?? null,
    range,
  }));
  const metrics = metricsOf(data).map(({ decl, label, mean, low, high }): EmbeddedMetric => ({
    ...{ name: decl.name, label, unit: unitSuffix(decl.unit).trim(), meaning: decl.meaning },
    figures: base64(mean, low, high),
  }));
  return {
    cells: plan.cells,
    repeats: plan.repeats,
    isGrid: plan.design === 'grid',
    axes,
    metrics,
    best: data.best[0]?.cell ?? null,
    states: base64(data.states),
    drawn: data.drawn,
  };
}

function base64(...arrays: readonly (Float32Array | Uint8Array)[]): string {
  const parts = arrays.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength),
  );
  return Buffer.concat(parts).toString('base64');
}
