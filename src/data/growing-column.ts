/** A column that grows while a file is read and ends in shared memory, so that threads need no copy. */
import type { ColumnData } from '../contract/columns.js';

type Growable = Float64Array | Int32Array | Uint8Array;
type Constructor<T> = {
  new (length: number): T;
  new (buffer: SharedArrayBuffer): T;
  readonly BYTES_PER_ELEMENT: number;
};

/** Amortised O(1) per value; at most twice the final size while it grows. */
export class GrowingColumn<T extends Growable & ColumnData> {
  length = 0;
  private data: T;
  private readonly make: Constructor<T>;

  constructor(make: Constructor<T>) {
    this.make = make;
    this.data = new make(4096);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = new this.make(2 * this.length);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }

  /** The last value; NaN when there is none. */
  last(): number {
    return this.length > 0 ? (this.data[this.length - 1] ?? NaN) : NaN;
  }

  /** The values in a new shared buffer. */
  finish(): T {
    const column = new this.make(new SharedArrayBuffer(this.length * this.make.BYTES_PER_ELEMENT));
    column.set(this.data.subarray(0, this.length));
    return column;
  }
}
