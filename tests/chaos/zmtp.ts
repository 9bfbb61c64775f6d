/** ZeroMQ's wire format (ZMTP 3, RFC 23) cut into messages, so that a proxy can lose or repeat them. */

/** `frames` are the payloads of a message; greeting and commands (READY, PING, PONG) have none. */
export interface Piece {
  readonly what: 'greeting' | 'command' | 'message';
  /** As it travels. */
  readonly bytes: Buffer;
  readonly frames: readonly Buffer[];
}

const GREETING_BYTES = 64;
const MORE = 1;
const LONG = 2;
const COMMAND = 4;

export class PieceReader {
  #rest = Buffer.alloc(0);
  #greetingLeft = GREETING_BYTES;
  /** Frames of a message that is not whole yet. */
  #raw: Buffer[] = [];
  #frames: Buffer[] = [];

  push(chunk: Buffer): Piece[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const pieces: Piece[] = [];
    for (;;) {
      const piece = this.#greetingLeft > 0 ? this.#greeting() : this.#next();
      if (piece === null) return pieces;
      if (piece !== 'more') pieces.push(piece);
    }
  }

  /** Passes as it comes: each side waits for the beginning of the other's greeting. */
  #greeting(): Piece | null {
    const bytes = this.#take(Math.min(this.#greetingLeft, this.#rest.length));
    if (!bytes || bytes.length === 0) return null;
    this.#greetingLeft -= bytes.length;
    return { what: 'greeting', bytes, frames: [] };
  }

  #next(): Piece | 'more' | null {
    const flags = this.#rest[0];
    if (flags === undefined) return null;
    const head = flags & LONG ? 9 : 2;
    if (this.#rest.length < head) return null;
    const size = flags & LONG ? Number(this.#rest.readBigUInt64BE(1)) : this.#rest[1]!;
    const bytes = this.#take(head + size);
    if (!bytes) return null;
    if (flags & COMMAND) return { what: 'command', bytes, frames: [] };
    this.#raw.push(bytes);
    this.#frames.push(bytes.subarray(head));
    if (flags & MORE) return 'more';
    const piece: Piece = { what: 'message', bytes: Buffer.concat(this.#raw), frames: this.#frames };
    this.#raw = [];
    this.#frames = [];
    return piece;
  }

  #take(size: number): Buffer | null {
    if (this.#rest.length < size) return null;
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }
}
