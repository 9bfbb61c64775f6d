/** Makes command-line flags of a kind's JSON schema: one for each leaf, one for each choice of a variant. */

export type JsonSchema = Readonly<Record<string, unknown>>;
export type LeafType = 'number' | 'integer' | 'boolean' | 'string' | 'json';

/** The variant that a flag belongs to, e.g. strategy must be "adaptive" for --gamma. */
export interface Branch {
  readonly union: string;
  readonly type: string;
}

/** What a flag is in one of the variants that share it. */
export interface Variant {
  readonly branches: readonly Branch[];
  readonly value: unknown;
  readonly description: string;
}

export interface Flag {
  /** Name without dashes: the leaf's own name, or the dotted path where the name is not unique. */
  readonly name: string;
  /** Path inside the spec. */
  readonly path: readonly string[];
  readonly type: LeafType;
  readonly list: boolean;
  readonly choices: readonly string[] | null;
  readonly description: string;
  readonly defaultValue: unknown;
  /** Its default and words in each variant, where several share it; all of `branches` must be chosen. */
  readonly variantDefaults?: readonly Variant[];
  /** Empty for a flag that every spec has. */
  readonly branches: readonly Branch[];
  /** True for the flag that chooses a variant, e.g. --strategy. */
  readonly chooses: boolean;
  /** What stands in the place of the variant when a spec says nothing of it; for a flag that chooses. */
  readonly whole?: unknown;
}

type Draft = Omit<Flag, 'name'>;

/** Names that the commands themselves use; a leaf with such a name gets its dotted path. */
export const RESERVED: ReadonlySet<string> = new Set(
  [
    'spec',
    'seed',
    'threads',
    'ticker',
    'instrument',
    'json',
    'out',
    'report',
    'open',
    'quiet',
    'watch',
    'color',
    'help',
    'version',
  ]
    .concat(['server', 'wait', 'idempotencyKey', 'priority', 'timeout'])
    .concat(['grid', 'vary', 'random', 'lhs', 'repeats', 'metric', 'min', 'name', 'url']),
);

/** Flags in the order of the schema. */
export function flagsOf(schema: JsonSchema): Flag[] {
  const drafts = merge(walk(schema, [], [], schema['default']));
  const counts = new Map<string, number>();
  const add = (name: string): unknown => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const draft of drafts) if (!draft.chooses) add(lastOf(draft));
  for (const draft of drafts) if (draft.chooses) add(draft.path.at(-2) ?? '');
  return drafts.map((draft) => ({ ...draft, name: nameOf(draft, counts) }));
}

/**
 * The schema with defaults that only name a variant: what holds once the user has named it, so that a model
 * has its own defaults and not those of the built-in market.
 */
export function withOwnDefaults(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(propertiesOf(schema)).map(([name, sub]) => {
    const variants = sub['oneOf'] as readonly JsonSchema[] | undefined;
    const tag = variants && tagOf(sub, variants);
    const given = sub['default'] as JsonSchema | undefined;
    return [name, tag && given ? { ...sub, default: { [tag]: given[tag] } } : sub];
  });
  return { ...schema, properties: Object.fromEntries(properties) as JsonSchema };
}

/** A flag that chooses a variant has the name of the field: --strategy for strategy.type. */
function nameOf(draft: Draft, counts: ReadonlyMap<string, number>): string {
  const short = (draft.chooses ? draft.path.at(-2) : lastOf(draft)) ?? '';
  if (counts.get(short) === 1 && !RESERVED.has(short)) return short;
  return draft.path.length === 1 ? `spec.${short}` : draft.path.join('.');
}

const lastOf = (draft: Draft): string => draft.path.at(-1) ?? '';

/** The same path in two variants is one flag that belongs to both. */
function merge(drafts: readonly Draft[]): Draft[] {
  const byPath = new Map<string, Draft>();
  for (const draft of drafts) {
    const key = draft.path.join('.');
    const known = byPath.get(key);
    if (!known) byPath.set(key, draft);
    else {
      const same = JSON.stringify(known.defaultValue) === JSON.stringify(draft.defaultValue);
      const branches = [...known.branches, ...draft.branches];
      const variantDefaults = [...variantsOf(known), ...variantsOf(draft)];
      byPath.set(key, {
        ...known,
        branches,
        variantDefaults,
        defaultValue: same ? known.defaultValue : undefined,
      });
    }
  }
  return [...byPath.values()];
}

const variantsOf = (draft: Draft): readonly Variant[] =>
  draft.variantDefaults ?? [
    { branches: draft.branches, value: draft.defaultValue, description: draft.description },
  ];

function walk(
  schema: JsonSchema,
  path: readonly string[],
  branches: readonly Branch[],
  given: unknown,
): Draft[] {
  const variants = (schema['oneOf'] ?? schema['anyOf']) as readonly JsonSchema[] | undefined;
  if (variants?.every(isObject)) return walkVariants(schema, variants, path, branches, given);
  if (isObject(schema)) return walkProperties(schema, path, branches, given);
  return [leaf(schema, variants, path, branches, given)];
}

function walkProperties(
  schema: JsonSchema,
  path: readonly string[],
  branches: readonly Branch[],
  given: unknown,
): Draft[] {
  return Object.entries(propertiesOf(schema)).flatMap(([key, sub]) => {
    const inherited = (given as Record<string, unknown> | undefined)?.[key];
    return walk(sub, [...path, key], branches, inherited ?? sub['default']);
  });
}

function walkVariants(
  schema: JsonSchema,
  variants: readonly JsonSchema[],
  path: readonly string[],
  branches: readonly Branch[],
  given: unknown,
): Draft[] {
  const tag = tagOf(schema, variants);
  if (tag === null) return [leaf({ ...schema, type: 'object' }, undefined, path, branches, given)];
  const types = variants.map((variant) => String(propertiesOf(variant)[tag]?.['const']));
  const chosen = (given as Record<string, unknown> | undefined)?.[tag];
  const chooser: Draft = {
    path: [...path, tag],
    type: 'string',
    list: false,
    choices: types,
    description:
      typeof schema['description'] === 'string' ? schema['description'] : `variant of ${path.join('.')}`,
    defaultValue: chosen,
    branches,
    chooses: true,
    whole: given,
  };
  const inner = variants.flatMap((variant, i) => {
    const type = types[i] ?? '';
    const here = [...branches, { union: path.join('.'), type }];
    const { [tag]: _tag, ...properties } = propertiesOf(variant);
    return walkProperties({ ...variant, properties }, path, here, chosen === type ? given : undefined);
  });
  return [chooser, ...inner];
}

function leaf(
  schema: JsonSchema,
  variants: readonly JsonSchema[] | undefined,
  path: readonly string[],
  branches: readonly Branch[],
  given: unknown,
): Draft {
  const isArray = schema['type'] === 'array';
  const item = isArray ? (schema['items'] as JsonSchema) : schema;
  // A list of objects or of lists is typed as one JSON text.
  const list = isArray && item['type'] !== 'object' && item['type'] !== 'array';
  const constants = variants?.every((variant) => 'const' in variant)
    ? variants.map((variant) => variant['const'])
    : (item['enum'] as readonly unknown[] | undefined);
  return {
    path,
    type: typeOf(item, constants),
    list,
    choices: constants?.every((value) => typeof value === 'string') ? constants : null,
    description: typeof schema['description'] === 'string' ? schema['description'] : '',
    defaultValue: given,
    branches,
    chooses: false,
  };
}

/** A leaf that allows several JSON types is read as JSON where that works, otherwise as text. */
function typeOf(item: JsonSchema, constants: readonly unknown[] | undefined): LeafType {
  if (constants?.every((value) => typeof value === 'string')) return 'string';
  const type = item['type'] ?? typeof item['const'];
  return type === 'number' || type === 'integer' || type === 'boolean' || type === 'string' ? type : 'json';
}

function isObject(schema: JsonSchema): boolean {
  return schema['type'] === 'object' && 'properties' in schema;
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
}

/** The property that tells variants apart: declared as the discriminator, or a constant in all of them. */
function tagOf(schema: JsonSchema, variants: readonly JsonSchema[]): string | null {
  const declared = (schema['discriminator'] as { propertyName?: string } | undefined)?.propertyName;
  if (declared) return declared;
  const names = Object.keys(propertiesOf(variants[0] ?? {}));
  return (
    names.find((name) => variants.every((variant) => 'const' in (propertiesOf(variant)[name] ?? {}))) ?? null
  );
}
