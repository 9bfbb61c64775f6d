/** `mms doctor`: checks what the program needs of this machine and says how to mend what is missing. */
import type { Config } from '../ops/settings.js';
import * as machine from './doctor-checks.js';
import type { Check } from './doctor-checks.js';
import { apiKeys, nodeKeys } from './doctor-keys.js';
import { diskSpace, folderFor, pragmas, syncTime, writeAccess } from './doctor-store.js';
import { EXIT } from './exit.js';
import type { Io } from './io.js';

/** Exit code 1 when a check failed; warnings leave it 0. */
export async function doctor(options: { readonly json?: boolean }, io: Io): Promise<number> {
  const checks = await allChecks(io.env);
  if (options.json) io.out(`${JSON.stringify(checks, null, 2)}\n`);
  else {
    const width = Math.max(...checks.map((check) => check.name.length));
    for (const { name, state, found, fix } of checks) {
      io.out(`${state.padEnd(4)}  ${name.padEnd(width)}  ${found}\n`);
      if (fix) io.out(`${' '.repeat(8 + width)}fix: ${fix}\n`);
    }
  }
  return checks.some((check) => check.state === 'fail') ? EXIT.failed : EXIT.ok;
}

async function allChecks(env: Io['env']): Promise<Check[]> {
  const { loadConfig } = await import('../ops/config.js');
  const isModern = Number(process.versions['napi']) >= machine.MIN_NAPI;
  const checks = [
    machine.nodeVersion(process.versions),
    await machine.nativeModule('zeromq', isModern),
    await machine.nativeModule('better-sqlite3', isModern),
    machine.threads(),
  ];
  let config: Config;
  try {
    ({ config } = loadConfig({ env, folder: process.cwd() }));
  } catch (error) {
    return [
      ...checks,
      machine.bad('configuration', (error as Error).message, 'mms config check (tells each fault)'),
    ];
  }
  return [
    ...checks,
    machine.good('configuration', 'right'),
    await machine.openFiles(config.limits.maxConnections),
    await writeAccess('current folder', process.cwd()),
    ...(await storeChecks(config, isModern)),
    ...(await portChecks(config)),
    ...(await keyChecks(config)),
    await machine.redis(config.redis.url),
    await machine.clock(),
  ];
}

/** What follows from a folder that cannot be written is not told four times. */
async function storeChecks({ store }: Config, isModern: boolean): Promise<Check[]> {
  const folder = folderFor(store.path);
  const access = await writeAccess('folder of the store', folder);
  if (access.state === 'fail') return [access];
  return [
    access,
    await diskSpace(folder),
    await syncTime(folder),
    ...(isModern ? [await pragmas(folder)] : []),
  ];
}

async function portChecks({ http, router }: Config): Promise<Check[]> {
  const checks = [await machine.freePort('HTTP port', http.host, http.port, 'mms serve --port 0')];
  const bind = /^tcp:\/\/(.+):(\d+)$/.exec(router.bind);
  if (!bind) return checks;
  const [, host = '', port] = bind;
  const bare = host.replace(/^\[|\]$/g, '').replace(/^\*$/, '0.0.0.0');
  const other = `mms serve --router tcp://${host}:0`;
  return [...checks, await machine.freePort('router port', bare, Number(port), other)];
}

async function keyChecks(config: Config): Promise<Check[]> {
  const { apiKeysPath } = await import('../ops/api-keys.js');
  return [apiKeys(apiKeysPath(config), config.http.apiKeys !== null), nodeKeys(config.router.keys)];
}
