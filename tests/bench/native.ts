/**
 * `make -C native-bench bench`: our book beside its C++ twin, in turns: a process for each language and
 * workload replays the same messages round by round; hashes must agree before a ratio is said.
 * Called from the repository root as: node native-bench/build/bench/native.js rounds variant:mode...
 * With 0 rounds only the hashes are compared.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { median } from './measure.js';

/** A process that answers each line with its time and its digest. */
class Runner {
  readonly times: number[] = [];
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** One pass; returns its digest. */
  async pass(timed: boolean): Promise<string> {
    this.child.stdin!.write('go\n');
    const answer = (await this.lines.next()) as IteratorResult<string, undefined>;
    if (answer.done === true) throw new Error('a runner ended before it answered');
    const [ns, digest] = answer.value.split(' ');
    if (timed) this.times.push(Number(ns));
    return digest!;
  }

  end(): void {
    this.child.stdin!.end();
  }
}

const WARMUPS = 2;
const [rounds = '7', ...cases] = process.argv.slice(2);
for (const one of cases) {
  const [variant, mode] = one.split(':') as [string, string];
  const file = `native-bench/build/${variant}.bin`;
  const ours = new Runner(process.execPath, ['native-bench/build/bench/native-child.js', file, mode]);
  const twin = new Runner('native-bench/build/check', ['serve', file, mode]);
  for (let round = -WARMUPS; round < Number(rounds); round++) {
    const a = await ours.pass(round >= 0);
    const b = await twin.pass(round >= 0);
    if (a !== b) throw new Error(`${one}: digest ${a} of ours, ${b} of the twin`);
  }
  ours.end();
  twin.end();
  if (ours.times.length === 0) {
    process.stdout.write(`${one}: hashes agree\n`);
    continue;
  }
  const ratio = median(ours.times.map((ns, i) => twin.times[i]! / ns));
  const best = Math.min(...twin.times) / Math.min(...ours.times);
  const speed = [ours.times, twin.times].map(
    (t) => `${median(t).toFixed(2)} (best ${Math.min(...t).toFixed(2)})`,
  );
  process.stdout.write(
    `${one}: ratio ${ratio.toFixed(3)}, of the best rounds ${best.toFixed(3)}; ns ours ${speed[0]}, twin ${speed[1]}\n`,
  );
}
