/** `mms compare A B`: two specs on the same random numbers, and by how much one beats the other. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isAntithetic, type Side } from '../report/compare.js';
import { badInput, EXIT, tellFailure } from './exit.js';
import { checkFile, writeWhole } from './files.js';
import type { Io } from './io.js';
import { readJobArgs, type AddOptions, type JobArgs } from './job-args.js';
import { paints } from './paint.js';
import { reproduceCommand } from './reproduce.js';
import { compute, parseThreads, tellEnd } from './run.js';
import type { Services } from './services.js';

interface CompareOptions {
  readonly threads?: number;
  readonly json?: boolean;
  readonly report?: string | boolean;
  readonly color: boolean;
}

const addOptions: AddOptions = (command) => {
  command
    .option('--threads <n>', 'compute threads (default: one for each core)', parseThreads)
    .option('--json', 'print one JSON document instead of the table')
    .option('--report <file>', 'where the page goes (default: mms-compare-<digests>.html)')
    .option('--no-report', 'write no page')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .addHelpText(
      'after',
      '\nA and B are spec files (JSON or YAML), specs as text, or a result.json of "mms run --out".\n' +
        'Flags hold for both:  mms compare "{strategy: {type: fixed}}" "{strategy: {type: adaptive}}" --runs 64',
    );
};

/** Resolves with the exit code, as run does. */
export async function compare(args: readonly string[], services: Services, io: Io): Promise<number> {
  const [textA = '--help', textB = '--help', ...flags] = args;
  if (textA.startsWith('-') || textB.startsWith('-')) {
    if (args.includes('--help') || args.includes('-h')) {
      await readJobArgs('compare A B', ['--help'], services, io, addOptions);
    }
    throw badInput(
      'Expected two specs before the flags, e.g. mms compare a.yaml b.yaml --runs 64; see: mms compare --help.',
    );
  }
  const [a, b] = [await readSide(textA, flags, services, io), await readSide(textB, flags, services, io)];
  if (a.args.kind.name !== b.args.kind.name) {
    throw badInput(`Expected two specs of one kind; got ${a.args.kind.name} and ${b.args.kind.name}.`);
  }
  if (a.args.kind.reduce) {
    throw badInput(
      `Expected a kind whose result has a row for each run; ${a.args.kind.name} adds them up. ` +
        'Compare the values of two results with their standard errors instead.',
    );
  }
  const options = a.args.options as unknown as CompareOptions;
  if (typeof options.report === 'string') await checkFile('--report', options.report);
  const { hall, close } = await services.localHall({ threads: options.threads ?? 0 });
  try {
    const sides: Side[] = [];
    for (const side of [a, b]) {
      const { kind, named, flagFor } = side.args;
      const end = await compute(hall, side.args, { quiet: options.json === true }, io);
      if (end === 'interrupted') return EXIT.interrupted;
      if (end.state !== 'done') return tellEnd(end, io, flagFor);
      const result = await hall.result(end.id);
      if (side.digest !== null && side.digest !== result.digest) {
        throw badInput(
          `${side.name}: Expected digest ${side.digest}; got ${result.digest}. Another version of MMS made it.`,
          'E_DATA',
        );
      }
      const reproduce = reproduceCommand(kind, end.spec, end.seed, named);
      sides.push({ name: side.name, job: { ...end, reproduce }, result });
      refuseFewRuns(sides.at(-1)!);
    }
    refuseUnlikePairs(sides as [Side, Side]);
    return await show(sides as [Side, Side], options, io);
  } catch (error) {
    return tellFailure(io, error, a.args.flagFor);
  } finally {
    await close();
  }
}

function refuseFewRuns(side: Side): void {
  const rows = side.result.tables[0]?.rows ?? 0;
  const [least, words] = isAntithetic(side) ? [4, 'two antithetic pairs of runs'] : [2, 'two runs'];
  if (rows < least) throw badInput(`${side.name}: Expected ${words} at least; got ${rows}. Raise --runs.`);
}

/** Run 1 of the one would be the twin of run 0, that of the other a run of its own. */
function refuseUnlikePairs([a, b]: readonly [Side, Side]): void {
  if (isAntithetic(a) === isAntithetic(b)) return;
  const [yes, no] = isAntithetic(a) ? [a, b] : [b, a];
  throw badInput(
    `Expected antithetic runs on both sides or on none; got them in ${yes.name} and not in ${no.name}. Add --antithetic.`,
  );
}

interface Wanted {
  readonly name: string;
  readonly args: JobArgs;
  /** What the result must have, where a result.json was named. */
  readonly digest: string | null;
}

async function readSide(text: string, flags: readonly string[], services: Services, io: Io): Promise<Wanted> {
  const known = await readResult(text);
  const words = known
    ? [known.kind, '--spec', JSON.stringify(known.spec), '--seed', String(known.seed)]
    : ['--spec', text];
  const args = await readJobArgs('compare', [...words, ...flags], services, io, addOptions);
  return { name: text, args, digest: known !== null && flags.every(isOwn) ? known.digest : null };
}

/** Flags that change no result. */
const isOwn = (word: string): boolean => /^--(json|no-report|no-color|report|threads)\b/.test(word);

interface KnownResult {
  readonly kind: string;
  readonly spec: unknown;
  readonly seed: number;
  readonly digest: string;
}

/** A result.json; null for anything else, which the reader of specs judges. */
async function readResult(path: string): Promise<KnownResult | null> {
  if (!path.endsWith('.json')) return null;
  try {
    const { kind, spec, seed, digest } = JSON.parse(await readFile(path, 'utf8')) as Partial<KnownResult>;
    if (typeof kind !== 'string' || typeof digest !== 'string' || typeof seed !== 'number') return null;
    return { kind, spec, seed, digest };
  } catch {
    return null;
  }
}

async function show([a, b]: readonly [Side, Side], options: CompareOptions, io: Io): Promise<number> {
  const { compareResults, comparisonLines, renderComparison } = await import('../report/compare.js');
  const { shortDigest } = await import('../report/format.js');
  const found = compareResults(a, b);
  let report: string | null = null;
  if (options.report !== false) {
    const digests = [a, b].map(({ result }) => shortDigest(result.digest)).join('-');
    report = resolve(typeof options.report === 'string' ? options.report : `mms-compare-${digests}.html`);
    await writeWhole(report, [renderComparison(a, b, found)]);
  }
  if (options.json) {
    const sides = [a, b].map(({ name, job, result }) => ({
      name,
      seed: job.seed,
      digest: result.digest,
      reproduce: job.reproduce,
    }));
    io.out(`${JSON.stringify({ sides, ...found, report }, null, 2)}\n`);
    return EXIT.ok;
  }
  const paint = paints(io, io.outIsTerminal, options.color);
  io.out(`${comparisonLines(a, b, found, paint).join('\n')}\n`);
  if (report !== null) io.out(`Report  ${report}\n`);
  return EXIT.ok;
}
