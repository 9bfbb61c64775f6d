/**
 * Trades, Bitstamp orders and Binance depth as replay feeds: what each row becomes, and refusals that
 * name the place.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InputData } from '../../src/contract/kind.js';
import { readReplayFeed } from '../../src/core/sim/replay-feed.js';
import { CANCEL_PART, DELETE, EXECUTE_VISIBLE, SUBMIT } from '../../src/core/sim/replay-feed.js';
import { detectFeed } from '../../src/data/detect-feed.js';
import { createInputReader } from '../../src/data/input-reader.js';
import { BITSTAMP_HEADER } from '../../src/data/bitstamp.js';
import { TRADES_HEADER } from '../../src/data/trades.js';
import { freshDir } from '../support/service.js';
import { withShared } from '../support/shared.js';

async function read(importer: string, lines: readonly string[]): Promise<InputData> {
  const file = join(freshDir(), `${importer}.txt`);
  writeFileSync(file, lines.join('\n'));
  const pointers = { file: '/data/file' };
  return createInputReader({ root: null }).read({ name: 'feed', importer, files: { file }, pointers });
}

/** (ns, type, price, lots, side) of each message, and the best ask and bid after it. */
function rowsOf({ tables }: InputData) {
  const feed = readReplayFeed(tables);
  const width = feed.levels * 4;
  return Array.from({ length: feed.rows }, (_, i) => [
    feed.tNs[i],
    feed.type[i],
    feed.priceE4[i]! / 1e4,
    feed.lots[i],
    feed.side[i],
    ...Array.from(feed.cells.subarray(i * width, i * width + 4), (cell, c) =>
      c % 2 === 0 ? cell / 1e4 : cell,
    ),
  ]);
}
const lotOf = ({ tables }: InputData) => tables[2]!.columns[3]![0];

describe('trades', () => {
  it('become executions of the resting side, in the finest lot of the file', async () => {
    const data = await read('trades', [TRADES_HEADER, '1,1000,5.50,0.25,1', '2,1250,5.51,0.1,0']);
    expect(rowsOf(data)).toEqual([
      [0, EXECUTE_VISIBLE, 5.5, 25, 0],
      [250e6, EXECUTE_VISIBLE, 5.51, 10, 1],
    ]);
    expect(lotOf(data)).toBe(0.01);
  });

  it('are refused with line and column', async () => {
    await expect(read('trades', [TRADES_HEADER, '1,1000,x,1,1'])).rejects.toThrow(':2, column 3 (price)');
    await expect(read('trades', [TRADES_HEADER, '1,1000,5.12345,1,1'])).rejects.toThrow('at most 4 decimals');
    await expect(read('trades', ['a,b'])).rejects.toThrow('expected the header');
    await expect(read('trades', [TRADES_HEADER])).rejects.toThrow('no trades');
  });
});

describe('orders', () => {
  it('rest, fill, cancel; one that crosses joins the book when it no longer does', async () => {
    const row = (id: number, ms: number, price: string, volume: number, action: string, side: string) =>
      `${id},${ms},${ms},${price},${volume},${action},${side}`;
    const data = await read('orders', [
      BITSTAMP_HEADER,
      row(1, 1000, '10.00', 500, 'created', 'bid'),
      row(2, 1001, '10.02', 300, 'created', 'ask'),
      row(3, 1002, '10.02', 400, 'created', 'bid'),
      row(3, 1003, '10.02', 100, 'changed', 'bid'),
      row(2, 1004, '10.02', 0, 'deleted', 'ask'),
      row(1, 1005, '10.00', 200, 'changed', 'bid'),
      row(1, 1006, '10.00', 200, 'deleted', 'bid'),
      row(9, 1007, '10.00', 5, 'deleted', 'bid'),
    ]);
    // Order 3 takes order 2; freed of what it crosses, it rests with what is left of it.
    expect(rowsOf(data).map((values) => values.slice(0, 5))).toEqual([
      [0, SUBMIT, 10, 5, 0],
      [1e6, SUBMIT, 10.02, 3, 1],
      [4e6, EXECUTE_VISIBLE, 10.02, 3, 1],
      [4e6, SUBMIT, 10.02, 1, 0],
      [5e6, EXECUTE_VISIBLE, 10, 3, 0],
      [6e6, DELETE, 10, 2, 0],
    ]);
    expect(data.notes.join()).toContain('1 events of orders from before');
  });
});

describe('depth', () => {
  it('becomes level changes, of which trades since the last difference are taken out', async () => {
    const at = (ms: number, message: object) =>
      `17000000000${String(ms).padStart(2, '0')}000000 ${JSON.stringify(message)}`;
    const depth = (U: number, u: number, b: string[][], a: string[][]) => ({
      e: 'depthUpdate',
      E: 1,
      s: 'X',
      U,
      u,
      b,
      a,
    });
    const trade = (p: string, q: string) => ({ e: 'trade', E: 1, s: 'X', t: 1, p, q, T: 5, m: true });
    const data = await read('depth', [
      at(0, { lastUpdateId: 10, bids: [['10.0', '5']], asks: [['10.2', '4']] }),
      at(1, depth(11, 12, [['10.0', '7']], [])),
      at(2, trade('10.0', '2')),
      at(3, trade('10.0', '1')),
      at(4, depth(13, 14, [['10.0', '3']], [['10.1', '6']])),
    ]);
    expect(rowsOf(data)).toEqual([
      [1e6, SUBMIT, 10, 2, 0, 10.2, 4, 10, 7],
      [2e6, EXECUTE_VISIBLE, 10, 2, 0, 10.2, 4, 10, 7],
      [2e6, EXECUTE_VISIBLE, 10, 1, 0, 10.2, 4, 10, 7],
      [4e6, CANCEL_PART, 10, 1, 0, 10.2, 4, 10, 3],
      [4e6, SUBMIT, 10.1, 6, 1, 10.1, 6, 10, 3],
    ]);
  });

  it('needs a snapshot', async () => {
    const line = JSON.stringify({ e: 'depthUpdate', E: 1, s: 'X', U: 1, u: 2, b: [], a: [] });
    await expect(read('depth', [line])).rejects.toThrow('snapshot');
  });
});

withShared('the feeds of shared/data', (dir) => {
  it.each([
    ['lobster-messages', 'lobster/AAPL_2012-06-21_first999_message_10.csv.gz'],
    ['lobster-book', 'lobster/AAPL_2012-06-21_first999_orderbook_10.csv.gz'],
    ['trades', 'trades/binance_spot_ethusdt_20240808_trades.csv.gz'],
    ['depth', 'l2/binance_spot_ethusdt_20240808.jsonl.gz'],
    ['orders', 'l3/bitstamp_btcusd_2015-05-01_first20000.csv.gz'],
  ])('are told apart: %s', async (feed, name) => {
    const path = `${dir}/data/${name}`;
    expect(await detectFeed({ path, label: name, pointer: null })).toBe(feed);
  });

  it('hold as many trades as the capture and the trade file say', async () => {
    const reader = createInputReader({ root: null });
    const of = (importer: string, file: string) =>
      reader.read({ name: 'feed', importer, files: { file: `${dir}/data/${file}` }, pointers: {} });
    const trades = readReplayFeed(
      (await of('trades', 'trades/binance_spot_ethusdt_20240808_trades.csv.gz')).tables,
    );
    const depth = readReplayFeed((await of('depth', 'l2/binance_spot_ethusdt_20240808.jsonl.gz')).tables);
    expect(trades.rows).toBe(6106);
    expect(depth.type.filter((type) => type === EXECUTE_VISIBLE)).toHaveLength(6106);
  });
});
