/**
 * Augmented Dickey-Fuller test: whether a series wanders without a mean to return to.
 *
 * dX_t = c + g X_{t-1} + sum of a_i dX_{t-i} + e, and the t statistic of g is held against MacKinnon's law
 * (Dickey & Fuller 1979, Journal of the American Statistical Association 74; Said & Dickey 1984, Biometrika
 * 71). The number of lags is given, or chosen by the smallest AIC over regressions on one common sample, up
 * to Schwert's 12 (n / 100)^(1/4) (1989, Journal of Business & Economic Statistics 7), fewer above 20,000
 * values, for memory. Cost O(n lags^2).
 */
import { log } from '../../math/log.js';
import { type CriticalValues, criticalValues, type Trend, unitRootPValue } from './mackinnon.js';
import { nestedSse, regress } from './regression.js';

export interface UnitRootTest {
  readonly statistic: number;
  readonly pValue: number;
  readonly critical: CriticalValues;
  readonly lags: number;
  /** Rows of the regression. */
  readonly rows: number;
  /** Estimate of g: minus the share of the distance from the mean that one step closes. */
  readonly slope: number;
}

/** Where the number of lags shall be chosen. */
export const CHOOSE_LAGS = -1;

/**
 * Tests `values` for a unit root; `lags` is a number >= 0 or CHOOSE_LAGS. Null where the series is constant,
 * its regression is degenerate, or too short: fewer than lags + 6 values.
 */
export function testUnitRoot(values: Float64Array, trend: Trend, lags: number): UnitRootTest | null {
  const test = dickeyFuller(values, trend, lags);
  return test && { ...test, ...judge(test.statistic, trend, 1, test.rows) };
}

/** p-value and critical values of a statistic. */
export function judge(statistic: number, trend: Trend, series: 1 | 2, rows: number) {
  return { pValue: unitRootPValue(statistic, trend, series), critical: criticalValues(trend, series, rows) };
}

/** The regression without a judgement: the residual test of a pair has a law of its own. */
export function dickeyFuller(
  values: Float64Array,
  trend: Trend,
  lags: number,
): Pick<UnitRootTest, 'statistic' | 'lags' | 'rows' | 'slope'> | null {
  const used = lags === CHOOSE_LAGS ? chooseLags(values, trend) : lags;
  if (values.length < used + 6) return null;
  const { y, columns } = design(values, trend, used);
  const fit = regress(y, columns);
  if (fit === null || !(fit.standardErrors[0] > 0)) return null;
  const slope = fit.coefficients[0];
  return { statistic: slope / fit.standardErrors[0], lags: used, rows: fit.rows, slope };
}

/** Lagged values that a choice may hold at once: longer series are tried with fewer lags. */
const MOST_VALUES = 1_000_000;

/** The smallest AIC over 0, 1, ... lags on one common sample. */
function chooseLags(values: Float64Array, trend: Trend): number {
  const schwert = Math.floor(12 * Math.sqrt(Math.sqrt(values.length / 100)));
  const most = Math.max(
    0,
    Math.min(schwert, Math.floor(values.length / 2) - 5, Math.floor(MOST_VALUES / values.length)),
  );
  const { y, columns } = design(values, trend, most);
  const sse = nestedSse(y, columns);
  if (sse === null) return 0;
  let best = 0;
  let least = Infinity;
  for (let lags = 0; lags <= most; lags++) {
    const used = columns.length - most + lags;
    const aic = y.length * log(sse[used] / y.length) + 2 * used;
    if (aic < least) [least, best] = [aic, lags];
  }
  return best;
}

/** Differences, and what they are regressed on: level, constant, trend, then the lagged differences. */
function design(
  values: Float64Array,
  trend: Trend,
  lags: number,
): { y: Float64Array; columns: Float64Array[] } {
  const rows = Math.max(0, values.length - 1 - lags);
  const column = (at: (t: number) => number): Float64Array => {
    const out = new Float64Array(rows);
    for (let i = 0; i < rows; i++) out[i] = at(lags + 1 + i);
    return out;
  };
  // Levels are measured from the first value where a constant takes up the difference.
  const base = trend === 'none' ? 0 : values[0];
  const columns = [column((t) => values[t - 1] - base)];
  if (trend !== 'none') columns.push(column(() => 1));
  if (trend === 'trend') columns.push(column((t) => t));
  for (let lag = 1; lag <= lags; lag++) columns.push(column((t) => values[t - lag] - values[t - lag - 1]));
  return { y: column((t) => values[t] - values[t - 1]), columns };
}
