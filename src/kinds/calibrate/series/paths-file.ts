/** The spec of kind paths that a fitted price model fixes, as YAML. */
import type { Parameter } from '../parameters.js';
import type { SeriesSpec } from '../spec.js';
import type { QuotesData } from './spec.js';

/** The text of paths.yaml, or null and why there is none. */
export type PathsFile =
  { readonly text: string; readonly why: '' } | { readonly text: null; readonly why: string };

const none = (why: string): PathsFile => ({ text: null, why: `No spec of paths: ${why}` });
/** Six significant digits. */
const number = (value: number): string => String(Number(value.toPrecision(6)));
const list = (values: readonly number[]): string => `[${values.map(number).join(', ')}]`;

/** Models of kind paths with the same parameters. */
const SAME_NAMES: Readonly<Record<string, readonly Parameter['name'][]>> = {
  gbm: ['driftPerYr', 'sigmaPerSqrtYr'],
  'ornstein-uhlenbeck': ['kappaPerYr', 'meanPrice', 'sigmaCurrencyPerSqrtYr'],
  merton: ['driftPerYr', 'sigmaPerSqrtYr', 'jumpsPerYr', 'jumpLogMean', 'jumpLogSd'],
};

/** `own` are the parameters of the start that is told. */
export function pathsFile(spec: SeriesSpec, own: readonly Parameter[]): PathsFile {
  const { data, model } = spec;
  if (data.type === 'simulated-series') return none('the data are simulated.');
  const value = (name: Parameter['name'], i = 0, j = 0): number | undefined =>
    own.find((one) => one.name === name && one.i === i && one.j === j)?.value;
  if (data.type === 'option-quotes') return hestonFile(spec, data, value);
  if (model.type === 'garch') return none('kind paths has no GARCH process.');
  if (model.type === 'markov-switching') {
    const isLog = data.type === 'values' || data.returns === 'log';
    if (!isLog || model.lags > 0) return none('its regimes are those of log-returns without lags.');
    return file(
      spec,
      value('lastPrice') ?? 100,
      'regime-switching',
      regimes(data.observationsPerYr, model.regimes, value),
    );
  }
  const values = SAME_NAMES[model.type]!.map((name) => [name, value(name)] as const);
  if (values.some(([, one]) => one === undefined)) return none('nothing could be fitted.');
  return file(
    spec,
    value('lastPrice') ?? value('meanPrice') ?? 100,
    model.type,
    values.map(([name, one]) => `  ${name}: ${number(one!)}`),
  );
}

/** Under the pricing measure: the price drifts at the rate less the yield. */
function hestonFile(spec: SeriesSpec, data: QuotesData, value: ValueOf): PathsFile {
  const line = (name: string, of: Parameter['name']): string => `  ${name}: ${number(value(of)!)}`;
  return file(spec, data.spot, 'heston', [
    `  driftPerYr: ${number(data.ratePerYr - data.yieldPerYr)}`,
    line('startVariancePerYr', 'startVariancePerYr'),
    line('kappaPerYr', 'varianceKappaPerYr'),
    line('longVariancePerYr', 'longVariancePerYr'),
    line('xiPerYr', 'xiPerYr'),
    line('rho', 'rho'),
    `ratePerYr: ${number(data.ratePerYr)}`,
  ]);
}

type ValueOf = (name: Parameter['name'], i?: number, j?: number) => number | undefined;

/** The drift of the price is that of its logarithm plus half the variance. */
function regimes(perYr: number, count: number, value: ValueOf): string[] {
  const all = Array.from({ length: count }, (_, i) => i);
  const sigmas = all.map((i) => value('regimeSd', i)! * Math.sqrt(perYr));
  const drifts = all.map((i) => value('regimeMean', i)! * perYr + 0.5 * sigmas[i]! * sigmas[i]!);
  const rows = all.map((i) => {
    const given = all.map((j) => Number(number(value('transition', i, j)!)));
    // Rounded rows must still sum to 1: staying takes the rest.
    const others = given.reduce((sum, p, j) => (j === i ? sum : sum + p), 0);
    given[i] = Number((1 - others).toPrecision(12));
    return `    - [${given.join(', ')}]`;
  });
  return [
    `  regimeDriftsPerYr: ${list(drifts)}`,
    `  regimeSigmasPerSqrtYr: ${list(sigmas)}`,
    '  transition:',
    ...rows,
  ];
}

/** A step of the simulation is one of the data; the horizon a year, but 252 steps at most. */
function file(spec: SeriesSpec, s0: number, type: string, lines: readonly string[]): PathsFile {
  const { data } = spec;
  if (data.type === 'simulated-series') return none('the data are simulated.');
  const perYr = data.type === 'option-quotes' ? 252 : data.observationsPerYr;
  const steps = Math.max(1, Math.min(252, Math.round(perYr)));
  const text = [
    `# source: ${data.file}${data.type === 'option-quotes' ? '' : `, ${perYr} observations a year`}.`,
    `# method: kind calibrate, model ${spec.model.type}.`,
    'model:',
    `  type: ${type}`,
    `  s0: ${number(s0)}`,
    ...lines,
    `horizonYr: ${number(steps / perYr)}`,
    `steps: ${steps}`,
    '',
  ].join('\n');
  return { text, why: '' };
}
