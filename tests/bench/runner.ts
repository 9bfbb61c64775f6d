/**
 * Programs that are timed against each other: each is a process of its own that does its work once for every
 * line it reads and answers with a line of numbers and a digest; they take turns, so that noise disturbs all
 * alike.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';

/** A program that is timed. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Programs of one group must answer with one digest; all are of one group unless they say so. */
  readonly group?: string;
  /** Passes in each of its turns; 1 when absent. */
  readonly passes?: number;
}

/** What one pass answered: nanoseconds per unit of work first, then whatever else the program counts. */
export interface Answer {
  readonly numbers: readonly number[];
  readonly digest: string;
}

/** A running program. */
class Runner {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor({ command, args }: Program) {
    this.name = [basename(command), ...args].join(' ');
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  async pass(): Promise<Answer> {
    this.child.stdin!.write('go\n');
    const line = (await this.lines.next()) as IteratorResult<string, undefined>;
    if (line.done === true) throw new Error(`${this.name} ended before it answered`);
    const words = line.value.split(' ');
    const digest = words.pop()!;
    const numbers = words.map(Number);
    if (numbers.length === 0 || !numbers.every(Number.isFinite)) {
      throw new Error(`${this.name} answered "${line.value}": expected numbers and a digest`);
    }
    return { numbers, digest };
  }

  end(): void {
    this.child.stdin!.end();
  }
}

/**
 * Runs programs in turns: `warmups` rounds that are dropped, then `rounds` that are returned, a list of
 * answers per program. A digest that differs within a group is an error.
 */
export async function inTurns(
  programs: readonly Program[],
  warmups: number,
  rounds: number,
): Promise<Answer[][]> {
  const runners = programs.map((program) => new Runner(program));
  const answers: Answer[][] = programs.map(() => []);
  const digests = new Map<string, { name: string; digest: string }>();
  try {
    for (let round = -warmups; round < rounds; round++) {
      for (const [i, runner] of runners.entries()) {
        const { group = '', passes = 1 } = programs[i]!;
        for (let pass = 0; pass < passes; pass++) {
          const answer = await runner.pass();
          const first = digests.get(group) ?? { name: runner.name, digest: answer.digest };
          digests.set(group, first);
          if (answer.digest !== first.digest) {
            throw new Error(`${runner.name}: digest ${answer.digest}, but ${first.digest} of ${first.name}`);
          }
          if (round >= 0) answers[i]!.push(answer);
        }
      }
    }
  } finally {
    for (const runner of runners) runner.end();
  }
  return answers;
}
