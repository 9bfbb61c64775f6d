/** The hall's clock for retention: asks the store for slices until nothing is due, and looks again later. */
import type { Clock, JobStore, Meter } from '../contract/ports.js';
import type { Removal, RetentionRules } from '../contract/retention.js';
import type { Later } from './deadlines.js';

/** Shortest pause between two sweeps. */
const PAUSE_MS = 10_000;
/** A sweep that took long is followed by a pause of so many times as long: most of the time is the jobs'. */
const PAUSE_RATIO = 10;

export interface RetentionParts {
  readonly store: JobStore;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly later: Later;
  /** Asked at every sweep: they may change. */
  readonly rules: RetentionRules;
  /** Whatever is remembered of what is gone must go as well. */
  readonly forget: (removed: Removal['removed']) => void;
}

/** Begins at once; returns what ends it. A fault of the store ends it too, which the store tells itself. */
export function startRetention(parts: RetentionParts): () => void {
  const { store, clock, meter, later, rules, forget } = parts;
  let isOver = false;
  let stopTimer: () => void = () => undefined;

  async function sweep(): Promise<void> {
    const startedMs = clock.monotonicMs();
    const isDue = Object.values(rules).some((rule) => rule !== null);
    for (let more = isDue; more && !isOver;) {
      const slice = await store.prune(rules, clock.nowMs());
      more = slice.more;
      forget(slice.removed);
      for (const [reason, jobs] of Object.entries(slice.counts))
        if (jobs > 0) meter.count('mms_jobs_removed_total', { reason }, jobs);
    }
    const tookMs = clock.monotonicMs() - startedMs;
    if (!isOver) stopTimer = later(Math.max(PAUSE_MS, PAUSE_RATIO * tookMs), begin);
  }
  function begin(): void {
    sweep().catch(() => undefined);
  }

  begin();
  return () => {
    isOver = true;
    stopTimer();
  };
}
