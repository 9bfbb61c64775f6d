/** The command `mms`: its subcommands with their flags; each loads its code when it runs, so help is fast. */
import { Command, CommanderError } from 'commander';
import { badInput, EXIT, tellFailure } from './exit.js';
import type { Io } from './io.js';
import type { ConfigFlags, NodeFlags, Services } from './services.js';
import type { RestoreOptions } from './backup.js';
import type { RequeueOptions } from './dead-letters.js';
import type { RemoteOptions } from './remote.js';
import { addServerOptions } from './server-options.js';

const EXAMPLES = `
Examples:
  mms run                                     a market maker in a generated order book, with a report
  mms run market-making --strategy fixed --halfSpreadTicks 2 --seed 7
  mms run market-making --messages msg.csv.gz --orderbook book.csv.gz
  mms compare a.yaml b.yaml --runs 64         A beats B by x ± y, on the same random numbers
  mms across --strategy adaptive              the same strategy on every market, in one table
  mms run paths --help                        the flags of a kind, with units and defaults
  mms validate                                the models beside published values
  mms strategy new my-maker                   a strategy of your own: mms run ./my-maker.ts --watch
  mms data inspect feed.itch.gz               what a data file holds, and its quality
  mms serve                                   the HTTP service on http://127.0.0.1:8080
  mms submit market-making --seed 7 --wait    the same job on the service

Exit codes: 0 ok, 1 failed, 2 bad input, 3 unreachable, 130 interrupted`;

/** Runs one command line (without node and script); resolves with the exit code and never throws. */
export async function runCli(args: readonly string[], services: Services, io: Io): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(services, io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(helpLast(args), { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
    return tellFailure(io, error);
  }
}

/** `mms` alone and `mms help run` ask for help as `mms run --help` does, so that a kind's flags are in it. */
function helpLast(args: readonly string[]): string[] {
  if (args.length === 0) return ['--help'];
  return args[0] === 'help' && args.length > 1 ? [...args.slice(1), '--help'] : [...args];
}

/** The program with all commands; `ended` hears the exit code of the command that ran. */
export function createProgram(services: Services, io: Io, ended: (code: number) => void): Command {
  const program = new Command('mms')
    .description(
      'Market microstructure simulator: a true limit order book, order flow, market making and replay',
    )
    .version(services.version)
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.talk(text) })
    .exitOverride()
    .addHelpText('after', EXAMPLES);
  addJobCommands(program, services, io, ended);
  addValidateCommand(program, services, io, ended);
  addCalibrateCommand(program, services, io, ended);
  addServiceCommands(program, services, ended);
  addKeysCommands(program, io, ended);
  addStoreCommands(program, services, io, ended);
  addRemoteCommands(program, io, ended);
  addDeadLetterCommands(program, io, ended);
  addInfoCommands(program, services, io, ended);
  addDataCommands(program, io, ended);
  addStrategyCommands(program, services, io, ended);
  return program;
}

type Ended = (code: number) => void;

/** run and submit take their flags from the kind, so they get all arguments as they came, --help included. */
function addJobCommands(program: Command, services: Services, io: Io, ended: Ended): void {
  program
    .command('run')
    .description('simulate in this process and draw a report; see: mms run <kind> --help')
    .usage('[kind] [flags]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) => ended(await (await import('./run.js')).run(args, services, io)));
  program
    .command('submit')
    .description('send a job to a running service; flags as for run')
    .usage('[kind] [flags]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) => ended(await (await import('./remote.js')).submit(args, services, io)));
  program
    .command('compare')
    .description('run two specs on the same random numbers: A beats B by x ± y; see: mms compare --help')
    .usage('A B [flags]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) =>
      ended(await (await import('./compare.js')).compare(args, services, io)),
    );
  program
    .command('across')
    .description('run one strategy on every market, with one table; see: mms across --help')
    .usage('[flags]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) => ended(await (await import('./across.js')).across(args, services, io)));
  program
    .command('study')
    .description(
      'fit a market to a LOBSTER day, simulate it, compare both and a strategy; see: mms study --help',
    )
    .usage('MESSAGES [ORDERBOOK] [flags]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) => ended(await (await import('./study.js')).study(args, services, io)));
}

/** Files, then flags of kind calibrate, so it gets all arguments as they came. */
function addCalibrateCommand(program: Command, services: Services, io: Io, ended: Ended): void {
  program
    .command('calibrate')
    .description('fit a market to data files and write it down: mms calibrate FILES... --out market.yaml')
    .usage('FILES... [flags]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) =>
      ended(await (await import('./calibrate.js')).calibrate(args, services, io)),
    );
}

/** Takes the flags of kind validate, so it gets all arguments as they came. */
function addValidateCommand(program: Command, services: Services, io: Io, ended: Ended): void {
  program
    .command('validate')
    .description(
      'compare the models with published values; exit code 1 on a miss; --explain V1 tells of a check',
    )
    .usage('[flags]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) =>
      ended(await (await import('./validate.js')).validate(args, services, io)),
    );
}

function addRemoteCommands(program: Command, io: Io, ended: Ended): void {
  addServerOptions(
    program
      .command('status')
      .description('show a job of a running service, or the newest jobs')
      .argument('[id]', 'id of the job'),
  )
    .option('--wait', 'follow the job to its end')
    .option('--json', 'print the answer as JSON')
    .action(async (id: string | undefined, options: RemoteOptions) =>
      ended(await (await import('./remote.js')).status(id, options, io)),
    );
  addServerOptions(
    program
      .command('cancel')
      .description('cancel a queued or running job of a service')
      .argument('<id>', 'id of the job'),
  )
    .option('--json', 'print the answer as JSON')
    .action(async (id: string, options: RemoteOptions) =>
      ended(await (await import('./remote.js')).cancel(id, options, io)),
    );
}

function addDeadLetterCommands(program: Command, io: Io, ended: Ended): void {
  addServerOptions(
    program
      .command('dead')
      .description('show the jobs that a service lost with what ran them: poison, time limits, lost nodes'),
  )
    .option('--json', 'print the jobs as JSON')
    .action(async (options: RemoteOptions) =>
      ended(await (await import('./dead-letters.js')).dead(options, io)),
    );
  addServerOptions(
    program
      .command('requeue')
      .description('send a job that ended without a result on its way again, as a new job')
      .argument('[id]', 'id of the job')
      .option('--all', 'every job that mms dead shows'),
  )
    .option('--json', 'print the new jobs as JSON')
    .action(async (id: string | undefined, options: RequeueOptions) =>
      ended(await (await import('./dead-letters.js')).requeue(id, options, io)),
    );
}

/** Setting of src/ops/settings.ts for each option that is not a setting's own flag. */
const SETTING_OF: Readonly<Record<string, string>> = {
  httpHost: 'http.host',
  httpPort: 'http.port',
  routerBind: 'router.bind',
  routerKeys: 'router.keys',
  storePath: 'store.path',
  storeRetainDays: 'store.retain.days',
  storeRetainJobs: 'store.retain.jobs',
  storeRetainBytes: 'store.retain.bytes',
  nodeThreads: 'node.threads',
  dataDir: 'data.dir',
  redisUrl: 'redis.url',
  natsUrl: 'nats.url',
  insecure: 'insecure',
};

function addServeOptions(command: Command): Command {
  return command
    .option('--host, --http-host <address>', 'address of the HTTP service (default: 127.0.0.1)')
    .option('--port, --http-port <n>', 'port of the HTTP service, 0 for a free one (default: 8080)')
    .option('--router, --router-bind <address>', 'where nodes join, e.g. tcp://127.0.0.1:7777')
    .option('--keys, --router-keys <folder>', 'keys made by "mms keys new": only nodes that it lists join')
    .option('--store, --store-path <file>', 'SQLite file of jobs and results (default: ./mms-data/mms.db)')
    .option('--retain-days, --store-retain-days <n>', 'remove jobs so long after their end (default: never)')
    .option('--retain-jobs, --store-retain-jobs <n>', 'keep the newest n jobs (default: all)')
    .option(
      '--retain-bytes, --store-retain-bytes <n>',
      'keep the newest jobs in so many bytes (default: all)',
    )
    .option('--threads, --node-threads <n>', 'compute threads of the local node (default: one for each core)')
    .option('--no-local-node', 'compute on joined nodes only')
    .option('--data-dir <folder>', 'folder whose files a spec sent over HTTP may name')
    .option('--redis-url <url>', 'Redis as a second cache (default: MMS_REDIS_URL)')
    .option(
      '--nats-url <url>',
      'hand out work through NATS JetStream, nats://HOST:PORT (default: MMS_NATS_URL)',
    )
    .option('--insecure', 'allow addresses beyond this machine where nothing authenticates the other side')
    .option('--config <file>', 'settings as YAML (default: MMS_CONFIG)')
    .option('--preset <name>', 'settings for a size of machine, e.g. laptop (default: MMS_PRESET)')
    .option('--set <key=value...>', 'any other setting by its name, see: mms config show');
}

type ServeOptions = Readonly<Record<string, unknown>>;

/** Throws E_CONFIG for a --set without a value; names and values are judged by the configuration. */
export function configFlags(options: ServeOptions): ConfigFlags {
  const flags: Record<string, unknown> = {};
  for (const [option, key] of Object.entries(SETTING_OF)) {
    if (options[option] !== undefined) flags[key] = options[option];
  }
  if (options['localNode'] === false) flags['node.local'] = false;
  for (const pair of (options['set'] as string[] | undefined) ?? []) {
    const at = pair.indexOf('=');
    if (at < 1) throw badInput(`--set: Expected KEY=VALUE, e.g. log.level=debug; got "${pair}".`, 'E_CONFIG');
    flags[pair.slice(0, at)] = pair.slice(at + 1);
  }
  const { config, preset } = options as { config?: string; preset?: string };
  return { flags, ...(config !== undefined && { file: config }), ...(preset !== undefined && { preset }) };
}

function addServiceCommands(program: Command, services: Services, ended: Ended): void {
  addServeOptions(
    program.command('serve').description('run the HTTP service with its router and a local node'),
  ).action(async (options: ServeOptions) => ended(await services.serve(configFlags(options))));
  program
    .command('node')
    .description('add this machine to a service: compute its jobs')
    .requiredOption(
      '--router <address>',
      'router to join, as "mms serve" prints it: tcp://HOST:PORT or nats://HOST:PORT',
    )
    .option('--threads, --node-threads <n>', 'compute threads (default: one for each core)')
    .option('--server-key <key>', 'public key of the router, as "mms serve" prints it')
    .option('--key-file <file>', 'key of this node, as "mms keys new" made it')
    .option('--insecure', 'join a router on another machine without keys')
    .option('--id <name>', 'name of this node (default: made up)')
    .option('--config <file>', 'settings as YAML (default: MMS_CONFIG)')
    .option('--preset <name>', 'settings for a size of machine (default: MMS_PRESET)')
    .action(async ({ router, id, serverKey, keyFile, ...options }: ServeOptions & NodeOptions) => {
      const own = {
        ...(id !== undefined && { id }),
        ...(serverKey !== undefined && { serverKey }),
        ...(keyFile !== undefined && { keyFile }),
      };
      ended(await services.node({ ...configFlags(options), router, ...own }));
    });
}

type NodeOptions = Pick<NodeFlags, 'router' | 'id' | 'serverKey' | 'keyFile'>;

function addKeysCommands(program: Command, io: Io, ended: Ended): void {
  program
    .command('keys')
    .description('keys with which router and nodes of other machines know each other')
    .command('new')
    .description('make the keys of a router, when the folder has none, and of nodes that may join it')
    .argument('<folder>', 'folder of the keys, for mms serve --keys')
    .argument('[names...]', 'names of nodes, a key file each (default: node)')
    .action(async (folder: string, names: string[]) =>
      ended(await (await import('./keys.js')).newKeys(folder, names, io)),
    );
}

function addStoreCommands(program: Command, services: Services, io: Io, ended: Ended): void {
  const store = (command: Command): Command =>
    command
      .argument('<file>', 'file of the backup')
      .option('--store, --store-path <file>', 'SQLite file of jobs and results (default: ./mms-data/mms.db)')
      .option('--config <file>', 'settings as YAML (default: MMS_CONFIG)')
      .option('--preset <name>', 'settings for a size of machine (default: MMS_PRESET)');
  store(
    program.command('backup').description('copy the job store while the service runs, and check the copy'),
  ).action(async (file: string, options: ServeOptions) =>
    ended(await (await import('./backup.js')).backup(file, configFlags(options), services, io)),
  );
  store(program.command('restore').description('check a backup from end to end and make it the job store'))
    .option('--verify', 'only check the backup: structure, and the hash of every result')
    .option('--replace', 'keep a store that is there as <store>.before')
    .action(async (file: string, options: ServeOptions & RestoreOptions) =>
      ended(await (await import('./backup.js')).restore(file, options, configFlags(options), services, io)),
    );
}

function addDataCommands(program: Command, io: Io, ended: Ended): void {
  program
    .command('data')
    .description('work with market data files')
    .command('inspect')
    .description('find out what feed files hold, and what in them cannot be true; gz is unpacked')
    .argument('<files...>', 'LOBSTER, NASDAQ ITCH 5.0, Bitstamp orders or Binance captures')
    .option('--json', 'print the accounts as JSON')
    .action(async (files: string[], options: { json?: boolean }) =>
      ended(await (await import('./data.js')).inspectFiles(files, options, io)),
    );
}

function addStrategyCommands(program: Command, services: Services, io: Io, ended: Ended): void {
  const strategy = program.command('strategy').description('write a strategy of your own');
  strategy
    .command('new')
    .description('write a strategy file that works, to be changed, and its types beside it')
    .argument('<name>', 'name of the file, without .ts')
    .action(async (name: string) => ended(await (await import('./strategy.js')).newStrategy(name, io)));
  strategy
    .command('check')
    .description('check a strategy file: declaration, types, and the same result twice')
    .argument('<file>', 'strategy file')
    .action(async (file: string) =>
      ended(await (await import('./strategy.js')).checkStrategy(file, services, io)),
    );
}

function addInfoCommands(program: Command, services: Services, io: Io, ended: Ended): void {
  program
    .command('kinds')
    .description('list what can be simulated, or show one kind with its fields and tables')
    .argument('[name]', 'name of a kind')
    .option('--json', 'print JSON, with the schema')
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      const { showKinds } = await import('./kinds.js');
      ended(await showKinds(await services.kinds(), name, options.json === true, io));
    });
  program
    .command('instruments')
    .description('list the instruments that --instrument knows')
    .option('--json', 'print JSON, with all that each stands for')
    .action(async (options: { json?: boolean }) =>
      ended((await import('./instruments.js')).showInstruments(options.json === true, io)),
    );
  program
    .command('markets')
    .description('list the fitted markets that --ticker knows')
    .option('--json', 'print JSON, with all that each stands for')
    .action(async (options: { json?: boolean }) =>
      ended((await import('./markets.js')).showMarkets(await services.markets(), options.json === true, io)),
    );
  program
    .command('doctor')
    .description('check this machine and say how to mend what is missing')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) =>
      ended(await (await import('./doctor.js')).doctor(options, io)),
    );
  const show = program
    .command('config')
    .description('the settings of the service')
    .command('show')
    .description('print all settings as they would be used')
    .option('--origin', 'also where each value comes from: flag, variable, file, preset or default');
  addServeOptions(show).action(async (options: ServeOptions & { origin?: boolean }) => {
    const { loadConfig, showConfig } = await import('../ops/config.js');
    const loaded = loadConfig({ ...configFlags(options), env: io.env });
    io.out(showConfig(loaded, options.origin === true));
    for (const warning of loaded.warnings) io.talk(`warning: ${warning}\n`);
    ended(EXIT.ok);
  });
}
