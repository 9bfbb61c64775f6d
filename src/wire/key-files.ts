/** Files of the keys of the ZeroMQ link: one pair in each, and the list of nodes that may join. */
import { readFileSync, statSync } from 'node:fs';
import { MmsError } from '../contract/problem.js';
import type { KeyPair, NodeKeys } from './curve.js';
import { isKey } from './curve.js';

/** Names inside a folder of keys. */
export const SERVER_KEY_FILE = 'server.key';
export const ALLOWED_FILE = 'allowed-nodes';

export const ALLOWED_HEAD =
  '# Nodes that may join, one a line: public key, name. Read at every join, so a change needs no restart.\n';

/** Names of nodes: letters, digits, dot, - and _, at most 64. */
export function isNodeName(name: string): boolean {
  return /^[\w-][\w.-]{0,63}$/.test(name);
}

export function keyFileText(name: string, { publicKey, secretKey }: KeyPair): string {
  return `# Key of MMS ${name}: whoever has this file is ${name}.\npublic ${publicKey}\nsecret ${secretKey}\n`;
}

export function allowedLine(name: string, publicKey: string): string {
  return `${publicKey} ${name}\n`;
}

/** Throws MmsError E_CONFIG when the file cannot be read, is no key file, or everybody may read it. */
export function readKeyFile(path: string): KeyPair {
  const text = readText(path, 'a key file as "mms keys new" makes it');
  const [publicKey, secretKey] = ['public', 'secret'].map(
    (word) => new RegExp(`^${word} ([0-9a-f]{64})\\r?$`, 'm').exec(text)?.[1],
  );
  if (publicKey === undefined || secretKey === undefined) {
    throw new MmsError(
      'E_CONFIG',
      `Expected a key file with a public and a secret line of 64 hexadecimal digits; ${path} has none. ` +
        'Make one: mms keys new FOLDER NAME.',
    );
  }
  const isOpen = process.platform !== 'win32' && (statSync(path).mode & 0o007) !== 0;
  if (isOpen) {
    throw new MmsError(
      'E_CONFIG',
      `Expected a key file that strangers cannot read; ${path} is open to all. Run: chmod 600 ${path}`,
    );
  }
  return { publicKey, secretKey };
}

/** What the flags of `mms node` say; undefined when it joins without keys. Throws MmsError E_CONFIG. */
export function readNodeKeys(
  serverKey: string | undefined,
  keyFile: string | undefined,
): NodeKeys | undefined {
  if (serverKey === undefined && keyFile === undefined) return undefined;
  if (serverKey === undefined || keyFile === undefined) {
    const [missing, given] =
      serverKey === undefined ? ['--server-key', '--key-file'] : ['--key-file', '--server-key'];
    throw new MmsError('E_CONFIG', `Expected ${missing} beside ${given}, in the line that mms serve prints.`);
  }
  if (!isKey(serverKey)) {
    const detail = `Expected the 64 hexadecimal digits that mms serve prints for --server-key; got "${serverKey}".`;
    throw new MmsError('E_CONFIG', detail);
  }
  return { serverKey, pair: readKeyFile(keyFile) };
}

/** Public key -> name, in the order of the file. Throws MmsError E_CONFIG naming file and line. */
export function readAllowed(path: string): Map<string, string> {
  const text = readText(path, 'the list of nodes that may join');
  const allowed = new Map<string, string>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const words = line.replace(/#.*/, '').trim();
    if (words === '') continue;
    const [key = '', name = '', ...rest] = words.split(/\s+/);
    if (!isKey(key) || !isNodeName(name) || rest.length > 0) {
      const detail = `${path}, line ${at + 1}: Expected a public key of 64 hexadecimal digits and a name; got "${words}".`;
      throw new MmsError('E_CONFIG', detail);
    }
    allowed.set(key, name);
  }
  return allowed;
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new MmsError('E_CONFIG', `Expected ${what} at ${path}; it cannot be read (${code}).`);
  }
}
