/** The exact odds of two queues: symmetry, limits, and a plain simulation of the same chain. */
import { describe, expect, it } from 'vitest';
import {
  oddsOfExecution,
  oddsOfMakingSpread,
  oddsOfRise,
  printedExecutionTable,
  type QueueRates,
} from '../../../src/core/proof/queue-race.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';

const SKY: QueueRates = { lambda: 1.85, mu: 0.94, theta: 0.71 };
const OTHER: QueueRates = { lambda: 0.6, mu: 1.1, theta: 0.3 };
const SIZE = 4;
const RUNS = 20_000;

/**
 * One race of our order (position in its queue) and the other best queue: who is gone first, played event by
 * event.
 */
function playExecution(
  stream: Stream,
  { lambda, mu, theta }: QueueRates,
  position: number,
  queue: number,
): boolean {
  while (position > 0 && queue > 0) {
    const ahead = mu + (position - 1) * theta;
    const shrink = mu + queue * theta;
    const u = stream.uniform() * (ahead + lambda + shrink);
    if (u < ahead) position--;
    else if (u < ahead + lambda) queue++;
    else queue--;
  }
  return position === 0;
}

/** Both orders of a spread: true when both are executed before what stands behind the first is gone. */
function playSpread(stream: Stream, rates: QueueRates, bid: number, ask: number): boolean {
  const { lambda, mu, theta } = rates;
  const [position, behind] = [
    [bid, ask],
    [0, 0],
  ];
  for (;;) {
    const leave = position.map((place) => mu + (place - 1) * theta);
    const shrink = behind.map((count) => count * theta);
    let u = stream.uniform() * (leave[0]! + leave[1]! + 2 * lambda + shrink[0]! + shrink[1]!);
    for (let side = 0; side < 2; side++) {
      if (u < leave[side]!) {
        position[side]!--;
        if (position[side] === 0) return playExecution(stream, rates, position[1 - side]!, behind[side]!);
        break;
      }
      u -= leave[side]!;
      if (u < lambda) {
        behind[side]!++;
        break;
      }
      u -= lambda;
      if (u < shrink[side]!) {
        behind[side]!--;
        break;
      }
      u -= shrink[side]!;
    }
  }
}

function expectShare(hits: number, expected: number): void {
  expect(Math.abs(hits / RUNS - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / RUNS));
}

describe.each([SKY, OTHER])('queues at rates %o', (rates) => {
  it('rise and fall are each other mirrored, and more bids make a rise likelier', () => {
    const odds = oddsOfRise(rates, SIZE);
    for (let bid = 0; bid < SIZE; bid++) {
      for (let ask = 0; ask < SIZE; ask++) {
        expect(odds[bid * SIZE + ask]! + odds[ask * SIZE + bid]!).toBeCloseTo(1, 12);
        if (bid > 0) expect(odds[bid * SIZE + ask]).toBeGreaterThan(odds[(bid - 1) * SIZE + ask]!);
      }
    }
  });

  it('execution meets a plain simulation of the race', () => {
    const stream = new Stream(1, 0, FLOW);
    const odds = oddsOfExecution(rates, SIZE);
    for (const [position, queue] of [
      [1, 1],
      [1, 4],
      [3, 2],
      [4, 4],
    ] as const) {
      let hits = 0;
      for (let run = 0; run < RUNS; run++) hits += Number(playExecution(stream, rates, position, queue));
      expectShare(hits, odds[(position - 1) * SIZE + queue - 1]!);
    }
  });

  it('making the spread is symmetric and meets a plain simulation', () => {
    const stream = new Stream(2, 0, FLOW);
    const odds = oddsOfMakingSpread(rates, SIZE);
    for (const [bid, ask] of [
      [1, 1],
      [1, 3],
      [4, 2],
    ] as const) {
      expect(odds[(bid - 1) * SIZE + ask - 1]).toBeCloseTo(odds[(ask - 1) * SIZE + bid - 1]!, 12);
      let hits = 0;
      for (let run = 0; run < RUNS; run++) hits += Number(playSpread(stream, rates, bid, ask));
      expectShare(hits, odds[(bid - 1) * SIZE + ask - 1]!);
    }
  });
});

describe('printedExecutionTable', () => {
  it('is one minus the transposed table, so twice is the table itself', () => {
    const odds = oddsOfExecution(SKY, SIZE);
    const twice = printedExecutionTable(printedExecutionTable(odds, SIZE), SIZE);
    odds.forEach((value, i) => expect(twice[i]).toBeCloseTo(value, 14));
    expect(printedExecutionTable(odds, SIZE)[1]).toBeCloseTo(1 - odds[SIZE]!, 14);
  });
});
