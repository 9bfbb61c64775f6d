/** Reads the fields of Binance messages, each checked, with errors that name file, line and field. */
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { decimalsOf } from './decimal.js';

/** A JSON object of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;
/** Price and quantity as decimal text, both checked. */
export type Level = readonly [price: string, qty: string];

/** Decimals that Binance uses at most. */
const MAX_DECIMALS = 8;
const SHOWN = 60;

interface Line {
  /** Seconds since 1970 and nanoseconds of the second; null when the line does not begin with a time. */
  readonly localTime: { readonly s: number; readonly ns: number } | null;
  /** The message without its stream envelope. */
  readonly message: Fields;
}

export class BinanceFields {
  private readonly file: DataFile;
  private readonly line: () => number;

  /** `line` tells the number of the current line. */
  constructor(file: DataFile, line: () => number) {
    this.file = file;
    this.line = line;
  }

  /** The parts of a line. */
  message(text: string): Line {
    const [, time, json = ''] = /^(?:(\d+) )?(.*)$/s.exec(text) ?? [];
    if (time !== undefined && (time.length < 17 || time.length > 19)) {
      throw this.fault('local time', 'nanoseconds since 1970 (17 to 19 digits)', time);
    }
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (error) {
      throw this.fault('message', 'a JSON object', `${json.slice(0, SHOWN)} (${(error as Error).message})`);
    }
    const localTime =
      time === undefined ? null : { s: Number(time.slice(0, -9)), ns: Number(time.slice(-9)) };
    const envelope = this.object(value, 'message');
    return { localTime, message: 'data' in envelope ? this.object(envelope['data'], 'data') : envelope };
  }

  /** Name of the event. The spot bookTicker is the one event that carries none. */
  eventName(message: Fields): string {
    const name = message['e'];
    if (name === undefined && 'u' in message && 'B' in message) return 'bookTicker';
    if (typeof name === 'string' && /^\w{1,40}$/.test(name)) return name;
    throw this.fault('e', 'the name of an event', name);
  }

  integer(message: Fields, field: string): number {
    const value = message[field];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw this.fault(field, 'an integer from 0 to 2^53 - 1', value);
  }

  text(message: Fields, field: string): string {
    const value = message[field];
    if (typeof value === 'string' && value !== '') return value;
    throw this.fault(field, 'a word', value);
  }

  /** A list of [price, quantity]. */
  levels(message: Fields, field: string): readonly Level[] {
    const list = message[field];
    if (!Array.isArray(list)) throw this.fault(field, 'a list of [price, quantity]', list);
    for (const [i, level] of (list as unknown[]).entries()) {
      if (!Array.isArray(level) || level.length < 2) {
        throw this.fault(`${field}[${i}]`, '[price, quantity]', level);
      }
      this.decimal(`${field}[${i}][0]`, level[0]);
      this.decimal(`${field}[${i}][1]`, level[1]);
    }
    return list as Level[];
  }

  /** A level whose price and quantity are two fields of the message. */
  level(message: Fields, price: string, qty: string): Level {
    return [this.decimal(price, message[price]), this.decimal(qty, message[qty])];
  }

  /** `value`, unless it is the NaN of a text that does not fit. */
  exact(field: string, text: string, value: number): number {
    if (!Number.isNaN(value)) return value;
    throw this.fault(field, 'a number that fits 2^53 of its smallest unit', text);
  }

  /** The error of a field of the current line. */
  fault(field: string, expected: string, got: unknown): Error {
    const shown = got === undefined ? 'nothing' : JSON.stringify(got).slice(0, SHOWN);
    return dataError(this.file, `:${this.line()}, field ${field}`, `expected ${expected}; got ${shown}`);
  }

  private decimal(field: string, value: unknown): string {
    const decimals = typeof value === 'string' ? decimalsOf(value) : -1;
    if (decimals >= 0 && decimals <= MAX_DECIMALS) return value as string;
    throw this.fault(field, `decimal text with at most ${MAX_DECIMALS} decimals`, value);
  }

  private object(value: unknown, field: string): Fields {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    throw this.fault(field, 'a JSON object', value);
  }
}
