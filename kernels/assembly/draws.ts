/**
 * Standard normals of four paths at a time: xoshiro128++ in the lanes and Box-Muller without branches.
 *
 * Two words of a path give two of its normals. The first, v = word + 1/2 in (-2^31, 2^31), gives the radius
 * r = sqrt(-2 ln(|v| / 2^31)) and, by its sign, which half of the circle; the second, made odd, is an angle t of
 * (-pi/2, pi/2) in steps of pi/2^31. The normals are +-r cos t and +-r sin t with the sign of v. From
 * a = sqrt(2) sin(t/2), cos t = 1 - a^2 and sin t = a sqrt(2 - a^2): one polynomial and a root. The logarithm is
 * that of src/core/math/log.ts, 2^k m with m in [sqrt(1/2), sqrt(2)) and ln m = 2 artanh((m - 1) / (m + 1)).
 * Polynomials are minimax (Remez), evaluated by pairs of terms: shorter chains than Horner's. Two independent
 * computations go side by side, line by line, because a processor looks only so far ahead for work that can start
 * (18 % quicker). The constants stand in memory, whole vectors each, because engines build a constant vector anew at
 * every use (20 %). Cost with the words: 1.2 ns a normal in single precision, 2.5 in double. Largest value
 * sqrt(2 ln 2^32) = 6.66: 1.4e-11 of the law lies beyond on either side. Twin: src/core/price/simd/oracle.ts.
 */
import { rotate, STATE } from './streams';

/** Steps whose draws are made at once: their buffer of 8 KB stays in the nearest cache. Even. */
export const CHUNK_STEPS: i32 = 256;
/** draw<f64>: of each step a vector of paths 0 and 1 and one of 2 and 3; draw<f32>: of each step one vector. */
const BUFFER = memory.data(8192, 16);

const HALF64 = memory.data<f64>([0.5, 0.5], 16);
const ONE64 = memory.data<f64>([1, 1], 16);
const TWO64 = memory.data<f64>([2, 2], 16);
const SIZE64 = memory.data<u64>([0x7fffffffffffffff, 0x7fffffffffffffff], 16);
const SIGN64 = memory.data<u64>([0x8000000000000000, 0x8000000000000000], 16);
const FRACTION64 = memory.data<u64>([0x000fffffffffffff, 0x000fffffffffffff], 16);
/** The upper half of the bits of sqrt(1/2), and the same two powers of two lower, so that nothing is negative. */
const ROOT_HALF64 = memory.data<u64>([0x3fe6a09e00000000, 0x3fe6a09e00000000], 16);
const ORIGIN64 = memory.data<u64>([0x3fc6a09e00000000, 0x3fc6a09e00000000], 16);
/** 2^52, whose last bits take an integer, and the number that then stands for exponent 31. */
const MAGIC64 = memory.data<u64>([0x4330000000000000, 0x4330000000000000], 16);
const EXPONENT64 = memory.data<f64>([4503599627370529, 4503599627370529], 16);
const MINUS_TWO_LN2_64 = memory.data<f64>([-1.3862943611198906, -1.3862943611198906], 16);
/** -2 ln(m) / s as a polynomial in s^2, s = (m - 1) / (m + 1); relative error 4.2e-12. */
const L0_64 = memory.data<f64>([-4.000000000016849, -4.000000000016849], 16);
const L1_64 = memory.data<f64>([-1.3333333048080487, -1.3333333048080487], 16);
const L2_64 = memory.data<f64>([-0.800007717603899, -0.800007717603899], 16);
const L3_64 = memory.data<f64>([-0.5706997038808257, -0.5706997038808257], 16);
const L4_64 = memory.data<f64>([-0.4723496072829019, -0.4723496072829019], 16);
/** sqrt(2) sin(pi x / 2^33) / x as a polynomial in x^2; relative error 4.6e-12. */
const S0_64 = memory.data<f64>([5.172196470827508e-10, 5.172196470827508e-10], 16);
const S1_64 = memory.data<f64>([-1.1530384607236797e-29, -1.1530384607236797e-29], 16);
const S2_64 = memory.data<f64>([7.7114063497514185e-50, 7.7114063497514185e-50], 16);
const S3_64 = memory.data<f64>([-2.4556065895077133e-70, -2.4556065895077133e-70], 16);
const S4_64 = memory.data<f64>([4.4985153182952993e-91, 4.4985153182952993e-91], 16);

const HALF32 = memory.data<f32>([0.5, 0.5, 0.5, 0.5], 16);
const ONE32 = memory.data<f32>([1, 1, 1, 1], 16);
const TWO32 = memory.data<f32>([2, 2, 2, 2], 16);
const ODD32 = memory.data<u32>([1, 1, 1, 1], 16);
const SIZE32 = memory.data<u32>([0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff], 16);
const SIGN32 = memory.data<u32>([0x80000000, 0x80000000, 0x80000000, 0x80000000], 16);
const FRACTION32 = memory.data<u32>([0x007fffff, 0x007fffff, 0x007fffff, 0x007fffff], 16);
/** The bits of sqrt(1/2), and of 2^31 sqrt(1/2). */
const ROOT_HALF32 = memory.data<u32>([0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3], 16);
const ORIGIN32 = memory.data<u32>([0x4eb504f3, 0x4eb504f3, 0x4eb504f3, 0x4eb504f3], 16);
const MINUS_TWO_LN2_32 = memory.data<f32>([-1.3862944, -1.3862944, -1.3862944, -1.3862944], 16);
const TWO_TO_MINUS_32 = memory.data<f32>([2.3283064e-10, 2.3283064e-10, 2.3283064e-10, 2.3283064e-10], 16);
/** As above, in x / 2^32; relative errors 6.9e-10 and 3.2e-9 before the rounding to f32. */
const L0_32 = memory.data<f32>([-4, -4, -4, -4], 16);
const L1_32 = memory.data<f32>([-1.3333364, -1.3333364, -1.3333364, -1.3333364], 16);
const L2_32 = memory.data<f32>([-0.7994959, -0.7994959, -0.7994959, -0.7994959], 16);
const L3_32 = memory.data<f32>([-0.5985133, -0.5985133, -0.5985133, -0.5985133], 16);
const S0_32 = memory.data<f32>([2.2214415, 2.2214415, 2.2214415, 2.2214415], 16);
const S1_32 = memory.data<f32>([-0.9135303, -0.9135303, -0.9135303, -0.9135303], 16);
const S2_32 = memory.data<f32>([0.11268459, 0.11268459, 0.11268459, 0.11268459], 16);
const S3_32 = memory.data<f32>([-0.006507727, -0.006507727, -0.006507727, -0.006507727], 16);

/**
 * Makes the next `pairs` pairs of normals of the four streams in STATE, at most CHUNK_STEPS / 2, and an even number of
 * them unless a path ends; returns where they stand. T = f64: all in double precision; T = f32: in single precision, an
 * even number of pairs always.
 */
export function draw<T>(pairs: i32): usize {
  let s0 = v128.load(STATE);
  let s1 = v128.load(STATE, 16);
  let s2 = v128.load(STATE, 32);
  let s3 = v128.load(STATE, 48);
  let out = BUFFER;
  const end = out + (<usize>pairs << (sizeof<T>() === 4 ? 5 : 6));
  while (out < end) {
    let sum = i32x4.add(s0, s3);
    const first = i32x4.add(rotate(sum, 7), s0);
    let t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, t);
    s3 = rotate(s3, 11);
    sum = i32x4.add(s0, s3);
    const second = v128.or(i32x4.add(rotate(sum, 7), s0), v128.load(ODD32));
    t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, t);
    s3 = rotate(s3, 11);
    if (sizeof<T>() === 4) {
      sum = i32x4.add(s0, s3);
      const third = i32x4.add(rotate(sum, 7), s0);
      t = i32x4.shl(s1, 9);
      s2 = v128.xor(s2, s0);
      s3 = v128.xor(s3, s1);
      s1 = v128.xor(s1, s2);
      s0 = v128.xor(s0, s3);
      s2 = v128.xor(s2, t);
      s3 = rotate(s3, 11);
      sum = i32x4.add(s0, s3);
      const fourth = v128.or(i32x4.add(rotate(sum, 7), s0), v128.load(ODD32));
      t = i32x4.shl(s1, 9);
      s2 = v128.xor(s2, s0);
      s3 = v128.xor(s3, s1);
      s1 = v128.xor(s1, s2);
      s0 = v128.xor(s0, s3);
      s2 = v128.xor(s2, t);
      s3 = rotate(s3, 11);
      boxMuller32(out, first, second, third, fourth);
    } else {
      boxMuller64(out, first, second);
    }
    out += 64;
  }
  v128.store(STATE, s0);
  v128.store(STATE, s1, 16);
  v128.store(STATE, s2, 32);
  v128.store(STATE, s3, 48);
  return BUFFER;
}

/** c0 + c1 x of two doubles. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function line64(c0: v128, c1: v128, x: v128): v128 {
  return f64x2.add(c0, f64x2.mul(x, c1));
}

// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function line32(c0: v128, c1: v128, x: v128): v128 {
  return f32x4.add(c0, f32x4.mul(x, c1));
}

/** The doubles of the upper two of four integers. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function upper(x: v128): v128 {
  return f64x2.convert_low_i32x4_s(i32x4.shuffle(x, x, 2, 3, 2, 3));
}

/** One pair of all four paths: 0 and 1 in the variables that end in a, 2 and 3 in those that end in b. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function boxMuller64(out: usize, first: v128, second: v128): void {
  const half = v128.load(HALF64);
  const va = f64x2.add(f64x2.convert_low_i32x4_s(first), half);
  const vb = f64x2.add(upper(first), half);
  const size = v128.load(SIZE64);
  const origin = v128.load(ORIGIN64);
  const ta = i64x2.sub(v128.and(va, size), origin);
  const tb = i64x2.sub(v128.and(vb, size), origin);
  const fraction = v128.load(FRACTION64);
  const rootHalf = v128.load(ROOT_HALF64);
  const ma = i64x2.add(v128.and(ta, fraction), rootHalf);
  const mb = i64x2.add(v128.and(tb, fraction), rootHalf);
  const one = v128.load(ONE64);
  const sa = f64x2.div(f64x2.sub(ma, one), f64x2.add(ma, one));
  const sb = f64x2.div(f64x2.sub(mb, one), f64x2.add(mb, one));
  const magic = v128.load(MAGIC64);
  const exponent = v128.load(EXPONENT64);
  const ka = f64x2.sub(v128.or(i64x2.shr_u(ta, 52), magic), exponent);
  const kb = f64x2.sub(v128.or(i64x2.shr_u(tb, 52), magic), exponent);

  const xa = f64x2.convert_low_i32x4_s(second);
  const xb = upper(second);
  const ya = f64x2.mul(xa, xa);
  const yb = f64x2.mul(xb, xb);
  const y2a = f64x2.mul(ya, ya);
  const y2b = f64x2.mul(yb, yb);
  const s4 = v128.load(S4_64);
  const s3 = v128.load(S3_64);
  const s2 = v128.load(S2_64);
  const s1 = v128.load(S1_64);
  const s0 = v128.load(S0_64);
  const aa = f64x2.mul(xa, line64(line64(s0, s1, ya), line64(line64(s2, s3, ya), s4, y2a), y2a));
  const ab = f64x2.mul(xb, line64(line64(s0, s1, yb), line64(line64(s2, s3, yb), s4, y2b), y2b));

  const za = f64x2.mul(sa, sa);
  const zb = f64x2.mul(sb, sb);
  const z2a = f64x2.mul(za, za);
  const z2b = f64x2.mul(zb, zb);
  const l4 = v128.load(L4_64);
  const l3 = v128.load(L3_64);
  const l2 = v128.load(L2_64);
  const l1 = v128.load(L1_64);
  const l0 = v128.load(L0_64);
  const la = f64x2.mul(sa, line64(line64(l0, l1, za), line64(line64(l2, l3, za), l4, z2a), z2a));
  const lb = f64x2.mul(sb, line64(line64(l0, l1, zb), line64(line64(l2, l3, zb), l4, z2b), z2b));
  const ln2 = v128.load(MINUS_TWO_LN2_64);
  const sign = v128.load(SIGN64);
  const ra = v128.or(f64x2.sqrt(line64(la, ln2, ka)), v128.and(va, sign));
  const rb = v128.or(f64x2.sqrt(line64(lb, ln2, kb)), v128.and(vb, sign));

  const a2a = f64x2.mul(aa, aa);
  const a2b = f64x2.mul(ab, ab);
  const two = v128.load(TWO64);
  const oa = f64x2.mul(ra, f64x2.mul(aa, f64x2.sqrt(f64x2.sub(two, a2a))));
  const ob = f64x2.mul(rb, f64x2.mul(ab, f64x2.sqrt(f64x2.sub(two, a2b))));
  v128.store(out, f64x2.mul(ra, f64x2.sub(one, a2a)));
  v128.store(out, f64x2.mul(rb, f64x2.sub(one, a2b)), 16);
  v128.store(out, oa, 32);
  v128.store(out, ob, 48);
}

/** Two pairs of all four paths, the second pair in the variables that end in b. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function boxMuller32(out: usize, first: v128, second: v128, third: v128, fourth: v128): void {
  const half = v128.load(HALF32);
  const va = f32x4.add(f32x4.convert_i32x4_s(first), half);
  const vb = f32x4.add(f32x4.convert_i32x4_s(third), half);
  const size = v128.load(SIZE32);
  const origin = v128.load(ORIGIN32);
  const ta = i32x4.sub(v128.and(va, size), origin);
  const tb = i32x4.sub(v128.and(vb, size), origin);
  const fraction = v128.load(FRACTION32);
  const rootHalf = v128.load(ROOT_HALF32);
  const ma = i32x4.add(v128.and(ta, fraction), rootHalf);
  const mb = i32x4.add(v128.and(tb, fraction), rootHalf);
  const one = v128.load(ONE32);
  const sa = f32x4.div(f32x4.sub(ma, one), f32x4.add(ma, one));
  const sb = f32x4.div(f32x4.sub(mb, one), f32x4.add(mb, one));
  const ka = f32x4.convert_i32x4_s(i32x4.shr_s(ta, 23));
  const kb = f32x4.convert_i32x4_s(i32x4.shr_s(tb, 23));

  const scale = v128.load(TWO_TO_MINUS_32);
  const xa = f32x4.mul(f32x4.convert_i32x4_s(second), scale);
  const xb = f32x4.mul(f32x4.convert_i32x4_s(fourth), scale);
  const ya = f32x4.mul(xa, xa);
  const yb = f32x4.mul(xb, xb);
  const y2a = f32x4.mul(ya, ya);
  const y2b = f32x4.mul(yb, yb);
  const s3 = v128.load(S3_32);
  const s2 = v128.load(S2_32);
  const s1 = v128.load(S1_32);
  const s0 = v128.load(S0_32);
  const aa = f32x4.mul(xa, line32(line32(s0, s1, ya), line32(s2, s3, ya), y2a));
  const ab = f32x4.mul(xb, line32(line32(s0, s1, yb), line32(s2, s3, yb), y2b));

  const za = f32x4.mul(sa, sa);
  const zb = f32x4.mul(sb, sb);
  const z2a = f32x4.mul(za, za);
  const z2b = f32x4.mul(zb, zb);
  const l3 = v128.load(L3_32);
  const l2 = v128.load(L2_32);
  const l1 = v128.load(L1_32);
  const l0 = v128.load(L0_32);
  const la = f32x4.mul(sa, line32(line32(l0, l1, za), line32(l2, l3, za), z2a));
  const lb = f32x4.mul(sb, line32(line32(l0, l1, zb), line32(l2, l3, zb), z2b));
  const ln2 = v128.load(MINUS_TWO_LN2_32);
  const sign = v128.load(SIGN32);
  const ra = v128.or(f32x4.sqrt(line32(la, ln2, ka)), v128.and(va, sign));
  const rb = v128.or(f32x4.sqrt(line32(lb, ln2, kb)), v128.and(vb, sign));

  const a2a = f32x4.mul(aa, aa);
  const a2b = f32x4.mul(ab, ab);
  const two = v128.load(TWO32);
  const oa = f32x4.mul(ra, f32x4.mul(aa, f32x4.sqrt(f32x4.sub(two, a2a))));
  const ob = f32x4.mul(rb, f32x4.mul(ab, f32x4.sqrt(f32x4.sub(two, a2b))));
  const ea = f32x4.mul(ra, f32x4.sub(one, a2a));
  const eb = f32x4.mul(rb, f32x4.sub(one, a2b));
  v128.store(out, ea);
  v128.store(out, oa, 16);
  v128.store(out, eb, 32);
  v128.store(out, ob, 48);
}
