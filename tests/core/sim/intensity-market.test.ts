/** The market behind the published tables of Avellaneda & Stoikov: its fast runs beside the plain recipe. */
import { describe, expect, it } from 'vitest';
import { FLOW } from '../../../src/core/rng/names.js';
import { Stream } from '../../../src/core/rng/stream.js';
import {
  IntensityTable,
  linearFillProbability,
  runIntensityMarket,
  type IntensityMarket,
  type IntensityQuoter,
} from '../../../src/core/sim/intensity-market.js';

const MARKET: IntensityMarket = { sigma: 2, horizon: 1, steps: 60, intensityA: 140, intensityK: 1.5 };
const RUNS = 300;

/** Leans against inventory, differently on both sides, so that mixing anything up shows. */
const leaning: IntensityQuoter = (inventory, timeLeft, out) => {
  out[0] = 0.6 + 0.1 * timeLeft - 0.05 * inventory;
  out[1] = 0.8 - 0.1 * timeLeft + 0.07 * inventory;
};

/** Far through the mid on one side: filled at every step; never on the other. */
const eager: IntensityQuoter = (_inventory, _timeLeft, out) => {
  out[0] = -10;
  out[1] = 100;
};

/** The recipe as it is told: mid, cash and inventory of one run after the other, step by step. */
function plainRuns(quoter: IntensityQuoter, stream: Stream): { wealth: number; inventory: number }[] {
  const { steps, horizon, sigma, intensityA, intensityK } = MARKET;
  const dt = horizon / steps;
  const quote = new Float64Array(2);
  const runs = Array.from({ length: RUNS }, () => ({ mid: 100, cash: 0, inventory: 0 }));
  for (let step = 0; step < steps; step++) {
    for (const run of runs) {
      quoter(run.inventory, horizon - step * dt, quote);
      const [ask, bid] = quote as unknown as [number, number];
      const [first, second] = [stream.u32(), stream.u32()];
      const sold = Math.floor(first / 2) / 2 ** 31 < linearFillProbability(intensityA, intensityK, ask, dt);
      const bought =
        Math.floor(second / 2) / 2 ** 31 < linearFillProbability(intensityA, intensityK, bid, dt);
      const mid = run.mid;
      if (sold) {
        run.inventory--;
        run.cash += mid + ask;
      }
      if (bought) {
        run.inventory++;
        run.cash -= mid - bid;
      }
      run.mid += first % 2 === 1 ? -sigma * Math.sqrt(dt) : sigma * Math.sqrt(dt);
    }
  }
  return runs.map(({ mid, cash, inventory }) => ({ wealth: cash + inventory * mid, inventory }));
}

describe.each([
  ['leaning', leaning],
  ['eager', eager],
])('runIntensityMarket with a quoter that is %s', (_name, quoter) => {
  it('ends every run as the plain recipe does', () => {
    const wealth = new Float64Array(RUNS);
    const inventory = new Int32Array(RUNS);
    const table = new IntensityTable(MARKET, quoter);
    runIntensityMarket(table, new Stream(5, 1, FLOW), RUNS, wealth, inventory);
    plainRuns(quoter, new Stream(5, 1, FLOW)).forEach((expected, run) => {
      expect(inventory[run]).toBe(expected.inventory);
      expect(wealth[run]).toBeCloseTo(expected.wealth, 8);
    });
  });
});

describe('runIntensityMarket', () => {
  it('forgets what its arrays held, and leaves what lies beyond its runs', () => {
    const table = new IntensityTable(MARKET, leaning);
    const [wealth, inventory] = [new Float64Array(RUNS + 1).fill(7), new Int32Array(RUNS + 1).fill(7)];
    runIntensityMarket(table, new Stream(5, 1, FLOW), RUNS, wealth, inventory);
    const [fresh, freshInventory] = [new Float64Array(RUNS), new Int32Array(RUNS)];
    runIntensityMarket(table, new Stream(5, 1, FLOW), RUNS, fresh, freshInventory);
    expect(wealth.subarray(0, RUNS)).toEqual(fresh);
    expect(inventory.subarray(0, RUNS)).toEqual(freshInventory);
    expect([wealth[RUNS], inventory[RUNS]]).toEqual([7, 7]);
  });
});

describe('IntensityTable', () => {
  it('has the mean spread of its quoter at inventory 0', () => {
    expect(new IntensityTable(MARKET, leaning).meanSpread).toBeCloseTo(1.4, 12);
  });

  it('takes another law of fills', () => {
    const never = new IntensityTable(MARKET, leaning, () => 0);
    const [wealth, inventory] = [new Float64Array(RUNS), new Int32Array(RUNS)];
    runIntensityMarket(never, new Stream(1, 1, FLOW), RUNS, wealth, inventory);
    expect(wealth.every((value) => value === 0) && inventory.every((value) => value === 0)).toBe(true);
  });
});

describe('linearFillProbability', () => {
  it('is A exp(-k delta) dt, and 1 for a quote far through the mid', () => {
    expect(linearFillProbability(140, 1.5, 0.7, 0.005)).toBeCloseTo(140 * Math.exp(-1.05) * 0.005, 14);
    expect(linearFillProbability(140, 1.5, -10, 0.005)).toBe(1);
  });
});
