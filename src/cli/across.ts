/** `mms across`: one strategy on every market of kind market-making, with one table of the main metrics. */
import { resolve } from 'node:path';
import type { Side } from '../report/compare.js';
import { badInput, EXIT, tellFailure } from './exit.js';
import { checkFile, writeWhole } from './files.js';
import { flagsOf, type Flag, type JsonSchema } from './flags.js';
import type { Io } from './io.js';
import { DEFAULT_KIND, readJobArgs, type AddOptions, type JobArgs } from './job-args.js';
import { paints } from './paint.js';
import { reproduceCommand } from './reproduce.js';
import { compute, parseThreads, tellEnd } from './run.js';
import type { Services } from './services.js';

interface AcrossOptions {
  readonly threads?: number;
  readonly json?: boolean;
  readonly report?: string | boolean;
  readonly color: boolean;
}

const REPLAY = 'replay';
/** What a replay cannot have: nothing in it is random. */
const NOT_IN_REPLAY = ['runs'];
const UNION = 'market';

const addOptions: AddOptions = (command) => {
  command
    .option('--threads <n>', 'compute threads (default: one for each core)', parseThreads)
    .option('--json', 'print one JSON document instead of the table')
    .option('--report <file>', 'where the page goes (default: mms-across.html)')
    .option('--no-report', 'write no page')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .addHelpText(
      'after',
      '\nFlags hold for every market that has them; a market keeps its own defaults for the rest. The replay\n' +
        'takes part where --messages and --orderbook name its files:\n' +
        '  mms across --strategy fixed --halfSpreadTicks 1 --messages msg.csv.gz --orderbook book.csv.gz',
    );
};

/** Resolves with the exit code, as run does. */
export async function across(args: readonly string[], services: Services, io: Io): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    await readJobArgs('across', [DEFAULT_KIND, '--help'], services, io, addOptions);
  }
  if (args.some((word) => /^--(market|ticker)(=|$)/.test(word))) {
    throw badInput('Expected neither --market nor --ticker: mms across runs every market. Leave it out.');
  }
  const { schema } = await (await services.kinds()).get(DEFAULT_KIND);
  const flags = flagsOf(schema as unknown as JsonSchema);
  const types = flags.find(({ path }) => path.join('.') === `${UNION}.type`)?.choices ?? [];
  const wanted = types.filter(
    (type) => type !== REPLAY || args.some((word) => word.startsWith('--messages')),
  );
  const jobs: { name: string; args: JobArgs }[] = [];
  for (const name of wanted) {
    const own = [DEFAULT_KIND, '--market', name, ...flagsFor(name, args, flags)];
    jobs.push({ name, args: await readJobArgs('across', own, services, io, addOptions) });
  }
  const options = jobs[0]!.args.options as unknown as AcrossOptions;
  if (typeof options.report === 'string') await checkFile('--report', options.report);
  const { hall, close } = await services.localHall({ threads: options.threads ?? 0 });
  try {
    const sides: Side[] = [];
    for (const { name, args: job } of jobs) {
      const end = await compute(hall, job, { quiet: options.json === true }, io);
      if (end === 'interrupted') return EXIT.interrupted;
      if (end.state !== 'done') return tellEnd(end, io, job.flagFor);
      const reproduce = reproduceCommand(job.kind, end.spec, end.seed, job.named);
      sides.push({ name, job: { ...end, reproduce }, result: await hall.result(end.id) });
    }
    return await show(sides, types.length > wanted.length, options, io);
  } catch (error) {
    return tellFailure(io, error, jobs[0]!.args.flagFor);
  } finally {
    await close();
  }
}

/** The arguments without the flags that belong to other markets than this one. */
export function flagsFor(market: string, args: readonly string[], flags: readonly Flag[]): string[] {
  const others = flags.filter(({ branches }) => {
    const types = branches.filter(({ union }) => union === UNION).map(({ type }) => type);
    return types.length > 0 && !types.includes(market);
  });
  const dropped = new Set(others.map(({ name }) => name));
  if (market === REPLAY) for (const name of NOT_IN_REPLAY) dropped.add(name);
  const kept: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [, name = '', value] = /^--([^=]+)(=.*)?$/.exec(args[i]!) ?? [];
    if (!dropped.has(name)) kept.push(args[i]!);
    else if (value === undefined && i + 1 < args.length) i++;
  }
  return kept;
}

async function show(
  sides: readonly Side[],
  lacksReplay: boolean,
  options: AcrossOptions,
  io: Io,
): Promise<number> {
  const { acrossLines, renderAcross } = await import('../report/across.js');
  const notes = lacksReplay ? ['The replay takes part when --messages and --orderbook name its files.'] : [];
  let report: string | null = null;
  if (options.report !== false) {
    report = resolve(typeof options.report === 'string' ? options.report : 'mms-across.html');
    await writeWhole(report, [renderAcross(sides, notes)]);
  }
  if (options.json) {
    const markets = sides.map(({ name, job, result }) => ({
      market: name,
      seed: job.seed,
      digest: result.digest,
      reproduce: job.reproduce,
      metrics: result.summary.metrics,
    }));
    io.out(`${JSON.stringify({ markets, report }, null, 2)}\n`);
    return EXIT.ok;
  }
  io.out(`${acrossLines(sides, notes, paints(io, io.outIsTerminal, options.color)).join('\n')}\n`);
  if (report !== null) io.out(`Report  ${report}\n`);
  return EXIT.ok;
}
