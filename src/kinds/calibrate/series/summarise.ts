/** From the tables of a fitted price series to its numbers: the best start, warnings, a spec to run. */
import type { Table } from '../../../contract/columns.js';
import type { Metric, Summary } from '../../../contract/kind.js';
import { MmsError } from '../../../contract/problem.js';
import type { Parameter, Parameters } from '../parameters.js';
import { MAX_METRICS, metricOf, reader, short, WORDS } from '../parts.js';
import type { SeriesSpec } from '../spec.js';
import { WARNINGS } from '../tables.js';
import { pathsFile } from './paths-file.js';

/** Log-likelihoods this near are one maximum. */
const SAME = 1e-4;
const UNSHOWN: readonly string[] = ['lastPrice'];

/** Throws E_JOB with the last state of the best search when none of them arrived. */
export function summariseSeries(
  spec: SeriesSpec,
  tables: readonly Table[],
  parameters: Parameters,
  told: readonly string[],
): Summary {
  const starts = startsOf(tables);
  const best = bestOf(starts);
  if (!best) return { metrics: [], notes: [...warningsOf(tables, 0), ...told] };
  const own = parameters.ofUnit(best.unit);
  if (!best.converged) throw notConverged(spec, starts.length, best, own);
  const notes = [...startNotes(starts, best), ...warningsOf(tables, best.unit)];
  const file = pathsFile(spec, own);
  if (file.text === null) notes.push(file.why);
  return {
    metrics: [
      ...own
        .filter(({ name }) => !UNSHOWN.includes(name))
        .slice(0, MAX_METRICS)
        .map(metricOf),
      ...fitMetrics(best),
    ],
    notes: [...notes, ...told],
    ...(file.text !== null && { documents: [{ name: 'paths.yaml', text: file.text }] }),
  };
}

interface Start {
  readonly unit: number;
  readonly events: number;
  readonly logLikelihood: number;
  readonly evaluations: number;
  readonly decrement: number;
  readonly converged: boolean;
  readonly ksStatistic: number;
  readonly ksPValue: number;
}

function startsOf(tables: readonly Table[]): Start[] {
  const read = reader(tables, 0);
  return Array.from({ length: tables[0]!.rows }, (_, row) => {
    const at = (name: string): number => read(name)(row);
    return {
      unit: at('unit'),
      events: at('events'),
      logLikelihood: at('logLikelihood'),
      evaluations: at('evaluations'),
      decrement: at('decrement'),
      converged: at('converged') === 1,
      ksStatistic: at('ksStatistic'),
      ksPValue: at('ksPValue'),
    };
  });
}

/** The first start among those of the highest likelihood; those that arrived go before the others. */
function bestOf(starts: readonly Start[]): Start | null {
  const arrived = starts.filter(({ converged }) => converged);
  const among = arrived.length > 0 ? arrived : starts;
  const highest = Math.max(...among.map(({ logLikelihood }) => logLikelihood));
  return among.find(({ logLikelihood }) => logLikelihood >= highest - SAME) ?? null;
}

function notConverged(spec: SeriesSpec, count: number, last: Start, own: readonly Parameter[]): MmsError {
  const state = own.filter(({ name }) => name !== 'aic' && name !== 'bic');
  const where = state.map(({ label, value }) => `${label} ${short(value)}`).join(', ');
  // A simplex knows no slope.
  const isSimplex = 'search' in spec.model && spec.model.search === 'simplex';
  const promise = isSimplex ? '' : `, a further step promised ${short(last.decrement)}`;
  return new MmsError(
    'E_JOB',
    `The search for ${spec.model.type} did not converge from any of ${count} starts. Last state of the best, after ` +
      `${last.evaluations} evaluations: log-likelihood ${last.logLikelihood.toPrecision(10)}${promise}; ${where}. ` +
      `Give more starts, a longer series, or a smaller model${isSimplex ? ', or search newton' : ''}.`,
  );
}

function startNotes(starts: readonly Start[], best: Start): string[] {
  if (starts.length === 1) return [];
  const same = starts.filter(
    ({ converged, logLikelihood }) => converged && logLikelihood >= best.logLikelihood - SAME,
  ).length;
  const lost = starts.filter(({ converged }) => !converged).length;
  const others = starts.length - same - lost;
  return [
    `${same} of ${starts.length} starts reached the maximum that is told (start ${best.unit}); ${others} ended at ` +
      `lower ones, ${lost} did not arrive.`,
  ];
}

function fitMetrics(best: Start): Metric[] {
  const metric = (name: keyof Start, meaning: string): Metric => ({
    name,
    value: Number(best[name]),
    standardError: null,
    unit: '1',
    meaning,
  });
  return [
    metric('logLikelihood', 'maximum of the log-likelihood'),
    metric('events', 'observations that the model explains'),
    metric('ksStatistic', 'distance of the residuals from the law of the model'),
    metric('ksPValue', 'p-value of that distance; small: the model does not describe the series'),
  ];
}

function warningsOf(tables: readonly Table[], of: number): string[] {
  const read = reader(tables, 4);
  const [unit, warning, value] = [read('unit'), read('warning'), read('value')];
  const rows = [...Array(tables[4]!.rows).keys()].filter((row) => unit(row) === of);
  return rows.map((row) => `Warning: ${WORDS[WARNINGS[warning(row)]!](short(value(row)))}`);
}
