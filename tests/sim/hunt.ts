/** Which seed finds a planted bug first. */
import { loadHall, loadMutant } from './load.js';
import type { Mutant } from './mutants.js';
import { scheduleOf } from './schedule.js';
import { simulate } from './world.js';

export interface Catch {
  readonly seed: number;
  readonly fault: string;
}

/** The first of `seeds` whose schedule breaks an invariant under the mutant; null when none does. */
export async function hunt(root: string, mutant: Mutant, seeds: Iterable<number>): Promise<Catch | null> {
  const protocol = await loadMutant(root, mutant);
  for (const seed of seeds) {
    const { faults } = simulate(scheduleOf(seed), protocol);
    if (faults.length > 0) return { seed, fault: faults[0]! };
  }
  return null;
}

/** The same in the world of hall and clients. */
export async function huntInHall(
  root: string,
  mutant: Mutant,
  seeds: Iterable<number>,
): Promise<Catch | null> {
  const { simulateHall } = await loadHall(root, mutant);
  for (const seed of seeds) {
    const { faults } = await simulateHall(seed);
    if (faults.length > 0) return { seed, fault: firstLine(faults[0]!) };
  }
  return null;
}

/** Without the stack of what the hall threw. */
export function firstLine(fault: string): string {
  return fault.split('\n')[0]!;
}

export function* seedsFrom(first: number, count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield first + i;
}
