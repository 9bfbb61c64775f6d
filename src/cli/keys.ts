/** `mms keys new`: the keys with which a router and the nodes of other machines know each other. */
import { appendFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newKeyPair } from '../wire/curve.js';
import {
  ALLOWED_FILE,
  ALLOWED_HEAD,
  allowedLine,
  isNodeName,
  keyFileText,
  readAllowed,
  SERVER_KEY_FILE,
} from '../wire/key-files.js';
import { badInput, EXIT } from './exit.js';
import type { Io } from './io.js';

/** Name of the node where none is given. */
const DEFAULT_NODE = 'node';
const RESERVED = ['server', 'local'];

/**
 * Makes `folder` with the server's key when it has none, and a key file and an allowed line for each name.
 * Throws MmsError E_CONFIG, and writes nothing, for a name that is none or is taken.
 */
export async function newKeys(folder: string, names: readonly string[], io: Io): Promise<number> {
  const nodes = [...new Set(names.length > 0 ? names : [DEFAULT_NODE])];
  const [serverFile, allowedFile] = [join(folder, SERVER_KEY_FILE), join(folder, ALLOWED_FILE)];
  const isFirst = !(await exists(serverFile));
  const taken = new Set((await exists(allowedFile)) ? readAllowed(allowedFile).values() : []);
  for (const name of nodes) {
    if (!isNodeName(name) || RESERVED.includes(name)) {
      throw badInput(
        `Expected a name of letters, digits, - and _, other than ${RESERVED.join(' and ')}; got "${name}".`,
        'E_CONFIG',
      );
    }
    if (taken.has(name) || (await exists(fileOf(folder, name)))) {
      throw badInput(
        `Expected a new name; ${folder} has a key of ${name} already. Choose another one.`,
        'E_CONFIG',
      );
    }
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (isFirst) await writeKey(serverFile, 'server');
  if (!(await exists(allowedFile))) await writeFile(allowedFile, ALLOWED_HEAD, { flag: 'wx' });
  for (const name of nodes) {
    const publicKey = await writeKey(fileOf(folder, name), name);
    await appendFile(allowedFile, (await gap(allowedFile)) + allowedLine(name, publicKey));
    io.out(`${fileOf(folder, name)}\n`);
  }
  io.talk(
    `Copy ${nodes.map((name) => `${name}.key`).join(', ')} to the machine of that node, over a safe way.\n`,
  );
  if (isFirst) {
    io.talk(
      `Then mms serve --router tcp://HOST:7777 --keys ${folder} prints the line that adds a machine.\n`,
    );
  }
  return EXIT.ok;
}

const fileOf = (folder: string, name: string): string => join(folder, `${name}.key`);

/** Readable by its owner only, never over a file; returns the public key. */
async function writeKey(path: string, name: string): Promise<string> {
  const pair = newKeyPair();
  await writeFile(path, keyFileText(name, pair), { flag: 'wx', mode: 0o600 });
  return pair.publicKey;
}

/** A line break where a person's last line has none. */
async function gap(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).endsWith('\n') ? '' : '\n';
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
