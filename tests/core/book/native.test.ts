/** The fast book, its slow twin and its C++ twin: every sort of command, the QuantCup feed, call auctions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import * as c from '../../../src/core/book/codes.js';
import { runSeed } from '../../bench/differential.js';
import { Pcg32 } from '../../bench/pcg32.js';
import { ThreeBooks } from '../../bench/three-books.js';
import * as any from '../../support/any-command.js';
import { SMALL_BOOK } from '../../support/book-requests.js';
import { withCompiler } from '../../support/native-program.js';
import { sharedDir } from '../../support/shared.js';

withCompiler('the C++ twin', (build) => {
  let program: string;
  beforeAll(() => {
    program = build('differential.cpp');
  });

  it.each([1, 2, 3, 4])('agrees on 50,000 commands of every sort (seed %i)', async (seed) => {
    expect(await runSeed(program, seed, 50_000)).toBeGreaterThan(1_000);
  });

  it('uncrosses 20,000 random auctions alike, and what is left moves to the book', async () => {
    const random = new Pcg32(19);
    const books = new ThreeBooks(program, 'trades', { ...SMALL_BOOK, maxOrders: 400 });
    for (let round = 0; round < 20_000; round++) {
      const width = 1 + random.uniform(12);
      const count = 1 + random.uniform(10);
      for (let id = 0; id < count; id++) {
        const priceTicks = random.uniform(8) === 0 ? c.NIL : 50 + random.uniform(width);
        const qtyLots = random.uniform(40);
        const side = random.uniform(2);
        await books.play(any.command(any.OP_CALL_ADD, { id, side, priceTicks, qtyLots }));
      }
      await books.play(any.command(any.OP_CALL_CANCEL, { id: random.uniform(2 * count) }));
      const referenceTicks = random.uniform(4) === 0 ? c.NIL : 45 + random.uniform(width + 10);
      await books.play(any.command(any.OP_UNCROSS, { priceTicks: referenceTicks }));
      if (round % 4 !== 3) continue;
      await books.play(any.command(any.OP_CALL_MOVE));
      await books.play(any.command(any.OP_RESET));
    }
    await books.end();
    expect(books.compared).toBeGreaterThan(100);
  });

  if (sharedDir === null) console.warn('skipped: ../shared is absent (the whole QuantCup feed)');
  it.skipIf(sharedDir === null)('agrees on all rows of the QuantCup feed', async () => {
    const file = readFileSync(join(sharedDir!, 'data/matching/quantcup_score_feed.csv.gz'));
    const rows = gunzipSync(file).toString().trim().split('\n').slice(1);
    expect(rows.length).toBe(35_759);
    const books = new ThreeBooks(program, 'trades', {
      ...SMALL_BOOK,
      maxOrders: 1 << 24,
      maxIds: 1 << 26,
    });
    let orders = 0;
    for (const row of rows) {
      const [, , side, priceTicks, size] = row.split(',').map(Number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const it =
        priceTicks === 0
          ? any.command(any.OP_CANCEL, { id: size })
          : any.command(any.OP_LIMIT, { id: ++orders, side, priceTicks, qtyLots: size });
      await books.play(it);
    }
    await books.end();
    expect(books.compared).toBe(36);
  });
});
