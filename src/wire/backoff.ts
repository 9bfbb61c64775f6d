/** How long a chunk rests after a loss: not at all after the first, then longer each time. */

const FIRST_MS = 100;
export const LONGEST_REST_MS = 2_000;

/**
 * Milliseconds, after the `losses`-th loss of the chunk named `key`: 0 after the first, because most losses
 * are a node that died once; then 100 doubling to 2,000, of which between half and all is taken, so that
 * chunks that were lost together do not come back together. A hash decides how much, so that the same
 * losses always wait equally long (FNV-1a, Fowler, Noll and Vo; its high bits are mixed best).
 */
export function backoffMs(key: string, losses: number): number {
  if (losses < 2) return 0;
  const longestMs = Math.min(LONGEST_REST_MS, FIRST_MS * 2 ** (losses - 2));
  let hash = 0x811c9dc5;
  for (const byte of `${key}#${losses}`) hash = Math.imul(hash ^ byte.charCodeAt(0), 0x01000193);
  return (longestMs / 2) * (1 + (hash >>> 0) / 2 ** 32);
}
