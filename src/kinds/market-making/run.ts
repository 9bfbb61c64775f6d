/** What a thread runs for market-making: each unit is one replication, on a book that is reused. */
import type { ColumnData, Table } from '../../contract/columns.js';
import type { ChunkTask } from '../../contract/kind.js';
import { AdaptiveQuoter } from '../../core/agent/adaptive.js';
import { FixedQuoter } from '../../core/agent/fixed.js';
import type { Quoter } from '../../core/agent/quoter.js';
import { VolatilityEstimator } from '../../core/agent/volatility.js';
import { GeneratedMarket } from '../../core/sim/generated-market.js';
import { CONTROL_CANCEL, CONTROL_PROGRESS } from '../../core/control.js';
import type { SimulationOptions } from '../../core/sim/loop.js';
import { Simulation } from '../../core/sim/loop.js';
import type { Market } from '../../core/sim/market.js';
import { MAX_PHASE_ROWS, type PhaseLog } from '../../core/sim/phase-log.js';
import { PhasedMarket } from '../../core/sim/phased-market.js';
import { Recorder } from '../../core/sim/recorder.js';
import { writeReplayFacts } from '../../core/sim/replay-facts.js';
import { readReplayFeed } from '../../core/sim/replay-feed.js';
import { ReplayMarket } from '../../core/sim/replay-market.js';
import { MAX_OWN_ORDERS } from '../../core/sim/trader.js';
import { toFeeSchedule, toRules } from './rules.js';
import { countRuns, currencyPerTickLot } from './spec.js';
import type { AdaptiveStrategySpec, GeneratedMarketSpec, Spec } from './spec.js';
import { PHASE_TOTALS, RUN_COLUMNS, TABLES } from './tables.js';

/** The mid is looked at once a second for the online volatility. */
const VOLATILITY_SAMPLE_S = 1;

/** A market at time 0 of a unit, how long it lasts, and what it has to say at the end. */
interface Stage {
  readonly market: Market;
  readonly endNs: number;
  facts(): Table | null;
  /** What its rules brought about; null for a market without rules. */
  readonly log: PhaseLog | null;
}

/** Runs units task.from..task.to-1; null when asked to stop. Tables are those of tables.ts. */
export function run(task: ChunkTask<Spec>): Table[] | null {
  const { spec, from, to, control } = task;
  const units = to - from;
  const runs = RUN_COLUMNS.map(() => new Float64Array(units));
  const tables = TABLES.map((_, i) =>
    i === 0 ? { name: 'runs', rows: units, columns: runs } : emptyTable(i),
  );
  const totals = PHASE_TOTALS.map(() => new Float64Array(units));
  const money = currencyPerTickLot(spec);
  const stage = openMarket(task);
  for (let unit = from; unit < to; unit++) {
    if (Atomics.load(control, CONTROL_CANCEL) !== 0) return null;
    const opened = stage(unit);
    if (opened === null) return null;
    const { market, endNs, facts, log } = opened;
    const recorder = unit === 0 ? new Recorder(spec.seriesPoints, endNs, money) : null;
    const simulation = new Simulation(market, createQuoter(spec), toOptions(spec, endNs), recorder);
    if (!simulation.run(control, unit - from, units)) return null;
    Atomics.store(control, CONTROL_PROGRESS, Math.floor((10_000 * (unit + 1 - from)) / units));
    RUN_COLUMNS.forEach((column, c) => {
      runs[c]![unit - from] = column.of({ unit, endNs, money, simulation });
    });
    if (log) {
      PHASE_TOTALS.forEach((column, c) => (totals[c]![unit - from] = column.of(log, unit)));
      tables[6] = { name: 'phaseTotals', rows: units, columns: totals };
    }
    // The errors of a single run come from its increments; those of more from the runs.
    if (countRuns(spec) === 1) {
      const increments = simulation.metrics.keptIncrements().map((value) => value * money);
      tables[7] = toTable('increments', [increments]);
    }
    if (recorder) {
      tables[1] = toTable('series', recorder.seriesColumns());
      tables[2] = toTable('fills', recorder.fillColumns());
      tables[3] = toTable('depth', recorder.depthColumns());
      tables[4] = facts() ?? tables[4]!;
      if (log) tables[5] = toTable('phases', log.columns());
    }
  }
  return tables;
}

/** A strategy at its start; a new one is its file in core/agent, its branch in schema.ts, and a line here. */
export function createQuoter({ strategy }: Spec): Quoter {
  if (strategy.type === 'fixed') return new FixedQuoter(strategy.halfSpreadTicks, strategy.quoteLots);
  return new AdaptiveQuoter(strategy, createEstimator(strategy));
}

function createEstimator(strategy: AdaptiveStrategySpec): VolatilityEstimator | null {
  if (strategy.volatility === 'given') return null;
  const { sigmaTicksPerSqrtS, volatilityHalfLifeS } = strategy;
  return new VolatilityEstimator(sigmaTicksPerSqrtS, VOLATILITY_SAMPLE_S, volatilityHalfLifeS);
}

function toOptions(spec: Spec, endNs: number): SimulationOptions {
  const fees = toFeeSchedule(spec);
  return {
    endNs,
    orderLatencyNs: spec.latency.orderNs,
    feedLatencyNs: spec.latency.feedNs,
    makerBps: spec.fees.makerBps,
    takerBps: spec.fees.takerBps,
    ...(fees && { fees }),
    maxInventoryLots: spec.strategy.maxInventoryLots,
    requoteNs: Math.round(spec.requote.everyMs * 1e6),
    onFeedChange: spec.requote.onFeedChange,
    samplingNs: Math.round(spec.measures.samplingS * 1e9),
    adverseNs: Math.round(spec.measures.adverseS * 1e9),
  };
}

/** What brings a unit's market to time 0; null when asked to stop. */
function openMarket(task: ChunkTask<Spec>): (unit: number) => Stage | null {
  const { spec } = task;
  if (spec.market.type === 'generated') return generatedStage(task);
  return () => {
    const feed = readReplayFeed(task.inputs['feed'] ?? []);
    const market = new ReplayMarket(feed, spec.instrument.tickSize, MAX_OWN_ORDERS);
    const endNs = feed.tNs[feed.rows - 1]! - feed.tNs[0]!;
    return { market, endNs, facts: () => writeReplayFacts(market.facts), log: null };
  };
}

/**
 * The generated market of the last chunk. Its start() forgets all that was, so that the next chunk of
 * the same market and rules takes it over: building one costs more than a short run.
 */
let kept: { readonly key: string; readonly market: GeneratedMarket } | null = null;

function generatedStage({ spec, seed, control }: ChunkTask<Spec>): (unit: number) => Stage | null {
  const rates = spec.market as GeneratedMarketSpec;
  const { startMidTicks, warmupS } = rates;
  const endNs = Math.round(rates.durationS * 1e9);
  const rules = toRules(spec.rules, endNs);
  const options = { rates, startMidTicks, warmupS };
  const key = JSON.stringify([rates, rules]);
  if (kept?.key !== key) {
    kept = { key, market: rules ? new PhasedMarket(options, rules) : new GeneratedMarket(options) };
  }
  const { market } = kept;
  const phased = market instanceof PhasedMarket ? market : null;
  return (unit) => {
    const isReady = phased
      ? phased.start(seed, unit, control, unit === 0 ? MAX_PHASE_ROWS : 0)
      : market.start(seed, unit, control);
    return isReady ? { market, endNs, facts: () => null, log: phased?.log ?? null } : null;
  };
}

function toTable(name: string, columns: readonly ColumnData[]): Table {
  return { name, rows: columns[0]!.length, columns };
}

function emptyTable(index: number): Table {
  const { name, columns } = TABLES[index]!;
  return { name, rows: 0, columns: columns.map(({ type }) => emptyColumn(type)) };
}

function emptyColumn(type: 'f64' | 'i32' | 'u32' | 'u8'): ColumnData {
  switch (type) {
    case 'f64':
      return new Float64Array(0);
    case 'i32':
      return new Int32Array(0);
    case 'u32':
      return new Uint32Array(0);
    case 'u8':
      return new Uint8Array(0);
  }
}
