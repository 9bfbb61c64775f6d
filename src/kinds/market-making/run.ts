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
import { Recorder } from '../../core/sim/recorder.js';
import { writeReplayFacts } from '../../core/sim/replay-facts.js';
import { readReplayFeed } from '../../core/sim/replay-feed.js';
import { ReplayMarket } from '../../core/sim/replay-market.js';
import { MAX_OWN_ORDERS } from '../../core/sim/trader.js';
import type { AdaptiveStrategySpec, GeneratedMarketSpec, Spec } from './spec.js';
import { RUN_COLUMNS, TABLES } from './tables.js';

/** The mid is looked at once a second for the online volatility. */
const VOLATILITY_SAMPLE_S = 1;

/** A market at time 0 of a unit, how long it lasts, and what it has to say at the end. */
interface Stage {
  readonly market: Market;
  readonly endNs: number;
  facts(): Table | null;
}

/** Runs units task.from..task.to-1; null when asked to stop. Tables are those of tables.ts. */
export function run(task: ChunkTask<Spec>): Table[] | null {
  const { spec, from, to, control } = task;
  const units = to - from;
  const runs = RUN_COLUMNS.map(() => new Float64Array(units));
  const tables = TABLES.map((_, i) =>
    i === 0 ? { name: 'runs', rows: units, columns: runs } : emptyTable(i),
  );
  const money = spec.instrument.tickSize * spec.instrument.lotSize;
  const stage = openMarket(task);
  for (let unit = from; unit < to; unit++) {
    if (Atomics.load(control, CONTROL_CANCEL) !== 0) return null;
    const opened = stage(unit);
    if (opened === null) return null;
    const { market, endNs, facts } = opened;
    const recorder = unit === 0 ? new Recorder(spec.seriesPoints, endNs, money) : null;
    const simulation = new Simulation(market, createQuoter(spec), toOptions(spec, endNs), recorder);
    if (!simulation.run(control, unit - from, units)) return null;
    Atomics.store(control, CONTROL_PROGRESS, Math.floor((10_000 * (unit + 1 - from)) / units));
    RUN_COLUMNS.forEach((column, c) => {
      runs[c]![unit - from] = column.of({ unit, endNs, money, simulation });
    });
    if (recorder) {
      tables[1] = toTable('series', recorder.seriesColumns());
      tables[2] = toTable('fills', recorder.fillColumns());
      tables[3] = toTable('depth', recorder.depthColumns());
      tables[4] = facts() ?? tables[4]!;
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
  return {
    endNs,
    orderLatencyNs: spec.latency.orderNs,
    feedLatencyNs: spec.latency.feedNs,
    makerBps: spec.fees.makerBps,
    takerBps: spec.fees.takerBps,
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
  if (spec.market.type === 'generated') return generatedStage(spec.market, task);
  return () => {
    const feed = readReplayFeed(task.inputs['feed'] ?? []);
    const market = new ReplayMarket(feed, spec.instrument.tickSize, MAX_OWN_ORDERS);
    const endNs = feed.tNs[feed.rows - 1]! - feed.tNs[0]!;
    return { market, endNs, facts: () => writeReplayFacts(market.facts) };
  };
}

function generatedStage(
  spec: GeneratedMarketSpec,
  { seed, control }: ChunkTask<Spec>,
): (unit: number) => Stage | null {
  const { startMidTicks, warmupS } = spec;
  const market = new GeneratedMarket({ rates: spec, startMidTicks, warmupS });
  const endNs = Math.round(spec.durationS * 1e9);
  return (unit) => {
    if (!market.start(seed, unit, control)) return null;
    return { market, endNs, facts: () => null };
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
