/**
 * e^x of eight doubles for prices, side by side as in draws.ts, clamped to -708 <= x <= 709. x = k ln 2 + r with
 * |r| <= ln(2)/2, and e^r = (R + r) / (R - r) with R = r coth(r/2) (Abramowitz & Stegun 4.5.67) as a polynomial in r^2 of
 * relative error 1.0e-15. Relative error of the result: 1.5e-15 and |x| 1.5e-16, half an ulp of k ln 2 and the part of
 * ln 2 that its double lacks. Less exact than src/core/math/exp.ts, and half of its operations: 1.6 ns a price.
 */

const LOWEST = memory.data<f64>([-708, -708], 16);
const HIGHEST = memory.data<f64>([709, 709], 16);
const INV_LN2 = memory.data<f64>([1.4426950408889634, 1.4426950408889634], 16);
const LN2 = memory.data<f64>([0.6931471805599453, 0.6931471805599453], 16);
/** 1.5 2^52 + 1023: what is added to it is rounded to an integer k, and the last bits are k + 1023, the exponent of 2^k. */
const MAGIC = memory.data<f64>([6755399441056767, 6755399441056767], 16);
const R0 = memory.data<f64>([2.000000000000002, 2.000000000000002], 16);
const R1 = memory.data<f64>([0.16666666666582716, 0.16666666666582716], 16);
const R2 = memory.data<f64>([-0.0027777777217688924, -0.0027777777217688924], 16);
const R3 = memory.data<f64>([0.00006613625837932367, 0.00006613625837932367], 16);
const R4 = memory.data<f64>([-0.0000016409685470359608, -0.0000016409685470359608], 16);

// @ts-ignore: AssemblyScript knows decorators of functions
@inline
function line(c0: v128, c1: v128, x: v128): v128 {
  return f64x2.add(c0, f64x2.mul(x, c1));
}

/** Puts scale e^x in the place of eight doubles from byte `at`. */
// @ts-ignore: AssemblyScript knows decorators of functions
@inline
export function exps(at: usize, scale: v128): void {
  const lowest = v128.load(LOWEST);
  const highest = v128.load(HIGHEST);
  const xa = f64x2.pmin(highest, f64x2.pmax(lowest, v128.load(at, 0)));
  const xb = f64x2.pmin(highest, f64x2.pmax(lowest, v128.load(at, 16)));
  const xc = f64x2.pmin(highest, f64x2.pmax(lowest, v128.load(at, 32)));
  const xd = f64x2.pmin(highest, f64x2.pmax(lowest, v128.load(at, 48)));
  const inverse = v128.load(INV_LN2);
  const magic = v128.load(MAGIC);
  const shifteda = f64x2.add(f64x2.mul(xa, inverse), magic);
  const shiftedb = f64x2.add(f64x2.mul(xb, inverse), magic);
  const shiftedc = f64x2.add(f64x2.mul(xc, inverse), magic);
  const shiftedd = f64x2.add(f64x2.mul(xd, inverse), magic);
  const ln2 = v128.load(LN2);
  const ra = f64x2.sub(xa, f64x2.mul(f64x2.sub(shifteda, magic), ln2));
  const rb = f64x2.sub(xb, f64x2.mul(f64x2.sub(shiftedb, magic), ln2));
  const rc = f64x2.sub(xc, f64x2.mul(f64x2.sub(shiftedc, magic), ln2));
  const rd = f64x2.sub(xd, f64x2.mul(f64x2.sub(shiftedd, magic), ln2));
  const za = f64x2.mul(ra, ra);
  const zb = f64x2.mul(rb, rb);
  const zc = f64x2.mul(rc, rc);
  const zd = f64x2.mul(rd, rd);
  const r2 = v128.load(R2);
  const r3 = v128.load(R3);
  const ua = line(r2, r3, za);
  const ub = line(r2, r3, zb);
  const uc = line(r2, r3, zc);
  const ud = line(r2, r3, zd);
  const zza = f64x2.mul(za, za);
  const zzb = f64x2.mul(zb, zb);
  const zzc = f64x2.mul(zc, zc);
  const zzd = f64x2.mul(zd, zd);
  const r4 = v128.load(R4);
  const wa = line(ua, r4, zza);
  const wb = line(ub, r4, zzb);
  const wc = line(uc, r4, zzc);
  const wd = line(ud, r4, zzd);
  const r0 = v128.load(R0);
  const r1 = v128.load(R1);
  const ea = line(line(r0, r1, za), wa, zza);
  const eb = line(line(r0, r1, zb), wb, zzb);
  const ec = line(line(r0, r1, zc), wc, zzc);
  const ed = line(line(r0, r1, zd), wd, zzd);
  const qa = f64x2.div(f64x2.add(ea, ra), f64x2.sub(ea, ra));
  const qb = f64x2.div(f64x2.add(eb, rb), f64x2.sub(eb, rb));
  const qc = f64x2.div(f64x2.add(ec, rc), f64x2.sub(ec, rc));
  const qd = f64x2.div(f64x2.add(ed, rd), f64x2.sub(ed, rd));
  v128.store(at, f64x2.mul(scale, f64x2.mul(qa, i64x2.shl(shifteda, 52))), 0);
  v128.store(at, f64x2.mul(scale, f64x2.mul(qb, i64x2.shl(shiftedb, 52))), 16);
  v128.store(at, f64x2.mul(scale, f64x2.mul(qc, i64x2.shl(shiftedc, 52))), 32);
  v128.store(at, f64x2.mul(scale, f64x2.mul(qd, i64x2.shl(shiftedd, 52))), 48);
}
