/** Of a result, what its shape alone decides of its bytes and digest, made once for all of that shape. */
import type { Table, TableDecl } from '../contract/columns.js';
import { encode } from './codec.js';
import { columnLine, tableLine } from './digest.js';
import { BYTES, type TableHeader } from './frames.js';

export interface ResultLayout {
  /** Rows of each table: the shape. */
  readonly rows: readonly number[];
  /** The MessagePack header up to the summary, with a digest of zeros at `digestAt`. */
  readonly head: Uint8Array;
  readonly digestAt: number;
  /** The bytes that the digest is taken over, with gaps for the columns; filled anew for each result. */
  readonly framing: Uint8Array;
  /** Where each column, in frame order, begins in `framing`; -1 where the digest knows nothing of it. */
  readonly gaps: readonly number[];
}

const NO_DIGEST = '0'.repeat(64);

/** The last shape that results of these declarations had: small jobs of a kind mostly have one. */
const last = new WeakMap<readonly TableDecl[], ResultLayout>();

/** `tables` are checked against `decls`. */
export function layoutOf(decls: readonly TableDecl[], tables: readonly Table[]): ResultLayout {
  let layout = last.get(decls);
  if (!layout || !hasShape(tables, layout.rows)) last.set(decls, (layout = createLayout(decls, tables)));
  return layout;
}

function hasShape(tables: readonly Table[], rows: readonly number[]): boolean {
  for (let t = 0; t < rows.length; t++) if (tables[t]!.rows !== rows[t]) return false;
  return true;
}

function createLayout(decls: readonly TableDecl[], tables: readonly Table[]): ResultLayout {
  const rows = tables.map((table) => table.rows);
  const header = decls.map(({ name, columns }, t): TableHeader => [
    name,
    rows[t]!,
    columns.map(({ type }) => type),
  ]);
  // The summary comes last, and null is one byte.
  const head = encode({ digest: NO_DIGEST, tables: header, summary: null }).slice(0, -1);
  return { rows, head, digestAt: Buffer.from(head.buffer).indexOf(NO_DIGEST), ...framingOf(decls, rows) };
}

function framingOf(decls: readonly TableDecl[], rows: readonly number[]) {
  const parts: Uint8Array[] = [];
  const gaps: number[] = [];
  let at = 0;
  const push = (part: Uint8Array): void => {
    parts.push(part);
    at += part.byteLength;
  };
  decls.forEach((decl, t) => {
    const isKnown = !(decl.optional && rows[t] === 0);
    if (isKnown) push(Buffer.from(tableLine(decl, rows[t]!)));
    for (const column of decl.columns) {
      const bytes = rows[t]! * BYTES[column.type];
      if (isKnown) push(Buffer.from(columnLine(column, bytes)));
      gaps.push(isKnown ? at : -1);
      if (isKnown) push(new Uint8Array(bytes));
    }
  });
  return { framing: new Uint8Array(Buffer.concat(parts)), gaps };
}
