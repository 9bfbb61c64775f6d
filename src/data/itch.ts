/**
 * Reader of NASDAQ TotalView-ITCH 5.0 files: frames of a 2-byte big-endian length and a message.
 *
 * Keeps the book of every stock from the messages A F E C X D U; P, Q and B report trades that no displayed
 * order shows and change no book. A length of 0 ends the session. Frames of an unknown type are counted and
 * skipped, as NASDAQ adds types; a known type of another length, a broken frame and values that no
 * specification allows are E_DATA.
 * Cost: order messages are read in place, without an object per message; other types only by their header,
 * and as objects when somebody listens. Memory grows with live orders and books only.
 */
import { BUY, NIL, SELL } from '../core/book/codes.js';
import {
  DUPLICATE_ID,
  EXCESS_QTY,
  OrderBooks,
  TOO_MANY_ORDERS,
  UNKNOWN_ID,
  ZERO_QTY,
} from '../core/feed/order-books.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { CrossCount, FeedClock, UNTOLD } from './feed-account.js';
import type { FeedAccount, FeedReader } from './feed-account.js';
import { decodeItch, ITCH_BY_BYTE, ITCH_MESSAGES, itchOffset, uint48At } from './itch-format.js';
import type { ItchMessageType, ItchValues } from './itch-format.js';

const LENGTH_BYTES = 2;
const DAY_NS = 86_400e9;
const LOCATE = itchOffset('A', 'stockLocate');
const TIME = itchOffset('A', 'timestampNs');
const REF = itchOffset('A', 'orderRef');
const SIDE = itchOffset('A', 'side');
const ADD_SHARES = itchOffset('A', 'shares');
const ADD_PRICE = itchOffset('A', 'price');
/** E, C and X hold their shares at the same place. */
const TAKE_SHARES = itchOffset('E', 'shares');
const NEW_REF = itchOffset('U', 'newOrderRef');
const REPLACE_SHARES = itchOffset('U', 'shares');
const REPLACE_PRICE = itchOffset('U', 'price');
const [A, C, D, E, F, U, X] = [...'ACDEFUX'].map((letter) => letter.charCodeAt(0));

export type ItchListener = (type: ItchMessageType, values: ItchValues) => void;

export class ItchFeed implements FeedReader {
  /** Books by stock locate; prices are integers of 1e-4 dollars, quantities shares. */
  readonly books: OrderBooks;
  /** Messages so far. */
  rows = 0;
  private readonly file: DataFile;
  private readonly listener: ItchListener | null;
  private readonly clock = new FeedClock(false);
  private readonly crosses = new CrossCount();
  private readonly counts = new Float64Array(256);
  /** Order messages refused, by the negated code of core/feed/order-books.ts. */
  private readonly refused = new Float64Array(1 - TOO_MANY_ORDERS);
  private wrongStock = 0;
  private unknownTypes = 0;
  /** Bytes of a frame that has not come wholly. */
  private rest = new Uint8Array(0);
  /** Place in the file of the first byte of `rest` or of the chunk. */
  private position = 0;
  private ended = false;

  /** `listener` gets every message of a known type, decoded, before the book changes. */
  constructor(
    file: DataFile,
    options: { readonly listener?: ItchListener; readonly maxOrders?: number } = {},
  ) {
    this.file = file;
    this.listener = options.listener ?? null;
    this.books = new OrderBooks(options.maxOrders);
  }

  feed(chunk: Uint8Array): void {
    const bytes = this.rest.length === 0 ? chunk : joined(this.rest, chunk);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = bytes.length;
    let at = 0;
    while (end - at >= LENGTH_BYTES) {
      const length = view.getUint16(at);
      if (this.ended)
        throw this.fault(this.rows + 1, this.position + at, 'nothing after the end of the session', 'more');
      if (end - at - LENGTH_BYTES < length) break;
      if (length === 0) this.ended = true;
      else this.message(view, at + LENGTH_BYTES, length);
      at += LENGTH_BYTES + length;
    }
    this.position += at;
    this.rest = bytes.slice(at);
  }

  end(): void {
    if (this.rest.length > 0) {
      const whole = this.rest.length < LENGTH_BYTES ? LENGTH_BYTES : this.rest[0]! * 256 + this.rest[1]! + 2;
      throw this.fault(
        this.rows + 1,
        this.position,
        `a frame of ${whole} bytes`,
        `${this.rest.length}: the file is cut off`,
      );
    }
    if (this.rows === 0) throw dataError(this.file, '', 'the file has no messages');
  }

  account(): FeedAccount {
    const types = ITCH_MESSAGES.map(
      ({ name, letter }) => [name, this.counts[letter.charCodeAt(0)] ?? 0] as const,
    );
    const refused = (code: number): number => this.refused[-code] ?? 0;
    return {
      format: 'NASDAQ TotalView-ITCH 5.0',
      rowsAre: 'message',
      rows: this.rows,
      time: this.clock.time(),
      messages: Object.fromEntries(types.filter(([, count]) => count > 0)),
      quality: {
        ...UNTOLD,
        outOfOrder: this.clock.outOfOrder,
        crossed: this.crosses.crossed,
        locked: this.crosses.locked,
        unknownIds: refused(UNKNOWN_ID),
        duplicates: refused(DUPLICATE_ID),
        zeroSizes: refused(ZERO_QTY),
        excessSizes: refused(EXCESS_QTY),
      },
      details: {
        'books with orders': this.books.booksSeen,
        'live orders': this.books.ordersLive,
        'messages of unknown type': this.unknownTypes,
        'messages about an order of another stock': this.wrongStock,
        'end of session': this.ended ? 'marked' : 'not marked',
      },
    };
  }

  /** One message of `length` bytes at `at`. */
  private message(view: DataView, at: number, length: number): void {
    this.rows++;
    const byte = view.getUint8(at);
    const type = ITCH_BY_BYTE[byte];
    if (type === undefined) return this.unknown(byte, view, at);
    if (length !== type.bytes) {
      const expected = `${type.bytes} bytes for message type ${type.letter} (${type.name})`;
      throw this.fault(this.rows, this.position + at, expected, `${length}`);
    }
    const tNs = uint48At(view, at + TIME);
    if (tNs >= DAY_NS) throw this.fieldFault(view, at, TIME, 'timestamp', 'nanoseconds since midnight', tNs);
    this.clock.tick(Math.floor(tNs / 1e9), tNs % 1e9, this.rows);
    this.counts[byte] = (this.counts[byte] ?? 0) + 1;
    this.listener?.(type, decodeItch(type, view, at));
    if (byte === A || byte === F || byte === E || byte === C || byte === X || byte === D || byte === U) {
      const code = this.apply(byte, view, at);
      if (code === TOO_MANY_ORDERS)
        throw this.fault(this.rows, this.position + at, 'fewer live orders', 'one too many');
      if (code < 0) this.refused[-code] = (this.refused[-code] ?? 0) + 1;
      if (code === 0 || code === EXCESS_QTY) this.look(view.getUint16(at + LOCATE));
    }
  }

  /** An order message; returns 0 or a code of core/feed/order-books.ts. */
  private apply(byte: number, view: DataView, at: number): number {
    const { books } = this;
    const high = view.getInt32(at + REF);
    const low = view.getInt32(at + REF + 4);
    switch (byte) {
      case A:
      case F: {
        const letter = view.getUint8(at + SIDE);
        const side = letter === 0x42 ? BUY : letter === 0x53 ? SELL : NIL;
        if (side === NIL) throw this.fieldFault(view, at, SIDE, 'side', 'B or S', letter);
        const shares = view.getUint32(at + ADD_SHARES);
        return books.add(
          view.getUint16(at + LOCATE),
          high,
          low,
          side,
          view.getUint32(at + ADD_PRICE),
          shares,
        );
      }
      case D:
        return books.remove(high, low);
      case U: {
        const newHigh = view.getInt32(at + NEW_REF);
        const newLow = view.getInt32(at + NEW_REF + 4);
        const shares = view.getUint32(at + REPLACE_SHARES);
        return books.replace(high, low, newHigh, newLow, view.getUint32(at + REPLACE_PRICE), shares);
      }
      default:
        return books.reduce(high, low, view.getUint32(at + TAKE_SHARES));
    }
  }

  /** The book that just changed. */
  private look(locate: number): void {
    const { books } = this;
    if (books.lastBook !== locate) this.wrongStock++;
    this.crosses.see(books.book(books.lastBook)?.overlap() ?? NaN);
  }

  /** A type of a later specification is a letter; anything else is not this format. */
  private unknown(byte: number, view: DataView, at: number): void {
    const letter = String.fromCharCode(byte);
    if (!/[A-Za-z]/.test(letter)) throw this.fieldFault(view, at, 0, 'type', 'a letter', byte);
    this.unknownTypes++;
  }

  private fieldFault(
    view: DataView,
    at: number,
    offset: number,
    field: string,
    expected: string,
    got: number,
  ): Error {
    const letter = offset === 0 ? '' : ` of type ${String.fromCharCode(view.getUint8(at))}`;
    const where = `, message ${this.rows}${letter}, ${field} (byte ${this.position + at + offset})`;
    return dataError(this.file, where, `expected ${expected}; got ${got}`);
  }

  private fault(message: number, position: number, expected: string, got: string): Error {
    return dataError(
      this.file,
      `, message ${message} (byte ${position})`,
      `expected ${expected}; got ${got}`,
    );
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
