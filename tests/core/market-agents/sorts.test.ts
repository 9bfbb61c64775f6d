/** Each sort of agent on its own: what it does when it wakes. */
import { describe, expect, it } from 'vitest';
import { BUY, NIL, SELL, TIF_GTC } from '../../../src/core/book/codes.js';
import { FIRST_ID, MID, NOBODY, openLab, type Lab } from './lab.js';

const size = { type: 'constant', lots: 4 } as const;

/** Quotes of the trader that nobody can exhaust. */
function quote(lab: Lab, bidTicks: number, askTicks: number): void {
  for (const id of [1, 2]) if (lab.book.qtyOf(id) > 0) lab.book.cancel(id);
  lab.book.limit(1, BUY, bidTicks, 1_000_000, TIF_GTC);
  lab.book.limit(2, SELL, askTicks, 1_000_000, TIF_GTC);
}

describe('noise agents', () => {
  it('take the best opposite price on either side, equally often', () => {
    const lab = openLab({ ...NOBODY, noiseAgents: 5, orderSize: size }, 3);
    quote(lab, MID - 1, MID + 2);
    const n = 4000;
    for (let wake = 0; wake < n; wake++) lab.step();
    expect(lab.lots[BUY]! + lab.lots[SELL]!).toBe(4 * n);
    expect(Math.abs(lab.lots[BUY]! / 4 - n / 2)).toBeLessThan(4 * Math.sqrt(n / 4));
  });

  it('leave what is not filled at that price until they wake again', () => {
    const lab = openLab({ ...NOBODY, noiseAgents: 1, orderSize: size }, 3);
    lab.book.limit(1, BUY, MID, 1, TIF_GTC);
    lab.book.limit(2, SELL, MID + 1, 1, TIF_GTC);
    lab.step();
    expect(lab.book.qtyOf(FIRST_ID)).toBe(3);
    const side = lab.book.sideOf(FIRST_ID);
    expect(lab.book.priceOf(FIRST_ID)).toBe(side === BUY ? MID + 1 : MID);
  });
});

describe('value agents', () => {
  it('buy below their estimate and sell above it', () => {
    const only = { ...NOBODY, valueAgents: 3, valueNoiseTicks: 0, fundamentalSigmaTicksPerSqrtS: 0 };
    const lab = openLab({ ...only, valueTakingShare: 1, orderSize: size });
    quote(lab, MID - 9, MID - 6);
    for (let wake = 0; wake < 50; wake++) lab.step();
    expect(lab.lots).toEqual([200, 0]);
    quote(lab, MID + 6, MID + 9);
    for (let wake = 0; wake < 50; wake++) lab.step();
    expect(lab.lots).toEqual([200, 200]);
  });

  it('place within two spreads of the best opposite price', () => {
    const only = { ...NOBODY, valueAgents: 1, valueNoiseTicks: 0, fundamentalSigmaTicksPerSqrtS: 0 };
    const lab = openLab({ ...only, valueTakingShare: 0, orderSize: size });
    quote(lab, MID - 12, MID - 8);
    const seen = new Set<number>();
    for (let wake = 0; wake < 400; wake++) {
      const taken = lab.lots[BUY]!;
      lab.step();
      seen.add(lab.lots[BUY]! > taken ? MID - 8 : lab.book.priceOf(FIRST_ID));
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => MID - 15 + i));
  });

  it('know how uncertain they are: squared errors over the filtered variance average to one', () => {
    const lab = openLab({ ...NOBODY, valueAgents: 200, valueNoiseTicks: 3, fundamentalReversionPerS: 0.01 });
    const { flow } = lab;
    for (let wake = 0; wake < 4000; wake++) lab.step();
    let [sum, n] = [0, 0];
    for (let wake = 0; wake < 40_000; wake++) {
      const tNs = flow.nextNs();
      lab.step();
      // The agent that woke is the one that looked at tNs.
      const at = flow.value.beliefs.indexOf(tNs) - 2;
      const error = flow.value.beliefs[at]! - flow.fundamental.valueTicks[0]!;
      sum += (error * error) / flow.value.beliefs[at + 1]!;
      n++;
    }
    // Errors of one moment share the value's path, not the noise: about n / 10 are independent.
    expect(Math.abs(sum / n - 1)).toBeLessThan(4 * Math.sqrt(2 / (n / 10)));
  });

  it('stand at their estimate while a side is empty', () => {
    const only = { ...NOBODY, valueAgents: 2, valueNoiseTicks: 0, fundamentalSigmaTicksPerSqrtS: 0 };
    const lab = openLab({ ...only, orderSize: size });
    lab.step();
    expect([lab.book.bestBidTicks, lab.book.bestAskTicks]).toEqual([MID, NIL]);
  });
});

describe('momentum agents', () => {
  it('do nothing without a trend, buy after a rise and sell after a fall', () => {
    const lab = openLab({ ...NOBODY, momentumAgents: 1, orderSize: size });
    quote(lab, MID, MID + 1);
    for (let wake = 0; wake < 5; wake++) lab.step();
    expect(lab.lots).toEqual([0, 0]);
    quote(lab, MID + 5, MID + 6);
    for (let wake = 0; wake < 5; wake++) lab.step();
    expect(lab.lots).toEqual([20, 0]);
    quote(lab, MID - 40, MID - 39);
    for (let wake = 0; wake < 5; wake++) lab.step();
    expect(lab.lots).toEqual([20, 20]);
  });
});

describe('market makers', () => {
  const only = { ...NOBODY, makerAgents: 1, makerLevels: 3, makerMinLots: 5, makerSkewTicks: 2 };

  it('lay a ladder half a spread from the mid, with levels the stated spreads apart', () => {
    const lab = openLab({ ...only, makerLevelSpacing: 2 });
    const [prices, lots] = [new Int32Array(8), new Int32Array(8)];
    // Around 10,000.5 with the first spread of 2 ticks.
    expect(lab.book.depth(BUY, prices, lots, 8)).toBe(3);
    expect([...prices.slice(0, 3)]).toEqual([MID - 1, MID - 5, MID - 9]);
    expect([...lots.slice(0, 3)]).toEqual([5, 5, 5]);
    expect(lab.book.depth(SELL, prices, lots, 8)).toBe(3);
    expect([...prices.slice(0, 3)]).toEqual([MID + 2, MID + 6, MID + 10]);
  });

  it('size the ladder by the volume and lean towards the side that traded', () => {
    const lab = openLab({ ...only, makerVolumeShare: 0.5 });
    quote(lab, MID - 1, MID + 1);
    lab.flow.desk.volumeLots[BUY] = 40;
    lab.step();
    expect(lab.book.qtyOf(FIRST_ID)).toBe(20);
    // All trades were buys, so the centre moves from the mid up by 2; but a market maker never takes.
    expect(lab.book.priceOf(FIRST_ID)).toBe(MID);
    expect(lab.lots).toEqual([0, 0]);
  });
});

describe('execution agents', () => {
  const only = { ...NOBODY, executionAgents: 1, executionParentLots: 100, executionSlices: 8 };

  it('work a TWAP parent in equal parts on one side', () => {
    const lab = openLab({ ...only, executionSchedule: 'twap' });
    quote(lab, MID, MID + 1);
    const children: number[] = [];
    for (let wake = 0; wake < 8; wake++) {
      const before = lab.lots[BUY]! + lab.lots[SELL]!;
      lab.step();
      children.push(lab.lots[BUY]! + lab.lots[SELL]! - before);
    }
    expect(children).toEqual([13, 13, 13, 13, 13, 13, 13, 9]);
    expect(Math.min(...lab.lots)).toBe(0);
  });

  it('follow the volume with POV, and bring back what was not filled', () => {
    const lab = openLab({ ...only, executionVolumeShare: 0.25 });
    lab.book.limit(1, BUY, MID, 5, TIF_GTC);
    lab.book.limit(2, SELL, MID + 1, 5, TIF_GTC);
    lab.flow.desk.volumeLots[BUY] = 80;
    lab.step();
    // A child of 20 lots took 5; the other 15 rest and are of the next child, which is of one lot at least.
    expect(lab.book.qtyOf(FIRST_ID)).toBe(15);
    const side = lab.book.sideOf(FIRST_ID);
    quote(lab, MID - 5, MID + 6);
    let traded = lab.lots[side]!;
    for (let wake = 0; wake < 200 && lab.lots[side]! < 100; wake++) {
      lab.step();
      expect(lab.lots[side]!).toBeGreaterThan(traded);
      traded = lab.lots[side]!;
    }
    expect(lab.lots[side]).toBe(100);
    expect(lab.lots[1 - side]).toBe(0);
  });
});
