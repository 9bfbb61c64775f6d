/**
 * Strategies over bars in one pass, bars from..to-1 a call. Twins of the passes in src/core/bars/strategies.ts: the same
 * operations in the same order, hence the same bits; what they do and why is told there. What differs is that a read is
 * one instruction: the engine guards the memory as a whole, where it checks every index of a typed array. One address
 * moves over the closes, and the other columns lie at distances from it. Windows are doubles, since they may be longer
 * than any table. Cost per bar on one core: 1.5 ns for averages,
 * 3.9 for MACD, whose averages wait for each other and whose signal flips often, 1.9 for RSI.
 */
import { DOWN, NONE, UP, average, cash, clear, close, equity, fill, moveTo, position, setAverage, side } from './memory';

/** See strategies.ts. */
const TIE: f64 = 1e-12;

/** Address of the close of bar i. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function bar(i: i32): usize {
  return close + (<usize>i << 3);
}

/** Where the first decision may be made within from..to: not before bar `first`. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function startOf(first: f64, from: i32, to: i32): i32 {
  return <i32>min(max(first, <f64>from), <f64>to);
}

export function dualAverage(from: i32, to: i32, fast: f64, slow: f64, feeRate: f64, down: f64): void {
  const start = startOf(slow, from, to);
  clear(from, start);
  if (start === to) return;
  let at = bar(start);
  const last = bar(to);
  const toFill = fill - close;
  const toEquity = equity - close;
  const fastBytes = <usize>fast << 3;
  const slowBytes = <usize>slow << 3;
  let fastSum: f64 = 0;
  let slowSum: f64 = 0;
  for (let back = at - slowBytes; back < at; back += 8) slowSum += load<f64>(back);
  for (let back = at - fastBytes; back < at; back += 8) fastSum += load<f64>(back);
  const least = TIE * fast * slow * abs(load<f64>(at - 8));
  let gap = fastSum * slow - slowSum * fast;
  while (at < last) {
    const held = side();
    const money = cash();
    const units = position();
    // Turned so that it rises against the side held; until there is one, bar by bar.
    const turn: f64 = held === UP || (held === NONE && gap < 0) ? -1 : 1;
    const end = held === NONE ? at + 8 : last;
    const fastTurned = fast * turn;
    const slowTurned = slow * turn;
    let against = gap * turn;
    let price: f64 = 0;
    for (; at < end; at += 8) {
      price = load<f64>(at + toFill);
      if (against > least) break;
      const now = load<f64>(at);
      store<f64>(at + toEquity, money + units * now);
      against += (now - load<f64>(at - fastBytes)) * slowTurned - (now - load<f64>(at - slowBytes)) * fastTurned;
    }
    gap = against * turn;
    if (at < end) moveTo(gap > 0 ? UP : DOWN, down, price, feeRate);
  }
}

/** See averages.ts. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function weightOf(i: f64, seed: f64, alpha: f64): f64 {
  return i < seed ? 1 / (i + 1) : alpha;
}

export function macdCross(
  from: i32,
  to: i32,
  fastWindow: f64,
  slowWindow: f64,
  lineWindow: f64,
  feeRate: f64,
  down: f64,
): void {
  const fastAlpha = 2 / (fastWindow + 1);
  const slowAlpha = 2 / (slowWindow + 1);
  const lineAlpha = 2 / (lineWindow + 1);
  const fastKeep = 1 - fastAlpha;
  const slowKeep = 1 - slowAlpha;
  const lineKeep = 1 - lineAlpha;
  let fast = average(0);
  let slow = average(1);
  let mean = average(2);
  const start = startOf(slowWindow + lineWindow - 1, from, to);
  for (let i = from; i < start; i++) {
    const now = load<f64>(bar(i));
    const fastWeight = weightOf(<f64>i, fastWindow, fastAlpha);
    fast = (1 - fastWeight) * fast + fastWeight * now;
    const slowWeight = weightOf(<f64>i, slowWindow, slowAlpha);
    slow = (1 - slowWeight) * slow + slowWeight * now;
    const lines = <f64>i - slowWindow + 1;
    const weight = lines < 0 ? <f64>0 : weightOf(lines, lineWindow, lineAlpha);
    mean = (1 - weight) * mean + weight * (fast - slow);
  }
  clear(from, start);
  let at = bar(start);
  const last = bar(to);
  const toFill = fill - close;
  const toEquity = equity - close;
  const least = start < to ? TIE * abs(load<f64>(at - 8)) : 0;
  let gap = fast - slow - mean;
  // Turned as above, averages and all: exact but for the sign of a nought, which no result shows. One comparison instead
  // of two, and fewer numbers to keep than the engine has registers: an eighth quicker.
  while (at < last) {
    const held = side();
    const money = cash();
    const units = position();
    const turn: f64 = held === UP || (held === NONE && gap < 0) ? -1 : 1;
    const end = held === NONE ? at + 8 : last;
    const fastTurned = fastAlpha * turn;
    const slowTurned = slowAlpha * turn;
    fast *= turn;
    slow *= turn;
    mean *= turn;
    let against = gap * turn;
    let price: f64 = 0;
    for (; at < end; at += 8) {
      price = load<f64>(at + toFill);
      if (against > least) break;
      const now = load<f64>(at);
      store<f64>(at + toEquity, money + units * now);
      fast = fastKeep * fast + fastTurned * now;
      slow = slowKeep * slow + slowTurned * now;
      const line = fast - slow;
      mean = lineKeep * mean + lineAlpha * line;
      against = line - mean;
    }
    fast *= turn;
    slow *= turn;
    mean *= turn;
    gap = against * turn;
    if (at < end) moveTo(gap > 0 ? UP : DOWN, down, price, feeRate);
  }
  setAverage(0, fast);
  setAverage(1, slow);
  setAverage(2, mean);
}

export function rsiReversal(
  from: i32,
  to: i32,
  window: f64,
  lower: f64,
  upper: f64,
  feeRate: f64,
  down: f64,
): void {
  const alpha = 1 / window;
  const half = 0.5 * alpha;
  const keep = 1 - alpha;
  let gain = average(0);
  let loss = average(1);
  const start = startOf(window + 1, from, to);
  for (let i = max(from, 1); i < start; i++) {
    const change = load<f64>(bar(i)) - load<f64>(bar(i - 1));
    gain += half * (abs(change) + change);
    loss += half * (abs(change) - change);
  }
  clear(from, start);
  const low = lower / 100 - TIE;
  const high = upper / 100 + TIE;
  let at = bar(start);
  const end = bar(to);
  const toFill = fill - close;
  const toEquity = equity - close;
  let last = start > 0 ? load<f64>(at - 8) : 0;
  while (at < end) {
    const held = side();
    const money = cash();
    const units = position();
    const upAt: f64 = held === UP ? -1 : low;
    const downAt: f64 = held === DOWN ? 2 : high;
    let price: f64 = 0;
    for (; at < end; at += 8) {
      price = load<f64>(at + toFill);
      const both = gain + loss;
      if (gain < upAt * both || gain > downAt * both) break;
      const now = load<f64>(at);
      const change = now - last;
      last = now;
      store<f64>(at + toEquity, money + units * now);
      const size = abs(change);
      gain = keep * gain + half * (size + change);
      loss = keep * loss + half * (size - change);
    }
    if (at < end) moveTo(held === DOWN || gain < low * (gain + loss) ? UP : DOWN, down, price, feeRate);
  }
  setAverage(0, gain);
  setAverage(1, loss);
}
