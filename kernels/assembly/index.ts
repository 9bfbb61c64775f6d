/** What the kernels export; src/core/price/simd wraps them. Paths come in groups of four, the lanes of two vectors. */
import { fill } from './fill';
import { reduce, walk } from './gbm';

/** First byte that the kernels do not use themselves: memory of the caller begins here. */
export function heapBase(): usize {
  return __heap_base;
}

export function fill64(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  perPath: i32,
  out: usize,
): void {
  fill<f64>(seedLow, seedHigh, pathLow, pathHigh, name, groups, perPath, out);
}

export function reduce64(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  steps: i32,
  drift: f64,
  sd: f64,
  level: i32,
  out: usize,
  plane: usize,
): void {
  reduce<f64>(seedLow, seedHigh, pathLow, pathHigh, name, groups, steps, drift, sd, level, out, plane);
}

export function walk64(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  steps: i32,
  drift: f64,
  sd: f64,
  scale: f64,
  out: usize,
): void {
  walk<f64>(seedLow, seedHigh, pathLow, pathHigh, name, groups, steps, drift, sd, scale, out);
}

export function fill32(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  perPath: i32,
  out: usize,
): void {
  fill<f32>(seedLow, seedHigh, pathLow, pathHigh, name, groups, perPath, out);
}

export function reduce32(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  steps: i32,
  drift: f64,
  sd: f64,
  level: i32,
  out: usize,
  plane: usize,
): void {
  reduce<f32>(seedLow, seedHigh, pathLow, pathHigh, name, groups, steps, drift, sd, level, out, plane);
}

export function walk32(
  seedLow: i32,
  seedHigh: i32,
  pathLow: i32,
  pathHigh: i32,
  name: i32,
  groups: i32,
  steps: i32,
  drift: f64,
  sd: f64,
  scale: f64,
  out: usize,
): void {
  walk<f32>(seedLow, seedHigh, pathLow, pathHigh, name, groups, steps, drift, sd, scale, out);
}
