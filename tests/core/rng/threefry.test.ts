/** Threefry4x32-20 against the known answers that come with Random123 (file kat_vectors). */
import { describe, expect, it } from 'vitest';
import { threefry4x32 } from '../../../src/core/rng/threefry.js';

function words(hex: string): Int32Array {
  return Int32Array.from(hex.split(' ').map((word) => parseInt(word, 16) | 0));
}

function hex(block: Int32Array): string {
  return [...block].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');
}

describe('threefry4x32', () => {
  it.each([
    [
      '00000000 00000000 00000000 00000000',
      '00000000 00000000 00000000 00000000',
      '9c6ca96a e17eae66 fc10ecd4 5256a7d8',
    ],
    [
      'ffffffff ffffffff ffffffff ffffffff',
      'ffffffff ffffffff ffffffff ffffffff',
      '2a881696 57012287 f6c7446e a16a6732',
    ],
    [
      'a4093822 299f31d0 082efa98 ec4e6c89',
      '243f6a88 85a308d3 13198a2e 03707344',
      '59cd1dbb b8879579 86b5d00c ac8b6d84',
    ],
  ])('key %s, counter %s gives %s', (key, counter, answer) => {
    const block = words(counter);
    threefry4x32(words(key), block);
    expect(hex(block)).toBe(answer);
  });

  it('leaves its key as it was', () => {
    const key = words('a4093822 299f31d0 082efa98 ec4e6c89');
    threefry4x32(key, new Int32Array(4));
    expect(hex(key)).toBe('a4093822 299f31d0 082efa98 ec4e6c89');
  });
});
