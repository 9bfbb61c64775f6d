/** Queue estimators beside the truth: what brackets it, what is unbiased; looking changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTROL_SLOTS } from '../../../src/core/control.js';
import { poissonFlow } from '../../../src/core/flow/poisson-flow.js';
import { GeneratedMarket } from '../../../src/core/sim/generated-market.js';
import { Simulation } from '../../../src/core/sim/loop.js';
import { BUY, SELL, SILENT } from '../../../src/core/sim/market.js';
import * as queue from '../../../src/core/sim/queue-estimators.js';
import { QueueStudy } from '../../../src/core/sim/queue-study.js';
import { CONTROL, makeMarket, makeQuoter, OPTIONS } from './lab.js';

const { OPTIMISTIC, PROPORTIONAL, RISK_AVERSE, TRUTH, QUEUE_ESTIMATORS } = queue;
const estimator = fc.integer({ min: 1, max: QUEUE_ESTIMATORS.length - 1 });

describe('aheadAfterCancel', () => {
  it('takes the lots from somewhere: within what can be ahead before and after', () => {
    const lots = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(estimator, lots, lots, fc.double({ min: 0, max: 1, noNaN: true }), (k, a, b, part) => {
        const cancelled = part * (a + b);
        const after = queue.aheadAfterCancel(k, a, b, cancelled);
        const slack = 1e-9 * (1 + a + b);
        expect(after).toBeGreaterThanOrEqual(Math.max(0, a - cancelled) - slack);
        expect(after).toBeLessThanOrEqual(Math.min(a, a + b - cancelled) + slack);
      }),
      { numRuns: 1000 },
    );
  });

  it('follows the stated shares', () => {
    expect(QUEUE_ESTIMATORS.map((_, k) => queue.shareBehind(k, 1, 3))).toEqual([
      expect.anything(),
      1,
      0,
      0.75,
      0.9,
      expect.closeTo(Math.log(4) / (Math.log(2) + Math.log(4)), 14),
    ]);
    expect(queue.shareBehind(PROPORTIONAL, 0, 0)).toBe(0.5);
  });
});

/** Places and cancels one own order a side at random while the market goes on; looks after each event. */
function roam(study: QueueStudy, seed: number, events: number, look: (ids: readonly number[]) => void): void {
  const live = new Map<number, number>();
  const sink = {
    ...SILENT,
    onFill: (id: number, _side: number, _price: number, lots: number) => {
      live.set(id, live.get(id)! - lots);
      if (live.get(id) === 0) live.delete(id);
    },
  };
  let word = seed;
  const below = (n: number) => (word = (Math.imul(word, 1103515245) + 12345) >>> 1) % n;
  for (let event = 0; event < events; event++) {
    const side = below(2) === 0 ? BUY : SELL;
    const id = side;
    if (event % 4 === 0 && live.has(id) && below(4) === 0) {
      study.cancel(id);
      live.delete(id);
    } else if (event % 4 === 0 && !live.has(id)) {
      const price = side === BUY ? study.bestBidTicks() - below(3) : study.bestAskTicks() + below(3);
      const lots = 1 + below(9);
      if (study.place(id, side, price, lots) === 0) live.set(id, lots);
    }
    study.step(sink);
    look([...live.keys()]);
  }
}

describe('QueueStudy', () => {
  it('brackets the true place: optimistic <= truth <= risk-averse, in lots ahead and in fills', () => {
    fc.assert(
      fc.property(fc.nat(100_000), (seed) => {
        const study = new QueueStudy(makeMarket(seed), false, 1e9);
        roam(study, seed, 600, (ids) => {
          for (const id of ids) {
            const truth = study.queueAheadLots(id);
            expect(study.aheadLots(id, RISK_AVERSE)).toBeGreaterThanOrEqual(truth);
            expect(study.aheadLots(id, OPTIMISTIC)).toBeLessThanOrEqual(truth);
          }
        });
        const [truth, averse, optimistic] = study.filledLots;
        expect(truth).toBeGreaterThan(0);
        expect(averse).toBeLessThanOrEqual(truth!);
        expect(optimistic).toBeGreaterThanOrEqual(truth!);
      }),
      { numRuns: 40 },
    );
  });

  it('is unbiased by proportional where every lot is as likely to be cancelled, without trades', () => {
    const market = new GeneratedMarket({
      flow: poissonFlow({
        limitRatePerS: [2, 2, 2],
        cancelRatePerS: [0.2, 0.2, 0.2],
        marketRatePerS: 0,
        orderSize: { type: 'constant', lots: 1 },
      }),
      startMidTicks: 5_000,
      warmupS: 60,
    });
    const errors: number[] = [];
    for (let unit = 0; unit < 400; unit++) {
      market.start(2, unit, new Int32Array(CONTROL_SLOTS));
      const study = new QueueStudy(market, false, 1e9);
      study.place(0, BUY, study.bestBidTicks(), 1);
      const endNs = 4e9;
      while (study.nextNs() < endNs) study.step(SILENT);
      errors.push(study.aheadLots(0, PROPORTIONAL) - study.queueAheadLots(0));
      expect(study.aheadLots(0, RISK_AVERSE)).toBeGreaterThan(study.queueAheadLots(0) - 1);
    }
    const mean = errors.reduce((sum, e) => sum + e, 0) / errors.length;
    const variance = errors.reduce((sum, e) => sum + (e - mean) ** 2, 0) / (errors.length - 1);
    expect(variance).toBeGreaterThan(0.1);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / errors.length));
  });

  it('changes nothing, and counts true fills as the ledger does', () => {
    const facts = (s: Simulation) => [
      s.events,
      s.ledger.pnlTickLots(),
      s.metrics.fills,
      s.metrics.ordersPlaced,
      s.metrics.incrementSumSquares,
    ];
    const plain = new Simulation(makeMarket(5), makeQuoter('fixed'), OPTIONS, null);
    const study = new QueueStudy(makeMarket(5), false, OPTIONS.adverseNs);
    const studied = new Simulation(study, makeQuoter('fixed'), OPTIONS, null);
    plain.run(CONTROL(), 0, 1);
    studied.run(CONTROL(), 0, 1);
    study.finish();
    expect(facts(studied)).toEqual(facts(plain));
    expect(study.filledLots[TRUTH]).toBe(studied.ledger.makerLots);
    expect(study.placedLots).toBe(studied.metrics.placedLots);
    // Valued at the mid one second later: what the spread earned less what the mid then took.
    const { adverseHalfTickLots, adverseLots } = studied.metrics;
    expect(adverseLots).toBe(studied.ledger.makerLots);
    const value = studied.ledger.spreadCaptureHalfTickLots - adverseHalfTickLots;
    expect(study.valueHalfTickLots[TRUTH]).toBe(value);
  });
});
