/** Specs drawn from a kind's own schema: mostly valid, often at the edges of what it allows. */
import type { Random } from './random.js';

type Schema = Readonly<Record<string, any>>;

/** Lists longer than this are not drawn; the schema's own bound is met by `grown` ones now and then. */
const MAX_ITEMS = 6;

/** A value that the schema allows, except where a pattern or a rule beyond the schema forbids it. */
export function specOf(random: Random, schema: Schema): unknown {
  if ('const' in schema) return schema['const'];
  const branches = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (branches) return specOf(random, random.pick(branches));
  if (Array.isArray(schema['enum'])) return random.pick(schema['enum']);
  switch (schema['type']) {
    case 'object':
      return objectOf(random, schema);
    case 'array': {
      const least = (schema['minItems'] as number | undefined) ?? 0;
      const most = (schema['maxItems'] as number | undefined) ?? MAX_ITEMS;
      const grown = random.chance(0.02) ? Math.min(most, 2_000) : Math.min(most, least + MAX_ITEMS);
      const length = least + random.below(grown - least + 1);
      return Array.from({ length }, () => specOf(random, schema['items'] as Schema));
    }
    case 'integer':
      return Math.round(numberOf(random, schema, 1));
    case 'number':
      return numberOf(random, schema, 1e-3);
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    default:
      return (schema['default'] as unknown) ?? 'text';
  }
}

function objectOf(random: Random, schema: Schema): object {
  const required = (schema['required'] as string[] | undefined) ?? [];
  const out: Record<string, unknown> = {};
  for (const [name, field] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
    const isOptional = 'default' in field || !required.includes(name);
    if (isOptional && random.chance(0.6)) continue;
    out[name] = specOf(random, field);
  }
  return out;
}

/** Its default, an end of its range, or somewhere between on a logarithmic scale. */
function numberOf(random: Random, schema: Schema, step: number): number {
  const given = schema['default'] as number | undefined;
  if (given !== undefined && random.chance(0.3)) return given;
  const least = (schema['minimum'] ?? (schema['exclusiveMinimum'] as number | undefined)) as
    number | undefined;
  const most = (schema['maximum'] ?? (schema['exclusiveMaximum'] as number | undefined)) as
    number | undefined;
  const low = least ?? -1e6;
  const high = most ?? 1e6;
  if (random.chance(0.2)) return random.chance(0.5) ? low : high;
  const share = random.bits() / 2 ** 32;
  const from = Math.max(low, step);
  const value = high > from ? from * Math.exp(share * Math.log(high / from)) : low + share * (high - low);
  return 'exclusiveMinimum' in schema && value <= low ? low + step : Math.min(value, high);
}
