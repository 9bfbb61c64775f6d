#!/usr/bin/env node
/** The only file that builds things: reads argv and configuration, ties the ports, runs one command. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { runCli } from './cli/program.js';
import type { LocalHall, Services } from './cli/services.js';

/** Results of another version are never taken from a cache or store. */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const services: Services = {
  version,
  kinds: async () => (await import('./kinds/registry.js')).createRegistry(),
  localHall,
  serve: async () => Promise.reject(new Error('serve is tied together by the next commit')),
  node: async () => Promise.reject(new Error('node is tied together by the next commit')),
};

/** The hall of `mms run`: memory store, threads of this process, files of this user. */
async function localHall({ threads }: { readonly threads: number }): Promise<LocalHall> {
  const [
    { createHall },
    { DEFAULT_LIMITS },
    { createLocalTransport },
    { createInputReader },
    store,
    cache,
    ulid,
  ] = await Promise.all([
    import('./jobs/hall.js'),
    import('./jobs/limits.js'),
    import('./node/local.js'),
    import('./data/input-reader.js'),
    import('./store/memory.js'),
    import('./store/cache.js'),
    import('ulid'),
  ]);
  const meter = { count: () => undefined, gauge: () => undefined, observe: () => undefined };
  const transport = createLocalTransport({ threads: threads || availableParallelism() });
  const memory = store.createMemoryStore();
  const results = cache.createCache({ maxBytes: 1, redisUrl: null, meter });
  const hall = await createHall({
    kinds: await services.kinds(),
    store: memory,
    cache: results,
    transport,
    reader: createInputReader({ root: null }),
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    meter,
    newId: () => ulid.ulid(),
    engineVersion: version,
    limits: DEFAULT_LIMITS,
  });
  return {
    hall,
    async close() {
      await transport.close();
      await results.close();
      await memory.close();
    },
  };
}

process.exitCode = await runCli(process.argv.slice(2), services);
