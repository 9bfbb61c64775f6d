/** The rows of a proof as columns: what came out, what was expected, how far apart they may be. */

/** Number of values a row holds in `SHEET_COLUMNS` order; see the table `rows` of kind validate. */
export class Sheet {
  rows = 0;
  check = new Int32Array(64);
  line = new Int32Array(64);
  cell = new Int32Array(64);
  got = new Float64Array(64);
  expected = new Float64Array(64);
  tolerance = new Float64Array(64);
  passed = new Uint8Array(64);
  private checkNumber = 0;
  private firstLine = 0;

  /** The rows that follow belong to check `checkNumber`, their lines count from `firstLine`. */
  begin(checkNumber: number, firstLine: number): void {
    this.checkNumber = checkNumber;
    this.firstLine = firstLine;
  }

  /** One row; it passes when |got - expected| <= tolerance, so never where a number is NaN. */
  add(line: number, got: number, expected: number, tolerance: number, cell = 0): void {
    if (this.rows === this.check.length) this.grow();
    const row = this.rows++;
    this.check[row] = this.checkNumber;
    this.line[row] = this.firstLine + line;
    this.cell[row] = cell;
    this.got[row] = got;
    this.expected[row] = expected;
    this.tolerance[row] = tolerance;
    this.passed[row] = Math.abs(got - expected) <= tolerance ? 1 : 0;
  }

  /** A table of cells, all with one tolerance. */
  addCells(line: number, got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
    for (let cell = 0; cell < expected.length; cell++)
      this.add(line, got[cell], expected[cell], tolerance, cell);
  }

  /** Columns of exactly `rows` elements: check, line, cell, got, expected, tolerance, passed. */
  columns(): (Int32Array | Float64Array | Uint8Array)[] {
    const { check, line, cell, got, expected, tolerance, passed } = this;
    return [check, line, cell, got, expected, tolerance, passed].map((column) => column.slice(0, this.rows));
  }

  private grow(): void {
    const size = 2 * this.check.length;
    this.check = larger(this.check, new Int32Array(size));
    this.line = larger(this.line, new Int32Array(size));
    this.cell = larger(this.cell, new Int32Array(size));
    this.got = larger(this.got, new Float64Array(size));
    this.expected = larger(this.expected, new Float64Array(size));
    this.tolerance = larger(this.tolerance, new Float64Array(size));
    this.passed = larger(this.passed, new Uint8Array(size));
  }
}

function larger<T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
