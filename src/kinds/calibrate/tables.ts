/** The tables of a calibration: their columns, the numbers that stand for names, and how rows are written. */
import type { ColumnDecl, ColumnData, Table, TableDecl } from '../../contract/columns.js';
import type { Estimate } from '../../core/fit/estimate.js';

/** Parameters by the number in the column `parameter`; names never change places. */
export const PARAMETERS = [
  { name: 'mu', unit: '1/s', meaning: 'base rate of component i' },
  { name: 'alpha', unit: '1/s', meaning: 'jump of the intensity i at an event of type j' },
  { name: 'beta', unit: '1/s', meaning: 'decay of the excitation of component i' },
  { name: 'branching', unit: '1', meaning: 'direct children of type i of an event of type j, alpha / beta' },
  { name: 'spectralRadius', unit: '1', meaning: 'branching ratio of the whole process' },
  {
    name: 'intensityA',
    unit: '1/s',
    meaning: 'fill rate of a quote at the mid, per side: A of A e^(-k delta)',
  },
  { name: 'intensityK', unit: '1/tick', meaning: 'decay of the fill rate with the distance: k' },
  { name: 'sigma', unit: 'ticks/sqrt(s)', meaning: 'volatility of the mid, from one sample a second' },
  { name: 'limitRate', unit: '1/s', meaning: 'limit orders per side at distance i' },
  { name: 'cancelRate', unit: '1/s per order', meaning: 'cancels of each order at distance i' },
  { name: 'marketRate', unit: '1/s', meaning: 'market orders per side' },
  { name: 'meanLots', unit: 'lots', meaning: 'mean size of a limit order' },
  { name: 'queueLimitRate', unit: '1/s', meaning: 'limit orders at queue i of size j' },
  { name: 'queueCancelRate', unit: '1/s', meaning: 'cancels at queue i of size j' },
  { name: 'queueMarketRate', unit: '1/s', meaning: 'market orders at queue i of size j' },
  { name: 'unitLots', unit: 'lots', meaning: 'average event size of queue i' },
  { name: 'theta', unit: '1', meaning: 'chance that the reference price follows the mid' },
  { name: 'spread', unit: 'ticks', meaning: 'time-weighted mean spread' },
  { name: 'ordersPerSide', unit: '1', meaning: 'mean lots shown on a side over the mean order size' },
  { name: 'tickE4', unit: '1e-4 currency', meaning: 'tick of the fit' },
  { name: 'lotSize', unit: 'units', meaning: 'units of the asset in one lot' },
  { name: 'startTicks', unit: 'ticks', meaning: 'first best bid' },
  { name: 'driftPerYr', unit: '1/yr', meaning: 'drift of the price' },
  { name: 'sigmaPerSqrtYr', unit: '1/sqrt(yr)', meaning: 'volatility of the log-price, without jumps' },
  { name: 'logDriftPerYr', unit: '1/yr', meaning: 'drift of the log-price' },
  { name: 'kappaPerYr', unit: '1/yr', meaning: 'speed of the return to the mean' },
  { name: 'meanPrice', unit: 'as the series', meaning: 'mean to which the level returns' },
  { name: 'sigmaCurrencyPerSqrtYr', unit: 'as the series/sqrt(yr)', meaning: 'volatility of the level' },
  { name: 'halfLifeYr', unit: 'yr', meaning: 'time in which half of a deviation is gone' },
  { name: 'jumpsPerYr', unit: '1/yr', meaning: 'jumps a year' },
  { name: 'jumpLogMean', unit: '1', meaning: 'mean of the logarithm of a jump' },
  { name: 'jumpLogSd', unit: '1', meaning: 'standard deviation of the logarithm of a jump' },
  { name: 'garchMean', unit: 'as the series', meaning: 'mean return' },
  { name: 'garchOmega', unit: 'series squared', meaning: 'constant of the conditional variance' },
  { name: 'garchAlpha', unit: '1', meaning: 'weight of the last squared innovation' },
  { name: 'garchBeta', unit: '1', meaning: 'weight of the last conditional variance' },
  {
    name: 'persistence',
    unit: '1',
    meaning: 'alpha + beta: what a step leaves of a deviation of the variance',
  },
  { name: 'longRunSd', unit: 'as the series', meaning: 'standard deviation in the long run' },
  { name: 'halfLifeSteps', unit: 'steps', meaning: 'half-life of a deviation of the variance' },
  { name: 'regimeMean', unit: 'as the series', meaning: 'mean in regime i' },
  { name: 'regimeSd', unit: 'as the series', meaning: 'standard deviation of the innovations in regime i' },
  { name: 'transition', unit: '1', meaning: 'probability of regime j a step after regime i' },
  { name: 'regimeShare', unit: '1', meaning: 'share of time in regime i in the long run' },
  { name: 'regimeStay', unit: 'steps', meaning: 'mean stay in regime i' },
  { name: 'phi', unit: '1', meaning: 'coefficient of lag i' },
  { name: 'startVariancePerYr', unit: '1/yr', meaning: 'variance today' },
  { name: 'varianceKappaPerYr', unit: '1/yr', meaning: 'speed at which the variance returns' },
  { name: 'longVariancePerYr', unit: '1/yr', meaning: 'variance in the long run' },
  { name: 'xiPerYr', unit: '1/yr', meaning: 'volatility of variance' },
  { name: 'rho', unit: '1', meaning: 'correlation of price and variance' },
  {
    name: 'volatilityError',
    unit: '1/sqrt(yr)',
    meaning: 'root mean square error of the fit in implied volatility',
  },
  { name: 'aic', unit: '1', meaning: "Akaike's criterion, 2 p - 2 ln L; lower is better" },
  { name: 'bic', unit: '1', meaning: 'Bayesian criterion, p ln n - 2 ln L; lower is better' },
  {
    name: 'gradientNorm',
    unit: '1',
    meaning: 'largest slope of the log-likelihood where the search ended, times the size of its parameter',
  },
  { name: 'lastPrice', unit: 'currency', meaning: 'last price of the file' },
] as const;
export type ParameterName = (typeof PARAMETERS)[number]['name'];

export function parameterCode(name: ParameterName): number {
  return PARAMETERS.findIndex((parameter) => parameter.name === name);
}

/** Warnings by the number in the column `warning`. */
export const WARNINGS = [
  'short sample',
  'branching near 1',
  'change of regime',
  'poor fit',
  'search not converged',
  'decay on its bound',
  'wide spread',
  'no decay',
  'no reversion',
  'no jumps',
  'no mean variance',
  'parameter on its bound',
  'orders out of reach',
  'Feller violated',
  'thin regime',
] as const;
export type WarningName = (typeof WARNINGS)[number];

const column = (name: string, type: 'f64' | 'i32' | 'u8', unit: string, meaning: string): ColumnDecl => ({
  name,
  type,
  unit,
  meaning,
});

const codes = PARAMETERS.map(({ name }, i) => `${i} ${name}`).join(', ');
const unit = column(
  'unit',
  'i32',
  '1',
  '0: the whole sample, then its windows; of simulated data the sample',
);
const component = column('component', 'i32', '1', 'stream of events within the model, from 0');

export const TABLES: readonly TableDecl[] = [
  {
    name: 'fits',
    title: 'Fits and how good they are',
    columns: [
      unit,
      component,
      column('fromS', 'f64', 's', 'start of the sample, after the first row of the file'),
      column('toS', 'f64', 's', 'end of the sample'),
      column('events', 'i32', '1', 'events of the component'),
      column(
        'logLikelihood',
        'f64',
        '1',
        'maximum of the log-likelihood; of Poisson rates without constants',
      ),
      column('iterations', 'i32', '1', 'steps of the search; 0 where the maximum has a closed form'),
      column('evaluations', 'i32', '1', 'passes over the data'),
      column('decrement', 'f64', '1', 'log-likelihood that a last Newton step would still have promised'),
      column('converged', 'u8', '1', '1 when the search arrived'),
      column('ksStatistic', 'f64', '1', 'Kolmogorov-Smirnov distance of the time-rescaled residuals'),
      column('ksPValue', 'f64', '1', 'its p-value as if the parameters had been known'),
      column('serialCorrelation', 'f64', '1', 'correlation of neighbouring residuals'),
      column(
        'pieces',
        'i32',
        '1',
        'pieces with a base rate of their own that describe the sample better; 1: none',
      ),
      column('pieceGain', 'f64', '1', 'fall of the Bayesian information criterion by these pieces'),
      column('pieceBranching', 'f64', '1', 'sum of the branching ratios with these pieces'),
    ],
  },
  {
    name: 'parameters',
    title: 'Estimates with 95 % intervals',
    columns: [
      unit,
      column('parameter', 'i32', '1', codes),
      column('i', 'i32', '1', 'first index: component, distance or queue'),
      column('j', 'i32', '1', 'second index: exciting type or queue size'),
      column('value', 'f64', 'as the parameter', 'maximum-likelihood estimate'),
      column(
        'standardError',
        'f64',
        'as the parameter',
        'from the observed information; -1: unknown or on a bound',
      ),
      column('low', 'f64', 'as the parameter', 'lower end of the 95 % interval'),
      column('high', 'f64', 'as the parameter', 'upper end of the 95 % interval'),
    ],
  },
  {
    name: 'curve',
    title: 'Observed rates and the fitted ones, whole sample',
    columns: [
      column('series', 'i32', '1', 'curve, from 0'),
      column('x', 'f64', 'as the model', 'distance [ticks], queue size [1] or time [s]'),
      column('observed', 'f64', '1/s', 'events over exposure'),
      column('low', 'f64', '1/s', 'lower end of its 95 % interval'),
      column('high', 'f64', '1/s', 'upper end of its 95 % interval'),
      column('fitted', 'f64', '1/s', 'rate of the fitted model'),
    ],
  },
  {
    name: 'residuals',
    title: 'Quantiles of the time-rescaled residuals, whole sample',
    columns: [
      component,
      column('expected', 'f64', '1', 'quantile of the exponential law of mean 1'),
      column('observed', 'f64', '1', 'quantile of the residuals'),
    ],
  },
  {
    name: 'warnings',
    title: 'Warnings',
    columns: [
      unit,
      column('warning', 'i32', '1', WARNINGS.map((name, i) => `${i} ${name}`).join(', ')),
      component,
      column('value', 'f64', 'as the warning', 'the number behind it'),
    ],
  },
  {
    name: 'lines',
    title: 'Lines of a price series: densities, volatilities, probabilities of regimes, smiles',
    optional: true,
    columns: [
      column('unit', 'i32', '1', 'start of the search'),
      column('series', 'i32', '1', 'line, from 0; of Markov switching the regime, of Heston the maturity'),
      column(
        'x',
        'f64',
        'as the model',
        'return or level of a density, strike, or years since the first value',
      ),
      column(
        'observed',
        'f64',
        'as the model',
        'density as counted, size of the return, filtered probability, quoted volatility',
      ),
      column(
        'fitted',
        'f64',
        'as the model',
        'density, conditional volatility, smoothed probability, volatility of the fit',
      ),
    ],
  },
];

/** A row of `fits`; what is left out is 0, but pieces 1 and converged 1. */
export interface FitRow {
  readonly unit: number;
  readonly component: number;
  readonly fromS: number;
  readonly toS: number;
  readonly events: number;
  readonly logLikelihood?: number;
  readonly iterations?: number;
  readonly evaluations?: number;
  readonly decrement?: number;
  readonly converged?: boolean;
  readonly ksStatistic?: number;
  readonly ksPValue?: number;
  readonly serialCorrelation?: number;
  readonly pieces?: number;
  readonly pieceGain?: number;
  readonly pieceBranching?: number;
}

const EMPTY: Partial<Record<string, number>> = { pieces: 1, converged: 1, ksPValue: 1 };

/** Collects rows; table() gives them as typed columns in the declared order. */
export class Rows {
  private readonly rows: number[][][] = TABLES.map(() => []);

  fit(row: FitRow): void {
    const values = row as unknown as Record<string, number | boolean | undefined>;
    this.rows[0]!.push(TABLES[0]!.columns.map(({ name }) => Number(values[name] ?? EMPTY[name] ?? 0)));
  }

  parameter(at: number, name: ParameterName, i: number, j: number, estimate: Estimate): void {
    const { value, standardError, low, high } = estimate;
    this.rows[1]!.push([at, parameterCode(name), i, j, value, standardError, low, high]);
  }

  /** A number that is known, not estimated. */
  fact(at: number, name: ParameterName, value: number, i = 0): void {
    this.parameter(at, name, i, 0, { value, standardError: -1, low: value, high: value });
  }

  curve(series: number, x: number, { value, low, high }: Estimate, fitted: number): void {
    this.rows[2]!.push([series, x, value, low, high, fitted]);
  }

  residual(of: number, expected: number, observed: number): void {
    this.rows[3]!.push([of, expected, observed]);
  }

  warning(at: number, name: WarningName, of: number, value: number): void {
    this.rows[4]!.push([at, WARNINGS.indexOf(name), of, value]);
  }

  /** A point of a line of `lines`. */
  line(at: number, series: number, x: number, observed: number, fitted: number): void {
    this.rows[5]!.push([at, series, x, observed, fitted]);
  }

  tables(): Table[] {
    return TABLES.map(({ name, columns }, t) => {
      const rows = this.rows[t]!;
      const data = columns.map(({ type }, c): ColumnData => {
        const values = rows.map((row) => row[c]!);
        if (type === 'f64') return Float64Array.from(values);
        return type === 'i32' ? Int32Array.from(values) : Uint8Array.from(values);
      });
      return { name, rows: rows.length, columns: data };
    });
  }
}
