/**
 * A shell that a page's commands are typed into: a network of its own, in which every port is free and
 * 10.0.0.7 is this machine, and processes that end with it. Needs root on Linux.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const END = 'end-of-the-command';

/** What the second machine of the docs has, and a fresh /var/lib. */
const SETUP = 'ip link set lo up && ip addr add 10.0.0.7/32 dev lo && mount -t tmpfs tmpfs /var/lib';

export interface Ended {
  readonly code: number;
  /** stdout and stderr. */
  readonly output: string;
}

export class Shell {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #dir: string;
  #output = '';
  #heard: () => void = () => undefined;
  #backgrounds = 0;

  constructor(dir: string, env: Readonly<Record<string, string>>) {
    this.#dir = dir;
    this.#child = spawn('unshare', [...NAMESPACES, 'bash', '--norc'], { cwd: dir, env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#heard();
      });
    }
    this.#child.once('exit', () => this.#heard());
  }

  /** Resolves with what the command printed and its exit code, as the shell has it. */
  async run(command: string): Promise<Ended> {
    this.#output = '';
    this.#child.stdin.write(`{ ${command}\n} </dev/null\necho "${END} $?"\n`);
    const pattern = new RegExp(`${END} (\\d+)\\n`);
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match) return { code: Number(match[1]), output: this.#output.slice(0, match.index) };
      if (this.#child.exitCode !== null) return { code: this.#child.exitCode, output: this.#output };
      await new Promise<void>((heard) => (this.#heard = heard));
    }
  }

  async setUp(): Promise<void> {
    const { code, output } = await this.run(SETUP);
    if (code !== 0) throw new Error(`No network of its own: ${output}`);
  }

  /**
   * Starts it in the background; resolves with what it printed once that matches `ready`, or with code 1 when
   * it ended or `waitMs` went by before.
   */
  async start(command: string, ready: RegExp, waitMs: number): Promise<Ended> {
    const log = join(this.#dir, `.background-${++this.#backgrounds}`);
    writeFileSync(log, '');
    await this.run(`set -m; { ${command}\n} >${log} 2>&1 & set +m; newest=$!`);
    const end = performance.now() + waitMs;
    for (;;) {
      const output = readFileSync(log, 'utf8');
      if (ready.test(output)) return { code: 0, output };
      const { code } = await this.run('kill -0 $newest 2>/dev/null');
      if (code !== 0 || performance.now() > end) return { code: 1, output };
      await new Promise((next) => setTimeout(next, 50));
    }
  }

  /** Ends the newest background command and waits for its end. */
  async stopNewest(): Promise<void> {
    await this.run('kill -TERM -- -$newest 2>/dev/null; wait $newest');
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Why this machine has no such shell, or null. */
export function whyNoShell(): string | null {
  const tried = spawnSync('unshare', [...NAMESPACES, 'sh', '-c', SETUP], { encoding: 'utf8' });
  if (tried.error) return tried.error.message;
  return tried.status === 0 ? null : tried.stderr.trim();
}
