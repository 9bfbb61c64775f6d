/** Builds the configuration: flags > MMS_* > file > preset > defaults, with the origin of every value. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Composer, LineCounter, Parser, type CST } from 'yaml';
import { MmsError } from '../contract/problem.js';
import type { ProblemFault } from '../contract/problem.js';
import { apiKeysPath } from './api-keys.js';
import { exposure } from './exposure.js';
import { nearest } from './nearest.js';
import { SETTINGS, SETTING_KEYS, envNameOf, flagNameOf } from './settings.js';
import type { Config, Setting, SettingKey, SettingValue } from './settings.js';
import { whyUnreadable } from './unreadable.js';

/** MMS_* names that are no settings: what a client needs, and the two that choose files. */
const OTHER_ENV: readonly string[] = [
  ...['MMS_SERVER', 'MMS_API_KEY', 'MMS_API_KEY_FILE'],
  ...['MMS_CONFIG', 'MMS_PRESET'],
];

/** Settings whose flag is named after the key; those without any flag are given by --set. */
const NAMED_FLAGS: readonly SettingKey[] = ['data.dir', 'redis.url', 'nats.url', 'insecure'];

/** The file of defaults with its comments takes two thousand. */
const MAX_FILE_CHARACTERS = 65_536;
const MAX_COMPLAINTS = 10;

const presetDir = fileURLToPath(new URL('../../config/presets/', import.meta.url));

type ReadText = (path: string) => string;

export interface ConfigSources {
  /** Setting key -> value as typed by the user, text or already parsed; undefined members are left out. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Path of a YAML file; else MMS_CONFIG; else mms.config.yaml in `folder`, where there is one. */
  readonly file?: string | undefined;
  /** The current folder, whose mms.config.yaml is taken; absent: none is. */
  readonly folder?: string;
  /** Text of a file; default: from the disk. */
  readonly read?: ReadText;
  /** Name of a file in config/presets; else MMS_PRESET. */
  readonly preset?: string | undefined;
  /** False where the settings open no address, so none of them is judged; default true. */
  readonly listens?: boolean;
  /** Whether there is a file of API keys; default: on the disk. */
  readonly hasApiKeys?: (path: string) => boolean;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Setting key -> 'flag --port', 'env MMS_HTTP_PORT', 'file x.yaml', 'preset laptop', 'default'. */
  readonly origins: Readonly<Record<SettingKey, string>>;
  /** Sentences to log at start. */
  readonly warnings: readonly string[];
}

/** One source of values, already flat: setting key -> value, and how to name it in errors. */
interface Layer {
  readonly values: ReadonlyMap<string, unknown>;
  readonly originOf: (key: string) => string;
  /** Text is turned into numbers and booleans; YAML has types of its own. */
  readonly isText: boolean;
}

/**
 * Throws MmsError E_CONFIG with every fault of every source. `node.threads` 0 becomes the number of cores.
 * An address beyond loopback where nothing authenticates the other side is a fault without `insecure`.
 */
export function loadConfig(sources: ConfigSources = {}): LoadedConfig {
  const faults: ProblemFault[] = [];
  const env = sources.env ?? {};
  const preset = sources.preset ?? env['MMS_PRESET'];
  const file = sources.file ?? (env['MMS_CONFIG'] || ownFile(sources.folder));
  const read: ReadText = sources.read ?? ((path) => readFileSync(path, 'utf8'));
  const layers: Layer[] = [
    flagLayer(sources.flags ?? {}),
    envLayer(env, faults),
    ...(file ? [fileLayer(file, `file ${file}`, read, faults)] : []),
    ...(preset ? [presetLayer(preset, read, faults)] : []),
  ];
  for (const layer of layers) refuseUnknown(layer, faults);

  const values = new Map<SettingKey, SettingValue>();
  const origins = {} as Record<SettingKey, string>;
  for (const key of SETTING_KEYS) {
    const layer = layers.find((candidate) => candidate.values.has(key));
    origins[key] = layer ? layer.originOf(key) : 'default';
    const fallback = SETTINGS[key].default;
    values.set(key, layer ? parse(key, layer, faults) : fallback);
  }
  const config = nest(values);
  const hasApiKeys = (sources.hasApiKeys ?? existsSync)(apiKeysPath(config));
  const { warnings, faults: exposed } = exposure(config, origins, hasApiKeys);
  if (sources.listens !== false) faults.push(...exposed);
  if (faults.length > 0) throw configError(faults);
  const threads = config.node.threads || availableParallelism();
  return { config: { ...config, node: { ...config.node, threads } }, origins, warnings };
}

/** The file of settings that a folder has, by a name that no other program uses. */
const OWN_FILE = 'mms.config.yaml';

function ownFile(folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  const path = join(folder, OWN_FILE);
  return existsSync(path) ? path : undefined;
}

/** Names of the files in config/presets. */
export function presetNames(): readonly string[] {
  return readdirSync(presetDir)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** The value of one setting inside a config object. */
export function valueOf(config: Config, key: SettingKey): SettingValue {
  let at: unknown = config;
  for (const part of key.split('.')) at = (at as Record<string, unknown>)[part];
  return at as SettingValue;
}

function flagLayer(flags: Readonly<Record<string, unknown>>): Layer {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return { values: new Map(given), originOf: (key) => `flag ${typedFlag(key)}`, isText: true };
}

/** The flag that the command line has for a setting: its own, or --set with the key. */
function typedFlag(key: string): string {
  if (!isKey(key)) return `--set ${key}`;
  const { flag }: Setting = SETTINGS[key];
  return flag !== undefined || NAMED_FLAGS.includes(key) ? flagNameOf(key) : `--set ${key}`;
}

function envLayer(env: Readonly<Record<string, string | undefined>>, faults: ProblemFault[]): Layer {
  const keyOf = new Map(SETTING_KEYS.map((key) => [envNameOf(key), key]));
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('MMS_') || OTHER_ENV.includes(name) || value === undefined || value === '') continue;
    const key = keyOf.get(name);
    if (key) values.set(key, value);
    else faults.push(unknown(name, `environment variable ${name}`, [...keyOf.keys(), ...OTHER_ENV]));
  }
  return { values, originOf: (key) => `env ${envNameOf(key as SettingKey)}`, isText: true };
}

function presetLayer(name: string, read: ReadText, faults: ProblemFault[]): Layer {
  const known = presetNames();
  if (known.includes(name)) return fileLayer(join(presetDir, `${name}.yaml`), `preset ${name}`, read, faults);
  faults.push(unknown('/preset', `preset "${name}"`, known, name));
  return { values: new Map(), originOf: () => '', isText: false };
}

function fileLayer(path: string, origin: string, read: ReadText, faults: ProblemFault[]): Layer {
  const values = new Map<string, unknown>();
  const layer = { values, originOf: () => origin, isText: false };
  let text: string;
  try {
    text = read(path);
  } catch (error) {
    const message = `Expected a readable YAML file; got "${path}", ${whyUnreadable(error)} (${origin}).`;
    faults.push({ pointer: '', message });
    return layer;
  }
  const { root, complaints } = parseYaml(text);
  for (const complaint of complaints)
    faults.push({ pointer: '', message: `Expected valid YAML in ${origin}: ${complaint.split('\n')[0]}` });
  if (complaints.length > 0) return layer;
  if (root === null) return layer;
  if (typeof root !== 'object' || Array.isArray(root)) {
    faults.push({
      pointer: '',
      message: `Expected settings as a YAML mapping in ${origin}; got ${kindOf(root)}.`,
    });
    return layer;
  }
  flatten(root as Record<string, unknown>, '', values);
  return layer;
}

/**
 * yaml reports duplicate keys and syntax with line and column. Settings need no aliases, with which a short
 * text becomes an endless or enormous value, and no length in which a parser could lose itself.
 */
function parseYaml(text: string): { root: unknown; complaints: readonly string[] } {
  if (text.length > MAX_FILE_CHARACTERS)
    return { root: null, complaints: [`at most ${MAX_FILE_CHARACTERS} characters; got ${text.length}.`] };
  try {
    // Lines are told of the few errors that are shown: yaml itself looks each of them up at length.
    const lineCounter = new LineCounter();
    const tokens = untilTooWrong(new Parser(lineCounter.addNewLine).parse(text));
    // A key that is a mapping would be written out as text, with all in it, at each of its levels.
    const stringKeys = true;
    const composer = new Composer({ logLevel: 'error', prettyErrors: false, stringKeys });
    const [document, second] = composer.compose(tokens, true, text.length);
    const complaints = document!.errors.slice(0, MAX_COMPLAINTS).map(({ code, message, pos }) => {
      const { line, col } = lineCounter.linePos(pos[0]);
      return `${code === 'NON_STRING_KEY' ? 'a mapping or a list as a key is not read' : message} at line ${line}, column ${col}`;
    });
    if (second && complaints.length === 0) complaints.push('only one document (---) is read.');
    return { root: complaints.length > 0 ? null : document!.toJS({ maxAliasCount: 0 }), complaints };
  } catch (error) {
    const isAlias = error instanceof ReferenceError;
    return { root: null, complaints: [isAlias ? 'aliases (*name) are not read.' : (error as Error).message] };
  }
}

/** The tokens up to the last error that is told: each costs as much as a page of settings. */
function* untilTooWrong(tokens: Iterable<CST.Token>): Generator<CST.Token, void> {
  let errors = 0;
  for (const token of tokens) {
    yield token;
    if (token.type === 'error' && ++errors === MAX_COMPLAINTS) return;
  }
}

/** {http: {port: 1}} -> http.port; a mapping goes deeper, everything else is a value. */
function flatten(from: Record<string, unknown>, prefix: string, into: Map<string, unknown>): void {
  for (const [name, value] of Object.entries(from)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      flatten(value as Record<string, unknown>, `${prefix}${name}.`, into);
    } else {
      into.set(prefix + name, value);
    }
  }
}

function refuseUnknown(layer: Layer, faults: ProblemFault[]): void {
  for (const key of layer.values.keys()) {
    if (!isKey(key))
      faults.push(unknown(pointerOf(key), `setting "${key}" (${layer.originOf(key)})`, SETTING_KEYS, key));
  }
}

/** The layer's value as the setting's type; a fault and the default when it does not fit. */
function parse(key: SettingKey, layer: Layer, faults: ProblemFault[]): SettingValue {
  const setting: Setting = SETTINGS[key];
  const raw = layer.values.get(key);
  const value = layer.isText && typeof raw === 'string' ? fromText(setting, raw) : raw;
  if (fits(setting, value)) return value;
  const message = `Expected ${expectationOf(setting)} for ${key}; got ${JSON.stringify(raw)} (${layer.originOf(key)}).`;
  faults.push({ pointer: pointerOf(key), message });
  return setting.default;
}

function fromText(setting: Setting, text: string): SettingValue {
  if (setting.default === null && text === 'none') return null;
  if (setting.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (setting.type === 'string') return text;
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function fits(setting: Setting, value: unknown): value is SettingValue {
  if (value === null) return setting.default === null;
  if (setting.type === 'boolean') return typeof value === 'boolean';
  if (setting.type === 'string') {
    return typeof value === 'string' && value !== '' && (setting.oneOf?.includes(value) ?? true);
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (setting.type === 'integer' && !Number.isInteger(value)) return false;
  return value >= (setting.min ?? -Infinity) && value <= (setting.max ?? Infinity);
}

function expectationOf(setting: Setting): string {
  if (setting.oneOf) return `one of ${setting.oneOf.join(', ')}`;
  if (setting.type === 'boolean') return 'true or false';
  if (setting.type === 'string') return setting.default === null ? 'text or none' : 'text';
  const noun = setting.type === 'integer' ? 'an integer' : 'a number';
  const range = `${noun} from ${setting.min} to ${setting.max}${setting.unit ? ` (${setting.unit})` : ''}`;
  return setting.default === null ? `${range} or none` : range;
}

function nest(values: ReadonlyMap<SettingKey, SettingValue>): Config {
  const root: Record<string, unknown> = {};
  for (const [key, value] of values) {
    const path = key.split('.');
    const name = path.pop()!;
    let at = root;
    for (const part of path) at = (at[part] ??= {}) as Record<string, unknown>;
    at[name] = value;
  }
  return root as unknown as Config;
}

function unknown(pointer: string, what: string, known: readonly string[], word = pointer): ProblemFault {
  const suggestion = nearest(word, known);
  const hint = suggestion ? `Did you mean "${suggestion}"?` : `Known are ${known.join(', ')}.`;
  const fault = { pointer, message: `Expected a known name; got ${what}. ${hint}` };
  return suggestion ? { ...fault, suggestion } : fault;
}

function configError(faults: readonly ProblemFault[]): MmsError {
  return new MmsError('E_CONFIG', faults.map(({ message }) => message).join('\n'), faults);
}

function isKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

function pointerOf(key: string): string {
  return `/${key.replaceAll('.', '/')}`;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
