/** Damage to values that knows their structure: members lost, doubled, renamed, replaced, nested, grown. */
import type { Random } from './random.js';

/** JSON text to be written as it is: what no JavaScript value becomes. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A member that is written twice, first with another value. */
export class Twice {
  readonly first: unknown;
  readonly second: unknown;
  constructor(first: unknown, second: unknown) {
    this.first = first;
    this.second = second;
  }
}

export const NASTY_TEXTS = [
  '',
  ' ',
  '\0',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '../../etc/passwd',
  '\ud800',
  '\u202e\u0000\uffff',
  '💥'.repeat(5),
  'x'.repeat(300),
  "'; drop table jobs; --",
  '1e309',
  '~0~1/~',
  '${7*7}',
  'NaN',
];

const NASTY_NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e-300,
  5e-324,
  1e300,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e9,
  1e16,
  255,
  256,
  65536,
];
const RAW = [
  '1e309',
  '-1e400',
  '9007199254740993',
  '-0',
  'NaN',
  '01',
  '1.',
  '.5',
  '+1',
  '0x10',
  '1e',
  'undefined',
];

type Nodes = { readonly holder: Record<string, unknown>; readonly name: string }[];

/** A deep copy of plain data. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(value)) put(out, name, copyOf((value as Record<string, unknown>)[name]));
  return out;
}

const MOST_NODES = 500;
const isLarge = (value: unknown): boolean => nodesOf({ '': value }, []).length > MOST_NODES;

/** All of a small tree; of a large one somewhat more than MOST_NODES. */
function nodesOf(holder: Record<string, unknown>, into: Nodes): Nodes {
  for (const name of Object.keys(holder)) {
    into.push({ holder, name });
    const value = holder[name];
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      nodesOf(value as Record<string, unknown>, into);
    }
    if (into.length > MOST_NODES) return into;
  }
  return into;
}

/** The tree with a few hits. `raw`: whether the result is written by textOf, which knows Raw and Twice. */
export function damageTree(random: Random, tree: unknown, raw: boolean): unknown {
  const root: Record<string, unknown> = { '': copyOf(tree) };
  for (let hits = random.few(5); hits > 0; hits--) {
    const nodes = nodesOf(root, []);
    // The root itself is spoilt rarely: what is below tells more.
    const at = nodes.length > 1 && random.chance(0.98) ? 1 + random.below(nodes.length - 1) : 0;
    hit(random, nodes[at]!, nodes, raw);
  }
  return root[''];
}

function hit(random: Random, { holder, name }: Nodes[number], nodes: Nodes, raw: boolean): void {
  const value = holder[name];
  switch (random.below(11)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else if (name !== '') delete holder[name];
      return;
    case 1:
      return void put(holder, random.chance(0.5) ? random.pick(NASTY_TEXTS) : `${name}s`, value);
    case 2:
      if (raw) holder[name] = new Twice(leaf(random, raw), value);
      return;
    case 3: {
      const other = random.pick(nodes);
      holder[name] = copyOf(other.holder[other.name]);
      return;
    }
    case 4: {
      let deep = value;
      for (let depth = random.few(6) ** 2; depth > 0; depth--) {
        deep = random.chance(0.5) ? [deep] : { [random.pick(['a', 'type', 'spec', name])]: deep };
      }
      holder[name] = deep;
      return;
    }
    case 5:
      // Of a large one no decoder would see the copies: they make more than the largest input.
      if (!isLarge(value)) holder[name] = Array<unknown>(random.few(12) ** 2).fill(value);
      return;
    case 6:
    case 7:
      if (typeof value === 'number') holder[name] = scaled(random, value);
      else if (typeof value === 'boolean') holder[name] = !value;
      else holder[name] = leaf(random, raw);
      return;
    default:
      holder[name] = leaf(random, raw);
  }
}

/** As an own member, whatever its name; a list has none but its elements. */
function put(holder: Record<string, unknown>, name: string, value: unknown): void {
  if (Array.isArray(holder)) return void holder.push(value);
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

function scaled(random: Random, value: number): number {
  const by = random.pick([0, -1, 0.1, 10, 1000, 1e6, 1e-6, 1.0000001]);
  return random.chance(0.2) ? value + random.pick([1, -1, 0.5, 1e-9]) : value * by;
}

function leaf(random: Random, raw: boolean): unknown {
  switch (random.below(raw ? 6 : 5)) {
    case 0:
      return random.pick(NASTY_TEXTS);
    case 1:
    case 2:
      return random.pick(NASTY_NUMBERS);
    case 3:
      return random.pick([null, true, false, [], {}, [[]], { type: 'x' }]);
    case 4:
      return raw ? random.pick(NASTY_NUMBERS) : random.pick([NaN, Infinity, new Uint8Array(3), 2 ** 60]);
    default:
      return new Raw(random.pick(RAW));
  }
}

/** JSON of a damaged tree. */
export function textOf(value: unknown): string {
  // Damage may have put a tree where the text was.
  if (value instanceof Raw) return typeof value.text === 'string' ? value.text : textOf(value.text);
  if (value instanceof Twice) return textOf(value.second);
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).map(([name, member]) => {
    const key = JSON.stringify(name);
    return member instanceof Twice
      ? `${key}:${textOf(member.first)},${key}:${textOf(member.second)}`
      : `${key}:${textOf(member)}`;
  });
  return `{${members.join(',')}}`;
}
