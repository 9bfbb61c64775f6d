/** Backup and restore: a copy under load holds what was acknowledged, and no wrong byte comes back. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import type { JobStore, Meter } from '../../src/contract/ports.js';
import { backupStore, restoreStore } from '../../src/store/sqlite/backup.js';
import { MIGRATIONS } from '../../src/store/sqlite/migrations.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { verifyStore } from '../../src/store/sqlite/verify.js';
import { endOfState, recordOf, resultBytes } from './job-store.conformance.js';

const folder = mkdtempSync(join(tmpdir(), 'mms-backup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const meter: Meter = { count: () => {}, gauge: () => {}, observe: () => {} };
let files = 0;
const newPath = () => join(folder, `${files++}`, 'mms.db');
const copyOf = (path: string) => join(dirname(path), 'copy.db');

async function withStore<T>(path: string, work: (store: JobStore) => Promise<T>): Promise<T> {
  const store = await openSqliteStore({ path, meter });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A store of `jobs` done jobs and one queued; job i's result is `bytes(i)`. */
async function filled(jobs: number, bytes: (i: number) => Uint8Array = resultBytes): Promise<string> {
  const path = newPath();
  await withStore(path, async (store) => {
    await store.accept(recordOf('queued'));
    for (let i = 0; i < jobs; i++) {
      await Promise.all([
        store.accept(recordOf(`D${i}`)),
        store.finish(`D${i}`, endOfState('done'), bytes(i)),
      ]);
    }
  });
  return path;
}

describe('backup', () => {
  it('leaves a mark of its time beside the store, which a failed one leaves as it was', async () => {
    const path = await filled(3);
    await withStore(path, async (store) => {
      expect(store.size().backupMs).toBeNull();
      const beganMs = Date.now();
      await backupStore(path, copyOf(path));
      const { backupMs, logBytes, diskFreeBytes } = store.size();
      // Files have the kernel's coarser clock.
      expect(backupMs).toBeGreaterThan(beganMs - 50);
      expect(backupMs).toBeLessThanOrEqual(Date.now());
      await expect(backupStore(path, copyOf(path))).rejects.toThrow(/Expected no file/);
      expect(store.size().backupMs).toBe(backupMs);
      await store.accept(recordOf('one more'));
      expect(store.size().logBytes).toBeGreaterThanOrEqual(Math.max(4096, logBytes));
      expect(diskFreeBytes).toBeGreaterThan(0);
    });
  });

  it('holds all that was acknowledged before it began, while the store goes on accepting', async () => {
    const path = await filled(20);
    await withStore(path, async (store) => {
      const acked: string[] = [];
      let stop = false;
      const load = (async () => {
        for (let i = 0; !stop; i++) {
          await store.accept(recordOf(`L${i}`));
          acked.push(`L${i}`);
        }
      })();
      while (acked.length < 20) await new Promise((resolve) => setImmediate(resolve));
      const before = [...acked];
      const account = await backupStore(path, copyOf(path));
      stop = true;
      await load;
      expect(account.results).toBe(20);
      expect(account.jobs).toBeGreaterThanOrEqual(21 + before.length);
      expect(account.unfinishedJobs).toBe(account.jobs - 20);
      expect(store.fault()).toBeNull();
      const copy = new Sqlite(copyOf(path), { readonly: true });
      const ids = copy.prepare('SELECT id FROM jobs').pluck().all();
      copy.close();
      expect(ids).toEqual(expect.arrayContaining(before));
    });
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
  });

  it('never replaces a file, and names a store that is not there', async () => {
    const path = await filled(1);
    writeFileSync(copyOf(path), 'mine');
    await expect(backupStore(path, copyOf(path))).rejects.toThrow(/Expected no file at .*copy.db/);
    expect(readFileSync(copyOf(path), 'utf8')).toBe('mine');
    await expect(backupStore(newPath(), join(folder, 'none.db'))).rejects.toThrow(/Expected a store at/);
  });

  it('leaves no file of that name when it is killed half way, and the next one succeeds', async () => {
    const path = await filled(60, () => new Uint8Array(500_000));
    const copy = copyOf(path);
    const module = new URL('../../dist/store/sqlite/backup.js', import.meta.url).href;
    const script = `
      const { backupStore } = await import(${JSON.stringify(module)});
      process.stdout.write('now');
      await backupStore(${JSON.stringify(path)}, ${JSON.stringify(copy)});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    while (!existsSync(`${copy}.part`)) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(copy)).toBe(false);
    expect(await backupStore(path, copy)).toMatchObject({ jobs: 61, results: 60 });
    expect(existsSync(`${copy}.part`)).toBe(false);
  });
});

describe('verify', () => {
  it('finds every flipped bit of 300 in a stored result', async () => {
    let word = 1;
    const noise = Uint8Array.from({ length: 3000 }, () => (word = (word * 48271) % 2147483647) & 255);
    const path = await filled(3, () => noise);
    const copy = copyOf(path);
    await backupStore(path, copy);
    const whole = readFileSync(copy);
    const at = whole.indexOf(noise);
    expect(at).toBeGreaterThan(0);
    let missed = 0;
    for (let flip = 0; flip < 300; flip++) {
      const bytes = Buffer.from(whole);
      const bit = (flip * 7919) % (noise.length * 8);
      bytes[at + (bit >> 3)]! ^= 1 << (bit & 7);
      writeFileSync(copy, bytes);
      await verifyStore(copy).then(
        () => missed++,
        (error: Error) => expect(error.message).toMatch(/is damaged .*not those that were written/),
      );
    }
    expect(missed).toBe(0);
  });

  it('names a file that is no store, of a newer version, or without a result', async () => {
    const path = await filled(2);
    const change = async (sql: string, problem: RegExp) => {
      const copy = join(dirname(path), `changed-${files++}.db`);
      await backupStore(path, copy);
      const db = new Sqlite(copy);
      db.exec(sql);
      db.close();
      await expect(verifyStore(copy)).rejects.toThrow(problem);
    };
    await change(`PRAGMA user_version = ${MIGRATIONS.length + 1}`, /Use the mms that wrote it/);
    await change('PRAGMA user_version = 0', /Name a file that `mms backup` made/);
    await change(`DELETE FROM results WHERE key LIKE 'D1k%'`, /1 done jobs are without their results/);
    const text = join(dirname(path), 'text.db');
    writeFileSync(text, 'no database, but long enough to be looked at as one '.repeat(30));
    await expect(verifyStore(text)).rejects.toThrow(`The store ${text} is damaged`);
    await expect(verifyStore(join(folder, 'nowhere.db'))).rejects.toThrow(/nowhere.db cannot be used/);
  });
});

describe('restore', () => {
  it('brings back jobs, ends and results, and a service goes on with what was queued', async () => {
    const path = await filled(5);
    await backupStore(path, copyOf(path));
    const target = newPath();
    expect(await restoreStore(copyOf(path), target, false)).toMatchObject({ jobs: 6, unfinishedJobs: 1 });
    await withStore(target, async (store) => {
      expect(await store.unfinished()).toMatchObject([{ record: recordOf('queued') }]);
      expect((await store.load('D3'))!.end).toEqual(endOfState('done'));
      const bytes = await store.resultByKey(recordOf('D3').key);
      expect(Buffer.from(bytes!).equals(resultBytes(3))).toBe(true);
      await store.finish('queued', endOfState('cancelled'), null);
    });
  });

  it('refuses a store in use or in the way, and keeps what it replaces', async () => {
    const [path, other] = [await filled(2), await filled(7)];
    await backupStore(path, copyOf(path));
    await withStore(other, async () => {
      await expect(restoreStore(copyOf(path), other, true)).rejects.toThrow(/in use by another mms/);
    });
    await expect(restoreStore(copyOf(path), other, false)).rejects.toThrow(/Add --replace/);
    await restoreStore(copyOf(path), other, true);
    expect((await verifyStore(other)).jobs).toBe(3);
    expect((await verifyStore(`${other}.before`)).jobs).toBe(8);
    await expect(restoreStore(copyOf(path), other, true)).rejects.toThrow(/mms.db.before; got one/);
  });

  it('leaves the store as it was when the backup is damaged', async () => {
    const [path, other] = [await filled(2), await filled(7)];
    const copy = copyOf(path);
    await backupStore(path, copy);
    const bytes = readFileSync(copy);
    bytes[bytes.indexOf(resultBytes(1)) + resultBytes(1).length - 1]! ^= 1;
    writeFileSync(copy, bytes);
    await expect(restoreStore(copy, other, true)).rejects.toThrow(/is damaged/);
    expect((await verifyStore(other)).jobs).toBe(8);
  });
});

describe('the command line', () => {
  const program = new URL('../../dist/main.js', import.meta.url).pathname;
  const mms = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  it('backs up a store in use, verifies the copy without writing, and restores it', async () => {
    const path = await filled(2);
    const copy = copyOf(path);
    const says = /: 3 jobs \(1 unfinished\), 2 results, 0\.\d MiB, every hash is right/;
    await withStore(path, async () => {
      expect(mms('backup', copy, '--store', path)).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(says),
      });
    });
    const target = newPath();
    const verified = mms('restore', '--verify', copy, '--store', target);
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringMatching(says) });
    expect(existsSync(target)).toBe(false);
    expect(mms('restore', copy, '--store', target).stdout).toMatch(/; restored\n$/);
    const again = mms('restore', copy, '--store', target);
    expect(again.stderr).toMatch(/^error: Expected no file at .* Add --replace/);
    expect(again.status).not.toBe(0);
  });
});
