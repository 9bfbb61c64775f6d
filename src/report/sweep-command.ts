/** Writes a sweep's plan as the command that runs it again, and a cell's as one job. */
import type { SweepPlan } from '../contract/sweep.js';
import { specWith, stepsOf } from '../core/sweep/spec-values.js';
import { gridPoints, type AxisRange } from '../core/sweep/axis.js';

/**
 * `mms sweep KIND --grid ...` with `base`, the flags of the base. Unless given it is the whole spec with all
 * its defaults.
 */
export function sweepCommand(plan: SweepPlan, base = `--spec ${quoted(JSON.stringify(plan.spec))}`): string {
  const { axes, cells, commonRandomNumbers, design, kind, metric, repeats, seed } = plan;
  const words = ['mms', 'sweep', kind, '--seed', String(seed)];
  if (design === 'random') words.push('--random', String(cells));
  if (design === 'latin-hypercube') words.push('--lhs', String(cells));
  const flag = design === 'grid' ? '--grid' : '--vary';
  for (const { path, values, range } of axes)
    words.push(flag, quoted(`${path}=${range ? rangeText(range) : listText(values!)}`));
  if (repeats > 1) words.push('--repeats', String(repeats));
  if (!commonRandomNumbers) words.push('--own-random-numbers');
  if (metric.name !== null) words.push('--metric', metric.name, ...(metric.sense === 'min' ? ['--min'] : []));
  if (base !== '') words.push(base);
  return words.join(' ');
}

/** The base without the fields that plain axes replace: their values in it say nothing. */
export function baseWithoutAxes({ axes, spec }: SweepPlan): unknown {
  const plain = axes
    .map(({ path }) => path)
    .filter((path) => !/(^|\.)(type|\d+)(\.|$)/.test(path) && path.includes('.'));
  return specWith(
    spec,
    stepsOf(plain),
    plain.map(() => undefined),
  );
}

/** The job of a cell and repeat. */
export function cellCommand(kind: string, spec: unknown, seed: number): string {
  return `mms run ${kind} --seed ${seed} --spec ${quoted(JSON.stringify(spec))}`;
}

/** FROM..TO[:log][N][:integer], as the command line reads it. */
function rangeText({ from, to, scale, integer }: AxisRange, n: number | '' = ''): string {
  const points = `${scale === 'log' ? 'log' : ''}${n}`;
  return `${from}..${to}${points && `:${points}`}${integer ? ':integer' : ''}`;
}

/**
 * A list of values as the command line reads it: points of a range so, plain ones by commas, others as
 * JSON.
 */
function listText(values: readonly unknown[]): string {
  const range = rangeOf(values);
  if (range) return rangeText(range, values.length);
  const plain = values.every(
    (value) => typeof value === 'number' || (typeof value === 'string' && /^[A-Za-z][\w-]*$/.test(value)),
  );
  return plain ? values.join(',') : JSON.stringify(values);
}

/** The range whose grid points these values are; null for fewer than four. */
function rangeOf(values: readonly unknown[]): AxisRange | null {
  if (values.length < 4 || !values.every((value) => typeof value === 'number')) return null;
  const [from, to] = [values[0] as number, values.at(-1) as number];
  if (!(from < to)) return null;
  const isInteger = values.every(Number.isInteger);
  for (const scale of ['linear', 'log'] as const) {
    if (scale === 'log' && !(from > 0)) continue;
    for (const integer of isInteger ? [false, true] : [false]) {
      const range = { from, to, scale, integer };
      if (gridPoints(range, values.length).every((point, i) => point === values[i])) return range;
    }
  }
  return null;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
