/** Progress on stderr: a bar where a person looks at it, else a line every ten seconds. */
import type { Io } from './io.js';

export interface Progress {
  /** `done` is 0..1. */
  update(done: number): void;
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };
const LINE_S = 10;

/** The bar's package is loaded only on a terminal. */
export async function createProgress(label: string, io: Io, quiet: boolean): Promise<Progress> {
  if (quiet) return SILENT;
  if (!io.talkIsTerminal) return createLines(label, io);
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const bar = new SingleBar(
    { format: `${label} {bar} {share} | ETA {eta_formatted}`, hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(1000, 0, { share: percent(0) });
  return {
    update: (done) => bar.update(Math.round(done * 1000), { share: percent(done) }),
    stop: () => bar.stop(),
  };
}

function createLines(label: string, io: Io): Progress {
  let share = 0;
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += LINE_S;
    io.talk(`${label} ${percent(share)} after ${seconds} s\n`);
  }, LINE_S * 1000);
  timer.unref();
  return { update: (done) => void (share = done), stop: () => clearInterval(timer) };
}

/** Never more than is done; one decimal below 1 %, so that a long job is seen to move. */
export function percent(done: number): string {
  return done < 0.01 && done > 0
    ? `${(Math.floor(done * 1000) / 10).toFixed(1)}%`
    : `${Math.floor(done * 100)}%`;
}
