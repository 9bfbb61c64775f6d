/** `mms keys new`: files for their owner only, never written over, and what serve and node make of them. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAllowed, readKeyFile } from '../../src/wire/key-files.js';
import { freshDir, joinNode, mms, nodesUntil, startService } from '../support/service.js';

describe('mms keys new', () => {
  it('makes the keys of a router and of a node, for their owner only, and more nodes later', async () => {
    const cwd = freshDir();
    const first = await mms(['keys', 'new', 'keys'], { cwd });
    expect([first.code, first.stdout]).toEqual([0, 'keys/node.key\n']);
    const folder = join(cwd, 'keys');
    const server = readFileSync(join(folder, 'server.key'), 'utf8');
    expect((await mms(['keys', 'new', 'keys', 'desk', 'attic'], { cwd })).code).toBe(0);
    expect(readdirSync(folder)).toEqual(['allowed-nodes', 'attic.key', 'desk.key', 'node.key', 'server.key']);
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.key'))) {
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(readFileSync(join(folder, 'server.key'), 'utf8')).toBe(server);
    const allowed = [...readAllowed(join(folder, 'allowed-nodes'))];
    expect(allowed.map(([, name]) => name)).toEqual(['node', 'desk', 'attic']);
    for (const [key, name] of allowed) expect(readKeyFile(join(folder, `${name}.key`)).publicKey).toBe(key);
    const all = readFileSync(join(folder, 'allowed-nodes'), 'utf8');
    for (const name of ['node', 'desk', 'attic', 'server']) {
      const { secretKey } = readKeyFile(join(folder, `${name}.key`));
      expect(all + first.stdout + first.stderr).not.toContain(secretKey);
    }
  });

  it('refuses names that are none or taken, and writes nothing then', async () => {
    const cwd = freshDir();
    for (const name of ['server', 'local', '../up', 'a b', '.hidden', 'x'.repeat(65)]) {
      const { code, stderr } = await mms(['keys', 'new', 'keys', 'good', name], { cwd });
      expect([name, code]).toEqual([name, 2]);
      expect(stderr).toContain(`got "${name}"`);
    }
    expect(readdirSync(cwd)).toEqual([]);
    mkdirSync(join(cwd, 'keys'));
    writeFileSync(join(cwd, 'keys', 'desk.key'), 'mine');
    const { code, stderr } = await mms(['keys', 'new', 'keys', 'desk'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      'error: Expected a new name; keys has a key of desk already. Choose another one.\n',
    ]);
    expect(readFileSync(join(cwd, 'keys', 'desk.key'), 'utf8')).toBe('mine');
  });
});

describe('a service with keys', () => {
  it('says which command makes them when they are missing', async () => {
    const { code, stderr } = await mms([
      'serve',
      '--port',
      '0',
      '--router',
      'tcp://0.0.0.0:0',
      '--keys',
      'keys',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "Expected the router's keys in keys; it has no server.key. Run: mms keys new keys",
    );
  });

  it('runs its local node over them, and a node joins by the printed line', async () => {
    const dir = freshDir();
    await mms(['keys', 'new', 'keys'], { cwd: dir });
    const service = await startService({ dir, args: ['--keys', 'keys', '--threads', '1'] });
    const { publicKey } = readKeyFile(join(dir, 'keys', 'server.key'));
    expect(service.join).toEqual([
      'node',
      '--router',
      service.router,
      '--server-key',
      publicKey,
      '--key-file',
      'node.key',
    ]);
    const node = await joinNode(service.join, { cwd: join(dir, 'keys') });
    await nodesUntil(service.url, (nodes) => nodes.length === 2);
    expect(await node.stop()).toBe(0);
    expect(await service.stop()).toBe(0);
  });
});
