/** Streaming reader of CSV rows that hold plain numbers only, with errors that name line and column. */
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';

const COMMA = 0x2c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
/** What some editors put before UTF-8 text. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const MAX_LINE_BYTES = 65_536;
/** Digits of which every number stays exact in a double. */
const MAX_DIGITS = 15;

/**
 * Receives the numbers of one line; `values` is reused for the next one. Throws through fault() on a bad
 * value.
 */
export interface RowSink {
  /** The data format's name in errors. */
  readonly format: string;
  /** Decimals of each column's number: 9 turns 34200.5 into 34200500000000. Further columns have none. */
  readonly decimals: readonly number[];
  /** Throws when a line may not have so many columns; asked before any number of the line is read. */
  checkWidth(columns: number, line: number): void;
  row(values: Float64Array): void;
}

/**
 * Why not a CSV library: the files hold nothing but digits, commas, a dot and a sign, in millions of rows,
 * and times must become integer nanoseconds without passing through a binary fraction. A general reader
 * makes a string per field, which takes at least 5 times as long (csv-parse 7, a day of AMZN) before any
 * number is known. Quotes are not understood here. Cost: two passes over a line, no allocation per row.
 */
export class NumericCsv {
  line = 0;
  private readonly file: DataFile;
  private readonly sink: RowSink;
  private readonly values: Float64Array;
  /** Where each field of the line ends. */
  private readonly ends: Int32Array;
  /** Bytes of an unfinished last line. */
  private rest: Uint8Array = new Uint8Array(0);
  /** Empty lines, which only the end of the file may follow. */
  private empty = 0;

  /** `maxColumns` bounds a line. */
  constructor(file: DataFile, maxColumns: number, sink: RowSink) {
    this.file = file;
    this.sink = sink;
    this.values = new Float64Array(maxColumns);
    this.ends = new Int32Array(maxColumns);
  }

  /** Takes the next bytes of the file. */
  feed(chunk: Uint8Array): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.parseLine(bytes, start, end);
      start = end + 1;
    }
    if (bytes.length - start > MAX_LINE_BYTES) {
      this.line++;
      throw this.fault(1, `a line of at most ${MAX_LINE_BYTES} bytes`, 'a longer one; is this a text file?');
    }
    this.rest = new Uint8Array(bytes.subarray(start));
  }

  /** Takes a last line that has no newline. */
  end(): void {
    if (this.rest.length > 0) this.parseLine(this.rest, 0, this.rest.length);
    this.rest = new Uint8Array(0);
  }

  /** The error of a value in the current line; `column` counts from 1. */
  fault(column: number, expected: string, got: string): Error {
    return dataError(this.file, `:${this.line}, column ${column}`, `expected ${expected}; got ${got}`);
  }

  private parseLine(bytes: Uint8Array, start: number, lineEnd: number): void {
    const end = lineEnd > start && bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd;
    if (end === start) {
      this.empty++;
      return;
    }
    this.line++;
    if (this.empty > 0) throw this.fault(1, 'a row of numbers', 'an empty line');
    let columns = 0;
    for (let at = start; at <= end; at++) {
      if (at < end && bytes[at] !== COMMA) continue;
      if (columns === this.values.length) {
        throw this.fault(columns + 1, `at most ${this.values.length} columns`, 'more');
      }
      this.ends[columns++] = at;
    }
    this.sink.checkWidth(columns, this.line);
    let from = start;
    for (let column = 0; column < columns; column++) {
      const to = this.ends[column] ?? end;
      this.values[column] = this.parseNumber(bytes, from, to, column);
      from = to + 1;
    }
    this.sink.row(this.values);
  }

  /**
   * The number in bytes from..to-1 times 10^decimals; digits are added up as integers, so the result is
   * exact.
   */
  private parseNumber(bytes: Uint8Array, from: number, to: number, column: number): number {
    const decimals = this.sink.decimals[column] ?? 0;
    const negative = bytes[from] === MINUS;
    let at = negative ? from + 1 : from;
    let value = 0;
    let digits = 0;
    let fraction = -1;
    for (; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === DOT && fraction < 0) {
        fraction = 0;
      } else if (byte >= ZERO && byte <= ZERO + 9) {
        if (fraction >= 0) fraction++;
        if (value > 0 || byte !== ZERO) digits++;
        value = value * 10 + (byte - ZERO);
      } else {
        throw this.notANumber(bytes, from, to, column, decimals);
      }
    }
    const places = fraction < 0 ? 0 : fraction;
    const empty = to - from - (negative ? 1 : 0) - (fraction < 0 ? 0 : 1) <= 0;
    if (empty || places > decimals || digits + decimals - places > MAX_DIGITS) {
      throw this.notANumber(bytes, from, to, column, decimals);
    }
    for (let k = places; k < decimals; k++) value *= 10;
    return negative ? -value : value;
  }

  private notANumber(bytes: Uint8Array, from: number, to: number, column: number, decimals: number): Error {
    const kind = decimals === 0 ? 'an integer' : 'a number';
    const places = decimals === 0 ? '' : ` and at most ${decimals} decimals`;
    const expected = `${kind} of at most ${MAX_DIGITS - decimals} digits${places}`;
    const first = this.line === 1 && column === 0;
    const marked = first && BYTE_ORDER_MARK.every((byte, i) => bytes[from + i] === byte);
    const start = marked ? from + BYTE_ORDER_MARK.length : from;
    const text = Buffer.from(bytes.slice(start, Math.min(to, start + 40))).toString('latin1');
    const strange: string[] = [];
    if (marked) strange.push('byte-order mark');
    if (first && /^["'#]?\s*[a-z_]/i.test(text)) strange.push('header line');
    const hint = strange.length > 0 ? `: ${this.sink.format} files have no ${strange.join(' and no ')}` : '';
    const remedy = hint && `: remove ${strange.length > 1 ? 'both' : 'it'}`;
    const got = `${marked ? 'a byte-order mark before ' : ''}${JSON.stringify(text)}`;
    return this.fault(column + 1, expected, `${got}${hint}${remedy}`);
  }
}
