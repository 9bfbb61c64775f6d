/**
 * What runs inside a pool thread: loads a kind's run.js, computes one chunk, checks it, and gives the
 * columns away.
 */
import { threadId } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { ColumnData, Table } from '../contract/columns.js';
import type { Kind, Run } from '../contract/kind.js';
import { hashTables } from '../wire/hash.js';
import { readSpec } from '../wire/shared-spec.js';
import type { SharedSpec } from '../wire/shared-spec.js';
import { declaredColumn, nonFinite, nonFiniteProblem, thrownProblem } from './faults.js';
import type { NonFinite } from './faults.js';
import { runPack } from './run-pack.js';
import { SLOT_CANCEL, CONTROL_SLOTS, SLOT_STARTED, SLOT_THREAD, SLOT_WITHDRAWN } from './thread-task.js';
import type { ThreadAnswer, ThreadTask } from './thread-task.js';

/**
 * Entry of every pool thread. Never rejects: a thrown error is the answer 'error' with a message that is
 * safe to show.
 */
export default async function work(task: ThreadTask): Promise<unknown> {
  const { slots, module, kind, seed, from, to, inputs, pack } = task;
  try {
    const loaded = runs.get(module) ?? (await load(module));
    const whole = pack ? (kinds.get(module) ?? (await kindOf(module))) : null;
    if (Atomics.load(slots, SLOT_CANCEL) || Atomics.load(slots, SLOT_WITHDRAWN)) return stopped;
    slots[SLOT_THREAD] = threadId;
    Atomics.store(slots, SLOT_STARTED, 1);
    const spec = task.sharedSpec ? specOf(task.sharedSpec) : task.spec;
    const startNs = process.hrtime.bigint();
    const control = slots.subarray(0, CONTROL_SLOTS);
    const tables =
      pack && whole
        ? runPack(whole, loaded.run, pack, control)
        : loaded.run({ spec, seed, from, to, inputs, control });
    if (tables === null) return stopped;
    const computeNs = Number(process.hrtime.bigint() - startNs);
    const fault = nonFinite(tables);
    if (fault) {
      const column = await columnName(module, fault);
      return { how: 'error', problem: nonFiniteProblem(kind, from, to, fault, column) };
    }
    return giveAway(tables, computeNs);
  } catch (cause) {
    return { how: 'error', problem: thrownProblem(kind, from, to, cause) };
  }
}

const stopped: ThreadAnswer = { how: 'stopped' };

/** What this thread has loaded, by URL of run.js: an import costs a small task, also a repeated one. */
const runs = new Map<string, { run: Run }>();
const kinds = new Map<string, Kind>();

/** Large specs of the jobs that this thread worked for last, the latest at the end. */
const specs = new Map<string, unknown>();
const MAX_SPECS = 4;

/** Decoded once for all chunks of a job: kinds do not change their spec. */
function specOf({ digest, tables }: SharedSpec): unknown {
  const spec = specs.get(digest) ?? readSpec(tables);
  specs.delete(digest);
  specs.set(digest, spec);
  for (const oldest of specs.keys()) {
    if (specs.size <= MAX_SPECS) break;
    specs.delete(oldest);
  }
  return spec;
}

async function load(module: string): Promise<{ run: Run }> {
  const loaded = (await import(module)) as { run: Run };
  runs.set(module, loaded);
  return loaded;
}

/** A kind's index with its schemas, which a chunk of one job needs only to name a fault. */
async function kindOf(module: string): Promise<Kind> {
  const { default: kind } = (await import(new URL('index.js', module).href)) as { default: Kind };
  kinds.set(module, kind);
  return kind;
}

/** The declared name of a column; without one, a number. */
async function columnName(module: string, fault: NonFinite): Promise<string> {
  try {
    return declaredColumn(await kindOf(module), fault);
  } catch {
    return `${fault.column + 1}`;
  }
}

/** Moves the columns to the pool: a column that owns its memory is not copied. */
function giveAway(tables: readonly Table[], computeNs: number): unknown {
  const owned = tables.map(({ name, rows, columns }) => ({ name, rows, columns: columns.map(own) }));
  const answer: ThreadAnswer = { how: 'done', tables: owned, hash: hashTables(owned), computeNs };
  // A kernel may share columns without rows among its answers: these stay.
  const columns = owned.flatMap((table) => table.columns).filter(({ byteLength }) => byteLength > 0);
  const buffers = [...new Set(columns.map(({ buffer }) => buffer))];
  return move({ [transferableSymbol]: buffers, [valueSymbol]: answer } as never);
}

/**
 * A view on a larger or shared memory (a kernel's scratch, an input) is copied, for moving would take all
 * of it.
 */
function own(column: ColumnData): ColumnData {
  const whole = column.buffer instanceof ArrayBuffer && column.byteLength === column.buffer.byteLength;
  return whole ? column : column.slice();
}
