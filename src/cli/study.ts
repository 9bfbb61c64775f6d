/** `mms study`: fits a market to a LOBSTER day, simulates it, and compares it and a strategy with the day. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Kind } from '../contract/kind.js';
import type { JobResult } from '../contract/ports.js';
import type { Hall } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import type { FittedFlow } from '../data/lobster-fit.js';
import type { Side } from '../report/compare.js';
import type { StudyFindings, StudyRound } from '../report/study.js';
import { badInput, EXIT, tellFailure } from './exit.js';
import { checkFile, writeWhole } from './files.js';
import type { Io } from './io.js';
import { readJobArgs, type AddOptions, type JobArgs } from './job-args.js';
import { paints } from './paint.js';
import { reproduceCommand } from './reproduce.js';
import { compute, parseThreads, tellEnd } from './run.js';
import type { Services } from './services.js';

/** Rounds of matching at most, runs and seconds of a round, and the relative miss that ends it. */
const ROUNDS = 8;
const ROUND_RUNS = 8;
const ROUND_S = 3_600;
const MISS = 0.03;
/** Runs of the simulated day where --runs says nothing. */
const DEFAULT_RUNS = 8;
/** Quotes so far away that they are never filled: the market alone. */
const NOBODY = { type: 'fixed', halfSpreadTicks: 1_000_000, quoteLots: 1, maxInventoryLots: 1 };

/** What may be fitted: the first is matched to the day's moments, the others are as calibrate has them. */
const MODELS = ['cont-stoikov-talreja', 'hawkes', 'queue-reactive'] as const;
type ModelName = (typeof MODELS)[number];

interface StudyOptions {
  readonly model?: string;
  readonly threads?: number;
  readonly json?: boolean;
  readonly report?: string | boolean;
  readonly save?: string;
  readonly color: boolean;
}

const addOptions: AddOptions = (command) => {
  command
    .option('--threads <n>', 'compute threads (default: one for each core)', parseThreads)
    .option('--json', 'print one JSON document instead of the summary')
    .option('--report <file>', 'where the page goes (default: mms-study-<digest>.html)')
    .option('--no-report', 'write no page')
    .option(
      '--model <name>',
      `model that is fitted: ${MODELS.join(', ')} (default: ${MODELS[0]}, matched to the day)`,
    )
    .option('--save <file>', 'writes the fitted market as a spec that "mms run --spec <file>" takes')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .addHelpText(
      'after',
      '\nmms study MESSAGES [ORDERBOOK] [flags]: LOBSTER files, plain or gzipped. Without ORDERBOOK its name is that of\n' +
        'MESSAGES with "orderbook" for "message". Flags choose the strategy, its latency and fees; --runs the simulated days;\n' +
        '--market FILE (of mms calibrate) or NAME a market that is simulated as it is instead of a fitted one.',
    );
};

/** Resolves with the exit code, as run does. */
export async function study(args: readonly string[], services: Services, io: Io): Promise<number> {
  const { messages, orderbook, flags } = filesOf(args);
  const job = await readJobArgs('study', flags, services, io, addOptions);
  const options = job.options as unknown as StudyOptions;
  const { market } = job.request.spec as { readonly market?: { readonly type?: string } };
  if (market?.type === 'replay') {
    throw badInput(
      'Expected a market to simulate, or none so that one is fitted; got "replay". Leave it out.',
    );
  }
  const model = modelOf(options.model, market !== undefined);
  if (typeof options.report === 'string') await checkFile('--report', options.report);
  if (options.save !== undefined) await checkFile('--save', options.save);
  const { hall, close } = await services.localHall({ threads: options.threads ?? 0 });
  try {
    const calibrate = await (await services.kinds()).get('calibrate');
    const desk = new Desk(hall, job, calibrate, options, io);
    return await new Study(desk, messages, orderbook, model).run();
  } catch (error) {
    if (error instanceof Stopped) return error.code;
    return tellFailure(io, error, job.flagFor);
  } finally {
    await close();
  }
}

/** The model to fit, checked. */
function modelOf(name: string | undefined, hasMarket: boolean): ModelName {
  if (name === undefined) return MODELS[0];
  if (hasMarket)
    throw badInput('--model: Expected nothing beside a market that is given; leave one of the two out.');
  const found = MODELS.find((one) => one === name);
  if (found) return found;
  throw badInput(`--model: Expected one of ${MODELS.join(', ')}; got ${JSON.stringify(name)}.`);
}

function filesOf(args: readonly string[]): { messages: string; orderbook: string; flags: readonly string[] } {
  if (args.includes('--help') || args.includes('-h')) {
    return { messages: '', orderbook: '', flags: args.slice(args.findIndex((arg) => arg.startsWith('-'))) };
  }
  const [messages, second, ...rest] = args;
  if (messages === undefined || messages.startsWith('-')) {
    throw badInput(
      'Expected a LOBSTER message file, e.g. mms study AMZN_message_1.csv.gz; see: mms study --help.',
    );
  }
  if (second !== undefined && !second.startsWith('-')) return { messages, orderbook: second, flags: rest };
  const orderbook = messages.replace(/message(?!.*message)/, 'orderbook');
  if (orderbook === messages || !existsSync(orderbook)) {
    throw badInput(`Expected the orderbook file beside ${messages}; name it as the second file.`, 'E_DATA');
  }
  return { messages, orderbook, flags: args.slice(1) };
}

class Stopped extends Error {
  readonly code: number;

  constructor(code: number) {
    super('stopped');
    this.code = code;
  }
}

/** Runs jobs of one hall. */
class Desk {
  readonly job: JobArgs;
  readonly options: StudyOptions;
  readonly io: Io;
  private readonly hall: Hall;
  private readonly calibrate: Kind;

  constructor(hall: Hall, job: JobArgs, calibrate: Kind, options: StudyOptions, io: Io) {
    this.hall = hall;
    this.job = job;
    this.calibrate = calibrate;
    this.options = options;
    this.io = io;
  }

  async run(name: string, spec: Record<string, unknown>): Promise<Side> {
    return this.runKind(this.job.kind, name, spec);
  }

  /** Runs kind calibrate: the market that it fits, and its notes. Throws E_DATA where there is none. */
  async fit(
    spec: Record<string, unknown>,
  ): Promise<{ fields: Record<string, unknown>; notes: readonly string[] }> {
    const { result } = await this.runKind(this.calibrate, 'calibrate', spec);
    const { documents, notes } = result.summary;
    const text = documents?.find(({ name }) => name.endsWith('.yaml'))?.text;
    if (text === undefined) throw new MmsError('E_DATA', notes.join(' '));
    const { parse } = await import('yaml');
    return { fields: parse(text) as Record<string, unknown>, notes };
  }

  private async runKind(kind: Kind, name: string, spec: Record<string, unknown>): Promise<Side> {
    const { request, flagFor } = this.job;
    const job = { ...this.job, kind, request: { ...request, kind: kind.name, spec } };
    const end = await compute(this.hall, job, { quiet: this.options.json === true }, this.io);
    if (end === 'interrupted') throw new Stopped(EXIT.interrupted);
    if (end.state !== 'done') throw new Stopped(tellEnd(end, this.io, flagFor));
    const result = await this.hall.result(end.id);
    return { name, job: { ...end, reproduce: reproduceCommand(kind, end.spec, end.seed) }, result };
  }
}

class Study {
  private readonly desk: Desk;
  private readonly files: { readonly messages: string; readonly orderbook: string };
  private readonly model: ModelName;

  constructor(desk: Desk, messages: string, orderbook: string, model: ModelName) {
    this.desk = desk;
    this.model = model;
    this.files = { messages, orderbook };
  }

  async run(): Promise<number> {
    const [{ createInputReader }, fits, { scalarsOf }] = await Promise.all([
      import('../data/input-reader.js'),
      import('../data/lobster-fit.js'),
      import('../report/study.js'),
    ]);
    const files = { ...this.files };
    const { tables } = await createInputReader({ root: null }).read({
      name: 'feed',
      importer: 'lobster',
      files,
      pointers: {},
    });
    const {
      runs = DEFAULT_RUNS,
      market: asked,
      ...given
    } = this.desk.job.request.spec as Record<string, unknown> & {
      readonly market?: Record<string, unknown>;
    };
    const gridE4 = tables.find(({ name }) => name === 'feed')?.columns[1]?.[0] ?? 100;
    const tickSize = numberIn(given['instrument'], 'tickSize') ?? gridE4 / 10_000;
    const instrument = { lotSize: 1, ...(given['instrument'] as object | undefined), tickSize };
    const replay = { type: 'replay', ...files };
    const tNs = tables[0]?.columns[0] ?? [];
    const seconds = Math.floor(((tNs[tNs.length - 1] ?? 0) - (tNs[0] ?? 0)) / 1e9);
    const blockS = Math.max(1, Math.min(1_800, Math.floor(seconds / 6)));
    const base = {
      ...given,
      instrument,
      measures: { ...(given['measures'] as object | undefined), factsBlockS: blockS },
    };
    const alone = await this.desk.run('day', { ...base, market: replay, strategy: NOBODY });
    const real = scalarsOf(alone.result);
    const { market: named, origin } = await this.unmatched(asked, tickSize);
    // A market that was named, or fitted elsewhere, is taken as it is; else one is fitted here.
    const flow = named ? null : fits.fitLobsterFlow(tables, tickSize, real.spreadTicks);
    const { market, rounds } = flow
      ? await this.match(flow, base, alone.result, seconds)
      : { market: { ...named, durationS: seconds } as Record<string, unknown>, rounds: [] };
    const strategy = given['strategy'] ?? defaultStrategy(real.spreadTicks, real.depthLots);
    const simulated = await this.desk.run('model', { ...base, market, runs, strategy: NOBODY });
    const [onDay, onModel] = [
      await this.desk.run('the day replayed', { ...base, market: replay, strategy }),
      await this.desk.run('the simulated market', { ...base, market, runs, strategy }),
    ];
    return await this.show({
      files,
      flow,
      origin,
      rounds,
      market,
      instrument,
      real: alone,
      simulated,
      onDay,
      onModel,
      blockS,
    });
  }

  /** The market that is simulated as it is, and where it comes from; none where one is matched to the day. */
  private async unmatched(
    asked: Record<string, unknown> | undefined,
    tickSize: number,
  ): Promise<{ market: Record<string, unknown> | null; origin: readonly string[] }> {
    if (asked) return { market: asked, origin: ['It was given and is simulated as it is.'] };
    if (this.model === MODELS[0]) return { market: null, origin: [] };
    const type = this.model;
    const model = type === 'hawkes' ? { type, events: 'orders' } : { type };
    const data = { type: 'lobster', ...this.files, windows: 1 };
    const { fields, notes } = await this.desk.fit({ data, model, tickSize });
    const warnings = notes.filter((note) => note.startsWith('Warning'));
    const first = warnings[0]?.replace(/^Warning,? ?/, '').replace(/\.$/, '');
    const origin = ['It was fitted to the day by maximum likelihood and is simulated as it is.'];
    if (first !== undefined) {
      const all = `mms calibrate --model ${type} tells all`;
      origin.push(`The fit warns ${warnings.length} times, first of ${first}; ${all}.`);
    }
    return { market: fields['market'] as Record<string, unknown>, origin };
  }

  /** Moves three multipliers until spread, depth and trade rate meet the day's. */
  private async match(
    flow: FittedFlow,
    base: Record<string, unknown>,
    day: JobResult,
    seconds: number,
  ): Promise<{ market: Record<string, unknown>; rounds: StudyRound[] }> {
    const [{ toMarket }, { scalarsOf, startMatch }] = await Promise.all([
      import('../data/lobster-fit.js'),
      import('../report/study.js'),
    ]);
    const real = scalarsOf(day);
    const search = startMatch(real);
    const rounds: StudyRound[] = [];
    const insideTicks = Math.max(2, Math.round(real.spreadTicks));
    const blockS = ROUND_S / 2;
    for (let round = 0; round < ROUNDS; round++) {
      const multipliers = search.guess();
      const market = toMarket(flow, multipliers, insideTicks, ROUND_S);
      const spec = { ...base, market, runs: ROUND_RUNS, strategy: NOBODY, measures: { factsBlockS: blockS } };
      const found = scalarsOf((await this.desk.run('round', spec)).result);
      const miss = search.miss(found);
      rounds.push({ multipliers, found, miss });
      if (miss < MISS) break;
      search.tell(found);
    }
    const best = rounds.reduce((a, b) => (b.miss < a.miss ? b : a));
    return { market: toMarket(flow, best.multipliers, insideTicks, seconds), rounds };
  }

  private async show(found: StudyFindings): Promise<number> {
    const { options, io } = this.desk;
    const { renderStudy, studyDocument, studyLines } = await import('../report/study.js');
    const { shortDigest } = await import('../report/format.js');
    if (options.save !== undefined) {
      const { market, instrument } = found;
      await writeWhole(options.save, [`${JSON.stringify({ market, instrument }, null, 2)}\n`]);
    }
    let report: string | null = null;
    if (options.report !== false) {
      const named = typeof options.report === 'string' ? options.report : null;
      report = resolve(named ?? `mms-study-${shortDigest(found.simulated.result.digest)}.html`);
      await writeWhole(report, [renderStudy(found)]);
    }
    if (options.json) {
      io.out(`${JSON.stringify({ ...studyDocument(found), report }, null, 2)}\n`);
      return EXIT.ok;
    }
    const paint = paints(io, io.outIsTerminal, options.color);
    io.out(`${studyLines(found, paint).join('\n')}\n`);
    if (report !== null) io.out(`Report  ${report}\n`);
    return EXIT.ok;
  }
}

/** Quotes at the mean best prices, half of the mean depth there. */
function defaultStrategy(spreadTicks: number, depthLots: number): Record<string, unknown> {
  const quoteLots = Math.max(1, Math.round(depthLots / 2));
  const halfSpreadTicks = Math.max(1, Math.round(spreadTicks / 2));
  return { type: 'fixed', halfSpreadTicks, quoteLots, maxInventoryLots: 10 * quoteLots };
}

function numberIn(value: unknown, key: string): number | null {
  const found = (value as Record<string, unknown> | null | undefined)?.[key];
  return typeof found === 'number' ? found : null;
}
