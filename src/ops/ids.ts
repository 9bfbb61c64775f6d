/** ULIDs (48 bits of milliseconds, 80 random bits) from random bytes that are drawn in blocks. */
import { randomFillSync } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_DIGITS = 16;

/**
 * Ids of 26 characters whose order is that of their milliseconds. Every call of the system's generator costs
 * microseconds, which an id for each request would pay 16 times.
 */
export function createIds(nowMs: () => number = Date.now): () => string {
  const block = new Uint8Array(256 * RANDOM_DIGITS);
  let at = block.length;
  let lastMs = -1;
  let time = '';
  return () => {
    const ms = nowMs();
    if (ms !== lastMs) {
      lastMs = ms;
      time = timeOf(ms);
    }
    if (at === block.length) {
      randomFillSync(block);
      at = 0;
    }
    let id = time;
    for (const end = at + RANDOM_DIGITS; at < end; at++) id += DIGITS[block[at]! & 31]!;
    return id;
  };
}

function timeOf(ms: number): string {
  let text = '';
  let rest = ms;
  for (let digit = 0; digit < 10; digit++) {
    text = DIGITS[rest % 32]! + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
