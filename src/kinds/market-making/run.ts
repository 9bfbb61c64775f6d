/** What a thread runs for market-making: each unit is one replication, on a book that is reused. */
import type { ColumnData, ColumnType, Table } from '../../contract/columns.js';
import type { ChunkTask } from '../../contract/kind.js';
import { CONTROL_CANCEL, CONTROL_PROGRESS } from '../../core/control.js';
import type { SimulationOptions } from '../../core/sim/loop.js';
import { TapedMarket } from '../../core/facts/taped-market.js';
import { Simulation } from '../../core/sim/loop.js';
import { QueueStudy } from '../../core/sim/queue-study.js';
import { Recorder } from '../../core/sim/recorder.js';
import { toLatencies } from './latency.js';
import { openMarket } from './markets/open.js';
import { blankQueues, writeQueues } from './queue-rows.js';
import { toFeeSchedule } from './rules.js';
import { countRuns, currencyPerTickLot, streamUnit } from './spec.js';
import type { Spec } from './spec.js';
import { CODE_INPUT, locatedError } from './strategies/custom/create.js';
import { createQuoter, inventoryLimit, isExecution } from './strategies/create.js';
import { toLimits, TraderRows } from './trader-tables.js';
import { PHASE_TOTALS, RUN_COLUMNS, tableIndex, TABLES } from './tables.js';

/** Runs units task.from..task.to-1; null when asked to stop. Tables are those of tables.ts. */
export function run(task: ChunkTask<Spec>): Table[] | null {
  const { spec, from, to, control } = task;
  const units = to - from;
  const runs = RUN_COLUMNS.map(() => new Float64Array(units));
  const tables = [{ name: 'runs', rows: units, columns: runs }, ...EMPTY_TABLES.slice(1)];
  const totals = PHASE_TOTALS.map(() => new Float64Array(units));
  const queues = spec.measures.queueEstimators ? blankQueues(units) : null;
  const money = currencyPerTickLot(spec);
  const rows = new TraderRows(spec, units, isExecution(spec.strategy));
  const stage = openMarket(task);
  const factsBlockNs = Math.round(spec.measures.factsBlockS * 1e9);
  const factRows: FactRows[] = [];
  for (let unit = from; unit < to; unit++) {
    if (Atomics.load(control, CONTROL_CANCEL) !== 0) return null;
    const drawn = streamUnit(spec, unit);
    const opened = stage(drawn);
    if (opened === null) return null;
    const { market, endNs, facts, log } = opened;
    const recorder = unit === 0 ? new Recorder(spec.seriesPoints, endNs, money) : null;
    const options = toOptions(task, drawn, endNs);
    const study = queues && new QueueStudy(market, facts !== undefined, options.adverseNs);
    const quoter = createQuoter(spec.strategy, task, drawn);
    const watched = study ?? market;
    const taped = factsBlockNs > 0 ? new TapedMarket(watched, Math.min(factsBlockNs, endNs)) : null;
    const simulation = new Simulation(taped ?? watched, quoter, options, recorder);
    if (!simulate(simulation, task, unit)) return null;
    Atomics.store(control, CONTROL_PROGRESS, Math.floor((10_000 * (unit + 1 - from)) / units));
    const finished = { unit, endNs, money, simulation };
    RUN_COLUMNS.forEach((column, c) => (runs[c]![unit - from] = column.of(finished)));
    rows.write(unit - from, unit, simulation, quoter);
    if (log) {
      PHASE_TOTALS.forEach((column, c) => (totals[c]![unit - from] = column.of(log, unit)));
      tables[6] = { name: 'phaseTotals', rows: units, columns: totals };
    }
    if (taped) {
      taped.finish(endNs);
      factRows.push({ unit, rows: taped.rows });
    }
    // The errors of a single run come from its increments; those of more from the runs.
    if (countRuns(spec) === 1) {
      const increments = simulation.metrics.keptIncrements().map((value) => value * money);
      tables[7] = toTable('increments', [increments]);
    }
    if (queues && study) {
      study.finish();
      writeQueues(queues, unit - from, unit, study, money);
      tables[tableIndex('queues')] = toTable('queues', queues);
    }
    if (recorder) {
      tables[1] = toTable('series', recorder.seriesColumns());
      tables[2] = toTable('fills', recorder.fillColumns());
      tables[3] = toTable('depth', recorder.depthColumns());
      if (facts) tables[4] = facts();
      if (log) tables[5] = toTable('phases', log.columns());
    }
  }
  rows.tables().forEach((table, i) => (tables[8 + i] = table ?? tables[8 + i]!));
  if (factRows.length > 0) tables[tableIndex('facts')] = factsTable(factRows);
  return tables;
}

/** Runs a unit; an error of a user's own strategy names the line of its file. */
function simulate(
  simulation: Simulation,
  { spec, from, to, inputs, control }: ChunkTask<Spec>,
  unit: number,
): boolean {
  if (spec.strategy.type !== 'custom') return simulation.run(control, unit - from, to - from);
  try {
    return simulation.run(control, unit - from, to - from);
  } catch (error) {
    throw locatedError(error, inputs[CODE_INPUT] ?? []);
  }
}

type FactRows = { readonly unit: number; readonly rows: TapedMarket['rows'] };

function factsTable(units: readonly FactRows[]): Table {
  const count = units.reduce((sum, { rows }) => sum + rows[0].length, 0);
  const columns = Array.from({ length: 5 }, () => new Float64Array(count));
  let at = 0;
  for (const { unit, rows } of units) {
    columns[0]!.fill(unit, at, at + rows[0].length);
    rows.forEach((values, c) => columns[c + 1]!.set(values, at));
    at += rows[0].length;
  }
  return { name: 'facts', rows: count, columns };
}

/** What a run of this spec is told beside its market and its trader. */
export function toOptions({ spec, seed }: ChunkTask<Spec>, unit: number, endNs: number): SimulationOptions {
  const fees = toFeeSchedule(spec);
  return {
    endNs,
    ...toLatencies(spec.latency, seed, unit),
    makerBps: spec.fees.makerBps,
    takerBps: spec.fees.takerBps,
    ...(fees && { fees }),
    ...toLimits(spec),
    maxInventoryLots: inventoryLimit(spec.strategy),
    requoteNs: Math.round(spec.requote.everyMs * 1e6),
    onFeedChange: spec.requote.onFeedChange,
    samplingNs: Math.round(spec.measures.samplingS * 1e9),
    adverseNs: Math.round(spec.measures.adverseS * 1e9),
  };
}

function toTable(name: string, columns: readonly ColumnData[]): Table {
  return { name, rows: columns[0]!.length, columns };
}

/** Columns of no rows: every chunk shares them. */
const EMPTY: Readonly<Record<ColumnType, ColumnData>> = {
  f64: new Float64Array(0),
  i32: new Int32Array(0),
  u32: new Uint32Array(0),
  u8: new Uint8Array(0),
};
const EMPTY_TABLES: readonly Table[] = TABLES.map(({ name, columns }) => ({
  name,
  rows: 0,
  columns: columns.map(({ type }) => EMPTY[type]),
}));
