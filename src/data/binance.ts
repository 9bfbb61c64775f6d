/**
 * Reader of Binance captures, spot and USD-M: one JSON message per line keeps the book of one symbol.
 *
 * A line may begin with the local time in nanoseconds since 1970 and a space. Messages are those of the
 * market streams, bare or as { stream, data }: depthUpdate, bookTicker, trade, aggTrade, and REST depth
 * snapshots { lastUpdateId, bids, asks }; others are counted only. core/feed/diff-book.ts has the rules of
 * the update ids. Differences before a snapshot are kept, as the snapshot may answer late.
 * Prices and quantities become integers at the finest decimals met so far; the book is rescaled when finer
 * ones come, so that neither 8-decimal coins nor quantities in the billions lose digits.
 */
import { BUY, SELL } from '../core/book/codes.js';
import { DIFF_APPLY, DIFF_GAP, DIFF_STALE, DIFF_WAIT, DiffBook, SPOT } from '../core/feed/diff-book.js';
import { BinanceFields } from './binance-fields.js';
import type { Fields, Level } from './binance-fields.js';
import type { DataFile } from './data-file.js';
import { decimalsOf, scaledInteger, scaledText } from './decimal.js';
import { CrossCount, FeedClock, UNTOLD } from './feed-account.js';
import type { FeedAccount, FeedReader } from './feed-account.js';
import { LineReader } from './line-reader.js';

/** Differences kept for a late snapshot: at one in 100 ms, those of 7 minutes. */
const MAX_WAITING = 4096;
/** Quotes kept for the difference that ends at the same update id. */
const MAX_QUOTES = 4096;

interface Difference {
  readonly first: number;
  readonly last: number;
  readonly previous: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** Best bid and ask with their quantities. */
interface Quote {
  readonly bid: Level;
  readonly ask: Level;
}

export class BinanceFeed implements FeedReader {
  readonly book = new DiffBook();
  /** Units of the book: 10^-priceDecimals of the quote currency, 10^-qtyDecimals of the coin. */
  priceDecimals = 0;
  qtyDecimals = 0;
  rows = 0;
  /** Differences applied. */
  applied = 0;
  /** Breaks in the chain of their ids: as often a new snapshot was needed. */
  gaps = 0;
  /** Differences that end before the book, so that there was nothing to apply. */
  stale = 0;
  /** Differences of which every id had come before. */
  duplicates = 0;
  /** Differences that no snapshot could place. */
  lost = 0;
  /** Best prices and sizes compared with a bookTicker of the same update id. */
  quotesEqual = 0;
  quotesDifferent = 0;
  private readonly fields: BinanceFields;
  private readonly lines: LineReader;
  private readonly clock = new FeedClock(true);
  private readonly crosses = new CrossCount();
  private readonly counts = new Map<string, number>();
  private readonly quotes = new Map<number, Quote>();
  private waiting: Difference[] = [];
  private highestId = -1;
  private symbol: string | null = null;
  private lastTradeId = NaN;
  private tradeGaps = 0;
  private snapshotsUnused = 0;

  constructor(file: DataFile) {
    this.lines = new LineReader(file, (text) => this.take(text));
    this.fields = new BinanceFields(file, () => this.lines.line);
  }

  feed(chunk: Uint8Array): void {
    this.lines.feed(chunk);
  }

  end(): void {
    this.lines.end();
    this.lost += this.waiting.length;
    this.waiting = [];
  }

  account(): FeedAccount {
    const best = (side: number): string =>
      this.book.levels.levels(side) === 0 ? 'none' : this.levelText(side);
    return {
      format: 'Binance capture',
      rowsAre: 'line',
      rows: this.rows,
      time: this.clock.time(),
      messages: Object.fromEntries(this.counts),
      quality: {
        ...UNTOLD,
        gaps: this.gaps,
        outOfOrder: this.clock.outOfOrder,
        crossed: this.crosses.crossed,
        locked: this.crosses.locked,
        duplicates: this.duplicates,
      },
      details: {
        symbol: this.symbol ?? 'not named',
        'differences applied': this.applied,
        'differences older than the book': this.stale,
        'differences without a snapshot': this.lost,
        'snapshots not needed': this.snapshotsUnused,
        'book at the end': this.book.inSync ? 'in step' : 'needs another snapshot',
        'quotes equal to the book': this.quotesEqual,
        'quotes different from the book': this.quotesDifferent,
        'gaps in trade ids': this.tradeGaps,
        'bid levels': this.book.levels.levels(BUY),
        'ask levels': this.book.levels.levels(SELL),
        'best bid': best(BUY),
        'best ask': best(SELL),
      },
    };
  }

  private levelText(side: number): string {
    const { levels } = this.book;
    const qty = scaledText(levels.qty(side, 0), this.qtyDecimals);
    return `${qty} at ${scaledText(levels.price(side, 0), this.priceDecimals)}`;
  }

  private take(text: string): void {
    this.rows++;
    const { localTime, message } = this.fields.message(text);
    const event = message['E'];
    if (localTime !== null) this.clock.tick(localTime.s, localTime.ns, this.rows);
    else if (event !== undefined) {
      const ms = this.fields.integer(message, 'E');
      this.clock.tick(Math.floor(ms / 1000), (ms % 1000) * 1e6, this.rows);
    }
    if ('lastUpdateId' in message) return this.snapshot(message);
    const name = this.fields.eventName(message);
    this.count(name);
    if (name === 'depthUpdate') this.difference(message);
    else if (name === 'bookTicker') this.quote(message);
    else if (name === 'trade') this.trade(this.fields.integer(message, 't'));
    else if (name === 'aggTrade') this.trade(this.fields.integer(message, 'a'));
  }

  private count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  private snapshot(message: Fields): void {
    this.count('snapshot');
    const lastUpdateId = this.fields.integer(message, 'lastUpdateId');
    const bids = this.fields.levels(message, 'bids');
    const asks = this.fields.levels(message, 'asks');
    if (this.book.inSync && lastUpdateId <= this.book.lastId) {
      this.snapshotsUnused++;
      return;
    }
    this.book.snapshot(lastUpdateId);
    this.setLevels(bids, asks);
    this.crosses.see(this.book.levels.overlap());
    const waiting = this.waiting;
    this.waiting = [];
    for (const difference of waiting) this.apply(difference);
  }

  private difference(message: Fields): void {
    this.sameSymbol(message);
    const { fields } = this;
    const difference = {
      first: fields.integer(message, 'U'),
      last: fields.integer(message, 'u'),
      previous: message['pu'] === undefined ? SPOT : fields.integer(message, 'pu'),
      bids: fields.levels(message, 'b'),
      asks: fields.levels(message, 'a'),
    };
    if (difference.last < difference.first) throw fields.fault('u', `at least U`, difference.last);
    if (difference.last <= this.highestId) this.duplicates++;
    this.highestId = Math.max(this.highestId, difference.last);
    this.apply(difference);
  }

  private apply(difference: Difference): void {
    const { first, last, previous, bids, asks } = difference;
    switch (this.book.admit(first, last, previous)) {
      case DIFF_APPLY:
        this.setLevels(bids, asks);
        this.book.end(last);
        this.applied++;
        this.crosses.see(this.book.levels.overlap());
        this.compareKept(last);
        return;
      case DIFF_STALE:
        this.stale++;
        return;
      case DIFF_GAP:
        this.gaps++;
        this.wait(difference);
        return;
      case DIFF_WAIT:
        this.wait(difference);
    }
  }

  private wait(difference: Difference): void {
    if (this.waiting.length === MAX_WAITING) {
      this.waiting.shift();
      this.lost++;
    }
    this.waiting.push(difference);
  }

  private setLevels(bids: readonly Level[], asks: readonly Level[]): void {
    for (const level of bids) this.refine(level);
    for (const level of asks) this.refine(level);
    const { levels } = this.book;
    for (const level of bids) levels.set(BUY, this.price(level), this.qty(level));
    for (const level of asks) levels.set(SELL, this.price(level), this.qty(level));
  }

  /** Goes over to finer units when a level needs them. */
  private refine([price, qty]: Level): void {
    const priceStep = Math.max(0, decimalsOf(price) - this.priceDecimals);
    const qtyStep = Math.max(0, decimalsOf(qty) - this.qtyDecimals);
    if (priceStep + qtyStep === 0) return;
    this.priceDecimals += priceStep;
    this.qtyDecimals += qtyStep;
    if (!this.book.levels.rescale(10 ** priceStep, 10 ** qtyStep)) {
      throw this.fields.fault('levels', 'numbers that fit 2^53 of their smallest unit', `${price}, ${qty}`);
    }
  }

  private price([price]: Level): number {
    return this.fields.exact('price', price, scaledInteger(price, this.priceDecimals));
  }

  private qty([, qty]: Level): number {
    return this.fields.exact('quantity', qty, scaledInteger(qty, this.qtyDecimals));
  }

  private quote(message: Fields): void {
    this.sameSymbol(message);
    const { fields } = this;
    const id = fields.integer(message, 'u');
    const quote: Quote = {
      bid: fields.level(message, 'b', 'B'),
      ask: fields.level(message, 'a', 'A'),
    };
    if (this.book.lastId === id) {
      this.compare(quote);
      return;
    }
    this.quotes.set(id, quote);
    if (this.quotes.size > MAX_QUOTES) this.quotes.delete(this.quotes.keys().next().value ?? NaN);
  }

  /** The quote that came before the difference ending at the same id. */
  private compareKept(id: number): void {
    const quote = this.quotes.get(id);
    if (quote === undefined) return;
    this.quotes.delete(id);
    this.compare(quote);
  }

  private compare({ bid, ask }: Quote): void {
    this.refine(bid);
    this.refine(ask);
    const { levels } = this.book;
    const same = (side: number, level: Level): boolean =>
      levels.price(side, 0) === this.price(level) && levels.qty(side, 0) === this.qty(level);
    if (same(BUY, bid) && same(SELL, ask)) this.quotesEqual++;
    else this.quotesDifferent++;
  }

  private trade(id: number): void {
    if (id !== this.lastTradeId + 1 && !Number.isNaN(this.lastTradeId)) this.tradeGaps++;
    this.lastTradeId = id;
  }

  /** A snapshot names no symbol, so a capture of two symbols cannot be told apart. */
  private sameSymbol(message: Fields): void {
    const symbol = this.fields.text(message, 's');
    this.symbol ??= symbol;
    if (symbol !== this.symbol) {
      throw this.fields.fault('s', `${this.symbol}: one symbol per file, as a snapshot names none`, symbol);
    }
  }
}
