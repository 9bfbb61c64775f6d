/**
 * The API keys that count now: read from their file, read again when it changed, compared in constant time.
 *
 * A look at the file is one stat; the owner of the process calls it every second, so a key that was made or
 * revoked counts within that time, and a request costs one SHA-256 and one look-up. A file that cannot be
 * read any more, or is gone, changes nothing but the health: who was let in before still is, nobody else.
 */
import { timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { MmsError } from '../contract/problem.js';
import { hashOfKey, idOfKey, parseApiKeys, stateOf, type ApiKey } from './api-keys.js';
import { whyUnreadable } from './unreadable.js';

/** Why a text is not the key of somebody who may come in. */
export type KeyRefusal = 'missing' | 'unknown' | 'expired' | 'revoked';

export interface KeyringOptions {
  /** Asked at every look: the path is a setting that may change. */
  readonly path: () => string;
  /** Milliseconds since the epoch, which expiry is told in. */
  readonly nowMs: () => number;
  /** Hears what goes wrong after the start, once each. */
  readonly log: (line: string) => void;
}

export interface Keyring {
  /** True once there is a file of keys: from then on every request needs one, even when none is live. */
  required(): boolean;
  /** The live key that `text` is, or why it is none. Takes the same time for every text of a key's form. */
  check(text: string): ApiKey | KeyRefusal;
  /** The key with this id, which somebody uses by another proof than its text, while it is live. */
  live(id: string): ApiKey | null;
  /** Keys that are live now. */
  size(): number;
  /** Reads the file again when it changed, and writes down who was here. */
  look(): void;
  /** Why the file on disk is not what counts, or null. */
  fault(): string | null;
  close(): Promise<void>;
}

/** Times of last use are for people: a minute more or less does not matter, a write each request would. */
const WRITE_USED_MS = 60_000;
/** What an unknown id is compared with, so that it takes as long as a known one. */
const NOBODY = Buffer.alloc(32);

interface Held {
  readonly key: ApiKey;
  readonly hash: Buffer;
}

/**
 * `mustExist`: without a file it throws E_CONFIG saying how to make one. Throws E_CONFIG for a file that
 * cannot be read, is malformed, or that everybody may write to.
 */
export function openKeyring(options: KeyringOptions, mustExist = false): Keyring {
  const ring = new FileKeyring(options);
  ring.read();
  if (mustExist && !ring.required()) {
    const path = options.path();
    throw new MmsError(
      'E_CONFIG',
      `Expected API keys in ${path}; there is no such file. Run: mms key create`,
    );
  }
  return ring;
}

class FileKeyring implements Keyring {
  readonly #options: KeyringOptions;
  #held: ReadonlyMap<string, Held> | null = null;
  /** Tells one state of the file from another. */
  #seen = '';
  #fault: string | null = null;
  readonly #used: Map<string, number>;
  #wroteMs = 0;
  #isDirty = false;
  #writing: Promise<void> = Promise.resolve();
  #cannotWrite = '';

  constructor(options: KeyringOptions) {
    this.#options = options;
    this.#wroteMs = options.nowMs();
    this.#used = new Map(readUsed(options.path()));
  }

  required(): boolean {
    return this.#held !== null;
  }

  check(text: string): ApiKey | KeyRefusal {
    const id = idOfKey(text);
    if (id === null) return 'unknown';
    const held = this.#held?.get(id);
    // Compared also where there is nobody: what is answered may differ, the time that it takes may not.
    const isSame = timingSafeEqual(hashOfKey(text), held?.hash ?? NOBODY);
    if (!held || !isSame) return 'unknown';
    const nowMs = this.#options.nowMs();
    const state = stateOf(held.key, nowMs);
    if (state !== 'live') return state;
    this.#note(id, nowMs);
    return held.key;
  }

  live(id: string): ApiKey | null {
    const nowMs = this.#options.nowMs();
    const key = this.#held?.get(id)?.key;
    if (!key || stateOf(key, nowMs) !== 'live') return null;
    this.#note(id, nowMs);
    return key;
  }

  size(): number {
    const nowMs = this.#options.nowMs();
    let live = 0;
    for (const { key } of this.#held?.values() ?? []) if (stateOf(key, nowMs) === 'live') live++;
    return live;
  }

  look(): void {
    try {
      this.read();
      this.#fault = null;
    } catch (error) {
      this.#fail((error as Error).message);
    }
    if (this.#isDirty && this.#options.nowMs() - this.#wroteMs >= WRITE_USED_MS) this.#writeUsed();
  }

  fault(): string | null {
    return this.#fault;
  }

  async close(): Promise<void> {
    if (this.#isDirty) this.#writeUsed();
    await this.#writing;
  }

  /** Throws MmsError E_CONFIG, and keeps what was held then. */
  read(): void {
    const path = this.#options.path();
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (!stat) {
      if (this.#held === null) return;
      throw new MmsError('E_CONFIG', `${path} is gone; the keys that it held still count.`);
    }
    const seen = `${path} ${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
    if (seen === this.#seen) return;
    if (process.platform !== 'win32' && (Number(stat.mode) & 0o002) !== 0) {
      throw new MmsError(
        'E_CONFIG',
        `Expected a file of API keys that strangers cannot write; ${path} is open to all. Run: chmod 600 ${path}`,
      );
    }
    const keys = parseApiKeys(readText(path), path);
    this.#held = new Map(
      [...keys].map(([id, key]) => [id, { key, hash: Buffer.from(key.sha256, 'hex') }] as const),
    );
    this.#seen = seen;
  }

  #note(id: string, nowMs: number): void {
    this.#used.set(id, nowMs);
    this.#isDirty = true;
  }

  #fail(message: string): void {
    if (message !== this.#fault) this.#options.log(`API keys: ${message}`);
    this.#fault = message;
  }

  /** Beside the keys, whole or not at all; what cannot be written is told once and is no fault. */
  #writeUsed(): void {
    this.#isDirty = false;
    this.#wroteMs = this.#options.nowMs();
    const path = usedPath(this.#options.path());
    const text = `${JSON.stringify(Object.fromEntries(this.#used))}\n`;
    this.#writing = this.#writing
      .then(() => writeFile(`${path}.new`, text, { mode: 0o600 }))
      .then(() => rename(`${path}.new`, path))
      .catch((error: Error) => {
        if (this.#cannotWrite !== error.message) this.#options.log(`API keys: ${error.message}`);
        this.#cannotWrite = error.message;
      });
  }
}

/** Where a service writes when each key was last used: id -> milliseconds since the epoch. */
const usedPath = (path: string): string => `${path}.used`;

/** Id -> milliseconds since the epoch; empty where no service has written it. */
export function readUsed(path: string): ReadonlyMap<string, number> {
  try {
    const used = JSON.parse(readFileSync(usedPath(path), 'utf8')) as Record<string, unknown>;
    return new Map(Object.entries(used).filter((one): one is [string, number] => Number.isFinite(one[1])));
  } catch {
    return new Map();
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new MmsError(
      'E_CONFIG',
      `Expected a readable file of API keys; got "${path}", ${whyUnreadable(error)}.`,
    );
  }
}
