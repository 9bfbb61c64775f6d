/**
 * Strategies over bars in one pass: crossing averages, MACD, RSI; signal, position, fee and equity together.
 *
 * Why fused: an indicator array that is written and read again costs more than the arithmetic behind it,
 * and a sweep over parameters wants neither. Per bar one close and one fill price are read and one equity
 * is written. The averages are those of averages.ts and wilder.ts, the conventions those of position.ts. A
 * pass advances by stretches, because V8 optimises a function from its entry on. The inner loops run to the
 * next trade and hold numbers only, no object, no constant of another module and nothing but the signal to
 * branch on; the fill price is read at every bar though few are used, because a read here and there misses
 * the caches. A trade is a branch guessed wrongly and costs as much as several bars, so a pass is slow
 * where signals flip often. V8 checks every index of an array, which costs crossing averages, with four reads
 * a bar, two fifths of their speed: the same passes over a BarTable (table.ts) run in WebAssembly.
 * Twins, bit for bit: kernels/bars/passes.ts and, in C++, native-bench/bars.hpp.
 */
import { REFRESH_BARS, weightOf } from './averages.js';
import type { MacdWindows } from './averages.js';
import type { BarKernels } from './kernels/instance.js';
import { emptyAccount } from './position.js';
import type { BarAccount, BarPrices, BarRules } from './position.js';

/**
 * What lies nearer than this part of the close before a stretch counts as equal: what rounding leaves must
 * not trade.
 */
const TIE = 1e-12;

/** Signals, and that there was none yet. */
const NONE = 0;
const UP = 1;
const DOWN = 2;

/** Obeys a new signal at `price`. */
function moveTo(account: BarAccount, signal: number, down: number, price: number, feeRate: number): void {
  const wanted = signal === UP ? 1 : down;
  const units = wanted - account.position;
  const fee = feeRate * price * Math.abs(units);
  account.cash -= units * price + fee;
  account.fees += fee;
  account.position = wanted;
  account.side = signal;
  if (units !== 0) account.trades++;
}

/** A strategy at work. Bars are advanced over once and in order, as many at a time as there are. */
export interface BarPass {
  readonly account: BarAccount;
  /** Averages that last from call to call, at most three. */
  readonly averages: Float64Array;
  /** Trades bars from..to-1 and writes their equity; live bars are appended to the arrays first. */
  advance(prices: BarPrices, equity: Float64Array, from: number, to: number): void;
  /** The same by the kernels over their own columns; BarTable.advance lends them account and averages. */
  advanceIn(kernels: BarKernels, from: number, to: number): void;
}

/** Runs a new pass over all bars; throws unless the arrays fit together. Returns its account. */
export function runBars(pass: BarPass, prices: BarPrices, equity: Float64Array): BarAccount {
  const rows = prices.close.length;
  if (prices.fill.length !== rows || equity.length < rows) {
    const got = `${prices.fill.length} fills and room for ${equity.length}`;
    throw new Error(`expected a fill price and room for the equity of each of ${rows} bars; got ${got}`);
  }
  for (let from = 0; from < rows; from += REFRESH_BARS) {
    pass.advance(prices, equity, from, Math.min(from + REFRESH_BARS, rows));
  }
  return pass.account;
}

/**
 * Long while the simple average of `fast` closes lies above that of `slow`, else `down`; ties keep the
 * position. The first decision is made at bar slow - 1.
 */
export class DualAverage implements BarPass {
  readonly account: BarAccount = emptyAccount();
  readonly averages = new Float64Array(0);
  private readonly fast: number;
  private readonly slow: number;
  private readonly rules: BarRules;

  /** Throws unless 0 < fast < slow. */
  constructor(fast: number, slow: number, rules: BarRules) {
    if (!(Number.isInteger(fast) && Number.isInteger(slow) && 0 < fast && fast < slow)) {
      throw new Error(`expected windows 0 < fast < slow; got ${fast} and ${slow}`);
    }
    this.fast = fast;
    this.slow = slow;
    this.rules = rules;
  }

  /** Takes both sums anew, so that rounding does not pile up: fast + slow additions a call. */
  advance({ close, fill }: BarPrices, equity: Float64Array, from: number, to: number): void {
    const { fast, slow, account } = this;
    const { feeRate, down } = this.rules;
    const start = Math.min(Math.max(slow, from), to);
    equity.fill(0, from, start);
    if (start === to) return;
    let fastSum = 0;
    let slowSum = 0;
    for (let i = start - slow; i < start; i++) slowSum += close[i];
    for (let i = start - fast; i < start; i++) fastSum += close[i];
    // The gap of the averages times both windows: no division.
    const least = TIE * fast * slow * Math.abs(close[start - 1]);
    let gap = fastSum * slow - slowSum * fast;
    for (let i = start; i < to;) {
      const { side, cash, position } = account;
      // Turned so that it rises against the side held: one comparison. Until there is one, bar by bar.
      const turn = side === UP || (side === NONE && gap < 0) ? -1 : 1;
      const end = side === NONE ? i + 1 : to;
      const fastTurned = fast * turn;
      const slowTurned = slow * turn;
      let against = gap * turn;
      let price = 0;
      for (; i < end; i = (i + 1) | 0) {
        price = fill[i];
        if (against > least) break;
        const last = close[i];
        equity[i] = cash + position * last;
        against += (last - close[(i - fast) | 0]) * slowTurned - (last - close[(i - slow) | 0]) * fastTurned;
      }
      gap = against * turn;
      if (i < end) moveTo(account, gap > 0 ? UP : DOWN, down, price, feeRate);
    }
  }

  advanceIn(kernels: BarKernels, from: number, to: number): void {
    const { feeRate, down } = this.rules;
    kernels.dualAverage(from, to, this.fast, this.slow, feeRate, down);
  }
}

/**
 * Long while the MACD line lies above its signal, else `down`; ties keep the position. The first decision is
 * made at bar slow + signal - 2.
 */
export class MacdCross implements BarPass {
  readonly account: BarAccount = emptyAccount();
  /** Fast, slow and that of the line. */
  readonly averages = new Float64Array(3);
  private readonly windows: MacdWindows;
  private readonly rules: BarRules;
  private readonly alphas: Float64Array;

  /** Throws unless 0 < fast < slow and signal > 0. */
  constructor(windows: MacdWindows, rules: BarRules) {
    const { fast, slow, signal } = windows;
    if (!([fast, slow, signal].every(Number.isInteger) && 0 < fast && fast < slow && signal > 0)) {
      throw new Error(`expected windows 0 < fast < slow and signal > 0; got ${fast}, ${slow}, ${signal}`);
    }
    this.windows = windows;
    this.rules = rules;
    this.alphas = Float64Array.of(2 / (fast + 1), 2 / (slow + 1), 2 / (signal + 1));
  }

  advance({ close, fill }: BarPrices, equity: Float64Array, from: number, to: number): void {
    const { windows, averages, alphas, account } = this;
    const { feeRate, down } = this.rules;
    const start = Math.min(Math.max(windows.slow + windows.signal - 1, from), to);
    for (let i = from; i < start; i++) this.warmUp(i, close[i]);
    equity.fill(0, from, start);
    if (start === to) return;
    const [fastAlpha, slowAlpha, lineAlpha] = [alphas[0], alphas[1], alphas[2]];
    const [fastKeep, slowKeep, lineKeep] = [1 - fastAlpha, 1 - slowAlpha, 1 - lineAlpha];
    let [fast, slow, average] = [averages[0], averages[1], averages[2]];
    const least = TIE * Math.abs(close[start - 1]);
    let gap = fast - slow - average;
    for (let i = start; ;) {
      const { side, cash, position } = account;
      const upAt = side === UP ? Infinity : least;
      const downAt = side === DOWN ? -Infinity : -least;
      let price = 0;
      for (; i < to; i++) {
        price = fill[i];
        if (gap > upAt || gap < downAt) break;
        const last = close[i];
        equity[i] = cash + position * last;
        fast = fastKeep * fast + fastAlpha * last;
        slow = slowKeep * slow + slowAlpha * last;
        const line = fast - slow;
        average = lineKeep * average + lineAlpha * line;
        gap = line - average;
      }
      if (i === to) break;
      moveTo(account, gap > 0 ? UP : DOWN, down, price, feeRate);
    }
    averages[0] = fast;
    averages[1] = slow;
    averages[2] = average;
  }

  advanceIn(kernels: BarKernels, from: number, to: number): void {
    const { fast, slow, signal } = this.windows;
    const { feeRate, down } = this.rules;
    kernels.macdCross(from, to, fast, slow, signal, feeRate, down);
  }

  private warmUp(i: number, price: number): void {
    const { averages, alphas, windows } = this;
    const fast = weightOf(i, windows.fast, alphas[0]);
    averages[0] = (1 - fast) * averages[0] + fast * price;
    const slow = weightOf(i, windows.slow, alphas[1]);
    averages[1] = (1 - slow) * averages[1] + slow * price;
    const lines = i - windows.slow + 1;
    const weight = lines < 0 ? 0 : weightOf(lines, windows.signal, alphas[2]);
    averages[2] = (1 - weight) * averages[2] + weight * (averages[0] - averages[1]);
  }
}

/** Window in bars and the two thresholds of an RSI strategy, 0 <= lower < upper <= 100. */
export interface RsiRule {
  readonly n: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Long from a bar whose relative strength index lies below `lower`, `down` from one where it lies above
 * `upper`; between them the position stays. The first decision is made at bar n.
 */
export class RsiReversal implements BarPass {
  readonly account: BarAccount = emptyAccount();
  /** Of the rises and of the falls. */
  readonly averages = new Float64Array(2);
  private readonly rule: RsiRule;
  private readonly rules: BarRules;

  /** Throws unless n > 0 and 0 <= lower < upper <= 100. */
  constructor(rule: RsiRule, rules: BarRules) {
    const { n, lower, upper } = rule;
    if (!(Number.isInteger(n) && n > 0 && 0 <= lower && lower < upper && upper <= 100)) {
      throw new Error(
        `expected a window above 0 and 0 <= lower < upper <= 100; got ${n}, ${lower}, ${upper}`,
      );
    }
    this.rule = rule;
    this.rules = rules;
  }

  advance({ close, fill }: BarPrices, equity: Float64Array, from: number, to: number): void {
    const { averages, account } = this;
    const { n, lower, upper } = this.rule;
    const { feeRate, down } = this.rules;
    const alpha = 1 / n;
    const half = 0.5 * alpha;
    const keep = 1 - alpha;
    let gain = averages[0];
    let loss = averages[1];
    const start = Math.min(Math.max(n + 1, from), to);
    for (let i = Math.max(from, 1); i < start; i++) {
      const change = close[i] - close[i - 1];
      gain += half * (Math.abs(change) + change);
      loss += half * (Math.abs(change) - change);
    }
    equity.fill(0, from, start);
    // The index is 100 g / (g + l): compared without the division.
    const low = lower / 100 - TIE;
    const high = upper / 100 + TIE;
    let last = start > 0 ? close[start - 1] : 0;
    for (let i = start; ;) {
      const { side, cash, position } = account;
      const upAt = side === UP ? -1 : low;
      const downAt = side === DOWN ? 2 : high;
      let price = 0;
      for (; i < to; i++) {
        price = fill[i];
        const both = gain + loss;
        if (gain < upAt * both || gain > downAt * both) break;
        const change = close[i] - last;
        last = close[i];
        equity[i] = cash + position * last;
        const size = Math.abs(change);
        gain = keep * gain + half * (size + change);
        loss = keep * loss + half * (size - change);
      }
      if (i === to) break;
      moveTo(account, side === DOWN || gain < low * (gain + loss) ? UP : DOWN, down, price, feeRate);
    }
    averages[0] = gain;
    averages[1] = loss;
  }

  advanceIn(kernels: BarKernels, from: number, to: number): void {
    const { n, lower, upper } = this.rule;
    const { feeRate, down } = this.rules;
    kernels.rsiReversal(from, to, n, lower, upper, feeRate, down);
  }
}
