/** Rests after losses: none, then doubling to a bound, spread by name. */
import { describe, expect, it } from 'vitest';
import { backoffMs, LONGEST_REST_MS } from '../../src/wire/backoff.js';

describe('the rest after a loss', () => {
  it('is nothing after the first, then between half and all of what doubles from 100 to 2,000 ms', () => {
    for (let chunk = 0; chunk < 500; chunk++) {
      const key = `job/${chunk}`;
      expect(backoffMs(key, 1)).toBe(0);
      for (let losses = 2; losses <= 40; losses++) {
        const longestMs = Math.min(LONGEST_REST_MS, 50 * 2 ** (losses - 1));
        const restMs = backoffMs(key, losses);
        expect(restMs).toBeGreaterThanOrEqual(longestMs / 2);
        expect(restMs).toBeLessThan(longestMs);
        expect(backoffMs(key, losses)).toBe(restMs);
      }
    }
  });

  it('spreads chunks that were lost together over its whole range', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let chunk = 0; chunk < 1_000; chunk++)
      tenths[Math.floor((10 * (backoffMs(`01JABCDEF/${chunk}`, 4) - 200)) / 200)]!++;
    // Binomial with mean 100 and deviation 9.5: five deviations.
    for (const count of tenths) expect(Math.abs(count - 100)).toBeLessThan(48);
  });
});
