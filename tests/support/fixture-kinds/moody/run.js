/** Fixture: one row per unit of `units`; fails, spins or gives bad numbers as `mood` says. */
const scratch = new Float64Array(64);

export function run({ spec, seed, from, to, control }) {
  if (spec.mood === 'throws') throw new Error(`no luck with ${seed}`);
  if (spec.mood === 'crashes') process.exit(3);
  if (spec.mood === 'spins') while (Atomics.load(control, 0) === 0);
  if (spec.mood === 'spins') return null;
  const unit = Uint32Array.from({ length: to - from }, (_, i) => from + i);
  // Scratch memory that the next job overwrites, as kernels may do.
  unit.forEach((u, i) => (scratch[i] = spec.mood === 'nan' ? NaN : seed + u / 8));
  return [{ name: 'rows', rows: unit.length, columns: [unit, scratch.subarray(0, unit.length)] }];
}
