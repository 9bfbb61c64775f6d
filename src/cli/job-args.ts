/** Reads the arguments of `run` and `submit`: finds the kind, then the flags that its schema gives. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { MAX_TIMEOUT_S, MIN_TIMEOUT_S } from '../contract/job.js';
import type { Kind } from '../contract/kind.js';
import { MmsError } from '../contract/problem.js';
import type { SubmitRequest } from '../contract/ports.js';
import { instruments, withInstrument } from '../data/instruments.js';
import { withMarket, type FittedMarket } from '../data/markets.js';
import { whyUnreadable } from '../ops/unreadable.js';
import { examplesText } from './examples.js';
import { badInput, type FlagFor } from './exit.js';
import { flagsOf, withOwnDefaults, type Flag, type JsonSchema } from './flags.js';
import { addFlags } from './flag-help.js';
import { flagForPointer, specWithFlags } from './job-spec.js';
import type { Io } from './io.js';
import type { Named } from './reproduce.js';
import type { Services } from './services.js';
import { flagsWithParameters, isStrategyFile, readStrategyFile, withParameterList } from './strategy-file.js';

export const DEFAULT_KIND = 'market-making';

export interface JobArgs {
  readonly kind: Kind;
  readonly request: SubmitRequest;
  /** Values of the command's own options by their camel-case names. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly flagFor: FlagFor;
  /** The flags of the kind, those of a strategy file among them. */
  readonly flags: readonly Flag[];
  /** What was asked for by --ticker and --instrument, and what that puts into the spec. */
  readonly named: Named;
}

/** The command's own options; flags of the kind come after them in the help. */
export type AddOptions = (command: Command) => void;

/**
 * Parses `args` (what follows `mms run`). Help is printed and throws a CommanderError, as do unknown flags;
 * faulty values and files throw MmsError. The spec itself is judged by the hall that gets it.
 */
export async function readJobArgs(
  verb: string,
  args: readonly string[],
  services: Services,
  io: Io,
  addOptions: AddOptions,
): Promise<JobArgs> {
  const kinds = await services.kinds();
  const at = kindAt(args, addOptions);
  const word = args[at];
  const own = isStrategyFile(word) ? await readStrategyFile(word) : null;
  const kind = await kinds.get(own ? DEFAULT_KIND : (word ?? DEFAULT_KIND));
  const schema = kind.schema as unknown as JsonSchema;
  const ofKind = flagsOf(args.some(namesMarket) ? withOwnDefaults(schema) : schema);
  const flags = own ? flagsWithParameters(ofKind, own) : ofKind;
  const rest = canonical(
    args.filter((_, i) => i !== at),
    flags,
  );
  const command = commandFor(verb, kind, flags, rest, io, addOptions);
  command.parse(rest, { from: 'user' });
  if (command.args.length > 0) {
    const wanted = `one kind and flags, e.g. mms ${verb} ${kinds.names().join(` or mms ${verb} `)}`;
    throw badInput(`Expected ${wanted}; got ${JSON.stringify(command.args[0])} too. Leave it out.`);
  }
  const options = command.opts<Record<string, unknown>>();
  const given = givenFlags(command, flags);
  const named = await readNamed(options, flags, given, services);
  const file = await readSpec(options['spec'] as string | undefined);
  const ownSpec = own ? { strategy: { type: 'custom', file: word } } : {};
  await refuseOtherKind(kind, file, services);
  const parts: Record<string, unknown> = { ...file, ...named.spec, ...ownSpec };
  const whole = typeof parts['market'] === 'string' ? withMarket(parts, await services.markets()) : parts;
  const base = withInstrument(whole) as Record<string, unknown>;
  const spec = specWithFlags(base, flags, given);
  const seed = options['seed'] as number | undefined;
  const timeoutS = options['timeout'] as number | undefined;
  return {
    kind,
    request: {
      kind: kind.name,
      spec: own ? withParameterList(spec, own) : spec,
      ...(seed !== undefined && { seed }),
      ...(timeoutS !== undefined && { timeoutS }),
    },
    options,
    flagFor: (pointer) => flagForPointer(flags, pointer),
    flags,
    named: { ...named, spec: withInstrument(named.spec) as Record<string, unknown> },
  };
}

/** Where the word that names the kind stands: the first that is no flag nor a flag's value; else -1. */
function kindAt(args: readonly string[], addOptions: AddOptions): number {
  const own = addCommon(new Command());
  addOptions(own);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (!arg.startsWith('-')) return i;
    if (arg === '--' || arg === '-h' || arg === '--help' || arg.includes('=')) continue;
    const option = own.options.find((candidate) => candidate.long === arg);
    // The flags of a kind, not known yet, all take a value; that of a boolean may be left out.
    const takesNext = option ? option.required : !args[i + 1]?.startsWith('--');
    if (takesNext) i++;
  }
  return -1;
}

function addCommon(command: Command): Command {
  return command
    .option('--seed <n>', 'random seed, an integer from 0 to 2^53-1 (default: 1)', parseSeed)
    .option('--spec <file>', 'spec as a JSON or YAML file, or as JSON text; flags go over it');
}

function commandFor(
  verb: string,
  kind: Kind,
  flags: readonly Flag[],
  args: readonly string[],
  io: Io,
  addOptions: AddOptions,
): Command {
  const command = new Command(`mms ${verb} ${kind.name}`)
    .description(`${kind.title}\n\n${kind.description}`)
    .usage('[flags]')
    .argument('[rest...]')
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.talk(text) })
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText('before', examplesText(verb === 'run' ? `run ${kind.name}` : verb.split(' ')[0]!))
    .exitOverride();
  addCommon(command);
  if (hasMarket(flags)) {
    command
      .option('--ticker <name>', 'built-in fitted market of a ticker, e.g. AAPL')
      .option('--instrument <name>', 'tick, lot, fees and rules of an instrument, see: mms instruments');
  }
  addOptions(command);
  return addFlags(command, flags, args);
}

const hasMarket = (flags: readonly Flag[]): boolean =>
  flags.some((flag) => flag.chooses && flag.path.join('.') === 'market.type');

function parseSeed(text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(seed)) return seed;
  throw badInput(`--seed: Expected an integer from 0 to 9007199254740991; got ${JSON.stringify(text)}.`);
}

/** For the commands that may set a deadline. */
export const TIMEOUT_OPTION: [string, string, (text: string) => number] = [
  '--timeout <s>',
  'seconds by which the job must have ended; else it ends as expired',
  (text) => {
    const timeoutS = text.trim() === '' ? NaN : Number(text);
    if (timeoutS >= MIN_TIMEOUT_S && timeoutS <= MAX_TIMEOUT_S) return timeoutS;
    const expected = `Expected a number of seconds from ${MIN_TIMEOUT_S} to ${MAX_TIMEOUT_S}`;
    throw badInput(`--timeout: ${expected}; got ${JSON.stringify(text)}.`);
  },
];

const namesMarket = (word: string): boolean => /^--(market|ticker)(=|$)/.test(word);

/** --duration-s, --durationS and --market.durationS all mean the flag that stands in the help. */
function canonical(args: readonly string[], flags: readonly Flag[]): string[] {
  const plain = (name: string): string => name.replaceAll('-', '').toLowerCase();
  const names = new Map(flags.map((flag) => [plain(flag.path.join('.')), flag.name]));
  for (const flag of flags) names.set(plain(flag.name), flag.name);
  return args.map((arg) => {
    const match = /^--([^=]+)(=.*)?$/s.exec(arg);
    const name = match && names.get(plain(match[1] ?? ''));
    return name ? `--${name}${match[2] ?? ''}` : arg;
  });
}

/** Text of the flags that were given, by flag name; a boolean flag alone means true. */
function givenFlags(command: Command, flags: readonly Flag[]): Map<string, string> {
  const given = new Map<string, string>();
  for (const flag of flags) {
    const option = command.options.find((candidate) => candidate.long === `--${flag.name}`);
    const value: unknown = option && command.getOptionValue(option.attributeName());
    if (value !== undefined) given.set(flag.name, value === true ? 'true' : String(value));
  }
  return given;
}

/** A path, or the JSON text itself, as the line that reproduces a job has it. */
export async function readSpec(path: string | undefined, flag = '--spec'): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  let text: string;
  try {
    text = path.trimStart().startsWith('{') ? path : await readFile(path, 'utf8');
  } catch (error) {
    const got = `got ${JSON.stringify(path)}, ${whyUnreadable(error)}`;
    throw new MmsError('E_DATA', `${flag}: Expected a readable JSON or YAML file; ${got}.`);
  }
  const { parse } = await import('yaml');
  let spec: unknown;
  try {
    spec = parse(text);
  } catch (error) {
    const where = (error as Error).message.split('\n')[0]?.replace(/[:.]$/, '');
    throw new MmsError(
      'E_DATA',
      `${flag}: Expected valid JSON or YAML; got ${JSON.stringify(path)}: ${where}.`,
    );
  }
  if (spec === null) return {};
  if (typeof spec === 'object' && !Array.isArray(spec)) return spec as Record<string, unknown>;
  const got = `got ${JSON.stringify(path)}, which holds ${Array.isArray(spec) ? 'a list' : `a ${typeof spec}`}`;
  throw new MmsError('E_DATA', `${flag}: Expected an object with the fields of the spec; ${got}.`);
}

/** A spec file none of whose unknown fields is a slip: they are all fields of another kind. */
async function refuseOtherKind(
  kind: Kind,
  file: Readonly<Record<string, unknown>>,
  services: Services,
): Promise<void> {
  const isForeign = (to: Kind) => (field: string) => !Object.hasOwn(fieldsOf(to), field);
  const fields = Object.keys(file);
  const foreign = fields.find(isForeign(kind));
  if (foreign === undefined) return;
  const kinds = await services.kinds();
  const others = await Promise.all(kinds.names().map((name) => kinds.get(name)));
  const fitting = others.filter((other) => !fields.some(isForeign(other))).map(({ name }) => name);
  if (fitting.length === 0) return;
  throw badInput(
    `--spec: Expected fields of ${kind.name}; got ${JSON.stringify(foreign)}: all fields of the file are those of ` +
      `${fitting.join(' or of ')}. Name the kind, e.g. mms run ${fitting[0]} --spec FILE.`,
  );
}

const fieldsOf = (kind: Kind): object => (kind.schema as unknown as { properties?: object }).properties ?? {};

/** --market takes the name of a model or of a fitted market, or a file with one. */
const MARKET_FILE = /\.(ya?ml|json)$/i;

/**
 * The parts of a spec that names on the command line stand for; an instrument still by its name. A market
 * file is taken out of the `given` flags.
 */
async function readNamed(
  options: Readonly<Record<string, unknown>>,
  flags: readonly Flag[],
  given: Map<string, string>,
  services: Services,
): Promise<Named> {
  const words: string[] = [];
  const spec: Record<string, unknown> = {};
  const market = given.get('market');
  if (market !== undefined && hasMarket(flags) && MARKET_FILE.test(market)) {
    given.delete('market');
    words.push('--market', market);
    Object.assign(spec, await readSpec(market, '--market'));
  }
  const { instrument } = options as { instrument?: string };
  const found = hasMarket(flags) ? await fittedMarket(options, given, services) : null;
  if (found) {
    words.push('--ticker', found.ticker);
    spec['market'] = found.market;
    if (found.instrument) spec['instrument'] = found.instrument;
  }
  if (instrument !== undefined) {
    if (!instruments().has(instrument)) {
      const known = [...instruments().keys()].join(', ');
      throw badInput(`--instrument: Expected one of ${known}; got ${JSON.stringify(instrument)}.`);
    }
    words.push('--instrument', instrument);
    spec['instrument'] = instrument;
  }
  return { words, spec };
}

/** The market that --ticker names, or --market, which is then taken out of the `given` flags; else null. */
async function fittedMarket(
  options: Readonly<Record<string, unknown>>,
  given: Map<string, string>,
  services: Services,
): Promise<FittedMarket | null> {
  const { ticker } = options as { ticker?: string };
  const market = given.get('market');
  const name = ticker ?? market;
  if (name === undefined) return null;
  const markets = await services.markets();
  const found = markets.get(name.toUpperCase());
  if (found && ticker === undefined) given.delete('market');
  if (found || ticker === undefined) return found;
  const known = markets.tickers().join(', ');
  throw badInput(`--ticker: Expected one of ${known}; got ${JSON.stringify(ticker)}.`);
}
