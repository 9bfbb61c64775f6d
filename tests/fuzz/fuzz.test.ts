/** A short run of every decoder under fuzzing, and bugs planted in some; `make fuzz` is the long one. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusOf } from './corpus.js';
import { DECODERS } from './decoders.js';
import { fuzz, judge } from './fuzz.js';
import { hunt } from './hunt.js';
import { DECODER_MUTANTS } from './mutants.js';
import { show } from './shrink.js';

const corpus = join(import.meta.dirname, 'corpus');
/** The suite takes one of so many inputs of a whole run. */
const SHARE = 400;
/** Found within the first few thousand inputs; the others are left to make fuzz. */
const QUICK_MUTANTS = ['no-depth-limit', 'doubled-members', 'unaligned-view', 'wire-errors-leak'];

describe.each(DECODERS.map((decoder) => [decoder.name, decoder] as const))('%s', (_name, decoder) => {
  it('survives what broke it once', async () => {
    for (const { file, bytes } of corpusOf(corpus, decoder))
      expect([file, await judge(decoder, bytes)]).toEqual([file, null]);
  });

  it(`survives a part of the inputs of make fuzz`, async () => {
    const count = Math.ceil(decoder.inputs / SHARE);
    const { findings, accepted } = await fuzz(decoder, { from: 0, count });
    const told = findings.map(({ seed, what, bytes }) => `seed ${seed}: ${what}: ${show(bytes)}`);
    expect(told).toEqual([]);
    // Both ways must have been taken, or nothing was tested.
    if (count >= 1_000) expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(count * 0.97);
  });
});

describe('a planted bug', () => {
  it.each(DECODER_MUTANTS.filter(({ name }) => QUICK_MUTANTS.includes(name)).map((one) => [one.name, one]))(
    '%s is found',
    async (_name, mutant) => {
      const finding = await hunt(join(import.meta.dirname, '../..'), mutant as never, 2_000);
      expect(finding?.what).toMatch(/\w/);
    },
  );
});
