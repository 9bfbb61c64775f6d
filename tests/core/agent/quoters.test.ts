/** The quoting strategies: rounding, never crossing, the skew against inventory, the volatility estimate. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveQuoter } from '../../../src/core/agent/adaptive.js';
import { FixedQuoter } from '../../../src/core/agent/fixed.js';
import { blankQuote, blankView, type QuoteView } from '../../../src/core/agent/quoter.js';
import { VolatilityEstimator } from '../../../src/core/agent/volatility.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { NIL } from '../../../src/core/sim/market.js';

const blank = blankQuote;

function viewOf(bid: number, spread: number, inventoryLots = 0): QuoteView {
  return {
    ...blankView(),
    timeLeftS: 100,
    bidTicks: bid,
    askTicks: bid + spread,
    midHalfTicks: 2 * bid + spread,
    inventoryLots,
  };
}

const bid = fc.integer({ min: 1, max: 1_000_000 });
const spread = fc.integer({ min: 1, max: 50 });

describe('fixed', () => {
  it('quotes at least the half spread away, less than a tick further, and never crosses', () => {
    fc.assert(
      fc.property(bid, spread, fc.integer({ min: 0, max: 60 * 64 }), (b, s, sixtyFourths) => {
        const half = sixtyFourths / 64;
        const view = viewOf(b, s);
        const out = blank();
        new FixedQuoter(half, 7).quote(view, out);
        const mid = view.midHalfTicks / 2;
        expect(out.askTicks).toBeGreaterThan(view.bidTicks);
        expect(out.bidTicks).toBeLessThan(view.askTicks);
        expect(out.askTicks - mid).toBeGreaterThanOrEqual(half);
        if (half >= 1 && s === 1) expect(out.askTicks - mid).toBeLessThan(half + 1);
        if (out.bidTicks !== NIL) {
          expect(mid - out.bidTicks).toBeGreaterThanOrEqual(half);
          expect(out.bidTicks).toBeLessThan(out.askTicks);
          // Symmetric: both sides are rounded away from the mid.
          if (half >= s / 2) expect(mid - out.bidTicks).toBe(out.askTicks - mid);
        }
        expect([out.bidLots, out.askLots]).toEqual([7, 7]);
      }),
    );
  });

  it('leaves a side out when its price would be below one tick', () => {
    const out = blank();
    new FixedQuoter(5, 1).quote(viewOf(3, 1), out);
    expect(out).toMatchObject({ bidTicks: NIL, askTicks: 9 });
  });
});

describe('adaptive', () => {
  const options = { gamma: 0.1, k: 1.5, horizonS: 10, quoteLots: 10, sigmaTicksPerSqrtS: 2 };

  it('places the spread of Avellaneda & Stoikov around the reservation price', () => {
    const out = blank();
    new AdaptiveQuoter(options, null).quote(viewOf(1000, 2, 20), out);
    // r = 1001 - 2 quotes x 0.1 x 4 x 10 = 993; spread = 0.1 x 4 x 10 + 20 ln(1 + 0.1 / 1.5) = 5.2908.
    expect(out.bidTicks).toBe(990);
    // 993 + 2.65 lies below the best bid, so the ask stands just behind it.
    expect(out.askTicks).toBe(1001);
  });

  it('never quotes higher with more inventory, never crosses, and rests less skewed near the end', () => {
    fc.assert(
      fc.property(bid, spread, fc.integer({ min: -500, max: 500 }), fc.nat(300), (b, s, q, more) => {
        const quoter = new AdaptiveQuoter(options, null);
        const [low, high] = [blank(), blank()];
        quoter.quote(viewOf(b, s, q), low);
        quoter.quote(viewOf(b, s, q + more), high);
        expect(high.bidTicks).toBeLessThanOrEqual(low.bidTicks === NIL ? NIL : low.bidTicks);
        expect(high.askTicks).toBeLessThanOrEqual(low.askTicks);
        for (const quote of [low, high]) {
          expect(quote.bidTicks).toBeLessThan(b + s);
          expect(quote.askTicks).toBeGreaterThan(b);
          expect(quote.askTicks).toBeGreaterThan(quote.bidTicks);
        }
      }),
    );
    const [early, late] = [blank(), blank()];
    const quoter = new AdaptiveQuoter(options, null);
    quoter.quote(viewOf(1000, 1, 30), early);
    quoter.quote({ ...viewOf(1000, 1, 30), timeLeftS: 0.1 }, late);
    expect(late.bidTicks).toBeGreaterThan(early.bidTicks);
  });
});

describe('VolatilityEstimator', () => {
  it('finds the volatility of a random walk within 4 standard errors', () => {
    const stream = new Stream(5, 0, 3);
    const halfLifeS = 2_000;
    const estimator = new VolatilityEstimator(20, 1, halfLifeS);
    const sigma = 3;
    let mid = 0;
    for (let i = 0; i < 40_000; i++) {
      // Four looks a second; the bounce at the three in between must not count.
      for (let j = 0; j < 4; j++) estimator.observe((i + j / 4) * 1e9, Math.round(mid) + (j > 0 ? 50 : 0));
      mid += 2 * sigma * stream.normal();
    }
    // Exponential weights: Var(sigma^2) is 2 sigma^4 ln(2) / (2 halfLife); sigma has half its error.
    const error = (sigma / 2) * Math.sqrt(Math.LN2 / halfLifeS);
    expect(Math.abs(estimator.sigma() - sigma)).toBeLessThan(4 * error + 0.01);
  });

  it('starts with the prior', () => {
    expect(new VolatilityEstimator(1.5, 1, 60).sigma()).toBeCloseTo(1.5, 12);
  });
});
