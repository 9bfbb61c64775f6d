/** The strategy passes as WebAssembly: compiled once a thread, an instance and its memory for each table. */
import { compileWasm, instantiateWasm } from '../../wasm.js';
import type { WasmMemory } from '../../wasm.js';
import { KERNELS } from './bytes.js';

/** Exports of kernels/bars. A pass trades bars from..to-1 of the columns. */
export interface BarKernels {
  readonly memory: WasmMemory;
  /** Makes room for closes, fill prices and equity of `rows` bars, one after the other; first byte, or 0. */
  allot(rows: number): number;
  /** First byte of side, position, cash, fees, trades and three averages, as doubles. */
  state(): number;
  dualAverage(...args: [...Span, fast: number, slow: number, ...Rules]): void;
  macdCross(...args: [...Span, fast: number, slow: number, signal: number, ...Rules]): void;
  rsiReversal(...args: [...Span, n: number, lower: number, upper: number, ...Rules]): void;
}
type Span = [from: number, to: number];
type Rules = [feeRate: number, down: number];

let module: object | null = null;

/** Kernels with memory of their own. Throws where the engine has no WebAssembly. */
export function barKernels(): BarKernels {
  module ??= compileWasm(KERNELS);
  return instantiateWasm(module) as BarKernels;
}
