/** `mms run`: computes a job in this process, prints its summary, writes and opens its report. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TERMINAL_STATES, type JobView } from '../contract/job.js';
import type { Hall, JobResult } from '../contract/ports.js';
import { badInput, EXIT, exitCodeOf, problemLines, tellFailure, type FlagFor } from './exit.js';
import { checkFile, checkFolder, writeTables, writeWhole } from './files.js';
import type { Io } from './io.js';
import { readJobArgs, TIMEOUT_OPTION, type AddOptions, type JobArgs } from './job-args.js';
import { paints, type Paints } from './paint.js';
import { createProgress } from './progress.js';
import { reproduceCommand } from './reproduce.js';
import type { Services } from './services.js';

/** What a command makes of a finished job: its lines on stdout, and its exit code. */
export interface Ending {
  readonly verb: string;
  readonly addOptions: AddOptions;
  lines(view: JobView, result: JobResult, report: string | null, paint: Paints): Promise<string[]>;
  exitCode(result: JobResult): number;
}

export interface RunOptions {
  readonly threads?: number;
  readonly json?: boolean;
  readonly out?: string;
  /** False for --no-report. */
  readonly report?: string | boolean;
  readonly open: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
}

export const addRunOptions: AddOptions = (command) => {
  command
    .option('--threads <n>', 'compute threads (default: one for each core)', parseThreads)
    .option(...TIMEOUT_OPTION)
    .option('--json', 'print one JSON document instead of the summary')
    .option(
      '--out <dir>',
      'folder for tables as csv, result.json and the report; or FILE.yaml: a fitted market',
    )
    .option('--report <file>', 'where the report goes (default: mms-report-<digest>.html)')
    .option('--no-report', 'write no report')
    .option('--no-open', 'do not open the report')
    .option('--quiet', 'only errors and the path of the report')
    .option('--watch', 'with a strategy file: run again whenever it is saved; no report unless asked for')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .addHelpText('after', '\nRead more: mms kinds, and the README of the kind.');
};

export function parseThreads(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) return threads;
  throw badInput(`--threads: Expected an integer from 1 to 1024; got ${JSON.stringify(text)}.`);
}

const RUN: Ending = {
  verb: 'run',
  addOptions: addRunOptions,
  async lines(view, result, report, paint) {
    const { terminalSummary } = await import('../report/terminal.js');
    return terminalSummary(view, result, report, paint);
  },
  exitCode: () => EXIT.ok,
};

/** Resolves with the exit code: 0 done, 1 failed, 2 bad input, 130 interrupted. */
export async function run(args: readonly string[], services: Services, io: Io): Promise<number> {
  if (!args.includes('--watch') || args.includes('--help') || args.includes('-h')) {
    return runOnce(args, services, io);
  }
  const { watchAndRun } = await import('./watch.js');
  const rest = args.filter((arg) => arg !== '--watch');
  return watchAndRun(rest, io, (line) => runOnce(line, services, io));
}

async function runOnce(args: readonly string[], services: Services, io: Io): Promise<number> {
  return runJob(await readJobArgs(RUN.verb, args, services, io, RUN.addOptions), services, io, RUN);
}

/** Computes a job that was read with `ending.addOptions`, and ends as it says; exit codes as of run(). */
export async function runJob(job: JobArgs, services: Services, io: Io, ending: Ending): Promise<number> {
  const options = job.options as unknown as RunOptions;
  const { folder, file } = placesOf(options);
  if (folder !== null) await checkFolder('--out', folder);
  if (file !== null) await checkFile('--out', file);
  if (typeof options.report === 'string') await checkFile('--report', options.report);
  else if (options.report !== false && folder === null) await checkFolder('--report', '.');
  const { hall, close } = await services.localHall({ threads: options.threads ?? 0 });
  try {
    const startedMs = performance.now();
    const end = await compute(hall, job, options, io);
    if (end === 'interrupted') {
      io.talk('Interrupted; the job was cancelled.\n');
      return EXIT.interrupted;
    }
    if (end.state !== 'done') return tellEnd(end, io, job.flagFor);
    const view = { ...end, reproduce: reproduceCommand(job.kind, end.spec, end.seed, job.named) };
    const result = await hall.result(end.id);
    await show(view, result, options, io, performance.now() - startedMs, ending);
    return ending.exitCode(result);
  } catch (error) {
    return tellFailure(io, error, job.flagFor);
  } finally {
    await close();
  }
}

/** Submits and waits for the end; Ctrl-C cancels, a second one ends the process by the signal itself. */
export async function compute(
  hall: Hall,
  job: JobArgs,
  options: Pick<RunOptions, 'quiet' | 'json'>,
  io: Io,
): Promise<JobView | 'interrupted'> {
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<'interrupted'>((done) => (interrupt = () => done('interrupted')));
  const forget = io.onInterrupt(interrupt);
  const progress = await createProgress(job.kind.name, io, options.quiet === true || options.json === true);
  try {
    const { job: first } = await hall.submit(job.request);
    const end = await Promise.race([ended(hall, first, progress.update), interrupted]);
    forget();
    if (end === 'interrupted') await hall.cancel(first.id);
    return end;
  } finally {
    forget();
    progress.stop();
  }
}

function ended(hall: Hall, first: JobView, progress: (done: number) => void): Promise<JobView> {
  if (TERMINAL_STATES.includes(first.state)) return Promise.resolve(first);
  return new Promise((done, fail) => {
    const look = (view: JobView): void => {
      progress(view.progress);
      if (!TERMINAL_STATES.includes(view.state)) return;
      forget();
      done(view);
    };
    const forget = hall.watch(first.id, look);
    // The job may have ended between the answer to submit and the watch.
    Promise.resolve(hall.status(first.id)).then((view) => view && look(view), fail);
  });
}

export function tellEnd(end: JobView, io: Io, flagFor: FlagFor): number {
  if (!end.problem) {
    io.talk(`error: the job was ${end.state}.\n`);
    return EXIT.failed;
  }
  for (const line of problemLines(end.problem, flagFor)) io.talk(`${line}\n`);
  io.talk(`To see it again: ${end.reproduce}\n`);
  return exitCodeOf(end.problem);
}

async function show(
  view: JobView,
  result: JobResult,
  options: RunOptions,
  io: Io,
  elapsedMs: number,
  ending: Ending,
): Promise<void> {
  const { renderReport, reportName } = await import('../report/report.js');
  const wanted = options.report !== false;
  const { folder, file } = placesOf(options);
  const named = typeof options.report === 'string' ? options.report : null;
  const place = named ?? (folder === null ? reportName(result.digest) : join(folder, 'report.html'));
  const report = wanted ? resolve(place) : null;
  if (report !== null) await writeWhole(report, [renderReport({ job: view, result })]);
  const document = documentOf(view, result, report);
  const documents = result.summary.documents ?? [];
  if (folder !== null) {
    await writeTables(folder, result);
    await writeWhole(join(folder, 'result.json'), [document]);
    for (const { name, text } of documents) await writeWhole(join(folder, name), [text]);
  }
  const [market] = documents;
  if (file !== null && market) await writeWhole(file, [market.text]);
  if (options.json) io.out(document);
  else if (options.quiet) io.out(report === null ? '' : `${report}\n`);
  else {
    const lines = await ending.lines(view, result, report, paints(io, io.outIsTerminal, options.color));
    io.out(`${lines.join('\n')}\n`);
    const dim = paints(io, io.talkIsTerminal, options.color).dim;
    io.talk(dim(`done in ${(elapsedMs / 1000).toFixed(2)} s\n`));
  }
  if (report !== null && mayOpen(options, io)) openFile(report);
  if (file !== null && !market) io.talk(`error: --out: this result has no market file; its notes say why.\n`);
}

/** --out names a folder, or by its ending the file of a fitted market. */
function placesOf({ out }: RunOptions): { folder: string | null; file: string | null } {
  if (out === undefined) return { folder: null, file: null };
  return /\.ya?ml$/i.test(out) ? { folder: null, file: out } : { folder: out, file: null };
}

/** The one JSON document of --json and result.json, with a line end. */
function documentOf(view: JobView, result: JobResult, report: string | null): string {
  const { id, kind, seed, spec, reproduce } = view;
  const { digest, summary } = result;
  return `${JSON.stringify({ id, kind, seed, digest, summary, report, reproduce, spec }, null, 2)}\n`;
}

function mayOpen(options: RunOptions, io: Io): boolean {
  return options.open && !options.json && !options.quiet && io.outIsTerminal && !io.env.CI;
}

/** Best effort: a machine without a browser still has the path on the screen. */
function openFile(path: string): void {
  const url = pathToFileURL(path).href;
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]];
  const child = spawn(command as string, args as string[], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
