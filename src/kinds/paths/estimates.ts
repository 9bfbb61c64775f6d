/** Turns the paths of a block into one number a path for each estimate, and one for its control. */
import { exp } from '../../core/math/exp.js';
import { geometricAsianPrice } from '../../core/price/closed-form/asian.js';
import { gbmGreek, proportionalDelta, type GreekSetting } from '../../core/price/gbm-greeks.js';
import { levelHits, payoffValues, type Payoff } from '../../core/price/payoffs.js';
import type { GreekStats, SeriesStats } from '../../core/price/path-stats.js';
import type { Process } from '../../core/price/processes/process.js';
import type { Estimand } from './layout.js';
import type { PathsSpec } from './spec.js';

/** A number of the same path whose true mean is known. */
export type Control =
  | { readonly of: 'terminal'; readonly mean: number }
  | { readonly of: 'payoff'; readonly payoff: Payoff; readonly mean: number };

/** The control of an estimate; null where there is none, as for Greeks and levels. */
export function controlOf(spec: PathsSpec, process: Process, estimand: Estimand): Control | null {
  if (!spec.control || estimand.measure !== 'value') return null;
  const payoff = spec.payoffs[estimand.payoff]!;
  const { model, horizonYr, ratePerYr, steps } = spec;
  if (
    model.type === 'gbm' &&
    payoff.type === 'asian' &&
    payoff.average === 'arithmetic' &&
    payoff.strike > 0
  ) {
    const market = { spot: model.s0, ratePerYr, yieldPerYr: ratePerYr - model.driftPerYr, horizonYr };
    const mean = geometricAsianPrice(market, payoff.strike, model.sigmaPerSqrtYr, steps, payoff.option);
    return { of: 'payoff', payoff: { ...payoff, average: 'geometric' }, mean };
  }
  return { of: 'terminal', mean: process.laws.at(-1)!.mean };
}

/** Payoffs are on the last series: the price, or the basket. */
export class Estimator {
  readonly control: Control | null;
  private readonly spec: PathsSpec;
  private readonly estimand: Estimand;
  private readonly discount: number;
  private readonly start: number;
  private readonly scratch: Float64Array;

  constructor(spec: PathsSpec, process: Process, estimand: Estimand, blockPaths: number) {
    this.spec = spec;
    this.estimand = estimand;
    this.control = controlOf(spec, process, estimand);
    this.discount = exp(-spec.ratePerYr * spec.horizonYr);
    this.start = process.start.at(-1)!;
    this.scratch = new Float64Array(blockPaths);
  }

  /** Writes the numbers of paths 0..count-1 of the block. */
  values(stats: SeriesStats, greeks: GreekStats | null, count: number, out: Float64Array): void {
    const { spec, estimand, discount, start } = this;
    if (estimand.measure === 'reached') {
      levelHits(estimand.level, start, stats, count, out);
      return;
    }
    const payoff = spec.payoffs[estimand.payoff]!;
    if (estimand.measure === 'value') payoffValues(payoff, stats, count, discount, out);
    else if (spec.model.type === 'gbm') {
      gbmGreek(estimand.measure, payoff, stats, greeks, this.setting(), count, out);
    } else proportionalDelta(payoff, stats, start, count, discount, out);
  }

  /** The controls of the same paths; null without one. */
  controls(stats: SeriesStats, count: number): Float64Array | null {
    const { control, discount, scratch } = this;
    if (control === null) return null;
    if (control.of === 'payoff') payoffValues(control.payoff, stats, count, discount, scratch);
    else for (let i = 0; i < count; i++) scratch[i] = stats.terminal[i]!;
    return scratch;
  }

  private setting(): GreekSetting {
    const { spec, discount } = this;
    if (spec.model.type !== 'gbm') throw new Error('Greeks of this kind are those of gbm');
    const { s0, driftPerYr, sigmaPerSqrtYr } = spec.model;
    const steps = spec.sampling === 'exact' ? 1 : spec.steps;
    return { s0, driftPerYr, sigmaPerSqrtYr, horizonYr: spec.horizonYr, steps, discount };
  }
}
