/** Quoters on solved ladders, with online intensity, and with imbalance: what they quote. */
import { describe, expect, it } from 'vitest';
import { AdaptiveQuoter } from '../../../src/core/agent/adaptive.js';
import { cjpLadder, cjpQuotes } from '../../../src/core/agent/cartea-jaimungal-penalva.js';
import { glftAsymptotic, glftExact, glftLadder } from '../../../src/core/agent/glft.js';
import { GlftQuoter } from '../../../src/core/agent/glft-quoter.js';
import { ImbalanceQuoter } from '../../../src/core/agent/imbalance.js';
import { IntensityEstimator } from '../../../src/core/agent/intensity.js';
import { LadderQuoter } from '../../../src/core/agent/ladder-quoter.js';
import { blankQuote, blankView, type Quoter, type QuoteView } from '../../../src/core/agent/quoter.js';
import { SymmetricQuoter } from '../../../src/core/agent/symmetric.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { BUY, NIL, SELL } from '../../../src/core/sim/market.js';

/** A wide market, so that no quote is moved behind the opposite best. */
const viewOf = (inventoryLots: number, timeLeftS = 1e6): QuoteView => ({
  ...blankView(),
  bidTicks: 900_000,
  askTicks: 1_100_000,
  midHalfTicks: 2_000_000,
  inventoryLots,
  timeLeftS,
});

const quoteOf = (quoter: Quoter, view: QuoteView): number[] => {
  const out = blankQuote();
  quoter.quote(view, out);
  return [out.bidTicks, out.askTicks];
};

describe('LadderQuoter', () => {
  // A steep model in ticks, so that rounding to ticks does not hide a mistake.
  const model = { gamma: 1e-4, sigma: 30, intensityA: 2, intensityK: 0.003 };

  it('quotes the exact distances at every whole inventory, rounded away from the mid', () => {
    const quoter = new LadderQuoter(
      glftLadder(model, 8),
      (l, q, out) => glftExact(model, l, q, out),
      100,
      10,
    );
    const [ladder, both] = [glftLadder(model, 8), new Float64Array(2)];
    ladder.advance(100);
    for (let q = -7; q <= 7; q++) {
      glftExact(model, ladder, q, both);
      const [bid, ask] = quoteOf(quoter, viewOf(10 * q));
      expect([1_000_000 - bid!, ask! - 1_000_000]).toEqual([Math.ceil(both[0]!), Math.ceil(both[1]!)]);
    }
  });

  it('quotes between two neighbours at a part of a quote, and by the time left near the end', () => {
    const cjp = { lambda: 2, kappa: 0.003, phi: 0.5, terminalAlpha: 5 };
    const quoter = new LadderQuoter(cjpLadder(cjp, 8), (l, q, out) => cjpQuotes(cjp, l, q, out), 100, 10);
    const [low, high] = [quoteOf(quoter, viewOf(20)), quoteOf(quoter, viewOf(30))];
    const middle = quoteOf(quoter, viewOf(25));
    for (const side of [0, 1]) {
      expect(Math.abs(middle[side]! - (low[side]! + high[side]!) / 2)).toBeLessThanOrEqual(1);
      expect(high[side]).toBeLessThan(low[side]!);
    }
    const both = new Float64Array(2);
    cjpQuotes(cjp, cjpLadder(cjp, 8), 2, both);
    expect(quoteOf(quoter, viewOf(20, 0))[0]).toBe(1_000_000 - Math.ceil(both[0]!));
  });

  it('of GLFT nears the asymptotic quotes far from the end', () => {
    const both = new Float64Array(2);
    glftAsymptotic(model, 1, both);
    const exact = new LadderQuoter(
      glftLadder(model, 30),
      (l, q, out) => glftExact(model, l, q, out),
      500,
      10,
    );
    const closed = new GlftQuoter(model, 10, null, null);
    const [bid, ask] = quoteOf(closed, viewOf(10));
    expect([1_000_000 - bid!, ask! - 1_000_000]).toEqual([Math.ceil(both[0]!), Math.ceil(both[1]!)]);
    const far = quoteOf(exact, viewOf(10));
    expect(Math.abs(far[0]! - bid!) / both[0]!).toBeLessThan(0.02);
    expect(Math.abs(far[1]! - ask!) / both[1]!).toBeLessThan(0.02);
  });
});

describe('IntensityEstimator', () => {
  /** Sweeps of exponential reach at rate A per side, told as trades at every half tick on their way. */
  function feed(
    estimator: IntensityEstimator,
    intensityA: number,
    intensityK: number,
    seconds: number,
  ): void {
    const stream = new Stream(11, 0, 4);
    const mid = 20_000;
    let tS = 0;
    let second = 0;
    for (;;) {
      tS += stream.exponential() / (2 * intensityA);
      if (tS > seconds) return;
      for (; second < tS; second++) estimator.observe(second * 1e9);
      const side = stream.i32() < 0 ? BUY : SELL;
      const reachHalfTicks = Math.floor((2 * stream.exponential()) / intensityK);
      for (let b = 2; b <= reachHalfTicks; b += 2) {
        estimator.trade(tS * 1e9, (mid + (side === BUY ? b : -b)) / 2, side, mid);
      }
    }
  }

  it('finds A and k of exponential sweeps, from a wrong first guess', () => {
    const estimator = new IntensityEstimator(0.2, 3, 1, 1_000);
    feed(estimator, 4, 0.6, 12_000);
    // Reach is seen in whole ticks here, which makes a step of the line: the slope has no bias, A at most
    // half a step. Effective sample: 2 x 4 x 1,000 / ln 2 sweeps, relative error of k about 1 %.
    expect(Math.abs(estimator.intensityK / 0.6 - 1)).toBeLessThan(0.06);
    expect(Math.abs(estimator.intensityA / 4 - 1)).toBeLessThan(0.25);
  });

  it('starts with the prior and keeps it in silence', () => {
    const estimator = new IntensityEstimator(1, 1.5, 1, 60);
    expect([estimator.intensityA, estimator.intensityK]).toEqual([1, 1.5]);
    for (let second = 0; second < 3; second++) estimator.observe(second * 1e9);
    expect(estimator.intensityK).toBeCloseTo(1.5, 6);
    expect(estimator.intensityA).toBeLessThan(1);
  });

  it('widens adaptive quotes when trades reach far', () => {
    const options = { gamma: 1e-3, k: 1.5, horizonS: 1, quoteLots: 1, sigmaTicksPerSqrtS: 0 };
    const quoter = new AdaptiveQuoter(options, null, new IntensityEstimator(1, 1.5, 1, 100));
    const [bid] = quoteOf(quoter, viewOf(0));
    for (let second = 0; second < 400; second++) {
      const view = { ...viewOf(0), tNs: second * 1e9 };
      quoter.observe(view);
      for (let tick = 1; tick < 15; tick++) quoter.onTrade(view, 1_000_000 + tick, 1, BUY);
    }
    expect(quoteOf(quoter, viewOf(0))[0]).toBeLessThan(bid! - 3);
  });
});

describe('symmetric and imbalance', () => {
  it('symmetric quotes the spread of Avellaneda & Stoikov around the mid at any inventory', () => {
    const options = { gamma: 0.1, k: 0.05, horizonS: 10, quoteLots: 1, sigmaTicksPerSqrtS: 2 };
    const half = (0.1 * 4 * 10 + 20 * Math.log(1 + 0.1 / 0.05)) / 2;
    for (const q of [-50, 0, 50]) {
      const wanted = [1_000_000 - Math.ceil(half), 1_000_000 + Math.ceil(half)];
      expect(quoteOf(new SymmetricQuoter(options), viewOf(q))).toEqual(wanted);
    }
  });

  it('imbalance leans to the weighted mid, against the inventory, and leaves the threatened side', () => {
    const options = { halfSpreadTicks: 10, weight: 1, skewTicks: 2, pullAbove: 0.7, quoteLots: 10 };
    const quoter = new ImbalanceQuoter(options);
    const view = { ...viewOf(0), bidTicks: 990_000, askTicks: 1_010_000, bidLots: 30, askLots: 10 };
    // Weighted mid: (990,000 x 10 + 1,010,000 x 30) / 40 = 1,005,000.
    expect(quoteOf(quoter, view)).toEqual([1_004_990, 1_005_010]);
    expect(quoteOf(quoter, { ...view, inventoryLots: 20 })).toEqual([1_004_986, 1_005_006]);
    expect(quoteOf(quoter, { ...view, bidLots: 90 })[1]).toBe(NIL);
    expect(quoteOf(quoter, { ...view, askLots: 900 })[0]).toBe(NIL);
    expect(quoteOf(quoter, { ...view, bidLots: 0, askLots: 0 })).toEqual([999_990, 1_000_010]);
  });
});
