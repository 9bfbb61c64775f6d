/** `mms key create|list|revoke`: the API keys of a service, in the file that it follows while it runs. */
import { appendFile, mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  API_KEYS_HEAD,
  apiKeysPath,
  isKeyName,
  keyLine,
  MAX_IN_FLIGHT,
  MAX_LIVE_OF_NAME,
  MAX_RATE_PER_MIN,
  newApiKey,
  parseApiKeys,
  revocationLine,
  stateOf,
  type ApiKey,
} from '../ops/api-keys.js';
import { readUsed } from '../ops/keyring.js';
import { badInput, EXIT } from './exit.js';
import type { Io } from './io.js';
import type { ConfigFlags } from './services.js';

export interface KeyTerms {
  readonly name?: string;
  readonly rate?: string;
  readonly inFlight?: string;
  readonly expires?: string;
  readonly out?: string;
}

/** Prints the new key alone on stdout, or writes it to --out for its owner only; the file has its hash. */
export async function createKey(terms: KeyTerms, given: ConfigFlags, io: Io): Promise<number> {
  const nowMs = Date.now();
  const expiresMs = terms.expires === undefined ? null : nowMs + spanMs(terms.expires);
  const ratePerMin = wholeNumber('--rate', terms.rate, MAX_RATE_PER_MIN);
  const inFlight = wholeNumber('--in-flight', terms.inFlight, MAX_IN_FLIGHT);
  const { name, out } = terms;
  if (name !== undefined && !isKeyName(name)) {
    throw bad(`--name: Expected letters, digits, dot, - and _, at most 64; got "${name}".`);
  }
  const path = await pathOf(given, io);
  const keys = await readKeys(path);
  const live = [...keys.values()].filter((key) => key.name === name && stateOf(key, nowMs) === 'live');
  if (live.length >= MAX_LIVE_OF_NAME) {
    const ids = live.map(({ id }) => id).join(' and ');
    throw bad(
      `--name: Expected at most ${MAX_LIVE_OF_NAME} live keys of one name; ${name} has ${ids}. Revoke one first.`,
    );
  }
  const { text, key } = newApiKey(
    { ...(name !== undefined && { name }), expiresMs, ratePerMin, inFlight },
    nowMs,
  );
  // The secret is safe before the service knows its hash: else a failure would leave a key that nobody has.
  if (out !== undefined) await writeSecret(out, text);
  await addLine(path, keyLine(key));
  if (out === undefined) io.out(`${text}\n`);
  const until = expiresMs === null ? 'until it is revoked' : `until ${new Date(expiresMs).toISOString()}`;
  io.talk(
    `Key ${key.id} of ${key.name}, live ${until}; ${path} has its hash, and this is the only time it is told.\n`,
  );
  const use = out === undefined ? 'MMS_API_KEY=mms_...' : `MMS_API_KEY_FILE=${out}`;
  io.talk(`Use it: ${use} mms status, or curl -H "Authorization: Bearer mms_...", or a browser at /login.\n`);
  return EXIT.ok;
}

export async function listKeys(
  options: { readonly json?: boolean },
  given: ConfigFlags,
  io: Io,
): Promise<number> {
  const path = await pathOf(given, io);
  const keys = [...(await readKeys(path)).values()];
  const used = readUsed(path);
  const nowMs = Date.now();
  if (options.json) {
    const shown = keys.map(({ sha256: _hash, ...key }) => ({
      ...key,
      state: stateOf(key as ApiKey, nowMs),
      usedMs: used.get(key.id) ?? null,
    }));
    io.out(`${JSON.stringify(shown, null, 2)}\n`);
    return EXIT.ok;
  }
  if (keys.length === 0) {
    io.talk(
      `No API keys in ${path}: whoever reaches the service may use it. Make one with: mms key create\n`,
    );
    return EXIT.ok;
  }
  const rows = keys.map((key) => [
    key.id,
    key.name,
    stateOf(key, nowMs),
    minuteOf(key.createdMs),
    minuteOf(key.expiresMs),
    minuteOf(used.get(key.id) ?? null),
    `${key.ratePerMin ?? '-'}`,
    `${key.inFlight ?? '-'}`,
  ]);
  const table = [
    ['ID', 'NAME', 'STATE', 'CREATED', 'EXPIRES', 'LAST USED', 'RATE/MIN', 'IN FLIGHT'],
    ...rows,
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table)
    io.out(
      `${row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()}\n`,
    );
  return EXIT.ok;
}

export async function revokeKey(id: string, given: ConfigFlags, io: Io): Promise<number> {
  const path = await pathOf(given, io);
  const keys = await readKeys(path);
  const key = keys.get(id);
  if (!key) {
    // Whoever gives the key instead of its id must not read it again in a log.
    const came = /^[0-9a-f]{1,12}$/.test(id) ? `"${id}"` : 'something else';
    throw bad(`Expected the id of a key, as "mms key list" shows it; got ${came} for ${path}.`);
  }
  if (key.revokedMs !== null) io.talk(`Key ${id} of ${key.name} was revoked ${minuteOf(key.revokedMs)}.\n`);
  else {
    await addLine(path, revocationLine(id, Date.now()));
    io.talk(`Key ${id} of ${key.name} is revoked; a running service refuses it within a second.\n`);
  }
  return EXIT.ok;
}

const bad = (message: string): Error => badInput(message, 'E_CONFIG');

async function pathOf(given: ConfigFlags, io: Io): Promise<string> {
  const { loadConfig } = await import('../ops/config.js');
  return apiKeysPath(loadConfig({ ...given, env: io.env, listens: false, folder: process.cwd() }).config);
}

async function readKeys(path: string): Promise<Map<string, ApiKey>> {
  return (await exists(path)) ? parseApiKeys(await readFile(path, 'utf8'), path) : new Map();
}

/** One write and one sync: a service that reads meanwhile sees all of the line or none of it. */
async function addLine(path: string, line: string): Promise<void> {
  if (!(await exists(path))) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, API_KEYS_HEAD, { flag: 'a', mode: 0o600 });
  }
  const isWhole = (await readFile(path, 'latin1')).endsWith('\n');
  await appendFile(path, isWhole ? line : `\n${line}`, { flush: true });
}

async function writeSecret(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${text}\n`);
    await file.sync();
    await file.close();
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'is there already' : (error as Error).message;
    throw bad(`--out: Expected a new file; ${path} ${why}.`);
  }
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const MAX_SPAN_MS = 100 * 365 * UNIT_MS.d;

/** Milliseconds of "90d": whole minutes, hours, days or weeks. */
function spanMs(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,8})([mhdw])$/.exec(text) ?? [];
  const ms = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (ms <= MAX_SPAN_MS) return ms;
  throw bad(`--expires: Expected a time such as 90d, 12h or 30m, at most 100 years; got "${text}".`);
}

function wholeNumber(flag: string, text: string | undefined, max: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= 1 && value <= max) return value;
  throw bad(`${flag}: Expected an integer from 1 to ${max}; got "${text}".`);
}

const minuteOf = (ms: number | null): string =>
  ms === null ? '-' : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`;

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
