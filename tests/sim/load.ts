/** The simulated modules with one planted bug. */
import { loadPlanted } from '../support/plant.js';
import type { simulateHall } from './hall/hall-world.js';
import type { Mutant } from './mutants.js';
import type { Protocol } from './sim-node.js';

/** `root` is the folder of the project. Throws when the text to change does not occur exactly once. */
export function loadMutant(root: string, mutant: Mutant): Promise<Protocol> {
  return loadPlanted<Protocol>(root, mutant, 'tests/sim/protocol.ts');
}

/** The world of hall and clients over modules with the bug. */
export function loadHall(root: string, mutant: Mutant): Promise<{ simulateHall: typeof simulateHall }> {
  return loadPlanted(root, mutant, 'tests/sim/hall/hall-world.ts');
}
