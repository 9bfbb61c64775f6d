/** A progress bar on stderr, only where a person looks at it. */
import type { Io } from './io.js';

export interface Progress {
  /** `done` is 0..1. */
  update(done: number): void;
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** The bar's package is loaded only on a terminal. */
export async function createProgress(label: string, io: Io, quiet: boolean): Promise<Progress> {
  if (quiet || !io.talkIsTerminal) return SILENT;
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const bar = new SingleBar(
    { format: `${label} {bar} {percentage}% | ETA {eta_formatted}`, hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(1000, 0);
  return { update: (done) => bar.update(Math.round(done * 1000)), stop: () => bar.stop() };
}
