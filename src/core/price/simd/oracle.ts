/**
 * Scalar twin of the batch kernels, operation by operation and in the same order, so that both agree to the
 * last bit; about ten times slower, and nothing but tests calls it. Where the kernels work in single
 * precision, every result goes through Math.fround, which is exact for + - * / and square roots of single
 * numbers.
 */
import { PRICE } from '../../rng/names.js';
import { Stream } from '../../rng/stream.js';
import type { NormalSource } from '../normal-source.js';
import { GBM_LEVELS, type GbmColumns, type GbmLevel, type GbmSampler, type GbmSteps } from './gbm.js';
import type { Precision } from './normals.js';

const bits = new Int32Array(2);
const double = new Float64Array(bits.buffer);
const single = new Float32Array(bits.buffer);
/** The two normals of the last boxMuller. */
const pair = new Float64Array(2);

function line(c0: number, c1: number, x: number): number {
  return c0 + x * c1;
}

/** Two normals of two words into `pair`; kernels/assembly/draws.ts has the method. */
function boxMuller64(first: number, second: number): void {
  const v = first + 0.5;
  double[0] = v < 0 ? -v : v;
  const origin = (bits[1] - 0x3fc6a09e) | 0;
  const k = (origin >>> 20) - 33;
  bits[1] = (origin & 0x000fffff) + 0x3fe6a09e;
  const m = double[0];
  const s = (m - 1) / (m + 1);
  const x = second | 1;
  const y = x * x;
  const y2 = y * y;
  const upperSine = line(
    line(7.7114063497514185e-50, -2.4556065895077133e-70, y),
    4.4985153182952993e-91,
    y2,
  );
  const a = x * line(line(5.172196470827508e-10, -1.1530384607236797e-29, y), upperSine, y2);
  const z = s * s;
  const z2 = z * z;
  const upperLog = line(line(-0.800007717603899, -0.5706997038808257, z), -0.4723496072829019, z2);
  const l = s * line(line(-4.000000000016849, -1.3333333048080487, z), upperLog, z2);
  const size = Math.sqrt(l + k * -1.3862943611198906);
  const r = v < 0 ? -size : size;
  const a2 = a * a;
  pair[0] = r * (1 - a2);
  pair[1] = r * (a * Math.sqrt(2 - a2));
}

const f = Math.fround;

function line32(c0: number, c1: number, x: number): number {
  return f(f(c0) + f(x * f(c1)));
}

function boxMuller32(first: number, second: number): void {
  const v = f(f(first) + 0.5);
  single[0] = v < 0 ? -v : v;
  const origin = (bits[0] - 0x4eb504f3) | 0;
  const k = origin >> 23;
  bits[0] = (origin & 0x007fffff) + 0x3f3504f3;
  const m = single[0];
  const s = f(f(m - 1) / f(m + 1));
  const z = f(s * s);
  const upperLog = line32(-0.7994959, -0.5985133, z);
  const l = f(s * line32(line32(-4, -1.3333364, z), upperLog, f(z * z)));
  const size = f(Math.sqrt(line32(l, -1.3862944, k)));
  const r = v < 0 ? -size : size;
  const x = f(f(second | 1) * f(2.3283064e-10));
  const y = f(x * x);
  const upperSine = line32(0.11268459, -0.006507727, y);
  const a = f(x * line32(line32(2.2214415, -0.9135303, y), upperSine, f(y * y)));
  const a2 = f(a * a);
  pair[0] = f(r * f(1 - a2));
  pair[1] = f(r * f(a * f(Math.sqrt(f(2 - a2)))));
}

const LN2 = 0.6931471805599453;
const INV_LN2 = 1.4426950408889634;
const MAGIC = 6755399441056767;

/** e^x as in kernels/assembly/exp.ts, for -708 <= x <= 709 and clamped to it. */
export function priceExp(any: number): number {
  const x = any < -708 ? -708 : any > 709 ? 709 : any;
  const shifted = x * INV_LN2 + MAGIC;
  const k = shifted - MAGIC;
  const r = x - k * LN2;
  const z = r * r;
  const z2 = z * z;
  const upper = line(line(-0.0027777777217688924, 0.00006613625837932367, z), -0.0000016409685470359608, z2);
  const even = line(line(2.000000000000002, 0.16666666666582716, z), upper, z2);
  bits[0] = 0;
  bits[1] = (k + 1023) << 20;
  return ((even + r) / (even - r)) * double[0];
}

/** The normals of SimdNormals, one by one. */
export class OracleNormals implements NormalSource {
  private readonly stream = new Stream();
  private readonly seed: number;
  private readonly precision: Precision;
  private readonly name: number;

  constructor(seed: number, precision: Precision = 'f64', name: number = PRICE) {
    this.seed = seed;
    this.precision = precision;
    this.name = name;
  }

  fill(firstPath: number, count: number, perPath: number, out: Float64Array): void {
    const boxMuller = this.precision === 'f64' ? boxMuller64 : boxMuller32;
    for (let path = 0; path < count; path++) {
      this.stream.key(this.seed, firstPath + path, this.name);
      for (let i = 0; i < perPath; i += 2) {
        boxMuller(this.stream.i32(), this.stream.i32());
        out[path * perPath + i] = pair[0];
        if (i + 1 < perPath) out[path * perPath + i + 1] = pair[1];
      }
    }
  }
}

/** The paths of SimdGbm, one by one. */
export class OracleGbm implements GbmSampler {
  private readonly normals: OracleNormals;

  constructor(seed: number, precision: Precision = 'f64', name: number = PRICE) {
    this.normals = new OracleNormals(seed, precision, name);
  }

  reduce(law: GbmSteps, level: GbmLevel, firstPath: number, count: number, columns: GbmColumns): void {
    const { driftPerStep, sdPerStep, steps } = law;
    const kept = GBM_LEVELS.indexOf(level);
    const z = new Float64Array(steps);
    for (let path = 0; path < count; path++) {
      this.normals.fill(firstPath + path, 1, steps, z);
      let [y, max, min, logs, prices] = [0, 0, 0, 0, 0];
      for (let i = 0; i < steps; i++) {
        y += driftPerStep + sdPerStep * z[i];
        if (y > max) max = y;
        if (y < min) min = y;
        logs += y;
        prices += priceExp(y);
      }
      columns.terminal[path] = y;
      columns.maximum[path] = kept >= 1 ? max : 0;
      columns.minimum[path] = kept >= 2 ? min : 0;
      columns.logSum[path] = kept >= 2 ? logs : 0;
      columns.priceSum[path] = kept >= 3 ? prices : 0;
    }
  }

  paths(law: GbmSteps, s0: number, firstPath: number, count: number, out: Float64Array): void {
    const { driftPerStep, sdPerStep, steps } = law;
    const z = new Float64Array(steps);
    for (let path = 0; path < count; path++) {
      this.normals.fill(firstPath + path, 1, steps, z);
      let y = 0;
      for (let i = 0; i < steps; i++) {
        y += driftPerStep + sdPerStep * z[i];
        out[path * steps + i] = s0 * priceExp(y);
      }
    }
  }
}
