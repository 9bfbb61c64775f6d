/** The tables of `paths`: what threads send, and what the reduction makes of it. */
import type { ColumnDecl, TableDecl } from '../../contract/columns.js';
import { MEASURES, METHODS, QUANTITIES } from './layout.js';

const f64 = (name: string, unit: string, meaning: string): ColumnDecl => ({
  name,
  type: 'f64',
  unit,
  meaning,
});
const i32 = (name: string, meaning: string): ColumnDecl => ({ name, type: 'i32', unit: '1', meaning });

const coded = (names: readonly string[]): string => names.map((name, i) => `${i} ${name}`).join(', ');
const series = i32('series', 'Number of the series, from 0; of several assets the basket is the last');
const quantity = i32('quantity', `What is measured of a path: ${coded(QUANTITIES)}`);

/** Numbers of equal paths in a row: places say what they belong to, so partial tables carry no keys. */
export const MOMENTS_PARTIAL = 'moments';
export const SUMS_PARTIAL = 'sums';
export const COUNTS_PARTIAL = 'counts';

const samplePaths: TableDecl = {
  name: 'samplePaths',
  title: 'Some paths at up to 201 times, for a picture',
  columns: [
    i32('path', 'Number of the path'),
    series,
    f64('timeYr', 'yr', 'Time since the start'),
    f64('price', 'currency', 'Price'),
  ],
};

const wholePaths: TableDecl = {
  name: 'paths',
  title: 'Every path at every fixing',
  columns: samplePaths.columns,
  optional: true,
};

/** Of a unit in this order: moments by (series, quantity), sums by estimate, counts by (series, bin). */
export const PARTIALS: readonly TableDecl[] = [
  {
    name: MOMENTS_PARTIAL,
    title: 'Moments of each quantity over the paths of a unit',
    columns: ['count', 'mean', 'm2', 'm3', 'm4', 'min', 'max'].map((name) => f64(name, '1', name)),
  },
  {
    name: SUMS_PARTIAL,
    title:
      'Means and products of deviations of each estimate and its control over the observations of a unit',
    columns: ['count', 'meanY', 'meanX', 'm2Y', 'm2X', 'mXY'].map((name) => f64(name, '1', name)),
  },
  {
    name: COUNTS_PARTIAL,
    title: 'Paths of a unit by bin of the terminal price',
    columns: [{ name: 'paths', type: 'u32', unit: '1', meaning: 'Paths' }],
  },
  samplePaths,
  wholePaths,
];

const UNKNOWN = '-1 where it is not known';

export const TABLES: readonly TableDecl[] = [
  {
    name: 'quantities',
    title: 'The law of each quantity over all paths',
    columns: [
      series,
      quantity,
      f64('paths', '1', 'Paths'),
      f64('mean', 'currency', 'Mean'),
      f64('meanError', 'currency', `Standard error of the mean; ${UNKNOWN}`),
      f64('sd', 'currency', `Standard deviation; ${UNKNOWN}`),
      f64('sdError', 'currency', `Standard error of the standard deviation; ${UNKNOWN}`),
      f64('skewness', '1', 'Skewness; 0 where all values are equal'),
      f64('excessKurtosis', '1', 'Kurtosis above that of the normal law; 0 where all values are equal'),
      f64('min', 'currency', 'Smallest value'),
      f64('max', 'currency', 'Largest value'),
    ],
  },
  {
    name: 'estimates',
    title: 'Payoffs, their Greeks, and the shares of paths that reach a level',
    columns: [
      i32('payoff', 'Number of the payoff in the spec, or of the level, from 1'),
      i32('measure', `What is estimated: ${coded(MEASURES)}`),
      i32('method', `How a Greek is estimated: ${coded(METHODS)}; -1 for others`),
      f64('value', 'currency', 'Estimate: discounted mean payoff, its derivative, or a share of paths'),
      f64('standardError', 'currency', `Standard error; ${UNKNOWN}`),
      f64('plainError', 'currency', `Standard error of the same paths without the control; ${UNKNOWN}`),
      f64('controlWeight', '1', 'Weight of the control; 0 without one'),
    ],
  },
  {
    name: 'terminalHistogram',
    title: 'Terminal prices by bins of a fortieth standard deviation; empty bins are left out',
    columns: [
      series,
      i32('bin', 'Bin 0..479; the end bins hold all that lies beyond'),
      f64('lowPrice', 'currency', 'Lower edge of the bin'),
      f64('highPrice', 'currency', 'Upper edge of the bin'),
      f64('paths', '1', 'Paths that ended in the bin'),
    ],
  },
  {
    name: 'quantiles',
    title: 'Quantiles of the terminal price, interpolated in the histogram',
    columns: [
      series,
      f64('share', '1', 'Share of paths that end below'),
      f64('price', 'currency', 'Price, within a bin of the quantile of the sample'),
    ],
  },
  samplePaths,
  wholePaths,
];

/** Shares at which quantiles are told. */
export const SHARES = [0.001, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.999];
