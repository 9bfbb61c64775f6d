/**
 * Writes what the C++ twins replay: `<dir>/<variant>.bin` and `.txt` (workload and the figures of our book),
 * and, with --vectors, tests/vectors/book-commands.txt. Called as: node write-vectors.js dir
 * [--vectors] variant...
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Book } from '../../src/core/book/book.js';
import { commandVector } from '../support/book-vector.js';
import { applyMessages, BBO_HASH_START, figuresOf, TradeTape } from './replay.js';
import { generateWorkload, LADDER_TICKS, VARIANTS, workloadFile } from './workload.js';

function writeWorkload(dir: string, name: keyof typeof VARIANTS): void {
  const workload = generateWorkload(VARIANTS[name]);
  const tape = new TradeTape();
  const book = new Book(
    { ticks: LADDER_TICKS, orders: 2 * workload.variant.target, ids: workload.ids },
    tape,
  );
  const bboHash = applyMessages(book, workload.records, 0, workload.messages, BBO_HASH_START);
  const figures = { ...figuresOf(book, tape, bboHash), stateHash: book.stateHash() };
  const lines = Object.entries(figures).map(([figure, value]) => `${figure} ${value}\n`);
  writeFileSync(join(dir, `${name}.bin`), workloadFile(workload));
  writeFileSync(join(dir, `${name}.txt`), lines.join(''));
}

const [dir = 'build', ...names] = process.argv.slice(2);
mkdirSync(dir, { recursive: true });
for (const name of names) {
  if (name === '--vectors') writeFileSync('tests/vectors/book-commands.txt', commandVector());
  else if (name in VARIANTS) writeWorkload(dir, name as keyof typeof VARIANTS);
  else throw new Error(`unknown variant ${name}: expected one of ${Object.keys(VARIANTS).join(', ')}`);
}
