/** JSON schemas of price series and of the models that are fitted to them. */
import { Type } from 'typebox';

const closed = { additionalProperties: false };
const file = (description: string) => Type.String({ minLength: 1, maxLength: 1_000, description });
const word = <T extends string>(words: readonly T[], value: T, description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: words, default: value, description });
const observationsPerYr = Type.Number({
  exclusiveMinimum: 0,
  maximum: 1e8,
  default: 252,
  description: 'Observations a year, equally spaced: 252 for trading days [1/yr]',
});
const starts = (value: number) =>
  Type.Integer({
    minimum: 1,
    maximum: 64,
    default: value,
    description: 'Starts of the search, shared over threads and nodes; the best maximum counts [1]',
  });
const search = word(
  ['newton', 'simplex'],
  'newton',
  'newton: Newton and BFGS with the exact score; simplex: Nelder-Mead with restarts, from values alone',
);

export const SERIES_DATA_SCHEMAS = [
  Type.Object(
    {
      type: Type.Literal('bars'),
      file: file('CSV of bars with a header: a time and a close, further columns by name; plain or gz'),
      column: word(['close', 'adjClose'], 'close', 'Price that is used: the close or the adjusted close'),
      returns: word(
        ['log', 'simple', 'log-percent', 'simple-percent'],
        'log',
        'What is made of two prices; simulations take log. Ornstein-Uhlenbeck takes the prices themselves',
      ),
      observationsPerYr,
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('values'),
      file: file('CSV with a header whose last column is numbers: returns, or levels; plain or gz'),
      observationsPerYr,
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('option-quotes'),
      file: file(
        'CSV of European options with the columns strike, expiryYr, price, type (call or put); plain or gz',
      ),
      spot: Type.Number({
        exclusiveMinimum: 0,
        maximum: 1e9,
        description: 'Price of the underlying [currency]',
      }),
      ratePerYr: Type.Number({ minimum: -1, maximum: 1, default: 0, description: 'Riskless rate [1/yr]' }),
      yieldPerYr: Type.Number({
        minimum: -1,
        maximum: 1,
        default: 0,
        description: 'Dividend or carry yield of the underlying [1/yr]',
      }),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('simulated-series'),
      observations: Type.Integer({
        minimum: 20,
        maximum: 1_000_000,
        default: 2_520,
        description: 'Observations of each sample; for heston its options [1]',
      }),
      samples: Type.Integer({
        minimum: 1,
        maximum: 10_000,
        default: 20,
        description: 'Independent samples from known parameters, each fitted for itself [1]',
      }),
    },
    closed,
  ),
];

export const SERIES_MODEL_SCHEMAS = [
  Type.Object({ type: Type.Literal('gbm') }, closed),
  Type.Object({ type: Type.Literal('ornstein-uhlenbeck') }, closed),
  Type.Object({ type: Type.Literal('merton'), starts: starts(5), search }, closed),
  Type.Object(
    {
      type: Type.Literal('garch'),
      starts: starts(5),
      errors: word(
        ['hessian', 'robust'],
        'hessian',
        'Standard errors: from the Hessian, or robust against innovations that are not normal (QML)',
      ),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('markov-switching'),
      regimes: Type.Integer({ minimum: 2, maximum: 3, default: 2, description: 'Hidden regimes [1]' }),
      lags: Type.Integer({
        minimum: 0,
        maximum: 4,
        default: 0,
        description: 'Lags of the autoregression around the mean of the regime [1]',
      }),
      switching: word(
        ['both', 'mean', 'variance'],
        'both',
        'What the regime changes; mean with 4 lags is the model of Hamilton (1989)',
      ),
      starts: starts(8),
      search,
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('heston'), starts: starts(6) }, closed),
];
