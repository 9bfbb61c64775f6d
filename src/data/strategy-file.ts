/**
 * Compiles a strategy file for the threads: TypeScript and what it imports in, one plain script out.
 *
 * esbuild strips the types and joins the files; a table says for each line of the script where it comes from,
 * so that an error can name the line of the TypeScript. Neither Node's modules nor packages can be imported,
 * only files beside it and `mms/strategy`. The script depends on the content of the files and their names,
 * not on their place.
 */
import { SourceMap } from 'node:module';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { BuildFailure, Plugin } from 'esbuild';
import type { TableDecl } from '../contract/columns.js';
import { dataError, type DataFile } from './data-file.js';
import type { Importer, ImportLimits, Imported } from './importer.js';

/** What `import { defineStrategy } from 'mms/strategy'` finds. */
const API = 'export const defineStrategy = (strategy) => strategy;';

const api: Plugin = {
  name: 'mms-strategy',
  setup(build) {
    build.onResolve({ filter: /^mms\/strategy$/ }, () => ({ path: 'strategy', namespace: 'mms' }));
    build.onLoad({ filter: /.*/, namespace: 'mms' }, () => ({ contents: API, loader: 'js' }));
  },
};

/** A text from a stranger must not read files of this machine into the script. */
const alone: Plugin = {
  name: 'alone',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path }) => {
      if (kind === 'entry-point') return undefined;
      const text = `expected no import but "mms/strategy" in a source that came with a spec; got "${path}"`;
      return { errors: [{ text }] };
    });
  },
};

const TABLES: readonly TableDecl[] = [
  {
    name: 'code',
    title: 'Compiled strategy',
    columns: [{ name: 'bytes', type: 'u8', unit: '1', meaning: 'JSON: file, code, sources, lines' }],
  },
];

export const strategyImporter: Importer = {
  roles: ['code'],
  tables: TABLES,
  read: async (file, limits) => compile(file('code'), limits),
};

async function compile(file: DataFile, { maxBytes }: ImportLimits): Promise<Imported> {
  const { build } = await import('esbuild');
  const name = basename(file.path);
  const source = file.text ?? (await readFile(file.path));
  const outcome = await build({
    ...(file.text === undefined
      ? { entryPoints: [file.path], absWorkingDir: dirname(file.path) }
      : { stdin: { contents: file.text, sourcefile: name, loader: 'ts' as const } }),
    outfile: 'strategy.js',
    write: false,
    bundle: true,
    format: 'cjs',
    platform: 'neutral',
    target: 'es2023',
    charset: 'utf8',
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
    // The settings of a project around the file must not change what it does.
    tsconfigRaw: {},
    plugins: file.text === undefined ? [api] : [api, alone],
  }).catch((error: BuildFailure) => {
    const [first] = error.errors ?? [];
    if (!first) throw error;
    const { location, text } = first;
    const where = location ? `:${location.line}:${location.column + 1}` : '';
    const label = location ? location.file : file.label;
    throw dataError({ ...file, label }, where, text);
  });
  const text = (end: string): string =>
    outcome.outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  const code = text('.js');
  const { sources, lines } = linesOf(code, text('.map'));
  const bytes = new TextEncoder().encode(JSON.stringify({ file: name, code, sources, lines }));
  if (bytes.length > maxBytes)
    throw dataError(file, '', `expected at most ${maxBytes} bytes; got ${bytes.length}`);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const digest = createHash('sha256').update(source).digest('hex');
  return {
    tables: [{ name: 'code', rows: shared.length, columns: [shared] }],
    notes: [`Strategy of the file ${name}, sha256 ${digest}.`],
  };
}

/** Source and line (from 1) of each line of the script, flat; -1, 0 for lines of nobody. */
function linesOf(code: string, map: string): { sources: string[]; lines: number[] } {
  const payload = JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0];
  const { sources } = payload;
  const finder = new SourceMap(payload);
  const lines = code.split('\n').flatMap((line, i) => {
    const indent = line.length - line.trimStart().length;
    const entry = finder.findEntry(i, indent);
    if (!('originalLine' in entry) || entry.generatedLine !== i) return [-1, 0];
    const source = sources.indexOf(entry.originalSource);
    return source < 0 || entry.originalSource.startsWith('mms:') ? [-1, 0] : [source, entry.originalLine + 1];
  });
  return { sources, lines };
}
