/** The spec of kind `chaos`, which exists only in the test build, and the rows that it must give. */
import type { Table, TableDecl } from '../../../src/contract/columns.js';

export const ACTS = [
  'none',
  'throw',
  'nan',
  'infinity',
  'shape',
  'exit',
  'kill',
  'loop',
  'oom-array',
  'oom-push',
  'oom-strings',
  'oom-objects',
  'oom-typed',
] as const;
export type Act = (typeof ACTS)[number];

export interface ChaosSpec {
  readonly units: number;
  /** Each unit sleeps for this long: it takes time, but no processor. */
  readonly unitMs: number;
  readonly rowsPerUnit: number;
  /** What goes wrong, in the unit `atUnit`. */
  readonly act: Act;
  readonly atUnit: number;
  /** The act happens this often, counted by files in `marks`; 0 means always. */
  readonly times: number;
  readonly marks: string;
  /** A file to which every start and end of a chunk is appended; '' for none. */
  readonly log: string;
}

export const TABLE: TableDecl = {
  name: 'rows',
  title: 'Rows',
  columns: [
    { name: 'unit', type: 'u32', unit: '1', meaning: 'Unit of the row' },
    { name: 'value', type: 'f64', unit: '1', meaning: 'A number that follows from seed, unit and row' },
  ],
};

/** A number of seed, unit and row with all 53 bits of a fraction in use. */
function valueOf(seed: number, unit: number, row: number): number {
  let word =
    (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(unit + 1, 0x85ebca6b) ^ Math.imul(row + 1, 0xc2b2ae35)) | 0;
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  word = Math.imul(word ^ (word >>> 12), 0x297a2d39);
  return ((word ^ (word >>> 15)) >>> 0) / 4294967291 + unit / 3 + row / 7;
}

/** The table of units from..to-1. */
export function rowsOf(
  { rowsPerUnit }: Pick<ChaosSpec, 'rowsPerUnit'>,
  seed: number,
  from: number,
  to: number,
): Table {
  const rows = (to - from) * rowsPerUnit;
  const unit = new Uint32Array(rows);
  const value = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    unit[i] = from + Math.floor(i / rowsPerUnit);
    value[i] = valueOf(seed, unit[i]!, i % rowsPerUnit);
  }
  return { name: 'rows', rows, columns: [unit, value] };
}
