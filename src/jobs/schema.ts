/** Turns a kind's schema into one that Ajv can judge branch by branch, for true defaults and faults. */

export type Schema = Readonly<Record<string, unknown>>;

/** Of lists that must not repeat themselves and name no bound of their own. */
const MAX_UNIQUE_ITEMS = 1_000;
const SINGLE = ['items', 'additionalProperties', 'not', 'contains'];
const MANY = ['properties', 'patternProperties', '$defs'];

/**
 * TypeBox writes every union as anyOf. Ajv fills no defaults inside anyOf and reports the faults of all
 * branches, so: constants become an enum, objects that differ in one constant key become oneOf with a
 * discriminator, and branches of different JSON types become if/then. Anything else stays anyOf. The given
 * schema is not changed.
 */
export function normaliseSchema(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const out: Record<string, unknown> = { ...schema };
  for (const key of SINGLE) if (key in out) out[key] = normaliseSchema(out[key]);
  for (const key of MANY) {
    if (!(key in out)) continue;
    const members = Object.entries(out[key] as Schema).map(([name, sub]) => [name, normaliseSchema(sub)]);
    out[key] = Object.fromEntries(members);
  }
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    if (Array.isArray(out[key])) out[key] = (out[key] as unknown[]).map(normaliseSchema);
  }
  boundUniqueness(out);
  const branches = (out['anyOf'] ?? out['oneOf']) as Schema[] | undefined;
  if (!branches) return out;
  const { anyOf: _any, oneOf: _one, discriminator: _tag, ...rest } = out;
  return { ...rest, ...union(branches) };
}

/**
 * Whether items are different is asked of lists within their bound alone: Ajv compares each pair of them, and
 * a list of a hundred thousand, whose length is a fault anyway, would keep it busy for minutes.
 */
function boundUniqueness(schema: Record<string, unknown>): void {
  if (schema['uniqueItems'] !== true) return;
  const { uniqueItems, items: _items, type, minItems, maxItems = MAX_UNIQUE_ITEMS } = schema;
  const bounds = { type, ...(minItems !== undefined && { minItems }), maxItems };
  delete schema['uniqueItems'];
  Object.assign(schema, { maxItems, allOf: [{ if: { maxItems }, then: { ...bounds, uniqueItems } }] });
}

function union(branches: readonly Schema[]): Schema {
  if (branches.every((branch) => 'const' in branch))
    return { enum: branches.map((branch) => branch['const']) };
  const tag = commonTag(branches);
  if (tag !== null)
    return { type: 'object', discriminator: { propertyName: tag }, required: [tag], oneOf: branches };
  return byType(branches) ?? { anyOf: branches };
}

/** The key that is a different required string constant in every branch, or null. */
function commonTag(branches: readonly Schema[]): string | null {
  if (branches.length < 2) return null;
  const names = Object.keys((branches[0]?.['properties'] as Schema | undefined) ?? {});
  const found = names.find((name) => {
    const values = branches.map((branch) => {
      const required = (branch['required'] as readonly string[] | undefined) ?? [];
      const property = (branch['properties'] as Record<string, Schema> | undefined)?.[name];
      return required.includes(name) ? property?.['const'] : undefined;
    });
    return values.every((value) => typeof value === 'string') && new Set(values).size === values.length;
  });
  return found ?? null;
}

/** if/then by JSON type where the types of the branches are disjoint; null where they are not. */
function byType(branches: readonly Schema[]): Schema | null {
  const groups = new Map<string, Schema[]>();
  for (const branch of branches) {
    const type = jsonType(branch);
    if (type === null) return null;
    groups.set(type, [...(groups.get(type) ?? []), branch]);
  }
  if (groups.size < 2) return null;
  const merged: [string, Schema][] = [];
  for (const [type, group] of groups) merged.push([type, group.length === 1 ? group[0]! : union(group)]);
  const rest: Schema = { oneOfTypes: merged.map(([, schema]) => schema) };
  return merged.reduceRight<Schema>(
    (otherwise, [type, then]) => ({ if: { type }, then, else: otherwise }),
    rest,
  );
}

/** The one JSON type a schema allows; integers count as numbers, a constant by its value. */
function jsonType(schema: Schema): string | null {
  const type = schema['type'] ?? (schema['const'] === null ? 'null' : typeof schema['const']);
  if (type === 'integer') return 'number';
  return typeof type === 'string' && type !== 'undefined' ? type : null;
}
