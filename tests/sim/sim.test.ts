/** A share of `make sim`, every planted bug by the seed that docs/simulation.md names, and the shortener. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readList } from './list.js';
import { loadMutant } from './load.js';
import { MUTANTS } from './mutants.js';
import * as real from './protocol.js';
import { FLAVOURS, scheduleOf } from './schedule.js';
import { shrink } from './shrink.js';
import { simulate } from './world.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const page = readFileSync(`${ROOT}/docs/simulation.md`, 'utf8');

describe('the protocol under seeded schedules', () => {
  it('keeps every promise', () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= 1_000; seed++) {
      const { faults } = simulate(scheduleOf(seed), real);
      broken.push(...faults.map((fault) => `make sim ARGS="--seed ${seed}": ${fault}`));
    }
    expect(broken).toEqual([]);
  });

  it('runs every chunk once where nothing goes wrong', () => {
    for (let seed = FLAVOURS.length; seed <= 50 * FLAVOURS.length; seed += FLAVOURS.length) {
      const schedule = scheduleOf(seed);
      const inputs = schedule.jobs.filter(({ input }) => input !== 'missing').length;
      expect([seed, simulate(schedule, real).executions]).toEqual([seed, inputs * schedule.chunks]);
    }
  });

  it('finishes the work of a machine that vanished', () => {
    for (let seed = FLAVOURS.length; seed <= 100 * FLAVOURS.length; seed += FLAVOURS.length) {
      const strike = { what: 'vanish', atMs: 500, lastMs: 0, who: 0, forever: true } as const;
      const { faults } = simulate({ ...scheduleOf(seed), strikes: [strike], flavour: 'deaths' }, real);
      expect([seed, faults]).toEqual([seed, []]);
    }
  });

  it('takes the same course whenever it is repeated', () => {
    for (let seed = 1; seed <= 50; seed++) {
      expect(simulate(scheduleOf(seed), real)).toEqual(simulate(scheduleOf(seed), real));
    }
  });
});

describe('planted bugs', () => {
  const listed = readList(page, 'router and nodes');

  it('are all in the published list', () => {
    expect(listed.map(({ name }) => name)).toEqual(MUTANTS.map(({ name }) => name));
    expect(listed.length).toBeGreaterThanOrEqual(20);
  });

  it('are each found by the seed in the list, which the true protocol passes', async () => {
    for (const { name, seed, fault } of listed) {
      const protocol = await loadMutant(
        ROOT,
        MUTANTS.find((mutant) => mutant.name === name)!,
      );
      expect([name, simulate(scheduleOf(seed), protocol).faults[0]]).toEqual([name, fault]);
      expect([name, simulate(scheduleOf(seed), real).faults]).toEqual([name, []]);
    }
  });

  it('are told by few events', async () => {
    const { name, seed } = listed.find((bug) => bug.name === 'silence-unnoticed')!;
    const protocol = await loadMutant(
      ROOT,
      MUTANTS.find((mutant) => mutant.name === name)!,
    );
    const { faults, events, eventsBefore } = await shrink(scheduleOf(seed), protocol);
    expect(faults.length).toBeGreaterThan(0);
    expect(events.length).toBe(1);
    expect(eventsBefore).toBeGreaterThanOrEqual(events.length);
    expect(events[0]).toContain('vanish');
  });
});
