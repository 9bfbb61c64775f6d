/** Thousands of seeded schedules of the real router and node steps: every chunk gets its one true end. */
import { describe, expect, it } from 'vitest';
import type { Fate, Outcome, World } from '../support/protocol-sim.js';
import { JOBS, seeded, simulate } from '../support/protocol-sim.js';

const CHUNKS = 12;
const withKill: Fate[] = [...Array<Fate>(16).fill('ok'), 'error', 'crash', 'kill'];
const calm = { drop: 0, double: 0, delayMs: 0, deaths: 0, pauses: 0, cancels: 0 };

/** Every broken promise of one schedule, as sentences that begin with the seed. */
function broken(world: World, outcome: Outcome): string[] {
  const faults = [...outcome.faults];
  for (const [key, n] of outcome.mismatches) {
    if (!world.broken || outcome.executions.get(key) === 1)
      faults.push(`${key}: ${n} answers called different`);
  }
  JOBS.forEach((job, i) => {
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const end = outcome.ends.get(`${job}/${chunk}`);
      if (!end) {
        if (i >= world.cancels) faults.push(`${job}/${chunk} never ended`);
        continue;
      }
      const fair = ['done ok', 'E_JOB error', 'E_POISON crash', 'E_POISON kill'].includes(end.end);
      if (!fair) faults.push(`${job}/${chunk} ended as ${end.end} after ${end.attempts} attempts`);
      if (end.end.startsWith('E_POISON') && end.attempts < 3)
        faults.push(`${job}/${chunk} was given up early`);
    }
  });
  return faults.map((fault) => `seed ${world.seed}: ${fault}`);
}

describe('router and nodes under seeded schedules', () => {
  it('give every chunk one end while messages are lost, doubled, reordered and nodes die or pause', () => {
    const faults: string[] = [];
    for (let seed = 1; seed <= 3_000; seed++) {
      const random = seeded(seed);
      const world: World = {
        seed,
        drop: random() < 0.3 ? 0 : random() * 0.3,
        double: random() * 0.2,
        delayMs: random() < 0.3 ? 1 : random() * 400,
        deaths: Math.floor(random() * 4),
        pauses: Math.floor(random() * 4),
        cancels: Math.floor(random() * 3),
        fates: seed % 4 ? ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'error', 'crash'] : withKill,
      };
      faults.push(...broken(world, simulate(world)));
    }
    expect(faults.slice(0, 10)).toEqual([]);
  });

  it('never blame a chunk for what its neighbours did', () => {
    const faults: string[] = [];
    for (let seed = 1; seed <= 300; seed++) {
      const world: World = { ...calm, seed, fates: ['ok', 'ok', 'ok', 'ok', 'error', 'crash', 'kill'] };
      faults.push(...broken(world, simulate(world)));
    }
    expect(faults.slice(0, 10)).toEqual([]);
  });

  it('notice every second result that differs from the accepted one, and keep that', () => {
    const faults: string[] = [];
    let mismatches = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const hard = { drop: 0.2, double: 0.2, delayMs: 300, deaths: 0, pauses: 3, cancels: 0 };
      const world: World = { ...hard, seed, fates: ['ok'], broken: true };
      const outcome = simulate(world);
      faults.push(...broken(world, outcome));
      mismatches += outcome.mismatches.size;
    }
    expect(faults.slice(0, 10)).toEqual([]);
    expect(mismatches).toBeGreaterThan(100);
  });

  it('run every chunk exactly once where nothing goes wrong', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { executions, ends } = simulate({ ...calm, seed, fates: ['ok'] });
      expect([...executions.values()].every((n) => n === 1)).toBe(true);
      expect([...ends.values()].every(({ attempts }) => attempts === 1)).toBe(true);
      expect(ends.size).toBe(JOBS.length * CHUNKS);
    }
  });

  it('notice a dead node and finish its work elsewhere within four seconds', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { endMs, faults } = simulate({ ...calm, seed, deaths: 1, fates: ['ok'] });
      expect(faults).toEqual([]);
      expect(endMs).toBeLessThan(10_000);
    }
  });
});
