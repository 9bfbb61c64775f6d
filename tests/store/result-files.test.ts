/** Large results as files: never without their row nor a row without its file, and never believed unread. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { JobStore, Meter } from '../../src/contract/ports.js';
import { backupStore, restoreStore } from '../../src/store/sqlite/backup.js';
import { connect } from '../../src/store/sqlite/database.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { resultFolder } from '../../src/store/sqlite/result-files.js';
import { verifyStore } from '../../src/store/sqlite/verify.js';
import { prepareWrites } from '../../src/store/sqlite/writes.js';
import { endOfState, recordOf } from './job-store.conformance.js';

const folder = mkdtempSync(join(tmpdir(), 'mms-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let places = 0;
const newPath = () => join(folder, `${places++}`, 'mms.db');
let mismatches = 0;
const meter: Meter = {
  count: (name) => void (name === 'mms_result_hash_mismatch_total' && mismatches++),
  gauge: () => {},
  observe: () => {},
};

/** The least that the store moves to its writer, and so the least that may become a file. */
const LARGE = 1 << 16;
const bytesOf = (length: number, salt: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + salt) & 255);

async function withStore<T>(path: string, work: (store: JobStore) => Promise<T>): Promise<T> {
  const store = await openSqliteStore({ path, meter, fileBytes: LARGE });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Ends a job as one that was computed, or with `cached` as one whose result was found; what came back. */
async function finish(
  store: JobStore,
  id: string,
  bytes: Uint8Array,
  cached = false,
): Promise<Uint8Array | null> {
  let kept: Uint8Array | null = null;
  const end = { ...endOfState('done'), attempts: cached ? 0 : 1 };
  await store.finish(id, end, bytes, null, cached ? undefined : (back) => void (kept = back));
  return kept;
}

async function done(store: JobStore, id: string, bytes: Uint8Array, key?: string): Promise<void> {
  await store.accept(recordOf(id, key === undefined ? {} : { key }));
  const expected = Buffer.from(bytes);
  expect(Buffer.from((await finish(store, id, bytes))!).equals(expected)).toBe(true);
}

const filesOf = (path: string) => (existsSync(resultFolder(path)) ? readdirSync(resultFolder(path)) : []);
const fileOf = (path: string) => join(resultFolder(path), filesOf(path)[0]!);
const sameAs = (expected: Uint8Array) => (bytes: Uint8Array | null) =>
  bytes !== null && Buffer.from(bytes).equals(expected);

describe('a large result', () => {
  it('is a file from a size on, and comes back the same, also after a restart', async () => {
    const path = newPath();
    const sizes = [LARGE - 1, LARGE, LARGE + 1, 3 * LARGE + 513];
    await withStore(path, async (store) => {
      for (const size of sizes) await done(store, `S${size}`, bytesOf(size, 1));
      await store.accept(recordOf('cached'));
      await finish(store, 'cached', bytesOf(LARGE, 2), true);
    });
    expect(
      filesOf(path)
        .map((name) => name.split('-')[0])
        .sort(),
    ).toEqual(
      sizes
        .slice(1)
        .map((size) => `S${size}`)
        .sort(),
    );
    await withStore(path, async (store) => {
      for (const size of sizes)
        expect(await store.resultByKey(recordOf(`S${size}`).key)).toSatisfy(sameAs(bytesOf(size, 1)));
      expect(await store.resultByKey(recordOf('cached').key)).toSatisfy(sameAs(bytesOf(LARGE, 2)));
    });
    expect(await verifyStore(path)).toMatchObject({ results: 5 });
  });

  it('is not believed when its file is cut, changed or gone, and computing it again mends it', async () => {
    const path = newPath();
    const key = 'ab'.repeat(32);
    const damages: [(file: string) => void, RegExp][] = [
      [(file) => truncateSync(file, LARGE - 1), /is damaged/],
      [(file) => void writeFileSync(file, readFileSync(file).fill(0, 100, 101)), /is damaged/],
      [(file) => rmSync(file), /is missing/],
    ];
    await withStore(path, (store) => done(store, 'first', bytesOf(LARGE, 3), key));
    for (const [i, [damage, found]] of damages.entries()) {
      damage(fileOf(path));
      await expect(verifyStore(path)).rejects.toThrow(found);
      await withStore(path, async (store) => {
        const before = mismatches;
        expect(await store.resultByKey(key)).toBeNull();
        expect(mismatches).toBe(before + 1);
        await done(store, `again${i}`, bytesOf(LARGE, 3), key);
        expect(await store.resultByKey(key)).toSatisfy(sameAs(bytesOf(LARGE, 3)));
      });
      expect(filesOf(path)).toHaveLength(1);
      await verifyStore(path);
    }
  });

  it('mends a damaged row likewise, and leaves a sound one alone when it only came from a cache', async () => {
    const path = newPath();
    const key = 'cd'.repeat(32);
    await withStore(path, (store) => done(store, 'row', bytesOf(100, 4), key));
    const db = await connect(path, 'write');
    db.exec(`UPDATE results SET bytes = zeroblob(100)`);
    db.close();
    await withStore(path, async (store) => {
      expect(await store.resultByKey(key)).toBeNull();
      await done(store, 'again', bytesOf(100, 4), key);
      expect(await store.resultByKey(key)).toSatisfy(sameAs(bytesOf(100, 4)));
      await done(store, 'large', bytesOf(LARGE, 5), key);
      const [file] = filesOf(path);
      await store.accept(recordOf('cached', { key }));
      await finish(store, 'cached', bytesOf(LARGE, 5), true);
      expect(filesOf(path)).toEqual([file]);
      expect(await store.resultByKey(key)).toSatisfy(sameAs(bytesOf(LARGE, 5)));
    });
  });

  it('of an end that is refused leaves no file, and that of the first end stays', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      await done(store, 'A', bytesOf(LARGE, 6));
      await expect(finish(store, 'A', bytesOf(LARGE, 7))).rejects.toThrow(/never changes/);
      await expect(finish(store, 'nobody', bytesOf(LARGE, 7))).rejects.toThrow(/unknown/);
      expect(await store.resultByKey(recordOf('A').key)).toSatisfy(sameAs(bytesOf(LARGE, 6)));
    });
    // Removed behind the answer: the writer has ended by now.
    expect(filesOf(path)).toHaveLength(1);
  });

  it('that no row names is removed at the next start', async () => {
    const path = newPath();
    await withStore(path, (store) => done(store, 'A', bytesOf(LARGE, 8)));
    const [own] = filesOf(path);
    writeFileSync(join(resultFolder(path), 'B-0123456789ab'), 'left by a crash');
    await withStore(path, async () => expect(filesOf(path)).toEqual([own]));
  });

  it('that cannot be written is a fault of the store, as any write is', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      await store.accept(recordOf('A'));
      writeFileSync(resultFolder(path), 'a file where the folder should be');
      await expect(finish(store, 'A', bytesOf(LARGE, 9))).rejects.toThrow(/mms.db cannot be used: EEXIST/);
      expect(store.fault()).toMatch(/EEXIST/);
      await expect(store.accept(recordOf('B'))).rejects.toThrow(/EEXIST/);
      expect((await store.load('A'))!.end).toBeNull();
    });
  });

  it('is told to whoever drops rows on the writing connection, once their file has no row', async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      await done(store, 'A', bytesOf(LARGE, 10));
      await done(store, 'small', bytesOf(10, 10));
    });
    const db = await connect(path, 'write');
    const dropped: string[] = [];
    prepareWrites(db, (file) => dropped.push(file));
    db.exec('DELETE FROM results');
    db.close();
    expect(dropped).toEqual(filesOf(path));
  });

  it('whatever is ended and restarted in which order, files and rows agree', async () => {
    const step = fc.oneof(
      fc.record({ key: fc.nat(3), size: fc.constantFrom(50, LARGE, LARGE + 9), salt: fc.nat(2) }),
      fc.constant('restart' as const),
    );
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const path = newPath();
        const run = runs++;
        const stored = new Map<string, Uint8Array>();
        let at = 0;
        while (at < steps.length) {
          await withStore(path, async (store) => {
            for (; at < steps.length && steps[at] !== 'restart'; at++) {
              const { key, size, salt } = steps[at] as { key: number; size: number; salt: number };
              const name = `${key}`.repeat(64);
              stored.set(name, bytesOf(size, salt));
              await done(store, `R${run}J${at}`, bytesOf(size, salt), name);
            }
            for (const [key, bytes] of stored) expect(await store.resultByKey(key)).toSatisfy(sameAs(bytes));
          });
          at++;
        }
        const large = [...stored.values()].filter(({ length }) => length >= LARGE);
        expect(filesOf(path)).toHaveLength(large.length);
        await verifyStore(path);
        rmSync(dirname(path), { recursive: true, force: true });
      }),
      { seed: 1, numRuns: 6 },
    );
  });
});

describe('backup and restore of large results', () => {
  const copyOf = (path: string) => join(dirname(path), 'copy.db');
  const filled = async () => {
    const path = newPath();
    await withStore(path, async (store) => {
      await done(store, 'A', bytesOf(LARGE, 11));
      await done(store, 'B', bytesOf(2 * LARGE, 12));
      await done(store, 'small', bytesOf(10, 13));
    });
    return path;
  };
  const isWhole = (store: JobStore) =>
    Promise.all([
      store
        .resultByKey(recordOf('A').key)
        .then((bytes) => expect(bytes).toSatisfy(sameAs(bytesOf(LARGE, 11)))),
      store
        .resultByKey(recordOf('B').key)
        .then((bytes) => expect(bytes).toSatisfy(sameAs(bytesOf(2 * LARGE, 12)))),
    ]);

  it('is one file, which a service opens with all results', async () => {
    const path = await filled();
    expect(await backupStore(path, copyOf(path))).toMatchObject({ jobs: 3, results: 3 });
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
    const target = newPath();
    expect(await restoreStore(copyOf(path), target, false)).toMatchObject({ jobs: 3, results: 3 });
    await withStore(target, isWhole);
    expect(filesOf(target)).toEqual([]);
  });

  it('refuses a store whose file is damaged or gone, and leaves no copy', async () => {
    for (const damage of [(file: string) => truncateSync(file, 1), (file: string) => rmSync(file)]) {
      const path = await filled();
      damage(fileOf(path));
      await expect(backupStore(path, copyOf(path))).rejects.toThrow(/is damaged .*mms.db-results is/);
      expect(existsSync(copyOf(path))).toBe(false);
    }
  });

  it('restores a store that was copied with its folder, and keeps the folder of the one it replaces', async () => {
    const [path, other] = [await filled(), await filled()];
    const moved = newPath();
    mkdirSync(dirname(moved), { recursive: true });
    for (const side of ['', '-results']) cpSync(path + side, moved + side, { recursive: true });
    expect(await restoreStore(moved, other, true)).toMatchObject({ jobs: 3, results: 3 });
    expect(filesOf(`${other}.before`)).toHaveLength(2);
    expect(await verifyStore(`${other}.before`)).toMatchObject({ results: 3 });
    await withStore(other, isWhole);
  });
});
