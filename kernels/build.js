/**
 * Builds the kernels: AssemblyScript to WebAssembly, and that as text into the modules under src/core that MODULES
 * names, which are committed. `npm run build` calls it; it compiles only where the sources changed since, so that a
 * build without the compiler (it is a devDependency) works too. tests/core/kernels.test.ts compiles always.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('..', import.meta.url);
const PLAIN = ['--noAssert', '--runtime', 'stub'];

export const MODULES = [
  {
    title: 'batch kernels',
    folder: 'kernels/assembly',
    module: 'src/core/price/simd/kernels.ts',
    // No relaxed-simd: what it rounds depends on the processor. -O1, because higher levels move each operation to where
    // its result is used, out of the order in which the sources put them side by side, and are slower by 6 %.
    flags: ['-O1', ...PLAIN, '--enable', 'simd'],
  },
  {
    title: 'strategy passes over bars',
    folder: 'kernels/bars',
    module: 'src/core/bars/kernels/bytes.ts',
    flags: ['-O3', ...PLAIN],
  },
];

const namesIn = (folder) => readdirSync(new URL(`${folder}/`, ROOT)).sort();
const textOf = (path) => readFileSync(new URL(path, ROOT), 'utf8');

/** Digest of all that the bytes depend on: the sources, the flags and the pinned compiler. */
function sourceDigest({ folder, flags }) {
  const { devDependencies } = JSON.parse(textOf('package.json'));
  const hash = createHash('sha256').update(`${devDependencies.assemblyscript} ${flags.join(' ')}\n`);
  for (const name of namesIn(folder)) hash.update(`${name}\n`).update(textOf(`${folder}/${name}`));
  return hash.digest('hex');
}

/** The module with the kernels, as it must stand in the file. */
export async function compile(of) {
  const { default: asc } = await import('assemblyscript/asc');
  const sources = Object.fromEntries(
    namesIn(of.folder).map((name) => [name, textOf(`${of.folder}/${name}`)]),
  );
  let bytes = null;
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernels.wasm', ...of.flags], {
    readFile: (name) => sources[name] ?? null,
    writeFile: (_name, contents) => void (bytes = contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`The ${of.title} do not compile: ${error.message}\n${stderr.toString()}`);
  return `/** The ${of.title} of ${of.folder} as WebAssembly in base64, written by kernels/build.js. */

/** SHA-256 of the sources that these bytes were built from. */
export const SOURCES = '${sourceDigest(of)}';

export const KERNELS =
  '${Buffer.from(bytes).toString('base64')}';
`;
}

/** What stands in the file of a module, '' before it was first built. */
function builtOf({ module }) {
  try {
    return textOf(module);
  } catch {
    return '';
  }
}

if (process.argv[1] === import.meta.filename) {
  for (const one of MODULES) {
    if (!builtOf(one).includes(`'${sourceDigest(one)}'`))
      writeFileSync(new URL(one.module, ROOT), await compile(one));
  }
}
