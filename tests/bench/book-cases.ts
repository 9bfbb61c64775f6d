/** Bench cases of the order book: the public workload at three depths, and our two variants of it. */
import { Book } from '../../src/core/book/book.js';
import type { BenchCase, PreparedCase } from './cases.js';
import { applyMessages, BBO_HASH_START, figuresDigest, figuresOf, TradeTape } from './replay.js';
import { generateWorkload, LADDER_TICKS, type Variant, VARIANTS } from './workload.js';

/** Replay of a variant; size = messages after the build-up, in the order in which they are always drawn. */
function replayCase(variant: Variant): BenchCase {
  return {
    name: `book-${variant.name}`,
    unit: 'messages',
    sizes: { smoke: 20_000, full: 5_000_000 },
    setup: (messages) => prepare({ ...variant, messages }),
  };
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

const { base, mid, deep, sparse, 'wide-swing': wideSwing } = VARIANTS;

export const bookCases: readonly BenchCase[] = [
  replayCase(base),
  replayCase(mid),
  replayCase(deep),
  replayCase(sparse),
  { ...replayCase(wideSwing), sizes: { smoke: 60_000, full: 5_000_000 } },
];
