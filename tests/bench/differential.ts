/**
 * `make -C native-bench differential`: random commands of every sort to the fast book, its slow twin and its
 * C++ twin; answers, state and everything reported must be equal by hash after each 1,000 commands.
 * Called as: node differential.js PROGRAM COMMANDS SEEDS (so many commands for each seed from 1 on)
 */
import { pathToFileURL } from 'node:url';
import { command, OP_RESET } from '../support/any-command.js';
import { LARGE_BOOK, RequestSource, SMALL_BOOK } from '../support/book-requests.js';
import { ThreeBooks } from './three-books.js';

/** The books start anew after so many commands. */
const RESET_EVERY = 25_000;

/**
 * Commands of one seed; an even one has longer queues, one in four reports trades, the others events. Returns
 * how many were refused; throws with the place where the books differ. program null: without C++.
 */
export async function runSeed(program: string | null, seed: number, commands: number): Promise<number> {
  const bounds = seed % 2 === 0 ? LARGE_BOOK : SMALL_BOOK;
  const source = new RequestSource(seed, bounds);
  const books = new ThreeBooks(program, seed % 4 === 3 ? 'trades' : 'events', bounds);
  try {
    for (let i = 1; i <= commands; i++) {
      const resets = i % RESET_EVERY === 0;
      if (resets) source.restart();
      await books.play(resets ? command(OP_RESET) : source.draw());
    }
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await books.end();
  }
  return books.refused;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [program, commands, seeds] = process.argv.slice(2);
  let refused = 0;
  for (let seed = 1; seed <= Number(seeds); seed++)
    refused += await runSeed(program!, seed, Number(commands));
  const total = Number(commands) * Number(seeds);
  process.stdout.write(
    `${total.toLocaleString('en')} commands, ${refused.toLocaleString('en')} of them refused: ` +
      `fast book, naive book and C++ agree on every answer, event and state\n`,
  );
}
