/** Configuration: precedence, origins, refusal of what is unknown, ill-typed or exposed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { check, show } from '../../src/cli/config.js';
import type { Io } from '../../src/cli/io.js';
import { MmsError } from '../../src/contract/problem.js';
import { loadConfig, presetNames, valueOf } from '../../src/ops/config.js';
import type { ConfigSources } from '../../src/ops/config.js';
import { isLoopback, isRemote, refuseExposedJoin } from '../../src/ops/exposure.js';
import { showConfig, shownSettings } from '../../src/ops/show-config.js';
import { SETTINGS, SETTING_KEYS, envNameOf, flagNameOf } from '../../src/ops/settings.js';
import type { Config, SettingKey } from '../../src/ops/settings.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mms-config-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let files = 0;
function file(text: string): string {
  const path = join(dir, `${++files}.yaml`);
  writeFileSync(path, text);
  return path;
}

/** The E_CONFIG that loadConfig throws. */
function refusal(sources: ConfigSources): MmsError {
  try {
    loadConfig(sources);
  } catch (error) {
    if (error instanceof MmsError) return error;
    throw error;
  }
  throw new Error('Expected a refusal');
}

describe('loadConfig', () => {
  it('gives every setting of the table its default, from "default"', () => {
    const { config, origins, warnings } = loadConfig();
    for (const key of SETTING_KEYS) {
      const expected = key === 'node.threads' ? availableParallelism() : SETTINGS[key].default;
      expect(valueOf(config, key), key).toBe(expected);
      expect(origins[key]).toBe('default');
    }
    expect(warnings).toEqual([]);
  });

  it('documents exactly the defaults in config/default.yaml', () => {
    const path = new URL('../../config/default.yaml', import.meta.url).pathname;
    const written = parse(readFileSync(path, 'utf8')) as Config;
    for (const key of SETTING_KEYS) expect(valueOf(written, key), key).toBe(SETTINGS[key].default);
    const { origins } = loadConfig({ file: path });
    expect(new Set(Object.values(origins))).toEqual(new Set([`file ${path}`]));
  });

  it('loads every preset; the one that opens the router names a folder of keys', () => {
    expect(presetNames()).toEqual(['cluster', 'laptop', 'throughput']);
    for (const preset of ['laptop', 'throughput'])
      expect(loadConfig({ preset }).origins['cache.bytes']).toBe(`preset ${preset}`);
    const { config, warnings } = loadConfig({ preset: 'cluster' });
    expect(config.router).toEqual({ bind: 'tcp://0.0.0.0:7777', keys: 'mms-keys' });
    expect(warnings).toEqual([]);
  });

  it('lets the stronger source win whatever subset of sources names the key', () => {
    const sources = ['flag', 'env', 'file', 'preset'] as const;
    const path = file('cache: { bytes: 3 }\n');
    fc.assert(
      fc.property(fc.subarray([...sources]), (given) => {
        const { config, origins } = loadConfig({
          flags: given.includes('flag') ? { 'cache.bytes': 1 } : {},
          env: given.includes('env') ? { MMS_CACHE_BYTES: '2' } : {},
          file: given.includes('file') ? path : undefined,
          preset: given.includes('preset') ? 'laptop' : undefined,
        });
        const strongest = sources.find((source) => given.includes(source));
        const value = { flag: 1, env: 2, file: 3, preset: 67108864 };
        expect(config.cache.bytes).toBe(strongest ? value[strongest] : SETTINGS['cache.bytes'].default);
        const origin = {
          flag: 'flag --set cache.bytes',
          env: 'env MMS_CACHE_BYTES',
          file: `file ${path}`,
          preset: 'preset laptop',
        };
        expect(origins['cache.bytes']).toBe(strongest ? origin[strongest] : 'default');
      }),
    );
  });

  it('takes file and preset from MMS_CONFIG and MMS_PRESET', () => {
    const path = file('http: { port: 9000 }\n');
    const { config, origins } = loadConfig({ env: { MMS_CONFIG: path, MMS_PRESET: 'laptop' } });
    expect([config.http.port, origins['node.threads']]).toEqual([9000, 'preset laptop']);
  });

  it('takes mms.config.yaml of the folder when no file is named, below the environment', () => {
    const own = join(dir, 'mms.config.yaml');
    expect(loadConfig({ folder: dir }).origins['http.port']).toBe('default');
    writeFileSync(own, 'http: { port: 9001 }\nnode: { threads: 3 }\n');
    const { config, origins } = loadConfig({ folder: dir, env: { MMS_NODE_THREADS: '4' } });
    expect([config.http.port, config.node.threads]).toEqual([9001, 4]);
    expect(origins['http.port']).toBe(`file ${own}`);
    expect(loadConfig({ folder: dir, file: file('{}\n') }).config.http.port).toBe(8080);
    expect(loadConfig({ folder: dir, env: { MMS_CONFIG: file('{}\n') } }).config.http.port).toBe(8080);
    expect(loadConfig({}).config.http.port).toBe(8080);
    writeFileSync(own, 'http: { prot: 1 }\n');
    expect(refusal({ folder: dir }).message).toContain(own);
    rmSync(own);
  });

  it('names flags and environment variables without two settings sharing one', () => {
    expect(envNameOf('limits.maxJobCoreS')).toBe('MMS_LIMITS_MAX_JOB_CORE_S');
    expect(flagNameOf('limits.maxJobCoreS')).toBe('--limits-max-job-core-s');
    expect(new Set(SETTING_KEYS.map(envNameOf)).size).toBe(SETTING_KEYS.length);
    expect(new Set(SETTING_KEYS.map(flagNameOf)).size).toBe(SETTING_KEYS.length);
  });

  const refused: [string, ConfigSources | (() => ConfigSources), RegExp, string?][] = [
    ['unknown flag', { flags: { 'http.prot': 1 } }, /http\.prot.*Did you mean "http\.port"/, '/http/prot'],
    ['unknown variable', { env: { MMS_HTTP_PROT: '1' } }, /Did you mean "MMS_HTTP_PORT"/],
    ['unknown key in a file', () => ({ file: file('htpp: { port: 1 }\n') }), /Did you mean "http\.port"/],
    ['unknown preset', { preset: 'labtop' }, /Did you mean "laptop"/],
    ['path as a preset', { preset: '../default' }, /preset "\.\.\/default"/],
    [
      'text for a number',
      { env: { MMS_HTTP_PORT: 'abc' } },
      /integer from 0 to 65535.*"abc".*MMS_HTTP_PORT/,
      '/http/port',
    ],
    ['empty text for a number', { flags: { 'http.port': '' } }, /integer from 0 to 65535/],
    ['hex beyond range', { flags: { 'http.port': '0x10000' } }, /65535/],
    ['port out of range', { flags: { 'http.port': 65536 } }, /65535/],
    ['fraction for an integer', { flags: { 'node.threads': '1.5' } }, /an integer/],
    ['negative size', { flags: { 'cache.bytes': -1 } }, /from 0 to/],
    ['infinity', { flags: { 'limits.maxJobCoreS': 'Infinity' } }, /a number from/],
    ['NaN in a file', () => ({ file: file('stop: { graceS: .nan }\n') }), /a number from/],
    ['quoted number in a file', () => ({ file: file('http: { port: "80" }\n') }), /an integer.*"80"/],
    ['boolean as yes', { env: { MMS_NODE_LOCAL: 'yes' } }, /true or false/],
    ['wrong log level', { flags: { 'log.level': 'loud' } }, /one of trace.*"loud" \(flag --set log\.level\)/],
    ['null where none is not allowed', () => ({ file: file('store: { path: null }\n') }), /Expected text/],
    ['list', () => ({ file: file('http: { port: [1] }\n') }), /integer/],
    ['list as a file', () => ({ file: file('- 1\n') }), /mapping.*a list/],
    ['broken YAML', () => ({ file: file('http: {port: 1\n') }), /valid YAML/],
    ['duplicate key', () => ({ file: file('insecure: false\ninsecure: true\n') }), /valid YAML.*unique/i],
    [
      'missing file',
      { file: '/nowhere/x.yaml' },
      /readable YAML file; got "\/nowhere\/x\.yaml", which does not exist; check/,
    ],
    ['folder as a file', { file: tmpdir() }, /readable YAML file; got .*, which is a folder/],
    ['prototype key', () => ({ file: file('__proto__: { port: 1 }\nconstructor: 1\n') }), /constructor/],
    [
      'wrong router address',
      { flags: { 'router.bind': '127.0.0.1:7777' } },
      /tcp:\/\/HOST:PORT/,
      '/router/bind',
    ],
    ['ipc router address', { flags: { 'router.bind': 'ipc:///tmp/x' } }, /tcp:\/\/HOST:PORT/],
  ];
  it.each(refused)('refuses: %s', (_name, sources, message, pointer) => {
    const error = refusal(typeof sources === 'function' ? sources() : sources);
    expect(error.problem.code).toBe('E_CONFIG');
    expect(error.message).toMatch(message);
    if (pointer !== undefined) expect(error.problem.errors?.[0]?.pointer).toBe(pointer);
  });

  it('tells all faults at once', () => {
    const flags = { 'http.port': 'x', 'log.level': 'y', nope: 1 };
    expect(refusal({ flags, env: { MMS_NOPE: '1' } }).problem.errors).toHaveLength(4);
  });

  const hosts: [string, boolean][] = [
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['localhost', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.5', false],
    ['127.0.0.1.example.org', false],
    ['localhost.example.org', false],
    ['', false],
  ];
  it.each(hosts)('%s is loopback: %s', (host, expected) => expect(isLoopback(host)).toBe(expected));

  it('refuses every exposed bind from every source, and allows it with --insecure and a warning', () => {
    const exposed: [SettingKey, string][] = [
      ['http.host', '0.0.0.0'],
      ['http.host', '::'],
      ['http.host', 'sim.example.org'],
      ['router.bind', 'tcp://0.0.0.0:7777'],
      ['router.bind', 'tcp://*:7777'],
      ['router.bind', 'tcp://[::]:7777'],
    ];
    for (const [key, value] of exposed) {
      const [room = '', name = ''] = key.split('.');
      const ways: ConfigSources[] = [
        { flags: { [key]: value } },
        { env: { [envNameOf(key)]: value } },
        { file: file(`${room}: { ${name}: "${value}" }\n`) },
      ];
      for (const way of ways) {
        expect(refusal(way).message).toMatch(
          key === 'http.host'
            ? /make an API key: "mms key create", or keep 127\.0\.0\.1 and put an SSH tunnel/
            : /"mms keys new mms-keys", then "mms serve --router \S+ --keys mms-keys"/,
        );
        expect(refusal(way).message).toContain('--insecure');
        const { config, warnings } = loadConfig({ ...way, flags: { ...way.flags, insecure: 'true' } });
        expect(config.insecure).toBe(true);
        expect(warnings.join()).toContain(value);
        expect(loadConfig({ ...way, listens: false }).config.insecure).toBe(false);
      }
    }
  });

  it('takes an exposed router with keys as it is, and keys do not open HTTP', () => {
    const flags = { 'router.bind': 'tcp://0.0.0.0:7777', 'router.keys': 'keys' };
    expect(loadConfig({ flags }).warnings).toEqual([]);
    expect(loadConfig({ flags: { ...flags, insecure: true } }).warnings).toEqual([]);
    expect(refusal({ flags: { ...flags, 'http.host': '0.0.0.0' } }).message).toMatch(/^Expected a loopback/);
  });
});

describe('joining a router', () => {
  it('on another machine takes keys or --insecure; on this one neither', () => {
    expect(() => refuseExposedJoin('tcp://10.0.0.7:7777', false, false)).toThrow(
      /^Expected keys to join tcp:\/\/10\.0\.0\.7:7777.*line that mms serve prints/,
    );
    refuseExposedJoin('tcp://10.0.0.7:7777', true, false);
    refuseExposedJoin('tcp://10.0.0.7:7777', false, true);
    for (const near of ['tcp://127.0.0.1:7777', 'tcp://localhost:1', 'tcp://[::1]:7', 'ipc:///tmp/x']) {
      expect(isRemote(near)).toBe(false);
      refuseExposedJoin(near, false, false);
    }
  });
});

describe('showConfig', () => {
  it('prints every value with its origin and hides secrets', () => {
    const shown = showConfig(loadConfig({ env: { MMS_REDIS_URL: 'redis://:canary@localhost' } }), true);
    expect(shown).toContain('redis.url: (hidden)  # env MMS_REDIS_URL');
    expect(shown).toContain('http.port: 8080  # default');
    expect(shown).not.toContain('canary');
    expect(shown.trim().split('\n')).toHaveLength(SETTING_KEYS.length);
  });

  it('gives scripts value, origin and whether it is hot, without secrets', () => {
    const shown = shownSettings(loadConfig({ env: { MMS_REDIS_URL: 'redis://:canary@localhost' } }));
    expect(Object.keys(shown)).toEqual(SETTING_KEYS);
    expect(shown['redis.url']).toEqual({ value: '(hidden)', origin: 'env MMS_REDIS_URL', hot: false });
    expect(shown['nats.url']).toEqual({ value: null, origin: 'default', hot: false });
    expect(shown['log.level']).toEqual({ value: 'info', origin: 'default', hot: true });
    expect(JSON.stringify(shown)).not.toContain('canary');
  });

  it('prints YAML that loads again', () => {
    const shown = parse(showConfig(loadConfig(), false)) as Record<string, unknown>;
    expect(Object.keys(shown)).toEqual(SETTING_KEYS);
  });
});

describe('mms config', () => {
  const said = async (run: (io: Io) => Promise<number>, env: Record<string, string> = {}) => {
    const heard = { out: '', talk: '' };
    const io = {
      out: (text: string) => void (heard.out += text),
      talk: (text: string) => void (heard.talk += text),
      env,
    } as unknown as Io;
    return { code: await run(io), ...heard };
  };

  it('check tells what a file sets, what of it is hot, and refuses one that is wrong', async () => {
    const good = file(
      'limits: { maxUnits: 5 }\nhttp: { port: 1 }\nredis: { url: "redis://:canary@localhost" }\n',
    );
    const { code, out, talk } = await said((io) => check(good, io), { MMS_HTTP_PORT: 'wrong' });
    expect([code, out]).toEqual([
      0,
      'http.port: 1  # taken at the start\nredis.url: (hidden)  # taken at the start\nlimits.maxUnits: 5  # taken on SIGHUP\n',
    ]);
    expect(talk).toBe(`${good} is right; it sets 3 settings.\n`);
    await expect(said((io) => check(file('limits: { maxUnit: 5 }\n'), io))).rejects.toThrow(/maxUnits/);
    await expect(said((io) => check(undefined, io), { MMS_HTTP_PORT: 'x' })).rejects.toThrow(/http\.port/);
    expect((await said((io) => check(undefined, io))).talk).toMatch(
      /^What mms serve would read here is right/,
    );
  });

  it('show --json is what scripts read', async () => {
    const { out } = await said((io) => show({ json: true }, { flags: { 'http.port': '7' } }, io));
    expect(JSON.parse(out)['http.port']).toEqual({ value: 7, origin: 'flag --port', hot: false });
  });
});
