/** Bench cases of the order flows: the bare Hawkes process, and markets with full matching but no trader. */
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { Draws } from '../../src/core/flow/draws.js';
import { hawkesFlow } from '../../src/core/flow/hawkes-flow.js';
import { HawkesProcess } from '../../src/core/flow/hawkes-process.js';
import { UnivariateHawkesProcess } from '../../src/core/flow/hawkes-univariate-process.js';
import { poissonFlow } from '../../src/core/flow/poisson-flow.js';
import { queueReactiveFlow } from '../../src/core/flow/queue-reactive-flow.js';
import type { OrderFlowFactory } from '../../src/core/flow/order-flow.js';
import { FLOW } from '../../src/core/rng/names.js';
import { Stream } from '../../src/core/rng/stream.js';
import { GeneratedMarket } from '../../src/core/sim/generated-market.js';
import { SILENT } from '../../src/core/sim/market.js';
import type { BenchCase } from './cases.js';
import { hashOfDoubles, hex } from './sim-cases.js';

const SEED = 1;
const BRANCHING = [
  [0.3, 0.05, 0.1, 0.6, 0.2, 0.05],
  [0.05, 0.3, 0.6, 0.1, 0.05, 0.2],
  [0.01, 0, 0.3, 0.02, 0, 0.01],
  [0, 0.01, 0.02, 0.3, 0.01, 0],
  [0.25, 0.05, 0.05, 0.3, 0.2, 0.05],
  [0.05, 0.25, 0.3, 0.05, 0.05, 0.2],
];
const DECAY_PER_S = 10;

const orderSize = { type: 'geometric', meanLots: 10 } as const;
const limitRatePerS = [1.85, 1.51, 1.09, 0.88, 0.77, 0.76, 0.7, 0.65, 0.61, 0.58];
const sizes = Array.from({ length: 11 }, (_, n) => n);

/** Markets of about the same activity. */
const flows: Record<string, OrderFlowFactory> = {
  'market-poisson': poissonFlow({
    limitRatePerS,
    cancelRatePerS: [0.71, 0.81, 0.68, 0.56, 0.47, 0.47, 0.47, 0.47, 0.47, 0.47],
    marketRatePerS: 0.94,
    orderSize,
  }),
  'market-hawkes': hawkesFlow({
    baselineRatePerS: [3.34, 3.34, 0.46, 0.46, 0.21, 0.21],
    branching: BRANCHING,
    decayPerS: DECAY_PER_S,
    distanceWeights: limitRatePerS,
    orderSize,
  }),
  'market-queue-reactive': queueReactiveFlow({
    limitBySizePerS: [1.85, 1.51, 1.09].map((rate) => sizes.map((n) => rate / (1 + n / 20))),
    cancelBySizePerS: [0.2, 0.15, 0.11].map((rate) => sizes.map((n) => rate * n)),
    marketBySizePerS: [1.2, 0.9, 0.6].map((rate) => sizes.map((n) => rate / (1 + n / 10))),
    theta: 0.7,
    thetaReinit: 0.85,
    orderSize,
  }),
};

/** What is ready to run: each run starts anew, makes so many events, and is the same. */
export interface PreparedFlow {
  run(): string;
  /** Simulated time that the last run took [ns]. */
  elapsedNs(): number;
}

/** Limit orders, market orders and cancels by side: per second. */
const BASELINE = [3.34, 3.34, 0.46, 0.46, 3.2, 3.2];

class PreparedProcess implements PreparedFlow {
  private readonly draws = new Draws(new Stream());
  private readonly process = new HawkesProcess(BASELINE, BRANCHING, DECAY_PER_S, this.draws);
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  elapsedNs(): number {
    return this.process.nextNs();
  }

  /** Twin: serveHawkes in native-bench/sim.cpp. */
  run(): string {
    const { process, draws } = this;
    draws.key(SEED, 0, FLOW);
    process.clear();
    process.draw();
    const counts = new Int32Array(BASELINE.length);
    let sum = 0;
    for (let left = this.size; left > 0; left -= STRETCH) sum = this.stretch(counts, sum, left);
    return hex(hashOfDoubles([sum, process.nextNs(), ...counts]));
  }

  /** Called anew every so often, as V8 optimises a function from its entry on. */
  private stretch(counts: Int32Array, before: number, left: number): number {
    const { process } = this;
    let sum = before;
    for (let i = Math.min(left, STRETCH); i > 0; i--) {
      sum += process.nextNs();
      counts[process.take()]!++;
      process.draw();
    }
    return sum;
  }
}

const STRETCH = 4096;

/** As in numpy/hawkes_loop.py. */
class PreparedOneType implements PreparedFlow {
  private readonly draws = new Draws(new Stream());
  private readonly process = new UnivariateHawkesProcess(1, 0.5, 1, this.draws);
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  elapsedNs(): number {
    return this.process.nextNs();
  }

  run(): string {
    const { process, draws } = this;
    draws.key(SEED, 0, FLOW);
    process.clear();
    process.draw();
    let sum = 0;
    for (let left = this.size; left > 0; left -= STRETCH) sum = this.stretch(sum, left);
    return hex(hashOfDoubles([sum, process.nextNs()]));
  }

  /** As that of PreparedProcess. */
  private stretch(before: number, left: number): number {
    const { process } = this;
    let sum = before;
    for (let i = Math.min(left, STRETCH); i > 0; i--) {
      sum += process.nextNs();
      process.take();
      process.draw();
    }
    return sum;
  }
}

class PreparedMarket implements PreparedFlow {
  private readonly market: GeneratedMarket;
  private readonly size: number;

  constructor(flow: OrderFlowFactory, size: number) {
    this.market = new GeneratedMarket({ flow, startMidTicks: 10_000, warmupS: 10 });
    this.size = size;
  }

  elapsedNs(): number {
    return this.market.nextNs();
  }

  run(): string {
    this.market.start(SEED, 0, new Int32Array(CONTROL_SLOTS));
    for (let left = this.size; left > 0; left -= STRETCH) this.stretch(Math.min(left, STRETCH));
    return `${hex(this.market.book.stateHash())}-${this.market.nextNs()}`;
  }

  private stretch(count: number): void {
    for (let i = 0; i < count; i++) this.market.step(SILENT);
  }
}

const processes: Record<string, (size: number) => PreparedFlow> = {
  'hawkes-process': (size) => new PreparedProcess(size),
  'hawkes-one-type': (size) => new PreparedOneType(size),
};

export const FLOW_CASES = [...Object.keys(processes), ...Object.keys(flows)];

export function prepareFlow(name: string, size: number): PreparedFlow {
  return processes[name]?.(size) ?? new PreparedMarket(flows[name]!, size);
}

export const flowCases: readonly BenchCase[] = FLOW_CASES.map((name) => ({
  name,
  unit: 'events',
  sizes: { smoke: 1_000, full: 1_000_000 },
  setup(size) {
    const prepared = prepareFlow(name, size);
    return { count: size, run: () => prepared.run() };
  },
}));
