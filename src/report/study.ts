/** The findings of `mms study`: fitted market, real against simulated, a strategy on both; lines and page. */
import type { Metric } from '../contract/kind.js';
import type { JobResult } from '../contract/ports.js';
import { compareFacts, type ComparedFact, type FactRows } from '../core/facts/compare-facts.js';
import { MomentMatch, type Moments, type Multipliers } from '../core/facts/match-moments.js';
import type { CstFit } from '../core/fit/cst-rates.js';
import { tQuantile975 } from '../core/metrics/estimate.js';
import type { Side } from './compare.js';
import { factPanel, panel } from './fact-panels.js';
import { formatNumber, formatSeconds, formatValue, labelOf, shortDigest, unitSuffix } from './format.js';
import { card, escapeHtml } from './html.js';
import { renderPage } from './report.js';
import { column, tableNamed } from './tables.js';
import { PLAIN, type Paint } from './terminal.js';
import { grid, htmlTable } from './text-tables.js';

/** A matched moment agrees with the day's when it is nearer than this. */
const BAND = 0.1;
const MATCHED = new Set(['spread', 'depth', 'tradeRate']);
const STRATEGY_METRICS = [
  'pnl',
  'quotedPnl',
  'adversePnl',
  'carryPnl',
  'maxDrawdown',
  'fills',
  'fillRate',
  'timeToFillS',
  'spreadCapturedTicks',
  'adverseSelectionTicks',
  'meanAbsInventoryLots',
];

/** Those that may be below nought. */
const SIGNED = /pnl|Ticks$/i;

export interface StudyRound {
  readonly multipliers: Multipliers;
  readonly found: Moments;
  readonly miss: number;
}

/** Rates that were counted on the day. */
export interface FittedRates {
  readonly fit: CstFit;
  /** First distances of the bins. */
  readonly bins: readonly number[];
  readonly seconds: number;
}

export interface StudyFindings {
  readonly files: { readonly messages: string; readonly orderbook: string };
  /** Null where no rates were counted and matched. */
  readonly flow: FittedRates | null;
  /** What is known of a market that was not matched: who made it, and what its fit warned of. */
  readonly origin: readonly string[];
  readonly rounds: readonly StudyRound[];
  readonly market: Readonly<Record<string, unknown>>;
  readonly instrument: object;
  /** Facts of the day and of the model, without a trader. */
  readonly real: Side;
  readonly simulated: Side;
  /** The strategy on both. */
  readonly onDay: Side;
  readonly onModel: Side;
  /** Length of the blocks of time that errors come from. */
  readonly blockS: number;
}

/** The columns of the table `facts`. Throws Error for a result without. */
function factRows(result: JobResult): FactRows {
  const table = tableNamed(result.tables, 'facts');
  if (!table) throw new Error('the result has no table of facts');
  const of = (name: string) => column(table, name);
  return { run: of('run'), block: of('block'), fact: of('fact'), x: of('x'), value: of('value') };
}

/** Means over the blocks of the three moments that are matched. */
export function scalarsOf(result: JobResult): Moments {
  const rows = factRows(result);
  const facts = compareFacts(rows, rows);
  const mean = (name: string): number =>
    facts.find(({ definition }) => definition.name === name)?.points[0]?.real?.value ?? 0;
  return { spreadTicks: mean('spread'), depthLots: mean('depth'), tradesPerS: mean('tradeRate') };
}

/** The search for multipliers that meet the day's moments. */
export function startMatch(real: Moments): MomentMatch {
  return new MomentMatch(real);
}

interface ScalarRow {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly real: string;
  readonly simulated: string;
  readonly ratio: number | null;
  /** Null for a moment that nothing was matched to. */
  readonly inBand: boolean | null;
}

function scalarRows(facts: readonly ComparedFact[]): ScalarRow[] {
  return facts.flatMap(({ definition, points }) => {
    const [point] = points;
    if (definition.form !== 'scalar' || !point?.real || !point.simulated) return [];
    const { real, simulated } = point;
    // A ratio of what may be nought says nothing.
    const isNought = [real, simulated].some((one) => Math.abs(one.value) <= 2 * (one.standardError ?? 0));
    const ratio = isNought ? null : simulated.value / real.value;
    const matched = MATCHED.has(definition.name);
    return [
      {
        name: definition.name,
        title: definition.title,
        unit: definition.unit,
        real: formatValue(real),
        simulated: formatValue(simulated),
        ratio,
        inBand: matched && ratio !== null ? Math.abs(ratio - 1) <= BAND : null,
      },
    ];
  });
}

interface StrategyRow {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
  readonly day: Metric;
  readonly model: Metric;
  /** Where 95 % of the days of the model fall; null with fewer than two runs. */
  readonly days: readonly [low: number, high: number] | null;
}

function strategyRows({ onDay, onModel }: StudyFindings): StrategyRow[] {
  const runs = tableNamed(onModel.result.tables, 'runs')?.rows ?? 0;
  return STRATEGY_METRICS.flatMap((name) => {
    const find = (side: Side) => side.result.summary.metrics.find((metric) => metric.name === name);
    const [day, model] = [find(onDay), find(onModel)];
    if (!day || !model) return [];
    const { value, standardError } = model;
    const half = runs > 1 ? tQuantile975(runs - 1) * (standardError ?? 0) * Math.sqrt(runs + 1) : 0;
    const low = SIGNED.test(name) ? -Infinity : 0;
    const days =
      value === null || standardError === null
        ? null
        : ([Math.max(low, value - half), value + half] as const);
    return [{ name, unit: day.unit, meaning: day.meaning, day, model, days }];
  });
}

const marks = { true: 'in band', false: 'OUT OF BAND', null: '' };

/** Lines without line ends. */
export function studyLines(found: StudyFindings, paint: Paint = PLAIN): string[] {
  const facts = compareFacts(factRows(found.real.result), factRows(found.simulated.result));
  const scalars = scalarRows(facts).map((row) => [
    `${row.title}${row.unit === '1' ? '' : ` [${row.unit}]`}`,
    row.real,
    row.simulated,
    row.ratio === null ? '' : formatNumber(row.ratio, 3),
    marks[`${row.inBand}`],
  ]);
  const laws = facts.flatMap(({ definition, distances }) =>
    distances === null
      ? []
      : [
          [
            definition.title,
            formatNumber(distances.kolmogorovSmirnov.value, 2),
            formatNumber(distances.kolmogorovSmirnov.band, 2),
          ],
        ],
  );
  const strategy = strategyRows(found).map((row) => [
    `${labelOf(row.name)}${unitSuffix(row.unit)}`,
    formatValue(row.day),
    formatValue(row.model),
    daysOf(row),
  ]);
  return [
    fitSentence(found),
    matchSentence(found),
    '',
    ...grid(['Market', 'the day', 'simulated', 'ratio', ''], scalars, paint),
    '',
    ...grid(['Law', 'KS', 'band of the day itself'], laws, paint),
    '',
    ...grid(['Strategy', 'the day', 'mean of simulated days', '95 % of simulated days'], strategy, paint),
    '',
    ...cautionOf(facts),
  ];
}

/** What --json prints. */
export function studyDocument(found: StudyFindings): Record<string, unknown> {
  const facts = compareFacts(factRows(found.real.result), factRows(found.simulated.result));
  const digests = Object.fromEntries(
    [found.real, found.simulated, found.onDay, found.onModel].map(({ name, result }) => [
      name,
      result.digest,
    ]),
  );
  return {
    files: found.files,
    market: found.market,
    instrument: found.instrument,
    fit: found.flow?.fit ?? null,
    rounds: found.rounds,
    scalars: scalarRows(facts),
    facts,
    strategy: strategyRows(found),
    digests,
  };
}

/** The page; self-contained. */
export function renderStudy(found: StudyFindings): string {
  const facts = compareFacts(factRows(found.real.result), factRows(found.simulated.result));
  const name = found.files.messages.split('/').at(-1) ?? '';
  const sentences = [...(found.flow ? [] : [fitSentence(found)]), matchSentence(found)];
  const panels = facts.filter(({ definition }) => definition.form !== 'scalar').map(factPanel);
  const key =
    '<p class="key"><span><span class="buy">━</span> the day</span><span><span class="sell">━</span> simulated</span>' +
    `<span>thin: two standard errors between blocks of ${formatNumber(found.blockS)} s</span></p>`;
  const body =
    `<header><h1>Market study</h1><p>${escapeHtml(name)} · digest ${shortDigest(found.simulated.result.digest)}</p>` +
    '<button type="button" id="theme">Light / dark</button></header>' +
    card(
      'Real against simulated',
      sentences.map((text) => `<p>${escapeHtml(text)}</p>`).join('') + scalarTable(facts),
    ) +
    card(
      'Laws and curves',
      `<p>A band is the distance from the day that 95 % of bootstrap copies of its own blocks stay below.</p>${key}` +
        `<div class="panels">${panels.join('')}</div>`,
    ) +
    card('The strategy on the day and on simulated days', strategyTable(found, facts)) +
    (found.flow ? card('Fitted order flow', fitCard(found, found.flow)) : '') +
    reproduceCard(found);
  return renderPage(`Market study · ${name}`, body, false);
}

function scalarTable(facts: readonly ComparedFact[]): string {
  const rows = scalarRows(facts).map((row) => [
    row.title,
    row.real,
    row.simulated,
    row.ratio === null ? '' : formatNumber(row.ratio, 3),
    marks[`${row.inBand}`],
    row.unit === '1' ? '' : row.unit,
  ]);
  return htmlTable(
    ['', 'the day ± s.e.', 'simulated ± s.e.', 'simulated / day', `band ${BAND * 100} %`, 'unit'],
    rows,
  );
}

function strategyTable(found: StudyFindings, facts: readonly ComparedFact[]): string {
  const rows = strategyRows(found).map((row) => [
    labelOf(row.name),
    formatValue(row.day),
    formatValue(row.model),
    daysOf(row),
    row.days === null || row.day.value === null ? '' : inside(row.day.value, row.days),
    unitSuffix(row.unit).trim(),
  ]);
  const heads = [
    '',
    'the day',
    'mean of simulated days ± s.e.',
    '95 % of simulated days',
    'the day is',
    'unit',
  ];
  const told = 'The replay has no impact and is one sample; simulated days react to own orders.';
  const cautions = cautionOf(facts).map((text) => `<p>${escapeHtml(text)}</p>`);
  return `<p>${told}</p>${cautions.join('')}${htmlTable(heads, rows)}`;
}

/** What a maker's profit on simulated days must not be trusted for, as the facts show it; else nothing. */
function cautionOf(facts: readonly ComparedFact[]): string[] {
  const last = facts.find(({ definition }) => definition.name === 'impact')?.points.at(-1);
  if (!last?.real || !last.simulated || !(last.simulated.value < 0.5 * last.real.value)) return [];
  return [
    `Caution: ${formatNumber(last.x)} trades after a trade the mid has moved by ${formatNumber(last.simulated.value, 3)} ticks in the ` +
      `model and by ${formatNumber(last.real.value, 3)} on the day. Fills of a maker are less adverse in the model, and its PnL too high.`,
  ];
}

const inside = (value: number, [low, high]: readonly [number, number]): string =>
  value < low ? 'below' : value > high ? 'above' : 'inside';

function fitCard(found: StudyFindings, { fit }: FittedRates): string {
  const limits = (found.market['limitRatePerS'] as number[] | undefined) ?? [];
  const rates = (values: readonly number[], errors: readonly number[]) =>
    values.map((y, i) => ({ x: i + 1, y, error: 2 * (errors[i] ?? 0) }));
  const x = 'distance from the opposite best in ticks';
  const limitPanel = panel(
    'Limit orders',
    x,
    'per side [1/s]',
    [
      { name: 'real', points: rates(fit.limitRatePerS, fit.limitErrorPerS) },
      { name: 'simulated', points: rates(limits, []) },
    ],
    { steps: false, told: 'Counted on the day, and as simulated after the moments were matched.' },
  );
  const cancelPanel = panel(
    'Cancels',
    x,
    'per resting order [1/s]',
    [{ name: 'real', points: rates(fit.cancelRatePerS, fit.cancelErrorPerS) }],
    { steps: false, told: 'Counted on the day and simulated as they are.' },
  );
  const single = htmlTable(
    ['', 'estimate ± s.e.', 'as simulated', 'unit'],
    [
      [
        'Market orders per side',
        formatValue({ value: fit.marketRatePerS, standardError: fit.marketErrorPerS }),
        String(found.market['marketRatePerS']),
        '1/s',
      ],
      [
        'Mean size of a limit order',
        formatValue({ value: fit.meanLots, standardError: fit.meanLotsError }),
        String((found.market['orderSize'] as { meanLots?: number }).meanLots),
        'lots',
      ],
    ],
  );
  const rounds = htmlTable(
    [
      'round',
      'inside rates ×',
      'size ×',
      'market orders ×',
      'spread [ticks]',
      'depth [lots]',
      'trades [1/s]',
      'largest miss',
    ],
    found.rounds.map(({ multipliers, found: moments, miss }, i) => [
      String(i + 1),
      ...[multipliers.inside, multipliers.size, multipliers.market].map((value) => formatNumber(value, 3)),
      ...[moments.spreadTicks, moments.depthLots, moments.tradesPerS].map((value) => formatNumber(value, 4)),
      `${formatNumber(100 * miss, 2)} %`,
    ]),
  );
  return (
    `<p>${escapeHtml(fitSentence(found))}</p>${single}<div class="panels">${limitPanel}${cancelPanel}</div>` +
    `<p class="next">Rounds of the method of simulated moments; the first round is the plain count.</p>${rounds}`
  );
}

function reproduceCard(found: StudyFindings): string {
  const sides = [found.real, found.simulated, found.onDay, found.onModel].map(
    ({ name, job, result }) =>
      `<p>${escapeHtml(name)} · digest ${result.digest}</p><code class="reproduce">${escapeHtml(job.reproduce)}</code>`,
  );
  const spec = JSON.stringify({ market: found.market, instrument: found.instrument }, null, 1);
  return card(
    'Reproduce',
    `<details><summary>The simulated market as a spec for mms run --spec</summary><pre>${escapeHtml(spec)}</pre></details>` +
      `<details><summary>The four jobs behind this page</summary>${sides.join('')}</details>`,
  );
}

function fitSentence({ flow, market, origin }: StudyFindings): string {
  if (flow === null) return [`A market of type ${String(market['type'])}.`, ...origin].join(' ');
  const { fit, bins } = flow;
  return (
    `Fitted to ${formatNumber(fit.limitOrders)} limit and ${formatNumber(fit.marketOrders)} market orders in ` +
    `${formatSeconds(flow.seconds)}: Cont, Stoikov & Talreja (2010), ${bins.length - 1} bins of distance.`
  );
}

function matchSentence({ rounds }: StudyFindings): string {
  const [first] = rounds;
  if (!first) return 'Nothing was matched to the day: everything follows from the market.';
  const best = rounds.reduce((a, b) => (b.miss < a.miss ? b : a));
  return (
    `Spread, depth and trade rate matched within ${formatNumber(100 * best.miss, 2)} % in ${rounds.length} rounds of simulated ` +
    `moments (plain rates: ${formatNumber(100 * first.miss, 2)} %); everything else follows from the model.`
  );
}

function daysOf({ days, model }: StrategyRow): string {
  if (days === null) return '';
  return days
    .map((value) => formatValue({ value, standardError: model.standardError }).split(' ± ')[0])
    .join(' to ');
}
