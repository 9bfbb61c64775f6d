/** Jobs as clients write them, for the decoders of request bodies. */
import type { Kind } from '../../src/contract/kind.js';
import { MmsError } from '../../src/contract/problem.js';
import { checkSpec } from '../../src/jobs/check-spec.js';
import { damage } from './bytes.js';
import { bytesOf, LARGE_SHARE } from './decoder.js';
import { JSON_TOKENS, largeText } from './json-decoder.js';
import type { Random } from './random.js';
import { specOf } from './specs.js';
import { damageTree, NASTY_TEXTS, textOf } from './trees.js';

/** As limits.maxBodyBytes; a larger body never reaches the guard. */
export const MAX_BODY_BYTES = 1 << 20;

/** Compiling a schema, for small and for large specs, takes longer than an input may: before the first. */
export function compileAll(kinds: readonly Kind[]): void {
  for (const kind of kinds) {
    checkSpec(kind, kind.examples[0]!.spec);
    const large = { unknown: Array<number>(100_000).fill(0) };
    try {
      checkSpec(kind, large);
    } catch (error) {
      if (!(error instanceof MmsError)) throw error;
    }
  }
}

const SHORT = [
  { ticker: 'AAPL', date: '2024-01-15', mm_strategy: 'adaptive' },
  { ticker: 'AMZN', date: '2012-06-21', mm_strategy: 'fixed', arb_strategy: 'pairs', seed: 3 },
];

/** The short form, or a full one: by the schema of its kind, or an example. */
export function drawJob(random: Random, kinds: readonly Kind[]): unknown {
  if (random.chance(0.1)) return random.pick(SHORT);
  const kind = random.pick(kinds);
  const drawn = random.chance(0.6);
  const spec = drawn ? specOf(random, kind.schema) : random.pick(kind.examples).spec;
  return { kind: kind.name, spec, ...(random.chance(0.3) && { seed: random.bits(), priority: 5 }) };
}

/** The text of a spec of up to a mebibyte: very many members, long names, long lists, nests, many faults. */
function drawLargeSpec(random: Random, kinds: readonly Kind[]): { kind: string; spec: string } {
  const { name: kind, schema } = random.pick(kinds);
  const names = Object.keys((schema as { properties?: object }).properties ?? { a: 1 });
  const many = (count: number, what: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => what(i)).join(',');
  const spec = random.pick([
    () => `{${many(60_000, (i) => `"k${i}":${i % 7}`)}}`,
    () => `{"${'n'.repeat(1_000_000)}":1}`,
    () => `{${many(500, (i) => `"${'n'.repeat(2_000)}${i}":1`)}}`,
    () => `{"${random.pick(names)}":[${many(100_000, (i) => String(i))}]}`,
    () => `{"${random.pick(names)}":[${many(20_000, () => '{"type":"x"}')}]}`,
    () => `{"${random.pick(names)}":[${many(20_000, () => '"x"')}]}`,
    () => `{"${random.pick(names)}":[${many(300_000, () => '[]')}]}`,
    () => `{"${random.pick(names)}":[${many(20, () => `{${many(4_900, (i) => `"k${i}":1`)}}`)}]}`,
    () => `{"${random.pick(names)}":"${'x'.repeat(1_000_000)}"}`,
    () => `{"source":{"type":"values","yValues":[${many(100_000, () => '""')}],"xValues":[1]}}`,
    () => `{"${random.pick(names)}":{${many(30_000, (i) => `"k${i}":{"a":${i}}`)}}}`,
  ])();
  return { kind, spec };
}

/** The bytes of a body: `good` in its place or with damage, or, around `large`, a very large one. */
export function drawBody(
  random: Random,
  kinds: readonly Kind[],
  good: () => unknown,
  large: (job: string) => string,
): Uint8Array {
  if (random.chance(LARGE_SHARE)) {
    const { kind, spec } = drawLargeSpec(random, kinds);
    return bytesOf(large(`{"kind":"${kind}","spec":${spec}}`));
  }
  const whole = good();
  const text = textOf(random.chance(0.5) ? damageTree(random, whole, true) : whole);
  let bytes = bytesOf(text);
  if (random.chance(0.15))
    bytes = damage(random, bytes, bytesOf(random.pick(NASTY_TEXTS) + text), JSON_TOKENS);
  return random.chance(LARGE_SHARE) ? largeText(random, bytes) : bytes;
}
