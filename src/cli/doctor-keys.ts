/** Checks of `mms doctor` on keys: those of clients (API keys) and those of nodes (CURVE). */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseApiKeys, stateOf } from '../ops/api-keys.js';
import { ALLOWED_FILE, readAllowed, readKeyFile, SERVER_KEY_FILE } from '../wire/key-files.js';
import { bad, doubt, good, type Check } from './doctor-checks.js';

const SOON_MS = 14 * 86_400_000;

/** The file that the settings name, or the one beside the store where there is one. */
export function apiKeys(path: string, isNamed: boolean, nowMs = Date.now()): Check {
  const name = 'API keys';
  if (!existsSync(path)) {
    return isNamed
      ? bad(name, `${path} does not exist`, `mms key create --api-keys ${path}`)
      : good(name, 'none: only this machine may use the service');
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o002) !== 0)
    return bad(name, `everybody may write ${path}`, `chmod 600 ${path}`);
  try {
    const keys = [...parseApiKeys(readFileSync(path, 'utf8'), path).values()];
    const live = keys.filter((key) => stateOf(key, nowMs) === 'live');
    const found = `${live.length} of ${keys.length} live`;
    const create = `mms key create --api-keys ${path}`;
    if (live.length === 0) return doubt(name, `${found}: every request is refused`, create);
    const ends = live.filter(({ expiresMs }) => expiresMs !== null && expiresMs < nowMs + SOON_MS);
    if (ends.length === 0) return good(name, found);
    const first = ends.sort((a, b) => a.expiresMs! - b.expiresMs!)[0]!;
    const when = new Date(first.expiresMs!).toISOString().slice(0, 10);
    return doubt(
      name,
      `${found}; ${first.id} of ${first.name} ends on ${when}`,
      `${create} --name ${first.name}`,
    );
  } catch (error) {
    return bad(name, (error as Error).message, `mms key list --api-keys ${path}`);
  }
}

/** The folder that router.keys names: the server's own key, for its owner only, and the list of nodes. */
export function nodeKeys(folder: string | null): Check {
  const name = 'keys of nodes';
  if (folder === null) return good(name, 'none: only nodes of this machine may join');
  if (!existsSync(join(folder, SERVER_KEY_FILE)))
    return bad(name, `${folder} has no ${SERVER_KEY_FILE}`, `mms keys new ${folder}`);
  try {
    readKeyFile(join(folder, SERVER_KEY_FILE));
    const nodes = readAllowed(join(folder, ALLOWED_FILE)).size;
    if (nodes === 0) return doubt(name, 'no node is listed', `mms keys new ${folder} NAME`);
    return good(name, `${nodes} ${nodes === 1 ? 'node' : 'nodes'} may join`);
  } catch (error) {
    return bad(
      name,
      (error as Error).message,
      `chmod 600 ${join(folder, SERVER_KEY_FILE)}, or: mms keys new FOLDER`,
    );
  }
}
