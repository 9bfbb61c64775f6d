/** `mms key`: made, listed and revoked while a service runs, and never seen where it should not be. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiKeyOf } from '../../src/cli/api-key.js';
import { createKey, listKeys, revokeKey, type KeyTerms } from '../../src/cli/key.js';
import type { Io } from '../../src/cli/io.js';
import { freshDir, mms, startService } from '../support/service.js';

interface Said {
  out: string;
  talk: string;
}

/** The surroundings of a command, and what it said. */
function listen(env: Record<string, string> = {}): Io & Said {
  const said = {
    out: '',
    talk: '',
  };
  const io = {
    out: (text: string) => void (said.out += text),
    talk: (text: string) => void (said.talk += text),
    outIsTerminal: false,
    talkIsTerminal: false,
    env,
    onInterrupt: () => () => undefined,
  };
  return Object.defineProperties(io, {
    said: { value: said },
  }) as unknown as Io & Said;
}
const saidBy = (io: Io): Said => (io as unknown as { said: Said }).said;

const at = (dir: string) => ({ flags: { 'store.path': join(dir, 'mms.db') } });

async function create(dir: string, terms: KeyTerms = {}): Promise<{ text: string; talk: string }> {
  const io = listen();
  expect(await createKey(terms, at(dir), io)).toBe(0);
  return { text: saidBy(io).out.trim(), talk: saidBy(io).talk };
}

describe('mms key create', () => {
  it('prints the key once and keeps its hash for its owner, beside the store', async () => {
    const dir = freshDir();
    const { text, talk } = await create(dir, { name: 'desk', expires: '90d', rate: '600', inFlight: '8' });
    expect(text).toMatch(/^mms_[0-9a-f]{12}_[0-9a-f]{64}$/);
    expect(talk).not.toContain(text.slice(-64));
    const path = join(dir, 'mms.db-keys');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain(text.slice(-64));
    const io = listen();
    expect(await listKeys({ json: true }, at(dir), io)).toBe(0);
    const [key] = JSON.parse(saidBy(io).out) as Record<string, unknown>[];
    expect(key).toMatchObject({
      id: text.slice(4, 16),
      name: 'desk',
      state: 'live',
      ratePerMin: 600,
      inFlight: 8,
    });
    const lifeMs = (key!['expiresMs'] as number) - (key!['createdMs'] as number);
    expect(lifeMs).toBe(90 * 86_400_000);
    expect(saidBy(io).out).not.toContain('sha256');
  });

  it('writes it to a new file for its owner alone, from which a command takes it', async () => {
    const dir = freshDir();
    const out = join(dir, 'robot-key');
    expect((await create(dir, { out })).text).toBe('');
    const text = readFileSync(out, 'utf8').trim();
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(apiKeyOf(out, {})).toBe(text);
    expect(apiKeyOf(undefined, { MMS_API_KEY_FILE: out })).toBe(text);
    expect(apiKeyOf(undefined, { MMS_API_KEY: ` ${text}\n`, MMS_API_KEY_FILE: '/nowhere' })).toBe(text);
    expect(apiKeyOf(undefined, {})).toBeUndefined();
    await expect(createKey({ out }, at(dir), listen())).rejects.toThrow(
      /--out: Expected a new file; .*is there already/,
    );
    expect(readFileSync(join(dir, 'mms.db-keys'), 'utf8').trim().split('\n')).toHaveLength(2);
    expect(() => apiKeyOf('/nowhere/key', {})).toThrow(/--api-key-file: Expected a file.*does not exist/);
    expect(() => apiKeyOf(undefined, { MMS_API_KEY: 'canary' })).toThrow(
      /^MMS_API_KEY: Expected an API key(?!.*canary)/,
    );
  });

  it('gives a name two live keys at most, and goes on when one is revoked', async () => {
    const dir = freshDir();
    const [first] = [await create(dir, { name: 'desk' }), await create(dir, { name: 'desk' })];
    const id = first.text.slice(4, 16);
    await expect(createKey({ name: 'desk' }, at(dir), listen())).rejects.toThrow(
      new RegExp(`at most 2 live keys of one name; desk has ${id} and [0-9a-f]{12}\\. Revoke one first`),
    );
    expect(await revokeKey(id, at(dir), listen())).toBe(0);
    await create(dir, { name: 'desk' });
    const io = listen();
    await listKeys({}, at(dir), io);
    const states = saidBy(io)
      .out.trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/)[2]);
    expect(states).toEqual(['STATE', 'revoked', 'live', 'live']);
  });

  it('begins a new line after one that a person left open', async () => {
    const dir = freshDir();
    writeFileSync(join(dir, 'mms.db-keys'), '# mine');
    await create(dir);
    expect(readFileSync(join(dir, 'mms.db-keys'), 'utf8')).toMatch(/^# mine\n\{.*\}\n$/);
  });

  const refused: [KeyTerms, RegExp][] = [
    [{ name: 'a b' }, /--name: Expected letters.*"a b"/],
    [{ expires: '90' }, /--expires: Expected a time such as 90d, 12h or 30m.*"90"/],
    [{ expires: '0d' }, /--expires/],
    [{ expires: '-1d' }, /--expires/],
    [{ expires: '999999999w' }, /at most 100 years/],
    [{ rate: '0' }, /--rate: Expected an integer from 1 to/],
    [{ rate: '1e3' }, /--rate/],
    [{ inFlight: '1.5' }, /--in-flight: Expected an integer from 1 to 1000000/],
  ];
  it.each(refused)('refuses %o and writes nothing', async (terms, message) => {
    const dir = freshDir();
    await expect(createKey(terms, at(dir), listen())).rejects.toThrow(message);
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('mms key revoke', () => {
  it('refuses what is no id of a key, without repeating it when it may be a secret', async () => {
    const dir = freshDir();
    const { text } = await create(dir);
    for (const odd of ['0123456789ab', 'desk', '', text])
      await expect(revokeKey(odd, at(dir), listen())).rejects.toThrow(/Expected the id of a key(?!.*mms_)/);
    const [id, io] = [text.slice(4, 16), listen()];
    expect([await revokeKey(id, at(dir), io), await revokeKey(id, at(dir), io)]).toEqual([0, 0]);
    expect(saidBy(io).talk).toMatch(/is revoked; .*\n.*was revoked 20/);
  });
});

/** What every process of a service shows to the others on this machine. */
function commandLines(pid: number): string {
  const children = spawnSync('ps', ['-o', 'args=', '--ppid', `${pid}`], { encoding: 'utf8' }).stdout;
  return readFileSync(`/proc/${pid}/cmdline`, 'latin1') + children;
}

describe('a service with an API key', () => {
  it('takes it without a restart, from the environment of a command, and shows it nowhere', async () => {
    const dir = freshDir();
    const service = await startService({
      dir,
      args: ['--threads', '1', '--set', 'log.level=trace'],
    });
    const status = (key?: string) =>
      fetch(`${service.url}/jobs`, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } });
    expect((await status()).status).toBe(200);
    const { text } = await create(dir, { name: 'desk' });
    while ((await status()).status !== 401) await new Promise((next) => setTimeout(next, 50));
    expect((await status(text)).status).toBe(200);

    const said: string[] = [];
    const run = async (args: string[], env: Record<string, string> = {}) => {
      const heard = (_: string, { pid }: { pid?: number | undefined }): void => {
        said.push(commandLines(pid!));
      };
      const result = await mms([...args], { env, cwd: dir, heard });
      said.push(result.stderr, result.stdout);
      return result;
    };
    const submit = ['submit', 'paths', '--paths', '100', '--server', service.url, '--wait', '--json'];
    expect(await run(submit, { MMS_API_KEY: text })).toMatchObject({ code: 0 });
    const refused = await run(['status', '--server', service.url]);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/Expected a live API key; none came/),
    ]);
    const wrong = `${text.slice(0, -8)}00000000`;
    expect((await run(['status', '--server', service.url], { MMS_API_KEY: wrong })).stderr).toMatch(
      /is unknown/,
    );
    await run(['config', 'show', '--origin', '--store', join(dir, 'mms.db')], { MMS_API_KEY: text });
    await run(['key', 'list', '--store', join(dir, 'mms.db')]);
    // A key in the wrong place: an address, which is logged at this level.
    await fetch(`${service.url}/jobs`, { headers: { authorization: `Basic ${text}` } });

    const id = text.slice(4, 16);
    expect((await run(['key', 'revoke', id, '--store', join(dir, 'mms.db')])).code).toBe(0);
    while ((await status(text)).status !== 401) await new Promise((next) => setTimeout(next, 50));
    said.push(commandLines(service.child.pid!));
    expect(await service.stop()).toBe(0);
    said.push(...service.log);
    expect(service.log.join('\n')).toContain(id);
    expect(said.join('\n')).not.toContain(text.slice(20, 60));
    const used = await run(['key', 'list', '--json', '--store', join(dir, 'mms.db')]);
    expect(JSON.parse(used.stdout)[0]).toMatchObject({ state: 'revoked', usedMs: expect.any(Number) });
  });
});
