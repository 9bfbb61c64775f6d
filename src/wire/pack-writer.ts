/**
 * Writes the ends of a pack's jobs one after the other into one buffer, as wire/pack.ts reads them. A result
 * gets the bytes that encodeResult and digestTables would give it: tests/wire/pack-writer.test.ts compares
 * them. Both cost ten times its walk for a tiny job, mostly for parts that are the same for every job of its
 * shape; here a job costs one hash of its framed columns, the MessagePack of its summary, and copies.
 */
import { hash } from 'node:crypto';
import type { ColumnData, Table, TableDecl } from '../contract/columns.js';
import type { Summary } from '../contract/kind.js';
import type { Problem } from '../contract/problem.js';
import { encodeShared } from './codec.js';
import { endsTables, type PackedProblem } from './pack.js';
import { layoutOf } from './result-layout.js';
import { HEAD_BYTES, MAGIC, pad8 } from './result.js';

/** A first guess of a job's bytes. */
const BYTES_PER_JOB = 256;
/** Above this a call costs less than a loop. */
const LOOP_BYTES = 64;

export class PackWriter {
  readonly #lengths: Uint32Array;
  readonly #problems: PackedProblem[] = [];
  #job = 0;
  #at = 0;
  #bytes: Buffer;

  constructor(jobs: number) {
    this.#lengths = new Uint32Array(jobs);
    this.#bytes = Buffer.from(new ArrayBuffer(jobs * BYTES_PER_JOB));
  }

  /** The next job's result; its tables are checked against their declarations. */
  addResult(decls: readonly TableDecl[], tables: readonly Table[], summary: Summary): void {
    const layout = layoutOf(decls, tables);
    const { head, digestAt, framing, gaps } = layout;
    const tail = encodeShared(summary);
    const headAt = this.#at + HEAD_BYTES;
    const headBytes = head.length + tail.length;
    const columnsAt = this.#at + pad8(HEAD_BYTES + headBytes);
    const end = columnsAt + sizeOf(tables);
    this.#makeRoom(end);
    const bytes = this.#bytes;
    bytes.set(MAGIC, this.#at);
    bytes.writeUInt32LE(headBytes, this.#at + MAGIC.length);
    bytes.set(head, headAt);
    bytes.set(tail, headAt + head.length);
    let at = columnsAt;
    let frame = 0;
    for (let t = 0; t < tables.length; t++) {
      const { columns } = tables[t]!;
      for (let c = 0; c < columns.length; c++) {
        const column = columns[c]!;
        put(bytes, at, column);
        const gap = gaps[frame++]!;
        if (gap >= 0) copy(bytes, at, framing, gap, column.byteLength);
        at += pad8(column.byteLength);
      }
    }
    bytes.write(hash('sha256', framing, 'hex'), headAt + digestAt, 'latin1');
    this.#lengths[this.#job++] = end - this.#at;
    this.#at = end;
  }

  /** The next job has no result. */
  addProblem({ code, detail }: Problem): void {
    this.#problems.push([this.#job++, code, detail]);
  }

  tables(): Table[] {
    return endsTables(this.#lengths, new Uint8Array(this.#bytes.buffer, 0, this.#at), this.#problems);
  }

  /** New memory is zero, as are the bytes between columns. */
  #makeRoom(end: number): void {
    if (end <= this.#bytes.length) return;
    const larger = Buffer.from(new ArrayBuffer(Math.max(end, 2 * this.#bytes.length)));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

function sizeOf(tables: readonly Table[]): number {
  let bytes = 0;
  for (let t = 0; t < tables.length; t++) {
    const { columns } = tables[t]!;
    for (let c = 0; c < columns.length; c++) bytes += pad8(columns[c]!.byteLength);
  }
  return bytes;
}

/** A column's memory at `at`; a single double, as most results of one unit hold, needs no view. */
function put(bytes: Buffer, at: number, column: ColumnData): void {
  if (column instanceof Float64Array && column.length === 1) bytes.writeDoubleLE(column[0]!, at);
  else bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
}

function copy(from: Uint8Array, at: number, to: Uint8Array, toAt: number, bytes: number): void {
  if (bytes > LOOP_BYTES) return to.set(from.subarray(at, at + bytes), toAt);
  for (let i = 0; i < bytes; i++) to[toAt + i] = from[at + i]!;
}
