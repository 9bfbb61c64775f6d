/** The SQLite store: durable under kill -9 and a full disk, and clear words for files it cannot use. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { memberId, type BatchRecord } from '../../src/contract/batch.js';
import type { JobStore, Meter } from '../../src/contract/ports.js';
import { toBatchRow } from '../../src/store/sqlite/batch-rows.js';
import { connect, loadAddon, requireDurable } from '../../src/store/sqlite/database.js';
import { MIGRATIONS } from '../../src/store/sqlite/migrations.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { verifyStore } from '../../src/store/sqlite/verify.js';
import { describeJobStore, endOfState, recordOf, resultBytes } from './job-store.conformance.js';

const folder = mkdtempSync(join(tmpdir(), 'mms-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = () => join(folder, `${files++}`, 'mms.db');
const counted = new Map<string, number>();
const meter: Meter = {
  count: (name) => void counted.set(name, (counted.get(name) ?? 0) + 1),
  gauge: () => {},
  observe: (name) => void counted.set(name, (counted.get(name) ?? 0) + 1),
};
const open = (path: string) => openSqliteStore({ path, meter });
const withStore = async <T>(path: string, work: (store: JobStore) => Promise<T>): Promise<T> => {
  const store = await open(path);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};
const childScript = (body: string) => `
  import { openSqliteStore } from ${JSON.stringify(new URL('../../dist/store/sqlite/open.js', import.meta.url).href)};
  const meter = { count() {}, gauge() {}, observe() {} };
  ${body}`;
/** A process of its own with the compiled store. */
const child = (body: string) =>
  spawn(process.execPath, ['--input-type=module', '-e', childScript(body)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });

const BATCH_OF_TWO: BatchRecord = {
  id: '01TEST1111111111111111X000',
  createdMs: 5,
  idempotencyKey: null,
  requestHash: null,
  gathered: false,
  groups: [{ kind: 'toy', kindVersion: 1, spec: {}, inputs: {}, units: 1, priority: 5 }],
  groupOf: [0, 0],
  seeds: [1, 2],
  keys: ['11'.repeat(32), '22'.repeat(32)],
};

describeJobStore('sqlite', () => open(newPath()));

describe('a file of version 1', () => {
  it('keeps its jobs, goes on with their order and takes batches', async () => {
    const path = newPath();
    mkdirSync(join(path, '..'), { recursive: true });
    const old = new Sqlite(path);
    old.pragma('journal_mode = WAL');
    old.exec(MIGRATIONS[0]!);
    old.pragma('user_version = 1');
    const insert =
      old.prepare(`INSERT INTO jobs (id, kind, kind_version, spec, seed, key, inputs, units, priority, created_ms)
      VALUES (?, 'toy', 1, '{}', 7, ?, '{}', 1, 5, 1)`);
    const key = 'ab'.repeat(32);
    insert.run('A', key);
    insert.run('B', 'cd'.repeat(32));
    old.exec(`UPDATE jobs SET state = 'done', finished_ms = 2, digest = 'd' WHERE id = 'A'`);
    const bytes = resultBytes(3);
    const sum = createHash('sha256').update(bytes).digest('hex');
    old.prepare('INSERT INTO results VALUES (?, ?, ?)').run(key, sum, bytes);
    old.close();
    await withStore(path, async (store) => {
      expect(await store.unfinished()).toMatchObject([{ record: { id: 'B' }, state: 'queued' }]);
      expect(store.mayHoldResult(key)).toBe(true);
      expect(store.mayHoldResult('ef'.repeat(32))).toBe(false);
      expect(Buffer.from((await store.resultByKey(key))!).equals(bytes)).toBe(true);
      await store.acceptBatch(BATCH_OF_TWO);
      await store.accept(recordOf('C'));
    });
    await withStore(path, async (store) => {
      const ids = (await store.list({ limit: 9 })).map(({ record }) => record.id);
      expect(ids).toEqual(['C', ...[1, 0].map((n) => memberId(BATCH_OF_TWO.id, n)), 'B', 'A']);
      await store.finishBatch(BATCH_OF_TWO.id, [
        {
          first: 0,
          jobs: 1,
          state: 'done',
          startedMs: 1,
          finishedMs: 2,
          attempts: 1,
          problem: null,
          results: { lengths: Uint32Array.of(bytes.byteLength), bytes },
        },
      ]);
    });
    await withStore(path, async (store) => {
      expect(Buffer.from((await store.resultByKey(BATCH_OF_TWO.keys[0]!))!).equals(bytes)).toBe(true);
    });
    const db = await connect(path, 'write');
    expect(() => db.exec(`UPDATE ends SET state = 'failed'`)).toThrow(/never changes/);
    expect(() => db.exec(`UPDATE ends SET bytes = x'00'`)).toThrow(/never changes/);
    db.close();
    expect(await verifyStore(path)).toMatchObject({ jobs: 5, unfinishedJobs: 3, results: 2 });
    const bent = new Sqlite(path);
    bent.exec(`DROP TRIGGER ends_are_final; UPDATE ends SET bytes = zeroblob(length(bytes))`);
    bent.close();
    await expect(verifyStore(path)).rejects.toThrow(/range .*\/0 in ends are not those that were written/);
    const before = counted.get('mms_result_hash_mismatch_total') ?? 0;
    await withStore(path, async (store) => {
      expect(await store.resultOf(memberId(BATCH_OF_TWO.id, 0))).toBeNull();
    });
    expect(counted.get('mms_result_hash_mismatch_total')).toBe(before + 1);
    counted.delete('mms_result_hash_mismatch_total');
  });
});

describe('a file of version 2', () => {
  it('keeps its batches as what they were', async () => {
    const path = newPath();
    mkdirSync(join(path, '..'), { recursive: true });
    const old = new Sqlite(path);
    old.pragma('journal_mode = WAL');
    for (const step of MIGRATIONS.slice(0, 2)) old.exec(step);
    old.pragma('user_version = 2');
    const { members } = toBatchRow(BATCH_OF_TWO);
    old
      .prepare(
        `INSERT INTO batches (seq, id, jobs, open, created_ms, kinds, inputs, groups, members)
          VALUES (1, ?, 2, 2, 5, ',toy,', '[]', ?, ?)`,
      )
      .run(BATCH_OF_TWO.id, JSON.stringify(BATCH_OF_TWO.groups), members);
    old.close();
    await withStore(path, async (store) => {
      expect((await store.loadBatch(BATCH_OF_TWO.id))!.record).toEqual(BATCH_OF_TWO);
      const gathered = { ...BATCH_OF_TWO, id: '01TEST1111111111111111Y000', gathered: true };
      await store.acceptBatch(gathered);
      expect((await store.loadBatch(gathered.id))!.record).toEqual(gathered);
    });
    expect(await verifyStore(path)).toMatchObject({ jobs: 4, unfinishedJobs: 4, results: 0 });
  });
});

describe('durability', () => {
  it('finds an accepted job again after kill -9 in the moment of the answer', async () => {
    const path = newPath();
    const record = recordOf('A', { idempotencyKey: 'i', requestHash: 'h' });
    const process = child(`
      const store = await openSqliteStore({ path: ${JSON.stringify(path)}, meter });
      await store.accept(${JSON.stringify(record)});
      process.stdout.write('accepted');
      setInterval(() => {}, 1000);`);
    await once(process.stdout!, 'data');
    process.kill('SIGKILL');
    await once(process, 'exit');
    await withStore(path, async (store) => {
      expect(await store.unfinished()).toMatchObject([{ record, state: 'queued' }]);
    });
  });

  it('runs with synchronous=FULL in WAL, before and after the first write and after reopening', async () => {
    const path = newPath();
    for (let round = 0; round < 2; round++) {
      await withStore(path, (store) => store.accept(recordOf(`R${round}`)));
      for (const mode of ['write', 'read'] as const) {
        const db = await connect(path, mode);
        if (mode === 'write') db.exec(`UPDATE jobs SET units = units + 1`);
        expect(db.pragma('synchronous', { simple: true })).toBe(2);
        expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
        db.close();
      }
    }
    const careless = new Sqlite(path);
    careless.exec('UPDATE jobs SET units = 1');
    expect(() => requireDurable(careless, path)).toThrow(
      /Expected synchronous=2, journal_mode=wal.*got synchronous=1/,
    );
    careless.close();
  });

  it('keeps ends, results and inputs over a reopening', async () => {
    const path = newPath();
    const input = {
      digest: 'x'.repeat(64),
      tables: [{ name: 'r', rows: 1, columns: [Int32Array.of(7)] }],
      notes: [],
    };
    await withStore(path, async (store) => {
      await Promise.all([store.put(input), store.accept(recordOf('A', { inputs: { day: input.digest } }))]);
      await store.accept(recordOf('B'));
      await store.finish('B', endOfState('done'), resultBytes(5));
    });
    await withStore(path, async (store) => {
      expect(await store.get(input.digest)).toEqual(input);
      expect((await store.load('B'))!.end).toEqual(endOfState('done'));
      expect(Buffer.from((await store.resultByKey(recordOf('B').key))!).equals(resultBytes(5))).toBe(true);
    });
    expect(counted.get('mms_store_commit_seconds')).toBeGreaterThan(2);
  });

  it('forbids a change of a terminal row to SQL itself, and an unknown state', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      await store.accept(recordOf('A'));
      await store.accept(recordOf('B'));
      await store.finish('A', endOfState('cancelled'), null);
    });
    const db = await connect(path, 'write');
    expect(() => db.exec(`UPDATE jobs SET state = 'done', digest = 'd' WHERE id = 'A'`)).toThrow(
      /never changes/,
    );
    expect(() => db.exec(`UPDATE jobs SET state = 'lost' WHERE id = 'B'`)).toThrow(/CHECK/);
    expect(() => db.exec(`UPDATE jobs SET state = 'done' WHERE id = 'B'`)).toThrow(/CHECK/);
    db.close();
  });

  it('gives no result back in which a bit was flipped', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      await store.accept(recordOf('A'));
      await store.finish('A', endOfState('done'), resultBytes(5));
    });
    const db = await connect(path, 'write');
    const bytes = resultBytes(5);
    bytes[bytes.length - 1]! ^= 1;
    db.prepare('UPDATE results SET bytes = ?').run(bytes);
    db.close();
    await withStore(path, async (store) => expect(await store.resultByKey(recordOf('A').key)).toBeNull());
    expect(counted.get('mms_result_hash_mismatch_total')).toBe(1);
  });
});

describe('a commit that fails', () => {
  it('is a fault for good: nothing more is accepted, reads go on, and all that was acknowledged is there', async () => {
    const path = newPath();
    // The process may not write files beyond 400 KiB, and survives the signal: the disk is full for SQLite.
    const script = join(folder, 'full.mjs');
    writeFileSync(
      script,
      childScript(`
        const store = await openSqliteStore({ path: ${JSON.stringify(path)}, meter });
        const record = ${JSON.stringify(recordOf('A'))};
        const acked = [];
        let refusal = null;
        for (let i = 0; refusal === null; i++) {
          const id = 'J' + i;
          const work = [store.accept({ ...record, id }), store.put({ digest: id, tables: [table(i)], notes: [] })];
          await Promise.all(work).then(() => acked.push(id), (error) => (refusal = error.message));
        }
        function table(i) {
          return { name: 't', rows: 2000, columns: [new Float64Array(2000).fill(i)] };
        }
        const later = await store.accept({ ...record, id: 'later' }).catch((error) => error.message);
        const listed = (await store.list({ limit: 1000 })).map(({ record }) => record.id).reverse();
        process.stdout.write(JSON.stringify({ acked, refusal, later, fault: store.fault(), listed }));
        await store.close();`),
    );
    const command = `trap '' XFSZ; ulimit -f 400; exec "$0" "$1"`;
    const answer = execFileSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' });
    const { acked, refusal, later, fault, listed } = JSON.parse(answer);
    expect(acked.length).toBeGreaterThan(3);
    expect(fault).toContain(`The store ${path} cannot be used`);
    expect([refusal, later]).toEqual([fault, fault]);
    expect(listed).toEqual(acked);
    await withStore(path, async (store) => {
      const ids = (await store.unfinished()).map(({ record }) => record.id);
      expect(ids).toEqual(acked);
    });
  });
});

describe('a file that cannot be used', () => {
  it('is named when another process has it', async () => {
    const path = newPath();
    const holder = child(`
      globalThis.store = await openSqliteStore({ path: ${JSON.stringify(path)}, meter });
      process.stdout.write('open');`);
    await once(holder.stdout!, 'data');
    await expect(open(path)).rejects.toThrow(`The store ${path} is in use by another mms process`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await withStore(path, (store) => store.accept(recordOf('A')));
    await withStore(path, async () => {
      await expect(open(path)).rejects.toThrow(/in use/);
    });
  });

  it('is named when it is no database, a damaged one, or of a newer version', async () => {
    const text = newPath();
    mkdirSync(join(text, '..'), { recursive: true });
    writeFileSync(text, 'this is not a database, and long enough to be looked at '.repeat(20));
    await expect(open(text)).rejects.toThrow(`The store ${text} is damaged`);

    const torn = newPath();
    await withStore(torn, async (store) => {
      for (let i = 0; i < 200; i++) await store.accept(recordOf(`J${i}`));
    });
    const bytes = readFileSync(torn);
    bytes.fill(0xa5, 4096 * 3, bytes.length - 4096);
    writeFileSync(torn, bytes);
    await expect(open(torn)).rejects.toThrow(`The store ${torn} is damaged`);

    const newer = newPath();
    await withStore(newer, async () => {});
    const db = await connect(newer, 'write');
    db.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    await expect(open(newer)).rejects.toThrow(/written by a newer version/);
  });

  it('is named when its folder cannot be made', async () => {
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, 'a file where a folder should be');
    chmodSync(blocked, 0o400);
    const path = join(blocked, 'mms.db');
    await expect(open(path)).rejects.toThrow(`The store ${path} cannot be used`);
  });

  it('is not opened by a Node that would crash on it', async () => {
    await expect(loadAddon(9)).rejects.toThrow(/needs Node 22.13 or newer/);
  });
});
