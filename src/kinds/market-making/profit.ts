/** Profit and risk of a market-making result: the PnL and its parts, ratios, drawdown, tails. */
import type { Metric } from '../../contract/kind.js';
import { stationaryBootstrap } from '../../core/metrics/bootstrap.js';
import { annualFactor, sharpeRatio, sortinoRatio } from '../../core/metrics/sharpe.js';
import { tailOf } from '../../core/metrics/tail.js';
import { RESAMPLE } from '../../core/rng/names.js';
import { Stream } from '../../core/rng/stream.js';
import { meanMetric, totalsMetric, type RunReader } from './estimates.js';
import type { Spec } from './spec.js';
import { TAIL_SHARE } from './tables.js';

/** Fewer values than this in the worst 5 % tell little about it. */
const MIN_TAIL = 10;
/** Fewer increments than this in a run make its ratios worthless. */
const MIN_INCREMENTS = 30;
/** Values drawn for one error at most, and copies of the series for that. */
const MAX_DRAWS = 4e6;
const [MIN_COPIES, MAX_COPIES] = [20, 200];

/** `single` holds the PnL increments of the only run; null where there are more runs. */
export function profitMetrics(spec: Spec, runs: RunReader, single: Float64Array | null): Metric[] {
  const money = (name: string, meaning: string) => meanMetric(name, 'currency', meaning, runs, runs.at(name));
  const { adverseS } = spec.measures;
  return [
    money('pnl', 'profit after fees, inventory valued at the mid'),
    ...ratios(spec, runs, single),
    money('maxDrawdown', 'largest fall of the PnL from its maximum so far'),
    calmar(runs),
    ...tails(spec, runs, single),
    ...tailsOfRuns(runs),
    money('quotedPnl', 'part of the PnL: spread against the mid last seen when the order was still wanted'),
    money(
      'latencyPnl',
      'part of the PnL: move of the mid from that to the fill, while news and orders were under way',
    ),
    money('adversePnl', `part of the PnL: move of the mid within ${adverseS} s after the fill`),
    money('carryPnl', 'part of the PnL: move of the mid from then to the end (inventory)'),
    money(
      'feesPaid',
      'fees; negative when rebates exceed them. PnL = quoted + latency + adverse + carry - fees',
    ),
    money('spreadPnl', 'quoted + latency: earned against the mid at the moment of each fill'),
    money('inventoryPnl', 'adverse + carry: inventory times the moves of the mid'),
    money('closedPnl', 'profit after closing the last inventory at the touch, taker fee included'),
  ];
}

/** Sharpe and Sortino, annualised. */
function ratios(spec: Spec, runs: RunReader, single: Float64Array | null): Metric[] {
  const { samplingS } = spec.measures;
  const [n, sum, squares, down] = [
    'increments',
    'incrementSum',
    'incrementSumSquares',
    'incrementDownSquares',
  ].map((name) => runs.at(name)) as [Reader, Reader, Reader, Reader];
  const factor = annualFactor(samplingS);
  const year = `PnL increments over ${samplingS} s, times ${factor.toPrecision(4)} to a year of 252 days of 6.5 hours`;
  const few = runs.count > 0 && n(0) < MIN_INCREMENTS ? `${n(0)} increments` : undefined;
  const sharpe = (i: number) => sharpeRatio(n(i), sum(i), squares(i), factor)?.ratio ?? null;
  const sortino = (i: number) => sortinoRatio(n(i), sum(i), down(i), factor);
  const metrics = [
    meanMetric('sharpe', '1', `mean over standard deviation of ${year}`, runs, sharpe, few),
    meanMetric(
      'sortino',
      '1',
      `mean over root mean square of the losses (Sortino & Price 1994, target nought) of ${year}`,
      runs,
      sortino,
      few,
    ),
  ];
  if (single === null) return metrics;
  const [ofSharpe, ofSortino] = [
    (copy: Float64Array) => {
      const [total, all] = [sumOf(copy), sumOf(copy, (x) => x * x)];
      return sharpeRatio(copy.length, total, all, factor)?.ratio ?? null;
    },
    (copy: Float64Array) =>
      sortinoRatio(
        copy.length,
        sumOf(copy),
        sumOf(copy, (x) => (x < 0 ? x * x : 0)),
        factor,
      ),
  ];
  return [withBootstrap(metrics[0]!, single, ofSharpe), withBootstrap(metrics[1]!, single, ofSortino)];
}

function calmar(runs: RunReader): Metric {
  const [pnl, drawdown] = [runs.values(runs.at('pnl')), runs.values(runs.at('maxDrawdown'))];
  const meaning =
    'mean PnL of a run over its mean largest fall, over the length of a run, not annualised; error by the delta method';
  return totalsMetric('calmar', '1', meaning, pnl, drawdown, runs.group);
}

/** Of the increments within a run. */
function tails(spec: Spec, runs: RunReader, single: Float64Array | null): Metric[] {
  const { samplingS } = spec.measures;
  const worst = runs.count > 0 ? Math.ceil(TAIL_SHARE * runs.at('increments')(0)) : 0;
  const few = worst < MIN_TAIL ? `${worst} increments in the tail` : undefined;
  const of = (name: 'valueAtRisk' | 'expectedShortfall', meaning: string) => {
    const metric = meanMetric(name, 'currency', meaning, runs, runs.at(name), few);
    return single === null ? metric : withBootstrap(metric, single, (copy) => tailOf(copy, TAIL_SHARE)[name]);
  };
  return [
    of('valueAtRisk', `loss within ${samplingS} s that 5 % of the increments of a run reach or exceed`),
    of('expectedShortfall', 'mean loss of those increments'),
  ];
}

/** Of the PnL of whole runs; errors by the bootstrap over runs, or over pairs, which are independent. */
function tailsOfRuns(runs: RunReader): Metric[] {
  if (runs.count < 2) return [];
  const { group } = runs;
  const pnl = Float64Array.from(runs.values(runs.at('pnl')));
  // What is drawn anew are whole groups, by number.
  const groups = Float64Array.from({ length: pnl.length / group }, (_, i) => i);
  const copied = new Float64Array(pnl.length);
  const pnlOf = (copy: Float64Array): Float64Array =>
    copied.map((_, i) => pnl[group * copy[Math.floor(i / group)]! + (i % group)]!);
  const tail = tailOf(pnl, TAIL_SHARE);
  const flag = tail.count < MIN_TAIL ? { flag: `small sample: ${tail.count} runs in the tail` } : {};
  const of = (name: 'valueAtRisk' | 'expectedShortfall', shown: string, meaning: string): Metric => {
    const metric = {
      name: shown,
      value: tail[name],
      standardError: null,
      unit: 'currency',
      meaning,
      ...flag,
    };
    return withBootstrap(metric, groups, (copy) => tailOf(pnlOf(copy), TAIL_SHARE)[name], 1);
  };
  return [
    of(
      'valueAtRisk',
      'runValueAtRisk',
      'loss that the PnL of 5 % of the runs reaches or exceeds; negative: a gain',
    ),
    of('expectedShortfall', 'runExpectedShortfall', 'mean loss of those runs; negative: a gain'),
  ];
}

type Reader = (i: number) => number;

function sumOf(values: Float64Array, of: (x: number) => number = (x) => x): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return sum;
}

/** The metric with the error of `statistic` over copies of the series; the draws depend on nothing else. */
function withBootstrap(
  metric: Metric,
  series: Float64Array,
  statistic: (copy: Float64Array) => number | null,
  blockLength?: number,
): Metric {
  const copies = Math.max(MIN_COPIES, Math.min(MAX_COPIES, Math.floor(MAX_DRAWS / series.length)));
  const options = { copies, ...(blockLength !== undefined && { blockLength }) };
  const found = stationaryBootstrap(series, statistic, new Stream(0, 0, RESAMPLE), options);
  return found === null ? metric : { ...metric, ...found };
}
