/** The peer's side: a real redis-server with an append-only file, a front, workers, and a queue's view. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import {
  openPeer,
  PEER_FOLDER,
  type PeerEvents,
  type PeerJob,
  type PeerQueue,
  type WalkData,
} from './bull-package.js';
import { Child, freshDir } from './children.js';
import { walkRange } from './kernel.js';
import { pause } from './ours.js';

const SCRIPTS = resolve('build/cluster/bench');
const LOOK_MS = 2;

/** Once; from its own package.json, because its optional native parts would break the project's `npm ci`. */
export function installPeer(): void {
  if (existsSync(`${PEER_FOLDER}/node_modules/bullmq`)) return;
  const args = ['install', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', args, { cwd: PEER_FOLDER, stdio: 'inherit' });
}

async function startRedis(): Promise<{ child: Child; port: number }> {
  if (spawnSync('redis-server', ['--version']).error)
    throw new Error('The peer needs the real redis-server: apt-get install redis-server.');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  const durable = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''];
  const place = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', freshDir()];
  const child = new Child('redis-server', [...place, ...durable, '--maxmemory-policy', 'noeviction']);
  await child.match(/Ready to accept connections/);
  return { child, port };
}

export class Bull {
  readonly url: string;
  readonly queue: PeerQueue;
  readonly events: PeerEvents;
  readonly #port: number;
  #workers: Child[] = [];

  private constructor(url: string, port: number) {
    this.url = url;
    this.#port = port;
    const { Queue, QueueEvents } = openPeer();
    this.queue = new Queue('walks', { connection: { host: '127.0.0.1', port } });
    this.events = new QueueEvents('walks', { connection: { host: '127.0.0.1', port } });
  }

  static async start(): Promise<Bull> {
    const { port } = await startRedis();
    const front = new Child(process.execPath, [`${SCRIPTS}/bull-front.js`, `${port}`], process.cwd());
    const [, url] = await front.match(/listens on (http:\S+)/);
    const bull = new Bull(url!, port);
    await Promise.all([bull.queue.waitUntilReady(), bull.events.waitUntilReady()]);
    return bull;
  }

  /** Lets so many worker processes take that many jobs at a time each; none is left of before. */
  async work(processes: number, concurrency: number): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop('SIGKILL')));
    const args = [`${SCRIPTS}/bull-worker.js`, `${this.#port}`, `${concurrency}`];
    this.#workers = Array.from({ length: processes }, () => new Child(process.execPath, args, process.cwd()));
    await Promise.all(this.#workers.map((worker) => worker.match(/ready/)));
  }

  async untilFinished(jobs: number): Promise<void> {
    while ((await this.queue.getJobCountByTypes('completed')) < jobs) await pause(LOOK_MS);
  }

  /** All finished jobs. */
  finished(): Promise<PeerJob[]> {
    return this.queue.getJobs(['completed'], 0, -1);
  }

  /** Forgets all jobs. */
  clear(): Promise<void> {
    return this.queue.obliterate({ force: true });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop('SIGKILL')));
    await Promise.all([this.queue.close(), this.events.close()]);
  }
}

/** An error when a job of the peer has not the numbers that its kernel gives. */
export function checkPeer({ id, data, returnvalue }: Pick<PeerJob, 'id' | 'data' | 'returnvalue'>): void {
  const { seed, steps, from, to } = data satisfies WalkData;
  const columns = walkRange(seed, steps, from, to);
  const right =
    to - from === 1
      ? JSON.stringify(returnvalue) === JSON.stringify(columns.map(([value]) => value))
      : Buffer.from(returnvalue as string, 'base64').equals(
          Buffer.concat(columns.map(({ buffer }) => Buffer.from(buffer as ArrayBuffer))),
        );
  if (!right) throw new Error(`BullMQ's job ${id} of seed ${seed}, units ${from}..${to - 1} is wrong`);
}
