/** The zero-intelligence market of Smith et al. (2003): scaling laws and the constant of its spread (V5). */
import { describe, expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import { Draws } from '../../../src/core/flow/draws.js';
import { PoissonFlow } from '../../../src/core/flow/poisson-flow.js';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import { zeroIntelligenceRates } from '../../../src/core/flow/zero-intelligence.js';

/** Mean spread over time in ticks, after a warm-up, of orders of one lot. */
function meanSpread(alphaPerS: number, muPerS: number, deltaPerS: number, windowTicks: number): number {
  const draws = new Draws(new Stream());
  draws.key(4, 0, FLOW);
  const fields = { type: 'zero-intelligence', durationS: 1, warmupS: 0, startMidTicks: 1 } as const;
  const orderSize = { type: 'constant', lots: 1 } as const;
  const rates = zeroIntelligenceRates({ ...fields, alphaPerS, muPerS, deltaPerS, windowTicks, orderSize });
  const flow = new PoissonFlow(rates, draws, 0);
  const sizes = { ticks: 2048, orders: 512, ids: 512 };
  const book = new Book(sizes, { onTrade: (makerId, _taker, _price, lots) => flow.fill(makerId, lots) });
  flow.seed(book, 1_000_000);
  const [warmNs, endNs] = [100e9 / muPerS, 40_000e9 / muPerS];
  let weighted = 0;
  let time = 0;
  while (flow.nextNs() < endNs) {
    const nowNs = flow.nextNs();
    flow.step(book, book.bestBidTicks, book.bestAskTicks);
    const { bestBidTicks: bid, bestAskTicks: ask } = book;
    if (nowNs < warmNs || bid < 0 || ask < 0) continue;
    weighted += (flow.nextNs() - nowNs) * (ask - bid);
    time += flow.nextNs() - nowNs;
  }
  return weighted / time;
}

describe('zero intelligence', () => {
  const base = meanSpread(0.03, 1, 0.1, 250);

  it('has the spread (mu/alpha)(0.28 + 1.86 epsilon^(3/4)) within 15 % where the tick is small', () => {
    const expected = (1 / 0.03) * (0.28 + 1.86 * 0.1 ** 0.75);
    expect(Math.abs(base / expected - 1)).toBeLessThan(0.15);
  });

  it('only runs faster when all three rates are doubled', () => {
    expect(Math.abs(meanSpread(0.06, 2, 0.2, 250) / base - 1)).toBeLessThan(1e-6);
  });

  it('has twice the spread when mu and delta are doubled at the same alpha, within 5 %', () => {
    expect(Math.abs(meanSpread(0.03, 2, 0.2, 500) / base - 2)).toBeLessThan(0.1);
  });
});
