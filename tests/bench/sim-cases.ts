/**
 * Bench cases of the whole simulation loop: a market maker in a generated book, both strategies, and one of
 * them with the limits of loss and messages, which ends with its position closed by an immediate order.
 */
import { AdaptiveQuoter } from '../../src/core/agent/adaptive.js';
import { FixedQuoter } from '../../src/core/agent/fixed.js';
import type { Quoter } from '../../src/core/agent/quoter.js';
import { VolatilityEstimator } from '../../src/core/agent/volatility.js';
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { poissonFlow } from '../../src/core/flow/poisson-flow.js';
import { GeneratedMarket } from '../../src/core/sim/generated-market.js';
import { Simulation } from '../../src/core/sim/loop.js';
import type { LimitOptions } from '../../src/core/sim/trader-limits.js';
import type { BenchCase } from './cases.js';

const SEED = 1;
/** Those of config/markets/sky-perfect.yaml, written out: the digests must outlive any file. */
const rates = {
  limitRatePerS: [1.85, 1.51, 1.09, 0.88, 0.77, 0.76, 0.7, 0.65, 0.61, 0.58],
  cancelRatePerS: [0.71, 0.81, 0.68, 0.56, 0.47, 0.47, 0.47, 0.47, 0.47, 0.47],
  marketRatePerS: 0.94,
  orderSize: { type: 'geometric', meanLots: 10 },
} as const;

const fixed = (): Quoter => new FixedQuoter(1, 10);
const quoters: Record<string, () => Quoter> = {
  'sim-fixed': fixed,
  'sim-adaptive': () => {
    const options = { gamma: 0.02, k: 1.5, horizonS: 60, quoteLots: 10, sigmaTicksPerSqrtS: 0.5 };
    return new AdaptiveQuoter(options, new VolatilityEstimator(0.5, 1, 60));
  },
  'sim-limited': fixed,
};

/** The loss is reached in the first tenth of 500,000 events, when many messages have been held back. */
const LIMITS: LimitOptions = {
  maxLossTickLots: 400,
  flattenOnLoss: true,
  messagesPerS: 4,
  messageBurst: 5,
};

/** A case that is ready to run: each run starts anew and is the same. */
export class PreparedSimulation {
  readonly endNs: number;
  private readonly market = new GeneratedMarket({
    flow: poissonFlow(rates),
    startMidTicks: 10_000,
    warmupS: 60,
  });
  private readonly control = new Int32Array(CONTROL_SLOTS);
  private readonly makeQuoter: () => Quoter;
  private readonly limits: LimitOptions;

  /** About 58 events a second, the trader's own among them; the run tells how many they were. */
  constructor(name: string, size: number) {
    this.endNs = Math.round((size / 58) * 1e9);
    this.makeQuoter = quoters[name]!;
    this.limits = name === 'sim-limited' ? LIMITS : {};
  }

  run(): Simulation {
    this.market.start(SEED, 0, this.control);
    const options = {
      endNs: this.endNs,
      orderLatencyNs: 500_000,
      feedLatencyNs: 500_000,
      makerBps: -0.2,
      takerBps: 0.3,
      maxInventoryLots: 100,
      requoteNs: 1e9,
      onFeedChange: true,
      samplingNs: 1e9,
      adverseNs: 1e9,
      ...this.limits,
    };
    const simulation = new Simulation(this.market, this.makeQuoter(), options, null);
    simulation.run(this.control, 0, 1);
    return simulation;
  }

  /** State of the book, own fills, inventory and cash after a run. */
  digest({ ledger, metrics }: Simulation): string {
    const book = hex(this.market.book.stateHash());
    return `${book}-${metrics.fills}-${ledger.inventoryLots}-${ledger.cashTickLots}`;
  }

  /** The digest, the events and a hash of every other figure to its last bit: what the C++ twin must give. */
  wholeDigest(simulation: Simulation): string {
    const { ledger: l, metrics: m, trader } = simulation;
    const rest = hashOfDoubles([
      ...[l.makerLots, l.takerLots, l.makerNotionalTickLots, l.takerNotionalTickLots],
      ...[l.spreadCaptureHalfTickLots, l.inventoryGainHalfTickLots, l.midHalfTicks],
      ...[l.feesTickLots(), l.pnlTickLots()],
      ...[m.ordersPlaced, m.placedLots, m.ordersRejected, m.ordersCancelled, m.maxDrawdownTickLots],
      ...[m.increments, m.incrementSum, m.incrementSumSquares, m.incrementDownSquares, m.maxAbsInventoryLots],
      ...[m.latencyHalfTickLots, m.shortfallHalfTickLots, m.waitLotNs],
      ...[m.marketTrades, m.visibleLots, m.hiddenLots, m.notionalTickLots],
      m.meanAbsInventoryLots(this.endNs),
      ...[simulation.takerOrders, simulation.takerLotsSent],
      ...[trader.limits.stoppedNs, trader.limits.heldMessages],
      ...m.markouts.halfTickLots,
      ...m.markouts.lots,
      ...Array.from(m.markouts.lots, (_, h) => m.markouts.total(h, l.midHalfTicks)),
      ...m.keptIncrements(),
    ]);
    return `${this.digest(simulation)}-${simulation.events}-${hex(rest)}`;
  }
}

export const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** Hash of the bits of numbers, in order. Twin of hashOf in native-bench/sim.cpp. */
export function hashOfDoubles(values: readonly number[]): number {
  let h = 2166136261;
  // Adding 0 turns -0, which is the same figure, into 0.
  for (const word of new Int32Array(Float64Array.from(values, (value) => value + 0).buffer)) {
    const product = Math.imul(h ^ word, 16777619);
    h = product ^ (product >>> 15);
  }
  return h >>> 0;
}

export const simCases: readonly BenchCase[] = Object.keys(quoters).map((name) => ({
  name,
  unit: 'events',
  sizes: { smoke: 1_000, full: 2_000_000 },
  setup(size) {
    const prepared = new PreparedSimulation(name, size);
    return { count: prepared.run().events, run: () => prepared.digest(prepared.run()) };
  },
}));
