/** `mms run FILE --watch`: runs again whenever a file beside the strategy is saved, until Ctrl-C. */
import { watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { badInput, EXIT, tellFailure } from './exit.js';
import type { Io } from './io.js';
import { isStrategyFile } from './strategy-file.js';

/** Editors write a file in several steps; this much silence ends them. */
const SETTLE_MS = 100;

/**
 * `once` runs one command line. A failed run is told and waits for the next save. Resolves with the exit code
 * of an interrupt.
 */
export async function watchAndRun(
  args: readonly string[],
  io: Io,
  once: (args: readonly string[]) => Promise<number>,
): Promise<number> {
  const file = args.find(isStrategyFile);
  if (file === undefined)
    throw badInput('--watch: Expected a strategy file, e.g. mms run ./my.ts --watch; got none.');
  const keepsReport = args.some(
    (arg) => arg === '--report' || arg.startsWith('--report=') || arg === '--out',
  );
  const line = keepsReport ? args : [...args, '--no-report'];
  const saves = createSaves(dirname(resolve(file)));
  let wake: () => void = () => undefined;
  let ended = false;
  const forget = io.onInterrupt(() => {
    ended = true;
    wake();
  });
  try {
    while (!ended) {
      saves.forget();
      const code = await once(line).catch((error: unknown) => tellFailure(io, error));
      if (ended || code === EXIT.interrupted) break;
      io.talk(`Watching ${file}; save it to run again, Ctrl-C ends.\n`);
      await Promise.race([saves.next(), new Promise<void>((done) => (wake = done))]);
    }
    return EXIT.interrupted;
  } finally {
    forget();
    saves.close();
  }
}

interface Saves {
  /** Resolves when a script of the folder was saved since forget(). */
  next(): Promise<void>;
  forget(): void;
  close(): void;
}

function createSaves(folder: string): Saves {
  let saved = false;
  let told: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, (_event, name) => {
    if (name === null || !isStrategyFile(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      saved = true;
      told();
    }, SETTLE_MS);
  });
  return {
    next: () => (saved ? Promise.resolve() : new Promise((done) => (told = done))),
    forget: () => void (saved = false),
    close: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
