/** Jobs and batches for the tests of retention, with times and keys of their own. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type BatchEnd, type BatchRecord } from '../../src/contract/batch.js';
import type { JobEnd, JobRecord } from '../../src/contract/job.js';
import type { JobStore, Meter } from '../../src/contract/ports.js';
import type { Removal, RetentionRules } from '../../src/contract/retention.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { endOfState, recordOf, resultBytes } from '../store/job-store.conformance.js';

// In memory where there is such a disk: what an fsync keeps is another test's matter.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mms-retention-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const meter: Meter = { count: () => {}, gauge: () => {}, observe: () => {} };
let files = 0;
/** A file of its own for a store, gone after the tests. */
export const newPath = () => join(folder, `${files++}`, 'mms.db');
export const open = (path: string) => openSqliteStore({ path, meter });

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = 1_700_000_000_000;
export const keep = (rules: Partial<RetentionRules>): RetentionRules => ({
  ageMs: null,
  jobs: null,
  bytes: null,
  ...rules,
});

/** All that is due now, slice after slice. */
export async function pruneAll(store: JobStore, rules: RetentionRules, nowMs: number) {
  const counts = { age: 0, count: 0, bytes: 0 };
  const removed: Removal['removed'][number][] = [];
  for (let more = true; more;) {
    const slice = await store.prune(rules, nowMs);
    more = slice.more;
    removed.push(...slice.removed);
    for (const reason of ['age', 'count', 'bytes'] as const) counts[reason] += slice.counts[reason];
  }
  return { counts, removed };
}

export const keyOf = (n: number): string => `${n}a`.padEnd(64, '0');
export const job = (id: string, createdMs: number, over: Partial<JobRecord> = {}): JobRecord =>
  recordOf(id, { createdMs, ...over });
export const ended = (state: JobEnd['state'], finishedMs: number): JobEnd => ({
  ...endOfState(state),
  finishedMs,
});

export function batch(
  number: number,
  createdMs: number,
  keys: readonly number[],
  over: Partial<BatchRecord> = {},
) {
  return {
    id: `01TEST${String(number).padStart(17, '0')}000`,
    createdMs,
    idempotencyKey: null,
    requestHash: null,
    gathered: false,
    groups: [{ kind: 'toy', kindVersion: 1, spec: {}, inputs: {}, units: 1, priority: 5 }],
    groupOf: keys.map(() => 0),
    seeds: keys.map((key) => key),
    keys: keys.map(keyOf),
    ...over,
  } satisfies BatchRecord;
}

/** The result of a job is that of its key. */
export function endOfMembers(
  first: number,
  keys: readonly number[],
  state: JobEnd['state'],
  finishedMs: number,
) {
  const results = keys.map(resultBytes);
  const { attempts, problem } = endOfState(state);
  return {
    ...{ first, jobs: keys.length, state, startedMs: null, finishedMs, attempts, problem },
    results:
      state === 'done'
        ? {
            lengths: Uint32Array.from(results, ({ byteLength }) => byteLength),
            bytes: new Uint8Array(Buffer.concat(results)),
          }
        : null,
  } satisfies BatchEnd;
}

/** Any bytes: SQLite compresses nothing. */
export const bytesOf = (n: number, length: number): Uint8Array => new Uint8Array(length).fill(n);
