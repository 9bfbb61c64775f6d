/** A pack's jobs end as they would alone: same bytes, own problems, one answer for all; 2 s. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Kind } from '../../src/contract/kind.js';
import type { Pack } from '../../src/contract/ports.js';
import { MmsError } from '../../src/contract/problem.js';
import type { Pool } from '../../src/node/pool.js';
import { createPool } from '../../src/node/pool.js';
import { endsTables, readEnds } from '../../src/wire/pack.js';
import { decodeResult } from '../../src/wire/result.js';
import { settle } from '../../src/wire/settle.js';
import { FIXTURE_KINDS } from '../support/fixture-chunks.js';

const { default: moody } = (await import(new URL('moody/index.js', FIXTURE_KINDS).href)) as { default: Kind };

let pool: Pool;
afterEach(() => pool.close());

const taskOf = (pack: Pack) => {
  return {
    id: 'p',
    kind: 'moody',
    spec: null,
    seed: 0,
    from: 0,
    to: pack.seeds.length,
    limitMs: 60_000,
    inputs: {},
    pack,
  };
};
/** The job alone, by the same arithmetic written once more. */
const alone = (units: number, seed: number) => {
  const unit = Uint32Array.from({ length: units }, (_, i) => i);
  const table = { name: 'rows', rows: units, columns: [unit, Float64Array.from(unit, (u) => seed + u / 8)] };
  return settle(moody, { units }, [[table]], {});
};

describe('a pack in a thread', () => {
  it('gives each job the bytes that it has alone, and each failure to its own job', async () => {
    pool = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    const specs = [{ units: 3 }, { mood: 'throws' }, { units: 1 }, { mood: 'nan' }, { mood: 'no summary' }];
    const pack = { specs, specOf: [0, 1, 2, 3, 0, 4], seeds: [5, 6, 2 ** 53 - 1, 8, 9, 10] };
    const answer = await pool.run(taskOf(pack));
    if (answer.how !== 'done') throw new Error(answer.how);
    const { lengths, bytes, problems } = readEnds(answer.tables, 6);
    const starts = Array.from(lengths, (_, job) => lengths.slice(0, job).reduce((sum, n) => sum + n, 0));
    const of = (job: number) => bytes.slice(starts[job]!, starts[job]! + lengths[job]!);
    for (const [job, units] of [
      [0, 3],
      [2, 1],
      [4, 3],
    ] as const) {
      expect(of(job)).toEqual(alone(units, pack.seeds[job]!).bytes);
      expect(decodeResult(of(job)).digest).toBe(alone(units, pack.seeds[job]!).digest);
    }
    expect([...problems].map(([job, { code, detail }]) => [job, code, detail])).toEqual([
      [1, 'E_JOB', 'Units 0..0 of kind moody failed: no luck with 6'],
      [
        3,
        'E_NONFINITE',
        'Units 0..0 of kind moody gave NaN in column value of table rows, row 1 of the chunk.',
      ],
      [5, 'E_JOB', 'The result: nothing to tell'],
    ]);
  });

  it('stops in the midst of its jobs', async () => {
    pool = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    const running = pool.run(taskOf({ specs: [{}, { mood: 'spins' }], specOf: [0, 1, 0], seeds: [1, 2, 3] }));
    pool.cancel('p');
    expect(await running).toEqual({ how: 'stopped' });
  });

  it('is one crash for all of its jobs', async () => {
    pool = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    const pack = { specs: [{}, { mood: 'crashes' }], specOf: [0, 1], seeds: [1, 2] };
    expect(await pool.run(taskOf(pack))).toMatchObject({ how: 'crash' });
  });
});

describe('readEnds', () => {
  it('refuses tables that are no answer to these jobs', () => {
    pool = createPool({ threads: 1, kindsDir: FIXTURE_KINDS });
    const tables = endsTables(Uint32Array.of(8, 0), new Uint8Array(8), [[1, 'E_JOB', 'why']]);
    expect(readEnds(tables, 2).problems.get(1)).toMatchObject({ code: 'E_JOB', detail: 'why' });
    expect(() => readEnds(tables, 3)).toThrow(MmsError);
    expect(() => readEnds(tables.slice(1), 2)).toThrow(MmsError);
    expect(() =>
      readEnds([tables[0]!, tables[1]!, { ...tables[2]!, columns: [new Uint8Array(3)] }], 2),
    ).toThrow(MmsError);
    expect(() => readEnds(endsTables(Uint32Array.of(8, 0), new Uint8Array(8), []), 2)).toThrow(MmsError);
  });
});
