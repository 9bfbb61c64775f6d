/** Writes the shortest command that gives a job's bytes again: only what differs from the defaults. */
import type { Kind } from '../contract/kind.js';
import { flagsOf, type Flag, type JsonSchema } from './flags.js';

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
  for (const flag of flagsOf(kind.schema as unknown as JsonSchema)) {
    const value = at(spec, flag.path);
    const usual = at(named?.spec, flag.path) ?? defaultOf(flag, spec);
    if (value === undefined || JSON.stringify(value) === JSON.stringify(usual)) continue;
    words.push(`--${flag.name}`, quoted(textOf(value)));
  }
  return words.join(' ');
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
