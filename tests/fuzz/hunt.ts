/** Plants each mutant in the real module, bundles the decoders anew and fuzzes the one that must find it. */
import { loadPlanted } from '../support/plant.js';
import type { Finding } from './fuzz.js';
import { DECODER_MUTANTS, type DecoderMutant } from './mutants.js';
import type * as small from './small-decoders.js';

/** The first finding within so many inputs, or null: the bug was not found. */
export async function hunt(root: string, mutant: DecoderMutant, inputs: number): Promise<Finding | null> {
  const { fuzz, SMALL_DECODERS } = await loadPlanted<typeof small>(
    root,
    mutant,
    'tests/fuzz/small-decoders.ts',
  );
  const decoder = SMALL_DECODERS.find(({ name }) => name === mutant.decoder)!;
  const { findings } = await fuzz(decoder, { from: 0, count: inputs, maxFindings: 1 });
  return findings[0] ?? null;
}

/** Prints each planted bug and what found it; true when all were found. */
export async function huntAll(root: string, inputs: number): Promise<boolean> {
  let found = 0;
  for (const mutant of DECODER_MUTANTS) {
    const finding = await hunt(root, mutant, inputs);
    if (finding) found++;
    console.log(`${mutant.name}: ${finding ? `input ${finding.seed}: ${finding.what}` : 'NOT FOUND'}`);
  }
  console.log(`${found} of ${DECODER_MUTANTS.length} planted bugs found within ${inputs} inputs`);
  return found === DECODER_MUTANTS.length;
}
