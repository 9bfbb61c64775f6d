/** Mean size of market orders that a book could not always fill. */
import { describe, expect, it } from 'vitest';
import { positiveEstimate } from '../../../src/core/fit/estimate.js';
import { meanSize } from '../../../src/core/fit/truncated-sizes.js';
import { Stream } from '../../../src/core/rng/stream.js';

describe('meanSize', () => {
  it('is the plain mean and its variance where every order was filled', () => {
    const lots = [4, 1, 7, 1, 2, 9];
    const { mean, variance } = meanSize(lots, new Array<boolean>(lots.length).fill(false));
    const squares = lots.reduce((sum, x) => sum + (x - 4) * (x - 4), 0);
    expect(mean).toBeCloseTo(4, 12);
    expect(variance).toBeCloseTo(squares / lots.length / lots.length, 12);
  });

  it('follows the product-limit estimator by hand', () => {
    // Shares larger than 1, 2 and 5: 3/4, 3/4 (the 2 was cut), 0. Mean 1 + 3/4 + 3/4 x 3.
    expect(meanSize([1, 2, 5, 5], [false, true, false, false]).mean).toBeCloseTo(4, 12);
    // A filled order of a size counts before one that was cut there.
    expect(meanSize([2, 2, 4], [true, false, false]).mean).toBeCloseTo(2 + (2 / 3) * 2, 12);
    // The largest was cut: it counts as filled.
    expect(meanSize([3, 8], [false, true])).toMatchObject({ mean: 5.5 });
  });

  it('finds the mean behind sizes of which an eighth were cut, in books that are deeper than most orders', () => {
    const stream = new Stream();
    const [truth, samples] = [5, 1_000];
    let held = 0;
    let plain = 0;
    for (let unit = 0; unit < samples; unit++) {
      stream.key(3, unit, 1);
      const cut: boolean[] = [];
      const lots = Array.from({ length: 200 }, () => {
        const wanted = 1 + Math.floor(stream.exponential() / -Math.log(1 - 1 / truth));
        const depth = 1 + Math.floor(40 * stream.uniform());
        cut.push(depth <= wanted);
        return Math.min(wanted, depth);
      });
      const { mean, variance } = meanSize(lots, cut);
      // As the rate has it that is made of it.
      const { low, high } = positiveEstimate(mean, Math.sqrt(variance));
      held += Number(low <= truth && truth <= high);
      plain += lots.reduce((sum, x) => sum + x, 0) / lots.length / samples;
    }
    expect(plain).toBeLessThan(0.95 * truth);
    expect(held / samples).toBeGreaterThan(0.92);
    expect(held / samples).toBeLessThan(0.97);
  });
});
