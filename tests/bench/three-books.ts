/** The fast book, its slow twin and its C++ twin side by side: the same commands, compared by hash. */
import { Book } from '../../src/core/book/book.js';
import { NaiveBook } from '../../src/core/book/naive.js';
import type { BookOptions } from '../../src/core/book/types.js';
import { type AnyCommand, CommandBatch, Player, Tape } from '../support/any-command.js';
import { NativeBook } from './native-book.js';

/** Commands between two comparisons. */
export const BATCH = 1000;

type Bounds = Required<BookOptions>;

export class ThreeBooks {
  /** Commands that were refused, and hashes that were equal. */
  refused = 0;
  compared = 0;
  private readonly bounds: Bounds;
  private readonly tape: Tape;
  private book: Book;
  private readonly fast: Player;
  private readonly naive: Player;
  private readonly native: NativeBook | null;
  private readonly batch = new CommandBatch(BATCH);
  private readonly list: AnyCommand[] = [];

  /** program: a build of native-bench/differential.cpp; null leaves C++ out. */
  constructor(program: string | null, reports: 'events' | 'trades', bounds: Bounds) {
    this.bounds = bounds;
    this.tape = new Tape(reports);
    this.book = new Book(bounds, this.tape.sink);
    this.fast = new Player(this.tape, this.book);
    const tape = new Tape(reports);
    this.naive = new Player(tape, new NaiveBook(bounds, tape.sink));
    this.native = program === null ? null : new NativeBook(program, reports, bounds, BATCH);
  }

  /** Gives a command to all three; throws with the hashes when a batch leaves them different. */
  async play(it: AnyCommand): Promise<void> {
    this.list.push(it);
    if (this.list.length < BATCH) return;
    await this.send();
    await this.compare();
  }

  /** Plays what waits and ends the C++ process. */
  async end(): Promise<void> {
    if (this.list.length > 0) await this.send();
    this.native?.end();
    if (this.list.length > 0) await this.compare();
  }

  private async send(): Promise<void> {
    this.batch.clear();
    for (const it of this.list) this.batch.add(it);
    await this.native?.send(this.batch.bytes());
  }

  private async compare(): Promise<void> {
    for (const it of this.list) {
      if (this.fast.play(it) < 0) this.refused++;
      this.naive.play(it);
    }
    this.list.length = 0;
    this.book.flush();
    this.compared++;
    if (this.compared % 3 === 0) this.renew();
    const [fast, naive, native] = [this.fast.hashes(), this.naive.hashes(), await this.native?.hashes()];
    if (fast !== naive || (this.native !== null && fast !== native)) {
      throw new Error(`batch ${this.compared}: fast ${fast}, naive ${naive}, C++ ${native ?? 'left out'}`);
    }
  }

  /** The fast book goes on as a restored one: a snapshot in between must not be noticed. */
  private renew(): void {
    const again = new Book(this.bounds, this.tape.sink);
    again.restore(this.book.snapshot());
    this.book = again;
    this.fast.book = again;
  }
}
