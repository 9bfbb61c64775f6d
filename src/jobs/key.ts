/** The job key: one hash of all that decides a result's bytes, so that equal questions meet in the cache. */
import { hash } from 'node:crypto';
import type { InputRef } from '../contract/kind.js';

/**
 * JSON with sorted keys, no spaces, numbers in ECMAScript's shortest form, -0 as 0, absent members left out.
 * Throws TypeError on what JSON cannot hold: NaN, Infinity, undefined in a list, a function, a bigint.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    // What JSON.stringify writes, sooner.
    return String(value);
  }
  // A long list is of numbers or of words, and JSON's own text of it is made five times as fast.
  if (Array.isArray(value))
    return isPlainList(value) ? JSON.stringify(value) : `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    let text = '';
    // By code units, which is what sort() without a comparison does, twice as fast.
    for (const name of Object.keys(value).sort()) {
      const member = (value as Record<string, unknown>)[name];
      if (member !== undefined)
        text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`;
    }
    return `{${text}}`;
  }
  throw new TypeError(`A ${typeof value} has no JSON form`);
}

/** True where JSON.stringify writes what canonicalJson does. */
function isPlainList(list: readonly unknown[]): boolean {
  for (const item of list) {
    const isPlain =
      typeof item === 'number' ? Number.isFinite(item) : typeof item === 'string' || item === null;
    if (!isPlain) return false;
  }
  return true;
}

/** A deep copy in canonical form: keys sorted, -0 as 0. */
export function canonicalCopy<T>(value: T): T {
  return JSON.parse(canonicalJson(value)) as T;
}

export interface KeyParts {
  readonly engineVersion: string;
  readonly kind: string;
  readonly kindVersion: number;
  /** With all defaults filled in. */
  readonly spec: unknown;
  readonly seed: number;
  /** Each input with the digest of its tables, which takes the place of the file names in the spec. */
  readonly inputs: readonly { readonly ref: InputRef; readonly digest: string }[];
}

/** Hex SHA-256; the name and place of a data file do not count, its content does. */
export function jobKey(parts: KeyParts): string {
  const spec = canonicalCopy(parts.spec);
  for (const { ref, digest } of parts.inputs) {
    for (const pointer of Object.values(ref.pointers)) replaceAt(spec, pointer, `sha256:${digest}`);
  }
  return keyOfText(parts, canonicalJson(spec));
}

/** The same for a spec without inputs that is canonical JSON already. */
export function keyOfText(parts: Omit<KeyParts, 'spec' | 'inputs'>, spec: string): string {
  const { engineVersion, kind, kindVersion, seed } = parts;
  const head = `{"engineVersion":${JSON.stringify(engineVersion)},"kind":${JSON.stringify(kind)}`;
  return hash('sha256', `${head},"kindVersion":${kindVersion},"seed":${seed},"spec":${spec}}`, 'hex');
}

/** Puts `value` where the JSON pointer shows (relative to the spec); one to nothing is a broken kind. */
function replaceAt(spec: unknown, pointer: string, value: string): void {
  const path = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = path.pop();
  let at = spec as Record<string, unknown> | undefined;
  for (const part of path) at = at?.[part] as Record<string, unknown> | undefined;
  if (last === undefined || typeof at !== 'object' || at === null || !(last in at)) {
    throw new Error(`The input pointer "${pointer}" shows nothing in the spec`);
  }
  at[last] = value;
}
