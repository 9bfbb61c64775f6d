/** Importer of bars as CSV: columns are found by the names in the header, rows end up oldest first. */
import type { TableDecl } from '../contract/columns.js';
import { BAR_COLUMNS } from '../core/bars/bars.js';
import { TIME_FORMS, secondsOf, spanText, timeText } from './bar-times.js';
import { CellNumbers, cellsOf, separatorOf, widthProblem } from './cells.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { GrowingColumn } from './growing-column.js';
import type { Importer } from './importer.js';
import { LineReader } from './line-reader.js';
import { readBytes } from './read-bytes.js';

/** The values of a bar in the order of the table's columns after timeS. */
const [TIME, ...FIELDS] = BAR_COLUMNS;
type BarField = (typeof FIELDS)[number];

/** What the columns are called in files, in lower case without spaces, dots and underscores. */
const NAMES: Readonly<Record<BarField | 'date' | 'time', readonly string[]>> = {
  date: ['date', 'tradedate', 'day', 'datetime', 'timestamp'],
  time: ['time'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c', 'price', 'last'],
  adjClose: ['adjclose', 'adjustedclose', 'closeadj'],
  volume: ['volume', 'vol', 'v'],
};

const MEANINGS: Readonly<Record<BarField, string>> = {
  open: 'first price',
  high: 'highest price',
  low: 'lowest price',
  close: 'last price',
  adjClose: 'last price adjusted for splits and dividends',
  volume: 'quantity traded',
};

/** `timeS` and the six values; a column that the file lacks is NaN throughout. */
export const BARS_TABLE: TableDecl = {
  name: 'bars',
  title: 'Bars',
  columns: [
    { name: TIME, type: 'f64', unit: 's', meaning: 'time of the bar as the file writes it, since 1970' },
    ...FIELDS.map((name) => ({
      name,
      type: 'f64' as const,
      unit: name === 'volume' ? 'units' : 'currency',
      meaning: `${MEANINGS[name]}; NaN throughout where the file has no such column`,
    })),
  ],
};

const MISSING = -1;
/** Far above any price: what kernels square must stay finite. */
const MAX_PRICE = 1e15;
const WORDS = 'date or time, open, high, low, close, adj close, volume';

/** Where the columns of a file are; MISSING for one it lacks. */
type Layout = Readonly<Record<keyof typeof NAMES, number>>;

/**
 * Reads { file }: CSV or csv.gz, daily or intraday, with a header whose names may stand in any order and case
 * (Date, trade_date, timestamp, or date and time apart; Open, High, Low, Close or Price, Adj Close, Volume or
 * vol), parted by commas, semicolons or tabs; further columns are left alone. A time and a close must be
 * there. Between semicolons numbers may have a decimal comma. An empty or bad cell, and a price above 1e15,
 * is E_DATA with file:line and column. Times must rise, or fall throughout (newest first: the rows are
 * turned round).
 * Bars whose open or close lies outside low to high are told in the notes.
 *
 * To use it, let inputs() of a kind name
 * { name: 'prices', importer: 'bars', files: { file: PATH }, pointers }, or call
 * createInputReader({ root: null }).read() with that. barsOf() of src/core/bars/bars.ts then names the
 * columns of tables[0].
 */
export const barsImporter: Importer = {
  roles: ['file'],
  tables: [BARS_TABLE],
  async read(file, limits) {
    const source = file('file');
    const rows = new BarRows(source, limits.maxRows);
    await readBytes(source, limits.maxBytes, (chunk) => rows.lines.feed(chunk));
    rows.lines.end();
    return rows.finish();
  },
};

/** Checks line after line and keeps the columns. */
class BarRows {
  readonly lines: LineReader;
  private readonly source: DataFile;
  private readonly maxRows: number;
  private readonly columns = BARS_TABLE.columns.map(() => new GrowingColumn(Float64Array));
  private header: readonly string[] = [];
  private layout: Layout | null = null;
  private separator = ',';
  private numbers = new CellNumbers(',');
  /** 1 while times rise, -1 while they fall, 0 before the second row. */
  private order = 0;
  private strange = 0;
  private firstStrangeLine = 0;

  constructor(source: DataFile, maxRows: number) {
    this.source = source;
    this.maxRows = maxRows;
    this.lines = new LineReader(source, (text) => this.add(text));
  }

  finish(): { tables: { name: string; rows: number; columns: Float64Array[] }[]; notes: string[] } {
    const rows = this.columns[0]!.length;
    if (rows === 0) throw dataError(this.source, '', 'expected a header and at least one bar; got no bar');
    const columns = this.columns.map((column) => column.finish());
    if (this.order < 0) for (const column of columns) column.reverse();
    return { tables: [{ name: BARS_TABLE.name, rows, columns }], notes: this.notes(columns[0]!) };
  }

  private notes(timeS: Float64Array): string[] {
    const spacing = usualSpacing(timeS);
    let gaps = 0;
    for (let i = 1; i < timeS.length; i++) if (timeS[i]! - timeS[i - 1]! > spacing) gaps++;
    const span = `${timeText(timeS[0]!)} to ${timeText(timeS[timeS.length - 1]!)}`;
    const apart = timeS.length > 1 ? `, mostly ${spanText(spacing)} apart with ${gaps} longer gaps` : '';
    const notes = [`${this.source.label}: ${timeS.length} bars from ${span}${apart}.`];
    if (this.order < 0) notes.push(`${this.source.label}: newest row first; the rows were turned round.`);
    if (this.strange > 0) {
      const which = `${this.strange} bars, the first in line ${this.firstStrangeLine}`;
      notes.push(`${this.source.label}: open or close lies outside low to high in ${which}.`);
    }
    return [...notes, ...this.numbers.notes.map((note) => `${this.source.label}: ${note}`)];
  }

  private add(text: string): void {
    if (this.layout === null) this.separator = separatorOf(text);
    const cells = cellsOf(text, this.separator);
    if (this.layout === null) {
      this.numbers = new CellNumbers(this.separator);
      this.header = cells;
      this.layout = this.find(cells);
      return;
    }
    const { line } = this.lines;
    if (cells.length !== this.header.length) {
      throw dataError(this.source, `:${line}`, widthProblem(text, this.separator, this.header.length));
    }
    if (this.columns[0]!.length === this.maxRows) {
      throw dataError(this.source, `:${line}`, `expected at most ${this.maxRows} bars; got more`);
    }
    this.addTime(cells, this.layout);
    const [open, high, low, close] = FIELDS.map((field, i) => {
      const value = this.value(cells, this.layout![field]);
      if (field === 'volume' && value < 0)
        throw this.fault(cells, this.layout![field], 'a volume of 0 or more');
      if (field !== 'volume' && Math.abs(value) > MAX_PRICE)
        throw this.fault(cells, this.layout![field], `a price of at most ${MAX_PRICE}`);
      this.columns[i + 1]!.push(value);
      return value;
    }) as [number, number, number, number];
    // Written so that a column which is NaN throughout is never outside.
    if (open > high || open < low || close > high || close < low || low > high) {
      if (this.strange++ === 0) this.firstStrangeLine = line;
    }
  }

  private addTime(cells: readonly string[], layout: Layout): void {
    const column = layout.date === MISSING ? layout.time : layout.date;
    const both = layout.date !== MISSING && layout.time !== MISSING;
    const timeS = secondsOf(both ? `${cells[layout.date]} ${cells[layout.time]}` : (cells[column] ?? ''));
    if (Number.isNaN(timeS)) throw this.fault(cells, both ? layout.time : column, TIME_FORMS);
    const times = this.columns[0]!;
    if (times.length > 0) {
      const step = Math.sign(timeS - times.last());
      if (times.length === 1) this.order = step;
      if (step === 0 || step !== this.order) {
        const came = `${timeText(timeS)} after ${timeText(times.last())}; sort the rows, each time once`;
        throw this.fault(cells, column, 'times that rise, or fall, throughout', came);
      }
    }
    times.push(timeS);
  }

  private value(cells: readonly string[], column: number): number {
    if (column === MISSING) return NaN;
    const text = cells[column] ?? '';
    const value = this.numbers.read(text);
    if (Number.isNaN(value)) {
      const came = `${shown(text)}; ${this.numbers.remedy(text)}`;
      throw this.fault(cells, column, 'a finite number like 101.25', came);
    }
    return value;
  }

  private fault(cells: readonly string[], column: number, expected: string, came?: string): Error {
    const where = `:${this.lines.line}, column ${column + 1} (${this.header[column]})`;
    const got = came ?? `${shown(cells[column])}; correct or remove the line`;
    return dataError(this.source, where, `expected ${expected}; got ${got}`);
  }

  /** Throws for a header without time or close, or in which two columns mean the same. */
  private find(header: readonly string[]): Layout {
    const words = header.map((cell) => cell.toLowerCase().replace(/[\s._]/g, ''));
    const at = (key: keyof typeof NAMES): number => {
      const found = words.flatMap((word, i) => (NAMES[key].includes(word) ? [i] : []));
      if (found.length > 1) {
        const names = found.map((i) => header[i]).join(' and ');
        throw dataError(this.source, ':1', `expected one column of ${key}; got ${names}: remove one`);
      }
      return found[0] ?? MISSING;
    };
    const layout = Object.fromEntries(Object.keys(NAMES).map((key) => [key, at(key as BarField)])) as Layout;
    if ((layout.date === MISSING && layout.time === MISSING) || layout.close === MISSING) {
      const got = JSON.stringify(header.join(',').slice(0, 80));
      throw dataError(
        this.source,
        ':1',
        `expected a header with a time and a close, of the words ${WORDS}; got ${got}`,
      );
    }
    return layout;
  }
}

const shown = (cell = ''): string => JSON.stringify(cell.slice(0, 40));

/** The commonest distance of neighbours, in s; the shorter one of equally common ones. 0 for one bar. */
function usualSpacing(timeS: Float64Array): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < timeS.length; i++) {
    const step = timeS[i]! - timeS[i - 1]!;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
}
