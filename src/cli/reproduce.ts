/** Writes the shortest command that gives a job's bytes again: only what differs from the defaults. */
import type { Kind } from '../contract/kind.js';
import { flagsOf, type JsonSchema } from './flags.js';

/** `spec` is complete, with its defaults. Values are quoted for a POSIX shell where they need it. */
export function reproduceCommand(kind: Kind, spec: unknown, seed: number): string {
  const words = ['mms', 'run', kind.name, '--seed', String(seed)];
  for (const flag of flagsOf(kind.schema as unknown as JsonSchema)) {
    let value: unknown = spec;
    for (const key of flag.path) value = (value as Record<string, unknown> | null | undefined)?.[key];
    if (value === undefined || JSON.stringify(value) === JSON.stringify(flag.defaultValue)) continue;
    words.push(`--${flag.name}`, quoted(textOf(value)));
  }
  return words.join(' ');
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
