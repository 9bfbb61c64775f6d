/** Small LOBSTER files in a folder of their own, for tests of importers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputRef } from '../../src/contract/kind.js';

export const GOOD_MESSAGES = [
  '34200.017459617,5,0,1,2238250,-1',
  '34200.18960767,1,11885113,21,2238100,1',
  '34200.190226476,4,11885113,21,2238100,1',
  '34200.2,7,0,0,-1,-1',
].join('\n');

export const GOOD_BOOK = [
  '2239500,100,2231800,100,9999999999,0,-9999999999,0',
  '2239500,100,2238100,21,9999999999,0,2231800,100',
  '2239500,100,2231800,100,9999999999,0,-9999999999,0',
  '2239500,100,2231800,100,9999999999,0,-9999999999,0',
].join('\n');

/** A fresh folder; remove() deletes it. */
export function folder(): {
  path: string;
  write: (name: string, content: string | Uint8Array) => string;
  remove: () => void;
} {
  const path = mkdtempSync(join(tmpdir(), 'mms-data-'));
  return {
    path,
    write: (name, content) => {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export function lobsterRef(messages: string, orderbook: string): InputRef {
  return {
    name: 'feed',
    importer: 'lobster',
    files: { messages, orderbook },
    pointers: { messages: '/market/messages', orderbook: '/market/orderbook' },
  };
}
