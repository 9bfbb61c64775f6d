/** The known parameters behind series that are simulated to check the calibrators, per year of 252 days. */

export const GBM_TRUTH = { driftPerYr: 0.08, sigmaPerSqrtYr: 0.2 };
export const OU_TRUTH = { kappaPerYr: 12, meanPrice: 50, sigmaCurrencyPerSqrtYr: 10 };
export const MERTON_TRUTH = {
  driftPerYr: 0.1,
  sigmaPerSqrtYr: 0.15,
  jumpsPerYr: 20,
  jumpLogMean: -0.02,
  jumpLogSd: 0.04,
};
/** Of returns in per cent. */
export const GARCH_TRUTH = { mean: 0.05, omega: 0.05, alpha: 0.1, beta: 0.85 };
/** Fang & Oosterlee (2008), table 1; quotes err by a tenth of a point of volatility. */
export const HESTON_TRUTH = { v0: 0.0175, kappa: 1.5768, theta: 0.0398, xi: 0.5751, rho: -0.5711 };
export const QUOTE_ERROR = 0.001;
/** Quiet and rising, wild and falling; a stay lasts 50 and 20 days. */
export const MARKOV_TRUTH = {
  means: [0.001, -0.002],
  sigmas: [0.008, 0.02],
  transition: [0.98, 0.02, 0.05, 0.95],
};
