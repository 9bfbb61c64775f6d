/** Plants each mutant in the real module, bundles the decoders anew and fuzzes the one that must find it. */
import { mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Finding } from './fuzz.js';
import { DECODER_MUTANTS, type DecoderMutant } from './mutants.js';
import type * as small from './small-decoders.js';

/** The decoders with one bug; without one for null. `root` is the folder of the project. */
async function plant(root: string, mutant: DecoderMutant): Promise<typeof small> {
  const { file, find, put, name } = mutant;
  // Two folders below the root, as the source is: the modules find config/ from where they are.
  const outfile = join(root, 'build/fuzz-mutants', `${name}.mjs`);
  mkdirSync(join(root, 'build/fuzz-mutants'), { recursive: true });
  let planted = false;
  await build({
    entryPoints: [join(root, 'tests/fuzz/small-decoders.ts')],
    bundle: true,
    outfile,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    plugins: [
      {
        name: 'plant',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            if (path !== join(root, 'src', file)) return undefined;
            const parts = (await readFile(path, 'utf8')).split(find);
            if (parts.length !== 2)
              throw new Error(`${name}: expected its text once in src/${file}; found ${parts.length - 1}`);
            planted = true;
            return { contents: parts.join(put), loader: 'ts' };
          });
        },
      },
    ],
  });
  if (!planted) throw new Error(`mutant ${name}: src/${file} is not part of a decoder`);
  try {
    return (await import(pathToFileURL(outfile).href)) as typeof small;
  } finally {
    rmSync(outfile);
  }
}

/** The first finding within so many inputs, or null: the bug was not found. */
export async function hunt(root: string, mutant: DecoderMutant, inputs: number): Promise<Finding | null> {
  const { fuzz, SMALL_DECODERS } = await plant(root, mutant);
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
