/** What can be wrong with the answer of a kernel, and how it is told to people. */
import type { Table } from '../contract/columns.js';
import type { Kind } from '../contract/kind.js';
import { MmsError } from '../contract/problem.js';
import type { Problem } from '../contract/problem.js';

export interface NonFinite {
  readonly table: string;
  readonly column: number;
  readonly row: number;
  readonly value: number;
}

/** The first number that is not finite, or null. */
export function nonFinite(tables: readonly Table[]): NonFinite | null {
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

/** The name that the kind declares for the column. Throws when it declares none. */
export function declaredColumn(kind: Kind, { table, column }: NonFinite): string {
  return (kind.partials ?? kind.tables).find(({ name }) => name === table)!.columns[column]!.name;
}

export function nonFiniteProblem(
  kind: string,
  from: number,
  to: number,
  { table, row, value }: NonFinite,
  column: string,
): Problem {
  const where = `column ${column} of table ${table}, row ${row + 1} of the chunk.`;
  return new MmsError('E_NONFINITE', `Units ${from}..${to - 1} of kind ${kind} gave ${value} in ${where}`)
    .problem;
}

export function thrownProblem(kind: string, from: number, to: number, cause: unknown): Problem {
  return new MmsError('E_JOB', `Units ${from}..${to - 1} of kind ${kind} failed: ${safeMessage(cause)}`)
    .problem;
}

/** The first line of an error, without paths of this machine. */
function safeMessage(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text
    .split('\n', 1)[0]!
    .replaceAll(/(?:file:\/\/)?(?:\/[\w.@+-]+){2,}/g, '<path>')
    .slice(0, 500);
}
