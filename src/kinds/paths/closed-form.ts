/** What theory says of an estimate, where it says something: a check that stands beside the number. */
import { geometricAsianPrice } from '../../core/price/closed-form/asian.js';
import { barrierPrice } from '../../core/price/closed-form/barrier.js';
import { blackScholes, type Market } from '../../core/price/closed-form/black-scholes.js';
import { hestonPrice } from '../../core/price/closed-form/heston.js';
import { fixedLookbackPrice, floatingLookbackPrice } from '../../core/price/closed-form/lookback.js';
import { mertonPrice } from '../../core/price/closed-form/merton.js';
import type { Payoff } from '../../core/price/payoffs.js';
import type { Estimand } from './layout.js';
import type { GbmSpec, HestonSpec, MertonSpec, ModelSpec } from './models/open.js';
import type { PathsSpec } from './spec.js';

/** The exact value of an estimate under the spec's own law and sampling; null where none is known. */
export function closedForm(spec: PathsSpec, estimand: Estimand): number | null {
  if (estimand.measure === 'reached') return null;
  const { model } = spec;
  const payoff = spec.payoffs[estimand.payoff]!;
  if (payoff.strike <= 0) return null;
  if (model.type === 'gbm') return ofGbm(spec, model, payoff, estimand.measure);
  if (estimand.measure !== 'value' || payoff.type !== 'european') return null;
  if (model.type === 'merton') return ofMerton(spec, model, payoff);
  return model.type === 'heston' ? ofHeston(spec, model, payoff) : null;
}

function marketOf(
  { ratePerYr, horizonYr }: PathsSpec,
  model: Extract<ModelSpec, { driftPerYr: number }>,
): Market {
  return { spot: model.s0, ratePerYr, yieldPerYr: ratePerYr - model.driftPerYr, horizonYr };
}

function ofGbm(
  spec: PathsSpec,
  model: GbmSpec,
  payoff: Payoff,
  measure: 'value' | 'delta' | 'gamma' | 'vega',
): number | null {
  const market = marketOf(spec, model);
  const { sigmaPerSqrtYr: sigma } = model;
  const { option, strike } = payoff;
  if (payoff.type === 'european') {
    const all = blackScholes(market, strike, sigma, option);
    return measure === 'value' ? all.price : all[measure];
  }
  if (measure !== 'value') return null;
  if (payoff.type === 'asian') {
    if (payoff.average === 'arithmetic') return null;
    return geometricAsianPrice(market, strike, sigma, spec.steps, option);
  }
  // Barriers and extremes have their closed forms in continuous time.
  if (spec.sampling === 'stepped') return null;
  if (payoff.type === 'barrier') {
    return barrierPrice(market, strike, payoff.barrier, sigma, option, `${payoff.direction}-${payoff.knock}`);
  }
  return payoff.style === 'fixed'
    ? fixedLookbackPrice(market, strike, model.s0, sigma, option)
    : floatingLookbackPrice(market, model.s0, sigma, option);
}

function ofMerton(spec: PathsSpec, model: MertonSpec, { option, strike }: Payoff): number {
  const { sigmaPerSqrtYr, jumpsPerYr, jumpLogMean, jumpLogSd } = model;
  const law = { sigmaPerSqrtYr, jumpsPerYr, jumpMean: jumpLogMean, jumpSd: jumpLogSd };
  return mertonPrice(marketOf(spec, model), strike, law, option);
}

function ofHeston(spec: PathsSpec, model: HestonSpec, { option, strike }: Payoff): number {
  const { startVariancePerYr: v0, kappaPerYr: kappa, longVariancePerYr: theta, xiPerYr: xi, rho } = model;
  return hestonPrice(marketOf(spec, model), strike, { v0, kappa, theta, xi, rho }, option);
}
