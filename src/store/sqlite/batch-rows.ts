/** A batch as its row: what the jobs share as JSON, what differs (seed, key, group) as packed columns. */
import type { BatchRecord, JobGroup } from '../../contract/batch.js';

export interface BatchRow {
  readonly id: string;
  readonly jobs: number;
  readonly createdMs: number;
  readonly idempotencyKey: string | null;
  readonly requestHash: string | null;
  /** 0 or 1. */
  readonly gathered: number;
  /** Kinds of its jobs, each between commas. */
  readonly kinds: string;
  /** JSON list of the digests of all inputs. */
  readonly inputs: string;
  /** JSON list of JobGroup. */
  readonly groups: string;
  /** Seeds as f64, keys as 32 bytes each, groups as u16: 42 bytes a job. */
  readonly members: Uint8Array;
}

const KEY_BYTES = 32;

export function toBatchRow(batch: BatchRecord): BatchRow {
  const { id, createdMs, idempotencyKey, requestHash, gathered, groups, groupOf, seeds, keys } = batch;
  const n = seeds.length;
  const members = Buffer.from(new ArrayBuffer(n * (8 + KEY_BYTES + 2)));
  new Float64Array(members.buffer, 0, n).set(seeds);
  keys.forEach((key, i) => members.write(key, n * 8 + i * KEY_BYTES, 'hex'));
  new Uint16Array(members.buffer, n * (8 + KEY_BYTES), n).set(groupOf);
  return {
    id,
    jobs: n,
    createdMs,
    idempotencyKey,
    requestHash,
    gathered: Number(gathered),
    kinds: `,${[...new Set(groups.map(({ kind }) => kind))].join(',')},`,
    inputs: JSON.stringify([...new Set(groups.flatMap(({ inputs }) => Object.values(inputs)))]),
    groups: JSON.stringify(groups),
    members: new Uint8Array(members.buffer),
  };
}

export function fromBatchRow(row: Omit<BatchRow, 'kinds' | 'inputs'>): BatchRecord {
  const { id, jobs, createdMs, idempotencyKey, requestHash, gathered, groups } = row;
  // A copy of its own: SQLite's bytes may start anywhere.
  const { buffer } = new Uint8Array(row.members);
  const keys = Buffer.from(buffer, jobs * 8, jobs * KEY_BYTES).toString('hex');
  return {
    id,
    createdMs,
    idempotencyKey,
    requestHash,
    gathered: gathered === 1,
    groups: JSON.parse(groups) as JobGroup[],
    groupOf: [...new Uint16Array(buffer, jobs * (8 + KEY_BYTES), jobs)],
    seeds: [...new Float64Array(buffer, 0, jobs)],
    keys: Array.from({ length: jobs }, (_, i) => keys.slice(64 * i, 64 * (i + 1))),
  };
}

/** First four bytes of each key, for the index. */
export function keyHeads(members: Uint8Array, jobs: number): number[] {
  const view = new DataView(members.buffer, members.byteOffset, members.byteLength);
  return Array.from({ length: jobs }, (_, i) => view.getUint32(jobs * 8 + i * KEY_BYTES));
}
