/**
 * Puts the values of a cell into the base spec. The base is not changed; what no axis touches is shared.
 *
 * Shorter paths go first, and `type` before the fields beside it, so that an axis may choose a variant and
 * another one set a field of it. Another `type` than the base's replaces the whole variant: the fields of the
 * old one would be foreign to it.
 */

/** The axis that is the seed of the jobs and no field of the spec. */
export const SEED_AXIS = 'seed';
const TAG = 'type';

interface Step {
  readonly axis: number;
  readonly path: readonly string[];
}

/** Axes in the order in which their values are put; the axis `seed` is left out. */
export function stepsOf(paths: readonly string[]): readonly Step[] {
  const rank = ({ path }: Step): number => path.length * 2 - (path[path.length - 1] === TAG ? 1 : 0);
  return paths
    .map((path, axis) => ({ axis, path: path.split('.') }))
    .filter(({ path }) => path.length > 1 || path[0] !== SEED_AXIS)
    .sort((a, b) => rank(a) - rank(b) || a.axis - b.axis);
}

/** A spec with `values` (one for each axis) in their places. */
export function specWith(base: unknown, steps: readonly Step[], values: readonly unknown[]): unknown {
  let spec = base;
  for (const { axis, path } of steps) spec = put(spec, path, 0, values[axis]);
  return spec;
}

function put(parent: unknown, path: readonly string[], at: number, value: unknown): unknown {
  if (at === path.length) return value;
  const name = path[at];
  if (Array.isArray(parent)) {
    const copy = parent.slice() as unknown[];
    copy[Number(name)] = put(copy[Number(name)], path, at + 1, value);
    return copy;
  }
  const members = typeof parent === 'object' && parent !== null ? (parent as Record<string, unknown>) : {};
  const isLast = at === path.length - 1;
  if (isLast && name === TAG && members[TAG] !== value) return { [TAG]: value };
  return { ...members, [name]: put(members[name], path, at + 1, value) };
}

/** What stops a path inside `base`: a list without that item; null when it can be put. */
export function pathFault(base: unknown, path: string): string | null {
  const parts = path.split('.');
  if (parts.some((part) => part === '')) return `a dotted path such as strategy.gamma; got "${path}".`;
  let at = base;
  for (const [i, part] of parts.entries()) {
    if (Array.isArray(at)) {
      const index = /^(0|[1-9]\d*)$/.test(part) ? Number(part) : NaN;
      if (!(index < at.length)) {
        const place = parts.slice(0, i).join('.');
        return `an item of ${place}, of which the base spec has ${at.length}, counted from 0; got "${part}".`;
      }
      at = (at as unknown[])[index];
    } else if (typeof at === 'object' && at !== null) at = (at as Record<string, unknown>)[part];
    else if (at !== undefined) {
      return `a field of the spec; got "${path}", but ${parts.slice(0, i).join('.')} has no fields.`;
    }
  }
  return null;
}
