/** Lays flags over a spec file: parses their values, chooses variants, names the flag of a faulty field. */
import type { Flag } from './flags.js';
import { badInput } from './exit.js';

type Spec = Record<string, unknown>;

/**
 * A new spec: `base` (file, market) below the given flags. A flag that belongs to one variant chooses
 * it unless the variant is given. Throws E_SPEC for text that has not the flag's type, and for flags of two
 * variants.
 */
export function specWithFlags(base: Spec, flags: readonly Flag[], given: ReadonlyMap<string, string>): Spec {
  const spec = structuredClone(base);
  const used = flags.filter((flag) => given.has(flag.name));
  for (const chooser of flags.filter((flag) => flag.chooses)) {
    const inside = used.filter((flag) => branchOf(flag, chooser).length > 0);
    const type = chooseType(chooser, inside, given.get(chooser.name), spec);
    if (type === null) continue;
    // A flag of what the default would be changes that one field of it.
    const isUsual = type === chooser.defaultValue && !given.has(chooser.name);
    const path = chooser.path.slice(0, -1);
    if (isUsual && at(spec, path) === undefined) put(spec, path, structuredClone(chooser.whole));
    applyType(spec, chooser, type, flags);
  }
  for (const flag of used) {
    if (!flag.chooses) put(spec, flag.path, parseValue(flag, given.get(flag.name) ?? ''));
  }
  return spec;
}

/** Types of the chooser's variants that have this flag; empty when it lies outside. */
function branchOf(flag: Flag, chooser: Flag): string[] {
  const union = chooser.path.slice(0, -1).join('.');
  return flag.branches.filter((branch) => branch.union === union).map((branch) => branch.type);
}

/** The variant's type to write, or null when nothing is said about it. */
function chooseType(
  chooser: Flag,
  inside: readonly Flag[],
  explicit: string | undefined,
  spec: Spec,
): string | null {
  const current = at(spec, chooser.path);
  if (explicit === undefined && inside.length === 0) return null;
  const fallback = typeof current === 'string' ? current : (chooser.defaultValue ?? chooser.choices?.[0]);
  let type = explicit ?? String(fallback);
  if (explicit === undefined) {
    const common = inside.reduce<readonly string[]>(
      (types, flag) => types.filter((known) => branchOf(flag, chooser).includes(known)),
      chooser.choices ?? [],
    );
    if (!common.includes(type) && common[0] !== undefined) type = common[0];
  }
  const stranger = inside.find((flag) => !branchOf(flag, chooser).includes(type));
  if (stranger && chooser.choices?.includes(type))
    throw apart(stranger, chooser, type, explicit === undefined ? inside : []);
  return type;
}

/** Two things on the command line that want different variants: the chooser and a flag, or two flags. */
function apart(stranger: Flag, chooser: Flag, type: string, others: readonly Flag[]): Error {
  const home = (flag: Flag): string => `--${chooser.name} ${branchOf(flag, chooser).join(' or ')}`;
  const types = branchOf(stranger, chooser);
  const other = others.find((flag) => !branchOf(flag, chooser).some((name) => types.includes(name)));
  const got = other ? `--${other.name}, which goes only with ${home(other)}` : `--${chooser.name} ${type}`;
  return badInput(
    `--${stranger.name}: Expected only with ${home(stranger)}; got ${got}. Leave one of the two out.`,
  );
}

/** Another variant keeps only the fields that it shares with the one before. */
function applyType(spec: Spec, chooser: Flag, type: string, flags: readonly Flag[]): void {
  const path = chooser.path.slice(0, -1);
  const before = at(spec, path);
  const kept: Spec = {};
  if (typeof before === 'object' && before !== null) {
    const tag = chooser.path.at(-1) ?? '';
    const same = (before as Spec)[tag] === type;
    const shared = new Set(
      flags
        .filter((flag) => branchOf(flag, chooser).includes(type))
        .map((flag) => flag.path[path.length] ?? ''),
    );
    for (const [key, value] of Object.entries(before)) if (same || shared.has(key)) kept[key] = value;
  }
  put(spec, path, kept);
  put(spec, chooser.path, type);
}

function at(spec: Spec, path: readonly string[]): unknown {
  let value: unknown = spec;
  for (const key of path) value = (value as Spec | null | undefined)?.[key];
  return value;
}

function put(spec: Spec, path: readonly string[], value: unknown): void {
  let here = spec;
  for (const key of path.slice(0, -1)) {
    const next = here[key];
    if (typeof next === 'object' && next !== null && !Array.isArray(next)) here = next as Spec;
    else here = (here[key] = {}) as Spec;
  }
  here[path.at(-1) ?? ''] = value;
}

/** The text as the flag's type; lists are separated by commas. */
export function parseValue(flag: Flag, text: string): unknown {
  if (!flag.list) return parseOne(flag, text);
  if (text.trim() === '') return [];
  return text.split(',').map((part) => parseOne(flag, part.trim()));
}

function parseOne(flag: Flag, text: string): unknown {
  switch (flag.type) {
    case 'number':
    case 'integer': {
      const value = text.trim() === '' ? NaN : Number(text);
      if (!Number.isFinite(value))
        throw wrongType(flag, text, flag.type === 'number' ? 'a number' : 'an integer');
      return value;
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw wrongType(flag, text, 'true or false');
      return text === 'true';
    case 'string':
      return text;
    case 'json':
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return text;
      }
  }
}

function wrongType(flag: Flag, text: string, expected: string): Error {
  const many = flag.list ? `${expected}, or several separated by commas` : expected;
  return badInput(`--${flag.name}: Expected ${many}; got ${JSON.stringify(text)}.`);
}

/** The flag for a pointer of an error (/spec/strategy/gamma -> --gamma); null where no flag stands for it. */
export function flagForPointer(flags: readonly Flag[], pointer: string): string | null {
  if (pointer === '/seed') return '--seed';
  const parts = pointer.split('/').slice(1);
  if (parts.shift() !== 'spec') return null;
  const found = flags.find((flag) => {
    const whole = flag.chooses && parts.length === flag.path.length - 1;
    const path = whole ? flag.path.slice(0, -1) : flag.path;
    const isInside = flag.list || flag.type === 'json';
    return path.every((key, i) => parts[i] === key) && (parts.length === path.length || isInside);
  });
  if (!found) return null;
  const [item, ...inside] = parts.slice(found.path.length);
  if (item === undefined || !/^\d+$/.test(item)) return `--${found.name}`;
  const named = [item, ...inside].map((part) => (/^\d+$/.test(part) ? `item ${Number(part) + 1}` : part));
  return `--${found.name} (${named.join(', ')})`;
}
