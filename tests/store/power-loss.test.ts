/** Power loss: of crash images of the store at any moment, none may lack what was acknowledged. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { memberId } from '../../src/contract/batch.js';
import type { JobStore, Meter, StoredJob } from '../../src/contract/ports.js';
import { openSqliteStore } from '../../src/store/sqlite/open.js';
import { withCompiler } from '../support/native-program.js';
import {
  ACKS,
  DATABASE,
  Disk,
  FOLDER,
  LOG,
  type DiskEvent,
  type Draw,
} from '../support/power-loss/crash-images.js';
import {
  batchOf,
  bytesOfJob,
  endOfJob,
  endsOfBatch,
  isLarge,
  LARGE_BYTES,
  mayBeGone,
  recordOfJob,
} from '../support/power-loss/load.js';
import { record, type Fault } from '../support/power-loss/record.js';

/** `make power-loss` asks for thousands. */
const IMAGES = Number(process.env['POWER_LOSS_IMAGES'] ?? 60);
/** A control needs no more to fail. */
const CONTROL_IMAGES = 100;
const TIMEOUT_MS = 60_000 + IMAGES * 500;
/** Some 10,000 pages of log, which is copied into the database every 3,000 at the latest. */
const LOAD = { jobs: 1_200, clients: 3 };

// In memory where there is such a disk: the fsyncs of the stores that open the images prove nothing.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mms-power-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const meter: Meter = { count: () => {}, gauge: () => {}, observe: () => {} };

/** Mulberry32: 32 bits of state, uniform on [0, 1). */
function draws(seed: number): Draw {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Image {
  readonly seed: number;
  readonly database: Buffer;
  readonly log: Buffer;
  /** Large results. */
  readonly files: readonly (readonly [name: string, bytes: Buffer])[];
  readonly acks: readonly string[];
}

/** Images at moments drawn from all after the store was open, in order of time. */
function* images(events: readonly DiskEvent[], count: number): Generator<Image> {
  const first = events.findIndex(({ file }) => file === ACKS) + 1;
  const draw = draws(count);
  const moments = Array.from(
    { length: count },
    () => first + Math.floor(draw() * (events.length + 1 - first)),
  );
  const disk = new Disk();
  let at = 0;
  for (const [seed, moment] of moments.sort((a, b) => a - b).entries()) {
    while (at < moment) disk.apply(events[at++]!);
    const own = draws(seed + 1);
    const acks = disk.whole(ACKS).toString().split('\n').slice(1, -1);
    const [database, log] = [disk.image(DATABASE, own), disk.image(LOG, own)];
    yield { seed, acks, database, log, files: disk.folder(own) };
  }
}

/** What is wrong with an image, opened by the real store: lost jobs and ends, and jobs that never were so. */
async function faultsOf({ seed, database, log, files, acks }: Image, name: string): Promise<string[]> {
  const path = join(folder, name, `${seed}`, 'mms.db');
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, database);
  writeFileSync(`${path}-wal`, log);
  mkdirSync(`${path}-results`);
  for (const [file, bytes] of files) writeFileSync(join(`${path}-results`, file), bytes);
  try {
    const store = await openSqliteStore({ path, meter, fileBytes: LARGE_BYTES });
    try {
      const faults = await compare(store, acks);
      await store.accept(recordOfJob(LOAD.jobs));
      return faults;
    } finally {
      await store.close();
    }
  } catch (error) {
    return [`image ${seed}: ${(error as Error).message}`];
  } finally {
    rmSync(join(path, '..'), { recursive: true, force: true });
  }
}

async function compare(store: JobStore, acks: readonly string[]): Promise<string[]> {
  const found = new Map<string, StoredJob>();
  let before: string | undefined;
  do {
    const page = await store.list({ limit: 1000, ...(before !== undefined && { before }) });
    for (const job of page) found.set(job.record.id, job);
    before = page.at(-1)?.record.id;
  } while (before !== undefined);
  const faults: string[] = [];
  const newest =
    Math.max(...acks.map((ack) => (ack.startsWith('A') ? Number(ack.slice(1)) : 0))) + LOAD.clients;
  for (const ack of acks) {
    if (ack.startsWith('R')) {
      const id = ack.slice(1);
      if ((await store.load(id)) ?? (await store.loadBatch(id)))
        faults.push(`${ack}: what was removed is back`);
      continue;
    }
    if (ack.startsWith('B') || ack.startsWith('F')) {
      faults.push(...(await faultsOfBatch(store, ack, newest)));
      continue;
    }
    const n = Number(ack.slice(1));
    const job = found.get(`J${n}`);
    if (!job && !mayBeGone(n, newest, false)) faults.push(`${ack}: the job is lost`);
    else if (job && ack.startsWith('E') && !job.end) faults.push(`${ack}: the end is lost`);
  }
  for (const { record: given, end, batchId } of found.values()) {
    if (batchId !== undefined) continue;
    const n = given.seed;
    if (JSON.stringify(given) !== JSON.stringify(recordOfJob(n))) faults.push(`J${n}: another record`);
    if (!end) continue;
    const expected = endOfJob(n);
    if (JSON.stringify(end) !== JSON.stringify(expected)) faults.push(`J${n}: another end`);
    const bytes = expected.state === 'done' ? await store.resultByKey(given.key) : null;
    if (expected.state === 'done' && !(bytes && Buffer.from(bytes).equals(bytesOfJob(n)))) {
      faults.push(`J${n}: the result is not the one that was stored`);
    }
  }
  return faults;
}

/** What is wrong with a batch that was acknowledged (B7), or with its first or second end (F7.0, F7.1). */
async function faultsOfBatch(store: JobStore, ack: string, newest: number): Promise<string[]> {
  const [b, part] = ack.slice(1).split('.').map(Number) as [number, number | undefined];
  const expected = batchOf(b);
  const stored = await store.loadBatch(expected.id);
  if (!stored) return mayBeGone(b, newest, true) ? [] : [`${ack}: the batch is lost`];
  if (JSON.stringify(stored.record) !== JSON.stringify(expected)) return [`${ack}: another batch`];
  if (part === undefined) return [];
  const { first, jobs, state, results } = endsOfBatch(b)[part]!;
  const states = stored.states.slice(first, first + jobs);
  if (!states.every((seen) => seen === state)) return [`${ack}: the end is lost`];
  if (!results) return [];
  const faults: string[] = [];
  for (let job = first; job < first + jobs; job++) {
    const bytes = await store.resultOf(memberId(expected.id, job));
    if (!(bytes && Buffer.from(bytes).equals(bytesOfJob(10 * b + job))))
      faults.push(`${ack}: the result of job ${job} is not the one that was stored`);
  }
  return faults;
}

/** Two at a time: the threads of the stores share the cores. */
async function damaged(events: readonly DiskEvent[], count: number, name: string) {
  const source = images(events, count);
  const faulty: string[][] = [];
  let [acknowledged, removed] = [0, 0];
  const opener = async (): Promise<void> => {
    for (const image of source) {
      acknowledged += image.acks.length;
      removed += image.acks.filter((ack) => ack.startsWith('R')).length;
      const faults = await faultsOf(image, name);
      if (faults.length > 0) faulty.push(faults);
    }
  };
  await Promise.all([opener(), opener()]);
  return { faulty, acknowledged, removed };
}

const recorded = (fault: Fault | null): DiskEvent[] => {
  const own = join(folder, `run-${fault}`);
  mkdirSync(own);
  return record({ folder: own, ...LOAD, fault });
};

/** True for the fault of a large result, which is a file. */
function losesLarge(fault: string): boolean {
  const match = /^J(\d+): the result is not the one/.exec(fault);
  return match !== null && isLarge(Number(match[1]));
}

withCompiler('power loss', () => {
  it(
    `leaves every acknowledged job and end in each of ${IMAGES} crash images`,
    async () => {
      const events = recorded(null);
      // Checkpoints are among the moments: they write into the database while the log is what is true.
      const checkpoints = events.filter(({ what, file }) => what === 'sync' && file === DATABASE).length;
      expect(checkpoints).toBeGreaterThan(2);
      const files = new Set(
        events.flatMap(({ what, file }) => (what === 'write' && file > FOLDER ? [file] : [])),
      );
      expect(files.size).toBeGreaterThan(20);
      const { faulty, acknowledged, removed } = await damaged(events, IMAGES, 'full');
      expect(faulty).toEqual([]);
      expect(acknowledged).toBeGreaterThan(IMAGES * 300);
      expect(removed).toBeGreaterThan(IMAGES * 100);
    },
    TIMEOUT_MS,
  );

  it(
    'would lose some with synchronous=NORMAL, and this test would see it',
    async () => {
      const count = Math.min(CONTROL_IMAGES, Math.ceil(IMAGES / 3));
      const { faulty } = await damaged(recorded('synchronous=NORMAL'), count, 'normal');
      expect(faulty.length).toBeGreaterThan(count / 4);
      // A file is removed once the commit that drops its row is on disk, which it is not here.
      const isExpected = (fault: string): boolean => /is (lost|back)$/.test(fault) || losesLarge(fault);
      expect(faulty.flat().filter((fault) => !isExpected(fault))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it.each(['files', 'folder'] as const)(
    'would lose large results without the syncs of the %s, and this test would see it',
    async (fault) => {
      const count = Math.min(CONTROL_IMAGES, Math.ceil(IMAGES / 6));
      const { faulty } = await damaged(recorded(fault), count, fault);
      expect(faulty.length).toBeGreaterThan(0);
      expect(faulty.flat().filter((text) => !losesLarge(text))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
