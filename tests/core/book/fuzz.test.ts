/** Two million hostile commands: nothing throws, nothing breaks inside, nothing grows beyond its bound. */
import { expect, it } from 'vitest';
import { Book } from '../../../src/core/book/book.js';
import * as c from '../../../src/core/book/codes.js';
import * as any from '../../support/any-command.js';
import { faultOf } from '../../support/book-invariants.js';
import { RequestSource, SMALL_BOOK } from '../../support/book-requests.js';
import { Pcg32 } from '../../bench/pcg32.js';

const COMMANDS = 2_000_000;
const EDGES = [
  0,
  1,
  2,
  -1,
  -2,
  31,
  63,
  64,
  c.MAX_PRICE_TICKS,
  c.MAX_PRICE_TICKS + 1,
  c.MAX_LEVEL_LOTS,
  c.MAX_LEVEL_LOTS - 1,
  -c.MAX_LEVEL_LOTS - 1,
  -c.MAX_LEVEL_LOTS,
];
const TIMES = [-Infinity, -1, 0, 0.5, 1e300, 2 ** 53, Infinity, NaN];
const FIELDS = [
  'id',
  'side',
  'type',
  'priceTicks',
  'qtyLots',
  'tif',
  'displayLots',
  'ownerId',
  'selfTrade',
  'triggerTicks',
  'partnerId',
] as const;

/** Bounds that are met often. */
const BOUNDS = { ...SMALL_BOOK, maxOrders: 14 };

/** Reasonable commands, of which many have fields overwritten by edges or by any int32. */
class HostileSource {
  private readonly random = new Pcg32(77);
  private readonly source = new RequestSource(78, BOUNDS);
  /** Commands until a halt ends. */
  private shut = 0;

  draw(): any.AnyCommand {
    const { random } = this;
    const it = { ...this.source.draw() };
    if (random.uniform(4) === 0) it.op = random.uniform(any.OP_RESET);
    for (let n = random.uniform(4); n > 1; n--) it[FIELDS[random.uniform(FIELDS.length)]!] = this.hostile();
    // A clock that has reached the end of time would refuse all that follows.
    const isTime = it.op === any.OP_ADVANCE;
    if (random.uniform(10) === 0) it.expiryNs = TIMES[random.uniform(isTime ? 4 : TIMES.length)]!;
    if (isTime && random.uniform(100) === 0) it.expiryNs = NaN;
    // Halts and bands that shut the book last for a few commands only.
    if (it.op === any.OP_HALT || it.op === any.OP_BAND) this.shut = 20;
    if (this.shut > 0 && --this.shut === 0) return any.command(any.OP_HALT);
    if (this.shut === 0 && random.uniform(500) === 0) {
      return any.command(any.OP_BAND, { priceTicks: 0, qtyLots: c.MAX_PRICE_TICKS });
    }
    return it;
  }

  private hostile(): number {
    const { random } = this;
    return random.uniform(2) === 0 ? EDGES[random.uniform(EDGES.length)]! : random.next() | 0;
  }
}

it(`${COMMANDS} of them leave the book whole, and the refused ones unchanged`, () => {
  const source = new HostileSource();
  let words = 0;
  const book = new Book(BOUNDS, { onEvents: (_, count) => void (words += count) });
  const met = new Map<number, number>();
  let accepted = 0;
  let hash = book.stateHash();
  for (let i = 1; i <= COMMANDS; i++) {
    const it = source.draw();
    const answer = any.obey(book, it);
    if (answer < 0) {
      met.set(answer, (met.get(answer) ?? 0) + 1);
      if (book.stateHash() !== hash) expect(it, `refused with ${answer}, yet changed`).toBeUndefined();
    } else {
      hash = book.stateHash();
      accepted++;
    }
    if (i % 20 === 0) {
      const fault = faultOf(book);
      if (fault !== '') expect(fault, `command ${i}: ${JSON.stringify(it)}`).toBe('');
    }
    if (i % 1_000 === 0) {
      const copy = new Book(BOUNDS, { onTrade() {} });
      copy.restore(book.snapshot());
      expect(copy.stateHash()).toBe(book.stateHash());
    }
    if (i % 50_000 === 0) {
      book.reset();
      hash = book.stateHash();
    }
  }
  expect(words).toBeGreaterThan(COMMANDS);
  expect(accepted).toBeGreaterThan(COMMANDS / 10);
  for (let code: number = c.REJECT_QTY; code >= c.REJECT_TYPE; code--) {
    expect([...met.keys()]).toContain(code);
  }
});
