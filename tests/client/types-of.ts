/** Makes TypeScript types of the schemas of an OpenAPI document: what src/client/types.ts holds. */

type Schema = Readonly<Record<string, any>>;

/** The text of a module with one exported type per schema, and `Requests`: what each kind may be asked. */
export function typesOf(schemas: Readonly<Record<string, Schema>>): string {
  const types = Object.entries(schemas).map(
    ([name, schema]) => `${about(schema)}export type ${typeName(name)} = ${typeOf(schema)};\n`,
  );
  const requests = Object.keys(schemas).filter((name) => name.startsWith('Request.') || name === 'ShortForm');
  const members = requests.map(
    (name) => `  readonly '${name.replace('Request.', '')}': ${typeName(name)};\n`,
  );
  return [
    '/** Types of requests and answers, made from the OpenAPI document by tests/client/types.test.ts. */\n',
    '/* eslint-disable max-lines, max-len -- made by a program */\n',
    ...types,
    `/** What may be submitted, by kind. */\nexport interface Requests {\n${members.join('')}}\n`,
  ].join('\n');
}

/** Spec.market-making is SpecMarketMaking. */
function typeName(name: string): string {
  return name
    .split(/[.-]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function typeOf(schema: Schema): string {
  if (schema['$ref']) return typeName((schema['$ref'] as string).split('/').at(-1)!);
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (schema['enum']) return (schema['enum'] as unknown[]).map((value) => JSON.stringify(value)).join(' | ');
  const branches = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (branches) return branches.map((branch) => `(${typeOf(branch)})`).join(' | ');
  const { type } = schema as { type?: string | string[] };
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one })).join(' | ');
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'array':
      return arrayType(schema);
    case 'object':
      return objectType(schema);
    default:
      return 'unknown';
  }
}

function arrayType({ items, minItems, maxItems }: Schema): string {
  const isTuple = minItems !== undefined && minItems === maxItems && minItems <= 4 && items;
  if (isTuple) return `readonly [${Array(minItems).fill(typeOf(items)).join(', ')}]`;
  return `readonly (${items ? typeOf(items) : 'unknown'})[]`;
}

function objectType({ properties = {}, required = [], additionalProperties: more }: Schema): string {
  const members = Object.entries(properties as Record<string, Schema>).map(
    ([name, member]) =>
      `${about(member)}readonly ${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(member)};`,
  );
  if (members.length > 0) return `{\n${members.join('\n')}\n}`;
  return `Readonly<Record<string, ${typeof more === 'object' ? typeOf(more) : 'unknown'}>>`;
}

function about({ description }: Schema): string {
  if (typeof description !== 'string') return '';
  return `/** ${description.replaceAll('*/', '* /').replace(/\s+/g, ' ')} */\n`;
}
