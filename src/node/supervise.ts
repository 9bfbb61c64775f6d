/** Keeps one node alive as a child process, and lets that child notice when its parent is gone. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
/** A child that lived this long was healthy: the next restart is quick again. */
const HEALTHY_MS = 10_000;

export interface SuperviseOptions {
  /**
   * Program and arguments, e.g. process.execPath and [main.js, 'node', '--router', address, '--threads',
   * '2'].
   */
  readonly command: string;
  readonly args: readonly string[];
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called when the child ended although nobody asked it to; it is started again after `restartInMs`. */
  readonly onExit?: (how: { code: number | null; signal: string | null; restartInMs: number }) => void;
  /** Time between SIGTERM and SIGKILL on close; default 10 s. */
  readonly graceMs?: number;
}

export interface Supervisor {
  /** Process id of the present child, or null between two children. */
  pid(): number | null;
  /** Ends the child (SIGTERM, then SIGKILL) and starts no other; resolves when it is gone. */
  close(): Promise<void>;
}

/** Starts the child now. It has no standard input, and writes to this process's standard error only. */
export function superviseNode(options: SuperviseOptions): Supervisor {
  const { command, args, env, onExit, graceMs = 10_000 } = options;
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closing = false;
  let backoffMs = FIRST_BACKOFF_MS;

  function start(): void {
    const startedMs = performance.now();
    const started = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...(env && { env }),
    });
    child = started;
    const gone = (code: number | null, signal: string | null): void => {
      if (child !== started) return;
      child = null;
      if (closing) return;
      if (performance.now() - startedMs > HEALTHY_MS) backoffMs = FIRST_BACKOFF_MS;
      onExit?.({ code, signal, restartInMs: backoffMs });
      timer = setTimeout(start, backoffMs);
      backoffMs = Math.min(MAX_BACKOFF_MS, 2 * backoffMs);
    };
    started.once('exit', gone);
    started.once('error', () => gone(null, null));
  }

  start();
  return {
    pid: () => child?.pid ?? null,
    async close() {
      closing = true;
      if (timer) clearTimeout(timer);
      const last = child;
      if (!last || last.exitCode !== null || last.signalCode !== null) return;
      const ended = new Promise((resolve) => last.once('exit', resolve));
      last.kill('SIGTERM');
      const killer = setTimeout(() => last.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(killer);
    },
  };
}

/**
 * In the child: calls `onGone` once when the supervising process is gone, however it died. No parent, no
 * effect.
 */
export function whenParentGone(onGone: () => void): void {
  if (!process.channel) return;
  process.once('disconnect', onGone);
  process.channel.unref();
}
