/**
 * Shortens the list of a schedule's faults to some that are needed for it to fail (delta debugging, Zeller
 * & Hildebrandt 2002, without the complement step): halves, quarters and so on down to single faults are
 * left out while the schedule still fails.
 */
import { Faults } from './faults.js';
import type { Schedule } from './schedule.js';
import type { Protocol } from './sim-node.js';
import { simulate } from './world.js';

export interface Shrunk {
  readonly faults: readonly string[];
  /** Network and machine faults that remain, in the order in which they happened. */
  readonly events: readonly string[];
  readonly eventsBefore: number;
}

/** What a schedule breaks when only these of its faults happen. */
export type Run = (faults: Faults) => readonly string[] | Promise<readonly string[]>;

export function shrink(schedule: Schedule, protocol: Protocol): Promise<Shrunk> {
  return shorten((faults) => simulate(schedule, protocol, faults).faults);
}

/** Runs at most `maxRuns` schedules. */
export async function shorten(run: Run, maxRuns = 600): Promise<Shrunk> {
  const without = new Set<number>();
  let { taken, faults } = await attempt(run, without);
  const eventsBefore = taken.size;
  let runs = 0;
  for (let size = Math.ceil(taken.size / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    const ids = [...taken.keys()];
    for (let at = 0; at < ids.length && runs < maxRuns; at += size) {
      const more = new Set([...without, ...ids.slice(at, at + size)]);
      const shorter = await attempt(run, more);
      runs++;
      if (shorter.faults.length === 0) continue;
      for (const id of more) without.add(id);
      ({ taken, faults } = shorter);
    }
  }
  return { faults, events: [...taken.values()], eventsBefore };
}

async function attempt(
  run: Run,
  without: ReadonlySet<number>,
): Promise<{ taken: Map<number, string>; faults: readonly string[] }> {
  const taken = new Map<number, string>();
  const faults = await run(new Faults(without, taken));
  return { taken, faults };
}
