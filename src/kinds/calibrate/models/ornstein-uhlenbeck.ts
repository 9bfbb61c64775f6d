/** Calibrates an Ornstein-Uhlenbeck process to levels: exact maximum likelihood. */
import { fitOrnsteinUhlenbeck, type OrnsteinUhlenbeckFit } from '../../../core/fit/ornstein-uhlenbeck.js';
import { normalCdf } from '../../../core/math/normal.js';
import { drawDensity, judgeSeries } from '../series/judge.js';
import type { SeriesSample } from '../series/sample.js';
import type { Rows } from '../tables.js';

/** An interval of the mean without ends is told as so many stationary deviations to each side. */
const WIDEST_SDS = 1e6;
/** Half-lives beyond are not told: the interval of the speed reaches 0. */
const LONGEST_YR = 1e6;

export function calibrateOrnsteinUhlenbeck(sample: SeriesSample, rows: Rows): void {
  const { unit, values, stepYr } = sample;
  const fit = fitOrnsteinUhlenbeck(values, stepYr);
  if (!fit) {
    rows.warning(unit, 'no reversion', unit, 1);
    return;
  }
  const { phi, residualSd } = fit;
  const n = fit.steps;
  let [before, after] = [0, 0];
  for (let i = 0; i < n; i++) {
    before += (values[i]! - values[0]!) / n;
    after += (values[i + 1]! - values[0]!) / n;
  }
  const c = after - phi.value * before;
  const noise = Float64Array.from(
    { length: n },
    (_, i) => values[i + 1]! - values[0]! - c - phi.value * (values[i]! - values[0]!),
  );
  const cdf = (x: number): number => normalCdf(x / residualSd);
  tellProcess(sample, fit, rows);
  judgeSeries(sample, { logLikelihood: fit.logLikelihood }, noise.map(cdf), 3, rows);
  drawDensity(sample, noise, cdf, rows);
}

/** phi last: it says how far the others may be trusted. */
function tellProcess({ unit, stepYr }: SeriesSample, fit: OrnsteinUhlenbeckFit, rows: Rows): void {
  const { phi, kappa, mu, sigma, halfLife } = fit;
  if (!(phi.high < 1 && fit.isReverting)) rows.warning(unit, 'no reversion', unit, phi.value);
  if (!fit.isReverting) {
    rows.parameter(unit, 'phi', 1, 0, phi);
    return;
  }
  const { high } = kappa;
  rows.parameter(unit, 'kappaPerYr', 0, 0, {
    ...kappa,
    high: high < Infinity ? high : kappa.value + 10 / stepYr,
  });
  const reach = WIDEST_SDS * fit.stationarySd;
  const [low, widest] = [Math.max(mu.low, mu.value - reach), Math.min(mu.high, mu.value + reach)];
  rows.parameter(unit, 'meanPrice', 0, 0, { ...mu, low, high: widest });
  rows.parameter(unit, 'sigmaCurrencyPerSqrtYr', 0, 0, sigma);
  rows.parameter(unit, 'halfLifeYr', 0, 0, { ...halfLife, high: Math.min(halfLife.high, LONGEST_YR) });
  rows.parameter(unit, 'phi', 1, 0, phi);
}
