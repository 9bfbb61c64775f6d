/** Judges a spec by its kind's schema: a copy with defaults comes back, or a clear fault for each field. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Kind } from '../contract/kind.js';
import { MmsError, type ProblemFault } from '../contract/problem.js';
import { normaliseSchema, type Schema } from './schema.js';
import { describeSchema, describeTag, nearest, showValue, tagValues } from './words.js';

/** Deeper specs are refused before any recursive code sees them. */
const MAX_DEPTH = 16;
/** The seed of a request that names none. */
export const DEFAULT_SEED = 1;
const MAX_FAULTS = 50;
/** Members of all objects of a spec, the objects and the lists counted as well: long lists are of numbers. */
const MAX_MEMBERS = 5_000;

/** More members and items than this, and the first fault is told alone: each may be a fault of its own. */
const MAX_JUDGED = 10_000;

/** `all`: all faults are told. */
function createAjv(all: boolean): Ajv {
  const ajv = new Ajv({
    allErrors: all,
    coerceTypes: false,
    useDefaults: true,
    removeAdditional: false,
    discriminator: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    logger: false,
  });
  ajv.addVocabulary(['unit']);
  // Stands at the end of a chain of if/then: the value had none of the types that the branches allow.
  ajv.addKeyword({ keyword: 'oneOfTypes', validate: () => false, errors: false });
  return ajv;
}

const FIRST = createAjv(false);
const ALL = createAjv(true);

/** Compiled once per schema: compiling takes milliseconds, checking microseconds. */
const compiled = new Map([FIRST, ALL].map((ajv) => [ajv, new WeakMap<object, Judge>()]));

interface Judge {
  readonly validate: ValidateFunction;
  /** Dotted paths of all fields. */
  readonly fields: readonly string[];
}

/**
 * Returns a deep copy of `spec` with all defaults filled in. Throws MmsError E_SPEC with a fault for each
 * wrong field; pointers start with /spec. Types are never coerced and unknown keys never dropped.
 */
export function checkSpec<Spec>(kind: Kind<Spec>, spec: unknown): Spec {
  const size = { members: 0, items: 0 };
  const copy = copyJson(spec, '/spec', 0, size);
  const { validate, fields } = judgeOf(kind.schema, size.members + size.items > MAX_JUDGED ? FIRST : ALL);
  if (!validate(copy)) throw refusal(kind.name, toFaults(validate.errors ?? [], fields));
  const checked = copy as Spec;
  refuseFaults(kind, kind.faults?.(checked) ?? []);
  return checked;
}

function judgeOf(schema: object, ajv: Ajv): Judge {
  const known = compiled.get(ajv)!;
  let judge = known.get(schema);
  if (!judge) {
    const normal = normaliseSchema(schema) as Schema;
    known.set(schema, (judge = { validate: ajv.compile(normal), fields: fieldsOf(normal) }));
  }
  return judge;
}

/** Throws MmsError E_SPEC for the faults that a kind found, whose pointers are relative to its spec. */
export function refuseFaults(kind: { readonly name: string }, faults: readonly ProblemFault[]): void {
  if (faults.length === 0) return;
  throw refusal(
    kind.name,
    faults.map(({ pointer, message }) => ({ pointer: `/spec${pointer}`, message })),
  );
}

/** The seed of a request: an integer 0..2^53-1, 1 when absent; MmsError E_SPEC otherwise. */
export function checkSeed(seed: unknown): number {
  if (seed === undefined) return DEFAULT_SEED;
  if (Number.isSafeInteger(seed) && (seed as number) >= 0) return (seed as number) + 0;
  const message = `Expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}; got ${showValue(seed)}.`;
  throw new MmsError('E_SPEC', `seed: ${message}`, [{ pointer: '/seed', message }]);
}

function refusal(kind: string, faults: readonly ProblemFault[]): MmsError {
  const first = faults[0]!;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return new MmsError('E_SPEC', `${kind}: ${first.pointer} ${first.message}${more}`, faults);
}

/**
 * Copies what JSON can hold; own "__proto__" keys stay ordinary keys and meet the schema as unknown ones.
 * `size` grows by what was copied: each unknown member or empty list costs far more to judge than to send.
 */
function copyJson(
  value: unknown,
  pointer: string,
  depth: number,
  size: { members: number; items: number },
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const bound = (message: string): MmsError => refusal('spec', [{ pointer, message }]);
  if (depth > MAX_DEPTH) throw bound(`Expected at most ${MAX_DEPTH} levels of nesting; got more.`);
  const isPlain = (member: unknown): boolean => typeof member !== 'object' || member === null;
  const copy = (member: unknown, name: string): unknown =>
    isPlain(member) ? member : copyJson(member, join(pointer, name), depth + 1, size);
  const isList = Array.isArray(value);
  size.members += isList ? 1 : 1 + Object.keys(value).length;
  if (isList) size.items += value.length;
  if (size.members > MAX_MEMBERS)
    throw bound(`Expected at most ${MAX_MEMBERS} members and lists in all; got more.`);
  if (isList) return value.map((item, i) => copy(item, String(i)));
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, copy(member, name)]));
}

function join(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** One fault per place: several keywords may object to one value, and its sentence tells all of them. */
function toFaults(errors: readonly ErrorObject[], fields: readonly string[]): ProblemFault[] {
  const ofUnions = errors.filter((error) => error.keyword === 'anyOf');
  const unions = [...new Set(ofUnions.map((error) => `${error.schemaPath}/`))];
  const faults = new Map<string, ProblemFault>();
  for (const error of errors) {
    // A body may hold a hundred thousand faults, and each looks for the word that was meant.
    if (faults.size === MAX_FAULTS) break;
    if (error.keyword === 'if' || unions.some((path) => error.schemaPath.startsWith(path))) continue;
    const fault = toFault(error, fields);
    if (!faults.has(fault.pointer)) faults.set(fault.pointer, fault);
  }
  return [...faults.values()];
}

function toFault(error: ErrorObject, fields: readonly string[]): ProblemFault {
  const pointer = `/spec${error.instancePath}`;
  const schema = error.parentSchema as Schema;
  const params = error.params as Record<string, string>;
  switch (error.keyword) {
    case 'required': {
      const name = params['missingProperty']!;
      const property = (schema['properties'] as Record<string, Schema> | undefined)?.[name];
      const expected = property ? describeSchema(property) : describeTag(schema);
      return { pointer: join(pointer, name), message: `Expected ${expected}; got nothing. Add "${name}".` };
    }
    case 'additionalProperties':
      return unknownKey(pointer, params['additionalProperty']!, schema, fields);
    case 'discriminator': {
      const tag = params['tag']!;
      const value = (error.data as Record<string, unknown>)[tag];
      return withNearest(join(pointer, tag), describeTag(schema), value, tagValues(schema));
    }
    case 'enum': {
      const known = (schema['enum'] as unknown[]).filter((value) => typeof value === 'string');
      return withNearest(pointer, describeSchema(schema), error.data, known);
    }
    case 'const':
      return withNearest(
        pointer,
        describeSchema(schema),
        error.data,
        [schema['const']].filter((value) => typeof value === 'string'),
      );
    default:
      return { pointer, message: `Expected ${describeSchema(schema)}; got ${showValue(error.data)}.` };
  }
}

/** Dotted paths of all fields, of all variants; tags that choose a variant are left out. */
function fieldsOf(schema: Schema, path = ''): string[] {
  const variants = ((schema['oneOf'] ?? schema['anyOf']) as Schema[] | undefined) ?? [];
  const properties = Object.entries((schema['properties'] as Record<string, Schema> | undefined) ?? {});
  const own = properties
    .filter(([, field]) => !('const' in field))
    .flatMap(([name, field]) => [`${path}${name}`, ...fieldsOf(field, `${path}${name}.`)]);
  return [...own, ...variants.flatMap((variant) => fieldsOf(variant, path))];
}

/** /spec/strategy -> "strategy." */
function pathOf(pointer: string): string {
  return pointer.split('/').slice(2).concat('').join('.');
}

/** The field elsewhere in the spec that was meant: nearer than a slip at its own level has to be. */
function elsewhere(name: string, pointer: string, fields: readonly string[]): string | null {
  const here = pathOf(pointer);
  if (fields.includes(here + name)) return null;
  const lastOf = (field: string): string => field.slice(field.lastIndexOf('.') + 1);
  const others = fields.filter((field) => field !== here + lastOf(field));
  const near = nearest(name, others.map(lastOf), Math.min(2, Math.floor(name.length / 3)));
  return others.find((field) => lastOf(field) === near) ?? null;
}

function unknownKey(pointer: string, name: string, schema: Schema, fields: readonly string[]): ProblemFault {
  const known = Object.keys((schema['properties'] as Schema | undefined) ?? {});
  const list = known.length > 0 ? `one of the keys ${known.join(', ')}` : 'no keys';
  const suggestion = nearest(name, known) ?? elsewhere(name, pointer, fields);
  const remedy = fields.includes(pathOf(pointer) + name)
    ? 'It goes with another type: choose that, or leave it out.'
    : 'Leave it out.';
  const hint = suggestion === null ? remedy : `Did you mean "${suggestion}"?`;
  const fault = {
    pointer: join(pointer, name),
    message: `Expected ${list}; got ${showValue(name)}. ${hint}`,
  };
  return suggestion === null ? fault : { ...fault, suggestion };
}

function withNearest(
  pointer: string,
  expected: string,
  value: unknown,
  known: readonly string[],
): ProblemFault {
  const suggestion = typeof value === 'string' ? nearest(value, known) : null;
  const message = `Expected ${expected}; got ${showValue(value)}.`;
  if (suggestion === null) return { pointer, message };
  return { pointer, message: `${message} Did you mean "${suggestion}"?`, suggestion };
}
