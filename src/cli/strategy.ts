/** `mms strategy new` and `mms strategy check`: a strategy file to begin with, and what is wrong with one. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobView } from '../contract/job.js';
import { TERMINAL_STATES } from '../contract/job.js';
import type { Hall, JobResult } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { badInput, EXIT, problemLines } from './exit.js';
import { writeWhole } from './files.js';
import type { Io } from './io.js';
import { DEFAULT_KIND } from './job-args.js';
import type { Services } from './services.js';
import { readStrategyFile } from './strategy-file.js';

const API_FILE = 'mms-strategy.d.ts';
const folder = join(dirname(fileURLToPath(import.meta.url)), '../../config/strategy');
const template = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

/** Writes NAME.ts and the types beside it into the working folder; never over a file. */
export async function newStrategy(name: string, io: Io): Promise<number> {
  const plain = name.replace(/\.ts$/, '');
  if (!/^[\w.-]*\w$/.test(plain)) {
    throw badInput(
      `Expected a name of letters, digits, - and _, e.g. my-maker; got ${JSON.stringify(name)}.`,
    );
  }
  const file = `${plain}.ts`;
  if (await exists(file)) {
    throw new MmsError('E_DATA', `Expected a new name; ${file} exists already. Choose another one.`);
  }
  await writeWhole(file, [(await template('template.txt')).replaceAll('NAME', plain)]);
  if (!(await exists(API_FILE))) await writeWhole(API_FILE, [await template('mms-strategy.txt')]);
  io.out(`${file}\n`);
  io.talk(`Run it: mms run ./${file} --watch   check it: mms strategy check ./${file}\n`);
  return EXIT.ok;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Checks declaration, types and behaviour; resolves with 0 when nothing is wrong, 1 otherwise. */
export async function checkStrategy(file: string, services: Services, io: Io): Promise<number> {
  const module = await readStrategyFile(file);
  const count = Object.keys(module.parameters).length;
  io.out(`ok    ${module.name}: ${count} ${count === 1 ? 'parameter' : 'parameters'}\n`);
  const types = await typeFaults(file);
  if (types === null) io.out('--    types were not checked: TypeScript is not installed here\n');
  else if (types.length === 0) io.out('ok    types\n');
  for (const fault of types ?? []) io.out(`wrong ${fault}\n`);
  const behaves = await checkBehaviour(file, services, io);
  return behaves && (types ?? []).length === 0 ? EXIT.ok : EXIT.failed;
}

/** Errors of the TypeScript compiler in strict mode, null where there is no compiler. */
async function typeFaults(file: string): Promise<string[] | null> {
  const ts = await import('typescript').then(
    (loaded) => loaded.default,
    () => null,
  );
  if (ts === null) return null;
  const path = resolve(file);
  const api = join(dirname(path), API_FILE);
  const text = await template('mms-strategy.txt');
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
  };
  const host = ts.createCompilerHost(options);
  const { readFile: read, fileExists, getSourceFile } = host;
  // The types of this version, whatever lies beside the file.
  host.fileExists = (name) => resolve(name) === api || fileExists(name);
  host.readFile = (name) => (resolve(name) === api ? text : read(name));
  host.getSourceFile = (name, target, ...rest) =>
    resolve(name) === api ? ts.createSourceFile(name, text, target) : getSourceFile(name, target, ...rest);
  const program = ts.createProgram([path, api], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file: source, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    if (!source || start === undefined) return message;
    const { line, character } = source.getLineAndCharacterOfPosition(start);
    return `${relative(process.cwd(), source.fileName)}:${line + 1}:${character + 1}: ${message}`;
  });
}

/** Four short runs in one thread, and the same again in two. */
async function checkBehaviour(file: string, services: Services, io: Io): Promise<boolean> {
  const results: JobResult[] = [];
  for (const threads of [1, 2]) {
    const { hall, close } = await services.localHall({ threads });
    try {
      const strategy = { type: 'custom', file };
      const market = { type: 'cont-stoikov-talreja', durationS: 60 };
      const { job } = await hall.submit({ kind: DEFAULT_KIND, spec: { market, strategy, runs: 4 }, seed: 1 });
      const end = await ended(hall, job);
      if (end.problem) {
        for (const line of problemLines(end.problem)) io.out(`${line.replace('error: ', 'wrong ')}\n`);
        return false;
      }
      results.push(await hall.result(end.id));
    } finally {
      await close();
    }
  }
  const [first, second] = results;
  if (first!.digest !== second!.digest) {
    io.out('wrong the same seed gave two results: it keeps something between runs or hears of the outside\n');
    return false;
  }
  io.out(`ok    the same result twice, in one thread and in two: ${first!.digest.slice(0, 12)}\n`);
  return tellActivity(first!, io);
}

function tellActivity({ summary }: JobResult, io: Io): boolean {
  const value = (name: string): number => summary.metrics.find((metric) => metric.name === name)?.value ?? 0;
  const [placed, fills, refused] = ['ordersPlaced', 'fills', 'ordersRejected'].map(value) as [
    number,
    number,
    number,
  ];
  const said = `${placed} quotes, ${fills} fills and ${refused} refused orders in a minute, on average`;
  if (placed + fills === 0) {
    io.out(`wrong it did nothing: ${said}\n`);
    return false;
  }
  io.out(`ok    ${said}\n`);
  if (refused > placed)
    io.out('--    most orders were refused, because they would have traded: quotes are post-only\n');
  return true;
}

function ended(hall: Hall, job: JobView): Promise<JobView> {
  if (TERMINAL_STATES.includes(job.state)) return Promise.resolve(job);
  return new Promise((done, fail) => {
    const look = (view: JobView): void => {
      if (!TERMINAL_STATES.includes(view.state)) return;
      forget();
      done(view);
    };
    const forget = hall.watch(job.id, look);
    Promise.resolve(hall.status(job.id)).then((view) => view && look(view), fail);
  });
}
