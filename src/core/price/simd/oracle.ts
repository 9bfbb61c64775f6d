/**
 * Scalar twin of the batch kernels, operation by operation and in the same order, so that both agree to the
 * last bit; about ten times slower, and nothing but tests calls it. Where the kernels work in single
 * precision, every result goes through Math.fround, which is exact for + - * / and square roots of single
 * numbers.
 */
import { PRICE } from '../../rng/names.js';
import { Stream } from '../../rng/stream.js';
import type { NormalSource } from '../normal-source.js';
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
