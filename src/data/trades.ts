/** Importer of trades as CSV: each becomes an execution of a feed that shows no book. */
import { BUY, SELL } from '../core/sim/market.js';
import { EXECUTE_VISIBLE } from '../core/sim/replay-feed.js';
import { dataError } from './data-file.js';
import { scaledInteger } from './decimal.js';
import { FEED_TABLES, FeedColumns, SCALE_DECIMALS } from './feed-columns.js';
import type { Importer } from './importer.js';
import { LineReader } from './line-reader.js';
import { readBytes } from './read-bytes.js';

/** trade id, time in ms since 1970, price, quantity, 1 where the buyer's order was resting. */
export const TRADES_HEADER = 'trade_id,exchange_ms,price,qty,buyer_is_maker';
const COLUMNS = TRADES_HEADER.split(',');

/** Reads { file } with the header above. Times are ns after the first trade. */
export const tradesImporter: Importer = {
  roles: ['file'],
  tables: FEED_TABLES,
  async read(file, limits) {
    const source = file('file');
    const feed = new FeedColumns(source, 0, limits.maxRows);
    let firstMs = NaN;
    const lines = new LineReader(source, (text) => {
      if (lines.line === 1) {
        if (text === TRADES_HEADER) return;
        throw dataError(source, ':1', `expected the header ${TRADES_HEADER}`);
      }
      const fields = text.split(',');
      const fault = (column: number, expected: string): Error => {
        const where = `:${lines.line}, column ${column + 1} (${COLUMNS[column]})`;
        return dataError(source, where, `expected ${expected}; got ${JSON.stringify(fields[column] ?? '')}`);
      };
      if (fields.length !== COLUMNS.length) {
        throw dataError(source, `:${lines.line}`, `expected ${COLUMNS.length} columns; got ${fields.length}`);
      }
      const ms = scaledInteger(fields[1] ?? '', 0);
      if (Number.isNaN(ms)) throw fault(1, 'milliseconds since 1970');
      const [price, qty] = [2, 3].map((column) => scaledInteger(fields[column] ?? '', SCALE_DECIMALS));
      if (!(price! > 0)) throw fault(2, 'a price above 0 with at most 8 decimals');
      if (!(qty! > 0)) throw fault(3, 'a quantity above 0 with at most 8 decimals');
      if (fields[4] !== '0' && fields[4] !== '1') throw fault(4, '0 or 1');
      if (Number.isNaN(firstMs)) firstMs = ms;
      const side = fields[4] === '1' ? BUY : SELL;
      feed.add((ms - firstMs) * 1e6, EXECUTE_VISIBLE, feed.rows, price!, qty!, side, null);
    });
    await readBytes(source, limits.maxBytes, (chunk) => lines.feed(chunk));
    lines.end();
    if (feed.rows === 0) throw dataError(source, '', 'the file has no trades');
    const { tables, lotSize } = feed.finish();
    return {
      tables,
      notes: [
        `Trades: ${feed.rows}, in lots of ${lotSize}; those of one millisecond and side are one market order.`,
      ],
    };
  },
};
