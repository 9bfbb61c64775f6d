/**
 * The command vector that pins the order book across languages: commands, the book's answers, state hashes.
 */
import { Book } from '../../src/core/book/book.js';
import { TradeTape } from '../bench/replay.js';
import { applyCommand, COMMAND_BOOK, type Command, CommandSource, OPS } from './book-commands.js';

const COMMANDS = 4_000;
const HASH_EVERY = 100;

/**
 * First line: the book's options. Then a line per command, `op id side price qty tif answer`, and, every 100,
 * hashes.
 */
export function commandVector(): string {
  const source = new CommandSource(11);
  const tape = new TradeTape();
  const book = new Book(COMMAND_BOOK, tape);
  const it: Command = { op: 'limit', id: 0, side: 0, priceTicks: 0, qtyLots: 0, tif: 0 };
  const lines = [`book ${Object.values(COMMAND_BOOK).join(' ')}`];
  for (let i = 1; i <= COMMANDS; i++) {
    source.draw(it);
    const answer = applyCommand(book, it);
    const op = OPS.indexOf(it.op);
    lines.push([op, it.id, it.side, it.priceTicks, it.qtyLots, it.tif, answer].join(' '));
    if (i % HASH_EVERY === 0) lines.push(`hash ${book.stateHash()} ${tape.hash >>> 0}`);
  }
  return `${lines.join('\n')}\n`;
}
