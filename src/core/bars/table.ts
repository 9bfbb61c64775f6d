/**
 * Bars in WebAssembly memory, over which the strategy passes run nearly as quickly as compiled C++.
 *
 * Why: V8 checks every index of a typed array; the engine guards WebAssembly's memory as a whole, without a
 * check (kernels/bars/passes.ts). So that no pass copies, a table owns its columns: whoever makes bars
 * writes them there, and BarTable.of copies those that live elsewhere. New memory costs more than a pass,
 * 10 ns a bar for the system to clear it, so a table is for sweeps and for use again: other bars are written
 * over the old ones, 1 ns each, and run() takes how many there are. Results have the bits that runBars gives
 * of arrays, which stays as the oracle, and for a single pass or bars beyond MAX_ROWS. A table takes 24 bytes
 * a bar, once, and 0.04 ms to make. Its memory goes when the table goes; the engine sets aside some GB of
 * addresses, not of memory, for each, so that a process holds thousands of tables, not millions.
 */
import { REFRESH_BARS } from './averages.js';
import { barKernels } from './kernels/instance.js';
import type { BarKernels } from './kernels/instance.js';
import type { BarAccount, BarPrices } from './position.js';
import { DualAverage, MacdCross, RsiReversal, runBars } from './strategies.js';
import type { BarPass } from './strategies.js';

/** Most bars of a table: 16,777,216, 403 MB; 32 years of minutes. */
export const MAX_ROWS = 16_777_216;

/** Doubles of the kernels' state: side, position, cash, fees, trades, averages. */
const STATE = 8;
const AVERAGES = 5;

export class BarTable implements BarPrices {
  /** The caller's to write; see BarPrices. */
  readonly close: Float64Array;
  readonly fill: Float64Array;
  /** Of the last run; bars that it did not reach hold what was there. */
  readonly equity: Float64Array;
  private readonly kernels: BarKernels;
  private readonly state: Float64Array;

  /** Room for `rows` bars, zeros, 0..MAX_ROWS. Throws a RangeError where memory does not suffice. */
  constructor(rows: number) {
    if (!(Number.isInteger(rows) && rows >= 0 && rows <= MAX_ROWS)) {
      throw new RangeError(`expected 0..${MAX_ROWS} bars in a table; got ${rows}: runBars takes more`);
    }
    tryOnce();
    this.kernels = barKernels();
    const first = this.kernels.allot(rows);
    if (first === 0) throw new RangeError(`expected memory for a table of ${rows} bars; there is none left`);
    const { buffer } = this.kernels.memory;
    const column = (index: number): Float64Array => new Float64Array(buffer, first + 8 * rows * index, rows);
    this.close = column(0);
    this.fill = column(1);
    this.equity = column(2);
    this.state = new Float64Array(buffer, this.kernels.state(), STATE);
  }

  /** A copy of prices that live elsewhere. Throws unless there is a fill price for each close. */
  static of({ close, fill }: BarPrices): BarTable {
    if (fill.length !== close.length) {
      throw new Error(`expected a fill price for each of ${close.length} bars; got ${fill.length}`);
    }
    const table = new BarTable(close.length);
    table.close.set(close);
    table.fill.set(fill);
    return table;
  }

  /** Runs a new pass over the first `rows` bars, all unless said. Returns its account. */
  run(pass: BarPass, rows = this.close.length): BarAccount {
    for (let from = 0; from < rows; from += REFRESH_BARS) {
      this.advance(pass, from, Math.min(from + REFRESH_BARS, rows));
    }
    return pass.account;
  }

  /**
   * Trades bars from..to-1 and writes their equity; once and in order, as BarPass.advance does. Throws unless
   * 0 <= from <= to <= the rows there are.
   */
  advance(pass: BarPass, from: number, to: number): void {
    const rows = this.close.length;
    if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= rows)) {
      throw new RangeError(`expected bars from..to within 0..${rows}; got ${from}..${to}`);
    }
    const { state } = this;
    const { account, averages } = pass;
    state[0] = account.side;
    state[1] = account.position;
    state[2] = account.cash;
    state[3] = account.fees;
    state[4] = account.trades;
    for (let i = 0; i < averages.length; i++) state[AVERAGES + i] = averages[i];
    pass.advanceIn(this.kernels, from, to);
    // As integers, which V8 keeps otherwise than numbers.
    account.side = state[0] | 0;
    account.position = state[1] | 0;
    account.cash = state[2];
    account.fees = state[3];
    account.trades = state[4] | 0;
    for (let i = 0; i < averages.length; i++) averages[i] = state[AVERAGES + i];
  }
}

let tried = false;

/** Compares the kernels with the passes in TypeScript over a few bars, before the first table is made. */
function tryOnce(): void {
  if (tried) return;
  tried = true;
  const table = new BarTable(96);
  const { close, fill, equity } = table;
  // A walk in 64ths, exact in doubles.
  for (let i = 0, price = 100, word = 1; i < close.length; i++) {
    word = (word * 48271) % 2147483647;
    fill[i] = price;
    close[i] = price += ((word % 129) - 64) / 64;
  }
  const rules = { feeRate: 0.001, down: -1 } as const;
  const passes: readonly (() => BarPass)[] = [
    () => new DualAverage(2, 5, rules),
    () => new MacdCross({ fast: 3, slow: 6, signal: 4 }, rules),
    () => new RsiReversal({ n: 5, lower: 40, upper: 60 }, rules),
  ];
  for (const [index, make] of passes.entries()) {
    const expected = new Float64Array(close.length);
    runBars(make(), { close, fill }, expected);
    table.run(make());
    const at = equity.findIndex((value, i) => value !== expected[i]);
    if (at !== -1) {
      tried = false;
      throw new Error(
        `Expected equity ${expected[at]} at bar ${at} of trial ${index}, got ${equity[at]} of the kernels: the build is damaged. Build anew.`,
      );
    }
  }
}
