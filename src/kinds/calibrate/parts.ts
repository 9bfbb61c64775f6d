/** What the summaries of feeds and of price series share: numbers as metrics, warnings in words. */
import type { Table } from '../../contract/columns.js';
import type { Metric } from '../../contract/kind.js';
import type { Parameter } from './parameters.js';
import { TABLES, type WarningName } from './tables.js';

/** Beyond, the table holds them. */
export const MAX_METRICS = 100;

export function metricOf({ label, value, standardError, unit, meaning, low, high }: Parameter): Metric {
  return {
    name: label,
    value,
    standardError: standardError >= 0 ? standardError : null,
    unit,
    meaning,
    ...(high > low && { interval: [low, high] as const }),
  };
}

export const short = (value: number): string => String(Number(value.toPrecision(4)));

/** Reads one column of a table of this kind by name. */
export function reader(tables: readonly Table[], table: number): (name: string) => (row: number) => number {
  return (name) => {
    const column = tables[table]!.columns[TABLES[table]!.columns.findIndex((c) => c.name === name)]!;
    return (row) => column[row]!;
  };
}

export const WORDS: Readonly<Record<WarningName, (value: string) => string>> = {
  'short sample': (n) => `only ${n} events: the intervals are too optimistic, or nothing could be fitted.`,
  'branching near 1': (n) =>
    `the branching ratio ${n} is near 1, or its interval reaches there. A rate that changes by itself looks the same ` +
    '(Filimonov & Sornette 2015): look at the windows, and at the pieces in the table fits.',
  'change of regime': (gain) =>
    'the base rate changes within the sample: pieces with base rates of their own describe it better (criterion ' +
    `lower by ${gain}). The branching ratio of one base rate is too high; pieceBranching in the table fits has the other.`,
  'poor fit': (p) =>
    `the residuals reject the model (Kolmogorov-Smirnov, p ${p === '0' ? 'below 1e-300' : `= ${p}`}).`,
  'search not converged': (rest) =>
    `the search ended early; a Newton step would still have gained ${rest} of log-likelihood.`,
  'decay on its bound': (beta) => `the decay ${beta}/s lies on a bound of the search.`,
  'wide spread': (ticks) =>
    `the mean spread is ${ticks} ticks; the queue-reactive model supposes one tick, and most first queues are empty.`,
  'orders out of reach': (share) =>
    `a share of only ${share} of the executions met one of the fitted queues, and a market of these rates trades ` +
    'as little. The model is for a spread of one tick: fit more levels, or cont-stoikov-talreja.',
  'no decay': (n) => `no decay was found in the reach of ${n} market orders; widen fromTicks and toTicks.`,
  'no reversion': (phi) =>
    `the levels do not return to a mean within their errors (phi = ${phi}): kappa and the half-life say little or nothing.`,
  'no jumps': (gain) =>
    `jumps do not pay for their three parameters (Bayesian criterion worse by ${gain.replace('-', '')}): geometric Brownian motion says as much.`,
  'no mean variance': (sum) =>
    `alpha + beta = ${sum} is not below 1: the variance has no mean in the long run.`,
  'thin regime': (n) =>
    `a regime holds only about ${n} observations: its numbers describe these few, and a smaller model may say as much.`,
  'Feller violated': (ratio) =>
    `2 kappa theta is ${ratio} of xi^2, below 1: the variance reaches 0. Prices hold, simulations need more steps.`,
  'parameter on its bound': () =>
    'a parameter lies on a bound of the search; it has no standard error, and those of the others suppose it known.',
};
