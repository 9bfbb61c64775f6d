/** The real hall over a simulated disk: what clients were told outlives crashes; planted bugs are found. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPlanted } from '../../support/plant.js';
import { simulateHall } from './hall-world.js';
import { HALL_MUTANTS } from './mutants.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** The first seed up to `seeds` that breaks a promise, and which. */
async function firstFault(simulate: typeof simulateHall, seeds: number): Promise<string | null> {
  for (let seed = 1; seed <= seeds; seed++) {
    const [fault] = (await simulate(seed)).faults;
    if (fault !== undefined) return `seed ${seed}: ${fault}`;
  }
  return null;
}

describe('the hall under seeded schedules', () => {
  it('keeps every promise to its clients', async () => {
    expect(await firstFault(simulateHall, 150)).toBeNull();
  });

  it('takes the same course whenever it is repeated', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const first = await simulateHall(seed);
      expect(await simulateHall(seed)).toEqual(first);
    }
  });

  it('crashes and restarts in most schedules', async () => {
    let crashed = 0;
    for (let seed = 1; seed <= 20; seed++) crashed += Number((await simulateHall(seed)).crashes > 0);
    expect(crashed).toBeGreaterThanOrEqual(10);
  });

  it.each(HALL_MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    'finds the planted bug %s within 50 schedules',
    async (_, mutant) => {
      const world = await loadPlanted<{ simulateHall: typeof simulateHall }>(
        ROOT,
        mutant,
        'tests/sim/hall/hall-world.ts',
      );
      expect(await firstFault(world.simulateHall, 50)).not.toBeNull();
    },
  );
});
