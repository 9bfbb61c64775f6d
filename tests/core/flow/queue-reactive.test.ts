/** The queue-reactive flow: the law of a queue, rates by size, the reference price, and the book it keeps. */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import { Draws } from '../../../src/core/flow/draws.js';
import {
  queueLaw,
  QueueReactiveFlow,
  type QueueReactiveRates,
} from '../../../src/core/flow/queue-reactive-flow.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { BUY, SELL } from '../../../src/core/sim/market.js';

const SIZES = Array.from({ length: 9 }, (_, n) => n);
const RATES: QueueReactiveRates = {
  limitBySizePerS: [SIZES.map((n) => 2 - n / 10), SIZES.map(() => 1.5)],
  cancelBySizePerS: [SIZES.map((n) => 0.3 * n), SIZES.map((n) => 0.4 * n)],
  marketBySizePerS: [SIZES.map((n) => 1 / (1 + n)), SIZES.map(() => 0.3)],
  theta: 0.6,
  thetaReinit: 0.3,
  orderSize: { type: 'constant', lots: 1 },
};

function openLab(rates: QueueReactiveRates, seed: number) {
  const draws = new Draws(new Stream());
  draws.key(seed, 0, FLOW);
  const flow = new QueueReactiveFlow(rates, draws, 0);
  const counts = { trades: 0 };
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

/** Lots at a level, as the book has them. */
const lotsAt = ({ book, flow }: ReturnType<typeof openLab>, side: number, level: number) =>
  book.qtyAt(side === BUY ? flow.referenceTicks - level : flow.referenceTicks + 1 + level);

describe('queueLaw', () => {
  it('is the Poisson law where orders come at one rate and leave each by itself', () => {
    const sizes = Array.from({ length: 40 }, (_, n) => n);
    const law = queueLaw(
      sizes.map(() => 3),
      sizes.map((n) => 0.5 * n),
    );
    let [chance, sum] = [Math.exp(-6), 0];
    for (const n of sizes.slice(0, 20)) {
      sum += chance;
      expect(law[n]).toBeCloseTo(sum, 12);
      chance *= 6 / (n + 1);
    }
  });

  it('is geometric where one order leaves at a time, with the tail in the last entry', () => {
    const law = queueLaw([1, 1, 1, 1], [0, 1, 1, 1], [0, 1, 1, 1]);
    expect([...law]).toEqual([0.5, 0.75, 0.875, 1]);
  });
});

describe('QueueReactiveFlow', () => {
  it('sends each event at the rate of the size it meets, within 4 standard errors', () => {
    const lab = openLab({ ...RATES, theta: 0 }, 5);
    const { book, flow, counts } = lab;
    const of = () => SIZES.map(() => ({ seconds: 0, limits: 0, cancels: 0, markets: 0 }));
    const seen = [of(), of()];
    let lastNs = 0;
    for (let i = 0; i < 150_000; i++) {
      const before = [0, 1].map((level) => lotsAt(lab, SELL, level));
      const [spentNs, trades] = [flow.nextNs() - lastNs, counts.trades];
      lastNs = flow.nextNs();
      flow.step(book);
      for (const level of [0, 1]) {
        const cell = seen[level]![Math.min(before[level]!, 8)]!;
        cell.seconds += spentNs / 1e9;
        const change = lotsAt(lab, SELL, level) - before[level]!;
        if (change > 0) cell.limits++;
        else if (change < 0 && counts.trades > trades) cell.markets++;
        else if (change < 0) cell.cancels++;
      }
    }
    const near = (events: number, expected: number) =>
      expect(Math.abs(events - expected)).toBeLessThan(4 * Math.sqrt(expected) + 1e-9);
    for (const level of [0, 1]) {
      SIZES.slice(0, 8).forEach((n) => {
        const cell = seen[level]![n]!;
        if (cell.seconds < 100) return;
        near(cell.limits, cell.seconds * RATES.limitBySizePerS[level]![n]!);
        near(cell.cancels, n === 0 ? 0 : cell.seconds * RATES.cancelBySizePerS[level]![n]!);
        if (level === 0) near(cell.markets, n === 0 ? 0 : cell.seconds * RATES.marketBySizePerS[0]![n]!);
      });
    }
    expect(seen[0]!.filter(({ seconds }) => seconds > 100).length).toBeGreaterThan(5);
  });

  it('keeps to its law while the reference price stands still', () => {
    const lab = openLab({ ...RATES, theta: 0 }, 6);
    const law = queueLaw(RATES.limitBySizePerS[0]!, RATES.cancelBySizePerS[0]!, RATES.marketBySizePerS[0]!);
    const time = SIZES.map(() => 0);
    let lastNs = 0;
    for (let i = 0; i < 150_000; i++) {
      const n = Math.min(lotsAt(lab, BUY, 0), 8);
      time[n]! += lab.flow.nextNs() - lastNs;
      lastNs = lab.flow.nextNs();
      lab.flow.step(lab.book);
    }
    // Some 10,000 independent stretches: a chance of a tenth is known to a third of a hundredth.
    SIZES.forEach((n) => {
      expect(Math.abs(time[n]! / lastNs - (law[n]! - (law[n - 1] ?? 0)))).toBeLessThan(0.012);
    });
  });

  it('moves the reference price with chance theta when a first queue is empty as the mid moves its way', () => {
    const drained = { ...RATES, limitBySizePerS: [SIZES.map(() => 1), SIZES.map(() => 1.5)] };
    for (const theta of [0.6, 1]) {
      const lab = openLab({ ...drained, theta, thetaReinit: 0 }, 7);
      // The mid's distance from the reference price, in half ticks.
      const lean = (): number => {
        const first = (side: number) => [0, 1].find((level) => lotsAt(lab, side, level) > 0) ?? 2;
        return first(SELL) - first(BUY);
      };
      let [chances, moves] = [0, 0];
      for (let i = 0; i < 60_000; i++) {
        const [before, leant] = [lab.flow.referenceTicks, lean()];
        lab.flow.step(lab.book);
        const move = lab.flow.referenceTicks - before;
        const isUp = lean() > leant && lotsAt(lab, SELL, 0) === 0;
        const isDown = lean() < leant && lotsAt(lab, BUY, 0) === 0;
        expect(Math.abs(move)).toBeLessThanOrEqual(1);
        if (move !== 0) moves++;
        if (move !== 0 || isUp || isDown) chances++;
      }
      expect(chances).toBeGreaterThan(1_000);
      const error = Math.sqrt((theta * (1 - theta)) / chances);
      expect(Math.abs(moves / chances - theta)).toBeLessThanOrEqual(4 * error);
    }
  });

  it('keeps book and queues the same, inside its window, and never crosses', () => {
    const busy = { ...RATES, theta: 1, orderSize: { type: 'geometric', meanLots: 5 } } as const;
    const hungry = { ...busy, marketBySizePerS: [SIZES.map(() => 6), SIZES.map(() => 6)] };
    const [prices, lots] = [new Int32Array(64), new Int32Array(64)];
    for (const rates of [RATES, busy, hungry]) {
      const { book, flow } = openLab(rates, 3);
      for (let i = 0; i < 8_000; i++) {
        const nowNs = flow.nextNs();
        flow.step(book);
        expect(flow.nextNs()).toBeGreaterThan(nowNs);
        const inside = flow as unknown as { queues: { count: number }[]; lots: Int32Array };
        expect(inside.queues.reduce((sum, queue) => sum + queue.count, 0)).toBe(book.ordersLive);
        let all = 0;
        for (const side of [BUY, SELL]) {
          const n = book.depth(side, prices, lots, 64);
          for (let k = 0; k < n; k++) {
            all += lots[k]!;
            const level =
              side === BUY ? flow.referenceTicks - prices[k]! : prices[k]! - flow.referenceTicks - 1;
            expect(level >= 0 && level < 2).toBe(true);
          }
        }
        expect(inside.lots.reduce((sum, one) => sum + one, 0)).toBe(all);
        const { bestBidTicks: bid, bestAskTicks: ask } = book;
        if (bid >= 0 && ask >= 0) expect(bid).toBeLessThan(ask);
      }
      expect(flow.referenceTicks).not.toBe(10_000);
    }
  });
});
