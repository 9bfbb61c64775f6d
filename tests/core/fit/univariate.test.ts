/** Mean, standard deviation and autocorrelation to the certified digits of NIST. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { univariate } from '../../../src/core/fit/univariate.js';
import { withShared } from '../../support/shared.js';

withShared('univariate on the NIST series', (dir) => {
  const folder = `${dir}/data/reference/nist_univariate`;
  const { values } = JSON.parse(readFileSync(`${folder}/certified.json`, 'utf8')) as {
    values: Record<string, { n: number; nist_certified: [number, number, number] }>;
  };
  const seriesOf = (name: string): number[] =>
    readFileSync(`${folder}/${name}.txt`, 'utf8').trimEnd().split('\n').slice(-values[name]!.n).map(Number);

  it.each([
    ['Lew', 1e-14],
    // The decimals 1000000.1 .. 1000000.3 are off by up to 5.8e-11 as doubles: 6e-10 of their sd.
    ['NumAcc3', 1e-9],
  ])('%s', (name, tolerance) => {
    const { n, nist_certified: certified } = values[name]!;
    const { count, mean, sd, autocorrelation } = univariate(seriesOf(name));
    expect(count).toBe(n);
    expect(Math.abs(mean / certified[0] - 1)).toBeLessThan(1e-15);
    expect(Math.abs(sd / certified[1] - 1)).toBeLessThan(tolerance);
    expect(Math.abs(autocorrelation / certified[2] - 1)).toBeLessThan(tolerance);
  });
});

describe('univariate', () => {
  it('loses nothing where a sum of squares would', () => {
    const values = Array.from({ length: 1001 }, (_, i) => 1e9 + (i % 2));
    const { mean, sd } = univariate(values);
    expect(mean).toBeCloseTo(1e9 + 500 / 1001, 9);
    expect(sd).toBeCloseTo(Math.sqrt((501 * 500) / 1001 / 1000), 14);
  });

  it('knows a constant series and a single value', () => {
    expect(univariate([7, 7, 7])).toEqual({ count: 3, mean: 7, sd: 0, autocorrelation: 0 });
    expect(univariate([7]).sd).toBe(0);
  });
});
