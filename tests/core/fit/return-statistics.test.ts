/** Drift, volatility, Sharpe, drawdown, shape and memory of real prices, by the figures of other people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { returnStatistics } from '../../../src/core/fit/return-statistics.js';
import { withShared } from '../../support/shared.js';

describe('returnStatistics', () => {
  it('is null for too few and for constant prices', () => {
    expect(returnStatistics(Float64Array.of(1, 2, 3), 252)).toBeNull();
    expect(returnStatistics(new Float64Array(30).fill(12.3), 252)).toBeNull();
  });

  it('finds where the deepest fall began and ended', () => {
    const found = returnStatistics(Float64Array.of(10, 12, 9, 11, 16, 12, 15, 13), 252)!;
    expect([found.maxDrawdown, found.peakIndex, found.troughIndex]).toEqual([-0.25, 1, 2]);
  });
});

withShared('the bars of bars/expected.json', (dir) => {
  const expected = JSON.parse(readFileSync(join(dir, 'data/bars/expected.json'), 'utf8'));
  const closes = (name: string, column: string): Float64Array => {
    const bytes = readFileSync(join(dir, 'data/bars', name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim();
    const [header, ...rows] = text.split(/\r?\n/).map((line) => line.split(','));
    const at = header!.indexOf(column);
    return Float64Array.from(rows, (row) => Number(row[at]));
  };
  it.each([
    ['KO', closes('daily_KO_1997_1998.csv', 'Close')],
    ['PEP', closes('daily_PEP_1997_1998.csv', 'Close')],
    ['SP500', closes('sp500_daily_1999_2018.csv.gz', 'Adj Close')],
    ['SH600519', closes('cn_600519.SH_daily_2010_2020.csv.gz', 'close')],
  ])('%s', (name, prices) => {
    const found = returnStatistics(prices, 252)!;
    const truth = expected[name];
    expect(prices.length).toBe(truth.n_prices);
    expect(found.returns).toBe(truth.n_returns);
    const pairs: [number, number][] = [
      [found.sigmaPerSqrtYr, truth.gbm_sigma_annual_ddof1],
      [found.sigmaPerSqrtYr * Math.sqrt(1 - 1 / found.returns), truth.gbm_sigma_annual_mle_ddof0],
      [found.driftPerYr, truth.gbm_mu_annual],
      [found.logDriftPerYr, truth.log_drift_annual],
      [found.logDriftError, truth.se_log_drift],
      [found.sharpe, truth.sharpe_annual_simple_ddof1_rf0],
      [found.maxDrawdown, truth.max_drawdown],
      [found.peakIndex, truth.max_dd_peak_index],
      [found.troughIndex, truth.max_dd_trough_index],
      [found.totalReturn, truth.total_return],
      [found.skewness, truth.skew_log_returns],
      [found.excessKurtosis, truth.excess_kurtosis_log_returns],
      [found.autocorrelation, truth.acf1_log_returns],
      [found.squaredAutocorrelation, truth.acf1_squared],
    ];
    for (const [got, wanted] of pairs) expect(got).toBeCloseTo(wanted, 10);
  });
});
