/** Checks of `mms doctor` on the machine and its surroundings: Node, modules, limits, ports, Redis, clock. */
import { readFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { availableParallelism } from 'node:os';

export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly found: string;
  /** What to do, as a command where there is one; empty when all is well. */
  readonly fix: string;
}

/** better-sqlite3 13 needs this N-API version and ends the process with a segmentation fault without it. */
export const MIN_NAPI = 10;
const MIN_NODE = [22, 13] as const;
const REDIS_WAIT_MS = 1000;
const CLOCK_TEST_MS = 50;
const EARLIEST_YEAR = 2025;
/** Connections of nodes, files of the store, pipes: what a service opens besides clients. */
const OWN_FILES = 256;

export const good = (name: string, found: string): Check => ({ name, state: 'ok', found, fix: '' });
export const bad = (name: string, found: string, fix: string): Check => ({ name, state: 'fail', found, fix });
export const doubt = (name: string, found: string, fix: string): Check => ({
  name,
  state: 'warn',
  found,
  fix,
});

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

export async function nativeModule(name: string, modern: boolean): Promise<Check> {
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

export function threads(): Check {
  const count = availableParallelism();
  if (count > 1) return good('threads', `${count}`);
  return doubt('threads', `${count}`, 'a second core lets the service answer while a job computes');
}

/** `other` is the command that takes another one. */
export function freePort(name: string, host: string, port: number, other: string): Promise<Check> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const found = taken ? `${host}:${port} is in use` : error.message;
      done(doubt(name, found, taken ? `fine if it is mms serve; else: ${other}` : other));
    });
    server.listen(port, host, () => server.close(() => done(good(name, `${host}:${port} is free`))));
  });
}

/** Asks with the protocol's own PING, which needs no client package. */
export function redis(url: string | null): Promise<Check> {
  if (url === null) return Promise.resolve(good('Redis', 'not configured; the cache lives in the process'));
  const fix = 'redis-server --daemonize yes, or unset MMS_REDIS_URL: nothing but speed depends on it';
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
export async function clock(nowMs: () => number = Date.now): Promise<Check> {
  const [wall, steady] = [nowMs(), performance.now()];
  await new Promise((next) => setTimeout(next, CLOCK_TEST_MS));
  const drift = nowMs() - wall - (performance.now() - steady);
  const now = new Date(nowMs());
  if (now.getFullYear() < EARLIEST_YEAR || Math.abs(drift) > CLOCK_TEST_MS)
    return doubt('clock', now.toISOString(), 'timedatectl set-ntp true (records of jobs carry its time)');
  return good('clock', now.toISOString());
}

/** Open files that this process may have, beside the connections that the settings allow. */
export async function openFiles(maxConnections: number): Promise<Check> {
  const name = 'open files';
  const wanted = maxConnections + OWN_FILES;
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const found = /^Max open files +(\S+)/m.exec(limits)?.[1];
  if (found === undefined) return good(name, 'not told by this system');
  if (found === 'unlimited' || Number(found) >= wanted) return good(name, found);
  const fix = `ulimit -n ${wanted} (or --set limits.maxConnections=${Math.max(1, Number(found) - OWN_FILES)})`;
  return doubt(name, `${found}, fewer than limits.maxConnections ${maxConnections} needs`, fix);
}
