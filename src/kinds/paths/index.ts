/** Job kind `paths`: the law of terminal price and maximum of a price model, by many independent paths. */
import type { Table, TableDecl } from '../../contract/columns.js';
import { defineKind, type Cost, type Metric, type Summary } from '../../contract/kind.js';
import { exp } from '../../core/math/exp.js';
import { log } from '../../core/math/log.js';
import { BLOCK_PATHS, logMean, logSd } from '../../core/price/gbm.js';
import { BINS, histogramQuantile } from '../../core/price/log-histogram.js';
import {
  emptyMoments,
  meanErrorOf,
  mergeMoments,
  sdErrorOf,
  sdOf,
  skewnessOf,
  type Moments,
} from '../../core/price/moments.js';
import { schema } from './schema.js';
import type { PathsSpec } from './spec.js';
import { MOMENT_COLUMNS, QUANTITIES, SAMPLE_PATHS, sampleTimes } from './tables.js';

/**
 * Largest |ln price| that six standard deviations may reach: the fourth powers of prices still fit a double.
 */
const MAX_LOG_PRICE = 150;

const MOMENT_WORDS: Record<(typeof MOMENT_COLUMNS)[number], readonly [unit: string, meaning: string]> = {
  Mean: ['currency', 'Mean'],
  M2: ['currency^2', 'Sum of squared deviations from the block mean'],
  M3: ['currency^3', 'Sum of cubed deviations from the block mean'],
  M4: ['currency^4', 'Sum of fourth powers of deviations from the block mean'],
  Min: ['currency', 'Smallest value'],
  Max: ['currency', 'Largest value'],
};
const QUANTITY_WORDS = { terminal: 'price at the horizon', maximum: 'highest price of the path' };

const tables: readonly TableDecl[] = [
  {
    name: 'blocks',
    title: 'Moments of each block of paths',
    columns: [
      { name: 'block', type: 'i32', unit: '1', meaning: 'Number of the block' },
      { name: 'paths', type: 'i32', unit: '1', meaning: 'Paths in the block' },
      ...QUANTITIES.flatMap((quantity) =>
        MOMENT_COLUMNS.map((moment) => ({
          name: quantity + moment,
          type: 'f64' as const,
          unit: MOMENT_WORDS[moment][0],
          meaning: `${MOMENT_WORDS[moment][1]}: ${QUANTITY_WORDS[quantity]}`,
        })),
      ),
    ],
  },
  {
    name: 'terminalHistogram',
    title: 'Terminal prices of each block by bins of equal width in the logarithm; empty bins are left out',
    columns: [
      { name: 'block', type: 'i32', unit: '1', meaning: 'Number of the block' },
      {
        name: 'bin',
        type: 'i32',
        unit: '1',
        meaning: `Bin 0..${BINS - 1}; the end bins hold all that lies beyond`,
      },
      { name: 'lowPrice', type: 'f64', unit: 'currency', meaning: 'Lower edge of the bin' },
      { name: 'highPrice', type: 'f64', unit: 'currency', meaning: 'Upper edge of the bin' },
      { name: 'paths', type: 'i32', unit: '1', meaning: 'Paths that ended in the bin' },
    ],
  },
  {
    name: 'samplePaths',
    title: 'The first paths of the first block at up to 201 times',
    columns: [
      { name: 'path', type: 'i32', unit: '1', meaning: 'Number of the path' },
      { name: 'timeYr', type: 'f64', unit: 'yr', meaning: 'Time since the start' },
      { name: 'price', type: 'f64', unit: 'currency', meaning: 'Price' },
    ],
  },
];

function units(spec: PathsSpec): number {
  return Math.ceil(spec.paths / BLOCK_PATHS);
}

/**
 * A path by `exact` costs two draws, two exponentials and its share of the statistics: about 20 steps of
 * `stepped`.
 */
function cost(spec: PathsSpec): Cost {
  const blocks = units(spec);
  const stepsPerPath = 20 + (spec.sampling === 'exact' ? 0 : spec.steps);
  const sampleRows = SAMPLE_PATHS * sampleTimes(spec.sampling, spec.steps).length;
  return {
    stepsPerUnit: (spec.paths / blocks) * stepsPerPath,
    nsPerStep: 7,
    resultBytes: blocks * (8 + 96 + 28 * 80) + 20 * sampleRows,
    threadBytes: 1_000_000 + 8 * spec.steps,
  };
}

function faults(spec: PathsSpec): { pointer: string; message: string }[] {
  const reach = Math.abs(log(spec.s0)) + Math.abs(logMean(spec)) + 6 * logSd(spec);
  if (reach <= MAX_LOG_PRICE) return [];
  const message =
    `Expected |ln s0| + |drift - sigma^2/2| horizon + 6 sigma sqrt(horizon) of at most ${MAX_LOG_PRICE}, so that ` +
    `prices and their powers stay finite; got ${reach.toPrecision(4)}. Lower sigmaPerSqrtYr, driftPerYr or horizonYr.`;
  return [{ pointer: '/sigmaPerSqrtYr', message }];
}

/** Moments of a quantity over all blocks, merged in block order. */
function mergedMoments(blocks: Table, quantity: number): Moments {
  const total = emptyMoments();
  const first = 2 + quantity * MOMENT_COLUMNS.length;
  const paths = blocks.columns[1]!;
  const at = (i: number, row: number): number => blocks.columns[first + i]![row]!;
  for (let row = 0; row < blocks.rows; row++) {
    mergeMoments(total, {
      count: paths[row]!,
      mean: at(0, row),
      m2: at(1, row),
      m3: at(2, row),
      m4: at(3, row),
      min: at(4, row),
      max: at(5, row),
    });
  }
  return total;
}

/** Null where a single path says nothing. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function summarise(spec: PathsSpec, [blocks, histogram]: readonly Table[]): Summary {
  const terminal = mergedMoments(blocks!, 0);
  const maximum = mergedMoments(blocks!, 1);
  const counts = new Float64Array(BINS);
  for (let row = 0; row < histogram!.rows; row++) {
    counts[histogram!.columns[1]![row]!]! += histogram!.columns[4]![row]!;
  }
  const quantile = (share: number): number =>
    spec.s0 * exp(histogramQuantile(counts, share, logMean(spec), logSd(spec)));
  const metric = (
    name: string,
    value: number,
    error: number | null,
    unit: string,
    meaning: string,
  ): Metric => ({
    name,
    value: finite(value),
    standardError: error === null ? null : finite(error),
    unit,
    meaning,
  });
  const money = (name: string, value: number, error: number | null, meaning: string): Metric =>
    metric(name, value, error, 'currency', meaning);
  return {
    metrics: [
      metric('paths', terminal.count, null, '1', 'Independent paths'),
      money('terminalMean', terminal.mean, meanErrorOf(terminal), 'Mean of the price at the horizon'),
      money(
        'terminalSd',
        sdOf(terminal),
        sdErrorOf(terminal),
        'Standard deviation of the price at the horizon',
      ),
      metric('terminalSkewness', skewnessOf(terminal), null, '1', 'Skewness of the price at the horizon'),
      money('terminalMin', terminal.min, null, 'Lowest price at the horizon'),
      money('terminalP05', quantile(0.05), null, 'Price at the horizon below which 5 % of the paths end'),
      money('terminalP50', quantile(0.5), null, 'Median of the price at the horizon'),
      money('terminalP95', quantile(0.95), null, 'Price at the horizon below which 95 % of the paths end'),
      money('terminalMax', terminal.max, null, 'Highest price at the horizon'),
      money('maximumMean', maximum.mean, meanErrorOf(maximum), 'Mean of the highest price of a path'),
      money(
        'maximumSd',
        sdOf(maximum),
        sdErrorOf(maximum),
        'Standard deviation of the highest price of a path',
      ),
    ],
    notes: notesOf(spec, terminal),
  };
}

function notesOf(spec: PathsSpec, terminal: Moments): string[] {
  const closedForm = spec.s0 * exp(spec.driftPerYr * spec.horizonYr);
  const distance = (terminal.mean - closedForm) / meanErrorOf(terminal);
  const off = Number.isFinite(distance) ? `, ${distance.toFixed(2)} standard errors from the estimate` : '';
  return [
    `Closed form of the mean price at the horizon: ${closedForm.toPrecision(8)}${off}.`,
    spec.sampling === 'exact'
      ? 'The highest price is that of continuous time; sample paths are bridges to their terminal price.'
      : `The highest price is that of the start and ${spec.steps} fixings, below that of continuous time.`,
  ];
}

export default defineKind<PathsSpec>({
  name: 'paths',
  version: 1,
  title: 'Price paths',
  description:
    'Many independent paths of a price model: the law of the price at the horizon and of its maximum.',
  schema,
  units,
  cost,
  faults,
  tables,
  summarise,
  examples: [
    {
      title: 'A year of the default law, sampled exactly',
      spec: {},
      seed: 1,
      digest: 'bd18f09417ea3cb746241b5d52d1aa3fc6c25e137234708b3a43efca3ab548e5',
    },
    {
      title: 'A quarter of a volatile price, watched at 13 weekly fixings',
      spec: {
        s0: 0.5,
        driftPerYr: -0.1,
        sigmaPerSqrtYr: 0.7,
        horizonYr: 0.25,
        sampling: 'stepped',
        steps: 13,
        paths: 15000,
      },
      seed: 1,
      digest: '7a37df2e16563a8300d96e37a29a93a9c8d688aeaea158aac0ebba2c3b362fe6',
    },
  ],
});
