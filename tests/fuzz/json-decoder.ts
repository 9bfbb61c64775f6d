/** The JSON guard under fuzzing: what it accepts holds every one of its promises. */
import { parseJsonStrictly } from '../../src/api/json-guard.js';
import { damage } from './bytes.js';
import { Broken, bytesOf, LARGE_SHARE, refusesWith, type Decoder } from './decoder.js';
import type { Random } from './random.js';
import { damageTree, NASTY_TEXTS, textOf } from './trees.js';

const SAMPLES: readonly unknown[] = [
  { kind: 'paths', spec: { paths: 9, levels: [80, 120.5], model: { type: 'gbm' } }, seed: 3 },
  { ticker: 'AAPL', date: '2024-01-15', mm_strategy: 'fixed' },
  [1, [2, { a: null, 'b"\\': 'ü\n' }], true],
  { a: { a: { a: { a: [[[{ deep: -1.5e-3 }]]] } } } },
];

/** JSON words and what looks like them. */
export const JSON_TOKENS = [
  ...['{', '}', '[', ']', ':', ',', '"', '\\', '\\u0000', '\\ud800', '\\"', 'null', 'true', '-0', '1e309'],
  ...['NaN', '9007199254740993', '"__proto__":', '"a":1,', '[[', '{"a":', ' ', '\ufeff', '/*', '\x7f', '1'],
].map(bytesOf);

export const JSON_GUARD: Decoder = {
  name: 'json',
  about: 'JSON bodies (src/api/json-guard.ts)',
  inputs: 2_000_000,
  draw(random) {
    const sample = random.pick(SAMPLES);
    const text = textOf(random.chance(0.7) ? damageTree(random, sample, true) : sample);
    let bytes = bytesOf(text);
    if (random.chance(0.5))
      bytes = damage(random, bytes, bytesOf(random.pick(NASTY_TEXTS) + text), JSON_TOKENS);
    return random.chance(LARGE_SHARE) ? largeText(random, bytes) : bytes;
  },
  decode(bytes) {
    const value = parseJsonStrictly(bytes);
    const members = judge(value, 0);
    const written = colonsOf(Buffer.from(bytes).toString('utf8'));
    if (members !== written) throw new Broken(`${written} members were written, ${members} came out`);
    return value;
  },
  isRefusal: refusesWith('E_BODY'),
};

/** A word of the format or the input itself again and again, up to a mebibyte. */
export function largeText(random: Random, bytes: Uint8Array): Uint8Array {
  const token = random.chance(0.3) ? bytes : random.pick(JSON_TOKENS);
  const times = Math.floor((1 << (14 + random.below(7))) / Math.max(1, token.length));
  // Filled in place: a list of a million tokens would take more memory than any decoder.
  return new Uint8Array(Buffer.concat([Buffer.from('{"a":'), Buffer.alloc(times * token.length, token)]));
}

/** Members in a value; throws where it breaks a promise of the guard. */
function judge(value: unknown, depth: number): number {
  if (typeof value === 'number' && !(Number.isFinite(value) && Math.abs(value) >= 0))
    throw new Broken(`${value} is not a finite number`);
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new Broken('half a surrogate pair');
  if (typeof value !== 'object' || value === null) return 0;
  if (depth >= 16) throw new Broken('nested deeper than 16');
  let members = 0;
  for (const [name, member] of Object.entries(value)) {
    if (['__proto__', 'constructor', 'prototype'].includes(name)) throw new Broken(`a member named ${name}`);
    if (!Array.isArray(value)) members++;
    members += judge(member, depth + 1);
  }
  return members;
}

/** Colons outside of strings: one for each member that was written, doubled ones too. */
function colonsOf(text: string): number {
  let count = 0;
  let isInside = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (isInside && letter === '\\') i++;
    else if (letter === '"') isInside = !isInside;
    else if (!isInside && letter === ':') count++;
  }
  return count;
}
