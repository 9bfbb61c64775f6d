/**
 * `make -C native-bench differential`: random commands of every sort to the fast book, its slow twin and its
 * C++ twin; answers, state and everything reported must be equal by hash after each 1,000 commands.
 * Called as: node differential.js PROGRAM COMMANDS SEEDS (so many commands for each seed from 1 on)
 */
import { pathToFileURL } from 'node:url';
import * as any from '../support/any-command.js';
import { drawCalls } from '../support/call-requests.js';
import { LARGE_BOOK, RequestSource, SMALL_BOOK } from '../support/book-requests.js';
import { ThreeBooks } from './three-books.js';

/** The books start anew after so many commands. */
const RESET_EVERY = 25_000;
/** Call auctions of each seed. */
const CALLS = 200;

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
      await books.play(resets ? any.command(any.OP_RESET) : source.draw());
    }
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await books.end();
  }
  return books.refused;
}

/** As runSeed, with call auctions: the books give their orders to a call, which uncrosses and gives back. */
export async function runCalls(program: string | null, seed: number, calls: number): Promise<number> {
  const bounds = { ...LARGE_BOOK, maxOrders: 1 << 16 };
  const books = new ThreeBooks(program, 'events', bounds);
  let played = 0;
  try {
    for (const it of drawCalls(seed, bounds, calls)) {
      await books.play(it);
      played++;
    }
  } catch (error) {
    throw new Error(`calls, seed ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await books.end();
  }
  return played;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [program, commands, seeds] = process.argv.slice(2);
  let refused = 0;
  for (let seed = 1; seed <= Number(seeds); seed++)
    refused += await runSeed(program!, seed, Number(commands));
  let total = Number(commands) * Number(seeds);
  for (let seed = 1; seed <= Number(seeds); seed++) total += await runCalls(program!, seed, CALLS);
  process.stdout.write(
    `${total.toLocaleString('en')} commands, ${refused.toLocaleString('en')} of them refused: ` +
      `fast book, naive book and C++ agree on every answer, event and state\n`,
  );
}
