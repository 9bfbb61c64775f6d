/** The protocol's modules with one planted bug: bundled anew, the text of one file changed on the way. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Mutant } from './mutants.js';
import type { Protocol } from './sim-node.js';

/** `root` is the folder of the project. Throws when the text to change does not occur exactly once. */
export async function loadMutant(root: string, mutant: Mutant): Promise<Protocol> {
  const { file, find, put, name } = mutant;
  let planted = false;
  const { outputFiles } = await build({
    entryPoints: [join(root, 'tests/sim/protocol.ts')],
    bundle: true,
    write: false,
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
  if (!planted) throw new Error(`mutant ${name}: src/${file} is not part of the protocol`);
  const code = Buffer.from(outputFiles[0]!.contents).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)) as Protocol;
}
