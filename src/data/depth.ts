/**
 * Importer of Binance depth captures: differences of levels and trades become the messages of a replay feed.
 *
 * The stream tells the lots of a level every 100 ms, not orders. What a level loses beyond the trades at
 * its price since the difference before counts as a cancel, what it gains as a limit order: several
 * orders of an interval are one, and what came and went within it is not seen. A trade is an execution at
 * the moment when its message came. Prices and quantities at most 8 decimals; one symbol a file.
 */
import { DIFF_APPLY, DIFF_GAP, DIFF_WAIT, DiffBook, SPOT } from '../core/feed/diff-book.js';
import { BUY, NIL, SELL } from '../core/sim/market.js';
import { CANCEL_PART, EXECUTE_VISIBLE, SUBMIT } from '../core/sim/replay-feed.js';
import { BinanceFields } from './binance-fields.js';
import type { Fields, Level } from './binance-fields.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { scaledInteger } from './decimal.js';
import { FEED_TABLES, FeedColumns, SCALE_DECIMALS } from './feed-columns.js';
import type { Importer } from './importer.js';
import { LineReader } from './line-reader.js';
import { readBytes } from './read-bytes.js';

const LEVELS = 10;
/** Differences kept for a snapshot that answers late. */
const MAX_WAITING = 4096;

class DepthRows {
  readonly feed: FeedColumns;
  gaps = 0;
  trades = 0;
  private readonly fields: BinanceFields;
  private readonly lines: LineReader;
  private readonly book = new DiffBook();
  private waiting: Fields[] = [];
  /** Lots traded at a price since the last difference, by side of the resting order. */
  private readonly traded = [new Map<number, number>(), new Map<number, number>()] as const;
  private firstS = NaN;
  private firstNs = 0;
  private tNs = 0;
  /** Exchange time and side of the last trade, and when its message came: one market order has one time. */
  private lastTrade = { ms: -1, side: NIL, tNs: 0 };

  constructor(file: DataFile, maxRows: number) {
    this.feed = new FeedColumns(file, LEVELS, maxRows);
    this.lines = new LineReader(file, (text) => this.take(text));
    this.fields = new BinanceFields(file, () => this.lines.line);
  }

  bytes(chunk: Uint8Array): void {
    this.lines.feed(chunk);
  }

  end(): void {
    this.lines.end();
  }

  private take(text: string): void {
    const { localTime, message } = this.fields.message(text);
    if (localTime !== null) this.clock(localTime.s, localTime.ns);
    else if (message['E'] !== undefined) {
      const ms = this.fields.integer(message, 'E');
      this.clock(Math.floor(ms / 1000), (ms % 1000) * 1e6);
    }
    if ('lastUpdateId' in message) return this.snapshot(message);
    const name = this.fields.eventName(message);
    if (name === 'depthUpdate') this.difference(message);
    else if (name === 'trade' || name === 'aggTrade') this.trade(message);
  }

  private clock(s: number, ns: number): void {
    if (Number.isNaN(this.firstS)) [this.firstS, this.firstNs] = [s, ns];
    this.tNs = (s - this.firstS) * 1e9 + (ns - this.firstNs);
  }

  private snapshot(message: Fields): void {
    const id = this.fields.integer(message, 'lastUpdateId');
    if (this.book.inSync && id <= this.book.lastId) return;
    this.book.snapshot(id);
    for (const [side, field] of [
      [BUY, 'bids'],
      [SELL, 'asks'],
    ] as const) {
      for (const level of this.fields.levels(message, field)) {
        const [price, qty] = this.numbers(level);
        this.book.levels.set(side, price, qty);
      }
    }
    const waiting = this.waiting;
    this.waiting = [];
    for (const difference of waiting) this.difference(difference);
  }

  private difference(message: Fields): void {
    const { fields, book } = this;
    const [first, last] = [fields.integer(message, 'U'), fields.integer(message, 'u')];
    const previous = message['pu'] === undefined ? SPOT : fields.integer(message, 'pu');
    const verdict = book.admit(first, last, previous);
    if (verdict === DIFF_GAP) this.gaps++;
    if (verdict === DIFF_GAP || verdict === DIFF_WAIT) {
      if (this.waiting.length < MAX_WAITING) this.waiting.push(message);
      return;
    }
    if (verdict !== DIFF_APPLY) return;
    for (const [side, field] of [
      [BUY, 'b'],
      [SELL, 'a'],
    ] as const) {
      for (const level of fields.levels(message, field)) this.change(side, ...this.numbers(level));
      this.traded[side].clear();
    }
    book.end(last);
  }

  /** A level has `qty` now. */
  private change(side: number, price: number, qty: number): void {
    const { levels } = this.book;
    const executed = this.traded[side]!.get(price) ?? 0;
    const net = qty - levels.qtyAt(side, price) + executed;
    levels.set(side, price, qty);
    if (net !== 0) this.note(net > 0 ? SUBMIT : CANCEL_PART, price, Math.abs(net), side);
  }

  private trade(message: Fields): void {
    if (!this.book.inSync) return;
    const [price, qty] = this.numbers(this.fields.level(message, 'p', 'q'));
    const side = message['m'] === true ? BUY : SELL;
    if (!(qty > 0)) return;
    this.trades++;
    const ms = this.fields.integer(message, 'T');
    const { lastTrade } = this;
    const same = ms === lastTrade.ms && side === lastTrade.side;
    this.lastTrade = { ms, side, tNs: same ? lastTrade.tNs : this.tNs };
    this.traded[side].set(price, (this.traded[side].get(price) ?? 0) + qty);
    this.note(EXECUTE_VISIBLE, price, qty, side, this.lastTrade.tNs);
  }

  private note(type: number, price: number, qty: number, side: number, tNs = this.tNs): void {
    this.feed.add(tNs, type, this.feed.rows, price, qty, side, this.book.levels);
  }

  private numbers([price, qty]: Level): [price: number, qty: number] {
    const scaled = (what: string, text: string): number =>
      this.fields.exact(what, text, scaledInteger(text, SCALE_DECIMALS));
    return [scaled('price', price), scaled('quantity', qty)];
  }
}

/** Reads { file }, one JSON message a line. Times are ns after the first line. */
export const depthImporter: Importer = {
  roles: ['file'],
  tables: FEED_TABLES,
  async read(file, limits) {
    const source = file('file');
    const rows = new DepthRows(source, limits.maxRows);
    await readBytes(source, limits.maxBytes, (chunk) => rows.bytes(chunk));
    rows.end();
    if (rows.feed.rows === 0) {
      throw dataError(
        source,
        '',
        'no difference could be applied: is there a snapshot that the differences follow?',
      );
    }
    const { tables, lotSize, gridE4 } = rows.feed.finish();
    const notes = [
      `Binance depth of ${rows.feed.rows} level changes and trades (${rows.trades} trades, ${rows.gaps} gaps) in lots of ` +
        `${lotSize}; prices are multiples of ${gridE4 / 1e4}. Levels are told every 100 ms: orders within it are one.`,
    ];
    return { tables, notes };
  },
};
