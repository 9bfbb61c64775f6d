/** Intervals stay numbers however little is known: a fit that did not arrive is told, not lost. */
import { expect, it } from 'vitest';
import { positiveEstimate, shareEstimate } from '../../../src/core/fit/estimate.js';

it('ends inside the domain where the error is beyond all measure', () => {
  expect(shareEstimate(1 - 1e-9, 1e9)).toMatchObject({ high: 1 });
  expect(shareEstimate(1e-9, 1e9)).toMatchObject({ high: 1 });
  expect(positiveEstimate(1e6, 1e300)).toMatchObject({ high: Number.MAX_VALUE });
});
