/**
 * Critical values and p-values of the Dickey-Fuller and Engle-Granger tests, by MacKinnon's response
 * surfaces.
 *
 * Critical values: b0 + b1/T + b2/T^2 + b3/T^3 (MacKinnon 2010, Critical Values for Cointegration Tests,
 * Queen's Economics Department Working Paper 1227, tables 1 and 2; without a constant his 1996 paper, Journal
 * of Applied Econometrics 11). p-values: Phi of a polynomial in the statistic, one for the left tail and one
 * beyond tauStar (MacKinnon 1994, Journal of Business & Economic Statistics 12, tables 3 and 4): asymptotic,
 * so that in a small sample the critical values decide. One series is a unit-root test, two are the residual
 * test of a pair.
 */
import { normalCdf } from '../../math/normal.js';

/** Deterministic terms: none, a constant, a constant and a trend. */
export type Trend = 'none' | 'constant' | 'trend';

export interface CriticalValues {
  readonly onePercent: number;
  readonly fivePercent: number;
  readonly tenPercent: number;
}

type Surface = readonly [one: readonly number[], five: readonly number[], ten: readonly number[]];

/** By number of series, 1 and 2; the residual test without a constant has no 2010 values. */
const SURFACES: Readonly<Record<Trend, readonly Surface[]>> = {
  none: [
    [
      [-2.56574, -2.2358, -3.627, 0],
      [-1.941, -0.2686, -3.365, 31.223],
      [-1.61682, 0.2656, -2.714, 25.364],
    ],
  ],
  constant: [
    [
      [-3.43035, -6.5393, -16.786, -79.433],
      [-2.86154, -2.8903, -4.234, -40.04],
      [-2.56677, -1.5384, -2.809, 0],
    ],
    [
      [-3.89644, -10.9519, -33.527, 0],
      [-3.33613, -6.1101, -6.823, 0],
      [-3.04445, -4.2412, -2.72, 0],
    ],
  ],
  trend: [
    [
      [-3.95877, -9.0531, -28.428, -134.155],
      [-3.41049, -4.3904, -9.036, -45.374],
      [-3.12705, -2.5856, -3.925, -22.38],
    ],
    [
      [-4.32762, -15.4387, -35.679, 0],
      [-3.78057, -9.5106, -12.074, 0],
      [-3.49631, -7.0815, -7.538, 21.892],
    ],
  ],
};

interface Law {
  /** Below it p is 0, above `most` it is 1; up to `star` the left polynomial holds. */
  readonly least: number;
  readonly star: number;
  readonly most: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

const LAWS: Readonly<Record<Trend, readonly Law[]>> = {
  none: [
    {
      least: -19.04,
      star: -1.04,
      most: Infinity,
      left: [0.6344, 1.2378, 0.032496],
      right: [0.4797, 0.93557, -0.06999, 0.033066],
    },
    {
      least: -19.62,
      star: -1.53,
      most: 1.51,
      left: [1.9129, 1.3857, 0.035322],
      right: [1.5578, 0.8558, -0.2083, -0.033549],
    },
  ],
  constant: [
    {
      least: -18.83,
      star: -1.61,
      most: 2.74,
      left: [2.1659, 1.4412, 0.038269],
      right: [1.7339, 0.93202, -0.12745, -0.010368],
    },
    {
      least: -18.86,
      star: -2.62,
      most: 0.92,
      left: [2.92, 1.5012, 0.039796],
      right: [2.1945, 0.64695, -0.29198, -0.042377],
    },
  ],
  trend: [
    {
      least: -16.18,
      star: -2.89,
      most: 0.7,
      left: [3.2512, 1.6047, 0.049588],
      right: [2.5261, 0.61654, -0.37956, -0.060285],
    },
    {
      least: -21.15,
      star: -3.19,
      most: 0.63,
      left: [3.6646, 1.5419, 0.036448],
      right: [2.85, 0.5272, -0.36622, -0.051695],
    },
  ],
};

/**
 * Critical values of the t statistic with `rows` rows in the regression (Infinity: asymptotic). `series` is 1
 * for a unit-root test and 2 for the residuals of a pair, which always has a constant.
 */
export function criticalValues(trend: Trend, series: 1 | 2, rows: number): CriticalValues {
  const surface = SURFACES[trend][series - 1];
  if (surface === undefined) throw new RangeError('no critical values for a pair without a constant');
  const at = ([b0, b1, b2, b3]: readonly number[]): number => b0 + (b1 + (b2 + b3 / rows) / rows) / rows;
  return { onePercent: at(surface[0]), fivePercent: at(surface[1]), tenPercent: at(surface[2]) };
}

/** Asymptotic p-value of the t statistic; 0 and 1 where the fits end. */
export function unitRootPValue(statistic: number, trend: Trend, series: 1 | 2): number {
  const law = LAWS[trend][series - 1];
  if (statistic > law.most) return 1;
  if (statistic < law.least) return 0;
  const coefficients = statistic <= law.star ? law.left : law.right;
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * statistic + coefficients[i];
  return normalCdf(value);
}
