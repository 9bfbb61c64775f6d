/** The Hawkes process against its theory (V6), and the order flow that it drives. */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import { Draws } from '../../../src/core/flow/draws.js';
import { HawkesFlow, type HawkesRates } from '../../../src/core/flow/hawkes-flow.js';
import { meanRates, spectralRadius } from '../../../src/core/flow/hawkes-moments.js';
import { HawkesProcess } from '../../../src/core/flow/hawkes-process.js';
import { UnivariateHawkesProcess } from '../../../src/core/flow/hawkes-univariate-process.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';

function makeProcess(
  baseline: readonly number[],
  branching: readonly (readonly number[])[],
  beta: number,
  seed: number,
): HawkesProcess {
  const draws = new Draws(new Stream());
  draws.key(seed, 0, FLOW);
  const process = new HawkesProcess(baseline, branching, beta, draws);
  process.clear();
  process.draw();
  return process;
}

/** The process of one type that draws the children of each event. */
function makeUnivariate(baseline: number, branching: number, beta: number, seed: number) {
  const draws = new Draws(new Stream());
  draws.key(seed, 0, FLOW);
  const process = new UnivariateHawkesProcess(baseline, branching, beta, draws);
  process.clear();
  process.draw();
  return process;
}

/** Its event times in seconds, from an empty start. */
function timesOf(process: UnivariateHawkesProcess, untilS: number): number[] {
  const times: number[] = [];
  while (process.nextNs() <= untilS * 1e9) {
    times.push(process.nextNs() / 1e9);
    process.take();
    process.draw();
  }
  return times;
}

/** Events up to a time, in seconds, from an empty start. */
function eventsOf(process: HawkesProcess, untilS: number): { tS: number; type: number }[] {
  const events: { tS: number; type: number }[] = [];
  while (process.nextNs() <= untilS * 1e9) {
    const tS = process.nextNs() / 1e9;
    events.push({ tS, type: process.take() });
    process.draw();
  }
  return events;
}

const moments = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance, error: Math.sqrt(variance / values.length) };
};

const PAIR = {
  baseline: [0.5, 0.2],
  branching: [
    [0.3, 0.4],
    [0.25, 0.1],
  ],
  beta: 2,
};

describe('HawkesProcess', () => {
  it('has 398 events by T = 200 from an empty start (V6) and a Fano factor of 4, at 4 standard errors', () => {
    const counts = Array.from(
      { length: 3_000 },
      (_, seed) => eventsOf(makeProcess([1], [[0.5]], 1, seed), 200).length,
    );
    const { mean, variance, error } = moments(counts);
    expect(Math.abs(mean - 398)).toBeLessThan(4 * error);
    // The factor of an empty start over T = 200 lies some 2 % below its limit; its error is 2.6 %.
    expect(Math.abs(variance / mean / 4 - 1)).toBeLessThan(4 * Math.sqrt(2 / 3_000) + 0.02);
  });

  it('gives each type its mean rate, within 4 standard errors', () => {
    const T = 400;
    const counts = Array.from({ length: 400 }, (_, seed) => {
      const of = [0, 0];
      for (const { type } of eventsOf(makeProcess(PAIR.baseline, PAIR.branching, PAIR.beta, seed), T)) {
        of[type]!++;
      }
      return of;
    });
    meanRates(PAIR.baseline, PAIR.branching).forEach((rate, type) => {
      const { mean, error } = moments(counts.map((of) => of[type]!));
      // The empty start costs about as many events as the excess takes to build up: below 1 per type here.
      expect(Math.abs(mean - rate * T)).toBeLessThan(4 * error + 1);
    });
  });

  it('has compensators that make each type a unit Poisson stream (time rescaling, KS)', () => {
    const events = eventsOf(makeProcess(PAIR.baseline, PAIR.branching, PAIR.beta, 7), 6_000);
    for (const type of [0, 1]) {
      const last = { tS: 0, at: [0, 0] };
      const gaps: number[] = [];
      let compensator = 0;
      // Plain sums over the past: A_j = sum of exp(-beta (t - t_k)) over events of type j.
      for (const event of events) {
        const dt = event.tS - last.tS;
        const fade = Math.exp(-PAIR.beta * dt);
        compensator += PAIR.baseline[type]! * dt;
        last.at.forEach((sum, j) => (compensator += PAIR.branching[type]![j]! * sum * (1 - fade)));
        last.at = last.at.map((sum, j) => sum * fade + (j === event.type ? 1 : 0));
        last.tS = event.tS;
        if (event.type !== type) continue;
        gaps.push(1 - Math.exp(-compensator));
        compensator = 0;
      }
      gaps.sort((a, b) => a - b);
      const n = gaps.length;
      expect(n).toBeGreaterThan(2_000);
      const distance = Math.max(...gaps.map((u, i) => Math.max((i + 1) / n - u, u - i / n)));
      // 1.95 / sqrt(n) is passed once in a thousand.
      expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
    }
  });

  it('without excitation is a Poisson process; without anything it stands still', () => {
    const counts = Array.from(
      { length: 1_000 },
      (_, seed) =>
        eventsOf(
          makeProcess(
            [3, 0],
            PAIR.branching.map(() => [0, 0]),
            1,
            seed,
          ),
          20,
        ).length,
    );
    const { mean, variance, error } = moments(counts);
    expect(Math.abs(mean - 60)).toBeLessThan(4 * error);
    expect(Math.abs(variance / 60 - 1)).toBeLessThan(4 * Math.sqrt(2 / 1_000));
    expect(makeProcess([0], [[0.5]], 1, 1).nextNs()).toBe(Infinity);
  });
});

describe('UnivariateHawkesProcess', () => {
  // [baseline, branching, decay]: V6, large families, nearly critical, a slow decay.
  const LAWS = [
    [1, 0.5, 1],
    [0.2, 0.9, 5],
    [0.02, 0.97, 40],
    [5, 0.3, 0.05],
  ] as const;

  it.each(LAWS)(
    'has a compensator that makes it a unit Poisson stream (time rescaling): %f, %f, %f',
    (baseline, branching, beta) => {
      const n = 20_000;
      const process = makeUnivariate(baseline, branching, beta, 3);
      const gaps = new Float64Array(n);
      let [last, excess] = [0, 0];
      for (let i = 0; i < n; i++) {
        const now = process.nextNs() / 1e9;
        const fade = Math.exp(-beta * (now - last));
        gaps[i] = baseline * (now - last) + branching * excess * (1 - fade);
        excess = excess * fade + 1;
        last = now;
        process.take();
        process.draw();
      }
      // Of mean 1, without memory, exponential.
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / n;
      expect(Math.abs(mean - 1)).toBeLessThan(4 / Math.sqrt(n));
      for (const lag of [1, 2, 5]) {
        let product = 0;
        for (let i = lag; i < n; i++) product += (gaps[i]! - 1) * (gaps[i - lag]! - 1);
        expect(Math.abs(product / n)).toBeLessThan(4 / Math.sqrt(n));
      }
      const sorted = gaps.map((gap) => 1 - Math.exp(-gap)).sort();
      const distance = Math.max(...sorted.map((u, i) => Math.max((i + 1) / n - u, u - i / n)));
      // 1.95 / sqrt(n) is passed once in a thousand.
      expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
    },
  );

  it.each(LAWS)(
    'has the exact mean of events from an empty start: %f, %f, %f',
    (baseline, branching, beta) => {
      const [untilS, left] = [60, 1 - branching];
      const counts = Array.from(
        { length: 3_000 },
        (_, seed) => timesOf(makeUnivariate(baseline, branching, beta, seed), untilS).length,
      );
      const { mean, error } = moments(counts);
      // The integral of E lambda(t) = mu (1 - n e^(-beta (1 - n) t)) / (1 - n).
      const late = (branching * (1 - Math.exp(-beta * left * untilS))) / (beta * left);
      expect(Math.abs(mean - (baseline * (untilS - late)) / left)).toBeLessThan(4 * error);
    },
  );

  it('is a Poisson process without children, and stands still without a baseline', () => {
    const times = timesOf(makeUnivariate(3, 0, 1, 5), 5_000);
    const perS = new Float64Array(5_000);
    for (const time of times) perS[Math.ceil(time) - 1]!++;
    const { mean, variance, error } = moments([...perS]);
    expect(Math.abs(mean - 3)).toBeLessThan(4 * error);
    expect(Math.abs(variance / 3 - 1)).toBeLessThan(4 * Math.sqrt(2 / 5_000));
    expect(makeUnivariate(0, 0.5, 1, 1).nextNs()).toBe(Infinity);
  });

  it('has families of the right size where an event has many children', () => {
    const [children, untilS] = [10, 0.2];
    const sizes = Array.from({ length: 3_000 }, (_, seed) => {
      const process = makeUnivariate(1e-5, children, 1, seed);
      return timesOf(process, process.nextNs() / 1e9 + untilS).length;
    });
    const { mean, error } = moments(sizes);
    const grown = Math.exp((children - 1) * untilS) - 1;
    expect(Math.abs(mean - 1 - (children / (children - 1)) * grown)).toBeLessThan(4 * error);
  });

  it('starts anew after clear, also in the middle of a block of draws', () => {
    const draws = new Draws(new Stream());
    const process = new UnivariateHawkesProcess(1, 0.5, 1, draws);
    const first = (): number[] => {
      draws.key(2, 1, FLOW);
      process.clear();
      process.draw();
      return timesOf(process, 100);
    };
    expect(first()).toEqual(first());
  });
});

describe('moments of a Hawkes process', () => {
  it('are those of linear algebra', () => {
    const [[a, b], [c, d]] = PAIR.branching as [[number, number], [number, number]];
    const root = Math.sqrt(((a - d) / 2) ** 2 + b * c);
    expect(spectralRadius(PAIR.branching)).toBeCloseTo((a + d) / 2 + root, 9);
    const determinant = (1 - a) * (1 - d) - b * c;
    const [x, y] = PAIR.baseline as [number, number];
    const rates = meanRates(PAIR.baseline, PAIR.branching);
    expect(rates[0]).toBeCloseTo(((1 - d) * x + b * y) / determinant, 9);
    expect(rates[1]).toBeCloseTo((c * x + (1 - a) * y) / determinant, 9);
    expect(spectralRadius([[0]])).toBe(0);
    expect(
      spectralRadius([
        [0, 1.5],
        [1.5, 0],
      ]),
    ).toBeCloseTo(1.5, 9);
    expect(meanRates([1], [[1.1]])).toEqual([Infinity]);
  });
});

const RATES: HawkesRates = {
  baselineRatePerS: [4, 4, 0.5, 0.5, 0.3, 0.3],
  branching: [
    [0.3, 0.05, 0.1, 0.6, 0.2, 0],
    [0.05, 0.3, 0.6, 0.1, 0, 0.2],
    [0, 0, 0.3, 0, 0, 0],
    [0, 0, 0, 0.3, 0, 0],
    [0.2, 0, 0, 0.3, 0.2, 0],
    [0, 0.2, 0.3, 0, 0, 0.2],
  ],
  decayPerS: 10,
  distanceWeights: [3, 2, 1],
  orderSize: { type: 'geometric', meanLots: 4 },
};

function openLab(rates: HawkesRates, seed: number) {
  const draws = new Draws(new Stream());
  draws.key(seed, 0, FLOW);
  const flow = new HawkesFlow(rates, draws, 0);
  const counts = { trades: 0, lots: 0 };
  const book = new Book(
    { ticks: 256, orders: 256, ids: 256 },
    {
      onTrade(makerId, _takerId, _price, qtyLots) {
        flow.fill(makerId, qtyLots);
        counts.trades++;
      },
    },
  );
  flow.seed(book, 10_000);
  return { book, flow, counts };
}

describe('HawkesFlow', () => {
  it('keeps book and live orders the same and never crosses, also where a side is eaten empty', () => {
    const hungry = { ...RATES, baselineRatePerS: [1, 1, 2, 2, 0.3, 0.3] };
    for (const rates of [RATES, hungry]) {
      const { book, flow } = openLab(rates, 3);
      let empty = 0;
      for (let i = 0; i < 10_000; i++) {
        const nowNs = flow.nextNs();
        flow.step(book, book.bestBidTicks, book.bestAskTicks);
        expect(flow.nextNs()).toBeGreaterThan(nowNs);
        expect(book.ordersLive).toBe(flow.live[0].count + flow.live[1].count);
        const { bestBidTicks: bid, bestAskTicks: ask } = book;
        if (bid >= 0 && ask >= 0) expect(bid).toBeLessThan(ask);
        else empty++;
      }
      if (rates === hungry) expect(empty).toBeGreaterThan(0);
    }
  });

  it('trades in bursts: the variance of trades in windows of a second is above that of a Poisson flow', () => {
    const fano = (rates: HawkesRates) => {
      const { book, flow, counts } = openLab(rates, 5);
      const perWindow: number[] = [];
      for (let s = 1; s <= 4_000; s++) {
        const before = counts.trades;
        while (flow.nextNs() <= s * 1e9) flow.step(book, book.bestBidTicks, book.bestAskTicks);
        perWindow.push(counts.trades - before);
      }
      const { mean, variance } = moments(perWindow);
      return variance / mean;
    };
    const none = RATES.branching.map((row) => row.map(() => 0));
    const one = { type: 'constant', lots: 1 } as const;
    expect(fano({ ...RATES, orderSize: one, branching: none })).toBeCloseTo(1, 0);
    expect(fano({ ...RATES, orderSize: one })).toBeGreaterThan(1.5);
  });

  it('goes on after a jump of the clock as if no time had passed', () => {
    const [a, b] = [openLab(RATES, 2), openLab(RATES, 2)];
    for (let i = 0; i < 2_000; i++) {
      if (i === 700) b.flow.jump(b.flow.nextNs() - 5, b.flow.nextNs() + 5e9 - 5);
      a.flow.step(a.book, a.book.bestBidTicks, a.book.bestAskTicks);
      b.flow.step(b.book, b.book.bestBidTicks, b.book.bestAskTicks);
    }
    expect(b.book.stateHash()).toBe(a.book.stateHash());
    expect(b.flow.nextNs() - a.flow.nextNs()).toBe(5e9);
  });
});
