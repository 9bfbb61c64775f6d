/**
 * The batch kernels of this thread: decoded, compiled and tried once, at first use, with memory of their own.
 *
 * Memory belongs to a thread and is used again by every call, so that a job allocates nothing; it grows to
 * what the largest call needed and never beyond MAX_BYTES.
 */
import { compileWasm, instantiateWasm } from '../../wasm.js';
import type { WasmMemory } from '../../wasm.js';
import { KERNELS } from './kernels.js';

/** First arguments of every kernel: seed and first path in two words each, and the name. */
type Keys = [seedLow: number, seedHigh: number, pathLow: number, pathHigh: number, name: number];
type Fill = (...args: [...Keys, groups: number, perPath: number, out: number]) => void;
type Law = [groups: number, steps: number, drift: number, sd: number];
type Reduce = (...args: [...Keys, ...Law, level: number, out: number, planeBytes: number]) => void;
type Walk = (...args: [...Keys, ...Law, scale: number, out: number]) => void;

interface Exports {
  readonly memory: WasmMemory;
  heapBase(): number;
  readonly fill64: Fill;
  readonly fill32: Fill;
  readonly reduce64: Reduce;
  readonly reduce32: Reduce;
  readonly walk64: Walk;
  readonly walk32: Walk;
}

const PAGE_BYTES = 65_536;
/** Most memory that a thread gives to the kernels. */
export const MAX_BYTES = 64 * 1024 * 1024;
/** FNV-1a of what the trial draws; the oracle gives the same (tests/core/price/simd). */
const TRIAL_HASH = -1441574468;

/** The kernels and the memory behind them. */
export class Kernels {
  readonly run: Exports;
  /** Bytes of the memory's start that belong to the kernels. */
  readonly base: number;
  private view: Float64Array;

  constructor(run: Exports) {
    this.run = run;
    this.base = (run.heapBase() + 63) & ~63;
    this.view = new Float64Array(run.memory.buffer);
  }

  /** The memory as doubles, with room for `count` of them from byte `base`; older views may be void. */
  doubles(count: number): Float64Array {
    const missing = this.base + 8 * count - this.view.byteLength;
    if (missing > 0) {
      if (this.base + 8 * count > MAX_BYTES) {
        throw new RangeError(
          `Expected at most ${(MAX_BYTES - this.base) >> 3} numbers in a batch of the kernels, got ${count}; ask for fewer steps or paths at once`,
        );
      }
      this.run.memory.grow(Math.ceil(missing / PAGE_BYTES));
      this.view = new Float64Array(this.run.memory.buffer);
    }
    return this.view;
  }
}

let kernels: Kernels | null = null;

/** The kernels of this thread. Throws where the engine has no WebAssembly SIMD, and where they err. */
export function simdKernels(): Kernels {
  kernels ??= load();
  return kernels;
}

function load(): Kernels {
  const loaded = new Kernels(instantiateWasm(compileWasm(KERNELS)) as Exports);
  const hash = trial(loaded);
  if (hash !== TRIAL_HASH) {
    throw new Error(
      `Expected hash ${TRIAL_HASH} of the kernels' trial draws, got ${hash}: this engine computes otherwise, or the build is damaged. Build anew, or use Node 22, 24 or 26.`,
    );
  }
  return loaded;
}

/** Groups of four paths, and steps of each. */
const TRIAL_GROUPS = 2;
const TRIAL_STEPS = 7;

/** Hash of a few prices in both precisions; the lanes' path numbers cross 2^32. */
function trial(of: Kernels): number {
  const count = 4 * TRIAL_GROUPS * TRIAL_STEPS;
  const view = of.doubles(2 * count + 8);
  const [low, high] = [-6, 3];
  of.run.walk64(1, 2, low, high, 4, TRIAL_GROUPS, TRIAL_STEPS, 0.01, 0.1, 100, of.base);
  of.run.walk32(1, 2, low, high, 4, TRIAL_GROUPS, TRIAL_STEPS, 0.01, 0.1, 100, of.base + 8 * count);
  const words = new Int32Array(view.buffer, of.base, 4 * count);
  let hash = 2166136261 | 0;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i], 16777619);
  return hash;
}
