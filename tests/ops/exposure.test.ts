/** No permutation of settings opens a wider address to strangers; the sockets of real processes too. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MmsError } from '../../src/contract/problem.js';
import { loadConfig, type ConfigSources } from '../../src/ops/config.js';
import { envNameOf, type Config, type SettingKey } from '../../src/ops/settings.js';
import { freshDir, mms } from '../support/service.js';

/** Settings as one of the sources gives them; null leaves a setting out. */
type Given = Partial<Record<SettingKey, string | boolean | null>>;
const SOURCES = ['flags', 'env', 'file', 'both'] as const;

function sourcesOf(given: Given, source: (typeof SOURCES)[number]): ConfigSources {
  const set = Object.entries(given).filter(([, value]) => value !== null) as [SettingKey, string | boolean][];
  const env = Object.fromEntries(set.map(([key, value]) => [envNameOf(key), `${value}`]));
  if (source === 'flags') return { flags: Object.fromEntries(set) };
  if (source === 'env') return { env };
  const text = set.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}\n`).join('');
  const read = (path: string): string => (path === 'x.yaml' ? text : 'node: { threads: 2 }\n');
  // A harmless variable above the file and a preset below must not hide what the file says of the others.
  const others = source === 'both' ? { env: { MMS_HTTP_PORT: '0' }, preset: 'laptop' } : {};
  return { file: 'x.yaml', read, ...others };
}

/** Written anew, so that a slip of the program's own test is found. */
function isHere(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** What of a configuration strangers could use. */
function openings({ http, router, nats, insecure }: Config, hasApiKeys: boolean): string[] {
  if (insecure) return [];
  const bound = /^tcp:\/\/(.*):[^:]*$/.exec(router.bind)![1]!;
  const servers =
    nats.url
      ?.replace(/^nats:\/\/([^@/]*@)?/, '')
      .split('/')[0]!
      .split(',') ?? [];
  return [
    ...(!isHere(http.host) && !hasApiKeys ? ['http'] : []),
    ...(nats.url === null && !isHere(bound) && router.keys === null ? ['router'] : []),
    ...(nats.url?.startsWith('nats:') && !servers.every((one) => isHere(one.replace(/:\d+$/, '')))
      ? ['nats']
      : []),
  ];
}

describe('the table of settings', () => {
  it('opens nothing to strangers without keys or --insecure, and refuses nothing else', () => {
    const axes = {
      'http.host': [null, '127.0.0.1', '::1', 'localhost', '0.0.0.0', '::', '10.0.0.7', 'sim.example'],
      'router.bind': [
        null,
        'tcp://127.0.0.1:0',
        'tcp://[::1]:7',
        'tcp://0.0.0.0:7',
        'tcp://*:7',
        'tcp://[::]:7',
      ],
      'router.keys': [null, 'mms-keys'],
      'nats.url': [
        null,
        'nats://127.0.0.1:4',
        'nats://10.0.0.7:4',
        'nats://u:p@127.0.0.1:4,far:4/n',
        'tls://far:4',
      ],
      insecure: [null, false, true],
    } as const;
    let all: Given[] = [{}];
    for (const [key, values] of Object.entries(axes))
      all = all.flatMap((given) => values.map((value) => ({ ...given, [key]: value })));
    const seen = { refused: 0, taken: 0 };
    for (const [at, given] of all.entries()) {
      for (const hasApiKeys of [false, true]) {
        const source = SOURCES[(at + Number(hasApiKeys)) % SOURCES.length]!;
        const sources = { ...sourcesOf(given, source), hasApiKeys: () => hasApiKeys };
        const { config } = loadConfig({ ...sources, listens: false });
        const open = openings(config, hasApiKeys);
        let faults: string[] = [];
        try {
          loadConfig(sources);
        } catch (error) {
          if (!(error instanceof MmsError)) throw error;
          faults = error.problem.errors!.map(({ pointer }) => pointer.split('/')[1]!);
        }
        expect({ given, source, hasApiKeys, faults }).toEqual({ given, source, hasApiKeys, faults: open });
        seen[open.length > 0 ? 'refused' : 'taken']++;
      }
    }
    expect(seen.refused).toBeGreaterThan(1000);
    expect(seen.taken).toBeGreaterThan(1000);
  });
});

/** Addresses on which a process and its children listen, from the tables of the kernel. */
function listening(pid: number): string[] {
  const pids = [pid, ...childrenOf(pid)];
  const inodes = new Set(
    pids.flatMap((one) =>
      readdirSync(`/proc/${one}/fd`).map((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${one}/fd/${fd}`))?.[1] ?? '';
        } catch {
          return '';
        }
      }),
    ),
  );
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((cells) => cells[3] === LISTEN && inodes.has(cells[9]!))
      .map((cells) => cells[1]!.split(':')[0]!),
  );
}

function childrenOf(pid: number): number[] {
  const all = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' '),
  );
  return all.filter((one) => one !== '').map(Number);
}

const LOOPBACK = '0100007F';
const ANYWHERE = '00000000';
const main = resolve(import.meta.dirname, '../../dist/main.js');

/** The addresses on which `mms serve` listens once it says so; it is stopped then. */
async function addressesOf(args: readonly string[], cwd: string): Promise<string[]> {
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--threads', '1', ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  let said = '';
  child.stderr.setEncoding('utf8');
  for await (const text of child.stderr as AsyncIterable<string>) {
    said += text;
    if (/Add a machine|may join yet/.test(said)) break;
  }
  const open = said.includes('listens on') ? listening(child.pid!) : [said];
  child.kill();
  await ended;
  return [...new Set(open)].sort();
}

describe('a real service', () => {
  it('listens on loopback alone, and beyond it only on what keys protect', async () => {
    const cwd = freshDir();
    mkdirSync(join(cwd, 'sub'));
    expect((await mms(['keys', 'new', 'curve'], { cwd })).code).toBe(0);
    expect((await mms(['key', 'create', '--api-keys', 'api-keys'], { cwd })).code).toBe(0);
    const router = ['--router', 'tcp://127.0.0.1:0'];
    const alone = ['--no-local-node', '--store', 'sub/mms.db'];
    const open = await Promise.all([
      addressesOf(router, cwd),
      addressesOf(['--host', '0.0.0.0', '--api-keys', 'api-keys', ...router, ...alone], cwd),
    ]);
    expect(open).toEqual([[LOOPBACK], [ANYWHERE, LOOPBACK]]);
    const wide = ['--router', 'tcp://0.0.0.0:0', '--keys', 'curve', ...alone];
    expect(await addressesOf(wide, cwd)).toEqual([ANYWHERE, LOOPBACK]);
  });

  it('refuses with what to do, before anything is opened', async () => {
    const rows: [string[], Record<string, string>, RegExp][] = [
      [['--host', '0.0.0.0'], {}, /http\.host.*mms key create/],
      [[], { MMS_HTTP_HOST: '::' }, /http\.host.*mms key create/],
      [['--router', 'tcp://0.0.0.0:0'], {}, /router\.bind.*mms keys new/],
      [
        ['--api-keys', 'missing'],
        {},
        /Expected API keys in missing; there is no such file. Run: mms key create/,
      ],
    ];
    for (const [args, env, message] of rows) {
      const { code, stderr } = await mms(['serve', '--port', '0', ...args], { env });
      expect([args, code, stderr]).toEqual([args, 2, expect.stringMatching(message)]);
    }
  });
});
