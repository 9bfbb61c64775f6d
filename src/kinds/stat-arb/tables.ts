/** The tables of a stat-arb result, shared by the run that writes them and the index that declares them. */
import type { ColumnDecl, TableDecl } from '../../contract/columns.js';
import type { SERIES_COLUMNS, TRADE_COLUMNS } from '../../core/pairs/backtest.js';

type Words = Readonly<Record<string, readonly [unit: string, meaning: string]>>;

const f64 = (words: Words): ColumnDecl[] =>
  Object.entries(words).map(([name, [unit, meaning]]) => ({ name, type: 'f64', unit, meaning }));

const RUN = { name: 'run', type: 'i32', unit: '1', meaning: 'Number of the run' } as const;

const RUN_WORDS = {
  observations: ['1', 'Observations that were traded'],
  pnl: ['currency', 'Profit after costs'],
  costs: ['currency', 'Costs of all deals'],
  trades: ['1', 'Positions that were opened'],
  wins: ['1', 'Positions with a profit after costs'],
  tradeObs: ['1', 'Observations from entry to exit, over all positions'],
  heldObs: ['1', 'Observations with a position'],
  maxDrawdown: ['currency', 'Deepest fall of the PnL from a peak'],
  increments: ['1', 'Changes of the PnL from one observation to the next'],
  incrementSum: ['currency', 'Their sum'],
  incrementSquares: ['currency^2', 'Sum of their squares'],
  hasRule: ['1', '1 where the strategy had bands; 0 for bertram on a spread that does not revert'],
  entry: ['spread', 'Distance from the mean at which a position is opened'],
  cycleObs: ['1', "bertram: mean length of a cycle by the formation's law; else -1"],
} satisfies Words;

const PAIR_WORDS = {
  sample: ['1', '0: the formation window, 1: all observations'],
  rows: ['1', 'Observations of the sample'],
  intercept: ['spread', 'y = intercept + hedgeRatio x + spread'],
  hedgeRatio: ['1', 'At the end of the sample'],
  hedgeRatioError: ['1', 'Standard error, with the memory of the spread; -1 where that does not return'],
  r2: ['1', 'Share of the variance of y that the line explains'],
  spreadSd: ['spread', 'Standard deviation of the spread'],
  egStatistic: ['1', 'Engle-Granger: t statistic of the residual test; 0 where it cannot be made'],
  egPValue: ['1', 'Its p-value (MacKinnon 1994); 1 where it cannot be made'],
  egOnePercent: ['1', 'Its critical value at 1 % (MacKinnon 2010)'],
  egFivePercent: ['1', 'The same at 5 %'],
  egTenPercent: ['1', 'The same at 10 %'],
  egLags: ['1', 'Lagged differences in it'],
  johansenTrace: ['1', 'Johansen: trace statistic against no relation; 0 where it cannot be made'],
  johansenMaximum: ['1', 'Johansen: largest-eigenvalue statistic'],
  johansenPBelow: ['1', 'p-value of the trace lies below this: 0.01, 0.05, 0.1 or 1'],
  isReverting: ['1', '1 where an Ornstein-Uhlenbeck process was found in the spread'],
  halfLifeObs: ['1', 'Its half-life in observations; -1 where there is none'],
  halfLifeError: ['1', 'Standard error; -1 where there is none'],
  halfLifeLow: ['1', 'Low end of the 95 % interval'],
  halfLifeHigh: ['1', 'High end; -1 where it is unbounded'],
  kappaPerYr: ['1/yr', 'Speed of reversion; 0 where there is none'],
  mu: ['spread', 'Mean to which the spread returns; 0 where there is none'],
  sigmaPerSqrtYr: ['spread/sqrt(yr)', 'Volatility of the spread; 0 where there is none'],
} satisfies Words;

const TRADE_WORDS: Readonly<Record<(typeof TRADE_COLUMNS)[number], readonly [string, string]>> = {
  direction: ['1', '1: the spread was bought, -1: sold'],
  entryObs: ['1', 'Observation of the deal that opened'],
  exitObs: ['1', 'Observation of the deal that closed'],
  entrySpread: ['spread', 'Spread there'],
  exitSpread: ['spread', 'Spread there'],
  lotsY: ['lots', 'Lots of y, negative when sold'],
  lotsX: ['lots', 'Lots of x'],
  hedgeError: ['currency', 'Value of x held beyond an exact hedge, from whole lots'],
  gross: ['currency', 'Profit before costs'],
  costs: ['currency', 'Costs of both deals'],
  pnl: ['currency', 'Profit after costs'],
  reason: ['1', 'Why it was closed: 0 exit, 1 stop, 2 end of the data'],
};

const SERIES_WORDS: Readonly<Record<(typeof SERIES_COLUMNS)[number], readonly [string, string]>> = {
  obs: ['1', 'Number of the observation'],
  y: ['currency', 'Price of y'],
  x: ['currency', 'Price of x'],
  spread: ['spread', 'y - intercept - hedgeRatio x, of logarithms or prices'],
  centre: ['spread', 'Mean that the rule counts from'],
  upper: ['spread', 'Where the spread is sold'],
  lower: ['spread', 'Where the spread is bought'],
  lotsY: ['lots', 'Lots of y held'],
  lotsX: ['lots', 'Lots of x held'],
  pnl: ['currency', 'Profit after costs so far'],
};

const LEG_WORDS = {
  leg: ['1', '0: y, 1: x'],
  returns: ['1', 'Changes of the price'],
  logDriftPerYr: ['1/yr', 'Mean logarithmic return'],
  logDriftError: ['1/yr', 'Its standard error'],
  sigmaPerSqrtYr: ['1/sqrt(yr)', 'Volatility of logarithmic returns'],
  driftPerYr: ['1/yr', 'Drift mu of geometric Brownian motion'],
  sharpe: ['1', 'Annual Sharpe ratio of simple returns, rate 0'],
  maxDrawdown: ['1', 'Deepest fall from a peak, as a share of it'],
  totalReturn: ['1', 'Last price over first price, less one'],
  skewness: ['1', 'Of logarithmic returns'],
  excessKurtosis: ['1', 'Of logarithmic returns'],
  autocorrelation: ['1', 'Of neighbouring logarithmic returns'],
  squaredAutocorrelation: ['1', 'Of their squares'],
  rollSpread: ['currency', "Roll's spread from neighbouring changes; -1 where they do not bounce"],
} satisfies Words;

const BOOK_WORDS = {
  events: ['1', 'Events of both books, of messages and of samples'],
  messages: ['1', 'Own messages to both exchanges'],
  fees: ['currency', 'Fees of both legs'],
  paperPnl: ['currency', 'What the decisions earned at the mids that they saw: PnL + fees + the three costs'],
  spreadCost: ['currency', 'Prices against the mids at the fills'],
  leggingCost: ['currency', "Moves of each leg's mid from the first fill of a decision to its own fills"],
  latencyCost: ['currency', 'Moves of the mids from what a decision saw to its first fill'],
  unhedgedS: ['s', 'Time with lots of x not hedged'],
  unhedgedLotS: ['lots s', 'Lots of x not hedged, over time'],
  maxUnhedgedLots: ['lots', 'Most lots of x not hedged, beyond the half lot that rounding leaves'],
  partialFills: ['1', 'Orders that were filled in part'],
  rejected: ['1', 'Resting orders refused because they would have traded'],
  makerLots: ['lots', 'Lots filled while resting'],
  takerLots: ['lots', 'Lots taken'],
  restedOrders: ['1', 'Orders that came to rest'],
  queueAheadLots: ['lots', 'Lots ahead of them in the queue when they came, in all'],
  waitLotS: ['lots s', 'Lots filled while resting times how long they stood'],
  leadS: ['s', 'Lag at which the mids correlate most; above 0 x leads y'],
  leadCorrelation: ['1', 'Correlation of their changes there (Hayashi & Yoshida)'],
  leadAsymmetry: [
    '1',
    'Squared correlations where x leads over those where y does; -1 where none speaks for y',
  ],
} satisfies Words;

const names = (words: Words): string[] => Object.keys(words);
export const RUN_COLUMNS = names(RUN_WORDS);
export const PAIR_COLUMNS = names(PAIR_WORDS);
export const LEG_COLUMNS = names(LEG_WORDS);
export const BOOK_COLUMNS = names(BOOK_WORDS);

export const TABLES: readonly TableDecl[] = [
  { name: 'runs', title: 'What each run earned', columns: [RUN, ...f64(RUN_WORDS)] },
  {
    name: 'pair',
    title: 'What each pair is, by formation window and as a whole',
    columns: [RUN, ...f64(PAIR_WORDS)],
  },
  { name: 'trades', title: 'Positions of the runs', columns: [RUN, ...f64(TRADE_WORDS)] },
  {
    name: 'series',
    title: 'The first run: prices, spread, bands, position and PnL',
    columns: [
      {
        name: 'timeS',
        type: 'f64',
        unit: 's',
        meaning: 'Time as the files write it, since 1970; 0 without dates',
      },
      ...f64(SERIES_WORDS),
    ],
  },
  { name: 'legs', title: 'The two prices of the first run, each for itself', columns: f64(LEG_WORDS) },
  {
    name: 'books',
    title: 'What the legs did in their books',
    columns: [RUN, ...f64(BOOK_WORDS)],
    optional: true,
  },
];

/** Rows of the table trades that one run may write; further ones are counted but not kept. */
export const MAX_TRADE_ROWS = 5_000;
