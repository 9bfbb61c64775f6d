/** Kind stat-arb: two prices that belong together, tested, hedged and traded on their spread. */
import { defineKind, type Cost, type InputRef } from '../../contract/kind.js';
import { SERIES_COLUMNS } from '../../core/pairs/backtest.js';
import { faults, inputFaults } from './faults.js';
import { schema } from './schema.js';
import { countRuns, type BooksSource, type Spec } from './spec.js';
import { summarise } from './summarise.js';
import { BOOK_COLUMNS, LEG_COLUMNS, PAIR_COLUMNS, RUN_COLUMNS, TABLES } from './tables.js';

/** Rows of a file are not known before it is read; ten years of days have about so many. */
const FILE_ROWS = 2_500;
/**
 * Draws, logarithms and regressions of one observation, tests with chosen lags included, of a run of 1,000;
 * lags grow with the fourth root of the observations, and a regression with their square.
 */
const NS_PER_OBSERVATION = 2_500;
/** How many times as long a Kalman filter takes. */
const KALMAN_FACTOR = 2.5;
/** A position takes at least a few observations. */
const OBSERVATIONS_PER_TRADE = 20;
const TRADE_BYTES = 100;
/** Of an event of a book, news and own orders included. */
const NS_PER_EVENT = 300;

function cost(spec: Spec): Cost {
  const { source, seriesPoints } = spec;
  if (source.type === 'books') return bookCost(spec, source);
  const observations =
    source.type === 'series'
      ? source.observations
      : source.type === 'values'
        ? source.yValues.length
        : FILE_ROWS;
  const trades = Math.ceil(observations / OBSERVATIONS_PER_TRADE);
  const runBytes = 8 * (RUN_COLUMNS.length + 2 * PAIR_COLUMNS.length + 4) + trades * TRADE_BYTES;
  const seriesBytes = 8 * (SERIES_COLUMNS.length + 1) * seriesPoints + 16 * LEG_COLUMNS.length;
  return {
    stepsPerUnit: observations,
    nsPerStep:
      NS_PER_OBSERVATION *
      Math.sqrt(Math.max(1, observations / 1_000)) *
      (spec.pair.method === 'kalman' ? KALMAN_FACTOR : 1),
    resultBytes: countRuns(spec) * runBytes + seriesBytes,
    threadBytes: 4e6 + 500 * observations,
  };
}

/** Events of both flows and of the informed, and the samples with their tests. */
function bookCost(spec: Spec, { flow, durationS, informedRatePerS, warmupS, ...source }: BooksSource): Cost {
  const sum = (rates: readonly number[]): number => rates.reduce((total, rate) => total + rate, 0);
  const orders =
    2 * flow.limitRatePerS.reduce((total, rate, i) => total + rate / (flow.cancelRatePerS[i] ?? 1), 0);
  const arrivals = 2 * (sum(flow.limitRatePerS) + flow.marketRatePerS) + informedRatePerS;
  const eventsPerS = 2 * (arrivals + orders * Math.max(...flow.cancelRatePerS));
  const samples = durationS / source.sampleS;
  const trades = Math.ceil(samples / OBSERVATIONS_PER_TRADE);
  const runBytes = 8 * (RUN_COLUMNS.length + 2 * PAIR_COLUMNS.length + BOOK_COLUMNS.length + 5);
  return {
    stepsPerUnit: (durationS + warmupS) * eventsPerS + samples * (NS_PER_OBSERVATION / NS_PER_EVENT),
    nsPerStep: NS_PER_EVENT,
    resultBytes:
      countRuns(spec) * (runBytes + trades * TRADE_BYTES) +
      8 * (SERIES_COLUMNS.length + 1) * spec.seriesPoints +
      16 * LEG_COLUMNS.length,
    threadBytes: 16e6 + 500 * orders + 500 * samples + 160 * (durationS + warmupS),
  };
}

function inputs({ source }: Spec): readonly InputRef[] {
  if (source.type !== 'files') return [];
  return (['y', 'x'] as const).map((name) => ({
    name,
    importer: 'bars',
    files: { file: source[`${name}File`] },
    pointers: { file: `/source/${name}File` },
  }));
}

export default defineKind<Spec>({
  name: 'stat-arb',
  version: 1,
  title: 'Statistical arbitrage',
  description:
    'Trades the spread of two prices: hedge ratio by least squares, total least squares or a Kalman filter, tests for ' +
    'cointegration (Engle-Granger, Johansen), an Ornstein-Uhlenbeck fit with its half-life, and positions by ' +
    "z-score, by bands, or by Bertram's optimal bands, on simulated pairs, on your own bars, or in two simulated order " +
    'books whose legs have queues, fees and latencies of their own; lead-lag arbitrage between venues.',
  schema,
  units: countRuns,
  cost,
  sizeField: 'runs',
  inputs,
  faults,
  inputFaults,
  tables: TABLES,
  summarise,
  score: { name: 'pnl', sense: 'max' },
  examples: [
    {
      title: 'Eight simulated pairs, bought and sold at two standard deviations',
      spec: { runs: 8, seriesPoints: 200 },
      seed: 1,
      digest: '09dc12da6efa693e8ee494cd333b8db9284acadbc2e54dd6f6838c96d08797cb',
    },
    {
      title: "Bertram's bands with a Kalman hedge ratio, a future of 1,000 g against spot",
      spec: {
        source: {
          type: 'series',
          observations: 600,
          startY: 480,
          startX: 475,
          halfLifeObs: 6,
          spreadSd: 0.01,
        },
        pair: { method: 'kalman', stateNoise: 1e-6 },
        strategy: { type: 'bertram' },
        legs: { yMultiplier: 1000, capital: 2_000_000 },
        runs: 7,
        seriesPoints: 100,
      },
      seed: 2,
      digest: '1a269593ae1de15135415d5fd5e70619a81914aaf5a4ec407a892358c0a4cb11',
    },
    {
      title: 'Prices that only seem to belong together',
      spec: {
        source: { type: 'series', observations: 400, cointegrated: false },
        strategy: { type: 'bands', entry: 0.04, stop: 0.12 },
        pair: { method: 'total' },
        runs: 7,
        seriesPoints: 100,
      },
      seed: 3,
      digest: 'b87c569ad045721346788dc9f2e3786dcbde195a8573dc140ccd1fb9ce9bbac2',
    },
    {
      title: 'Two books, one leg made and hedged by the other',
      spec: {
        source: { type: 'books', durationS: 400, warmupS: 20, halfLifeS: 20, orders: 'make' },
        strategy: { type: 'zscore', entry: 1.5 },
        runs: 7,
        seriesPoints: 50,
      },
      seed: 4,
      digest: 'd9e43d63c085897de3c76f6e6d497dfeddd7f9a2407981d5b9b230ebce721e08',
    },
    {
      title: 'Arbitrage against a venue that hears of the value two seconds late',
      spec: {
        source: {
          type: 'books',
          durationS: 300,
          warmupS: 20,
          valueSigmaTicksPerSqrtS: 4,
          informedRatePerS: 10,
          spreadSdTicks: 0.5,
          venueY: { informedDelayS: 2 },
        },
        pair: { method: 'given', scale: 'price' },
        strategy: { type: 'lead-lag', isHedged: false, entryTicks: 8, exitTicks: 1 },
        runs: 3,
        seriesPoints: 50,
      },
      seed: 5,
      digest: '3ad07b43130572739670b050863c9d11cf0e573c1c653ca04da88a4f97048524',
    },
  ],
});
