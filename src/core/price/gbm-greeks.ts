/**
 * Greeks of payoffs under geometric Brownian motion as means over the same paths as the price.
 *
 * Pathwise: the payoff is differentiated along the path, which needs it to be continuous. Likelihood ratio:
 * the payoff times the derivative of the logarithm of the path's density, for barriers that knock. Gamma:
 * the pathwise delta, then the likelihood ratio. Source: Glasserman, "Monte Carlo Methods in Financial
 * Engineering", 2003, sections 7.2.1 (pathwise), 7.3.1 and 7.3.2 (likelihood ratio), 7.3.3 (mixed).
 * With exact sampling a barrier is smoothed first: the chance of a hit given both ends, by the law of a
 * bridge, is continuous where the price ends at the barrier, so its product with the payoff has a pathwise
 * derivative again. The likelihood ratio of a path knows s0 by its first step alone: its error grows as
 * steps get shorter.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { payoffValues, underlyingOf, type BarrierPayoff, type Payoff } from './payoffs.js';
import type { GreekStats, SeriesStats } from './path-stats.js';

export type Greek = 'delta' | 'gamma' | 'vega';
export type GreekMethod =
  'pathwise' | 'likelihood ratio' | 'pathwise, then likelihood ratio' | 'pathwise, given the chance of a hit';

/** What the derivatives need to know of the job; `steps` is 1 with exact sampling. */
export interface GreekSetting {
  readonly s0: number;
  readonly driftPerYr: number;
  readonly sigmaPerSqrtYr: number;
  readonly horizonYr: number;
  readonly steps: number;
  /** e^(-r T). */
  readonly discount: number;
}

/**
 * How a Greek of a payoff is estimated under geometric Brownian motion by `sampling`; null where it is not.
 */
export function gbmGreekMethod(greek: Greek, payoff: Payoff, isExact: boolean): GreekMethod | null {
  if (payoff.type === 'barrier') {
    if (greek === 'gamma') return null;
    return isExact ? 'pathwise, given the chance of a hit' : 'likelihood ratio';
  }
  if (isExact && payoff.type !== 'european' && greek !== 'delta') return null;
  return greek === 'gamma' ? 'pathwise, then likelihood ratio' : 'pathwise';
}

/**
 * Pathwise delta of a payoff that does not knock, where every price of a path is proportional to s0:
 * d x / d s0 = x / s0 for terminal, average and extremes alike.
 */
export function proportionalDelta(
  payoff: Payoff,
  stats: SeriesStats,
  s0: number,
  count: number,
  discount: number,
  out: Float64Array,
): void {
  if (payoff.type === 'lookback' && payoff.style === 'floating') {
    payoffValues(payoff, stats, count, discount / s0, out);
    return;
  }
  const x = underlyingOf(payoff, stats);
  const sign = payoff.option === 'call' ? 1 : -1;
  const scale = (sign * discount) / s0;
  for (let i = 0; i < count; i++) out[i] = sign * (x[i] - payoff.strike) > 0 ? scale * x[i] : 0;
}

/**
 * Writes one number a path whose mean is the Greek. `greeks` is null with exact sampling, which has only what
 * gbmGreekMethod names: those that do not read it.
 */
export function gbmGreek(
  greek: Greek,
  payoff: Payoff,
  stats: SeriesStats,
  greeks: GreekStats | null,
  setting: GreekSetting,
  count: number,
  out: Float64Array,
): void {
  if (payoff.type === 'barrier') {
    if (greeks === null) {
      smoothedBarrier(greek, payoff, stats, setting, count, out);
      return;
    }
    payoffValues(payoff, stats, count, setting.discount, out);
    if (greek === 'delta') timesDeltaScore(greeks, setting, count, out);
    else timesVegaScore(stats, greeks, setting, count, out);
    return;
  }
  if (greek === 'vega') {
    pathwiseVega(payoff, stats, greeks, setting, count, out);
    return;
  }
  proportionalDelta(payoff, stats, setting.s0, count, setting.discount, out);
  if (greek === 'delta') return;
  const { s0, driftPerYr, sigmaPerSqrtYr: sigma, horizonYr, steps } = setting;
  const isEuropean = payoff.type === 'european';
  const years = isEuropean ? horizonYr : horizonYr / steps;
  const mean = (driftPerYr - 0.5 * sigma * sigma) * years;
  for (let i = 0; i < count; i++) {
    if (out[i] === 0) continue;
    const x = isEuropean ? log(stats.terminal[i] / s0) : greeks!.firstLog[i];
    out[i] *= ((x - mean) / (sigma * sigma * years) - 1) / s0;
  }
}

/**
 * Slope of payoff times P(hit | ends) = exp(-2 b (b - x) / (sigma^2 T)), or one less it for an option that is
 * knocked out, with x = ln(S_T / s0) and b = ln(barrier / s0), while x has not passed b.
 */
function smoothedBarrier(
  greek: Greek,
  payoff: BarrierPayoff,
  stats: SeriesStats,
  setting: GreekSetting,
  count: number,
  out: Float64Array,
): void {
  const { s0, driftPerYr, sigmaPerSqrtYr: sigma, horizonYr, discount } = setting;
  const variance = sigma * sigma * horizonYr;
  const b = log(payoff.barrier / s0);
  const sign = payoff.option === 'call' ? 1 : -1;
  const pull = (driftPerYr + 0.5 * sigma * sigma) * horizonYr;
  for (let i = 0; i < count; i++) {
    const price = stats.terminal[i];
    const gain = sign * (price - payoff.strike);
    out[i] = 0;
    if (gain <= 0) continue;
    const x = log(price / s0);
    const isPast = b > 0 ? x >= b : x <= b;
    const hit = isPast ? 1 : exp((-2 * b * (b - x)) / variance);
    // d x / d sigma, d hit / d parameter and d price / d parameter along the path.
    const u = (x - pull) / sigma;
    const hitSlope = isPast
      ? 0
      : greek === 'delta'
        ? (hit * 2 * (2 * b - x)) / (s0 * variance)
        : (hit * (2 * b * u + (4 * b * (b - x)) / sigma)) / variance;
    const priceSlope = sign * price * (greek === 'delta' ? 1 / s0 : u);
    const isIn = payoff.knock === 'in';
    const alive = isIn ? hit : 1 - hit;
    out[i] = discount * (priceSlope * alive + gain * (isIn ? hitSlope : -hitSlope));
  }
}

/** The score of s0: z_1 / (s0 sigma sqrt(dt)), z_1 the normal of the first step. */
function timesDeltaScore(greeks: GreekStats, setting: GreekSetting, count: number, out: Float64Array): void {
  const { s0, driftPerYr, sigmaPerSqrtYr: sigma, horizonYr, steps } = setting;
  const dt = horizonYr / steps;
  const mean = (driftPerYr - 0.5 * sigma * sigma) * dt;
  for (let i = 0; i < count; i++) out[i] *= (greeks.firstLog[i] - mean) / (s0 * sigma * sigma * dt);
}

/** The score of sigma: the sum over steps of (z^2 - 1) / sigma - z sqrt(dt). */
function timesVegaScore(
  stats: SeriesStats,
  greeks: GreekStats,
  setting: GreekSetting,
  count: number,
  out: Float64Array,
): void {
  const { s0, driftPerYr, sigmaPerSqrtYr: sigma, horizonYr, steps } = setting;
  const dt = horizonYr / steps;
  const mean = (driftPerYr - 0.5 * sigma * sigma) * dt;
  for (let i = 0; i < count; i++) {
    if (out[i] === 0) continue;
    const x = log(stats.terminal[i] / s0);
    const squares = (greeks.squares[i] - 2 * mean * x + steps * mean * mean) / (sigma * sigma * dt);
    out[i] *= (squares - steps) / sigma - (x - steps * mean) / sigma;
  }
}

/** d S_t / d sigma = S_t (x_t - (mu + sigma^2 / 2) t) / sigma, with x_t = ln(S_t / s0). */
function pathwiseVega(
  payoff: Payoff,
  stats: SeriesStats,
  greeks: GreekStats | null,
  setting: GreekSetting,
  count: number,
  out: Float64Array,
): void {
  const { s0, driftPerYr, sigmaPerSqrtYr: sigma, horizonYr, steps, discount } = setting;
  const pull = driftPerYr + 0.5 * sigma * sigma;
  const dt = horizonYr / steps;
  const at = (price: number, years: number): number => (price * (log(price / s0) - pull * years)) / sigma;
  const sign = payoff.option === 'call' ? 1 : -1;
  const isFloating = payoff.type === 'lookback' && payoff.style === 'floating';
  const x = underlyingOf(payoff, stats);
  const meanYears = (horizonYr * (steps + 1)) / (2 * steps);
  for (let i = 0; i < count; i++) {
    if (!isFloating && sign * (x[i] - payoff.strike) <= 0) {
      out[i] = 0;
      continue;
    }
    let slope = 0;
    if (isFloating) {
      const extreme = sign > 0 ? stats.minimum[i] : stats.maximum[i];
      const extremeAt = sign > 0 ? greeks!.minimumAt[i] : greeks!.maximumAt[i];
      slope = at(stats.terminal[i], horizonYr) - at(extreme, extremeAt * dt);
    } else if (payoff.type === 'lookback') {
      slope = at(x[i], (sign > 0 ? greeks!.maximumAt[i] : greeks!.minimumAt[i]) * dt);
    } else if (payoff.type === 'asian') {
      slope =
        payoff.average === 'geometric'
          ? at(x[i], meanYears)
          : (greeks!.priceLog[i] - pull * dt * greeks!.priceStep[i]) / sigma;
    } else slope = at(x[i], horizonYr);
    out[i] = discount * sign * slope;
  }
}
