/**
 * The layout of the tables of `paths`, shared by the run that writes them and the index that declares them.
 */

/** Columns of `blocks` for each of the two quantities, after the columns block and paths. */
export const MOMENT_COLUMNS = ['Mean', 'M2', 'M3', 'M4', 'Min', 'Max'] as const;
export const QUANTITIES = ['terminal', 'maximum'] as const;

/**
 * Paths of the first block that are kept for the picture, and the largest number of steps they are shown
 * with.
 */
export const SAMPLE_PATHS = 50;
export const SAMPLE_STEPS = 200;

/** Fixings that the picture shows of `steps`: every stride-th, and the last one. */
export function sampleTimes(sampling: 'exact' | 'stepped', steps: number): number[] {
  if (sampling === 'exact') steps = SAMPLE_STEPS;
  const stride = Math.ceil(steps / SAMPLE_STEPS);
  const times: number[] = [];
  for (let step = 0; step < steps; step += stride) times.push(step);
  times.push(steps);
  return times;
}
