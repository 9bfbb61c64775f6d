/** Bench cases of the strategy passes over bars, on a million bars of a random walk. */
import { DualAverage, MacdCross, RsiReversal } from '../../src/core/bars/strategies.js';
import type { BarPass } from '../../src/core/bars/strategies.js';
import { BarTable } from '../../src/core/bars/table.js';
import type { BenchCase } from './cases.js';
import { hashOfDoubles, hex } from './sim-cases.js';

const rules = { feeRate: 0.0005, down: -1 } as const;

const passes: Record<string, () => BarPass> = {
  'bars-dual-average': () => new DualAverage(20, 100, rules),
  'bars-macd': () => new MacdCross({ fast: 12, slow: 26, signal: 9 }, rules),
  'bars-rsi': () => new RsiReversal({ n: 14, lower: 30, upper: 70 }, rules),
};

export const BAR_CASES = Object.keys(passes);

/** Opens and closes; Lehmer's generator with 48271 modulo 2^31 - 1 is exact in doubles. Twin: serveBars. */
function walk(rows: number): BarTable {
  const table = new BarTable(rows);
  const { close, fill } = table;
  let state = 1;
  const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  let price = 100;
  for (let i = 0; i < rows; i++) {
    fill[i] = price * (1 + 0.0002 * (uniform() - 0.5));
    price *= 1 + 0.004 * (uniform() - 0.5);
    close[i] = price;
  }
  return table;
}

/** `run` makes a pass over all bars, `digest` tells the last one's equity and account. */
export function prepareBars(name: string, rows: number): { run(): void; digest(): string } {
  const table = walk(rows);
  const { equity } = table;
  let pass = passes[name]!();
  return {
    run() {
      pass = passes[name]!();
      table.run(pass);
    },
    digest() {
      const { cash, position, fees, trades } = pass.account;
      let sum = 0;
      for (const value of equity) sum += value;
      return hex(hashOfDoubles([cash, position, fees, trades, sum, equity[rows - 1]!]));
    },
  };
}

export const barCases: readonly BenchCase[] = BAR_CASES.map((name) => ({
  name,
  unit: 'bars',
  sizes: { smoke: 5_000, full: 1_000_000 },
  setup(size) {
    const prepared = prepareBars(name, size);
    return {
      count: size,
      run() {
        prepared.run();
        return prepared.digest();
      },
    };
  },
}));
