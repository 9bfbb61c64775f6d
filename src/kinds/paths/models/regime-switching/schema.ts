/** Drift and volatility that follow a Markov chain: the submitting side. */
import { Type } from 'typebox';
import type { Fault } from '../../spec.js';
import { closed, lengthFaults, matrix, numbers, reachFaults, startPrice } from '../fields.js';
import type { PriceModel } from '../model.js';
import type { RegimeSwitchingSpec } from '../open.js';

const MAX_REGIMES = 8;

export const regimeSwitchingModel: PriceModel<RegimeSwitchingSpec> = {
  schema: Type.Object(
    {
      type: Type.Literal('regime-switching'),
      s0: startPrice,
      regimeDriftsPerYr: numbers(
        [0.25, -0.35, 0.02],
        -10,
        10,
        'Drift of each regime; default: bull, bear, sideways [1/yr]',
        MAX_REGIMES,
      ),
      regimeSigmasPerSqrtYr: numbers(
        [0.15, 0.3, 0.1],
        0.000001,
        10,
        'Volatility of each regime [1/sqrt(yr)]',
        MAX_REGIMES,
      ),
      transition: matrix(
        [
          [0.9, 0.02, 0.08],
          [0.02, 0.9, 0.08],
          [0.15, 0.15, 0.7],
        ],
        0,
        1,
        'Row i: probabilities of the regimes after a step in regime i; every row sums to 1 [1]',
        MAX_REGIMES,
      ),
      startRegime: Type.Integer({
        default: 0,
        minimum: 0,
        maximum: MAX_REGIMES - 1,
        description: 'Regime of the first step, counted from 0 [1]',
      }),
    },
    closed,
  ),
  examples: [
    {
      title: 'A year of bull, bear and sideways days',
      spec: { model: { type: 'regime-switching' }, steps: 60, paths: 15_000 },
      seed: 1,
      digest: '62ca1844ff1edde47b628ed4a1b0ba7b80257fabe5fc9c1fd4768e7632059007',
    },
  ],
  nsPerStep: () => 30,
  faults(model, { horizonYr }) {
    const n = model.regimeDriftsPerYr.length;
    const lengths = lengthFaults('regimeDriftsPerYr', n, {
      regimeSigmasPerSqrtYr: model.regimeSigmasPerSqrtYr.length,
      transition: model.transition.length,
    });
    if (lengths.length > 0) return lengths;
    const drift = Math.max(...model.regimeDriftsPerYr.map(Math.abs));
    const sigma = Math.max(...model.regimeSigmasPerSqrtYr);
    const mean = (drift + 0.5 * sigma * sigma) * horizonYr;
    return [
      ...reachFaults('/model/regimeSigmasPerSqrtYr', model.s0, mean, sigma * Math.sqrt(horizonYr)),
      ...chainFaults(model, n),
    ];
  },
  notes: () => [
    'The transition matrix belongs to one step: with other steps or another horizon the law is another.',
  ],
};

function chainFaults({ transition, startRegime }: RegimeSwitchingSpec, n: number): Fault[] {
  const rows = transition.flatMap((row, i) => {
    const pointer = `/model/transition/${i}`;
    if (row.length !== n)
      return [{ pointer, message: `Expected ${n} entries, one a regime; got ${row.length}.` }];
    const sum = row.reduce((total, p) => total + p, 0);
    return Math.abs(sum - 1) > 1e-9
      ? [{ pointer, message: `Expected probabilities that sum to 1; got ${Number(sum.toPrecision(10))}.` }]
      : [];
  });
  if (startRegime < n) return rows;
  const message = `Expected a regime from 0 to ${n - 1}; got ${startRegime}.`;
  return [...rows, { pointer: '/model/startRegime', message }];
}
