/** Hall's side of a real transport here and nodes in processes of their own, closed by `stop()`. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { InputStore, Meter } from '../../src/contract/ports.js';
import type { RouterKeys } from '../../src/router/gate.js';
import type { RouterOptions, RouterTransport } from '../../src/router/socket.js';
import { openRouter } from '../../src/router/socket.js';
import { FIXTURE_KINDS, Gathered, inputStore } from './fixture-chunks.js';

export const NODE_CHILD = fileURLToPath(new URL('node-child.ts', import.meta.url));
export const CLOCK = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

/** Counts by name and labels, as `name{reason}`. */
export class CountingMeter implements Meter {
  readonly counts = new Map<string, number>();

  count(name: string, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    const key = `${name}{${Object.values(labels).join()}}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  gauge(): void {}

  observe(): void {}

  dropped(reason: string): number {
    return this.counts.get(`mms_router_dropped_messages_total{${reason}}`) ?? 0;
  }
}

/** Opens one sort of transport, at an address or at one of its choice. */
export type Carrier = (
  options: Omit<RouterOptions, 'bind'>,
  address: string | undefined,
) => Promise<RouterTransport>;

const zeromq: Carrier = (options, bind) => openRouter({ ...options, ...(bind && { bind }) });

export interface Link {
  readonly address?: string;
  readonly serverKey?: string;
  readonly keyFile?: string;
}

export class Cluster {
  events = new Gathered();
  readonly meter = new CountingMeter();
  readonly children: ChildProcess[] = [];
  /** Lines that the router logged. */
  readonly log: string[] = [];
  router!: RouterTransport;
  readonly #carrier: Carrier;
  #onNodes: (() => void)[] = [];

  constructor(carrier: Carrier = zeromq) {
    this.#carrier = carrier;
  }

  static async start(bind?: string, store: InputStore = inputStore(), carrier = zeromq): Promise<Cluster> {
    const cluster = new Cluster(carrier);
    await cluster.open(bind, store);
    return cluster;
  }

  async open(bind?: string, store: InputStore = inputStore(), keys?: RouterKeys): Promise<void> {
    const onNodes = (): void => this.#onNodes.splice(0).forEach((resolve) => resolve());
    const log = (line: string): void => void this.log.push(line);
    const options = { clock: CLOCK, meter: this.meter, version: '1.0.0', onNodes, log };
    this.router = await this.#carrier({ ...options, ...(keys && { keys }) }, bind);
    this.router.connect(this.events, store);
  }

  /** Starts a node process; with `link` it calls another address or shows a key. */
  spawn(id: string, threads = 1, version = '1.0.0', link: Link = {}): ChildProcess {
    const { address = this.router.address, serverKey, keyFile } = link;
    const args = [NODE_CHILD, address, `${threads}`, id, FIXTURE_KINDS.href, version];
    if (serverKey !== undefined && keyFile !== undefined) args.push(serverKey, keyFile);
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.children.push(child);
    return child;
  }

  /** Resolves when exactly `count` nodes are on the roster. */
  async joined(count: number): Promise<void> {
    while (this.router.nodes().length !== count) {
      await new Promise<void>((resolve) => this.#onNodes.push(resolve));
    }
  }

  async stop(): Promise<void> {
    const alive = this.children.filter((child) => child.exitCode === null && child.signalCode === null);
    const gone = alive.map((child) => once(child, 'exit'));
    for (const child of alive) child.kill('SIGKILL');
    await Promise.all(gone);
    await this.router.close();
  }
}

/** Exit code and signal of a child; waits for its end. */
export async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { code: child.exitCode, signal: child.signalCode };
}
