/** Planted errors of V8: what somebody could get wrong about mean reversion and pairs. */
import { fitOrnsteinUhlenbeck } from '../../../src/core/fit/ornstein-uhlenbeck.js';
import { fitLine, KalmanLine } from '../../../src/core/fit/pairs/hedge-ratio.js';
import { leadLag } from '../../../src/core/fit/pairs/lead-lag.js';
import { criticalValues } from '../../../src/core/fit/pairs/mackinnon.js';
import { changeCovariance } from '../../../src/core/fit/roll-spread.js';
import { cycleTime, optimalBands } from '../../../src/core/pairs/bertram.js';
import type { Planted } from './planted.js';

export const PLANTED_PAIRS: readonly Planted[] = [
  {
    error: 'an Euler step in the place of the exact one',
    models: {
      ouStep(sigma, kappa, dt, out) {
        out.phi = 1 - kappa * dt;
        out.variance = sigma * sigma * dt;
      },
    },
    turns: /^V8 OU (step|stationary|fitted)/,
    within: /^V8 OU/,
  },
  {
    error: 'the slope of the regression taken for the speed of reversion',
    models: {
      fitOrnsteinUhlenbeck(values, step) {
        const fit = fitOrnsteinUhlenbeck(values, step)!;
        const kappa = (1 - fit.phi.value) / step;
        const halfLife = { ...fit.halfLife, value: Math.LN2 / kappa };
        return { ...fit, kappa: { ...fit.kappa, value: kappa }, halfLife };
      },
    },
    turns: /^V8 OU fitted.*(kappa|half-life)/,
    within: /^V8 OU fitted/,
  },
  {
    error: 'a half-life of 1 / kappa',
    models: { halfLifeOf: (kappa) => 1 / kappa },
    turns: /^V8 OU half-life/,
    within: /^V8 OU half-life/,
  },
  {
    error: 'the time to cross the bands once taken for the cycle',
    models: { cycleTime: (kappa, sigma, low, high) => cycleTime(kappa, sigma, low, high) / 2 },
    turns: /^V8 Bertram/,
    within: /^V8 Bertram/,
  },
  {
    error: 'best bands that forget the cost',
    models: {
      optimalBands(kappa, sigma, cost) {
        const { halfWidth } = optimalBands(kappa, sigma, 1e-9);
        const cycle = cycleTime(kappa, sigma, -halfWidth, halfWidth);
        return { halfWidth, cycle, returnRate: (2 * halfWidth - cost) / cycle };
      },
    },
    turns: /^V8 Bertram: best/,
    within: /^V8 Bertram: best/,
  },
  {
    error: 'a Kalman filter that never rests',
    models: { createKalman: (options) => new KalmanLine({ ...options, slopeNoise: 1e-6 }) },
    turns: /^V8 Kalman/,
    within: /^V8 Kalman/,
  },
  {
    error: 'total least squares that is least squares',
    models: { fitTotalLine: fitLine },
    turns: /^V8 total least squares/,
    within: /^V8 total least squares/,
  },
  {
    error: 'critical values of one series for the residuals of a pair',
    models: { criticalValues: (trend, _series, rows) => criticalValues(trend, 1, rows) },
    turns: /^V8 (critical values, 2|residual test)/,
    within: /^V8 (critical values, 2|residual test)/,
  },
  {
    error: 'the lead counted to the wrong side',
    models: { leadLag: (ta, a, tb, b, most, steps) => leadLag(tb, b, ta, a, most, steps) },
    turns: /^V8 lead/,
    within: /^V8 lead/,
  },
  {
    error: 'the half spread reported as the spread',
    models: { rollSpread: (prices) => Math.sqrt(-changeCovariance(prices)) },
    turns: /^V8 Roll: spread/,
    within: /^V8 Roll: spread/,
  },
];
