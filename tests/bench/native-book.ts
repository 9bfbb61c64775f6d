/** The C++ twin of the book as a process: obeys batches of commands and answers each with its hashes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { BookOptions } from '../../src/core/book/types.js';

export class NativeBook {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string, undefined>;

  /** program: a build of native-bench/differential.cpp. */
  constructor(program: string, reports: 'events' | 'trades', bounds: Required<BookOptions>, batch: number) {
    const { ticks, orders, ids, maxOrders, maxIds } = bounds;
    const sizes = [ticks, orders, ids, maxOrders, maxIds, batch].map(String);
    this.child = spawn(program, [reports, ...sizes], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** Sends a batch; only the last one before end() may hold fewer commands than the others. */
  async send(bytes: Uint8Array): Promise<void> {
    if (!this.child.stdin!.write(bytes)) await once(this.child.stdin!, 'drain');
  }

  /** Hashes after the oldest batch that was not answered yet. */
  async hashes(): Promise<string> {
    const line = await this.lines.next();
    if (line.done === true) throw new Error('the C++ twin ended before it answered');
    return line.value;
  }

  end(): void {
    this.child.stdin!.end();
  }
}
