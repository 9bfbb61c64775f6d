/**
 * The headline numbers of a paths job: payoffs first, then the law of each quantity, with standard errors.
 */
import type { Table } from '../../contract/columns.js';
import type { Metric, Summary } from '../../contract/kind.js';
import type { Payoff } from '../../core/price/payoffs.js';
import { closedForm } from './closed-form.js';
import { estimandsOf, layoutOf, processOf, QUANTITIES, seriesNames, type Estimand } from './layout.js';
import { modelOf } from './models/models.js';
import { UNKNOWN } from './reduce.js';
import type { PathsSpec } from './spec.js';

const Z_95 = 1.959963984540054;

export function summarise(spec: PathsSpec, [quantities, estimates, , quantiles]: readonly Table[]): Summary {
  const metrics = [
    metric('paths', quantities!.columns[2]![0]!, null, '1', 'Paths drawn'),
    ...estimateMetrics(spec, estimates!),
    ...quantityMetrics(spec, quantities!, quantiles!),
  ];
  return { metrics, notes: notesOf(spec, quantities!) };
}

function metric(name: string, value: number, error: number | null, unit: string, meaning: string): Metric {
  const standardError = error === UNKNOWN ? null : error;
  const base = {
    name,
    value: value === UNKNOWN && error === UNKNOWN ? null : value,
    standardError,
    unit,
    meaning,
  };
  if (standardError === null || !(standardError > 0)) return base;
  return { ...base, interval: [value - Z_95 * standardError, value + Z_95 * standardError] };
}

/** Prices first, then Greeks, then shares of paths. */
function estimateMetrics(spec: PathsSpec, { columns }: Table): Metric[] {
  const rank = ({ measure }: Estimand): number => (measure === 'value' ? 0 : measure === 'reached' ? 2 : 1);
  const ordered = estimandsOf(spec)
    .map((estimand, row) => ({ estimand, row }))
    .sort((a, b) => rank(a.estimand) - rank(b.estimand));
  return ordered.map(({ estimand, row }) => {
    const [number, , , value, error, plain, weight] = columns.map((column) => column[row]!);
    if (estimand.measure === 'reached') {
      const meaning = `Share of paths that reach ${estimand.level} ${whenWatched(spec)}`;
      return metric(`reached[${estimand.level}]`, value!, error!, '1', meaning);
    }
    const suffix = estimand.measure === 'value' ? '' : capital(estimand.measure);
    const unit = UNITS[estimand.measure];
    const text =
      nameOf(spec.payoffs[estimand.payoff]!) +
      aboutMeasure(spec, estimand) +
      aboutControl(weight!, plain!, error!) +
      aboutTruth(closedForm(spec, estimand), value!, error!);
    return metric(`payoff${number}${suffix}`, value!, error!, unit, text);
  });
}

const UNITS = { value: 'currency', delta: '1', gamma: '1/currency', vega: 'currency' };
const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
const shown = (value: number): string => String(Number(value.toPrecision(8)));

function whenWatched({ sampling }: PathsSpec): string {
  return sampling === 'exact' ? 'in continuous time' : 'at a fixing';
}

/** "Up-and-out call, strike 100, barrier 120". */
export function nameOf(payoff: Payoff): string {
  const { option, strike } = payoff;
  switch (payoff.type) {
    case 'european':
      return `European ${option}, strike ${strike}`;
    case 'asian':
      return `${capital(payoff.average)} Asian ${option}, strike ${strike}`;
    case 'barrier':
      return `${capital(payoff.direction)}-and-${payoff.knock} ${option}, strike ${strike}, barrier ${payoff.barrier}`;
    case 'lookback':
      return payoff.style === 'fixed'
        ? `Lookback ${option}, strike ${strike}`
        : `Lookback ${option}, floating strike`;
  }
}

function aboutMeasure({ ratePerYr }: PathsSpec, estimand: Exclude<Estimand, { measure: 'reached' }>): string {
  if (estimand.measure === 'value') return `, discounted at ${ratePerYr}/yr`;
  const of = { delta: 's0', gamma: 's0, twice', vega: 'sigma, per 1.00' }[estimand.measure];
  return `: derivative by ${of}, by ${estimand.method === 'pathwise' ? 'the pathwise method' : estimand.method}`;
}

function aboutControl(weight: number, plain: number, error: number): string {
  if (weight === 0 || !(error > 0)) return '';
  return `; the control makes the error ${(plain / error).toPrecision(3)} times smaller`;
}

function aboutTruth(truth: number | null, value: number, error: number): string {
  if (truth === null) return '';
  const side = value < truth ? 'below' : 'above';
  const off =
    error > 0 ? ` (${(Math.abs(value - truth) / error).toFixed(2)} standard errors ${side} it)` : '';
  return `; closed form ${shown(truth)}${off}`;
}

const QUANTITY_WORDS: Record<(typeof QUANTITIES)[number], string> = {
  terminal: 'price at the horizon',
  maximum: 'highest price of a path',
  minimum: 'lowest price of a path',
  average: 'arithmetic average of the fixings',
  geometric: 'geometric average of the fixings',
};

function quantityMetrics(spec: PathsSpec, table: Table, quantiles: Table): Metric[] {
  const names = seriesNames(spec);
  const metrics: Metric[] = [];
  for (let row = 0; row < table.rows; row++) {
    const [series, code, , mean, meanError, sd, sdError, skewness, , min, max] = table.columns.map(
      (column) => column[row]!,
    );
    const quantity = QUANTITIES[code!]!;
    const prefix = names.length === 1 ? quantity : camel(names[series!]!) + capital(quantity);
    const words =
      names.length === 1 ? QUANTITY_WORDS[quantity] : `${names[series!]!}: ${QUANTITY_WORDS[quantity]}`;
    const money = (name: string, value: number, error: number | null, meaning: string): Metric =>
      metric(prefix + name, value, error, 'currency', `${meaning}: ${words}`);
    metrics.push(money('Mean', mean!, meanError!, 'Mean'));
    if (sd !== UNKNOWN) metrics.push(money('Sd', sd!, sdError!, 'Standard deviation'));
    if (quantity !== 'terminal') continue;
    metrics.push(
      metric(`${prefix}Skewness`, skewness!, null, '1', `Skewness: ${words}`),
      money('Min', min!, null, 'Lowest value'),
      ...[0.05, 0.5, 0.95].map((share) =>
        money(
          `P${String(share * 100).padStart(2, '0')}`,
          quantileOf(quantiles, series!, share),
          null,
          `${share * 100} % of the paths lie below`,
        ),
      ),
      money('Max', max!, null, 'Highest value'),
    );
  }
  return metrics;
}

const camel = (name: string): string => name.replace(' ', '');

function quantileOf({ rows, columns: [ids, shares, prices] }: Table, series: number, share: number): number {
  for (let row = 0; row < rows; row++) {
    if (ids![row] === series && shares![row] === share) return prices![row]!;
  }
  throw new Error(`No quantile ${share} of series ${series}`);
}

function notesOf(spec: PathsSpec, quantities: Table): string[] {
  const process = processOf(spec);
  const [series, codes, , means, errors] = quantities.columns;
  const names = seriesNames(spec);
  const truths: string[] = [];
  for (let row = 0; row < quantities.rows; row++) {
    if (codes![row] !== 0) continue;
    const s = series![row]!;
    const { mean } = process.laws[s]!;
    const error = errors![row]!;
    const off =
      error > 0 ? `, ${((means![row]! - mean) / error).toFixed(2)} standard errors from the estimate` : '';
    truths.push(`Closed form of the mean ${names[s]!} at the horizon: ${shown(mean)}${off}.`);
  }
  return [
    ...truths,
    ...modelOf(spec).notes(spec.model),
    ...samplingNotes(spec, process.exact?.hasExtremes ?? false),
  ];
}

function sobolNote(spec: PathsSpec): string {
  const { paths, points } = layoutOf(spec);
  const drawn = paths === spec.paths ? '' : ` Of ${spec.paths} paths ${paths} are drawn.`;
  return `Errors are those of the means of ${paths / points} randomisations of ${points} Sobol points.${drawn}`;
}

function samplingNotes(spec: PathsSpec, hasExtremes: boolean): string[] {
  const { sampling, steps, model, payoffs, ratePerYr } = spec;
  const notes =
    sampling === 'stepped'
      ? [
          `Extremes are those of the start and ${steps} fixing${steps === 1 ? '' : 's'}, inside those of continuous time; averages leave the start out.`,
        ]
      : [
          hasExtremes
            ? 'Extremes are those of continuous time. Sample paths are drawn for the picture alone.'
            : `Model ${model.type} has no exact sampler of extremes: only the price at the horizon is measured. Sample paths are drawn for the picture alone.`,
        ];
  if (spec.points === 'sobol') notes.push(sobolNote(spec));
  if (spec.antithetic)
    notes.push('Errors are taken over antithetic pairs; those of standard deviations are not known.');
  const hasDrift = payoffs.length > 0 && 'driftPerYr' in model && model.driftPerYr !== ratePerYr;
  if (hasDrift) {
    notes.push(
      `The drift ${model.driftPerYr}/yr is not the rate ${ratePerYr}/yr: payoffs are those of an asset that yields the difference.`,
    );
  }
  const greeks = estimandsOf(spec).filter((estimand) => 'method' in estimand);
  const without = payoffs
    .filter((_, i) => spec.greeks && !greeks.some(({ payoff }) => payoff === i))
    .map(nameOf);
  if (without.length > 0) notes.push(`No Greek has an estimator here for: ${without.join('; ')}.`);
  return notes;
}
