/** A short run of every decoder under fuzzing; `make fuzz` is the long one. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusOf } from './corpus.js';
import { DECODERS } from './decoders.js';
import { fuzz, judge } from './fuzz.js';
import { show } from './shrink.js';

const corpus = join(import.meta.dirname, 'corpus');
/** Per mille of the inputs of a whole run. */
const SHARE = 200;

describe.each(DECODERS.map((decoder) => [decoder.name, decoder] as const))('%s', (_name, decoder) => {
  it('survives what broke it once', async () => {
    for (const { file, bytes } of corpusOf(corpus, decoder))
      expect([file, await judge(decoder, bytes)]).toEqual([file, null]);
  });

  it('survives a hundredth of the inputs of make fuzz', async () => {
    const count = Math.ceil(decoder.inputs / SHARE);
    const t0 = performance.now();
    const { findings, accepted, worstMs } = await fuzz(decoder, { from: 0, count });
    console.log(decoder.name, count, (performance.now() - t0).toFixed(0), 'ms', accepted / count, worstMs);
    const told = findings.map(({ seed, what, bytes }) => `seed ${seed}: ${what}: ${show(bytes)}`);
    expect(told).toEqual([]);
    // Both ways must have been taken, or nothing was tested.
    expect(accepted).toBeGreaterThan(count / 100);
    expect(accepted).toBeLessThan(count * 0.95);
  });
});
