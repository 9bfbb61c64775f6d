/** Keys: ZeroMQ's own encoding, files that hold them, and what is said of files that do not. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isKey, newKeyPair, toZ85 } from '../../src/wire/curve.js';
import {
  allowedLine,
  keyFileText,
  readAllowed,
  readKeyFile,
  readNodeKeys,
} from '../../src/wire/key-files.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mms-keys-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, text: string, mode = 0o600): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('keys', () => {
  it('are encoded as the examples of the Z85 and CURVE specifications', () => {
    expect(toZ85('864fd26fb559f75b')).toBe('HelloWorld');
    const published = 'bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518';
    expect(toZ85(published)).toBe('Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID');
  });

  it('are new each time', () => {
    const pairs = Array.from({ length: 20 }, newKeyPair);
    const keys = pairs.flatMap(({ publicKey, secretKey }) => [publicKey, secretKey]);
    expect(keys.every(isKey)).toBe(true);
    expect(new Set(keys).size).toBe(40);
  });
});

describe('key files', () => {
  const pair = newKeyPair();

  it('are read as they were written, and with the line ends of other systems', () => {
    const text = keyFileText('desk', pair);
    expect(readKeyFile(file('a.key', text))).toEqual(pair);
    expect(readKeyFile(file('b.key', text.replaceAll('\n', '\r\n')))).toEqual(pair);
  });

  it('are refused when they are absent, hold no key, or are open to all', () => {
    expect(() => readKeyFile(join(dir, 'none.key'))).toThrow(/none\.key; it cannot be read \(ENOENT\)/);
    for (const text of ['', 'public 12\nsecret 34\n', `public ${pair.publicKey}\n`]) {
      expect(() => readKeyFile(file('c.key', text))).toThrow(/c\.key has none\. Make one: mms keys new/);
    }
    const open = file('d.key', keyFileText('desk', pair), 0o644);
    expect(() => readKeyFile(open)).toThrow(`Run: chmod 600 ${open}`);
    expect(readKeyFile(file('e.key', keyFileText('desk', pair), 0o640))).toEqual(pair);
  });

  it('and the server key are given together or not at all', () => {
    expect(readNodeKeys(undefined, undefined)).toBeUndefined();
    expect(() => readNodeKeys(pair.publicKey, undefined)).toThrow('Expected --key-file beside --server-key');
    expect(() => readNodeKeys(undefined, 'x.key')).toThrow('Expected --server-key beside --key-file');
    expect(() => readNodeKeys('HelloWorld', 'x.key')).toThrow(/64 hexadecimal digits .* got "HelloWorld"/);
    const own = file('f.key', keyFileText('desk', pair));
    expect(readNodeKeys(pair.publicKey, own)).toEqual({ serverKey: pair.publicKey, pair });
  });
});

describe('the list of allowed nodes', () => {
  const [a, b] = [newKeyPair().publicKey, newKeyPair().publicKey];

  it('maps keys to names, between comments and blank lines', () => {
    const text = `# head\n\n${allowedLine('one', a)}  ${b}\ttwo # desk\r\n`;
    expect([...readAllowed(file('allowed', text))]).toEqual([
      [a, 'one'],
      [b, 'two'],
    ]);
    expect(readAllowed(file('allowed', '')).size).toBe(0);
  });

  it.each([
    ['x one', 'no key'],
    [a, 'no name'],
    [`${a} one two`, 'two names'],
    [`${a.toUpperCase()} one`, 'capitals'],
    [`${a} ../one`, 'a path'],
  ])('names the line that is wrong: %s (%s)', (line) => {
    const path = file('allowed', `# head\n${line}\n`);
    expect(() => readAllowed(path)).toThrow(`${path}, line 2: Expected a public key`);
  });
});
