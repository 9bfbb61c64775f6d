/**
 * Builds the batch kernels: AssemblyScript to WebAssembly, and that as text into src/core/price/simd/kernels.ts, which
 * is committed. `npm run build` calls it; it compiles only where the sources changed since, so that a build without
 * the compiler (it is a devDependency) works too. tests/core/price/simd/kernels.test.ts compiles always.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('..', import.meta.url);
const ASSEMBLY = new URL('kernels/assembly/', ROOT);
const MODULE = new URL('src/core/price/simd/kernels.ts', ROOT);
// No relaxed-simd: what it rounds depends on the processor. -O1, because higher levels move each operation to where its
// result is used, out of the order in which the sources put them side by side, and are slower by 6 %.
const FLAGS = ['-O1', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];

/** Digest of all that the bytes depend on: the sources, the flags and the pinned compiler. */
export function sourceDigest() {
  const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
  const hash = createHash('sha256').update(`${devDependencies.assemblyscript} ${FLAGS.join(' ')}\n`);
  for (const name of readdirSync(ASSEMBLY).sort()) {
    hash.update(`${name}\n`).update(readFileSync(new URL(name, ASSEMBLY)));
  }
  return hash.digest('hex');
}

/** The module with the kernels, as it must stand in the file. */
export async function compile() {
  const { default: asc } = await import('assemblyscript/asc');
  const sources = Object.fromEntries(
    readdirSync(ASSEMBLY).map((name) => [name, readFileSync(new URL(name, ASSEMBLY), 'utf8')]),
  );
  let bytes = null;
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernels.wasm', ...FLAGS], {
    readFile: (name) => sources[name] ?? null,
    writeFile: (_name, contents) => void (bytes = contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${stderr.toString()}`);
  return `/** The batch kernels of kernels/assembly as WebAssembly in base64, written by kernels/build.js. */

/** SHA-256 of the sources that these bytes were built from. */
export const SOURCES = '${sourceDigest()}';

export const KERNELS =
  '${Buffer.from(bytes).toString('base64')}';
`;
}

if (process.argv[1] === import.meta.filename) {
  const built = (() => {
    try {
      return readFileSync(MODULE, 'utf8');
    } catch {
      return '';
    }
  })();
  if (!built.includes(`'${sourceDigest()}'`)) writeFileSync(MODULE, await compile());
}
