/** Stopping: the first signal closes the parts in order and exits 0, a second one exits at once. */
import type { EventEmitter } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Log } from './log.js';

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

export interface StopOptions {
  /** Where signals arrive: the process, or an emitter in a test. */
  readonly signals: EventEmitter;
  /** Closed in this order, each after the one before: first what takes work in, last what stores it. */
  readonly steps: readonly { readonly name: string; run(): void | Promise<void> }[];
  /** All steps together; beyond it the process exits 1, and what was unfinished runs after the next start. */
  readonly graceMs: number;
  readonly log: Log;
  readonly exit: (code: number) => void;
}

/**
 * Returns a function that stops without a signal (the fault of a part); `code` is the exit code after it.
 * A step that throws is logged and the next one runs, so that a broken part cannot keep the store open.
 */
export function installStop(options: StopOptions): (why: string, code: number) => Promise<void> {
  const { signals, log, exit } = options;
  let stopping: Promise<void> | null = null;
  const stop = (why: string, code: number): Promise<void> => (stopping ??= runSteps(options, why, code));
  for (const [signal, number] of Object.entries(SIGNALS)) {
    signals.on(signal, () => {
      if (stopping) {
        log.warn({ signal }, 'second signal: leaving at once');
        exit(128 + number);
      } else {
        void stop(signal, 0);
      }
    });
  }
  return stop;
}

async function runSteps(
  { steps, graceMs, log, exit }: StopOptions,
  why: string,
  code: number,
): Promise<void> {
  log.info({ why }, 'stopping');
  let worst = code;
  const late = setTimeout(() => {
    log.error({ graceMs }, 'stopping took longer than the grace time');
    exit(1);
  }, graceMs);
  for (const step of steps) {
    try {
      await step.run();
    } catch (error) {
      worst = 1;
      log.error({ err: error, step: step.name }, 'a part did not close');
    }
  }
  clearTimeout(late);
  log.info({ code: worst }, 'stopped');
  exit(worst);
}

/** SIGHUP asks to read the configuration again, or tells that the terminal is gone: then the process ends. */
export function onHangUp(readAgain: () => void): void {
  const inTerminal = process.stdin.isTTY;
  process.on('SIGHUP', () => {
    if (inTerminal && !existsTerminal()) process.kill(process.pid, 'SIGTERM');
    else readAgain();
  });
}

function existsTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
