/** Random numbers of the simulator: a stream for a schedule, and a hash for each single event of it. */

/** Uniform numbers in [0, 1) from one integer (Marsaglia's xorshift on 32 bits). */
export function seeded(seed: number): () => number {
  let x = (seed * 2654435761 + 0x9e3779b9) | 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/**
 * A uniform number in [0, 1) that belongs to (seed, a, b) alone: what happens to one message does not
 * depend on the others, so a schedule from which events were left out stays the same elsewhere. The
 * finalizer is that of MurmurHash3.
 */
export function drawOf(seed: number, a: number, b: number): number {
  let h = Math.imul(seed, 0x9e3779b1) ^ Math.imul(a + 1, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
