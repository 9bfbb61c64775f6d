/** Bench cases of the order book: the public workload at three depths, and a prefix for slow peers. */
import { Book } from '../../src/core/book/book.js';
import type { BenchCase, PreparedCase } from './cases.js';
import { applyMessages, BBO_HASH_START, figuresDigest, figuresOf, TradeTape } from './replay.js';
import { generateWorkload, LADDER_TICKS, type Variant, VARIANTS } from './workload.js';

/**
 * The case whose messages a slow peer replays too; size = messages after the build-up, as in all cases here.
 */
export const PEER_CASE = { name: 'book-base-prefix', sizes: { smoke: 5_000, full: 300_000 } };

/**
 * Replay of a variant's first messages: the generator draws them in order, so a prefix is a shorter workload.
 */
function replayCase(name: string, variant: Variant, sizes: BenchCase['sizes']): BenchCase {
  return { name, unit: 'messages', sizes, setup: (messages) => prepare({ ...variant, messages }) };
}

function prepare(variant: Variant): PreparedCase {
  const { records, preload, messages, ids } = generateWorkload(variant);
  const tape = new TradeTape();
  const book = new Book({ ticks: LADDER_TICKS, orders: 2 * variant.target, ids }, tape);
  let bboHash = BBO_HASH_START;
  return {
    count: messages - preload,
    before: () => {
      tape.rewind();
      book.reset();
      bboHash = applyMessages(book, records, 0, preload, BBO_HASH_START);
    },
    run: () => {
      bboHash = applyMessages(book, records, preload, messages, bboHash);
      return figuresDigest(figuresOf(book, tape, bboHash));
    },
  };
}

const WHOLE = { smoke: 20_000, full: 5_000_000 };

export const bookCases: readonly BenchCase[] = [
  replayCase('book-base', VARIANTS.base, WHOLE),
  replayCase('book-mid', VARIANTS.mid, WHOLE),
  replayCase('book-deep', VARIANTS.deep, WHOLE),
  replayCase(PEER_CASE.name, VARIANTS.base, PEER_CASE.sizes),
];
