/** The named instruments of config/instruments.yaml, and how a name in a spec gives way to its parts. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { closest, distance } from 'fastest-levenshtein';
import { parse } from 'yaml';
import { MmsError } from '../contract/problem.js';

const builtIn = fileURLToPath(new URL('../../config/instruments.yaml', import.meta.url));
/** The parts of a market-making spec that an instrument fixes; the kind's schema judges them later. */
const PARTS = ['instrument', 'fees', 'rules'] as const;

type Mapping = Readonly<Record<string, unknown>>;

export interface Instrument {
  readonly name: string;
  readonly title: string;
  readonly currency: string;
  /** Some of PARTS. */
  readonly parts: Readonly<Record<string, Mapping>>;
}

let known: ReadonlyMap<string, Instrument> | null = null;

/** The built-in instruments in the order of their file. Throws MmsError E_DATA for a faulty file. */
export function instruments(): ReadonlyMap<string, Instrument> {
  return (known ??= readInstruments(builtIn));
}

/** As instruments(), of another file. */
export function readInstruments(path: string): ReadonlyMap<string, Instrument> {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new MmsError('E_DATA', `${path}: expected YAML; ${(error as Error).message}`);
  }
  if (!isMapping(content))
    throw new MmsError('E_DATA', `${path}: expected a mapping of names to instruments.`);
  return new Map(Object.entries(content).map(([name, value]) => [name, readOne(path, name, value)]));
}

function readOne(path: string, name: string, value: unknown): Instrument {
  const fault = (what: string) => new MmsError('E_DATA', `${path}: ${name}: expected ${what}.`);
  if (!isMapping(value)) throw fault('a mapping');
  const { title, currency, ...rest } = value;
  if (typeof title !== 'string') throw fault('a text under "title"');
  if (typeof currency !== 'string') throw fault('a text under "currency"');
  const parts: Record<string, Mapping> = {};
  for (const [part, fields] of Object.entries(rest)) {
    if (!PARTS.some((one) => one === part)) throw fault(`nothing under "${part}", only ${PARTS.join(', ')}`);
    if (!isMapping(fields)) throw fault(`a mapping under "${part}"`);
    parts[part] = fields;
  }
  return { name, title, currency, parts };
}

/**
 * A spec whose `instrument` is a name: the parts of that instrument, and over them, field by field, what
 * the spec says itself. Any other spec comes back as it is. Throws MmsError E_SPEC for an unknown name.
 */
export function withInstrument(spec: unknown): unknown {
  if (!isMapping(spec) || typeof spec['instrument'] !== 'string') return spec;
  const { instrument: name, ...own } = spec;
  const resolved: Record<string, unknown> = { ...own };
  for (const [part, fields] of Object.entries(instrumentNamed(name as string).parts)) {
    const over = own[part];
    if (over === undefined || isMapping(over)) resolved[part] = { ...fields, ...over };
  }
  return resolved;
}

function instrumentNamed(name: string): Instrument {
  const found = instruments().get(name);
  if (found) return found;
  const names = [...instruments().keys()];
  const shown = name.length > 40 ? `${name.slice(0, 40)}...` : name;
  const near = closest(shown, names);
  const suggestion = distance(shown, near) <= 3 ? near : undefined;
  const message =
    `Expected an object or one of ${names.join(', ')}; got ${JSON.stringify(shown)}.` +
    (suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`);
  const fault = { pointer: '/spec/instrument', message };
  throw new MmsError('E_SPEC', `/spec/instrument ${message}`, [
    suggestion === undefined ? fault : { ...fault, suggestion },
  ]);
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
