/** A sweep as it goes: one line that is drawn again where a person looks, else a line every ten seconds. */
import type { SweepView } from '../contract/sweep.js';
import { formatNumber, formatSeconds } from '../report/format.js';
import type { Io } from './io.js';

export interface SweepProgress {
  update(view: SweepView): void;
  stop(): void;
}

const SILENT: SweepProgress = { update: () => undefined, stop: () => undefined };
const LINE_MS = 10_000;

/** "1,312/2,000 65 % · 214 cells/s · ETA 3 s · 0 failed · 2 threads". */
export function sweepStatus(view: SweepView): string {
  const { plan, cellsDone, cellsFailed, progress, jobsPerS, etaS, threads } = view;
  const rate = jobsPerS === null ? '–' : formatNumber(Number((jobsPerS / plan.repeats).toPrecision(3)), 3);
  const eta = etaS === null ? '–' : etaText(Math.ceil(etaS));
  return [
    `${whole(cellsDone + cellsFailed)}/${whole(plan.cells)} ${Math.floor(progress * 100)} %`,
    `${rate} cells/s`,
    `ETA ${eta}`,
    `${whole(cellsFailed)} failed`,
    `${threads} ${threads === 1 ? 'thread' : 'threads'}`,
  ].join(' · ');
}

const etaText = (s: number): string => (s < 120 ? `${s} s` : formatSeconds(s));
const whole = (value: number): string => formatNumber(value);

/** The bar's package is loaded only on a terminal. */
export async function createSweepProgress(label: string, io: Io, quiet: boolean): Promise<SweepProgress> {
  if (quiet) return SILENT;
  if (!io.talkIsTerminal) return createLines(label, io);
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const bar = new SingleBar(
    { format: `${label} {bar} {status}`, hideCursor: true, clearOnComplete: true, barsize: 24 },
    Presets.shades_classic,
  );
  bar.start(1_000, 0, { status: '' });
  return {
    update: (view) => bar.update(Math.floor(view.progress * 1_000), { status: sweepStatus(view) }),
    stop: () => bar.stop(),
  };
}

/** The first line comes with the first result, so that a person knows that it goes on. */
function createLines(label: string, io: Io): SweepProgress {
  let last: SweepView | null = null;
  const tell = (): void => void (last && io.talk(`${label} ${sweepStatus(last)}\n`));
  const timer = setInterval(tell, LINE_MS);
  timer.unref();
  return {
    update(view) {
      const isFirst = (last?.jobs.done ?? 0) === 0 && view.jobs.done > 0 && view.state === 'running';
      last = view;
      if (isFirst) tell();
    },
    stop: () => clearInterval(timer),
  };
}
