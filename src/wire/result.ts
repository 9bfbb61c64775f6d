/**
 * A finished result as one byte string: 8 bytes of magic and version, the header's length, a MessagePack
 * header, then every column as a raw little-endian frame that starts on a multiple of 8 bytes. The same
 * bytes lie in the store, in the cache and on the wire, and columns are read in place.
 */
import type { Table } from '../contract/columns.js';
import type { Document, Metric, Summary } from '../contract/kind.js';
import { MmsError } from '../contract/problem.js';
import { decode, encode, WireError } from './codec.js';
import { asArray, asFinite, asRecord, asText } from './fields.js';
import { checkTableHeaders, decodeTables, encodeTables, frameSizes, type TableHeader } from './frames.js';

export { encodeTables } from './frames.js';

export interface Result {
  /** sha256 hex over the raw frames. */
  readonly digest: string;
  readonly tables: readonly Table[];
  readonly summary: Summary;
}

/** "MMSRES" and a version that a change of this layout raises. */
export const MAGIC = Uint8Array.of(0x4d, 0x4d, 0x53, 0x52, 0x45, 0x53, 0, 1);
export const HEAD_BYTES = 16;
export const pad8 = (n: number): number => Math.ceil(n / 8) * 8;

/**
 * Bytes of a result; the caller may change its columns afterwards. Throws MmsError E_INTERNAL on ragged
 * tables.
 */
export function encodeResult(result: Result): Uint8Array<ArrayBuffer> {
  const { header, frames } = encodeTables(result.tables);
  const head = encode({ digest: result.digest, tables: header, summary: result.summary });
  const start = pad8(HEAD_BYTES + head.length);
  const total = frames.reduce((sum, frame) => sum + pad8(frame.byteLength), start);
  const bytes = new Uint8Array(total);
  writeHead(bytes, head);
  let at = start;
  for (const frame of frames) {
    bytes.set(frame, at);
    at += pad8(frame.byteLength);
  }
  return bytes;
}

/** Bytes kept free in front of the columns of a large result, for a header that is known later. */
const HEAD_ROOM = 1 << 16;

/** The memory of a result before its digest and summary are known. */
export interface ResultMemory {
  /** Tables of these types and rows, all zero. */
  readonly tables: readonly Table[];
  /** As encodeResult of these tables, in their own memory; they must not change afterwards. */
  encode(digest: string, summary: Summary): Uint8Array<ArrayBuffer>;
}

/** Room for all columns where encodeResult would place them, so that a large result is written once. */
export function allocateResult(header: readonly TableHeader[]): ResultMemory {
  const sizes = frameSizes(header);
  const memory = new ArrayBuffer(sizes.reduce((sum, size) => sum + pad8(size), HEAD_ROOM));
  let at = HEAD_ROOM;
  const frames = sizes.map((size) => {
    const frame = new Uint8Array(memory, at, size);
    at += pad8(size);
    return frame;
  });
  const tables = decodeTables(header, frames);
  return {
    tables,
    encode(digest, summary) {
      const head = encode({ digest, tables: header, summary });
      const start = pad8(HEAD_BYTES + head.length);
      if (start > HEAD_ROOM) return encodeResult({ digest, tables, summary });
      const bytes = new Uint8Array(memory, HEAD_ROOM - start);
      writeHead(bytes, head);
      return bytes;
    },
  };
}

function writeHead(bytes: Uint8Array, head: Uint8Array): void {
  bytes.set(MAGIC);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(MAGIC.length, head.length, true);
  bytes.set(head, HEAD_BYTES);
}

/**
 * The result in `bytes`. Columns are views on `bytes` (on one copy where `bytes` does not start on a
 * multiple of 8). Sizes are verified, the digest is not: whoever trusts the numbers hashes them. Throws
 * MmsError E_CORRUPT_RESULT.
 */
export function decodeResult(bytes: Uint8Array): Result {
  try {
    // Not slice(): that of a Node Buffer is a view on the same memory.
    return read(bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes));
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new MmsError(
      'E_CORRUPT_RESULT',
      `The stored result cannot be read: ${cause.message}. Submit the job again.`,
    );
  }
}

function read(bytes: Uint8Array): Result {
  if (bytes.length < HEAD_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new WireError('magic', 'expected a result of format 1 at its start; got other bytes');
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  if (length > bytes.length - HEAD_BYTES) {
    throw new WireError('truncated', `expected ${length} header bytes; got ${bytes.length - HEAD_BYTES}`);
  }
  const head = asRecord(decode(bytes.subarray(HEAD_BYTES, HEAD_BYTES + length)), 'header');
  const tables = checkTableHeaders(head.tables);
  const sizes = frameSizes(tables);
  let at = pad8(HEAD_BYTES + length);
  const expected = sizes.reduce((sum, size) => sum + pad8(size), at);
  if (expected !== bytes.length)
    throw new WireError('frames', `expected ${expected} bytes; got ${bytes.length}`);
  const frames = sizes.map((size) => {
    const frame = bytes.subarray(at, at + size);
    at += pad8(size);
    return frame;
  });
  return {
    digest: asText(head.digest, 'digest', 64),
    tables: decodeTables(tables, frames),
    summary: checkSummary(head.summary),
  };
}

function checkSummary(value: unknown): Summary {
  const summary = asRecord(value, 'summary');
  return {
    metrics: asArray(summary.metrics, 'metrics', 10_000).map(checkMetric),
    notes: asArray(summary.notes, 'notes', 10_000).map((note) => asText(note, 'note', 10_000)),
    ...(summary.documents !== undefined && {
      documents: asArray(summary.documents, 'documents', 100).map(checkDocument),
    }),
  };
}

function checkDocument(value: unknown): Document {
  const { name, text } = asRecord(value, 'document');
  return { name: asText(name, 'document name', 200), text: asText(text, 'document text', 1_000_000) };
}

function checkMetric(value: unknown): Metric {
  const metric = asRecord(value, 'metric');
  const number = (field: unknown, what: string): number | null =>
    field === null ? null : asFinite(field, what);
  return {
    name: asText(metric.name, 'metric name', 200),
    value: number(metric.value, 'metric value'),
    standardError: number(metric.standardError, 'metric standard error'),
    unit: asText(metric.unit, 'metric unit', 200),
    meaning: asText(metric.meaning, 'metric meaning', 2_000),
    ...(metric.interval !== undefined && { interval: checkInterval(metric.interval) }),
    ...(metric.flag !== undefined && { flag: asText(metric.flag, 'metric flag', 1_000) }),
  };
}

function checkInterval(value: unknown): readonly [number, number] {
  const [low, high] = asArray(value, 'metric interval', 2);
  return [asFinite(low, 'metric interval'), asFinite(high, 'metric interval')];
}
