/** From the tables of a market-making result to its headline numbers: estimates with errors and flags. */
import type { Table } from '../../contract/columns.js';
import type { InputData, Metric, Summary } from '../../contract/kind.js';
import { MAX_FILL_ROWS } from '../../core/sim/recorder.js';
import { describeReplay, readReplayFacts } from '../../core/sim/replay-facts.js';
import { meanMetric, ratio, RunReader, totalsMetric } from './estimates.js';
import { describePhases } from './phases.js';
import { describePairing, pairingMetrics } from './pairing.js';
import { profitMetrics } from './profit.js';
import { describeQueues, queueMetrics } from './queue-metrics.js';
import { currencyPerTickLot, groupSize } from './spec.js';
import type { Spec } from './spec.js';
import { traderMetrics } from './trader-metrics.js';
import { MARKOUTS, PHASE_TOTALS, tableIndex, TABLES } from './tables.js';

/** Fewer own fills than this tell little about a mean over fills. */
const MIN_FILLS = 30;

/** Pure function of the tables; see Kind.summarise. */
export function summarise(
  spec: Spec,
  tables: readonly Table[],
  inputs: Readonly<Record<string, InputData>>,
): Summary {
  const [runsTable, , fills, , replay, phases, phaseTotals, increments] = tables;
  const queues = tables[tableIndex('queues')];
  if (!runsTable || !fills || !replay || !phases || !phaseTotals || !increments || !queues) {
    throw new Error(`market-making has ${TABLES.length} tables; got ${tables.length}`);
  }
  const group = groupSize(spec);
  const runs = new RunReader(runsTable, group);
  const facts = readReplayFacts(replay);
  const single = increments.rows > 0 ? (increments.columns[0] as Float64Array) : null;
  const metrics = [
    ...profitMetrics(spec, runs, single),
    ...trading(spec, runs),
    ...market(runs, facts?.vwap()),
  ];
  metrics.push(...traderMetrics(tables.slice(8, -1), group));
  if (phaseTotals.rows > 0) metrics.push(...sessions(phaseTotals, group));
  metrics.push(...queueMetrics(queues, group), ...pairingMetrics(spec, runs));
  const notes = [...describeRuns(spec, runs.count), ...describePhases(spec, phases)];
  notes.push(...describeQueues(queues), ...describePairing(spec, runs));
  const firstFills = runs.count > 0 ? runs.at('fills')(0) : 0;
  if (firstFills > MAX_FILL_ROWS) {
    notes.push(`The table fills holds the first ${fills.rows} of ${firstFills} fills of the first run.`);
  }
  if (facts) notes.push(...describeReplay(facts));
  for (const input of Object.values(inputs)) notes.push(...input.notes);
  return { metrics, notes };
}

function trading(spec: Spec, runs: RunReader): Metric[] {
  const tickMoney = currencyPerTickLot(spec);
  const [maker, taker, placed] = [runs.at('makerLots'), runs.at('takerLots'), runs.at('placedLots')];
  const [spread, adverse, adverseLots] = ['spreadPnl', 'adverseTickLots', 'adverseLots'].map((name) =>
    runs.at(name),
  ) as [PerRun, PerRun, PerRun];
  const lots = (i: number) => maker(i) + taker(i);
  const plain = (name: string, unit: string, meaning: string) =>
    meanMetric(name, unit, meaning, runs, runs.at(name));
  const fills = runs.values(runs.at('fills')).reduce((sum, n) => sum + n, 0);
  const few = fills < MIN_FILLS ? `${fills} fills` : undefined;
  const perFill = (name: string, meaning: string, of: (i: number) => number | null) =>
    meanMetric(name, 'ticks', meaning, runs, of, few);
  /** Mean over all filled lots of all runs. */
  const perLot = (name: string, unit: string, meaning: string, of: PerRun) =>
    totalsMetric(name, unit, meaning, runs.values(of), runs.values(lots), runs.group, few);
  const { adverseS } = spec.measures;
  return [
    plain('fills', '1', 'own fills'),
    meanMetric('fillRate', '1', 'quoted lots that were filled / placed lots', runs, (i) =>
      ratio(maker(i), placed(i)),
    ),
    perLot(
      'timeToFillS',
      's',
      'time from coming to rest to the fill, per lot',
      (i) => runs.at('waitLotNs')(i) / 1e9,
    ),
    perFill('spreadCapturedTicks', 'distance of the fill price from the mid, per lot', (i) =>
      ratio(spread(i) / tickMoney, lots(i)),
    ),
    perFill('adverseSelectionTicks', `move of the mid against the fill within ${adverseS} s, per lot`, (i) =>
      ratio(adverse(i), adverseLots(i)),
    ),
    ...MARKOUTS.map(([column, delay]) =>
      perLot(
        column.replace('Pnl', ''),
        'ticks',
        `move of the mid in favour of the fill within ${delay}, per lot`,
        (i) => runs.at(column)(i) / tickMoney,
      ),
    ),
    perLot(
      'implementationShortfallTicks',
      'ticks',
      'distance of the fill price, against the trader, from the mid it saw when it sent the order, per lot',
      runs.at('shortfallTickLots'),
    ),
    plain('meanAbsInventoryLots', 'lots', 'mean size of the position over time'),
    plain('maxAbsInventoryLots', 'lots', 'largest position, long or short'),
    plain('makerLots', 'lots', 'own lots filled as maker'),
    plain('takerLots', 'lots', 'own lots filled as taker'),
    plain('ordersPlaced', '1', 'own orders that came to rest in the book'),
    plain('ordersRejected', '1', 'own orders refused because they would have traded'),
  ];
}

type PerRun = (i: number) => number;

/** `exactVwap` replaces the one from ticks where a replay knows prices between ticks. */
function market(runs: RunReader, exactVwap: number | null | undefined): Metric[] {
  const [visible, hidden] = [runs.at('marketVisibleLots'), runs.at('marketHiddenLots')];
  const plain = (name: string, unit: string, meaning: string) =>
    meanMetric(name, unit, meaning, runs, runs.at(name));
  const vwap = (i: number) =>
    exactVwap !== undefined ? exactVwap : ratio(runs.at('marketNotional')(i), visible(i) + hidden(i));
  return [
    plain('marketVisibleLots', 'lots', 'volume of the whole market against visible orders'),
    plain('marketHiddenLots', 'lots', 'volume of the whole market against hidden orders'),
    meanMetric('vwap', 'currency', 'volume-weighted average price of the whole market', runs, vwap),
    plain('events', '1', 'events simulated in one run'),
  ];
}

/** Calls and halts of a market with rules. */
function sessions({ rows, columns }: Table, group: number): Metric[] {
  const sample = { count: rows, group };
  const at = (name: string) => columns[PHASE_TOTALS.findIndex((column) => column.name === name)]!;
  const plain = (name: string, unit: string, meaning: string) =>
    meanMetric(name, unit, meaning, sample, (i) => at(name)[i]!);
  const haltedS = (i: number) => at('haltedNs')[i]! / 1e9;
  return [
    plain('calls', '1', 'call auctions'),
    plain('auctionLots', 'lots', 'lots traded in call auctions'),
    plain('ownAuctionLots', 'lots', 'own lots bought or sold in call auctions'),
    plain('halts', '1', 'halts, those of the circuit breaker among them'),
    meanMetric('haltedS', 's', 'time halted', sample, haltedS),
  ];
}

function describeRuns(spec: Spec, runs: number): string[] {
  const attribution =
    'PnL = quoted + latency + adverse + carry - fees, exactly in every run: the edge against the mid that the ' +
    'trader last saw, what the mid did until the fill, in the stated delay after it, and from then to the end.';
  const first = 'series, fills and depth show the first run.';
  if (runs > 1) {
    return [
      `Numbers are means over ${runs} runs with standard errors between them and t intervals; ${first}`,
      attribution,
    ];
  }
  const one =
    'One run: errors of Sharpe, Sortino, value at risk and expected shortfall come from a block bootstrap of its increments, the other numbers have none.';
  return [
    spec.market.type === 'replay' ? one : `${one} Raise runs to learn how far chance goes.`,
    attribution,
  ];
}
