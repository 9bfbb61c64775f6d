/** The API key that a command sends: from MMS_API_KEY or a file, never from the words of the command. */
import { readFileSync } from 'node:fs';
import { idOfKey } from '../ops/api-keys.js';
import { whyUnreadable } from '../ops/unreadable.js';
import { badInput } from './exit.js';
import type { Io } from './io.js';

/**
 * The key, or undefined where none is given: of `file`, else of MMS_API_KEY, else of MMS_API_KEY_FILE. Throws
 * E_CONFIG for what is no key, without showing it.
 */
export function apiKeyOf(file: string | undefined, env: Io['env']): string | undefined {
  const { MMS_API_KEY: own, MMS_API_KEY_FILE: named } = env;
  if (file === undefined && own) return checked(own.trim(), 'MMS_API_KEY');
  const path = file ?? named;
  if (!path) return undefined;
  const where = file === undefined ? 'MMS_API_KEY_FILE' : '--api-key-file';
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw badInput(
      `${where}: Expected a file with an API key; got "${path}", ${whyUnreadable(error)}.`,
      'E_CONFIG',
    );
  }
  return checked(text.trim(), `${where} ${path}`);
}

function checked(text: string, where: string): string {
  if (idOfKey(text) !== null) return text;
  throw badInput(
    `${where}: Expected an API key as "mms key create" prints it, mms_ and 77 more characters.`,
    'E_CONFIG',
  );
}
