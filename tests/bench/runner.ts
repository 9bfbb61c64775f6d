/**
 * Programs that are timed against each other: each is a process of its own that does its work once for every
 * line it reads and answers with a line of numbers and a digest; they take turns, so that noise disturbs all
 * alike.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program and what it is called in messages. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What one pass answered: nanoseconds per unit of work first, then whatever else the program counts. */
export interface Answer {
  readonly numbers: readonly number[];
  readonly digest: string;
}

/** A running program. */
class Runner {
  private readonly name: string;
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor({ name, command, args }: Program) {
    this.name = name;
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
 * answers per program. All answers of all programs must have one digest; another is an error.
 */
export async function inTurns(
  programs: readonly Program[],
  warmups: number,
  rounds: number,
): Promise<Answer[][]> {
  const runners = programs.map((program) => new Runner(program));
  const answers: Answer[][] = programs.map(() => []);
  let first: string | undefined;
  try {
    for (let round = -warmups; round < rounds; round++) {
      for (const [i, runner] of runners.entries()) {
        const answer = await runner.pass();
        first ??= answer.digest;
        if (answer.digest !== first) {
          throw new Error(`${programs[i]!.name}: digest ${answer.digest}, ${first} of ${programs[0]!.name}`);
        }
        if (round >= 0) answers[i]!.push(answer);
      }
    }
  } finally {
    for (const runner of runners) runner.end();
  }
  return answers;
}
