/** The commands of whoever runs a service: serve, node, key, keys, backup, restore, config. */
import type { Command } from 'commander';
import type { RestoreOptions } from '../backup.js';
import type { ShowOptions } from '../config.js';
import { badInput, type Ended } from '../exit.js';
import type { Io } from '../io.js';
import type { KeyTerms } from '../key.js';
import type { ConfigFlags, NodeFlags, Services } from '../services.js';

/** Setting of src/ops/settings.ts for each option that is not a setting's own flag. */
const SETTING_OF: Readonly<Record<string, string>> = {
  httpHost: 'http.host',
  httpPort: 'http.port',
  httpApiKeys: 'http.apiKeys',
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
    .option(
      '--api-keys, --http-api-keys <file>',
      'API keys of "mms key create" (default: STORE-keys); where there are some, requests need one',
    )
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
function configFlags(options: ServeOptions): ConfigFlags {
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

export function addServiceCommands(program: Command, services: Services, ended: Ended): void {
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

export function addKeyCommands(program: Command, io: Io, ended: Ended): void {
  const key = program
    .command('key')
    .description('API keys of clients of the HTTP service (keys of nodes: mms keys)');
  const place = (command: Command): Command =>
    command
      .option('--api-keys, --http-api-keys <file>', 'file of the API keys (default: STORE-keys)')
      .option('--store, --store-path <file>', 'SQLite file of jobs and results (default: ./mms-data/mms.db)')
      .option('--config <file>', 'settings as YAML (default: MMS_CONFIG)')
      .option('--preset <name>', 'settings for a size of machine (default: MMS_PRESET)');
  place(key.command('create').description('make an API key and print it, this once; its file has a hash'))
    .option('--name <name>', 'who uses it; a name may have two live keys, so that one can follow the other')
    .option('--expires <time>', 'how long it is live, such as 90d, 12h or 30m (default: until it is revoked)')
    .option('--rate <n>', 'requests a minute (default: limits.maxRequestsPerMin)')
    .option('--in-flight <n>', 'requests in progress at once (default: limits.maxClientRequests)')
    .option('--out <file>', 'write it to a new file for its owner alone instead of printing it')
    .action(async (options: ServeOptions & KeyTerms) =>
      ended(await (await import('../key.js')).createKey(options, configFlags(options), io)),
    );
  place(key.command('list').description('show the API keys: names, states, limits, times of last use'))
    .option('--json', 'print JSON')
    .action(async (options: ServeOptions & { json?: boolean }) =>
      ended(await (await import('../key.js')).listKeys(options, configFlags(options), io)),
    );
  place(key.command('revoke').description('end the use of an API key'))
    .argument('<id>', 'id of the key, as list shows it')
    .action(async (id: string, options: ServeOptions) =>
      ended(await (await import('../key.js')).revokeKey(id, configFlags(options), io)),
    );
}

export function addKeysCommands(program: Command, io: Io, ended: Ended): void {
  program
    .command('keys')
    .description(
      'CURVE keys with which router and nodes of other machines know each other (API keys: mms key)',
    )
    .command('new')
    .description('make the keys of a router, when the folder has none, and of nodes that may join it')
    .argument('<folder>', 'folder of the keys, for mms serve --keys')
    .argument('[names...]', 'names of nodes, a key file each (default: node)')
    .action(async (folder: string, names: string[]) =>
      ended(await (await import('../keys.js')).newKeys(folder, names, io)),
    );
}

export function addStoreCommands(program: Command, services: Services, io: Io, ended: Ended): void {
  const store = (command: Command): Command =>
    command
      .argument('<file>', 'file of the backup')
      .option('--store, --store-path <file>', 'SQLite file of jobs and results (default: ./mms-data/mms.db)')
      .option('--config <file>', 'settings as YAML (default: MMS_CONFIG)')
      .option('--preset <name>', 'settings for a size of machine (default: MMS_PRESET)');
  store(
    program.command('backup').description('copy the job store while the service runs, and check the copy'),
  ).action(async (file: string, options: ServeOptions) =>
    ended(await (await import('../backup.js')).backup(file, configFlags(options), services, io)),
  );
  store(program.command('restore').description('check a backup from end to end and make it the job store'))
    .option('--verify', 'only check the backup: structure, and the hash of every result')
    .option('--replace', 'keep a store that is there as <store>.before')
    .action(async (file: string, options: ServeOptions & RestoreOptions) =>
      ended(await (await import('../backup.js')).restore(file, options, configFlags(options), services, io)),
    );
}

/** `config show` takes the flags of serve, because it tells what they would do. */
export function addConfigCommands(program: Command, io: Io, ended: Ended): void {
  const config = program.command('config').description('the settings of the service');
  const show = config
    .command('show')
    .description('print all settings as they would be used')
    .option('--origin', 'also where each value comes from: flag, variable, file, preset or default')
    .option('--json', 'print JSON: value, origin, and whether a running service takes a change (hot)');
  addServeOptions(show).action(async (options: ServeOptions & ShowOptions) =>
    ended(await (await import('../config.js')).show(options, configFlags(options), io)),
  );
  config
    .command('check')
    .description('check a file of settings without using it, and say what in it differs from the defaults')
    .argument('[file]', 'settings as YAML (default: all that mms serve would read here)')
    .action(async (file: string | undefined) => ended(await (await import('../config.js')).check(file, io)));
}
