/** Writes a sweep's plan as the command that runs it again, and a cell's as one job. */
import type { SweepPlan } from '../contract/sweep.js';
import type { AxisRange } from '../core/sweep/axis.js';

/**
 * `mms sweep KIND --spec ... --grid ...`. The base stands with all its defaults, so that the line outlives a
 * change of them.
 */
export function sweepCommand(plan: SweepPlan): string {
  const { axes, cells, commonRandomNumbers, design, kind, metric, repeats, seed, spec } = plan;
  const words = ['mms', 'sweep', kind, '--seed', String(seed)];
  if (design === 'random') words.push('--random', String(cells));
  if (design === 'latin-hypercube') words.push('--lhs', String(cells));
  const flag = design === 'grid' ? '--grid' : '--vary';
  for (const { path, values, range } of axes)
    words.push(flag, quoted(`${path}=${range ? rangeText(range) : listText(values!)}`));
  if (repeats > 1) words.push('--repeats', String(repeats));
  if (!commonRandomNumbers) words.push('--own-random-numbers');
  if (metric.name !== null) words.push('--metric', metric.name, ...(metric.sense === 'min' ? ['--min'] : []));
  words.push('--spec', quoted(JSON.stringify(spec)));
  return words.join(' ');
}

/** The job of a cell and repeat. */
export function cellCommand(kind: string, spec: unknown, seed: number): string {
  return `mms run ${kind} --seed ${seed} --spec ${quoted(JSON.stringify(spec))}`;
}

function rangeText({ from, to, scale, integer }: AxisRange): string {
  return `${from}..${to}${scale === 'log' ? ':log' : ''}${integer ? ':integer' : ''}`;
}

/** A list of values as the command line reads it: plain ones by commas, others as JSON. */
function listText(values: readonly unknown[]): string {
  const plain = values.every(
    (value) => typeof value === 'number' || (typeof value === 'string' && /^[A-Za-z][\w-]*$/.test(value)),
  );
  return plain ? values.join(',') : JSON.stringify(values);
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
