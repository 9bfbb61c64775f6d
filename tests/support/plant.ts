/** Real modules with one planted bug: bundled anew, the text of one file changed on the way. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export interface PlantedBug {
  readonly name: string;
  /** Below src. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly put: string;
}

/**
 * The module `entry` of the project at `root` as its type T, with the bug in what it imports. Throws when the
 * text to change does not occur exactly once, or not in what is imported.
 */
export async function loadPlanted<T>(root: string, bug: PlantedBug, entry: string): Promise<T> {
  const { file, find, put, name } = bug;
  let planted = false;
  // Two folders below the root, as the source is: packages and config/ are found from there.
  await mkdir(join(root, 'build'), { recursive: true });
  const folder = await mkdtemp(join(root, 'build/planted-'));
  const outfile = join(folder, 'planted.mjs');
  try {
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
              const parts = (await readFile(path, 'utf8')).split(find);
              if (parts.length !== 2)
                throw new Error(
                  `bug ${name}: expected its text once in src/${file}, found ${parts.length - 1}`,
                );
              planted = true;
              return { contents: parts.join(put), loader: 'ts' };
            });
          },
        },
      ],
    });
    if (!planted) throw new Error(`bug ${name}: src/${file} is not part of ${entry}`);
    return (await import(pathToFileURL(outfile).href)) as T;
  } finally {
    await rm(folder, { recursive: true });
  }
}
