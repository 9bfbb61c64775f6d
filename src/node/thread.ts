/**
 * What runs inside a pool thread: loads a kind's run.js, computes one chunk, checks it, and gives the
 * columns away.
 */
import { threadId } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { ColumnData, Table } from '../contract/columns.js';
import type { Kind, Run } from '../contract/kind.js';
import { MmsError } from '../contract/problem.js';
import { hashTables } from '../wire/hash.js';
import { SLOT_CANCEL, CONTROL_SLOTS, SLOT_STARTED, SLOT_THREAD, SLOT_WITHDRAWN } from './thread-task.js';
import type { ThreadAnswer, ThreadTask } from './thread-task.js';

/**
 * Entry of every pool thread. Never rejects: a thrown error is the answer 'error' with a message that is
 * safe to show.
 */
export default async function work(task: ThreadTask): Promise<unknown> {
  const { slots, module, kind, spec, seed, from, to, inputs } = task;
  try {
    const loaded = (await import(module)) as { run: Run };
    if (Atomics.load(slots, SLOT_CANCEL) || Atomics.load(slots, SLOT_WITHDRAWN)) return stopped;
    slots[SLOT_THREAD] = threadId;
    Atomics.store(slots, SLOT_STARTED, 1);
    const startNs = process.hrtime.bigint();
    const control = slots.subarray(0, CONTROL_SLOTS);
    const tables = loaded.run({ spec, seed, from, to, inputs, control });
    if (tables === null) return stopped;
    const computeNs = Number(process.hrtime.bigint() - startNs);
    const fault = nonFinite(tables);
    if (fault) {
      const { table, row, value } = fault;
      const where = `column ${await columnName(module, fault)} of table ${table}, row ${row + 1} of the chunk.`;
      return failed('E_NONFINITE', `Units ${from}..${to - 1} of kind ${kind} gave ${value} in ${where}`);
    }
    return giveAway(tables, computeNs);
  } catch (cause) {
    return failed('E_JOB', `Units ${from}..${to - 1} of kind ${kind} failed: ${safeMessage(cause)}`);
  }
}

const stopped: ThreadAnswer = { how: 'stopped' };

function failed(code: 'E_JOB' | 'E_NONFINITE', detail: string): ThreadAnswer {
  return { how: 'error', problem: new MmsError(code, detail).problem };
}

/** The first line of an error, without paths of this machine. */
function safeMessage(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text
    .split('\n', 1)[0]!
    .replaceAll(/(?:file:\/\/)?(?:\/[\w.@+-]+){2,}/g, '<path>')
    .slice(0, 500);
}

interface NonFinite {
  readonly table: string;
  readonly column: number;
  readonly row: number;
  readonly value: number;
}

/** The first number that is not finite, or null. */
function nonFinite(tables: readonly Table[]): NonFinite | null {
  for (const { name: table, columns } of tables) {
    for (let column = 0; column < columns.length; column++) {
      const data = columns[column]!;
      if (!(data instanceof Float64Array)) continue;
      for (let row = 0; row < data.length; row++) {
        if (!Number.isFinite(data[row])) return { table, column, row, value: data[row]! };
      }
    }
  }
  return null;
}

/**
 * The declared name of a column. Only a failure loads the kind's index with its schemas; without one, a
 * number.
 */
async function columnName(module: string, { table, column }: NonFinite): Promise<string> {
  try {
    const { default: kind } = (await import(new URL('index.js', module).href)) as { default: Kind };
    return (kind.partials ?? kind.tables).find(({ name }) => name === table)!.columns[column]!.name;
  } catch {
    return `${column + 1}`;
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
