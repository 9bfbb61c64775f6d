/** `mms doctor`: checks what the program needs of this machine and says how to mend what is missing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { EXIT } from './exit.js';
import type { Io } from './io.js';

export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'error';
  /** What was found. */
  readonly found: string;
  /** What to do; empty when all is well. */
  readonly fix: string;
}

/** better-sqlite3 13 needs this N-API version and ends the process with a segmentation fault without it. */
const MIN_NAPI = 10;
const MIN_NODE = [22, 13] as const;
const REDIS_WAIT_MS = 1000;
const CLOCK_TEST_MS = 50;
const EARLIEST_YEAR = 2025;

/** Exit code 1 when a check found an error; warnings leave it 0. */
export async function doctor(options: { readonly json?: boolean }, io: Io): Promise<number> {
  const checks = await allChecks(io.env);
  if (options.json) io.out(`${JSON.stringify(checks, null, 2)}\n`);
  else {
    const signs = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' };
    const width = Math.max(...checks.map((check) => check.name.length));
    for (const { name, state, found, fix } of checks) {
      io.out(`${signs[state]}  ${name.padEnd(width)}  ${found}\n`);
      if (fix) io.out(`${' '.repeat(11 + width)}fix: ${fix}\n`);
    }
  }
  return checks.some((check) => check.state === 'error') ? EXIT.failed : EXIT.ok;
}

async function allChecks(env: Io['env']): Promise<Check[]> {
  const { loadConfig } = await import('../ops/config.js');
  const checks: Check[] = [nodeVersion(process.versions)];
  const modern = Number(process.versions['napi']) >= MIN_NAPI;
  checks.push(await nativeModule('zeromq', modern), await nativeModule('better-sqlite3', modern), threads());
  let config: ReturnType<typeof loadConfig>['config'];
  try {
    ({ config } = loadConfig({ env }));
  } catch (error) {
    checks.push(
      bad('configuration', (error as Error).message, 'correct the MMS_* variables or the file that is named'),
    );
    return checks;
  }
  checks.push(await writeAccess('current folder', process.cwd()));
  checks.push(await freePort('HTTP port', config.http.host, config.http.port));
  const router = /^tcp:\/\/(.+):(\d+)$/.exec(config.router.bind);
  if (router) checks.push(await freePort('router port', router[1] ?? '', Number(router[2])));
  checks.push(await redis(config.redis.url), await clock());
  return checks;
}

const good = (name: string, found: string): Check => ({ name, state: 'ok', found, fix: '' });
const bad = (name: string, found: string, fix: string): Check => ({ name, state: 'error', found, fix });
const doubt = (name: string, found: string, fix: string): Check => ({ name, state: 'warning', found, fix });

/** `versions` as process.versions has them. */
export function nodeVersion(versions: Readonly<Record<string, string | undefined>>): Check {
  const node = versions['node'] ?? '0';
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const found = `${node}, N-API ${versions['napi'] ?? 'none'}`;
  const enough = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  if (enough && Number(versions['napi']) >= MIN_NAPI) return good('Node.js', found);
  return bad(
    'Node.js',
    found,
    `use Node.js ${MIN_NODE.join('.')} or newer; inside the project "npx mms" brings its own`,
  );
}

async function nativeModule(name: string, modern: boolean): Promise<Check> {
  if (!modern) return bad(name, 'not tried on this Node.js', 'mend Node.js first');
  try {
    if (name === 'better-sqlite3') {
      const { default: Database } = await import('better-sqlite3');
      new Database(':memory:').close();
    } else {
      await import('zeromq');
    }
    return good(name, 'loads');
  } catch (error) {
    return bad(name, (error as Error).message.split('\n')[0] ?? '', `npm rebuild ${name}`);
  }
}

function threads(): Check {
  const count = availableParallelism();
  if (count > 1) return good('threads', `${count}`);
  return doubt('threads', `${count}`, 'a second core lets the service answer while a job computes');
}

export async function writeAccess(name: string, folder: string): Promise<Check> {
  try {
    const dir = await mkdtemp(join(folder, '.mms-doctor-'));
    await writeFile(join(dir, 'probe'), 'x', { flush: true });
    await rm(dir, { recursive: true });
    return good(name, `${resolve(folder)} can be written`);
  } catch (error) {
    return bad(name, (error as Error).message, 'change the permissions, or run in another folder');
  }
}

export function freePort(name: string, host: string, port: number): Promise<Check> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const found = taken ? `${host}:${port} is in use` : error.message;
      done(
        doubt(
          name,
          found,
          taken ? 'fine if it is mms serve; else choose another by flag' : 'choose another address',
        ),
      );
    });
    server.listen(port, host, () => server.close(() => done(good(name, `${host}:${port} is free`))));
  });
}

/** Asks with the protocol's own PING, which needs no client package. */
export function redis(url: string | null): Promise<Check> {
  if (url === null) return Promise.resolve(good('Redis', 'not configured; the cache lives in the process'));
  const fix = 'start Redis, or unset MMS_REDIS_URL: nothing but speed depends on it';
  if (!URL.canParse(url))
    return Promise.resolve(doubt('Redis', 'the address cannot be read', 'use redis://HOST:PORT'));
  const { hostname, port } = new URL(url);
  return new Promise((done) => {
    const socket = connect(Number(port || 6379), hostname.replace(/^\[|\]$/g, ''));
    const end = (check: Check): void => {
      socket.destroy();
      done(check);
    };
    socket.setTimeout(REDIS_WAIT_MS, () => end(doubt('Redis', `no answer in ${REDIS_WAIT_MS} ms`, fix)));
    socket.once('error', (error) => end(doubt('Redis', error.message, fix)));
    socket.once('data', (data) => {
      const answer = data.toString('latin1').trim();
      // NOAUTH is an answer too: the server lives and wants the password that the address holds.
      const alive = answer.startsWith('+PONG') || answer.startsWith('-NOAUTH');
      end(alive ? good('Redis', 'answers') : doubt('Redis', `answers ${answer.slice(0, 40)}`, fix));
    });
    socket.once('connect', () => socket.write('PING\r\n'));
  });
}

/** The wall clock must be of this age and move like the monotonic one: records carry its time. */
async function clock(): Promise<Check> {
  const [wall, steady] = [Date.now(), performance.now()];
  await new Promise((next) => setTimeout(next, CLOCK_TEST_MS));
  const drift = Date.now() - wall - (performance.now() - steady);
  const now = new Date();
  if (now.getFullYear() < EARLIEST_YEAR || Math.abs(drift) > CLOCK_TEST_MS)
    return doubt('clock', now.toISOString(), 'set the clock (NTP): records of jobs carry its time');
  return good('clock', now.toISOString());
}
