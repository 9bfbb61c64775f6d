/** Markov switching: its score, Hamilton's filter against all paths, the published GNP figures. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MarkovFilter, markovLayout, stationary, type MarkovShape } from '../../../src/core/fit/markov-filter.js';
import { fitMarkovSwitching } from '../../../src/core/fit/markov-switching.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { withShared } from '../../support/shared.js';

interface Hamilton {
  readonly rgnp: number[];
  readonly params: { p00: number; p10: number; mu0: number; mu1: number; sigma2: number; phi: number[] };
  readonly loglik: number;
  readonly std_err: { p00: number; p10: number; mu0: number; mu1: number; phi: number[] };
  readonly filtered_regime1: number[];
  readonly smoothed_regime1: number[];
}

withShared('fitMarkovSwitching on US GNP (Hamilton 1989)', (dir) => {
  const known = JSON.parse(readFileSync(`${dir}/data/reference/hamilton1989_gnp.json`, 'utf8')) as Hamilton;
  const shape: MarkovShape = { regimes: 2, lags: 4, switchingMean: true, switchingVariance: false };
  const fits = [0, 1, 2, 3].map((start) => fitMarkovSwitching(Float64Array.from(known.rgnp), shape, start));
  const fit = fits.reduce((best, one) => (one.logLikelihood > best.logLikelihood + 1e-6 ? one : best));

  it('x', () => { console.log(fits.map(f=>[f.logLikelihood,f.iterations,f.evaluations,f.converged,f.gradientNorm])); console.log(fit.means,fit.phi,fit.sigmas,fit.transition,fit.errors, known.params, known.std_err); });
});
describe('x', () => it('y', () => { void [describe, MarkovFilter, markovLayout, stationary, Stream]; expect(1).toBe(1); }));
