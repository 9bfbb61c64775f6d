/** Checks the members of a flat request object; one table gives checks, messages and OpenAPI schema. */
import { MmsError } from '../contract/problem.js';
import type { ProblemFault } from '../contract/problem.js';
import { nearest, showValue } from '../jobs/words.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Field {
  readonly required?: boolean;
  /** Reads "Expected ...". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** As OpenAPI documents it. */
  readonly schema: JsonSchema;
}

export type Fields = Readonly<Record<string, Field>>;

/** All faults of `value` against `fields`: missing, unknown (with the nearest name), not accepted. */
export function faultsOf(value: Readonly<Record<string, unknown>>, fields: Fields): ProblemFault[] {
  const faults: ProblemFault[] = [];
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) faults.push(unknownName(name, Object.keys(fields)));
  }
  for (const [name, field] of Object.entries(fields)) {
    const given = value[name];
    if (given === undefined) {
      if (field.required)
        faults.push({ pointer: `/${name}`, message: `Expected ${field.expected}; it is missing.` });
    } else if (!field.accepts(given)) {
      faults.push({ pointer: `/${name}`, message: `Expected ${field.expected}; got ${showValue(given)}.` });
    }
  }
  return faults;
}

/** Throws E_SPEC with all faults, the first one as detail; returns when there is none. */
export function refuse(faults: readonly ProblemFault[]): void {
  const first = faults[0];
  if (first) throw new MmsError('E_SPEC', `${first.pointer || 'body'}: ${first.message}`, faults);
}

/** The fields as a JSON Schema object. */
export function schemaOf(fields: Fields, description: string): JsonSchema {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema]));
  const required = Object.keys(fields).filter((name) => fields[name]?.required);
  return { type: 'object', additionalProperties: false, description, properties, required };
}

function unknownName(name: string, known: readonly string[]): ProblemFault {
  const suggestion = nearest(name, known);
  const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const hint = suggestion ? `Did you mean "${suggestion}"?` : 'Remove it.';
  const message = `Expected only ${known.join(', ')}; got ${showValue(name)}. ${hint}`;
  return suggestion ? { pointer, message, suggestion } : { pointer, message };
}
