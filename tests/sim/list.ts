/** The published list of planted bugs: which seed finds each, and by which broken promise. */
import type { Catch } from './hunt.js';
import { hunt, seedsFrom } from './hunt.js';
import type { Mutant } from './mutants.js';
import { MUTANTS } from './mutants.js';

export interface Hunted {
  readonly mutant: Mutant;
  readonly caught: Catch | null;
}

const BEGIN = '<!-- planted bugs: written by make sim-mutants ARGS=--write -->';
const END = '<!-- end of planted bugs -->';

export async function huntAll(root: string, seeds: number): Promise<Hunted[]> {
  const all: Hunted[] = [];
  for (const mutant of MUTANTS) all.push({ mutant, caught: await hunt(root, mutant, seedsFrom(1, seeds)) });
  return all;
}

/** `page` with its list replaced. */
export function withList(page: string, hunted: readonly Hunted[]): string {
  const rows = hunted.map(
    ({ mutant, caught }) =>
      `- \`${mutant.name}\` (src/${mutant.file}): ${mutant.breaks}. ` +
      (caught ? `Seed ${caught.seed}: ${caught.fault}` : 'Not found.'),
  );
  const [head, rest] = page.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined) throw new Error(`expected ${BEGIN} and ${END} in the page`);
  return `${head}${BEGIN}\n\n${rows.join('\n')}\n\n${END}${tail}`;
}

/** Name, seed and fault of each line of the list that tells of a found bug. */
export function readList(page: string): { name: string; seed: number; fault: string }[] {
  const lines = page.matchAll(/^- `([a-z-]+)` \(src\/[^)]+\): .*?\. Seed (\d+): (.*)$/gm);
  return [...lines].map(([, name, seed, fault]) => ({ name: name!, seed: Number(seed), fault: fault! }));
}
