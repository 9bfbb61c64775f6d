/** The published list of planted bugs: which seed finds each, and by which broken promise. */
import type { Catch } from './hunt.js';
import { HALL_MUTANTS } from './hall/mutants.js';
import { hunt, huntInHall, seedsFrom } from './hunt.js';
import type { Mutant } from './mutants.js';
import { MUTANTS } from './mutants.js';

export interface Hunted {
  readonly mutant: Mutant;
  readonly caught: Catch | null;
}

/** The two simulated worlds. */
export type WorldName = 'router and nodes' | 'hall and clients';

const beginOf = (world: WorldName): string =>
  `<!-- planted bugs of ${world}: written by make sim-mutants ARGS=--write -->`;
const END = '<!-- end of planted bugs -->';

export async function huntAll(root: string, seeds: number): Promise<Hunted[]> {
  const all: Hunted[] = [];
  for (const mutant of MUTANTS) all.push({ mutant, caught: await hunt(root, mutant, seedsFrom(1, seeds)) });
  return all;
}

export async function huntAllOfHall(root: string, seeds: number): Promise<Hunted[]> {
  const all: Hunted[] = [];
  for (const mutant of HALL_MUTANTS)
    all.push({ mutant, caught: await huntInHall(root, mutant, seedsFrom(1, seeds)) });
  return all;
}

/** `page` with the list of one world replaced. */
export function withList(page: string, world: WorldName, hunted: readonly Hunted[]): string {
  const rows = hunted.map(
    ({ mutant, caught }) =>
      `- \`${mutant.name}\` (src/${mutant.file}): ${mutant.breaks}. ` +
      (caught ? `Seed ${caught.seed}: ${caught.fault}` : 'Not found.'),
  );
  const { head, tail } = cut(page, world);
  return `${head}${beginOf(world)}\n\n${rows.join('\n')}\n\n${END}${tail}`;
}

/** The page before, in and after the list of one world. */
function cut(page: string, world: WorldName): { head: string; list: string; tail: string } {
  const begin = beginOf(world);
  const from = page.indexOf(begin);
  const to = page.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`expected ${begin} and ${END} in the page`);
  return {
    head: page.slice(0, from),
    list: page.slice(from + begin.length, to),
    tail: page.slice(to + END.length),
  };
}

/** Name, seed and fault of each line of the list that tells of a found bug. */
export function readList(page: string, world: WorldName): { name: string; seed: number; fault: string }[] {
  const lines = cut(page, world).list.matchAll(/^- `([a-z-]+)` \(src\/[^)]+\): .*?\. Seed (\d+): (.*)$/gm);
  return [...lines].map(([, name, seed, fault]) => ({ name: name!, seed: Number(seed), fault: fault! }));
}
