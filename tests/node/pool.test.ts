/** The pool alone: what the other tests of threads cannot see. */
import { afterEach, describe, expect, it } from 'vitest';
import { CONTROL_CANCEL, CONTROL_PROGRESS, CONTROL_SLOTS as KERNEL_SLOTS } from '../../src/core/control.js';
import type { Pool } from '../../src/node/pool.js';
import { createPool } from '../../src/node/pool.js';
import { CONTROL_SLOTS, SLOT_CANCEL, SLOT_PROGRESS } from '../../src/node/thread-task.js';
import { FIXTURE_KINDS } from '../support/fixture-chunks.js';

let pool: Pool | null = null;
afterEach(() => pool?.close());

const task = (id: string, kind: string, spec: object = {}) => ({
  id,
  kind,
  spec,
  seed: 1,
  from: 0,
  to: 2,
  limitMs: Infinity,
  inputs: {},
});

describe('createPool', () => {
  it('shares its slots with core/control.ts', () => {
    expect([SLOT_CANCEL, SLOT_PROGRESS, CONTROL_SLOTS]).toEqual([
      CONTROL_CANCEL,
      CONTROL_PROGRESS,
      KERNEL_SLOTS,
    ]);
  });

  it('lists the kinds of its folder, none when there is no such folder', () => {
    const fixtures = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    expect(fixtures.kinds).toEqual(['crash', 'deaf', 'echo', 'moody', 'nan', 'spin', 'throws']);
    expect(createPool({ threads: 1, kindsDir: new URL('none/', FIXTURE_KINDS) }).kinds).toEqual([]);
  });

  it('takes back a task that waits, and lets one that runs go on', async () => {
    pool = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    const first = pool.run(task('first', 'echo', { ms: 100 }));
    const second = pool.run(task('second', 'echo'));
    while (pool.progress().length === 0) await new Promise((resolve) => setImmediate(resolve));
    pool.withdraw('first');
    pool.withdraw('second');
    expect([(await first).how, (await second).how]).toEqual(['done', 'stopped']);
  });

  it('stops what computes longer than it may, by its flag or with its thread, and spares its neighbour', async () => {
    pool = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    for (const kind of ['spin', 'deaf']) {
      const endless = pool.run({ ...task(kind, kind), limitMs: 150 });
      const neighbour = pool.run(task(`beside ${kind}`, 'echo'));
      expect(await endless).toMatchObject({
        how: 'error',
        problem: { code: 'E_TIMEOUT', detail: expect.stringContaining(`0..1 of kind ${kind}`) },
      });
      expect((await neighbour).how).toBe('done');
    }
  });

  it('answers stopped for whatever runs when it is closed', async () => {
    pool = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    const running = pool.run(task('spin', 'spin'));
    while (pool.progress().length === 0) await new Promise((resolve) => setImmediate(resolve));
    await pool.close();
    expect(await running).toEqual({ how: 'stopped' });
    expect(await pool.run(task('late', 'echo'))).toEqual({ how: 'stopped' });
  });

  it('says that a kind cannot be loaded instead of waiting for ever', async () => {
    pool = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    expect(await pool.run(task('x', 'nowhere'))).toMatchObject({ how: 'error', problem: { code: 'E_JOB' } });
  });

  it('refuses a second task of the same id', async () => {
    pool = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    const one = pool.run(task('same', 'echo'));
    await expect(pool.run(task('same', 'echo'))).rejects.toThrow(/already in the pool/);
    expect((await one).how).toBe('done');
  });
});
