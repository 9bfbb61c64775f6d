/** Reads a JSON body strictly: what JSON.parse would quietly lose or bend is refused with its pointer. */
import { MmsError } from '../contract/problem.js';
import type { ProblemFault } from '../contract/problem.js';

const MAX_DEPTH = 16;
const MAX_FAULTS = 20;
/** Names that reach an object's prototype when a program copies members carelessly. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

interface Level {
  /** Member names seen so far; null in a list. */
  readonly names: Set<string> | null;
  /** Pointer token of the member or element that is being read. */
  at: string;
  index: number;
}

/**
 * The value of a UTF-8 JSON text. Throws MmsError E_BODY for invalid UTF-8 or syntax, and, each with a
 * pointer: a member given twice (the last would win), nesting beyond 16, prototype names, half a surrogate
 * pair, a number that a double cannot hold (1e309, an integer beyond 2^53).
 */
export function parseJsonStrictly(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MmsError('E_BODY', 'Expected JSON in UTF-8; got bytes that are not UTF-8.');
  }
  if (text.trim() === '') throw new MmsError('E_BODY', 'Expected a JSON object; got an empty body.');
  let value: unknown;
  try {
    // V8's parser does not recurse, so that nesting is bounded by the body's size and judged below.
    value = JSON.parse(text);
  } catch (error) {
    throw new MmsError('E_BODY', `Expected valid JSON; ${(error as Error).message}.`);
  }
  const faults = scan(text);
  const first = faults[0];
  if (first)
    throw new MmsError('E_BODY', `${first.message} (at ${first.pointer || 'the whole body'})`, faults);
  return value;
}

/** Strings, numbers and the structural characters of a text that is known to be valid JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],]/g;

function scan(text: string): ProblemFault[] {
  const faults: ProblemFault[] = [];
  const levels: Level[] = [];
  let expectName = false;
  const blame = (message: string): void => {
    faults.push({ pointer: levels.map(({ at }) => `/${at}`).join(''), message });
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (faults.length >= MAX_FAULTS) break;
    const level = levels.at(-1);
    switch (token[0]) {
      case '{':
      case '[':
        levels.push({ names: token === '{' ? new Set() : null, at: token === '{' ? '' : '0', index: 0 });
        expectName = token === '{';
        if (levels.length > MAX_DEPTH) {
          levels.pop();
          blame(`Expected at most ${MAX_DEPTH} nested objects and lists; got more.`);
          return faults;
        }
        break;
      case '}':
      case ']':
        levels.pop();
        expectName = false;
        break;
      case ',':
        expectName = level?.names !== null;
        if (level && !level.names) level.at = String(++level.index);
        break;
      case '"': {
        const word = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
        if (expectName && level?.names) {
          level.at = word.replaceAll('~', '~0').replaceAll('/', '~1');
          if (level.names.has(word)) blame('Expected each member once; this one was given again.');
          if (FORBIDDEN.has(word)) blame(`Expected no member named "${word}"; rename or remove it.`);
          level.names.add(word);
        }
        expectName = false;
        if (/\p{Surrogate}/u.test(word)) blame('Expected whole characters; got half of a surrogate pair.');
        break;
      }
      default:
        judgeNumber(token, blame, index);
    }
  }
  return faults;
}

function judgeNumber(token: string, blame: (message: string) => void, index: number): void {
  const value = Number(token);
  const shown = token.length > 40 ? `${token.slice(0, 40)}... (character ${index})` : token;
  if (!Number.isFinite(value)) blame(`Expected a finite number; got ${shown}.`);
  else if (/^-?\d+$/.test(token) && !Number.isSafeInteger(value)) {
    blame(`Expected an integer within +-(2^53 - 1), which a double holds exactly; got ${shown}.`);
  }
}
