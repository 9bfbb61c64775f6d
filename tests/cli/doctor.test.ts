/** The checks of `mms doctor`: each tells a sound part from a broken one and says what to do. */
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clock, freePort, type Check, nodeVersion, openFiles, redis } from '../../src/cli/doctor-checks.js';
import { apiKeys, nodeKeys } from '../../src/cli/doctor-keys.js';
import { diskSpace, folderFor, pragmas, syncTime, writeAccess } from '../../src/cli/doctor-store.js';
import { keyLine, newApiKey, revocationLine } from '../../src/ops/api-keys.js';
import { freshDir, mms } from '../support/service.js';

async function listen(onConnection: (answer: (text: string) => void) => void): Promise<[Server, number]> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => onConnection((text) => socket.write(text)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return [server, (server.address() as AddressInfo).port];
}

describe('checks', () => {
  it.each([
    ['24.1.0', '10', 'ok'],
    ['22.13.0', '10', 'ok'],
    ['22.12.9', '10', 'fail'],
    ['20.20.2', '9', 'fail'],
    ['24.0.0', '9', 'fail'],
  ])('Node.js %s with N-API %s: %s', (node, napi, state) => {
    const check = nodeVersion({ node, napi });
    expect(check.state).toBe(state);
    expect(check.fix === '').toBe(state === 'ok');
  });

  it('sees a taken port and a folder that cannot be written', async () => {
    const [server, port] = await listen(() => undefined);
    expect(await freePort('HTTP port', '127.0.0.1', port, 'mms serve --port 0')).toMatchObject({
      state: 'warn',
    });
    server.close();
    await once(server, 'close');
    expect(await freePort('HTTP port', '127.0.0.1', port, 'mms serve --port 0')).toMatchObject({
      state: 'ok',
      fix: '',
    });
    const dir = freshDir();
    expect(await writeAccess('folder', dir)).toMatchObject({ state: 'ok' });
    writeFileSync(join(dir, 'file'), '');
    mkdirSync(join(dir, 'sub'));
    expect(await writeAccess('folder', join(dir, 'file'))).toMatchObject({ state: 'fail' });
  });

  it.each([
    ['+PONG\r\n', 'ok'],
    ['-NOAUTH Authentication required.\r\n', 'ok'],
    ['HTTP/1.1 400 Bad Request\r\n', 'warn'],
  ])('a server that answers %j as Redis: %s', async (answer, state) => {
    const [server, port] = await listen((write) => write(answer));
    expect(await redis(`redis://127.0.0.1:${port}`)).toMatchObject({ state });
    server.close();
  });

  it('takes no Redis as fine and a dead one as a warning', async () => {
    expect(await redis(null)).toMatchObject({ state: 'ok' });
    expect(await redis('redis://127.0.0.1:1')).toMatchObject({ state: 'warn' });
    expect(await redis('not an address')).toMatchObject({ state: 'warn' });
  });
});

describe('the disk', () => {
  it('is too small, too slow or fine, and nothing of the checks stays on it', async () => {
    const dir = freshDir();
    expect(folderFor(join(dir, 'a', 'b', 'mms.db'))).toBe(dir);
    expect(await diskSpace(dir, 1, 0)).toMatchObject({ state: 'ok', fix: '' });
    expect(await diskSpace(dir, 1e18, 0)).toMatchObject({ state: 'warn' });
    expect(await diskSpace(dir, 1e18, 1e18)).toMatchObject({
      state: 'fail',
      fix: expect.stringMatching(/--retain-days 30/),
    });
    expect(await syncTime(dir, 1e6)).toMatchObject({ state: 'ok' });
    expect(await syncTime(dir, 0)).toMatchObject({ state: 'warn', fix: expect.stringMatching(/local disk/) });
    expect(await pragmas(dir)).toEqual({
      name: 'SQLite',
      state: 'ok',
      found: 'journal_mode WAL, synchronous FULL',
      fix: '',
    });
    expect(await pragmas(join(dir, 'missing'))).toMatchObject({ state: 'fail' });
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('the keys', () => {
  it('of clients: none, none live, soon to end, open to all, damaged', () => {
    const path = join(freshDir(), 'keys');
    const nowMs = Date.UTC(2026, 10, 22);
    const look = (isNamed = false) => apiKeys(path, isNamed, nowMs);
    expect([look().state, look(true).state]).toEqual(['ok', 'fail']);
    expect(look(true).fix).toBe(`mms key create --api-keys ${path}`);
    const { key } = newApiKey({ name: 'desk', expiresMs: nowMs + 15 * 86_400_000 }, nowMs);
    writeFileSync(path, keyLine(key));
    expect(look()).toMatchObject({ state: 'ok', found: '1 of 1 live' });
    expect(apiKeys(path, false, nowMs + 86_400_001)).toMatchObject({
      state: 'warn',
      found: `1 of 1 live; ${key.id} of desk ends on 2026-12-07`,
      fix: `mms key create --api-keys ${path} --name desk`,
    });
    appendFileSync(path, revocationLine(key.id, nowMs));
    expect(look()).toMatchObject({ state: 'warn', found: '0 of 1 live: every request is refused' });
    chmodSync(path, 0o602);
    expect(look()).toMatchObject({ state: 'fail', fix: `chmod 600 ${path}` });
    chmodSync(path, 0o600);
    appendFileSync(path, 'noise');
    expect(look()).toMatchObject({
      state: 'fail',
      found: expect.stringMatching(/line 3: Expected a JSON object/),
    });
  });

  it('of nodes: none, missing, open to all, fine', async () => {
    const folder = join(freshDir(), 'curve');
    expect(nodeKeys(null).state).toBe('ok');
    expect(nodeKeys(folder)).toMatchObject({ state: 'fail', fix: `mms keys new ${folder}` });
    expect((await mms(['keys', 'new', folder])).code).toBe(0);
    expect(nodeKeys(folder)).toMatchObject({ state: 'ok', found: '1 node may join' });
    writeFileSync(join(folder, 'allowed-nodes'), '# nobody\n');
    expect(nodeKeys(folder).state).toBe('warn');
    chmodSync(join(folder, 'server.key'), 0o644);
    expect(nodeKeys(folder)).toMatchObject({ state: 'fail', fix: expect.stringMatching(/^chmod 600 /) });
  });
});

describe('the machine', () => {
  it('has a clock that is wrong or leaps, or too few open files', async () => {
    expect((await clock()).state).toBe('ok');
    expect(await clock(() => Date.UTC(2001, 0, 1))).toMatchObject({
      state: 'warn',
      fix: expect.stringMatching(/ntp/),
    });
    let leapMs = 0;
    expect((await clock(() => Date.now() + (leapMs += 3600_000))).state).toBe('warn');
    expect((await openFiles(1)).state).toBe('ok');
    expect(await openFiles(1e12)).toMatchObject({
      state: 'warn',
      fix: expect.stringMatching(/^ulimit -n 1000000000256 /),
    });
  });
});

describe('mms doctor', () => {
  it('finds this machine sound, in words and as JSON', async () => {
    const { code, stdout } = await mms(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +zeromq +loads$/m);
    expect(stdout).toMatch(/^ok +better-sqlite3 +loads$/m);
    const checks: Check[] = JSON.parse((await mms(['doctor', '--json'])).stdout);
    const names = checks.map(({ name }) => name);
    for (const name of ['configuration', 'open files', 'disk space', 'fsync', 'SQLite', 'API keys', 'clock'])
      expect(names).toContain(name);
    for (const { state, fix } of checks) expect(fix === '').toBe(state === 'ok');
  });

  it('fails where the store cannot be written, tells that once, and warns of few open files', async () => {
    const dir = freshDir();
    writeFileSync(join(dir, 'file'), '');
    const env = { MMS_STORE_PATH: join(dir, 'file', 'mms.db') };
    const few = await mms(['doctor', '--json'], { env, within: ['prlimit', '--nofile=512'] });
    const checks: Check[] = JSON.parse(few.stdout);
    expect(few.code).toBe(1);
    expect(checks.filter(({ state }) => state === 'fail').map(({ name }) => name)).toEqual([
      'folder of the store',
    ]);
    expect(checks.find(({ name }) => name === 'open files')).toMatchObject({ state: 'warn' });
  });

  it('names a variable that is no setting', async () => {
    const { code, stdout } = await mms(['doctor'], { env: { MMS_HTTP_PROT: '1' } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fail +configuration +.*MMS_HTTP_P/m);
  });
});
