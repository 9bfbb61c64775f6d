/** A share of `make sim` for hall and clients; each planted bug by the seed that docs/simulation.md names. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { firstLine } from '../hunt.js';
import { readList } from '../list.js';
import { loadHall } from '../load.js';
import { shorten } from '../shrink.js';
import { simulateHall } from './hall-world.js';
import { HALL_MUTANTS } from './mutants.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
/** The whole list takes `make sim-mutants` a minute. */
const CHECKED_EVERY = 4;
const page = readFileSync(`${ROOT}/docs/simulation.md`, 'utf8');

describe('hall and clients under seeded schedules', () => {
  it('keep every promise', async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 300; seed++) {
      const { faults } = await simulateHall(seed);
      broken.push(...faults.map((fault) => `make sim ARGS="--hall --seed ${seed}": ${fault}`));
    }
    expect(broken).toEqual([]);
  });

  it('take the same course whenever they are repeated', async () => {
    for (let seed = 1; seed <= 14; seed++) expect(await simulateHall(seed)).toEqual(await simulateHall(seed));
  });

  it('crash and restart in most schedules', async () => {
    let crashed = 0;
    for (let seed = 1; seed <= 28; seed++) crashed += Number((await simulateHall(seed)).crashes > 0);
    expect(crashed).toBeGreaterThanOrEqual(14);
  });
});

describe('planted bugs', () => {
  const listed = readList(page, 'hall and clients');

  it('are all in the published list', () => {
    expect(listed.map(({ name }) => name)).toEqual(HALL_MUTANTS.map(({ name }) => name));
  });

  it('can all be planted', () => {
    for (const { name, file, find } of HALL_MUTANTS)
      expect([name, readFileSync(`${ROOT}/src/${file}`, 'utf8').split(find).length]).toEqual([name, 2]);
  });

  it('are found, every fourth of them, by the seed in the list, which the true modules pass', async () => {
    for (const { name, seed, fault } of listed.filter((_, i) => i % CHECKED_EVERY === 0)) {
      const world = await loadHall(
        ROOT,
        HALL_MUTANTS.find((mutant) => mutant.name === name)!,
      );
      const found = (await world.simulateHall(seed)).faults.map(firstLine);
      expect([name, found[0]]).toEqual([name, fault]);
      expect([name, (await simulateHall(seed)).faults]).toEqual([name, []]);
    }
  });

  it('are told by few events', async () => {
    const bug = HALL_MUTANTS.find(({ name }) => name === 'recovery-forgets')!;
    const { seed } = listed.find(({ name }) => name === bug.name)!;
    const world = await loadHall(ROOT, bug);
    const { faults, events } = await shorten(async (only) => (await world.simulateHall(seed, only)).faults);
    expect(faults.length).toBeGreaterThan(0);
    expect(events).toEqual([expect.stringContaining('the service dies')]);
  });
});
