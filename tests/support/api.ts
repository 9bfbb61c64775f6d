/** The HTTP service over real parts inside one process: hall, memory store, cache, threads; no router. */
import { performance } from 'node:perf_hooks';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse as InjectResponse } from 'fastify';
import { ulid } from 'ulid';
import { createServer } from '../../src/api/server.js';
import type { ServerParts } from '../../src/api/server.js';
import type { NodeView } from '../../src/contract/ports.js';
import { createInputReader } from '../../src/data/input-reader.js';
import { createMarkets } from '../../src/data/markets.js';
import { createHall } from '../../src/jobs/hall.js';
import { createRegistry } from '../../src/kinds/registry.js';
import { createBooks } from '../../src/node/books.js';
import { createLocalTransport } from '../../src/node/local.js';
import { loadConfig } from '../../src/ops/config.js';
import { createHealth } from '../../src/ops/health.js';
import { openKeyring, type Keyring } from '../../src/ops/keyring.js';
import { createLog } from '../../src/ops/log.js';
import { createMetrics } from '../../src/ops/metrics.js';
import { createCache } from '../../src/store/cache.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { createJudge, type Document } from './document.js';

export interface TestApi {
  readonly app: FastifyInstance;
  readonly parts: ServerParts;
  /** Lines of the log as objects. */
  readonly log: Record<string, unknown>[];
  close(): Promise<void>;
}

const NODE: NodeView = {
  id: 'here',
  host: 'localhost',
  threads: 1,
  busy: 0,
  version: '1.2.3',
  state: 'ready',
  chunksDone: 0,
};

/** Nobody needs a key: there is no file of keys at this place. */
const noKeys = (): Keyring =>
  openKeyring({ path: () => '/nowhere/keys', nowMs: Date.now, log: () => undefined });

/**
 * `flags` are settings; only the list of nodes, which the router would give, is made up. With a `keyring` the
 * address may be one beyond loopback.
 */
export async function startApi(flags: Record<string, unknown> = {}, keyring?: Keyring): Promise<TestApi> {
  const hasApiKeys = (): boolean => keyring !== undefined;
  const { config } = loadConfig({ flags: { 'log.level': 'warn', ...flags }, hasApiKeys });
  const lines: Record<string, unknown>[] = [];
  const log = createLog(config.log.level, { write: (line) => void lines.push(JSON.parse(line)) });
  const metrics = createMetrics('1.2.3');
  const store = createMemoryStore();
  const transport = createLocalTransport({ threads: 1 });
  const cache = createCache({ maxBytes: config.cache.bytes, redisUrl: null, meter: metrics });
  const kinds = createRegistry();
  const hall = await createHall({
    kinds,
    store,
    cache,
    transport,
    reader: createInputReader({ root: config.data.dir }),
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    meter: metrics,
    newId: () => ulid(),
    engineVersion: '1.2.3',
    limits: config.limits,
  });
  const books = createBooks(config.limits.maxBooks);
  const parts: ServerParts = {
    hall,
    kinds,
    books,
    nodes: () => [NODE],
    config,
    metrics,
    health: createHealth(),
    keyring: keyring ?? noKeys(),
    markets: createMarkets(),
    log,
    engineVersion: '1.2.3',
  };
  const app = await createServer(parts);
  judgeAnswers(app);
  const close = async (): Promise<void> => {
    await app.close();
    books.close();
    await transport.close();
    await cache.close();
    await store.close();
    metrics.close();
  };
  return { app, parts, log: lines, close };
}

/** From now on each answer that a test gets is held against the document; it throws when it does not fit. */
function judgeAnswers(app: FastifyInstance): void {
  const judge = createJudge(app.swagger() as unknown as Document);
  const ask = app.inject.bind(app) as (options: string | InjectOptions) => Promise<InjectResponse>;
  const inject = async (options: string | InjectOptions): Promise<InjectResponse> => {
    const answer = await ask(options);
    const { method = 'GET', url = '' } = typeof options === 'string' ? { url: options } : options;
    const fault = judge({
      method: method.toUpperCase(),
      url: typeof url === 'string' ? url : (url.pathname ?? ''),
      status: answer.statusCode,
      mediaType: String(answer.headers['content-type'] ?? '').split(';')[0]!,
      body: answer.body,
    });
    if (fault !== null) throw new Error(`not as documented: ${fault}`);
    return answer;
  };
  app.inject = inject as FastifyInstance['inject'];
}
