/** The configuration under fuzzing: YAML files, environment and flags. */
import { readFileSync } from 'node:fs';
import { MmsError } from '../../src/contract/problem.js';
import { loadConfig, valueOf } from '../../src/ops/config.js';
import { envNameOf, SETTING_KEYS, SETTINGS, type Setting } from '../../src/ops/settings.js';
import { damage } from './bytes.js';
import { Broken, bytesOf, LARGE_SHARE, type Decoder } from './decoder.js';
import type { Random } from './random.js';
import { NASTY_TEXTS } from './trees.js';

const SAMPLES = [
  readFileSync(new URL('../../config/default.yaml', import.meta.url), 'utf8').slice(330, 700),
  readFileSync(new URL('../../config/presets/cluster.yaml', import.meta.url), 'utf8'),
  'http: {port: 80, host: localhost}\nlimits:\n  maxQueuedJobs: 10\n',
  'a: &x [1, 2]\nb: *x\nlimits: {maxUnits: 1e3}\n',
  '? {a: 1}\n: [b]\n<<: {log: {level: info}}\n',
].map(bytesOf);

/** YAML words: anchors, aliases, tags, merges, nests, what other readers turn into something else. */
export const YAML_TOKENS = [
  ...['&a ', '*a', '<<: ', '!!binary ', '!!set ', '!x ', '[', ']', '{', '}', '- ', ': ', '? ', '|', '>-\n '],
  ...['\n', '\n  ', '\t', '#', '"', "'", '---\n', '...\n', '%YAML 1.1\n', '__proto__: ', 'constructor: '],
  ...['null', '~', '.inf', '-.nan', '0x1f', '0o7', '1_000', '1e309', '2001-01-01', 'yes', '\ufeff', '\0'],
  ...['http: ', 'limits: ', 'http.port: 1\n', 'insecure: true\n', '\x85', '&a [*a]', '&b {c: *b}'],
].map(bytesOf);

/** Names for a line of text, settings or not, and their values. */
function pairsOf(random: Random, nameOf: (key: (typeof SETTING_KEYS)[number]) => string): string {
  return Array.from({ length: random.few(6) }, () => {
    const key = random.pick(SETTING_KEYS);
    const setting: Setting = SETTINGS[key];
    const values = [String(setting.default), '1', '0', 'true', '-1', '1e9', 'none', ...NASTY_TEXTS];
    const name = random.chance(0.9) ? nameOf(key) : nameOf(key) + random.pick(NASTY_TEXTS);
    return `${name}=${random.pick(random.chance(0.6) ? [String(setting.default), '1'] : values)}`;
  }).join('\n');
}

/** name=value lines; the first letter of an input says what kind of source it is. */
function linesOf(text: string): Record<string, string> {
  const lines = text.split('\n').map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(lines) as Record<string, string>;
}

export const CONFIG: Decoder = {
  name: 'config',
  about: 'settings from YAML files, MMS_* variables and flags',
  inputs: 2_000_000,
  draw(random) {
    // Most by name and value: parsing YAML takes ten times as long.
    const source = random.pick([0, 1, 1, 1, 2, 2, 2, 3]);
    const envLine = (): string => pairsOf(random, (key) => (random.chance(0.95) ? envNameOf(key) : key));
    let body =
      source === 1 ? bytesOf(envLine()) : source === 2 ? bytesOf(pairsOf(random, (key) => key)) : null;
    body ??= random.pick(SAMPLES);
    if (source === 0 || source === 3 || random.chance(0.2))
      body = damage(random, body, random.pick(SAMPLES), YAML_TOKENS);
    if (random.chance(LARGE_SHARE / 5)) {
      const token = random.pick(YAML_TOKENS);
      const times = Math.floor((1 << (10 + random.below(8))) / token.length);
      body = Buffer.concat([body, ...Array<Uint8Array>(times).fill(token)]);
    }
    return new Uint8Array(Buffer.concat([bytesOf(source === 1 ? 'e' : source === 2 ? 'f' : 'y'), body]));
  },
  decode(bytes) {
    const text = Buffer.from(bytes.subarray(1)).toString('utf8');
    const letter = bytes[0];
    const source =
      letter === 0x65
        ? { env: linesOf(text) }
        : letter === 0x66
          ? { flags: linesOf(text) }
          : { file: 'fuzz.yaml', read: () => text };
    const { config } = loadConfig(source);
    for (const key of SETTING_KEYS) {
      const setting: Setting = SETTINGS[key];
      const value = valueOf(config, key);
      const type = setting.type === 'integer' ? 'number' : setting.type;
      const isNone = value === null && setting.default === null;
      const fits =
        typeof value === type && !(Number(value) < setting.min!) && !(Number(value) > setting.max!);
      if (!isNone && !fits) throw new Broken(`${key} became ${String(value)}`);
    }
    return config;
  },
  isRefusal: (error) => error instanceof MmsError && error.problem.code === 'E_CONFIG',
};
