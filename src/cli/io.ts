/** The command's surroundings: results go to `out`, talk goes to `talk`; tests give their own. */
import process from 'node:process';

export interface Io {
  /** Writes to stdout. */
  out(text: string): void;
  /** Writes to stderr. */
  talk(text: string): void;
  readonly outIsTerminal: boolean;
  readonly talkIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls back on Ctrl-C; returns the unsubscriber. */
  onInterrupt(listener: () => void): () => void;
}

/** The real surroundings; the environment comes from main.ts, where all of it enters. */
export function processIo(env: Io['env']): Io {
  // A reader that has seen enough (head, less) closes the pipe: that ends the program quietly, like cat.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    talk: (text) => void process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY === true,
    talkIsTerminal: process.stderr.isTTY === true,
    env,
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      return () => void process.off('SIGINT', listener);
    },
  };
}
