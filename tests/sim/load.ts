/** Real modules with one planted bug: bundled anew, the text of one file changed on the way. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Mutant } from './mutants.js';
import type { Protocol } from './sim-node.js';

/** `root` is the folder of the project. Throws when the text to change does not occur exactly once. */
export function loadMutant(root: string, mutant: Mutant): Promise<Protocol> {
  return loadPlanted<Protocol>(root, mutant, 'tests/sim/protocol.ts');
}

/** The module `entry` of the project as its type T, with the bug in whatever it imports. */
export async function loadPlanted<T>(root: string, mutant: Mutant, entry: string): Promise<T> {
  const { file, find, put, name } = mutant;
  let planted = false;
  // Below the project, so that its packages are found.
  await mkdir(join(root, 'build'), { recursive: true });
  const folder = await mkdtemp(join(root, 'build/planted-'));
  const outfile = join(folder, 'planted.mjs');
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
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
            const text = await readFile(path, 'utf8');
            const parts = text.split(find);
            if (parts.length !== 2)
              throw new Error(
                `mutant ${name}: expected its text once in src/${file}, found ${parts.length - 1}`,
              );
            planted = true;
            return { contents: parts.join(put), loader: 'ts' };
          });
        },
      },
    ],
  });
  try {
    if (!planted) throw new Error(`mutant ${name}: src/${file} is not part of ${entry}`);
    return (await import(outfile)) as T;
  } finally {
    await rm(folder, { recursive: true });
  }
}
