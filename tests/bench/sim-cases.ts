/** Bench cases of the whole simulation loop: a market maker in a generated book, both strategies. */
import { AdaptiveQuoter } from '../../src/core/agent/adaptive.js';
import { FixedQuoter } from '../../src/core/agent/fixed.js';
import type { Quoter } from '../../src/core/agent/quoter.js';
import { VolatilityEstimator } from '../../src/core/agent/volatility.js';
import { CONTROL_SLOTS } from '../../src/core/control.js';
import { GeneratedMarket } from '../../src/core/sim/generated-market.js';
import { Simulation } from '../../src/core/sim/loop.js';
import type { BenchCase } from './cases.js';

const SEED = 1;
/** The default market of kind market-making; its five nearest rates are those of Cont, Stoikov & Talreja. */
const rates = {
  limitRatePerS: [1.85, 1.51, 1.09, 0.88, 0.77, 0.76, 0.7, 0.65, 0.61, 0.58],
  cancelRatePerS: [0.71, 0.81, 0.68, 0.56, 0.47, 0.47, 0.47, 0.47, 0.47, 0.47],
  marketRatePerS: 0.94,
  orderSize: { type: 'geometric', meanLots: 10 },
} as const;

function simCase(name: string, makeQuoter: () => Quoter): BenchCase {
  return {
    name,
    unit: 'events',
    sizes: { smoke: 1_000, full: 2_000_000 },
    setup(size) {
      const market = new GeneratedMarket({ rates, startMidTicks: 10_000, warmupS: 60 });
      // About 58 events a second, the trader's own among them; the run is counted once to know exactly.
      const endNs = Math.round((size / 58) * 1e9);
      const control = new Int32Array(CONTROL_SLOTS);
      const simulate = () => {
        market.start(SEED, 0, control);
        const simulation = new Simulation(
          market,
          makeQuoter(),
          {
            endNs,
            orderLatencyNs: 500_000,
            feedLatencyNs: 500_000,
            makerBps: -0.2,
            takerBps: 0.3,
            maxInventoryLots: 100,
            requoteNs: 1e9,
            onFeedChange: true,
            samplingNs: 1e9,
            adverseNs: 1e9,
          },
          null,
        );
        simulation.run(control, 0, 1);
        return simulation;
      };
      const { events } = simulate();
      return {
        count: events,
        run() {
          const { ledger, metrics } = simulate();
          const { inventoryLots, cashTickLots } = ledger;
          const book = market.book.stateHash().toString(16).padStart(8, '0');
          return `${book}-${metrics.fills}-${inventoryLots}-${cashTickLots}`;
        },
      };
    },
  };
}

const adaptive = { gamma: 0.02, k: 1.5, horizonS: 60, quoteLots: 10, sigmaTicksPerSqrtS: 0.5 };

export const simCases: readonly BenchCase[] = [
  simCase('sim-fixed', () => new FixedQuoter(1, 10)),
  simCase('sim-adaptive', () => new AdaptiveQuoter(adaptive, new VolatilityEstimator(0.5, 1, 60))),
];
