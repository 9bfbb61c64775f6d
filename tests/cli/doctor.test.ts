/** The checks of `mms doctor`: each tells a sound part from a broken one and says what to do. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort, nodeVersion, redis, writeAccess } from '../../src/cli/doctor.js';
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
    ['22.12.9', '10', 'error'],
    ['20.20.2', '9', 'error'],
    ['24.0.0', '9', 'error'],
  ])('Node.js %s with N-API %s: %s', (node, napi, state) => {
    const check = nodeVersion({ node, napi });
    expect(check.state).toBe(state);
    expect(check.fix === '').toBe(state === 'ok');
  });

  it('sees a taken port and a folder that cannot be written', async () => {
    const [server, port] = await listen(() => undefined);
    expect(await freePort('HTTP port', '127.0.0.1', port)).toMatchObject({ state: 'warning' });
    server.close();
    await once(server, 'close');
    expect(await freePort('HTTP port', '127.0.0.1', port)).toMatchObject({ state: 'ok', fix: '' });
    const dir = freshDir();
    expect(await writeAccess('folder', dir)).toMatchObject({ state: 'ok' });
    writeFileSync(join(dir, 'file'), '');
    mkdirSync(join(dir, 'sub'));
    expect(await writeAccess('folder', join(dir, 'file'))).toMatchObject({ state: 'error' });
  });

  it.each([
    ['+PONG\r\n', 'ok'],
    ['-NOAUTH Authentication required.\r\n', 'ok'],
    ['HTTP/1.1 400 Bad Request\r\n', 'warning'],
  ])('a server that answers %j as Redis: %s', async (answer, state) => {
    const [server, port] = await listen((write) => write(answer));
    expect(await redis(`redis://127.0.0.1:${port}`)).toMatchObject({ state });
    server.close();
  });

  it('takes no Redis as fine and a dead one as a warning', async () => {
    expect(await redis(null)).toMatchObject({ state: 'ok' });
    expect(await redis('redis://127.0.0.1:1')).toMatchObject({ state: 'warning' });
    expect(await redis('not an address')).toMatchObject({ state: 'warning' });
  });
});

describe('mms doctor', () => {
  it('finds this machine sound, in words and as JSON', async () => {
    const { code, stdout } = await mms(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +zeromq +loads$/m);
    expect(stdout).toMatch(/^ok +better-sqlite3 +loads$/m);
    const checks = JSON.parse((await mms(['doctor', '--json'])).stdout);
    expect(checks.map((check: any) => check.name)).toContain('clock');
  });

  it('names a variable that is no setting', async () => {
    const { code, stdout } = await mms(['doctor'], { env: { MMS_HTTP_PROT: '1' } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ERROR +configuration +.*MMS_HTTP_P/m);
  });
});
