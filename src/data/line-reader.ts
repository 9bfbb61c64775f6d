/** Cuts the bytes of a text file into lines, whatever the pieces in which they come. */
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';

const NEWLINE = 0x0a;
/** The largest depth snapshots take half a megabyte. */
const MAX_LINE_BYTES = 16 * 2 ** 20;

export class LineReader {
  /** Number of the current line, from 1. */
  line = 0;
  private readonly file: DataFile;
  private readonly onLine: (text: string) => void;
  private rest: Buffer = Buffer.alloc(0);
  /** Empty lines since the last other one: only what follows them tells whether the file ended before. */
  private empty = 0;

  /** onLine gets each line without its line end, but for empty ones at the end of the file. */
  constructor(file: DataFile, onLine: (text: string) => void) {
    this.file = file;
    this.onLine = onLine;
  }

  feed(chunk: Uint8Array): void {
    const bytes = this.rest.length === 0 ? asBuffer(chunk) : Buffer.concat([this.rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.tell(bytes, start, end);
      start = end + 1;
    }
    if (bytes.length - start > MAX_LINE_BYTES) {
      const problem = `expected a line of at most ${MAX_LINE_BYTES} bytes; got a longer one`;
      throw dataError(this.file, `:${this.line + this.empty + 1}`, problem);
    }
    this.rest = Buffer.from(bytes.subarray(start));
  }

  /** Takes a last line that has no newline. */
  end(): void {
    if (this.rest.length > 0) this.tell(this.rest, 0, this.rest.length);
    this.rest = Buffer.alloc(0);
  }

  private tell(bytes: Buffer, start: number, end: number): void {
    const whole = bytes.toString('utf8', start, end);
    const text = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    if (text === '') {
      this.empty++;
      return;
    }
    for (; this.empty > 0; this.empty--) {
      this.line++;
      this.onLine('');
    }
    this.line++;
    this.onLine(text);
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
