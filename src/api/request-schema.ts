/** A kind's schema as a client must meet it: what has a default may be left out. */

/**
 * A deep copy without the schema library's own marks. The house's validator fills in defaults before it looks
 * for what is required; other tools do not, so that members with a default are not required here. In OpenAPI
 * a discriminator chooses among named schemas alone; the constant of each branch does its work.
 */
export function requestSchemaOf(schema: unknown): Record<string, unknown> {
  return relax(JSON.parse(JSON.stringify(schema))) as Record<string, unknown>;
}

function relax(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(relax);
  if (typeof node !== 'object' || node === null) return node;
  const members = Object.entries(node).filter(([name, child]) => name !== 'discriminator' || !isMark(child));
  const copy = Object.fromEntries(members.map(([name, child]) => [name, relax(child)]));
  const { required, properties } = copy as { required?: unknown; properties?: Record<string, object> };
  if (!Array.isArray(required) || !properties) return copy;
  const needed = (required as string[]).filter((name) => {
    const property = properties[name];
    return property === undefined || !('default' in property);
  });
  return { ...copy, required: needed };
}

/** The keyword, and not a field of a spec that has its name. */
function isMark(child: unknown): boolean {
  return typeof child === 'object' && child !== null && 'propertyName' in child;
}
