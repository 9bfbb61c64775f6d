/** Sentences about schemas and values: what was expected, what came, which known word is nearest. */
import { closest, distance } from 'fastest-levenshtein';
import type { Schema } from './schema.js';

/** Longer than any name; measuring the distance of a mebibyte would take its time. */
const MAX_WORD = 200;

/** The nearest known word, or null when none is near enough to be a slip of the finger. */
export function nearest(
  word: string,
  known: readonly string[],
  maxEdits = Math.min(3, Math.ceil(word.length / 2)),
): string | null {
  if (known.length === 0 || word.length > MAX_WORD) return null;
  const lower = word.toLowerCase();
  const same = known.find((name) => name.toLowerCase() === lower);
  if (same !== undefined) return same;
  const longer = known.find((name) => lower.length >= 3 && name.toLowerCase().startsWith(lower));
  const near = longer ?? closest(word, [...known]);
  return longer || distance(word, near) <= maxEdits ? near : null;
}

/** A number as people read it: groups of three for whole numbers, JavaScript's shortest form otherwise. */
export function formatNumber(value: number): string {
  return Number.isSafeInteger(value) ? value.toLocaleString('en-US') : String(value);
}

/** What came, short enough for one line. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}, which is not a finite number`;
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** "a, b or c" */
export function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}

/** What a schema allows, as the object of a sentence: "an integer from 1 to 100". */
export function describeSchema(schema: Schema): string {
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return orList(schema['enum'].map((value) => JSON.stringify(value)));
  const branches = (schema['oneOfTypes'] ?? schema['anyOf']) as Schema[] | undefined;
  if (branches) return orList(branches.map(describeSchema));
  if (schema['if']) return orList(typeBranches(schema).map(describeSchema));
  if (schema['oneOf']) return `an object with "${tagName(schema)}" ${describeTag(schema)}`;
  switch (schema['type']) {
    case 'integer':
      return `an integer${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'string':
      return `a string${span(schema, 'Length', 'character')}${pattern(schema)}`;
    case 'array':
      return `a list${span(schema, 'Items', 'item')}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    default:
      return 'an object';
  }
}

/** `"fixed" or "adaptive"`: the values that choose a branch of a discriminated union. */
export function describeTag(schema: Schema): string {
  return orList(tagValues(schema).map((value) => JSON.stringify(value)));
}

export function tagValues(schema: Schema): string[] {
  const tag = tagName(schema);
  const branches = schema['oneOf'] as { properties: Record<string, { const: string }> }[];
  return branches.map((branch) => branch.properties[tag]!.const);
}

function tagName(schema: Schema): string {
  return (schema['discriminator'] as { propertyName: string }).propertyName;
}

function typeBranches(schema: Schema): Schema[] {
  const otherwise = schema['else'] as Schema;
  return [schema['then'] as Schema, ...(otherwise['if'] ? typeBranches(otherwise) : [])];
}

function range(schema: Schema): string {
  const words: string[] = [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Record<
    string,
    number
  >;
  if (minimum !== undefined && maximum !== undefined) {
    words.push(`from ${formatNumber(minimum)} to ${formatNumber(maximum)}`);
  } else {
    if (minimum !== undefined) words.push(`of at least ${formatNumber(minimum)}`);
    if (maximum !== undefined) words.push(`of at most ${formatNumber(maximum)}`);
  }
  if (exclusiveMinimum !== undefined) words.unshift(`above ${formatNumber(exclusiveMinimum)}`);
  if (exclusiveMaximum !== undefined) words.push(`below ${formatNumber(exclusiveMaximum)}`);
  if (multipleOf !== undefined) words.push(`that is a multiple of ${formatNumber(multipleOf)}`);
  return words.length > 0 ? ` ${words.join(' and ')}` : '';
}

function span(schema: Schema, what: string, unit: string): string {
  const min = schema[`min${what}`] as number | undefined;
  const max = schema[`max${what}`] as number | undefined;
  const many = (count: number) => `${formatNumber(count)} ${unit}${count === 1 ? '' : 's'}`;
  if (min !== undefined && max !== undefined)
    return min === max ? ` of ${many(min)}` : ` of ${min} to ${many(max)}`;
  if (min !== undefined) return ` of at least ${many(min)}`;
  return max === undefined ? '' : ` of at most ${many(max)}`;
}

function pattern(schema: Schema): string {
  return typeof schema['pattern'] === 'string' ? ` like ${schema['pattern']}` : '';
}
