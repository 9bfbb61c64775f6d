/** `mms sweep`: a kind over values of its spec, in this process or on a service; ranked, drawn, written. */
import { hash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import type { SweepPlan, Sweeps, SweepView } from '../contract/sweep.js';
import type { ReadRows } from '../contract/sweep-rows.js';
import { badInput, EXIT, tellFailure } from './exit.js';
import { checkFile, checkFolder, writeWhole } from './files.js';
import type { Io } from './io.js';
import type { AddOptions, JobArgs } from './job-args.js';
import type { SweepData } from '../report/sweep-data.js';
import { reproduceCommand } from './reproduce.js';
import { paints } from './paint.js';
import { parseThreads } from './run.js';
import type { Services } from './services.js';
import { createSweepProgress } from './sweep-progress.js';
import { readSweepArgs, type SweepArgs, type SweepOptions } from './sweep-request.js';

/** Cells that are looked at for the metric, once a job is done. */
const FIRST_CELLS = 50;
const NEAR = 4;

const addOptions: AddOptions = (command) => {
  command
    .option('--out <dir>', 'folder for results.csv, results.json and report.html')
    .option('--report <file>', 'where the report goes (default: mms-sweep-<digest>.html)')
    .option('--no-report', 'write no report')
    .option('--threads <n>', 'compute threads in this process (default: one for each core)', parseThreads)
    .option('--json', 'print one JSON document instead of the table')
    .option('--quiet', 'only errors and the path of the report')
    .option('--no-color', 'no colours (also: NO_COLOR)');
};

/** Resolves with the exit code: 0 done, 4 where some cells failed, 130 interrupted, others as run(). */
export async function sweep(args: readonly string[], services: Services, io: Io): Promise<number> {
  const asked = await readSweepArgs(args, services, io, addOptions);
  const { options } = asked;
  if (options.out !== undefined) await checkFolder('--out', options.out);
  if (typeof options.report === 'string') await checkFile('--report', options.report);
  else if (options.report !== false && options.out === undefined) await checkFolder('--report', '.');
  const { sweeps, broken, close } = await openSweeps(options, services, io);
  try {
    return await runSweep({ sweeps, broken }, asked, io);
  } catch (error) {
    return tellFailure(io, error, asked.flagFor);
  } finally {
    await close();
  }
}

interface Opened {
  readonly sweeps: Sweeps;
  /** Rejects when a service cannot be followed any more. */
  readonly broken: Promise<never>;
  close(): Promise<void>;
}

async function openSweeps(options: SweepOptions, services: Services, io: Io): Promise<Opened> {
  const { threads, url, quiet, json } = options;
  const server = url ?? options.server;
  if (server === undefined) {
    const { hall, close } = await services.localHall({ threads: threads ?? 0 });
    return { sweeps: hall.sweeps, broken: new Promise(() => undefined), close };
  }
  const [{ clientOf }, { createSweepsClient }] = await Promise.all([
    import('./remote.js'),
    import('./sweeps-client.js'),
  ]);
  const client = clientOf({ ...options, server, quiet: quiet === true || json === true }, io);
  let fail: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (fail = reject));
  // Whoever is not waiting for it any more does not hear of it.
  broken.catch(() => undefined);
  return { sweeps: createSweepsClient(client, fail), broken, close: () => Promise.resolve() };
}

async function runSweep(
  { sweeps, broken }: Pick<Opened, 'sweeps' | 'broken'>,
  asked: SweepArgs,
  io: Io,
): Promise<number> {
  const { request, options } = asked;
  const quiet = options.quiet === true || options.json === true;
  const startedMs = performance.now();
  const end = await follow({ sweeps, broken }, request, quiet, io);
  const { view } = end;
  const read: ReadRows = (page) => sweeps.rows(view.id, page);
  if (end.interrupted) {
    if (options.out !== undefined) await write(view, read, asked);
    io.talk(
      `Interrupted; the sweep was cancelled with ${view.cellsDone} of ${view.plan.cells} cells done.\n`,
    );
    return EXIT.interrupted;
  }
  await show(view, read, asked, io);
  if (!quiet) {
    const seconds = (performance.now() - startedMs) / 1000;
    const rate = (view.plan.cells / seconds).toPrecision(3);
    io.talk(
      paints(io, io.talkIsTerminal, options.color).dim(
        `done in ${seconds.toFixed(2)} s, ${Number(rate)} cells/s\n`,
      ),
    );
  }
  if (view.state === 'done') return EXIT.ok;
  return view.state === 'partial' && view.cellsDone > 0 ? EXIT.partial : EXIT.failed;
}

/** Submits and waits for the end; Ctrl-C cancels, a second one ends the process by the signal itself. */
async function follow(
  { sweeps, broken }: Pick<Opened, 'sweeps' | 'broken'>,
  request: SweepArgs['request'],
  quiet: boolean,
  io: Io,
): Promise<{ view: SweepView; interrupted: boolean }> {
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<'interrupted'>((done) => (interrupt = () => done('interrupted')));
  const forget = io.onInterrupt(interrupt);
  const progress = await createSweepProgress(request.name ?? request.kind, io, quiet);
  try {
    const first = await sweeps.submit(request);
    const end = await Promise.race([ended(sweeps, first, request, progress.update), interrupted, broken]);
    forget();
    if (end !== 'interrupted') return { view: end, interrupted: false };
    return { view: await stop(sweeps, first.id), interrupted: true };
  } finally {
    forget();
    progress.stop();
  }
}

async function stop(sweeps: Sweeps, id: string): Promise<SweepView> {
  const view = await sweeps.view(id);
  return view && view.state !== 'running' ? view : sweeps.cancel(id);
}

function ended(
  sweeps: Sweeps,
  first: SweepView,
  request: SweepArgs['request'],
  progress: (view: SweepView) => void,
): Promise<SweepView> {
  return new Promise((done, fail) => {
    let checked = request.metric === undefined ? Promise.resolve() : null;
    const leave = (error: unknown): void => {
      forget();
      stop(sweeps, first.id).then(() => fail(error), fail);
    };
    const look = (view: SweepView): void => {
      progress(view);
      if (checked === null && view.jobs.done > 0) {
        checked = checkMetric(sweeps, view);
        checked.catch(leave);
      }
      if (view.state === 'running') return;
      forget();
      // A slip is told although all is done.
      (checked ?? Promise.resolve()).then(() => done(view), fail);
    };
    const forget = sweeps.watch(first.id, look);
    // The sweep may have ended between the answer to submit and the watch.
    sweeps.view(first.id).then((view) => view && look(view), fail);
  });
}

/** A metric that the first result has not is a slip: nobody waits for thousands of cells to hear of it. */
async function checkMetric(sweeps: Sweeps, { id, plan }: SweepView): Promise<void> {
  const { name } = plan.metric;
  const rows = await sweeps.rows(id, { from: 0, limit: FIRST_CELLS });
  const names = [
    ...new Set(
      rows.flatMap(({ jobs }) => jobs.flatMap(({ metrics }) => metrics?.map((one) => one.name) ?? [])),
    ),
  ];
  if (name === null || names.length === 0 || names.includes(name)) return;
  const [near] = [...names].sort((a, b) => distance(a, name) - distance(b, name));
  const hint = near !== undefined && distance(near, name) < NEAR ? ` Did you mean "${near}"?` : '';
  throw badInput(`--metric: Expected one of ${names.join(', ')}; got ${JSON.stringify(name)}.${hint}`);
}

interface Written {
  /** sha256 hex of results.csv, whether or not it was kept. */
  readonly digest: string;
  readonly report: string | null;
  readonly reproduce: string;
  readonly data: SweepData;
}

/** The flags of the base: what the line of one of its jobs has after its seed. */
function baseWords(base: unknown, { seed }: SweepPlan, { kind, named }: JobArgs): string {
  const head = `mms run ${kind.name} --seed ${seed}`;
  return reproduceCommand(kind, base, seed, named).slice(head.length).trim();
}

/** The files of --out, and the report. */
async function write(view: SweepView, read: ReadRows, { job, options }: SweepArgs): Promise<Written> {
  const { sweepToCsv, sweepToJson } = await import('../data/export-sweep.js');
  const { collectSweep } = await import('../report/sweep-data.js');
  const { renderSweep } = await import('../report/sweep.js');
  const { baseWithoutAxes, sweepCommand } = await import('../report/sweep-command.js');
  const data = await collectSweep(view, read);
  const reproduce = sweepCommand(view.plan, baseWords(baseWithoutAxes(view.plan), view.plan, job));
  const lines: string[] = [];
  for await (const part of sweepToCsv(view, read)) lines.push(part);
  const digest = hash('sha256', lines.join(''), 'hex');
  const { out, report: wanted } = options;
  if (out !== undefined) {
    await writeWhole(join(out, 'results.csv'), lines);
    await writeWhole(join(out, 'results.json'), sweepToJson(view, read));
  }
  const usual = out === undefined ? `mms-sweep-${digest.slice(0, 12)}.html` : join(out, 'report.html');
  const report = wanted === false ? null : resolve(typeof wanted === 'string' ? wanted : usual);
  if (report !== null) await writeWhole(report, [renderSweep(data, reproduce)]);
  return { data, digest, report, reproduce };
}

async function show(view: SweepView, read: ReadRows, asked: SweepArgs, io: Io): Promise<void> {
  const { options } = asked;
  const { sweepLines } = await import('../report/sweep-words.js');
  const { shortDigest } = await import('../report/format.js');
  const { data, digest, report, reproduce } = await write(view, read, asked);
  if (options.json) {
    const { metric, best, reasons } = data;
    const { plan: _plan, ...told } = view;
    const out = options.out === undefined ? null : resolve(options.out);
    io.out(
      `${JSON.stringify({ ...told, digest, metric, best, failures: reasons, out, report, reproduce }, null, 2)}\n`,
    );
    return;
  }
  if (options.quiet) {
    io.out(report === null ? '' : `${report}\n`);
    return;
  }
  const paint = paints(io, io.outIsTerminal, options.color);
  const row = (label: string, text: string): string => `${paint.dim(label.padEnd(9))}  ${text}`;
  const lines = [
    ...sweepLines(data, paint),
    '',
    row('Digest', `${shortDigest(digest)} of results.csv`),
    row('Reproduce', reproduce),
  ];
  if (options.out !== undefined) lines.push(row('Results', join(resolve(options.out), 'results.csv')));
  if (report !== null) lines.push(row('Report', report));
  io.out(`${lines.join('\n')}\n`);
}
