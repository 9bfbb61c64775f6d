/** The fast book, its slow twin and its C++ twin: every sort of command, the QuantCup feed, call auctions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { runCalls, runSeed } from '../../bench/differential.js';
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

  it('agrees on 1,000 calls between which a book trades, with bands, rules, icebergs and stops', async () => {
    for (const seed of [1, 2, 3, 4]) expect(await runCalls(program, seed, 250)).toBeGreaterThan(20_000);
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
