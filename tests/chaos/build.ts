/** The test build: the built program with one more job kind, under any version, in a folder of its own. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const root = process.cwd();
/** Of this run alone, so that two runs do not disturb each other; it goes with the run. */
const folder = join(root, `build/chaos/${process.pid}`);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const made = new Map<string, string>();

/** The main.js of a program that knows kind `chaos`; `version` replaces that of package.json. */
export function program(version?: string): string {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const as = version ?? manifest.version;
  let main = made.get(as);
  if (main === undefined) made.set(as, (main = build(as)));
  return main;
}

function build(version: string): string {
  if (!existsSync(join(root, 'dist/main.js'))) throw new Error('dist is missing; run: npm run build');
  const to = join(folder, `program-${version}`);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  cpSync(join(root, 'dist'), join(to, 'dist'), { recursive: true });
  symlinkSync(resolve(root, 'config'), join(to, 'config'));
  writeFileSync(join(to, 'package.json'), JSON.stringify({ name: 'mms', version, type: 'module' }));
  buildSync({
    entryPoints: ['index', 'run'].map((name) => join(root, `tests/chaos/kind/${name}.ts`)),
    outdir: join(to, 'dist/kinds/chaos'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return join(to, 'dist/main.js');
}
