/** Real processes for one row: services, nodes and folders, all ended and removed when the row is over. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../support/redis.js';
import { program } from './build.js';
import { ask, quietly, until } from './http.js';

/** How a process is started. */
export interface Starting {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the program, e.g. ['faketime', '-f', '+0']. */
  readonly prefix?: readonly string[];
  /** Engine version of the program; default that of the package. */
  readonly version?: string;
}

export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Lines of stderr so far. */
  readonly log: string[];
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  signal(name: NodeJS.Signals): void;
  /** Ends it and resolves with how it ended. */
  stop(name?: NodeJS.Signals): Promise<number | string | null>;
}

export interface Service extends Program {
  readonly url: string;
  readonly router: string;
  readonly dir: string;
  readonly store: string;
  /** From the start of the process until it was ready. */
  readonly readyMs: number;
}

export interface Serving extends Starting {
  /** Folder of the store; default a fresh one. */
  readonly dir?: string;
  /** Ports to use again after a restart; default free ones. */
  readonly port?: number;
  readonly routerPort?: number;
  /** Address of the router; default loopback. */
  readonly routerHost?: string;
  /** Threads of the local node; 0, the default, means no local node. */
  readonly localThreads?: number;
}

/** Jobs that a former process left are taken up before it is ready, which a busy machine makes long. */
const MAX_START_MS = 60_000;

export interface KeptService {
  now(): Service;
  readonly url: string;
  /** How often it became ready. */
  starts(): number;
  /** How each process of it ended. */
  readonly ends: readonly (number | string | null)[];
  /** Why a start failed. */
  readonly refusals: readonly string[];
}

export class Lab {
  readonly #ends: (() => unknown)[] = [];

  /** To be done when the row is over; the last one first. */
  atEnd(end: () => unknown): void {
    this.#ends.push(end);
  }

  async close(): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
  }

  /** A fresh folder that vanishes with the row. */
  dir(): string {
    const dir = mkdtempSync(join(tmpdir(), 'mms-chaos-'));
    this.atEnd(() => rmSync(dir, { recursive: true, force: true }));
    return dir;
  }

  port(): Promise<number> {
    return freePort();
  }

  /** Starts any program, which is killed with the row. */
  run(command: readonly string[], options: Starting & { readonly cwd?: string } = {}): Program {
    const [file, ...args] = command;
    const child = spawn(file!, args, {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? tmpdir(),
        CI: 'true',
        ...options.env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    });
    const log: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => void log.push(line));
    const ended = new Promise<number | string | null>((resolve) => {
      child.once('exit', (code, signal) => resolve(code ?? signal));
      child.once('error', (error) => resolve(error.message));
    });
    const stop = async (name: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> => {
      if (child.exitCode === null && child.signalCode === null) child.kill(name);
      return ended;
    };
    this.atEnd(() => (child.kill('SIGCONT'), stop('SIGKILL')));
    return { child, pid: child.pid ?? -1, log, ended, signal: (name) => void child.kill(name), stop };
  }

  /** The program with kind `chaos`, by the Node that runs this. */
  mms(args: readonly string[], options: Starting & { readonly cwd?: string } = {}): Program {
    return this.run(
      [...(options.prefix ?? []), process.execPath, program(options.version), ...args],
      options,
    );
  }

  /** `mms serve`; resolves when /health/ready says so, throws what it logged when it ends before. */
  async service(serving: Serving = {}): Promise<Service> {
    const dir = serving.dir ?? this.dir();
    const [port, routerPort] = [serving.port ?? (await freePort()), serving.routerPort ?? (await freePort())];
    const threads = serving.localThreads ?? 0;
    const store = join(dir, 'mms.db');
    const router = `tcp://${serving.routerHost ?? '127.0.0.1'}:${routerPort}`;
    const startMs = performance.now();
    const started = this.mms(
      [
        ...['serve', '--port', `${port}`, '--router', router, '--store', store],
        ...(threads > 0 ? ['--threads', `${threads}`] : ['--no-local-node']),
        ...(serving.args ?? []),
      ],
      { cwd: dir, ...serving, env: { MMS_LOG_LEVEL: 'warn', ...serving.env } },
    );
    const url = `http://127.0.0.1:${port}`;
    let end: unknown;
    void started.ended.then((how) => (end = how ?? 'unknown'));
    await until(
      'the service is ready',
      async () => {
        if (end !== undefined)
          throw new Error(`mms serve ended with ${String(end)}: ${started.log.join(' ')}`);
        return quietly(async () => (await ask(`${url}/health/ready`)).status === 200);
      },
      MAX_START_MS,
    );
    const readyMs = performance.now() - startMs;
    return { ...started, url, router, dir, store, readyMs };
  }

  /** A service that is started again whenever it ends, as a supervisor of services would. */
  async keptService(serving: Serving = {}): Promise<KeptService> {
    const at = {
      ...serving,
      dir: serving.dir ?? this.dir(),
      port: serving.port ?? (await freePort()),
      routerPort: serving.routerPort ?? (await freePort()),
    };
    const ends: (number | string | null)[] = [];
    const refusals: string[] = [];
    let isOver = false;
    this.atEnd(() => (isOver = true));
    let current = await this.service(at);
    let starts = 1;
    const follow = async (): Promise<void> => {
      while (!isOver) {
        ends.push(await current.ended);
        for (let isUp = false; !isUp && !isOver;) {
          try {
            current = await this.service(at);
            starts++;
            isUp = true;
          } catch (error) {
            refusals.push((error as Error).message);
            await new Promise((next) => setTimeout(next, 200));
          }
        }
      }
    };
    void follow();
    return { now: () => current, url: current.url, starts: () => starts, ends, refusals };
  }

  /** `mms node`; resolves when it says that it joined. */
  async node(
    router: string,
    threads = 1,
    options: Starting & { readonly id?: string } = {},
  ): Promise<Program> {
    const started = this.startNode(router, threads, options);
    await until(
      'the node has joined',
      () => {
        if (started.child.exitCode !== null) throw new Error(`mms node ended: ${started.log.join(' ')}`);
        return started.log.some((line) => /^joined/.test(line));
      },
      20_000,
    );
    return started;
  }

  /** `mms node` that need not join. */
  startNode(router: string, threads = 1, options: Starting & { readonly id?: string } = {}): Program {
    const id = options.id === undefined ? [] : ['--id', options.id];
    const args = ['node', '--router', router, '--threads', `${threads}`, ...id, ...(options.args ?? [])];
    return this.mms(args, { cwd: this.dir(), ...options });
  }

  /** A node that is started again as soon as it ends, as a supervisor of services would. */
  async keptNode(router: string, threads: number, options: Starting = {}): Promise<{ restarts(): number }> {
    let restarts = 0;
    let isOver = false;
    this.atEnd(() => (isOver = true));
    const follow = (node: Program): void => {
      void node.ended.then(() => {
        if (isOver) return;
        restarts++;
        follow(this.startNode(router, threads, options));
      });
    };
    follow(await this.node(router, threads, options));
    return { restarts: () => restarts };
  }
}

/** What a process holds: resident memory in MB, open files. */
export function footprint(pid: number): { rssMb: number; files: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rssKb = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  return { rssMb: Math.round(rssKb / 1024), files: readdirSync(`/proc/${pid}/fd`).length };
}

/** Bytes of the write-ahead log beside a store. */
export function walBytes(store: string): number {
  return existsSync(`${store}-wal`) ? statSync(`${store}-wal`).size : 0;
}

/** Threads and children of a process, as the kernel knows them. */
export function childrenOf(pid: number): number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter((word) => word !== '')
      .map(Number),
  );
}
