/** The parameters of a strategy file: what it declares, and values for them. */
import { closest, distance } from 'fastest-levenshtein';
import type { ParameterDecl, ParameterValue, UserModule } from './api.js';

export interface NamedValue {
  readonly name: string;
  readonly value: ParameterValue;
}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** What is wrong with a declaration; null when it is sound. */
function declFault(name: string, decl: ParameterDecl): string | null {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) return `Expected a camelCase name; got ${show(name)}.`;
  if (!['number', 'integer', 'boolean', 'string'].includes(decl?.type)) {
    return `${name}.type: Expected number, integer, boolean or string; got ${show(decl?.type)}.`;
  }
  if (typeof decl.description !== 'string' || decl.description === '') {
    return `${name}.description: Expected a sentence; got ${show(decl.description)}.`;
  }
  for (const end of ['minimum', 'maximum'] as const) {
    if (decl[end] !== undefined && typeof decl[end] !== 'number')
      return `${name}.${end}: Expected a number; got ${show(decl[end])}.`;
  }
  const { choices } = decl;
  if (choices !== undefined && !(Array.isArray(choices) && choices.every((one) => typeof one === 'string'))) {
    return `${name}.choices: Expected a list of texts; got ${show(choices)}.`;
  }
  const fault = valueFault(decl, decl.default);
  return fault && `${name}.default: ${fault}`;
}

/** Sentences about what is wrong with the metadata of a strategy file. */
export function metadataFaults({ name, description, parameters }: UserModule): string[] {
  const found: string[] = [];
  if (typeof name !== 'string' || name === '') found.push(`name: Expected a name; got ${show(name)}.`);
  if (typeof description !== 'string') {
    found.push(`description: Expected a sentence; got ${show(description)}.`);
  }
  if (typeof parameters !== 'object' || parameters === null) {
    return [...found, `parameters: Expected an object, {} for none; got ${show(parameters)}.`];
  }
  for (const [key, decl] of Object.entries(parameters)) {
    const fault = declFault(key, decl);
    if (fault !== null) found.push(`parameters: ${fault}`);
  }
  return found;
}

/** What is wrong with a value; null when nothing is. */
export function valueFault(decl: ParameterDecl, value: unknown): string | null {
  const { type, minimum = -Infinity, maximum = Infinity, choices } = decl;
  const isNumber = type === 'number' || type === 'integer';
  const fits =
    typeof value === (isNumber ? 'number' : type) &&
    (!isNumber || (Number.isFinite(value) && (value as number) >= minimum && (value as number) <= maximum)) &&
    (type !== 'integer' || Number.isInteger(value)) &&
    (choices === undefined || choices.includes(value as string));
  if (fits) return null;
  const range =
    isNumber && (minimum > -Infinity || maximum < Infinity) ? ` from ${minimum} to ${maximum}` : '';
  const wanted = choices ? `one of ${choices.join(', ')}` : `${type}${range}`;
  return `Expected ${wanted}; got ${show(value)}.`;
}

/** What is wrong with given values, each with the index of the value. */
export function parameterFaults(
  { parameters }: UserModule,
  given: readonly NamedValue[],
): { readonly index: number; readonly message: string }[] {
  const known = Object.keys(parameters);
  return given.flatMap(({ name, value }, index) => {
    const decl = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (decl === undefined) {
      const near = known.length > 0 ? closest(name, known) : '';
      const hint = near !== '' && distance(name, near) <= 3 ? ` Did you mean "${near}"?` : '';
      const list = known.length > 0 ? `one of ${known.join(', ')}` : 'no parameters';
      return [{ index, message: `Expected ${list}; got "${name}".${hint}` }];
    }
    const fault = valueFault(decl, value);
    return fault === null ? [] : [{ index, message: `${name}: ${fault}` }];
  });
}
