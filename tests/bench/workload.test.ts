/** The workload generator: its random source, a tiny variant on both books, the published base. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Book } from '../../src/core/book/book.js';
import { NaiveBook } from '../../src/core/book/naive.js';
import type { OrderBook, TradeSink } from '../../src/core/book/types.js';
import { withShared } from '../support/shared.js';
import { Pcg32 } from './pcg32.js';
import { applyMessages, BBO_HASH_START, type Figures, figuresOf, TradeTape } from './replay.js';
import {
  generateWorkload,
  LADDER_TICKS,
  LIMIT,
  VARIANTS,
  WORDS,
  type Workload,
  workloadFile,
} from './workload.js';

function replay(workload: Workload, make: (sink: TradeSink) => OrderBook): Figures {
  const tape = new TradeTape();
  const book = make(tape);
  return figuresOf(book, tape, applyMessages(book, workload.records, 0, workload.messages, BBO_HASH_START));
}

describe('PCG32', () => {
  it('gives what 64-bit arithmetic gives', () => {
    const mask = 2n ** 64n - 1n;
    for (const seed of [0, 1, 42, 2 ** 32 - 1]) {
      const random = new Pcg32(seed);
      let state = 109n;
      state = ((state + BigInt(seed)) * 6364136223846793005n + 109n) & mask;
      for (let i = 0; i < 1_000; i++) {
        const word = (((state >> 18n) ^ state) >> 27n) & 0xffffffffn;
        const turn = state >> 59n;
        const expected = ((word >> turn) | (word << (-turn & 31n))) & 0xffffffffn;
        expect(random.next()).toBe(Number(expected));
        state = (state * 6364136223846793005n + 109n) & mask;
      }
    }
  });
});

describe('tiny workload', () => {
  const workload = generateWorkload(VARIANTS.tiny);
  const golden = {
    trades: 3350,
    volume: 103_624,
    notional: 3_394_173_637,
    tradeHash: 1_703_422_300,
    bboHash: 949_007_403,
    endOrders: 187,
    endLevels: 70,
    endQty: 8_656,
  };

  it('gives its golden figures on both books', () => {
    const options = { ticks: LADDER_TICKS, orders: 400, ids: workload.ids };
    expect(replay(workload, (sink) => new Book(options, sink))).toEqual(golden);
    expect(replay(workload, (sink) => new NaiveBook(options, sink))).toEqual(golden);
  });

  it('writes a file that says the same', () => {
    const bytes = workloadFile(workload);
    const words = new Uint32Array(bytes.buffer);
    expect(Array.from(words.subarray(0, 9))).toEqual([
      0x4c4f424d,
      1,
      workload.messages,
      workload.preload,
      workload.ids,
      0,
      LADDER_TICKS,
      VARIANTS.tiny.seed,
      VARIANTS.tiny.target,
    ]);
    expect(new Int32Array(bytes.buffer, 64)).toEqual(workload.records);
  });
});

describe('our own variants', () => {
  it.each([
    ['sparse', 20_000],
    ['wide-swing', 30_000],
  ] as const)('%s gives the same figures on both books', (name, messages) => {
    const workload = generateWorkload({ ...VARIANTS[name], messages });
    const options = { ticks: LADDER_TICKS, orders: 4_000, ids: workload.ids };
    const figures = replay(workload, (sink) => new Book(options, sink));
    expect(figures.trades).toBeGreaterThan(1_000);
    expect(replay(workload, (sink) => new NaiveBook(options, sink))).toEqual(figures);
  });

  it('sparse has levels hundreds of ticks apart', () => {
    const { records } = generateWorkload({ ...VARIANTS.sparse, messages: 5_000 });
    const prices = [...new Set(limitPrices(records))].sort((a, b) => a - b);
    expect(Math.min(...prices.slice(1).map((price, i) => price - prices[i]!))).toBeGreaterThanOrEqual(300);
  });

  it('wide-swing leaves the ladder with which a book starts, many times over', () => {
    const { records } = generateWorkload({ ...VARIANTS['wide-swing'], messages: 400_000 });
    const prices = limitPrices(records);
    const [low, high] = prices.reduce(([a, b], price) => [Math.min(a, price), Math.max(b, price)], [
      Infinity,
      -Infinity,
    ] as [number, number]);
    expect(high - low).toBeGreaterThan(4 * LADDER_TICKS);
  });
});

/** Prices of all limit orders of a workload. */
function limitPrices(records: Int32Array): number[] {
  const prices: number[] = [];
  for (let at = 0; at < records.length; at += WORDS) {
    if ((records[at]! & 255) === LIMIT) prices.push(records[at + 2]!);
  }
  return prices;
}

withShared('published workload', (dir) => {
  it('base gives every published count and hash', () => {
    const file = readFileSync(join(dir, 'workloads/lob-expected.json'), 'utf8');
    const published = (JSON.parse(file) as Record<string, Record<string, number>>).base!;
    const workload = generateWorkload(VARIANTS.base);
    const options = { ticks: LADDER_TICKS, orders: 4_000, ids: workload.ids };
    const got: Record<string, number> = {
      nMsgs: workload.messages,
      preload: workload.preload,
      ids: workload.ids,
      ...workload.counts,
      ...replay(workload, (sink) => new Book(options, sink)),
    };
    for (const [name, value] of Object.entries(got)) expect(value, name).toBe(published[name]);
  });
});
