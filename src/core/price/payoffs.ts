/**
 * Payoffs of options on one series, from the numbers that are kept of a path; discounted.
 *
 * Sign conventions: a call pays max(x - strike, 0), a put max(strike - x, 0). Averages are over the fixings
 * without the start; extremes over the start and the fixings, or in continuous time with exact sampling.
 */
import type { SeriesStats } from './path-stats.js';

export type Option = 'call' | 'put';

export interface EuropeanPayoff {
  readonly type: 'european';
  readonly option: Option;
  readonly strike: number;
}

/** On the average price. */
export interface AsianPayoff {
  readonly type: 'asian';
  readonly option: Option;
  readonly strike: number;
  readonly average: 'arithmetic' | 'geometric';
}

/**
 * A European option that lives (`in`) or dies (`out`) when the price reaches the barrier from the start's
 * side.
 */
export interface BarrierPayoff {
  readonly type: 'barrier';
  readonly option: Option;
  readonly strike: number;
  readonly direction: 'up' | 'down';
  readonly knock: 'in' | 'out';
  readonly barrier: number;
}

/**
 * `fixed`: max(maximum - strike, 0), max(strike - minimum, 0). `floating`: terminal - minimum for a call,
 * maximum - terminal for a put; the strike is not used.
 */
export interface LookbackPayoff {
  readonly type: 'lookback';
  readonly option: Option;
  readonly strike: number;
  readonly style: 'fixed' | 'floating';
}

export type Payoff = EuropeanPayoff | AsianPayoff | BarrierPayoff | LookbackPayoff;

/** Writes the discounted payoffs of paths 0..count-1; `discount` is e^(-r T). */
export function payoffValues(
  payoff: Payoff,
  stats: SeriesStats,
  count: number,
  discount: number,
  out: Float64Array,
): void {
  if (payoff.type === 'lookback' && payoff.style === 'floating') {
    const isCall = payoff.option === 'call';
    const from = isCall ? stats.terminal : stats.maximum;
    const to = isCall ? stats.minimum : stats.terminal;
    for (let i = 0; i < count; i++) out[i] = discount * (from[i] - to[i]);
    return;
  }
  vanilla(payoff.option, underlyingOf(payoff, stats), payoff.strike, count, discount, out);
  if (payoff.type === 'barrier') silence(payoff, stats, count, out);
}

/** What stands against the strike. */
export function underlyingOf(payoff: Payoff, stats: SeriesStats): Float64Array {
  switch (payoff.type) {
    case 'asian':
      return payoff.average === 'geometric' ? stats.geometric : stats.average;
    case 'lookback':
      return payoff.option === 'call' ? stats.maximum : stats.minimum;
    default:
      return stats.terminal;
  }
}

function vanilla(
  option: Option,
  x: Float64Array,
  strike: number,
  count: number,
  discount: number,
  out: Float64Array,
): void {
  const sign = option === 'call' ? 1 : -1;
  for (let i = 0; i < count; i++) {
    const gain = sign * (x[i] - strike);
    out[i] = gain > 0 ? discount * gain : 0;
  }
}

/** Puts 0 where the barrier option is dead. */
function silence(payoff: BarrierPayoff, stats: SeriesStats, count: number, out: Float64Array): void {
  const { barrier, direction, knock } = payoff;
  for (let i = 0; i < count; i++) {
    const hit = direction === 'up' ? stats.maximum[i] >= barrier : stats.minimum[i] <= barrier;
    if (hit === (knock === 'out')) out[i] = 0;
  }
}

/** Writes 1 where a path reached `level`, which lies on either side of the start, else 0. */
export function levelHits(
  level: number,
  start: number,
  stats: SeriesStats,
  count: number,
  out: Float64Array,
): void {
  const isUp = level >= start;
  for (let i = 0; i < count; i++) {
    out[i] = (isUp ? stats.maximum[i] >= level : stats.minimum[i] <= level) ? 1 : 0;
  }
}
