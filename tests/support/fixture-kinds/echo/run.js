/** Fixture: one row per unit, computed from seed, unit and spec alone; sums an input when it gets one. */
export function run({ spec, seed, from, to, inputs, control }) {
  const until = performance.now() + (spec.ms ?? 0);
  while (performance.now() < until) if (Atomics.load(control, 0)) return null;
  const rows = to - from;
  const unit = Uint32Array.from({ length: rows }, (_, i) => from + i);
  const sum = (inputs.x ?? []).reduce((s, t) => s + t.columns[0].reduce((a, b) => a + b, 0), 0);
  const value = Float64Array.from(unit, (u) => seed * 1000 + u + (spec.bias ?? 0) + sum);
  return [{ name: 'echo', rows, columns: [unit, value] }];
}
