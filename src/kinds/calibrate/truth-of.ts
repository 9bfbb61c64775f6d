/** The true value of each parameter of simulated data by its label, for the coverage of a calibrator. */
import { halfLifeOf } from '../../core/fit/ornstein-uhlenbeck.js';
import { CANCEL, LIMIT, MARKET } from '../../core/fit/queue-reactive.js';
import {
  QUEUE_TRUTH_LEVELS,
  QUEUE_TRUTH_SIZES,
  QUEUE_TRUTH_THETA,
  queueTruth,
} from '../../core/fit/simulate-queues.js';
import { exp } from '../../core/math/exp.js';
import { CST_TRUTH, HAWKES_TRUTH, INTENSITY_TRUTH } from './models/truth.js';
import { labelOf } from './parameters.js';
import {
  GARCH_TRUTH,
  GBM_TRUTH,
  HESTON_TRUTH,
  MARKOV_TRUTH,
  MERTON_TRUTH,
  OU_TRUTH,
} from './series/truth.js';
import { TRADING_DAYS } from './series/sample.js';
import type { Spec } from './spec.js';

export function truthOf({ model }: Pick<Spec, 'model'>): ReadonlyMap<string, number> {
  const truth = new Map<string, number>();
  switch (model.type) {
    case 'hawkes': {
      const { mu, alpha, beta } = HAWKES_TRUTH[model.events];
      mu.forEach((value, i) => truth.set(labelOf('mu', i, 0), value));
      beta.forEach((value, i) => truth.set(labelOf('beta', i, 0), value));
      alpha.forEach((row, i) =>
        row.forEach((value, j) => {
          truth.set(labelOf('alpha', i, j), value);
          truth.set(labelOf('branching', i, j), value / beta[i]!);
        }),
      );
      if (model.events === 'trades') truth.set(labelOf('spectralRadius', 0, 0), alpha[0]![0]! / beta[0]!);
      return truth;
    }
    case 'intensity':
      return truth
        .set(labelOf('intensityA', 0, 0), INTENSITY_TRUTH.a)
        .set(labelOf('intensityK', 0, 0), INTENSITY_TRUTH.k);
    case 'cont-stoikov-talreja':
      CST_TRUTH.limitRatePerS.forEach((rate, i) => truth.set(labelOf('limitRate', i + 1, 0), rate));
      CST_TRUTH.cancelRatePerS.forEach((rate, i) => truth.set(labelOf('cancelRate', i + 1, 0), rate));
      return truth.set(labelOf('marketRate', 0, 0), CST_TRUTH.marketRatePerS);
    case 'queue-reactive':
      truth.set(labelOf('theta', 0, 0), QUEUE_TRUTH_THETA);
      for (let level = 0; level < QUEUE_TRUTH_LEVELS; level++) {
        for (let size = 0; size <= QUEUE_TRUTH_SIZES; size++) {
          truth.set(labelOf('queueLimitRate', level, size), queueTruth(LIMIT, level, size));
          truth.set(labelOf('queueCancelRate', level, size), queueTruth(CANCEL, level, size));
          truth.set(labelOf('queueMarketRate', level, size), queueTruth(MARKET, level, size));
        }
      }
      return truth;
    case 'gbm':
      return gbmTruth();
    case 'ornstein-uhlenbeck': {
      const { kappaPerYr } = OU_TRUTH;
      const phi = exp(-kappaPerYr / TRADING_DAYS);
      return plain({ ...OU_TRUTH, halfLifeYr: halfLifeOf(kappaPerYr), 'phi[1]': phi });
    }
    case 'merton':
      return plain(MERTON_TRUTH);
    case 'heston': {
      const { v0, kappa, theta, xi, rho } = HESTON_TRUTH;
      const named = { startVariancePerYr: v0, varianceKappaPerYr: kappa, longVariancePerYr: theta };
      return plain({ ...named, xiPerYr: xi, rho });
    }
    case 'garch': {
      const { mean, omega, alpha, beta } = GARCH_TRUTH;
      const persistence = alpha + beta;
      const longRunSd = Math.sqrt(omega / (1 - persistence));
      const own = { garchMean: mean, garchOmega: omega, garchAlpha: alpha, garchBeta: beta };
      return plain({ ...own, persistence, longRunSd });
    }
    case 'markov-switching': {
      const { means, sigmas, transition } = MARKOV_TRUTH;
      means.forEach((value, i) => truth.set(labelOf('regimeMean', i, 0), value));
      sigmas.forEach((value, i) => truth.set(labelOf('regimeSd', i, 0), value));
      transition.forEach((p, at) => truth.set(labelOf('transition', at >> 1, at & 1), p));
      return truth;
    }
  }
}

function gbmTruth(): ReadonlyMap<string, number> {
  const { driftPerYr, sigmaPerSqrtYr } = GBM_TRUTH;
  return plain({ ...GBM_TRUTH, logDriftPerYr: driftPerYr - 0.5 * sigmaPerSqrtYr * sigmaPerSqrtYr });
}

const plain = (truth: Readonly<Record<string, number>>): ReadonlyMap<string, number> =>
  new Map(Object.entries(truth));
