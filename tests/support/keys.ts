/** A file of API keys with one of each sort, and a keyring over it whose clock tests set. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyLine, newApiKey, revocationLine } from '../../src/ops/api-keys.js';
import { openKeyring, type Keyring } from '../../src/ops/keyring.js';
import { freshDir } from './service.js';

type Terms = Parameters<typeof newApiKey>[0];

export interface TestKeys {
  readonly path: string;
  readonly ring: Keyring;
  /** Texts of keys. */
  readonly live: string;
  readonly expired: string;
  readonly revoked: string;
  /** Another live key, in the file. */
  add(terms: Terms): string;
  /** Ends the use of a key. */
  revoke(text: string): void;
}

export function makeKeys(): TestKeys {
  const path = join(freshDir(), 'keys');
  const nowMs = Date.now();
  const made = {
    live: newApiKey({ name: 'desk' }, nowMs),
    expired: newApiKey({ expiresMs: nowMs - 1 }, nowMs - 1000),
    revoked: newApiKey({}, nowMs),
  };
  const lines = Object.values(made).map(({ key }) => keyLine(key));
  writeFileSync(path, lines.join('') + revocationLine(made.revoked.key.id, nowMs));
  const ring = openKeyring({ path: () => path, nowMs: Date.now, log: () => undefined });
  return {
    path,
    ring,
    live: made.live.text,
    expired: made.expired.text,
    revoked: made.revoked.text,
    add(terms) {
      const { text, key } = newApiKey(terms, nowMs);
      appendFileSync(path, keyLine(key));
      ring.look();
      return text;
    },
    revoke(text) {
      appendFileSync(path, revocationLine(text.slice(4, 16), nowMs));
      ring.look();
    },
  };
}

export const bearer = (text: string): { readonly authorization: string } => ({
  authorization: `Bearer ${text}`,
});
