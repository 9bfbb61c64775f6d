/** Importer of a series of numbers as CSV: the last column of a file with a header. */
import type { TableDecl } from '../contract/columns.js';
import { CellNumbers, cellsOf, separatorOf, widthProblem } from './cells.js';
import { dataError } from './data-file.js';
import { GrowingColumn } from './growing-column.js';
import type { Importer } from './importer.js';
import { LineReader } from './line-reader.js';
import { readBytes } from './read-bytes.js';

export const VALUES_TABLE: TableDecl = {
  name: 'values',
  title: 'Values of a series',
  columns: [{ name: 'value', type: 'f64', unit: 'as the file', meaning: 'value, in the order of the file' }],
};

/** Squares and sums of values must stay finite. */
const MAX_VALUE = 1e15;

/**
 * Reads { file }: CSV or csv.gz, parted as bars are, with a header line; the last column holds the numbers,
 * further columns (an index, a date) stand before it and are left alone. An empty or bad cell, NaN among
 * them, is E_DATA with file:line and column.
 */
export const valuesImporter: Importer = {
  roles: ['file'],
  tables: [VALUES_TABLE],
  async read(file, limits) {
    const source = file('file');
    const values = new GrowingColumn(Float64Array);
    let header: readonly string[] = [];
    let separator = ',';
    let numbers = new CellNumbers(separator);
    const lines = new LineReader(source, (text) => {
      if (lines.line === 1) numbers = new CellNumbers((separator = separatorOf(text)));
      const cells = cellsOf(text, separator);
      const at = `:${lines.line}, column ${cells.length}`;
      const last = cells.at(-1) ?? '';
      const value = numbers.read(last);
      if (lines.line === 1) {
        if (!Number.isNaN(value))
          throw dataError(source, at, `expected a header, such as value; got the number ${last}`);
        header = cells;
        return;
      }
      if (cells.length !== header.length) {
        throw dataError(source, `:${lines.line}`, widthProblem(text, separator, header.length));
      }
      if (Number.isNaN(value)) {
        const got = `${JSON.stringify(last.slice(0, 40))}; ${numbers.remedy(last)}`;
        throw dataError(source, `${at} (${header.at(-1)!})`, `expected a finite number; got ${got}`);
      }
      if (Math.abs(value) > MAX_VALUE) {
        throw dataError(source, at, `expected a number of at most ${MAX_VALUE} in size; got ${last}`);
      }
      if (values.length === limits.maxRows) {
        throw dataError(source, `:${lines.line}`, `expected at most ${limits.maxRows} rows; got more`);
      }
      values.push(value);
    });
    await readBytes(source, limits.maxBytes, (chunk) => lines.feed(chunk));
    lines.end();
    if (values.length === 0)
      throw dataError(source, '', 'expected a header and numbers below it; got no number');
    return {
      tables: [{ name: VALUES_TABLE.name, rows: values.length, columns: [values.finish()] }],
      notes: [`${source.label}: ${values.length} values of column ${header.at(-1)!}.`, ...numbers.notes],
    };
  },
};
