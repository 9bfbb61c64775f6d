/** Checks single fields that came from outside: each returns the typed value or throws WireError. */
import { WireError } from './codec.js';

function shape(what: string, expected: string, value: unknown): WireError {
  const got = value === null ? 'null' : Array.isArray(value) ? `an array of ${value.length}` : typeof value;
  return new WireError('shape', `${what}: expected ${expected}; got ${got}`);
}

/** What came, short; String() of a map whose `toString` is one too would throw. */
export function word(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 20) : typeof value;
}

export function asText(value: unknown, what: string, maxLength: number): string {
  if (typeof value !== 'string' || value.length > maxLength)
    throw shape(what, `text of at most ${maxLength}`, value);
  return value;
}

/** An integer 0..max. */
export function asCount(value: unknown, what: string, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) {
    throw shape(what, `an integer 0..${max}`, value);
  }
  return value;
}

export function asFinite(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw shape(what, 'a finite number', value);
  return value;
}

export function asArray(value: unknown, what: string, maxLength: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > maxLength)
    throw shape(what, `an array of at most ${maxLength}`, value);
  return value;
}

/** A plain object with text keys. */
export function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw shape(what, 'a map', value);
  }
  return value as Record<string, unknown>;
}

export function asOneOf<T extends string>(value: unknown, what: string, words: readonly T[]): T {
  if (typeof value !== 'string' || !words.includes(value as T))
    throw shape(what, `one of ${words.join(', ')}`, value);
  return value as T;
}

export function asFlag(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw shape(what, 'true or false', value);
  return value;
}
