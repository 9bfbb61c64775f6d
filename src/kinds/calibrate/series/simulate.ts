/** Simulates a series from the known parameters of a model, as its calibrator takes it. */
import { exp } from '../../../core/math/exp.js';
import type { Stream } from '../../../core/rng/stream.js';
import type { HestonModel, SeriesModel } from './spec.js';

type Stepped = Exclude<SeriesModel, HestonModel>;
import { GARCH_TRUTH, GBM_TRUTH, MARKOV_TRUTH, MERTON_TRUTH, OU_TRUTH } from './truth.js';

/** Steps before the first observation of models with a memory. */
const WARMUP = 500;

export function simulateSeries(model: Stepped, count: number, stepYr: number, stream: Stream): Float64Array {
  const next = stepper(model, stepYr, stream);
  if (model.type === 'garch' || model.type === 'markov-switching') for (let i = 0; i < WARMUP; i++) next();
  return Float64Array.from({ length: count }, next);
}

function stepper(model: Stepped, stepYr: number, stream: Stream): () => number {
  switch (model.type) {
    case 'gbm': {
      const { driftPerYr, sigmaPerSqrtYr: sigma } = GBM_TRUTH;
      const mean = (driftPerYr - 0.5 * sigma * sigma) * stepYr;
      return () => mean + sigma * Math.sqrt(stepYr) * stream.normal();
    }
    case 'ornstein-uhlenbeck': {
      const { kappaPerYr: kappa, meanPrice, sigmaCurrencyPerSqrtYr: sigma } = OU_TRUTH;
      const phi = exp(-kappa * stepYr);
      const sd = sigma * Math.sqrt((1 - phi * phi) / (2 * kappa));
      let x = meanPrice + (sigma / Math.sqrt(2 * kappa)) * stream.normal();
      return () => (x = meanPrice + phi * (x - meanPrice) + sd * stream.normal());
    }
    case 'merton':
      return mertonStepper(stepYr, stream);
    case 'garch': {
      const { mean, omega, alpha, beta } = GARCH_TRUTH;
      let h = omega / (1 - alpha - beta);
      let square = h;
      return () => {
        h = omega + alpha * square + beta * h;
        const e = Math.sqrt(h) * stream.normal();
        square = e * e;
        return mean + e;
      };
    }
    case 'markov-switching': {
      const { means, sigmas, transition } = MARKOV_TRUTH;
      let regime = 0;
      return () => {
        regime = stream.uniform() < transition[2 * regime]! ? 0 : 1;
        return means[regime]! + sigmas[regime]! * stream.normal();
      };
    }
  }
}

function mertonStepper(stepYr: number, stream: Stream): () => number {
  const { driftPerYr, sigmaPerSqrtYr: sigma, jumpsPerYr, jumpLogMean: m, jumpLogSd: d } = MERTON_TRUTH;
  const growth = jumpsPerYr * (exp(m + 0.5 * d * d) - 1);
  const mean = (driftPerYr - 0.5 * sigma * sigma - growth) * stepYr;
  return () => {
    let x = mean + sigma * Math.sqrt(stepYr) * stream.normal();
    for (let t = stream.exponential() / jumpsPerYr; t < stepYr; t += stream.exponential() / jumpsPerYr) {
      x += m + d * stream.normal();
    }
    return x;
  };
}
