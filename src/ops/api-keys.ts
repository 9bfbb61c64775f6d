/**
 * API keys and their file: who may use the HTTP service, one line a key, without a secret in it.
 *
 * A key is `mms_ID_SECRET`: the id is public and finds the line, the secret has 256 random bits, and the
 * line holds the SHA-256 of the whole, which needs no salt and no slow hash because nobody can guess what has
 * 256 random bits. Lines are only ever added, one write each: two commands at once cannot lose a key, and the
 * file is its own history. A member that is not known is refused instead of skipped, so that a program from
 * before `role` never takes a restricted key for one that may do all.
 */
import { hash, randomBytes } from 'node:crypto';
import { MmsError } from '../contract/problem.js';

/** Keys of one name that may be live at once: the one in use and the one that takes over. */
export const MAX_LIVE_OF_NAME = 2;
export const MAX_RATE_PER_MIN = 1e9;
export const MAX_IN_FLIGHT = 1e6;

const MAX_FILE_CHARACTERS = 4 * 2 ** 20;
const KEY = /^mms_([0-9a-f]{12})_[0-9a-f]{64}$/;
const ID = /^[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const NAME = /^[\w-][\w.-]{0,63}$/;

export const API_KEYS_HEAD =
  '# API keys of MMS: hashes, no secrets. Written by "mms key create" and "mms key revoke".\n';

export interface ApiKey {
  /** 12 hexadecimal digits, public. */
  readonly id: string;
  /** Keys of one name are one client. */
  readonly name: string;
  /** SHA-256 of the key's text, hexadecimal. */
  readonly sha256: string;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** Null: never. */
  readonly expiresMs: number | null;
  readonly revokedMs: number | null;
  /** Requests a minute; null: as limits.maxRequestsPerMin. */
  readonly ratePerMin: number | null;
  /** Requests in progress at once; null: as limits.maxClientRequests. */
  readonly inFlight: number | null;
}

export type KeyState = 'live' | 'expired' | 'revoked';

export function stateOf({ expiresMs, revokedMs }: ApiKey, nowMs: number): KeyState {
  if (revokedMs !== null) return 'revoked';
  return expiresMs !== null && expiresMs <= nowMs ? 'expired' : 'live';
}

/** Where the keys of a service stand: the file that is set, or one beside its store. */
export function apiKeysPath(config: {
  readonly http: { readonly apiKeys: string | null };
  readonly store: { readonly path: string };
}): string {
  return config.http.apiKeys ?? `${config.store.path}-keys`;
}

/** Letters, digits, dot, - and _, at most 64, not beginning with a dot. */
export const isKeyName = (name: string): boolean => NAME.test(name);

/** The id of what looks like a key; null for any other text. */
export const idOfKey = (text: string): string | null => KEY.exec(text)?.[1] ?? null;

export const hashOfKey = (text: string): Buffer => hash('sha256', text, 'buffer');

/** A new key: its text, which is told once and kept nowhere, and its record. */
export function newApiKey(
  terms: Partial<Pick<ApiKey, 'name' | 'expiresMs' | 'ratePerMin' | 'inFlight'>>,
  nowMs: number,
): { readonly text: string; readonly key: ApiKey } {
  const id = randomBytes(6).toString('hex');
  const text = `mms_${id}_${randomBytes(32).toString('hex')}`;
  const { name = id, expiresMs = null, ratePerMin = null, inFlight = null } = terms;
  const sha256 = hashOfKey(text).toString('hex');
  const key = { id, name, sha256, createdMs: nowMs, expiresMs, revokedMs: null, ratePerMin, inFlight };
  return { text, key };
}

/** The line of a new key, with its line break. */
export function keyLine({ id, name, sha256, createdMs, expiresMs, ratePerMin, inFlight }: ApiKey): string {
  const line = {
    id,
    name,
    sha256,
    created: new Date(createdMs).toISOString(),
    ...(expiresMs !== null && { expires: new Date(expiresMs).toISOString() }),
    ...(ratePerMin !== null && { ratePerMin }),
    ...(inFlight !== null && { inFlight }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** The line that ends the use of a key. */
export function revocationLine(id: string, nowMs: number): string {
  return `${JSON.stringify({ revoked: id, at: new Date(nowMs).toISOString() })}\n`;
}

/** Id -> key, in the order of the file. Throws MmsError E_CONFIG naming `path` and line. */
export function parseApiKeys(text: string, path: string): Map<string, ApiKey> {
  if (text.length > MAX_FILE_CHARACTERS)
    throw fault(path, null, `at most ${MAX_FILE_CHARACTERS} characters`, `${text.length}`);
  const keys = new Map<string, ApiKey>();
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line !== '' && !line.startsWith('#')) readLine(line, keys, path, at + 1);
  }
  return keys;
}

type Members = Readonly<Record<string, unknown>>;

function readLine(line: string, keys: Map<string, ApiKey>, path: string, at: number): void {
  const members = membersOf(line);
  if (!members) throw fault(path, at, 'a JSON object as "mms key create" writes it', 'something else');
  const isRevocation = Object.hasOwn(members, 'revoked');
  for (const [name, read] of Object.entries(isRevocation ? REVOCATION : CREATION)) {
    if (!read(members[name])) throw fault(path, at, EXPECTED[name]!, JSON.stringify(members[name]) ?? 'none');
  }
  const odd = Object.keys(members).find((name) => !Object.hasOwn(isRevocation ? REVOCATION : CREATION, name));
  if (odd !== undefined) throw fault(path, at, 'members that this version of MMS knows', JSON.stringify(odd));
  if (isRevocation) {
    const key = keys.get(members['revoked'] as string);
    if (!key) throw fault(path, at, 'the id of a key in a line above', JSON.stringify(members['revoked']));
    // The first end counts.
    keys.set(key.id, { ...key, revokedMs: key.revokedMs ?? timeOf(members['at']) });
    return;
  }
  const { id, name, sha256, created, expires, ratePerMin = null, inFlight = null } = members;
  if (keys.has(id as string)) throw fault(path, at, 'an id that is in no line above', JSON.stringify(id));
  keys.set(id as string, {
    id: id as string,
    name: name as string,
    sha256: sha256 as string,
    createdMs: timeOf(created),
    expiresMs: expires === undefined ? null : timeOf(expires),
    revokedMs: null,
    ratePerMin: ratePerMin as number | null,
    inFlight: inFlight as number | null,
  });
}

type Read = (value: unknown) => boolean;

const matches =
  (pattern: RegExp): Read =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const isTime: Read = (value) => typeof value === 'string' && Number.isFinite(Date.parse(value));
const upTo =
  (max: number): Read =>
  (value) =>
    value === undefined || (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max);

const CREATION: Readonly<Record<string, Read>> = {
  id: matches(ID),
  name: matches(NAME),
  sha256: matches(HASH),
  created: isTime,
  expires: (value) => value === undefined || isTime(value),
  ratePerMin: upTo(MAX_RATE_PER_MIN),
  inFlight: upTo(MAX_IN_FLIGHT),
};
const REVOCATION: Readonly<Record<string, Read>> = { revoked: matches(ID), at: isTime };
const EXPECTED: Readonly<Record<string, string>> = {
  id: '12 hexadecimal digits as id',
  name: 'a name of letters, digits, dot, - and _',
  sha256: '64 hexadecimal digits as sha256',
  created: 'a date as created',
  expires: 'a date as expires',
  ratePerMin: `an integer from 1 to ${MAX_RATE_PER_MIN} as ratePerMin`,
  inFlight: `an integer from 1 to ${MAX_IN_FLIGHT} as inFlight`,
  revoked: '12 hexadecimal digits as revoked',
  at: 'a date as at',
};

const timeOf = (value: unknown): number => Date.parse(value as string);

function membersOf(line: string): Members | null {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
  } catch {
    return null;
  }
}

function fault(path: string, line: number | null, expected: string, came: string): MmsError {
  const where = line === null ? path : `${path}, line ${line}`;
  return new MmsError('E_CONFIG', `${where}: Expected ${expected}; got ${came.slice(0, 80)}.`);
}
