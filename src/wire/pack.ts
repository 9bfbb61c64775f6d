/**
 * The answer to a pack of small jobs as three tables, so that it travels, is hashed and is compared like any
 * other answer: the length of each job's result bytes (0 where there is none), all result bytes one after the
 * other, and what went wrong where.
 */
import type { Table } from '../contract/columns.js';
import { MmsError, PROBLEMS } from '../contract/problem.js';
import type { Problem, ProblemCode } from '../contract/problem.js';

/** The ends of a pack's jobs, in its order. */
export interface PackedEnds {
  /** Bytes of each job's result; 0 for a job that failed. Every result is a multiple of 8 bytes long. */
  readonly lengths: Uint32Array;
  readonly bytes: Uint8Array;
  /** By the number of the job in the pack. */
  readonly problems: ReadonlyMap<number, Problem>;
}

export type PackedProblem = readonly [job: number, code: ProblemCode, detail: string];

/** The tables of the ends; PackWriter makes the bytes. */
export function endsTables(
  lengths: Uint32Array,
  bytes: Uint8Array,
  problems: readonly PackedProblem[],
): Table[] {
  const text = new Uint8Array(Buffer.from(problems.length === 0 ? '' : JSON.stringify(problems)));
  return [
    { name: 'lengths', rows: lengths.length, columns: [lengths] },
    { name: 'results', rows: bytes.length, columns: [bytes] },
    { name: 'problems', rows: text.length, columns: [text] },
  ];
}

/** The ends of `jobs` jobs. Throws MmsError E_INTERNAL on tables that packEnds did not make. */
export function readEnds(tables: readonly Table[], jobs: number): PackedEnds {
  const [lengths, bytes, text] = tables.map(({ columns }) => columns[0]);
  if (tables.length !== 3 || !(lengths instanceof Uint32Array) || !(bytes instanceof Uint8Array))
    throw malformed('three columns');
  if (lengths.length !== jobs || lengths.reduce((sum, length) => sum + length, 0) !== bytes.length)
    throw malformed(`${jobs} jobs and their bytes`);
  const problems = readProblems(text as Uint8Array);
  for (let job = 0; job < jobs; job++) {
    if ((lengths[job] === 0) !== problems.has(job)) throw malformed(`an end of job ${job}`);
  }
  return { lengths, bytes, problems };
}

/** Title, status and type come from the catalogue here, never from the peer. */
function readProblems(text: Uint8Array): Map<number, Problem> {
  if (text.length === 0) return new Map();
  try {
    const told = JSON.parse(Buffer.from(text).toString()) as [number, ProblemCode, string][];
    return new Map(
      told.map(([job, code, detail]) => {
        if (!Object.hasOwn(PROBLEMS, code)) throw malformed('a known problem');
        return [job, new MmsError(code, String(detail).slice(0, 4_000)).problem];
      }),
    );
  } catch (error) {
    throw error instanceof MmsError ? error : malformed('problems as JSON');
  }
}

function malformed(expected: string): MmsError {
  return new MmsError('E_INTERNAL', `The answer to a pack of jobs: expected ${expected}.`);
}
