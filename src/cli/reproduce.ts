/** Writes the shortest command that gives a job's bytes again: only what differs from the defaults. */
import type { Kind } from '../contract/kind.js';
import { flagsOf, withOwnDefaults, type Flag, type JsonSchema } from './flags.js';

/** What was asked for by name, a ticker's market or an instrument, and the parts of a spec behind it. */
export interface Named {
  /** The words of the command, e.g. --ticker AAPL. */
  readonly words: readonly string[];
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * `spec` is complete, with its defaults. Values are quoted for a POSIX shell where they need it.
 * With `named` its words stand for all the values that it gave.
 */
export function reproduceCommand(
  kind: Kind,
  spec: unknown,
  seed: number,
  named: Named | null = null,
): string {
  const words = ['mms', 'run', kind.name, '--seed', String(seed)];
  if (named) words.push(...named.words);
  const schema = kind.schema as unknown as JsonSchema;
  const usual = flagsOf(schema);
  const own = flagsOf(withOwnDefaults(schema));
  // Variants with a default of more than their name; without the name the spec begins with all of that.
  const wholes = usual.filter(({ chooses, whole, path }) => {
    const isWhole = chooses && path.length === 2 && Object.keys(whole ?? {}).length > 1;
    return isWhole && at(named?.spec, path) === undefined;
  });
  const fromOwn = flagWords(own, spec, named, new Set(wholes.map(({ name }) => name)));
  if (wholes.length === 0) return [...words, ...fromOwn].join(' ');
  const fromUsual = flagWords(usual, spec, named, new Set());
  const isShorter = fromOwn.join(' ').length < fromUsual.join(' ').length;
  return [...words, ...(isShorter ? fromOwn : fromUsual)].join(' ');
}

/** What differs from the defaults of `flags`, and the flags of the names in `always`. */
function flagWords(
  flags: readonly Flag[],
  spec: unknown,
  named: Named | null,
  always: ReadonlySet<string>,
): string[] {
  return flags.flatMap((flag) => {
    const value = at(spec, flag.path);
    const usual = at(named?.spec, flag.path) ?? defaultOf(flag, spec);
    const isUsual = JSON.stringify(value) === JSON.stringify(usual) && !always.has(flag.name);
    return value === undefined || isUsual ? [] : [`--${flag.name}`, quoted(textOf(value))];
  });
}

/** The default of a flag in the variants that the spec has chosen. */
function defaultOf({ variantDefaults, defaultValue }: Flag, spec: unknown): unknown {
  const chosen = variantDefaults?.find(({ branches }) =>
    branches.every(({ union, type }) => at(spec, [...union.split('.'), 'type']) === type),
  );
  return chosen ? chosen.value : defaultValue;
}

function at(spec: unknown, path: readonly string[]): unknown {
  let value: unknown = spec;
  for (const key of path) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value;
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && typeof value[0] !== 'object') return value.map(textOf).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
