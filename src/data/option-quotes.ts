/** Importer of option quotes as CSV: strike, time to expiry, price, call or put. */
import type { TableDecl } from '../contract/columns.js';
import { CellNumbers, cellsOf, separatorOf, widthProblem } from './cells.js';
import { dataError } from './data-file.js';
import { GrowingColumn } from './growing-column.js';
import type { Importer } from './importer.js';
import { LineReader } from './line-reader.js';
import { readBytes } from './read-bytes.js';

export const QUOTES_TABLE: TableDecl = {
  name: 'quotes',
  title: 'Option quotes',
  columns: [
    { name: 'strike', type: 'f64', unit: 'currency', meaning: 'strike' },
    { name: 'expiryYr', type: 'f64', unit: 'yr', meaning: 'time to expiry' },
    {
      name: 'price',
      type: 'f64',
      unit: 'currency',
      meaning: 'price of the option, such as the middle of its quote',
    },
    { name: 'isPut', type: 'u8', unit: '1', meaning: '1 for a put, 0 for a call' },
  ],
};

/** The header: every name once, in any order. */
const NAMES = ['strike', 'expiryyr', 'price', 'type'] as const;
const HEADER = 'strike,expiryYr,price,type';

/**
 * Reads { file }: CSV or csv.gz with the columns strike, expiryYr, price and type (call or put) in any order,
 * others left alone. Bad cells are E_DATA with file:line and column.
 */
export const optionQuotesImporter: Importer = {
  roles: ['file'],
  tables: [QUOTES_TABLE],
  async read(file, limits) {
    const source = file('file');
    const [strike, expiryYr, price] = [0, 1, 2].map(() => new GrowingColumn(Float64Array)) as [
      GrowingColumn<Float64Array>,
      GrowingColumn<Float64Array>,
      GrowingColumn<Float64Array>,
    ];
    const isPut = new GrowingColumn(Uint8Array);
    let header: readonly string[] = [];
    let separator = ',';
    let numbers = new CellNumbers(separator);
    let at: readonly number[] = [];
    const lines = new LineReader(source, (text) => {
      if (lines.line === 1) numbers = new CellNumbers((separator = separatorOf(text)));
      const cells = cellsOf(text, separator);
      if (lines.line === 1) {
        header = cells;
        at = NAMES.map((name) => cells.findIndex((cell) => cell.toLowerCase() === name));
        if (at.every((column) => column >= 0)) return;
        throw dataError(
          source,
          ':1',
          `expected the columns ${HEADER}; got ${JSON.stringify(text.slice(0, 80))}`,
        );
      }
      if (cells.length !== header.length) {
        throw dataError(source, `:${lines.line}`, widthProblem(text, separator, header.length));
      }
      const fault = (column: number, expected: string): Error => {
        const where = `:${lines.line}, column ${column + 1} (${header[column]})`;
        return dataError(source, where, `expected ${expected}; got ${JSON.stringify(cells[column])}`);
      };
      [strike, expiryYr, price].forEach((column, i) => {
        const cell = cells[at[i]!]!;
        const value = numbers.read(cell);
        if (!(value > 0)) throw fault(at[i]!, 'a finite number above 0');
        column.push(value);
      });
      const type = cells[at[3]!]!.toLowerCase();
      if (!['call', 'put', 'c', 'p'].includes(type)) throw fault(at[3]!, 'call or put');
      isPut.push(Number(type.startsWith('p')));
      if (isPut.length > limits.maxRows) {
        throw dataError(source, `:${lines.line}`, `expected at most ${limits.maxRows} quotes; got more`);
      }
    });
    await readBytes(source, limits.maxBytes, (chunk) => lines.feed(chunk));
    lines.end();
    if (isPut.length === 0)
      throw dataError(source, '', `expected the header ${HEADER} and quotes; got no quote`);
    const columns = [strike.finish(), expiryYr.finish(), price.finish(), isPut.finish()];
    return {
      tables: [{ name: QUOTES_TABLE.name, rows: isPut.length, columns }],
      notes: [`${source.label}: ${isPut.length} option quotes.`, ...numbers.notes],
    };
  },
};
