/** From the tables of a stat-arb result to its headline numbers, and the warnings that a reader must see. */
import type { Table } from '../../contract/columns.js';
import type { InputData, Metric, Summary } from '../../contract/kind.js';
import { meanOf, ratioOf, Z_975, type Estimate } from '../../core/metrics/estimate.js';
import { sharpeRatio } from '../../core/metrics/sharpe.js';
import { TRADE_COLUMNS } from '../../core/pairs/backtest.js';
import { bookMetrics } from './book-metrics.js';
import { alignedBars } from './prices.js';
import { countRuns, observationsPerYr, type Spec } from './spec.js';
import { MAX_TRADE_ROWS, PAIR_COLUMNS, RUN_COLUMNS } from './tables.js';

/** Fewer positions tell little about a share of winners or a mean. */
const MIN_TRADES = 30;
const MIN_RUNS = 10;

type Column = (name: string) => number[];

/** Columns of a table whose first one is the run, by name; rows that `keep` lets pass. */
function reader(table: Table, names: readonly string[], keep: (row: number) => boolean = () => true): Column {
  return (name) => {
    const column = table.columns[1 + names.indexOf(name)];
    if (!column) throw new Error(`no column ${name}`);
    return [...column].filter((_, row) => keep(row));
  };
}

/**
 * Runs in which Engle-Granger's statistic lies below its critical value at 5 %: in a small sample the
 * p-value, which is asymptotic, would find too many.
 */
function tied(sample: Column): boolean[] {
  const critical = sample('egFivePercent');
  return sample('egStatistic').map((statistic, i) => statistic < critical[i]!);
}

/** Pure function of the tables; see Kind.summarise. */
export function summarise(
  spec: Spec,
  tables: readonly Table[],
  inputs: Readonly<Record<string, InputData>>,
): Summary {
  const [runs, pair, trades, , , books] = tables as readonly Table[] as readonly [
    Table,
    Table,
    Table,
    Table,
    Table,
    Table,
  ];
  const sample = pair.columns[1 + PAIR_COLUMNS.indexOf('sample')]!;
  const formed = reader(pair, PAIR_COLUMNS, (row) => sample[row] === 0);
  const whole = reader(pair, PAIR_COLUMNS, (row) => sample[row] === 1);
  const run = reader(runs, RUN_COLUMNS);
  const notes = [
    ...verdict(spec, formed, whole),
    ...truth(spec, formed),
    ...limits(spec, run, trades),
    ...unmatched(spec, inputs),
    ...Object.values(inputs).flatMap((input) => input.notes),
  ];
  return {
    metrics: [
      ...earned(spec, run, reader(trades, TRADE_COLUMNS)),
      ...pairMetrics(formed),
      ...bookMetrics(spec, books),
    ],
    notes,
  };
}

/** How many bars of the files have no partner at their time. */
function unmatched({ source }: Spec, inputs: Readonly<Record<string, InputData>>): string[] {
  if (source.type !== 'files') return [];
  const tables = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.tables]));
  const { y, onlyX, onlyY } = alignedBars(source, tables);
  if (onlyX + onlyY === 0) return [];
  const left = `${onlyY} of yFile and ${onlyX} of xFile have none of the other at their time and are left out`;
  return [`Warning: ${y.length} bars stand at a common time; ${left}.`];
}

function metricOf(
  name: string,
  unit: string,
  meaning: string,
  found: Estimate | null,
  flag?: string,
): Metric {
  if (found === null) return { name, value: null, standardError: null, unit, meaning };
  const { value, standardError, interval, runs } = found;
  const told = flag ?? (runs > 1 && runs < MIN_RUNS ? `small sample: ${runs} runs` : undefined);
  return {
    name,
    value,
    standardError,
    unit,
    meaning,
    ...(interval !== null && { interval }),
    ...(told !== undefined && { flag: told }),
  };
}

function earned(spec: Spec, run: Column, trade: Column): Metric[] {
  const count = run('trades').reduce((sum, n) => sum + n, 0);
  const few = count < MIN_TRADES ? `small sample: ${count} position${count === 1 ? '' : 's'}` : undefined;
  const isOne = run('pnl').length === 1;
  const perYr = observationsPerYr(spec.source);
  const ratios = run('increments').map((n, i) =>
    sharpeRatio(n, run('incrementSum')[i]!, run('incrementSquares')[i]!, Math.sqrt(perYr)),
  );
  const known = ratios.filter((ratio) => ratio !== null);
  const sharpe = meanOf(known.map(({ ratio }) => ratio));
  const single = isOne ? known[0] : undefined;
  /** Over runs; where there is one, over its positions. */
  const perTrade = (sum: readonly number[], each: readonly number[]): Estimate | null =>
    isOne ? meanOf(each) : ratioOf(sum, run('trades'));
  return [
    metricOf('pnl', 'currency', 'profit after costs', meanOf(run('pnl'))),
    metricOf(
      'sharpe',
      '1',
      `annual Sharpe ratio of the changes of the PnL, ${perYr} observations a year`,
      single ? withError(single.ratio, single.standardError) : sharpe,
      few,
    ),
    metricOf('trades', '1', 'positions that were opened', meanOf(run('trades'))),
    metricOf(
      'hitRate',
      '1',
      'share of positions with a profit after costs',
      perTrade(
        run('wins'),
        trade('pnl').map((pnl) => (pnl > 0 ? 1 : 0)),
      ),
      few,
    ),
    metricOf(
      'holdingObs',
      'observations',
      'observations from entry to exit',
      perTrade(
        run('tradeObs'),
        trade('exitObs').map((exit, i) => exit - trade('entryObs')[i]!),
      ),
      few,
    ),
    metricOf('pnlPerTrade', 'currency', 'profit of a position', perTrade(run('pnl'), trade('pnl')), few),
    metricOf('costs', 'currency', 'costs of all deals', meanOf(run('costs'))),
    metricOf('maxDrawdown', 'currency', 'deepest fall of the PnL from a peak', meanOf(run('maxDrawdown'))),
  ];
}

function withError(value: number, standardError: number): Estimate {
  if (standardError < 0) return { value, standardError: null, interval: null, runs: 1 };
  const half = Z_975 * standardError;
  return { value, standardError, interval: [value - half, value + half], runs: 1 };
}

function pairMetrics(formed: Column): Metric[] {
  const ps = formed('egPValue');
  const isOne = ps.length === 1;
  const [ratio, error] = [formed('hedgeRatio'), formed('hedgeRatioError')];
  const found = tied(formed).filter(Boolean).length;
  const unsafe = found < ps.length / 2 ? 'not cointegrated' : undefined;
  const reverting = formed('isReverting');
  const half = formed('halfLifeObs').filter((_, i) => reverting[i] === 1);
  const [halfError, low, high] = ['halfLifeError', 'halfLifeLow', 'halfLifeHigh'].map(
    (name) => formed(name)[0]!,
  );
  const single: Estimate | null =
    half.length === 0
      ? null
      : { value: half[0]!, standardError: halfError!, interval: high! < 0 ? null : [low!, high!], runs: 1 };
  return [
    metricOf(
      'hedgeRatio',
      '1',
      'units (or, of logarithms, value) of x that hedge one of y, at the end of the formation window',
      isOne ? withError(ratio[0]!, error[0]!) : meanOf(ratio),
    ),
    metricOf(
      'engleGrangerPValue',
      '1',
      'probability of so strong a sign of reversion if nothing tied the prices, formation window',
      meanOf(ps),
      unsafe,
    ),
    metricOf(
      'cointegratedShare',
      '1',
      'runs whose formation window shows cointegration at 5 % (Engle-Granger)',
      meanOf(tied(formed).map(Number)),
    ),
    metricOf(
      'halfLifeObs',
      'observations',
      'observations in which half of a distance from the mean goes, formation window',
      isOne ? single : meanOf(half),
      unsafe,
    ),
  ];
}

function verdict({ pair }: Spec, formed: Column, whole: Column): string[] {
  const ties = tied(formed);
  const found = ties.filter(Boolean).length;
  const inSample =
    pair.formationShare === 1 ? 'In sample: the prices that are traded also gave ratio and bands. ' : '';
  if (ties.length > 1) {
    const told = `Engle-Granger finds cointegration at 5 % in ${found} of ${ties.length} formation windows.`;
    return [`${inSample}${found < ties.length / 2 ? `Warning: mostly not cointegrated. ${told}` : told}`];
  }
  const test = (column: Column): string =>
    `Engle-Granger t ${column('egStatistic')[0]!.toFixed(2)}, 5 % critical value ` +
    `${column('egFivePercent')[0]!.toFixed(2)}, p ${column('egPValue')[0]!.toPrecision(2)}; Johansen trace ` +
    `${column('johansenTrace')[0]!.toFixed(2)}, ${bracket(column('johansenPBelow')[0]!)}`;
  const both = `formation window (${formed('rows')[0]} observations): ${test(formed)}. All ${whole('rows')[0]}: ${test(whole)}.`;
  const isPair = ties[0]!;
  const lost = isPair && !tied(whole)[0]!;
  if (!isPair) {
    return [
      `${inSample}Warning: these prices are not cointegrated, ${both} A strategy on their spread bets on a return ` +
        'that the data do not show.',
    ];
  }
  const later = lost
    ? ' Warning: not cointegrated over all observations: what tied the prices came loose.'
    : '';
  return [`${inSample}Cointegrated at 5 %, ${both}${later}`];
}

const bracket = (below: number): string => (below < 1 ? `p below ${below}` : 'p above 0.1');

/** What was put in beside what was found. */
function truth({ source }: Spec, formed: Column): string[] {
  if (source.type === 'values' || source.type === 'files') return [];
  if (!source.cointegrated) return ['Simulated without a tie: every sign of reversion is chance.'];
  if (source.type === 'books') {
    return [
      `Values simulated with a half-life of ${source.halfLifeS} s, ${source.halfLifeS / source.sampleS} samples; mids follow them ` +
        'at a distance that the informed do not correct, which is noise of the books and makes the half-life look shorter.',
      'PnL = paper - spread - legging - latency - fees, exactly in every run: what the decisions earned at the mids that ' +
        'they saw, prices against the mids at the fills, moves between the first fill of a decision and each other one, ' +
        'and moves until that first fill.',
    ];
  }
  const low = formed('halfLifeLow');
  const covered = formed('halfLifeHigh').filter(
    (high, i) => low[i]! >= 0 && low[i]! <= source.halfLifeObs && (high < 0 || high >= source.halfLifeObs),
  ).length;
  return [
    `Simulated with a half-life of ${source.halfLifeObs} observations and a hedge ratio of ${source.hedgeRatio}; the 95 % ` +
      `interval of the half-life covers that in ${covered} of ${low.length} runs. A ratio that is estimated takes some of ` +
      'the spread into the line, so that short windows find the half-life too short.',
  ];
}

function limits(spec: Spec, run: Column, trades: Table): string[] {
  const notes: string[] = [];
  const idle = run('hasRule').filter((has) => has === 0).length;
  if (idle > 0) {
    notes.push(
      `Warning: bertram did not trade in ${idle} of ${run('hasRule').length} runs: the spread of the formation window ` +
        'shows no reversion to place bands by.',
    );
  }
  const opened = run('trades').reduce((sum, n) => sum + n, 0);
  if (trades.rows < opened) {
    notes.push(
      `The table trades holds the first ${MAX_TRADE_ROWS} positions of a run, ${trades.rows} of ${opened}.`,
    );
  }
  notes.push(
    countRuns(spec) > 1
      ? `Means over ${countRuns(spec)} runs with standard errors between them; series and legs show the first run.`
      : 'One run: errors of Sharpe, hit rate, holding time and profit of a position come from its own changes and positions.',
  );
  return notes;
}
