/** Several correlated geometric Brownian motions and their basket: the submitting side. */
import { Type } from 'typebox';
import { symmetricEigenvalues } from '../../../../core/price/symmetric-eigenvalues.js';
import type { Fault } from '../../spec.js';
import { closed, lengthFaults, matrix, numbers, reachFaults } from '../fields.js';
import type { PriceModel } from '../model.js';
import type { CorrelatedGbmSpec } from '../open.js';

/** An eigenvalue below this share of the largest is 0 to rounding. */
const SINGULAR = 1e-12;

export const correlatedGbmModel: PriceModel<CorrelatedGbmSpec> = {
  schema: Type.Object(
    {
      type: Type.Literal('correlated-gbm'),
      startPrices: numbers([100, 100], 1e-9, 1e9, 'Price of each asset at the start [currency]'),
      driftsPerYr: numbers([0.05, 0.05], -10, 10, 'Drift of each asset [1/yr]'),
      sigmasPerSqrtYr: numbers([0.2, 0.3], 0.000001, 10, 'Volatility of each asset [1/sqrt(yr)]'),
      correlation: matrix(
        [
          [1, 0.5],
          [0.5, 1],
        ],
        -1,
        1,
        'Correlation of the drivers: symmetric, positive definite, ones on the diagonal [1]',
      ),
      weights: numbers([0.5, 0.5], -1e6, 1e6, 'Units of each asset in the basket; negative for a spread [1]'),
    },
    closed,
  ),
  examples: [
    {
      title: 'A spread of two correlated prices and the option to exchange them',
      spec: {
        model: { type: 'correlated-gbm', weights: [1, -1] },
        steps: 4,
        paths: 20_000,
        payoffs: [{ type: 'european', strike: 0 }],
      },
      seed: 1,
      digest: '7bebf59ea34f6ea3b661554a75d37a49f75e62b9b4135522a210673d73a75140',
    },
  ],
  nsPerStep: ({ startPrices: { length } }) => 25 + length * (15 + 2 * length),
  faults(model, { horizonYr }) {
    const n = model.startPrices.length;
    const lengths = lengthFaults('startPrices', n, {
      driftsPerYr: model.driftsPerYr.length,
      sigmasPerSqrtYr: model.sigmasPerSqrtYr.length,
      correlation: model.correlation.length,
      weights: model.weights.length,
    });
    if (lengths.length > 0) return lengths;
    const basket = model.weights.every((weight) => weight === 0)
      ? [{ pointer: '/model/weights', message: 'Expected at least one weight other than 0; got none.' }]
      : [];
    const reaches = model.startPrices.flatMap((s0, i) => {
      const sigma = model.sigmasPerSqrtYr[i]!;
      const mean = (model.driftsPerYr[i]! - sigma * sigma) * horizonYr;
      return reachFaults(`/model/sigmasPerSqrtYr/${i}`, s0, mean, sigma * Math.sqrt(horizonYr));
    });
    return [...basket, ...reaches, ...correlationFaults(model.correlation)];
  },
  notes: () => [],
};

function correlationFaults(rows: CorrelatedGbmSpec['correlation']): Fault[] {
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    if (rows[i]!.length !== n) {
      const message = `Expected ${n} entries, one for each asset; got ${rows[i]!.length}.`;
      return [{ pointer: `/model/correlation/${i}`, message }];
    }
    for (let j = 0; j <= i; j++) {
      const pointer = `/model/correlation/${i}/${j}`;
      const [value, mirrored] = [rows[i]![j]!, rows[j]![i]!];
      if (i === j && value !== 1) return [{ pointer, message: `Expected 1 on the diagonal; got ${value}.` }];
      if (value !== mirrored) {
        const message = `Expected a symmetric matrix; got ${value} here and ${mirrored} in the mirrored place.`;
        return [{ pointer, message }];
      }
    }
  }
  const values = symmetricEigenvalues(rows);
  const least = values[0]!;
  if (least > SINGULAR * values.at(-1)!) return [];
  const shown = values.map((value) => Number(value.toPrecision(4))).join(', ');
  const message =
    `Expected a positive definite matrix; its eigenvalue ${Number(least.toPrecision(4))} is not above 0 ` +
    `(all: ${shown}). Lower the correlations that cannot hold together.`;
  return [{ pointer: '/model/correlation', message }];
}
