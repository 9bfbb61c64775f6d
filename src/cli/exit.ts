/** Exit codes and how a failure is told: one short block on stderr that names the field and what to do. */
import type { Problem, ProblemCode } from '../contract/problem.js';
import { MmsError, PROBLEMS } from '../contract/problem.js';
import type { Io } from './io.js';

/** `partial`: some cells of a sweep failed, the others are there. */
export const EXIT = { ok: 0, failed: 1, badInput: 2, unreachable: 3, partial: 4, interrupted: 130 } as const;

/** Hears the exit code of the command that ran. */
export type Ended = (code: number) => void;

/** Exit code of a problem; a code of a newer service counts as a failed run. */
export function exitCodeOf(problem: Problem): number {
  return Object.hasOwn(PROBLEMS, problem.code) ? PROBLEMS[problem.code].exit : EXIT.failed;
}

/** Names the flag for a pointer such as /spec/strategy/gamma; null keeps the pointer. */
export type FlagFor = (pointer: string) => string | null;

/** Lines of a problem: the title, then one line for each fault, or the detail where there are none. */
export function problemLines(problem: Problem, flagFor: FlagFor = () => null): string[] {
  const faults = problem.errors ?? [];
  if (faults.length === 0) return [`error: ${problem.detail}`];
  return faults.map(({ pointer, message, suggestion }) => {
    const where = flagFor(pointer) ?? pointer;
    const hint = suggestion && !message.includes(suggestion) ? ` Did you mean "${suggestion}"?` : '';
    return `error: ${where ? `${where}: ` : ''}${message}${hint}`;
  });
}

/** Tells an expected failure and returns its exit code; anything else is a bug and shows its stack. */
export function tellFailure(io: Io, error: unknown, flagFor?: FlagFor): number {
  if (error instanceof MmsError) {
    for (const line of problemLines(error.problem, flagFor)) io.talk(`${line}\n`);
    return exitCodeOf(error.problem);
  }
  io.talk(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.failed;
}

/** A problem about one flag or file of the command line. */
export function badInput(message: string, code: ProblemCode = 'E_SPEC'): MmsError {
  return new MmsError(code, message);
}
