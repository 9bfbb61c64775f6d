/** ULIDs (48 bits of milliseconds, 80 random bits) from random digits that are drawn in blocks. */
import { randomBytes } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_DIGITS = 16;
const IDS_OF_BLOCK = 256;

/**
 * Ids of 26 characters whose order is that of their milliseconds. Every call of the system's generator costs
 * microseconds, which an id for each request would pay 16 times.
 */
export function createIds(nowMs: () => number = Date.now): () => string {
  let block = '';
  let at = 0;
  let lastMs = -1;
  let time = '';
  return () => {
    const ms = nowMs();
    if (ms !== lastMs) {
      lastMs = ms;
      time = timeOf(ms);
    }
    if (at === block.length) {
      block = digitsOf(randomBytes(IDS_OF_BLOCK * RANDOM_DIGITS));
      at = 0;
    }
    return time + block.slice(at, (at += RANDOM_DIGITS));
  };
}

/** A digit for five bits of each byte, which it overwrites. */
function digitsOf(bytes: Buffer): string {
  for (let i = 0; i < bytes.length; i++) bytes[i] = DIGITS.charCodeAt(bytes[i]! & 31);
  return bytes.toString('latin1');
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
