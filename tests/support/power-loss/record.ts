/** Runs jobs on the real store in a process of its own and gives every write and fsync it made, in order. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { readJournal, type DiskEvent } from './crash-images.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export interface Recording {
  /** An empty folder that stays as long as the recording is used. */
  readonly folder: string;
  readonly jobs: number;
  readonly clients: number;
  /** Plants a fault that the test must find into the compiled store. */
  readonly fault: Fault | null;
}

/** What is weakened: SQLite's syncs, those of the files of large results, or those of their folder. */
export type Fault = 'synchronous=NORMAL' | 'files' | 'folder';

const FAULTS: Readonly<Record<Fault, readonly [file: string, ...changes: [from: string, to: string][]]>> = {
  // Both the setting and the number that is read back, as if somebody believed that NORMAL is enough.
  'synchronous=NORMAL': [
    'database.js',
    ['synchronous = FULL', 'synchronous = NORMAL'],
    ['FULL = 2', 'FULL = 1'],
  ],
  files: ['durable-file.js', ['await file.sync();', ''], ['await file.sync();', '']],
  folder: ['result-files.js', ['syncFolder(folder);', '']],
};

export function record({ folder, jobs, clients, fault }: Recording): DiskEvent[] {
  const library = join(folder, 'journal.so');
  execFileSync('g++', ['-std=c++17', '-O1', '-shared', '-fPIC', '-o', library, here('journal.cpp'), '-ldl']);
  for (const room of ['contract', 'store', 'wire']) {
    cpSync(join(root, 'dist', room), join(folder, 'dist', room), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  if (fault) weaken(join(folder, 'dist/store/sqlite'), fault);
  buildSync({ entryPoints: [here('load.ts')], outfile: join(folder, 'load.js'), format: 'esm' });
  writeFileSync(join(folder, 'main.js'), main({ jobs, clients }));

  mkdirSync(join(folder, 'data'));
  const store = join(folder, 'data/mms.db');
  const journal = join(folder, 'journal');
  const env = { ...process.env, LD_PRELOAD: library, POWER_LOSS_STORE: store, POWER_LOSS_JOURNAL: journal };
  execFileSync(process.execPath, [join(folder, 'main.js'), store], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return readJournal(readFileSync(journal));
}

/** Acknowledgements are written like the store's own files, so that their order among those is recorded. */
function main(load: { readonly jobs: number; readonly clients: number }): string {
  return `
    import { openSync, writeSync } from 'node:fs';
    import { openSqliteStore } from './dist/store/sqlite/open.js';
    import { LARGE_BYTES, runJobs } from './load.js';
    const [, , path] = process.argv;
    const meter = { count() {}, gauge() {}, observe() {} };
    const store = await openSqliteStore({ path, meter, fileBytes: LARGE_BYTES });
    const acks = openSync(path + '.acks', 'w');
    writeSync(acks, 'open\\n');
    await runJobs(store, ${JSON.stringify(load)}, (ack) => writeSync(acks, ack + '\\n'));
    process.exit(0);`;
}

function weaken(folder: string, fault: Fault): void {
  const [name, ...changes] = FAULTS[fault];
  const file = join(folder, name);
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${file} no longer holds "${from}" as this test expects`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}
