/** The write-ahead log: copied in a quiet moment, at once when it is long, and distrusted when that fails. */
import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codeOf, connect } from '../../src/store/sqlite/database.js';
import { createLogKeeper } from '../../src/store/sqlite/log-keeper.js';

const folder = mkdtempSync(join(tmpdir(), 'mms-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

let files = 0;

async function open() {
  const path = join(folder, `${files++}.db`);
  const db = await connect(path, 'write');
  db.exec('CREATE TABLE rows (bytes BLOB)');
  const faults: string[] = [];
  const keeper = createLogKeeper(db, (error) => faults.push(codeOf(error)));
  const insert = db.prepare('INSERT INTO rows VALUES (zeroblob(?))');
  return {
    path,
    db,
    faults,
    /** One commit of about so many pages. */
    commit(pages: number): void {
      insert.run(4096 * pages);
      keeper.committed();
    },
    /** Pages of the log that are not in the file yet. */
    waiting(): number {
      const [{ log, checkpointed }] = db.pragma('wal_checkpoint(NOOP)') as [
        { log: number; checkpointed: number },
      ];
      return log - checkpointed;
    },
  };
}

describe('the log', () => {
  it('is copied into the file when the writer has been quiet, and a short one is left alone', async () => {
    const { db, commit, waiting, faults } = await open();
    commit(100);
    vi.advanceTimersByTime(1_000);
    expect(waiting()).toBeGreaterThan(100);
    commit(1_000);
    vi.advanceTimersByTime(3);
    commit(1);
    // Three more milliseconds are no quiet moment, for the last commit is no older.
    vi.advanceTimersByTime(3);
    expect(waiting()).toBeGreaterThan(1_100);
    vi.advanceTimersByTime(5);
    expect(waiting()).toBe(0);
    expect(faults).toEqual([]);
    db.close();
  });

  it('has a bound when the writer is never quiet', async () => {
    const { db, commit, waiting } = await open();
    let longest = 0;
    let copies = 0;
    for (let i = 0; i < 200; i++) {
      commit(50);
      if (waiting() === 0) copies++;
      longest = Math.max(longest, waiting());
    }
    expect(longest).toBeGreaterThan(2_900);
    expect(longest).toBeLessThan(3_000);
    expect(copies).toBe(3);
    db.close();
  });

  it('tells when it cannot be read back', async () => {
    const { path, commit, faults } = await open();
    commit(1_100);
    truncateSync(`${path}-wal`, 4096);
    vi.advanceTimersByTime(10);
    expect(faults).toEqual(['SQLITE_IOERR_SHORT_READ']);
  });
});
