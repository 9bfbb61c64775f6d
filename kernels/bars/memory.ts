/** The columns that the passes run over, and what a pass holds from call to call. src/core/bars/table.ts wraps them. */

/** First bytes of the columns of closes, fill prices and equity, doubles one after another. */
export let close: usize = 0;
export let fill: usize = 0;
export let equity: usize = 0;

/** Side, position, cash, fees and trades, then up to three averages: eight doubles. */
export const STATE = memory.data(64, 16);

export const NONE: f64 = 0;
export const UP: f64 = 1;
export const DOWN: f64 = 2;

/** Makes room for three columns of `rows` bars, one after the other; returns the first byte, 0 without memory. */
export function allot(rows: i32): usize {
  const bytes = <usize>rows << 3;
  close = (__heap_base + 63) & ~63;
  fill = close + bytes;
  equity = fill + bytes;
  const pages = <i32>((equity + bytes + 0xffff) >>> 16) - memory.size();
  return pages > 0 && memory.grow(pages) < 0 ? 0 : close;
}

/** First byte of the state. */
export function state(): usize {
  return STATE;
}

// @ts-ignore: AssemblyScript knows decorators of functions
@inline
export function side(): f64 {
  return load<f64>(STATE);
}
// @ts-ignore: as above
@inline
export function position(): f64 {
  return load<f64>(STATE, 8);
}
// @ts-ignore: as above
@inline
export function cash(): f64 {
  return load<f64>(STATE, 16);
}

/** Average 0, 1 or 2. */
// @ts-ignore: as above
@inline
export function average(index: usize): f64 {
  return load<f64>(STATE + (index << 3), 40);
}
// @ts-ignore: as above
@inline
export function setAverage(index: usize, value: f64): void {
  store<f64>(STATE + (index << 3), value, 40);
}

/** Obeys a new signal at `price`. */
export function moveTo(signal: f64, down: f64, price: f64, feeRate: f64): void {
  const wanted = signal === UP ? <f64>1 : down;
  const units = wanted - position();
  const fee = feeRate * price * abs(units);
  store<f64>(STATE, signal);
  store<f64>(STATE, wanted, 8);
  store<f64>(STATE, cash() - (units * price + fee), 16);
  store<f64>(STATE, load<f64>(STATE, 24) + fee, 24);
  if (units !== 0) store<f64>(STATE, load<f64>(STATE, 32) + 1, 32);
}

/** Equity of bars before the first decision. */
export function clear(from: i32, to: i32): void {
  memory.fill(equity + (<usize>from << 3), 0, <usize>(to - from) << 3);
}
