/** From the arguments of `mms sweep`, or its file, to the request that the hall judges. */
import type { SweepAxis, SweepRequest } from '../contract/sweep.js';
import { MmsError } from '../contract/problem.js';
import { badInput, type FlagFor } from './exit.js';
import type { Flag } from './flags.js';
import type { Io } from './io.js';
import { readJobArgs, readSpec, type AddOptions, type JobArgs } from './job-args.js';
import { addServerOptions, type ServerOptions } from './server-options.js';
import type { Services } from './services.js';
import { axisPath, readAxis, readValues, wholePath, type NamedAxis } from './sweep-axes.js';

export interface SweepOptions extends ServerOptions {
  readonly random?: number;
  readonly lhs?: number;
  readonly repeats?: number;
  /** False for --own-random-numbers. */
  readonly ownRandomNumbers?: boolean;
  readonly metric?: string;
  readonly min?: boolean;
  readonly name?: string;
  /** The service, where it is not this process; the same as `server`. */
  readonly url?: string;
  readonly out?: string;
  readonly report?: string | boolean;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
}

export interface SweepArgs {
  readonly request: SweepRequest;
  readonly job: JobArgs;
  readonly options: SweepOptions;
  readonly flagFor: FlagFor;
}

/** An axis as it was typed. */
interface Typed {
  readonly option: string;
  readonly text: string;
}

const FILE = /\.(ya?ml|json)$/i;
const HELP = `
Axes: NAME is a flag of the kind without its dashes, a dotted path into the spec, or seed.
  gamma=0.01..1:log25        25 points from 0.01 to 1, even on a log scale
  halfSpreadTicks=0.5..4:8   8 points, evenly
  runs=1..64:log7:integer    whole numbers; those of a whole field need no :integer
  strategy=fixed,adaptive    values; variants by their names
  strategy=[{"type":"glft","gamma":0.1},{"type":"fixed"}]
With --random or --lhs ranges have no points. Repeat r has the same random numbers in every cell.
A file holds the same as YAML: kind, spec, seed, axes, design, cells, repeats, metric: {name, sense}, name.`;

/** Throws what readJobArgs throws; the request itself is judged by the hall. */
export async function readSweepArgs(
  args: readonly string[],
  services: Services,
  io: Io,
  own: AddOptions,
): Promise<SweepArgs> {
  const typed: Typed[] = [];
  const addOptions: AddOptions = (command) => {
    addSweepOptions(typed)(command);
    own(command);
    command.addHelpText('after', HELP);
  };
  const { kind, base, file } = await readFile(args);
  const words = kind === null ? args : [...kind, ...base, ...args.slice(1)];
  const read = async (line: readonly string[]): Promise<JobArgs> => {
    typed.length = 0;
    return readJobArgs('sweep', line, services, io, addOptions);
  };
  const first = await read(words);
  const drawn = isDrawn(first, file);
  const axes = axesOf(typed, file, first.flags, drawn);
  // An axis of a field that only some variants have chooses the variant, as its flag would.
  const choosing = choosingWords(axes, words);
  const job = choosing.length === 0 ? first : await read([...words, ...choosing]);
  const options = job.options as unknown as SweepOptions;
  const placed = axes.map((axis) => ({ ...axis, path: parameterPath(axis.path, job.request.spec) }));
  const request = requestOf(job, options, file, placed);
  return { request, job, options, flagFor: flagForSweep(job.flagFor, placed) };
}

function addSweepOptions(typed: Typed[]): AddOptions {
  const count = (flag: string) => (text: string) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value)) return value;
    throw badInput(`${flag}: Expected a whole number; got ${JSON.stringify(text)}.`);
  };
  const collect = (option: string) => (text: string) => void typed.push({ option, text });
  return (command) => {
    command
      .option('--grid <axis>', 'an axis and its points, again for each further one', collect('--grid'))
      .option('--vary <axis>', 'the same; the word for axes that are drawn', collect('--vary'))
      .option('--random <cells>', 'draw so many cells at random', count('--random'))
      .option('--lhs <cells>', 'draw so many cells as a Latin hypercube', count('--lhs'))
      .option('--repeats <n>', 'jobs per cell, each with another seed (default: 1)', count('--repeats'))
      .option('--own-random-numbers', 'give each cell seeds of its own')
      .option('--metric <name>', "metric to rank by (default: the kind's choice)")
      .option('--min', 'the smallest value is best')
      .option('--name <text>', 'title of the report')
      .option('--url <url>', 'run it on this service and not in this process');
    addServerOptions(command);
    // Without an address this command needs no service.
    command.options.find(({ long }) => long === '--server')!.description = 'the same as --url';
  };
}

type File = Partial<Record<keyof SweepRequest, unknown>>;

/** A sweep file as the first word: its kind and base become words, the rest is returned as it stands. */
async function readFile(
  args: readonly string[],
): Promise<{ kind: readonly string[] | null; base: readonly string[]; file: File }> {
  const [path] = args;
  if (path === undefined || !FILE.test(path)) return { kind: null, base: [], file: {} };
  // Help is given whether or not the file is there.
  if (args.includes('--help') || args.includes('-h')) return { kind: [], base: [], file: {} };
  const { kind, spec, seed, ...file } = (await readSpec(path, 'FILE')) as File;
  if (typeof file.axes !== 'object' || file.axes === null || Array.isArray(file.axes)) {
    throw new MmsError('E_DATA', `${path}: Expected "axes", an object of axes by their paths; got none.`);
  }
  const words = ['--spec', JSON.stringify(spec ?? {})];
  if (seed !== undefined) words.push('--seed', String(seed));
  return { kind: typeof kind === 'string' ? [kind] : [], base: words, file };
}

function isDrawn({ options }: JobArgs, { design = 'grid' }: File): boolean {
  const { random, lhs } = options as unknown as SweepOptions;
  if (random !== undefined && lhs !== undefined)
    throw badInput('--lhs: Expected without --random; got both. Leave one of them out.');
  return random !== undefined || lhs !== undefined || design !== 'grid';
}

/** Those of the file, then those of the line; a name that is there already is replaced in its place. */
function axesOf(
  typed: readonly Typed[],
  { axes = {} }: File,
  flags: readonly Flag[],
  drawn: boolean,
): NamedAxis[] {
  const found = new Map<string, NamedAxis>();
  for (const [name, value] of Object.entries(axes as object)) {
    const { path: named, flag } = axisPath(name, flags);
    const axis =
      typeof value === 'string' ? readValues(`axes.${name}`, value, flag, drawn) : (value as SweepAxis);
    const path = wholePath(named, flag, axis);
    found.set(path, { path, flag, axis });
  }
  const inFile = new Set(found.keys());
  for (const { option, text } of typed) {
    const axis = readAxis(option, text, flags, drawn);
    if (found.has(axis.path) && !inFile.delete(axis.path))
      throw badInput(`${option}: Expected each axis once; got ${text.split('=')[0]} twice. Leave one out.`);
    found.set(axis.path, axis);
  }
  if (found.size === 0)
    throw badInput(
      '--grid: Expected an axis, e.g. mms sweep --grid gamma=0.01..1:log25; got none. See: mms sweep --help.',
    );
  return [...found.values()];
}

/** `--gamma FIRST` for each axis of a variant's field that nothing else chooses. */
function choosingWords(axes: readonly NamedAxis[], words: readonly string[]): string[] {
  const chosen = axes
    .filter(({ flag }) => flag?.chooses)
    .map(({ path }) => `${path.replace(/\.type$/, '')}.`);
  return axes.flatMap(({ path, flag, axis }) => {
    if (
      flag === null ||
      flag.chooses ||
      (flag.branches.length === 0 && !path.startsWith('strategy.parameters.'))
    )
      return [];
    if (chosen.some((start) => path.startsWith(start))) return [];
    const isGiven = words.some((word) => word === `--${flag.name}` || word.startsWith(`--${flag.name}=`));
    const first: unknown = isList(axis) ? axis[0] : axis.from;
    if (isGiven || first === undefined) return [];
    return [`--${flag.name}=${typeof first === 'string' ? first : JSON.stringify(first)}`];
  });
}

const isList = (axis: SweepAxis): axis is readonly unknown[] => Array.isArray(axis);

/** Parameters of a strategy file stand in the spec as a list. */
function parameterPath(path: string, spec: unknown): string {
  const name = /^strategy\.parameters\.([A-Za-z]\w*)$/.exec(path)?.[1];
  const { strategy } = spec as { strategy?: { parameters?: readonly { name: string }[] } };
  const at = strategy?.parameters?.findIndex((parameter) => parameter.name === name) ?? -1;
  return name === undefined || at < 0 ? path : `strategy.parameters.${at}.value`;
}

function requestOf(
  job: JobArgs,
  options: SweepOptions,
  file: File,
  axes: readonly NamedAxis[],
): SweepRequest {
  const { kind, request } = job;
  const { random, lhs, repeats, metric, min, name, ownRandomNumbers } = options;
  const cells = random ?? lhs;
  const score = kind.score?.name === metric ? kind.score?.sense : undefined;
  const sense = min ? 'min' : (score ?? 'max');
  const wanted = metric ?? (min ? kind.score?.name : undefined);
  if (min && wanted === undefined)
    throw badInput('--min: Expected with --metric, the metric whose smallest value is best.');
  return {
    ...(file as Omit<SweepRequest, 'kind' | 'axes'>),
    kind: kind.name,
    spec: request.spec,
    ...(request.seed !== undefined && { seed: request.seed }),
    axes: Object.fromEntries(axes.map(({ path, axis }) => [path, axis])),
    ...(cells !== undefined && { cells, design: random === undefined ? 'latin-hypercube' : 'random' }),
    ...(repeats !== undefined && { repeats }),
    ...(ownRandomNumbers && { commonRandomNumbers: false }),
    ...(wanted !== undefined && { metric: { name: wanted, sense } }),
    ...(name !== undefined && { name }),
  };
}

/** Flags for the pointers of a sweep's faults. */
function flagForSweep(ofJob: FlagFor, axes: readonly NamedAxis[]): FlagFor {
  return (pointer) => {
    const [, part, ...rest] = pointer.split('/');
    if (part === 'axes' && rest.length > 0) {
      const path = rest.join('/').replaceAll('~1', '/').replaceAll('~0', '~');
      const flag = axes.find((axis) => axis.path === path)?.flag;
      return `--grid ${flag?.name ?? path}`;
    }
    return part === 'repeats' || part === 'name' ? `--${part}` : ofJob(pointer);
  };
}
