/** The rows of a sweep as a Parquet file with the columns of its CSV, at any moment of it, page by page. */
import { cellStateOf, type SweepRow, type SweepView } from '../contract/sweep.js';
import { doneOf, sweepPages, type ReadRows } from '../contract/sweep-rows.js';
import { figuresOf, sweepMetrics, valueText } from './export-sweep.js';
import { openParquet, type ParquetColumn } from './parquet.js';

type Column = Omit<ParquetColumn, 'data'> & {
  readonly of: (rows: readonly SweepRow[]) => ParquetColumn['data'];
};

/** An axis of numbers is DOUBLE, any other STRING; figures that a cell does not have are null. */
export async function* sweepToParquet(view: SweepView, read: ReadRows): AsyncGenerator<Uint8Array> {
  const metrics = await sweepMetrics(read);
  const columns: Column[] = [
    { name: 'cell', type: 'INT32', of: (rows) => rows.map(({ cell }) => cell) },
    ...view.plan.axes.map(({ path, values }, axis): Column => {
      const isNumeric = values === null || values.every((value) => typeof value === 'number');
      return isNumeric
        ? { name: path, type: 'DOUBLE', of: (rows) => rows.map((row) => row.values[axis] as number) }
        : { name: path, type: 'STRING', of: (rows) => rows.map((row) => valueText(row.values[axis])) };
    }),
    { name: 'state', type: 'STRING', of: (rows) => rows.map(cellStateOf) },
    { name: 'repeats', type: 'INT32', of: (rows) => rows.map(doneOf) },
    {
      name: 'seeds',
      type: 'STRING',
      of: (rows) => rows.map(({ jobs }) => jobs.map(({ seed }) => seed).join(' ')),
    },
    ...metrics.flatMap(({ name }) =>
      ['', '_se', '_lo95', '_hi95'].map((end, i): Column => ({
        ...{ name: `${name}${end}`, type: 'DOUBLE', nullable: true },
        of: (rows) => rows.map((row) => figuresOf(row, name)[i]!),
      })),
    ),
  ];
  const file = openParquet(columns, { title: view.plan.name ?? 'sweep', metrics: JSON.stringify(metrics) });
  for await (const rows of sweepPages(read)) yield file.group(columns.map(({ of }) => of(rows)));
  yield file.end();
}
