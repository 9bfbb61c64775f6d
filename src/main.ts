#!/usr/bin/env node
/** The only file that builds things: reads argv and configuration, ties the ports, runs one command. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processIo } from './cli/io.js';
import { runCli } from './cli/program.js';
import type { ConfigFlags, LocalHall, NodeFlags, Services } from './cli/services.js';
import type { FastifyInstance } from 'fastify';
import type { Clock, Hall, JobStore, Meter } from './contract/ports.js';
import type { NodeHandle, NodeOptions } from './node/socket.js';
import type { Health } from './ops/health.js';
import type { Keyring } from './ops/keyring.js';
import type { Log } from './ops/log.js';
import type { Metrics } from './ops/metrics.js';
import type { Config } from './ops/settings.js';
import type { RouterKeys } from './router/gate.js';
import type { NatsTransport } from './router/nats/transport.js';
import type { RouterTransport } from './router/socket.js';

/** Results of another version are never taken from a cache or store. */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Within this time a key that was made is taken, and one that was revoked refused. */
const LOOK_AT_KEYS_MS = 1000;

const clock: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
const silent: Meter = { count: () => undefined, gauge: () => undefined, observe: () => undefined };
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const services: Services = {
  version,
  kinds: async () => (await import('./kinds/registry.js')).createRegistry(),
  markets: async () => (await import('./data/markets.js')).createMarkets(),
  localHall,
  serve,
  node,
  async backupStore({ backup, ...given }) {
    const { config } = await configure({ ...given, listens: false });
    return (await import('./store/sqlite/backup.js')).backupStore(config.store.path, backup);
  },
  async restoreStore({ backup, verify, replace, ...given }) {
    if (verify) return (await import('./store/sqlite/verify.js')).verifyStore(backup);
    const { config } = await configure({ ...given, listens: false });
    return (await import('./store/sqlite/backup.js')).restoreStore(backup, config.store.path, replace);
  },
};

/** The hall of `mms run`: memory store, threads of this process, files of this user. */
async function localHall({ threads }: { readonly threads: number }): Promise<LocalHall> {
  const [jobs, limits, local, input, memory, caches, ids] = await Promise.all([
    import('./jobs/hall.js'),
    import('./jobs/limits.js'),
    import('./node/local.js'),
    import('./data/input-reader.js'),
    import('./store/memory.js'),
    import('./store/cache.js'),
    import('./ops/ids.js'),
  ]);
  const transport = local.createLocalTransport({ threads: threads || availableParallelism() });
  const store = memory.createMemoryStore();
  const cache = caches.createCache({ maxBytes: 1, redisUrl: null, meter: silent });
  const hall = await jobs.createHall({
    kinds: await services.kinds(),
    store,
    cache,
    transport,
    reader: input.createInputReader({ root: null }),
    clock,
    meter: silent,
    newId: ids.createIds(),
    engineVersion: version,
    limits: limits.DEFAULT_LIMITS,
  });
  const close = async (): Promise<void> => {
    await transport.close();
    await cache.close();
    await store.close();
  };
  return { hall, close };
}

/** Settings from flags, environment, file and preset; throws E_CONFIG with every fault. */
async function configure({ flags, file, preset, listens = true }: ConfigFlags & { listens?: boolean }) {
  const [{ loadConfig }, { createLog }] = await Promise.all([
    import('./ops/config.js'),
    import('./ops/log.js'),
  ]);
  const load = () => loadConfig({ flags, env: process.env, file, preset, listens, folder: process.cwd() });
  const { config, warnings } = load();
  return { config, log: createLog(config.log.level), warnings, load };
}

/** What is open to strangers is said at the start and again each minute, so that nobody forgets it. */
function repeat(warnings: readonly string[], log: Log): void {
  const warn = (): void => warnings.forEach((warning) => log.warn(warning));
  warn();
  if (warnings.length > 0) setInterval(warn, 60_000).unref();
}

/** A part that is open, and how it is closed. */
interface Open {
  readonly name: string;
  run(): void | Promise<void>;
}

/** `mms serve`: HTTP, hall and router here, the store's writer in a thread, the local node in a child. */
async function serve(given: ConfigFlags): Promise<number> {
  (await import('./ops/garbage.js')).weighExternalMemory();
  const { config, log, warnings, load } = await configure(given);
  repeat(warnings, log);
  const open: Open[] = [];
  try {
    const { hall, store, health, metrics } = await openService(config, log, open);
    const [{ reload }, { onHangUp }] = await Promise.all([import('./ops/hot.js'), import('./ops/stop.js')]);
    const changed = (): void => {
      log.level = config.log.level;
    };
    onHangUp(() => reload({ live: config, load, log, metrics, changed }));
    return await untilStopped(config, log, { hall, store, health, open });
  } catch (error) {
    for (const part of open.reverse()) await part.run();
    throw error;
  }
}

/** Opens part after part and notes each in `open`, so that a failure closes what stands already. */
async function openService(config: Config, log: Log, open: Open[]) {
  const [{ createMetrics }, { createHealth }, { createServer }] = await Promise.all([
    import('./ops/metrics.js'),
    import('./ops/health.js'),
    import('./api/server.js'),
  ]);
  const [metrics, health] = [createMetrics(version), createHealth()];
  open.push({ name: 'metrics', run: () => metrics.close() });
  const keyring = await openApiKeys(config, log, open);
  const { hall, transport, store, cache, keys } = await openHall(config, metrics, log, open);
  health.require('store', () => store.fault());
  health.observe('cache', () => cache.degraded());
  if ('degraded' in transport) health.observe('nats', () => transport.degraded());
  const books = (await import('./node/books.js')).createBooks(config.limits.maxBooks);
  open.push({ name: 'books', run: () => books.close() });
  const server = await createServer({
    hall,
    kinds: await services.kinds(),
    books,
    nodes: () => transport.nodes(),
    config,
    metrics,
    health,
    keyring,
    markets: await services.markets(),
    log,
    engineVersion: version,
  });
  open.push({ name: 'http', run: () => server.close() });
  const { startHealthLog } = await import('./ops/state-log.js');
  open.push({ name: 'health log', run: startHealthLog(health, log) });
  await listen(server, config);
  if (config.node.local) await openLocalNode(config, transport.address, keys, metrics, log, open);
  const { port } = server.server.address() as AddressInfo;
  say(`MMS listens on http://${config.http.host}:${port} (documentation: /docs)`);
  say(await howToJoin(config, transport.joinAddress, keys));
  return { hall, store, health, metrics };
}

/** A file of API keys that is named, or that alone lets a wider address be opened, must be there. */
async function openApiKeys(config: Config, log: Log, open: Open[]): Promise<Keyring> {
  const [{ openKeyring }, { apiKeysPath }, { isLoopback }] = await Promise.all([
    import('./ops/keyring.js'),
    import('./ops/api-keys.js'),
    import('./ops/exposure.js'),
  ]);
  const { apiKeys, host } = config.http;
  const keyring = openKeyring(
    { path: () => apiKeysPath(config), nowMs: clock.nowMs, log: (line) => log.warn(line) },
    apiKeys !== null || (!isLoopback(host) && !config.insecure),
  );
  if (keyring.required() && keyring.size() === 0)
    log.warn('no API key is live, so that every request is refused; make one with: mms key create');
  const looks = setInterval(() => keyring.look(), LOOK_AT_KEYS_MS);
  looks.unref();
  open.push({
    name: 'keys',
    run: () => {
      clearInterval(looks);
      return keyring.close();
    },
  });
  return keyring;
}

/** The one line that adds a machine; it holds no secret. */
async function howToJoin(
  { insecure }: Config,
  address: string,
  keys: RouterKeys | undefined,
): Promise<string> {
  const [{ joinCommand }, { isRemote }] = await Promise.all([
    import('./router/address.js'),
    import('./ops/exposure.js'),
  ]);
  if (!keys)
    return `Add a machine: ${joinCommand(address, insecure && isRemote(address) ? 'insecure' : 'plain')}`;
  const [node] = keys.nodes;
  if (node === undefined) return `No other machine may join yet: ${keys.allowedFile} lists none`;
  return `Add a machine: ${joinCommand(address, { serverKey: keys.pair.publicKey, node })}`;
}

/** The hall of a service, with what it stands on: SQLite, the cache, the router, the reader of files. */
async function openHall(config: Config, meter: Metrics, log: Log, open: Open[]) {
  const [{ createHall }, { openSqliteStore }, { createCache }, input, { createIds }] = await Promise.all([
    import('./jobs/hall.js'),
    import('./store/sqlite/open.js'),
    import('./store/cache.js'),
    import('./data/input-reader.js'),
    import('./ops/ids.js'),
  ]);
  const keys = await routerKeys(config);
  const store = await openSqliteStore({ path: config.store.path, meter });
  open.push({ name: 'store', run: () => store.close() });
  meter.onScrape(() => {
    const { fileBytes, freeBytes, logBytes, diskFreeBytes, backupMs } = store.size();
    meter.gauge('mms_db_bytes', fileBytes);
    meter.gauge('mms_db_free_bytes', freeBytes);
    meter.gauge('mms_db_wal_bytes', logBytes);
    meter.gauge('mms_disk_free_bytes', diskFreeBytes);
    meter.gauge('mms_backup_timestamp_seconds', (backupMs ?? 0) / 1e3);
  });
  const cache = createCache({ maxBytes: config.cache.bytes, redisUrl: config.redis.url, meter });
  open.push({ name: 'cache', run: () => cache.close() });
  const transport = await openTransport(config, keys, meter, log);
  open.push({ name: 'router', run: () => transport.close() });
  const hall = await createHall({
    kinds: await services.kinds(),
    store,
    cache,
    transport,
    reader:
      config.data.dir === null
        ? input.closedReader
        : await input.openDataFolder(config.data.dir, config.data.allowCode),
    clock,
    meter,
    journal: log,
    newId: createIds(),
    engineVersion: version,
    limits: config.limits,
    retain: (await import('./ops/hot.js')).retentionRules(config),
  });
  return { hall, transport, store, cache, keys };
}

/** Keys of the own router, when it has some. */
async function routerKeys({ router, nats }: Config): Promise<RouterKeys | undefined> {
  if (router.keys === null || nats.url !== null) return undefined;
  return (await import('./router/gate.js')).loadRouterKeys(router.keys);
}

/** The own router, or the queue of a NATS server, whose clients are loaded only then. */
async function openTransport(
  { router, nats }: Config,
  keys: RouterKeys | undefined,
  meter: Metrics,
  log: Log,
): Promise<RouterTransport | NatsTransport> {
  const { createNodeLog } = await import('./ops/state-log.js');
  const parts = { clock, meter, version, journal: log, onNodes: createNodeLog(log) };
  if (nats.url !== null) {
    const { openNatsRouter } = await import('./router/nats/transport.js');
    return openNatsRouter({ ...parts, url: nats.url, replicas: nats.replicas });
  }
  const { openRouter } = await import('./router/socket.js');
  const warn = (line: string): void => log.warn(line);
  return openRouter({ ...parts, bind: router.bind, log: warn, ...(keys && { keys }) });
}

async function listen(server: FastifyInstance, { http }: Config): Promise<void> {
  const { MmsError } = await import('./contract/problem.js');
  try {
    await server.listen({ host: http.host, port: http.port });
  } catch (error) {
    const detail = `Expected a free address for the HTTP service; ${(error as Error).message}. Choose another --port.`;
    throw new MmsError('E_CONFIG', detail);
  }
}

/** The local node shows the server's own key where the router asks for one. */
async function openLocalNode(
  config: Config,
  address: string,
  keys: RouterKeys | undefined,
  meter: Metrics,
  log: Log,
  open: Open[],
) {
  const [{ superviseNode }, { SERVER_KEY_FILE }] = await Promise.all([
    import('./node/supervise.js'),
    import('./wire/key-files.js'),
  ]);
  const args = ['--router', address, '--threads', `${config.node.threads}`, '--id', 'local'];
  if (config.insecure) args.push('--insecure');
  if (keys && config.router.keys !== null) {
    args.push('--server-key', keys.pair.publicKey, '--key-file', join(config.router.keys, SERVER_KEY_FILE));
  }
  const node = superviseNode({
    // An address of NATS may hold a password, which no list of processes shall show.
    env: config.nats.url === null ? process.env : { ...process.env, MMS_NATS_URL: config.nats.url },
    command: process.execPath,
    args: [fileURLToPath(import.meta.url), 'node', ...args],
    onExit: (how) => {
      meter.count('mms_node_restarts_total');
      log.warn(how, 'the local node ended; it is started again');
    },
  });
  open.push({ name: 'node', run: () => node.close() });
}

/** Serves until a signal or a fault of the store ends the process, when all is closed. */
async function untilStopped(
  config: Config,
  log: Log,
  { hall, store, health, open }: { hall: Hall; store: JobStore; health: Health; open: Open[] },
): Promise<never> {
  const [{ installStop }, { exitAfterLog }] = await Promise.all([
    import('./ops/stop.js'),
    import('./ops/log.js'),
  ]);
  const graceMs = config.stop.graceS * 1000;
  return new Promise(() => {
    const stop = installStop({
      signals: process,
      steps: [
        { name: 'health', run: () => health.stopping() },
        { name: 'hall', run: () => hall.drain(graceMs) },
        ...open.reverse(),
      ],
      graceMs: graceMs + 5_000,
      log,
      exit: (code) => exitAfterLog(log, code),
    });
    // A commit failed: what was acknowledged is on disk, and only a restart may trust the file again (G8).
    const watch = setInterval(() => {
      const fault = store.fault();
      if (fault === null) return;
      clearInterval(watch);
      void stop(fault, 1);
    }, 200);
    watch.unref();
  });
}

/** `mms node`: the threads of this machine for the service at `router`, until it is stopped. */
async function node({ router, id, serverKey, keyFile, ...given }: NodeFlags): Promise<number> {
  const { config } = await configure({ ...given, listens: false });
  const [startNode, { whenParentGone }, { refuseExposedJoin }, { readNodeKeys }] = await Promise.all([
    nodeFor(router),
    import('./node/supervise.js'),
    import('./ops/exposure.js'),
    import('./wire/key-files.js'),
  ]);
  const keys = readNodeKeys(serverKey, keyFile);
  // A printed address hides its secret as ***; the setting has it.
  const address = router.includes('//***@') && config.nats.url !== null ? config.nats.url : router;
  refuseExposedJoin(address, keys !== undefined, config.insecure);
  const handle = startNode({
    router: address,
    threads: config.node.threads,
    version,
    log: say,
    ...(id !== undefined && { id }),
    ...(keys && { keys }),
  });
  const drain = (): void => void handle.drain();
  process.once('SIGTERM', drain);
  process.once('SIGINT', drain);
  whenParentGone(() => process.exit(0));
  await handle.closed;
  return 0;
}

/** What joins a router, or the queue of a NATS server, by the sort of its address. */
async function nodeFor(router: string): Promise<(options: NodeOptions) => NodeHandle> {
  if (/^(nats|tls):/.test(router)) return (await import('./node/nats/node.js')).startNatsNode;
  return (await import('./node/socket.js')).startNode;
}

process.exitCode = await runCli(process.argv.slice(2), services, processIo(process.env));
