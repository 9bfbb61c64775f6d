/** Cells of a CSV line: what parts them, quotes round them, and numbers with a decimal point or comma. */

/** One way to read each text: two loops over the same digits would take the square of their time. */
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/** What parts the cells of the header: a comma, else a semicolon or a tab. */
export function separatorOf(header: string): string {
  return [',', ';', '\t'].find((mark) => header.includes(mark)) ?? ',';
}

/** The cells of a line without the quotes and blanks around them. */
export function cellsOf(line: string, separator: string): string[] {
  return line.split(separator).map(bare);
}

function bare(cell: string): string {
  const text = cell.trim().replace(/^\uFEFF/, '');
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}

/** What is wrong with a line that has not the columns of the header. */
export function widthProblem(line: string, separator: string, expected: number): string {
  const count = line.split(separator).length;
  const got = line === '' ? 'an empty line' : `${count}`;
  const hint =
    separator === ',' && count > expected
      ? '; numbers with a decimal comma need semicolons between the columns'
      : '';
  return `expected ${expected} columns; got ${got}${hint}`;
}

/**
 * Reads the numbers of a file whose cells `separator` parts. A decimal comma is read where semicolons part
 * the columns, and only while no number has had a decimal point: beside one it might part thousands.
 */
export class CellNumbers {
  private readonly separator: string;
  private mark: ',' | '.' | null = null;

  constructor(separator: string) {
    this.separator = separator;
  }

  /** NaN for a text that is no finite number. */
  read(text: string): number {
    const mark = text.includes(',') ? ',' : text.includes('.') ? '.' : null;
    if (mark === ',' && this.separator !== ';') return NaN;
    if (mark !== null && this.mark !== null && mark !== this.mark) return NaN;
    const plain = mark === ',' && !text.includes('.') ? text.replace(',', '.') : text;
    const value = NUMBER.test(plain) ? Number(plain) : NaN;
    if (!Number.isFinite(value)) return NaN;
    this.mark ??= mark;
    return value;
  }

  /** What to do about a text that read() made NaN of. */
  remedy(text: string): string {
    const wrong = this.mark === ',' ? '.' : ',';
    if (!/\d/.test(text) || !text.includes(wrong)) return 'correct or remove the line';
    if (this.mark === null || this.separator !== ';') {
      return 'write it with a decimal point and nothing between thousands, or part the columns by semicolons';
    }
    const [had, has] = this.mark === ',' ? ['commas', 'point'] : ['points', 'comma'];
    return `numbers above have decimal ${had}, this one has a ${has}: write all alike, with nothing between thousands`;
  }

  /** For the notes: empty where no number had a decimal comma. */
  get notes(): string[] {
    return this.mark === ',' ? ['Decimal commas were read: 1,5 is one and a half.'] : [];
  }
}
