/** The shortest text that reads back as the same number: what both exports write. */

/** Minus zero keeps its sign. Throws Error for NaN and infinities: a result never holds them. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`a result table holds ${value}`);
  return Object.is(value, -0) ? '-0' : String(value);
}
