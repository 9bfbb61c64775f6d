/** V1: the tables of Avellaneda and Stoikov (2008), section 3.3, by their own recipe. */
import { emptyMoments, meanErrorOf, momentsOf, sdErrorOf, sdOf, type Moments } from '../price/moments.js';
import { FLOW } from '../rng/names.js';
import { Stream } from '../rng/stream.js';
import { IntensityTable, runIntensityMarket, type IntensityQuoter } from '../sim/intensity-market.js';
import type { Bench, Check, Experiment, Line } from './check.js';
import type { Models } from './models.js';
import type { Sheet } from './sheet.js';

/**
 * The market of the tables: prices in currency, time in units of the horizon. The first mid, 100, cancels.
 */
export const V1_MARKET = {
  startMid: 100,
  sigma: 2,
  horizon: 1,
  steps: 200,
  intensityA: 140,
  intensityK: 1.5,
};
/** As many runs as the paper took share a stream; ten times as many show the exact values. */
const BLOCK_RUNS = 1_000;
const EXACT_BLOCKS = 10;

const PRINTED = 'Avellaneda & Stoikov 2008, tables 1-3, printed';
const EXACT = 'exact moments of the same recipe';

export interface V1Row {
  readonly gamma: number;
  readonly strategy: 'inventory' | 'symmetric';
  readonly spread: number;
  /** Profit, its standard deviation, mean and standard deviation of the last inventory, as printed. */
  readonly printed: readonly [number, number, number, number];
  /** Profit, its standard deviation, standard deviation of the last inventory; its mean is 0 by symmetry. */
  readonly exact: readonly [number, number, number];
}

export const V1_TABLE: readonly V1Row[] = [
  row(0.1, 'inventory', 1.49, [65.0, 6.6, 0.08, 2.9], [64.892, 6.539, 2.926]),
  row(0.1, 'symmetric', 1.49, [68.4, 12.7, 0.26, 8.4], [68.223, 13.456, 8.399]),
  row(0.01, 'inventory', 1.35, [68.6, 8.7, 0.12, 5.1], [68.387, 8.953, 5.211]),
  row(0.01, 'symmetric', 1.35, [68.8, 12.8, 0.09, 8.7], [68.666, 13.677, 8.712]),
  row(1, 'inventory', 3.02, [31.4, 5.0, 0.02, 1.7], [31.457, 4.835, 1.641]),
  row(1, 'symmetric', 3.02, [44.0, 11.0, 0.0, 5.1], [43.685, 10.733, 5.171]),
];

function row(
  gamma: number,
  strategy: V1Row['strategy'],
  spread: number,
  printed: V1Row['printed'],
  exact: V1Row['exact'],
): V1Row {
  return { gamma, strategy, spread, printed, exact };
}

/** Mean over the steps of the inventory strategy's spread, which depends on time alone. */
export function averageSpread(gamma: number, models: Pick<Models, 'totalSpread'>): number {
  const { sigma, steps, horizon, intensityK } = V1_MARKET;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    sum += models.totalSpread(gamma, sigma, horizon - (step * horizon) / steps, intensityK);
  }
  return sum / steps;
}

/** Inventory: around the reservation price; symmetric: the other one's average spread, around the mid. */
export function v1Quoter({ gamma, strategy }: V1Row, models: Models): IntensityQuoter {
  const { sigma, intensityK } = V1_MARKET;
  if (strategy === 'symmetric') {
    const half = averageSpread(gamma, models) / 2;
    return (_inventory, _timeLeft, out) => {
      out[0] = half;
      out[1] = half;
    };
  }
  // The spread is asked for once a step, not for every inventory.
  let halfAt = NaN;
  let half = 0;
  return (inventory, timeLeft, out) => {
    if (timeLeft !== halfAt) {
      halfAt = timeLeft;
      half = models.totalSpread(gamma, sigma, timeLeft, intensityK) / 2;
    }
    const skew = models.reservationPrice(0, inventory, gamma, sigma, timeLeft);
    out[0] = half + skew;
    out[1] = half - skew;
  };
}

interface Outcome {
  readonly profit: Moments;
  readonly inventory: Moments;
}

/** Runs blocks firstBlock..firstBlock+blocks-1, each from its own stream. */
function simulate(bench: Bench, table: IntensityTable, firstBlock: number, blocks: number): Outcome {
  const stream = new Stream();
  const runs = blocks * BLOCK_RUNS;
  const profits = new Float64Array(runs);
  const inventories = new Int32Array(runs);
  for (let block = 0; block < blocks && !bench.stopped(); block++) {
    const [from, to] = [block * BLOCK_RUNS, (block + 1) * BLOCK_RUNS];
    stream.key(bench.seed, bench.streamUnit(firstBlock + block), FLOW);
    runIntensityMarket(table, stream, BLOCK_RUNS, profits.subarray(from, to), inventories.subarray(from, to));
  }
  const profit = emptyMoments();
  const inventory = emptyMoments();
  momentsOf(profits, runs, profit);
  momentsOf(Float64Array.from(inventories), runs, inventory);
  return { profit, inventory };
}

function linesOf({ gamma, strategy }: V1Row): readonly Line[] {
  const line = (what: string, unit: string, source: string): Line => ({
    what: `gamma ${gamma}, ${strategy}: ${what}`,
    unit,
    source,
  });
  return [
    line('average spread', 'currency', PRINTED),
    line('profit, 1,000 runs', 'currency', PRINTED),
    line('sd of profit, 1,000 runs', 'currency', PRINTED),
    line('last inventory, 1,000 runs', 'lots', PRINTED),
    line('sd of last inventory, 1,000 runs', 'lots', PRINTED),
    line('profit, 10,000 runs', 'currency', EXACT),
    line('sd of profit, 10,000 runs', 'currency', EXACT),
    line('last inventory, 10,000 runs', 'lots', 'exact: 0 by symmetry'),
    line('sd of last inventory, 10,000 runs', 'lots', EXACT),
  ];
}

function measure(expected: V1Row, bench: Bench, sheet: Sheet): void {
  const { models } = bench;
  const table = new IntensityTable(V1_MARKET, v1Quoter(expected, models), models.fillProbability);
  const paper = simulate(bench, table, 0, 1);
  // The paper prints two decimals of the mean over all times; the starts of the steps lie dt / 2 before.
  const early =
    (expected.gamma * V1_MARKET.sigma * V1_MARKET.sigma * V1_MARKET.horizon) / V1_MARKET.steps / 2;
  sheet.add(0, table.meanSpread, expected.spread, 0.005 + early);
  const [profit, sd, mean, inventorySd] = expected.printed;
  sheet.add(1, paper.profit.mean, profit, 3.5 * meanErrorOf(paper.profit) + 0.05);
  sheet.add(2, sdOf(paper.profit), sd, 3.5 * sdErrorOf(paper.profit) + 0.05);
  sheet.add(3, paper.inventory.mean, mean, 3.5 * meanErrorOf(paper.inventory) + 0.005);
  sheet.add(4, sdOf(paper.inventory), inventorySd, 3.5 * sdErrorOf(paper.inventory) + 0.05);
  const many = simulate(bench, table, 1, EXACT_BLOCKS);
  sheet.add(5, many.profit.mean, expected.exact[0], 4 * meanErrorOf(many.profit));
  sheet.add(6, sdOf(many.profit), expected.exact[1], 4 * sdErrorOf(many.profit));
  sheet.add(7, many.inventory.mean, 0, 4 * meanErrorOf(many.inventory));
  sheet.add(8, sdOf(many.inventory), expected.exact[2], 4 * sdErrorOf(many.inventory));
}

export const V1: Check = {
  id: 'V1',
  title: 'Market making against a random walk',
  asks:
    'Does a market maker that quotes by the formulas of Avellaneda and Stoikov earn what their paper says, with ' +
    'the spread of outcomes and the inventory that it says, for three risk aversions and two strategies?',
  recipe:
    'A mid of 100 moves up or down by sigma sqrt(dt) in each of 200 steps of a day (sigma 2). In each step the ' +
    'maker quotes from its state and sells one lot with probability lambda dt at its ask, buys one with ' +
    'probability lambda dt at its bid, where lambda = A exp(-k distance), A 140, k 1.5, and the probability is at ' +
    'most 1. "Inventory" quotes around the reservation price mid - q gamma sigma^2 (T - t); "symmetric" quotes ' +
    'the average of the same spread around the mid. Wealth at the end is cash plus inventory at the mid. The ' +
    'strategy and the market are the ones that a simulation uses. A fill probability of 1 - exp(-lambda dt), ' +
    'which reads as the same thing, moves the first profit from 64.9 to 57.2.',
  papers: [
    'Avellaneda & Stoikov, "High-frequency trading in a limit order book", Quantitative Finance 8(3), 217-224, 2008',
  ],
  tolerance:
    'With as many runs as the paper took, 1,000, the two samples may differ by 3.5 standard errors of our own ' +
    'run and by half of the last printed digit. With 10,000 runs ours must meet the exact values within 4 of its ' +
    'standard errors. The average spread has no randomness: what remains is half of the printed digit, and half a ' +
    'step, because ours is the mean over the starts of the steps.',
  experiments: V1_TABLE.map((expected): Experiment => ({
    lines: linesOf(expected),
    measure: (bench, sheet) => measure(expected, bench, sheet),
  })),
};
