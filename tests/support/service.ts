/** Starts the real program for end-to-end tests: serve, node and run, each in its own process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { NodeView } from '../../src/contract/ports.js';

const main = resolve(import.meta.dirname, '../../dist/main.js');

/** Environment of a stranger: nothing of ours but PATH and HOME. */
const cleanEnv = (extra: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? tmpdir(),
  CI: 'true',
  ...extra,
});

export interface Service {
  readonly url: string;
  readonly router: string;
  /** Arguments of the printed command that adds a machine. */
  readonly join: readonly string[];
  readonly child: ChildProcess;
  /** Lines of stderr so far. */
  readonly log: string[];
  readonly dir: string;
  /** Sends the signal and resolves with the exit code (null when the signal ended it). */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** What the end of the test process takes with it: folders and processes that a failed test left. */
const leftovers: (() => void)[] = [];
process.once('exit', () => leftovers.forEach((remove) => remove()));

/** A fresh folder that vanishes when the test process ends. */
export function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mms-test-'));
  leftovers.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Resolves with the first match of `pattern` in a line of stderr; rejects when the process ends before. */
function lineMatching(child: ChildProcess, log: string[], pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolveLine, reject) => {
    const look = (line: string): void => {
      const match = pattern.exec(line);
      if (match) resolveLine(match);
    };
    log.forEach(look);
    child.on('mms-line', look);
    child.once('exit', (code) =>
      reject(new Error(`ended with ${code} before ${pattern}:\n${log.join('\n')}`)),
    );
  });
}

function start(
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
  { program = main, within = [] }: Pick<NodePlace, 'program' | 'within'> = {},
): { child: ChildProcess; log: string[] } {
  const [command, ...words] = [...within, process.execPath, program, ...args];
  const child = spawn(command!, words, {
    env: cleanEnv(env),
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => {
    log.push(line);
    child.emit('mms-line', line);
  });
  leftovers.unshift(() => child.kill('SIGKILL'));
  return { child, log };
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
  return child.exitCode;
}

/** `mms serve` on free ports with its files in `dir`. Resolves when it says that it listens. */
export async function startService(
  options: {
    args?: readonly string[];
    env?: Record<string, string>;
    dir?: string;
    bind?: string;
    /** Where the store is as the program sees it; default: in `dir`. */
    store?: string;
    place?: NodePlace;
  } = {},
): Promise<Service> {
  const dir = options.dir ?? freshDir();
  const { bind = 'tcp://127.0.0.1:0', store = join(dir, 'mms.db') } = options;
  const args = ['serve', '--port', '0', '--router', bind, '--store', store, ...(options.args ?? [])];
  const { child, log } = start(args, options.env ?? {}, dir, options.place);
  const [http, adding] = await Promise.all([
    lineMatching(child, log, /(http:\/\/127\.0\.0\.1:\d+)/),
    lineMatching(child, log, /: mms (node --router ((?:tcp|nats):\/\/\S+).*)/),
  ]);
  return {
    url: http[1]!,
    router: adding[2]!,
    join: adding[1]!.split(' '),
    child,
    log,
    dir,
    stop: (signal = 'SIGTERM') => stopChild(child, signal),
  };
}

/** Where a node runs: its folder, another installation, the command that runs it in a namespace. */
export interface NodePlace {
  readonly cwd?: string;
  readonly program?: string;
  readonly within?: readonly string[];
}

export interface NodeProcess {
  readonly child: ChildProcess;
  /** Lines of stderr so far. */
  readonly log: string[];
  stop: Service['stop'];
}

/** `mms` with the arguments of a node. Resolves when it says that it joined. */
export async function joinNode(args: readonly string[], place: NodePlace = {}): Promise<NodeProcess> {
  const { child, log } = start(args, {}, place.cwd ?? freshDir(), place);
  await lineMatching(child, log, /joined/i);
  return { child, log, stop: (signal = 'SIGTERM') => stopChild(child, signal) };
}

/** `mms node` joined to a router on this machine. */
export function startNodeProcess(router: string, threads = 1): Promise<NodeProcess> {
  return joinNode(['node', '--router', router, '--threads', String(threads)]);
}

interface MmsOptions extends NodePlace {
  readonly env?: Record<string, string>;
  /** Hears all of stderr so far, whenever something is added. */
  readonly heard?: (stderr: string, child: ChildProcess) => void;
}

/** Runs the program to its end. */
export async function mms(
  args: readonly string[],
  options: MmsOptions = {},
): Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }> {
  const { program = main, within = [] } = options;
  const [command, ...words] = [...within, process.execPath, program, ...args];
  const child = spawn(command!, words, {
    env: cleanEnv(options.env),
    cwd: options.cwd ?? freshDir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.heard?.(stderr, child);
  });
  await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
}

export interface StatusBody {
  readonly state: string;
  readonly progress: number;
  readonly digest: string | null;
  readonly attempts: number;
  readonly problem: { code: string; detail: string } | null;
}

/** POSTs a JSON body; resolves with status, headers and the parsed answer. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: any }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Follows GET /status/:id until the wanted state, or rejects when the job ended otherwise. */
export async function statusUntil(
  url: string,
  id: string,
  wanted: (body: StatusBody) => boolean,
): Promise<StatusBody> {
  for (;;) {
    const body = (await (await fetch(`${url}/status/${id}`)).json()) as StatusBody;
    if (wanted(body)) return body;
    if (['failed', 'cancelled', 'expired'].includes(body.state))
      throw new Error(`job ended: ${JSON.stringify(body)}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** Follows GET /nodes until the wanted roster. */
export async function nodesUntil(
  url: string,
  wanted: (nodes: readonly NodeView[]) => boolean,
): Promise<readonly NodeView[]> {
  for (;;) {
    const { nodes } = (await (await fetch(`${url}/nodes`)).json()) as { nodes: NodeView[] };
    if (wanted(nodes)) return nodes;
    await new Promise((next) => setTimeout(next, 20));
  }
}

export const isDone = (body: StatusBody): boolean => body.state === 'done';
