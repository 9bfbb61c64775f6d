/**
 * Reads MessagePack bytes without building anything, so that a message which lies about its size is refused
 * before a decoder allocates for it: a decoder that trusts array headers dies of a 100-byte message. The cost
 * is per element, not per byte: some nanoseconds each, and one small stack per message.
 */

/** Deepest nesting of arrays and maps that any message of the house needs, with room to spare. */
export const MAX_DEPTH = 16;

export type ScanFault =
  'empty' | 'truncated' | 'overclaims' | 'too-deep' | 'extension' | 'reserved' | 'trailing';

/**
 * Payload bytes that follow the head byte for the fixed-size codes 0xc0..0xdf; -1 = needs a length, -2 =
 * refused.
 */
const FIXED = [
  0, -2, 0, 0, -1, -1, -1, -2, -2, -2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, -2, -2, -2, -2, -2, -1, -1, -1, -1, -1,
  -1, -1,
];
/** Bytes of the length field of the codes that have one. */
const LENGTH_BYTES: Readonly<Record<number, number>> = {
  0xc4: 1,
  0xc5: 2,
  0xc6: 4,
  0xd9: 1,
  0xda: 2,
  0xdb: 4,
  0xdc: 2,
  0xdd: 4,
  0xde: 2,
  0xdf: 4,
};

/**
 * Null when the bytes are exactly one MessagePack value whose claimed elements fit into the bytes that
 * follow and whose nesting is at most MAX_DEPTH; otherwise what is wrong. Extension types are refused: the
 * house uses none.
 */
export function scan(bytes: Uint8Array): ScanFault | null {
  const end = bytes.length;
  if (end === 0) return 'empty';
  /** Elements still owed by each container round the current one. */
  const owed = new Int32Array(MAX_DEPTH);
  let depth = 0;
  /** Elements still owed by the current container. */
  let left = 1;
  /** Elements still owed over all containers: each takes a byte or more, so it never exceeds what is left. */
  let owedTotal = 1;
  let at = 0;
  while (owedTotal > 0) {
    if (at >= end) return 'truncated';
    const head = bytes[at++]!;
    left--;
    owedTotal--;
    let size = 0;
    let elements = -1;
    if (head <= 0x7f || head >= 0xe0) size = 0;
    else if (head <= 0x8f) elements = 2 * (head & 0x0f);
    else if (head <= 0x9f) elements = head & 0x0f;
    else if (head <= 0xbf) size = head & 0x1f;
    else {
      size = FIXED[head - 0xc0]!;
      if (size === -2) return head === 0xc1 ? 'reserved' : 'extension';
      if (size === -1) {
        const width = LENGTH_BYTES[head]!;
        if (at + width > end) return 'truncated';
        let length = 0;
        for (let i = 0; i < width; i++) length = length * 256 + bytes[at++]!;
        size = head < 0xdc ? length : 0;
        if (head >= 0xdc) elements = head >= 0xde ? 2 * length : length;
      }
    }
    if (size > end - at) return 'truncated';
    at += size;
    if (elements >= 0) {
      if (owedTotal + elements > end - at) return 'overclaims';
      if (depth === MAX_DEPTH) return 'too-deep';
      owed[depth++] = left;
      left = elements;
      owedTotal += elements;
    }
    while (left === 0 && depth > 0) left = owed[--depth]!;
  }
  return at === end ? null : 'trailing';
}
