/** Processes of the bench: they are waited for by what they write, and are gone when the bench is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const leftovers: (() => void)[] = [];
process.once('exit', () => leftovers.forEach((remove) => remove()));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** A folder that goes with the bench. */
export function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mms-cluster-'));
  leftovers.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export class Child {
  readonly process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #heard = new EventEmitter();

  constructor(command: string, args: readonly string[], cwd = freshDir(), env: NodeJS.ProcessEnv = {}) {
    this.process = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    leftovers.unshift(() => this.process.kill('SIGKILL'));
    for (const input of [this.process.stdout!, this.process.stderr!]) {
      createInterface({ input }).on('line', (line) => {
        if (this.#lines.push(line) > 100) this.#lines.shift();
        this.#heard.emit('line', line);
      });
    }
  }

  /** The first match of a line that it wrote or writes; an error when it ends before. */
  match(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (line: string): void => {
        const found = pattern.exec(line);
        if (found) resolve(found);
      };
      const gone = (): void =>
        reject(new Error(`${this.process.spawnargs.join(' ')} ended:\n${this.#lines.join('\n')}`));
      this.#heard.on('line', look);
      this.process.once('error', gone).once('exit', gone);
      this.#lines.forEach(look);
    });
  }

  /** The next line that it writes. */
  async next(): Promise<string> {
    const [line] = (await once(this.#heard, 'line')) as [string];
    return line;
  }

  /** Resolves when it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }
}
