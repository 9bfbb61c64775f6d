/** The JSON schema of a paths spec: every field with its unit, bounds and default. */
import { Type } from 'typebox';

const closed = { additionalProperties: false };

export const schema = Type.Object(
  {
    model: Type.Literal('gbm', {
      default: 'gbm',
      description: 'Price model: gbm, geometric Brownian motion',
    }),
    s0: Type.Number({
      default: 100,
      exclusiveMinimum: 0,
      maximum: 1e9,
      description: 'Price at the start [currency]',
    }),
    driftPerYr: Type.Number({
      default: 0.05,
      minimum: -10,
      maximum: 10,
      description: 'Drift mu of dS = mu S dt + sigma S dW [1/yr]',
    }),
    sigmaPerSqrtYr: Type.Number({
      default: 0.2,
      minimum: 0.000001,
      maximum: 10,
      description: 'Volatility sigma [1/sqrt(yr)]',
    }),
    horizonYr: Type.Number({
      default: 1,
      minimum: 0.000001,
      maximum: 100,
      description: 'Length of a path [yr]',
    }),
    sampling: Type.Union([Type.Literal('exact'), Type.Literal('stepped')], {
      default: 'exact',
      description:
        'exact: the terminal price by one draw and the maximum in continuous time; stepped: every fixing is drawn and the maximum is taken over them',
    }),
    steps: Type.Integer({
      default: 252,
      minimum: 1,
      maximum: 100000,
      description: 'Fixings of a path, equally spaced; only stepped sampling uses them',
    }),
    paths: Type.Integer({
      default: 100000,
      minimum: 1,
      maximum: 1000000000,
      description: 'Number of independent paths; 2,048 of them form a block, the unit of work',
    }),
  },
  closed,
);
