/** The short form of `make recovery` as tests: each parameter of each case is found again often enough. */
import { describe, expect, it } from 'vitest';
import type { RecoveryCase } from './case.js';
import { isEnough, leastShare, rowsOf } from './case.js';

export function recovers(cases: readonly RecoveryCase[]): void {
  describe('recovery', () => {
    it.each(cases.map((one) => [one.calibrator, one] as const))(
      '%s: intervals hold the truth of every single parameter often enough',
      (_, one) => {
        const rows = rowsOf(
          one,
          Array.from({ length: one.shortSeeds }, (__, unit) => one.fit(unit)),
        );
        expect(rows.length).toBeGreaterThan(0);
        expect({ least: leastShare(one.shortSeeds), missed: rows.filter((row) => !isEnough(row)) }).toEqual({
          least: leastShare(one.shortSeeds),
          missed: [],
        });
        // All of them together scatter less; a few do not.
        const held = rows.reduce((sum, row) => sum + row.held, 0);
        if (rows.length > 4) expect(held / rows.length / one.shortSeeds).toBeGreaterThan(0.91);
      },
    );
  });
}
