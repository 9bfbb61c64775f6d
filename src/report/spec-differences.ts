/** Where two specs differ: the fields that a reader of a comparison must know, and none of the others. */

export interface SpecDifference {
  /** Dotted path of the field. */
  readonly path: string;
  /** Undefined where the side has no such field. */
  readonly a: unknown;
  readonly b: unknown;
}

/** In the order of A's fields, then those that only B has; lists differ as a whole. */
export function specDifferences(a: unknown, b: unknown, path = ''): SpecDifference[] {
  if (!isObject(a) || !isObject(b)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path, a, b }];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) =>
    specDifferences(a[name], b[name], path === '' ? name : `${path}.${name}`),
  );
}

/** `strategy.gamma  0.1 → 0.2`, A before the arrow. */
export function differenceText({ path, a, b }: SpecDifference): string {
  const text = (value: unknown): string => {
    const json = value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
    return json.length > 60 ? `${json.slice(0, 59)}…` : json;
  };
  return `${path}  ${text(a)} → ${text(b)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
