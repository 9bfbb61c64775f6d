/** Reads a JSON body strictly: what JSON.parse would quietly lose or bend is refused with its pointer. */
import { MmsError } from '../contract/problem.js';
import type { ProblemFault } from '../contract/problem.js';

const MAX_DEPTH = 16;
const MAX_FAULTS = 20;
/** Of one object; no whole spec may have more. A large object takes far longer than a long list. */
const MAX_MEMBERS = 5_000;
/** Objects and lists of a whole body: an empty one takes three bytes to send and a hundred to hold. */
const MAX_CONTAINERS = 65_536;
/** Names that reach an object's prototype when a program copies members carelessly. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Keeps nothing between two bodies. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

interface Level {
  /** Member names seen so far; null in a list. */
  readonly names: Set<string> | null;
  /** Name of the member that is being read. */
  name: string;
  /** Number of the element that is being read. */
  index: number;
}

/**
 * The value of a UTF-8 JSON text. Throws MmsError E_BODY for invalid UTF-8 or syntax, and, each with a
 * pointer: a member given twice (the last would win), nesting beyond 16, more than 5,000 members in one
 * object or 65,536 objects and lists in all, prototype names, half a surrogate pair, a number that a double
 * cannot hold (1e309, an integer beyond 2^53).
 */
export function parseJsonStrictly(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new MmsError('E_BODY', 'Expected JSON in UTF-8; got bytes that are not UTF-8.');
  }
  const names = namesIn(bytes);
  if (Number.isNaN(names)) refuseAbyss(bytes);
  let value: unknown;
  try {
    // V8's parser does not recurse; how deep values nest is judged below.
    value = JSON.parse(text);
  } catch (error) {
    if (text.trim() === '') throw new MmsError('E_BODY', 'Expected a JSON object; got an empty body.');
    throw new MmsError('E_BODY', `Expected valid JSON; ${(error as Error).message}.`);
  }
  // Each name makes a member unless it was given twice, so that counting tells.
  if (names >= 0 && names === membersOf(value)) return value;
  const faults = scan(text);
  const first = faults[0];
  if (first)
    throw new MmsError('E_BODY', `${first.message} (at ${first.pointer || 'the whole body'})`, faults);
  return value;
}

const [QUOTE, BACKSLASH, COMMA, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x2c, 0x2d, 0x30, 0x39];
const [COLON, LETTER_E] = [0x3a, 0x65];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Far deeper than anyone means; V8's parser takes a hundred bytes for each level, closed or not. */
const ABYSS = 1_000;

/** Throws MmsError E_BODY for bytes, valid JSON or not, that open so many levels. */
function refuseAbyss(bytes: Uint8Array): void {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at]!;
    if (code === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (++depth > ABYSS)
        throw new MmsError(
          'E_BODY',
          `Expected at most ${MAX_DEPTH} nested objects and lists; got over ${ABYSS}.`,
        );
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth--;
  }
}

/** Names of members in bytes, if they are valid JSON; NaN when what they hold needs a closer look. */
function namesIn(bytes: Uint8Array): number {
  let names = 0;
  let depth = 0;
  let containers = 0;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at]!;
    if (code === QUOTE) {
      for (at++; bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH || at >= bytes.length) return NaN;
    } else if (code >= ZERO && code <= NINE) {
      const start = at;
      while (isOfNumber(bytes[at + 1]!)) if ((bytes[++at]! | 0x20) === LETTER_E) return NaN;
      if (at - start >= SAFE_DIGITS) return NaN;
    } else if (code === COLON) names++;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (++depth > MAX_DEPTH || ++containers > MAX_CONTAINERS) return NaN;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth--;
  }
  return names;
}

/** Members of a value and of all in it; NaN for a forbidden name or too many in one. Recurses. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) for (const element of value as unknown[]) members += membersOf(element);
  else {
    let own = 0;
    for (const name in value) {
      if (FORBIDDEN.has(name) || ++own > MAX_MEMBERS) return NaN;
      members += membersOf((value as Record<string, unknown>)[name]);
    }
    members += own;
  }
  return members;
}

/** Reads a text that is known to be valid JSON, a code at a time. */
function scan(text: string): ProblemFault[] {
  const faults: ProblemFault[] = [];
  const levels: Level[] = [];
  let expectName = false;
  let containers = 0;
  const blame = (message: string): void => void faults.push({ pointer: pointerTo(levels), message });
  for (let at = 0; at < text.length && faults.length < MAX_FAULTS;) {
    const start = at++;
    const code = text.charCodeAt(start);
    const level = levels.at(-1);
    if (code === QUOTE) {
      at = endOfString(text, at);
      const raw = text.slice(start, at);
      const isEscaped = raw.includes('\\');
      const isName = expectName && level?.names !== null && level !== undefined;
      expectName = false;
      if (isName && level.names!.size === MAX_MEMBERS) {
        levels.pop();
        blame(`Expected at most ${MAX_MEMBERS} members in one object; got more.`);
        return faults;
      }
      if (!isName && !isEscaped) continue;
      const word = isEscaped ? (JSON.parse(raw) as string) : raw.slice(1, -1);
      if (isName) judgeName(word, level, blame);
      // Bytes that were UTF-8 hold whole characters: only an escape makes half of one.
      if (isEscaped && /\p{Surrogate}/u.test(word))
        blame('Expected whole characters; got half of a surrogate pair.');
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      while (isOfNumber(text.charCodeAt(at))) at++;
      judgeNumber(text.slice(start, at), blame, start);
    } else if (code === COMMA) {
      expectName = level?.names !== null;
      if (level) level.index++;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (levels.length === MAX_DEPTH) {
        blame(`Expected at most ${MAX_DEPTH} nested objects and lists; got more.`);
        return faults;
      }
      if (++containers > MAX_CONTAINERS) {
        levels.length = 0;
        blame(`Expected at most ${MAX_CONTAINERS} objects and lists in all; got more.`);
        return faults;
      }
      expectName = code === OPEN_OBJECT;
      levels.push({ names: expectName ? new Set() : null, name: '', index: 0 });
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      levels.pop();
      expectName = false;
    }
  }
  return faults;
}

/** Behind the quote that ends a string whose first character stands at `at`. */
function endOfString(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at++);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
}

/** Digits, sign, point and exponent. */
function isOfNumber(code: number): boolean {
  return (
    (code >= ZERO && code <= NINE) ||
    code === 0x2e ||
    (code | 0x20) === LETTER_E ||
    code === 0x2b ||
    code === MINUS
  );
}

function pointerTo(levels: readonly Level[]): string {
  const tokens = levels.map(({ names, name, index }) =>
    names ? name.replaceAll('~', '~0').replaceAll('/', '~1') : String(index),
  );
  return tokens.map((token) => `/${token}`).join('');
}

function judgeName(word: string, level: Level, blame: (message: string) => void): void {
  level.name = word;
  if (level.names!.has(word)) blame('Expected each member once; this one was given again.');
  if (FORBIDDEN.has(word)) blame(`Expected no member named "${word}"; rename or remove it.`);
  level.names!.add(word);
}

/** Digits that every double holds: most numbers are judged by their length. */
const SAFE_DIGITS = 15;

function judgeNumber(token: string, blame: (message: string) => void, index: number): void {
  if (token.length <= SAFE_DIGITS && !/e/i.test(token)) return;
  const value = Number(token);
  const shown = token.length > 40 ? `${token.slice(0, 40)}... (character ${index})` : token;
  if (!Number.isFinite(value)) blame(`Expected a finite number; got ${shown}.`);
  else if (/^-?\d+$/.test(token) && !Number.isSafeInteger(value)) {
    blame(`Expected an integer within +-(2^53 - 1), which a double holds exactly; got ${shown}.`);
  }
}
