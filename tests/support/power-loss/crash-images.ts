/** What a disk may hold after the power failed: the synced bytes, and any part of what was not synced. */

export interface Write {
  readonly what: 'write';
  readonly file: number;
  readonly offset: number;
  readonly bytes: Buffer;
}
interface Truncation {
  readonly what: 'truncate';
  readonly file: number;
  readonly length: number;
}
interface Sync {
  readonly what: 'sync';
  readonly file: number;
}
/** A file in the folder of large results appeared. */
interface Naming {
  readonly what: 'name';
  readonly file: number;
  readonly name: string;
}
interface Removal {
  readonly what: 'remove';
  readonly file: number;
}
export type DiskEvent = Write | Truncation | Sync | Naming | Removal;

/** File numbers of journal.cpp. */
export const DATABASE = 0;
export const LOG = 1;
export const ACKS = 2;
export const FOLDER = 3;

/** A power loss keeps or loses a sector as a whole. */
const SECTOR_BYTES = 512;
const HEAD_BYTES = 24;

/** The records of journal.cpp, in order. */
export function readJournal(journal: Buffer): DiskEvent[] {
  const events: DiskEvent[] = [];
  for (let at = 0; at < journal.length;) {
    const [what, file] = [journal.readUInt32LE(at), journal.readUInt32LE(at + 4)];
    const offset = Number(journal.readBigUInt64LE(at + 8));
    const length = Number(journal.readBigUInt64LE(at + 16));
    at += HEAD_BYTES;
    if (what === 2) events.push({ what: 'sync', file });
    else if (what === 5) events.push({ what: 'remove', file });
    else if (what === 4)
      events.push({ what: 'name', file, name: journal.toString('latin1', at, (at += length)) });
    else if (what === 3) events.push({ what: 'truncate', file, length });
    else events.push({ what: 'write', file, offset, bytes: journal.subarray(at, (at += length)) });
  }
  return events;
}

/** Uniform on [0, 1). */
export type Draw = () => number;

/** A disk with a cache that forgets: `image` draws what the file would hold if the power failed now. */
export class Disk {
  readonly #synced = Array.from({ length: FOLDER }, () => new Contents());
  readonly #unsynced: (Write | Truncation)[][] = this.#synced.map(() => []);
  /** What is in the folder, by number; `sure` when the power could fail without an end of it. */
  readonly #entries = new Map<number, { readonly name: string; readonly sure: boolean }>();

  apply(event: DiskEvent): void {
    const { file } = event;
    if (event.what === 'name') {
      this.#entries.set(file, { name: event.name, sure: false });
      this.#synced[file] = new Contents();
      this.#unsynced[file] = [];
    } else if (event.what === 'remove') {
      this.#entries.set(file, { name: this.#entries.get(file)!.name, sure: false });
    } else if (event.what !== 'sync') {
      this.#unsynced[file]!.push(event);
    } else if (file === FOLDER) {
      for (const [entry, { name }] of this.#entries) this.#entries.set(entry, { name, sure: true });
    } else {
      for (const change of this.#unsynced[file]!) this.#synced[file]!.apply(change);
      this.#unsynced[file] = [];
    }
  }

  /** Names and contents of the folder if the power failed now; a name that was not synced may be lost. */
  folder(draw: Draw): [name: string, bytes: Buffer][] {
    const found: [string, Buffer][] = [];
    for (const [file, { name, sure }] of this.#entries)
      if (sure || draw() < 0.5) found.push([name, this.image(file, draw)]);
    return found;
  }

  /** The file as the running process sees it. */
  whole(file: number): Buffer {
    const contents = this.#synced[file]!.copy();
    for (const change of this.#unsynced[file]!) contents.apply(change);
    return contents.bytes();
  }

  /**
   * One of three ways to lose, alike likely for every file: all that was not synced; all after some write,
   * which is torn; any sectors of any writes, whatever their order.
   */
  image(file: number, draw: Draw): Buffer {
    const contents = this.#synced[file]!.copy();
    const waiting = this.#unsynced[file]!;
    const way = Math.floor(draw() * 3);
    const reached = Math.floor(draw() * (waiting.length + 1));
    waiting.forEach((change, i) => {
      const kept = way === 0 ? 0 : way === 2 ? 0.5 : i < reached ? 1 : i === reached ? 0.5 : 0;
      if (change.what === 'write') for (const part of sectors(change, kept, draw)) contents.apply(part);
      else if (draw() < kept) contents.apply(change);
    });
    return contents.bytes();
  }
}

/** The bytes of one file, in a buffer that doubles when it is full. */
class Contents {
  #buffer = Buffer.alloc(0);
  #length = 0;

  apply(change: Write | Truncation): void {
    const end = change.what === 'write' ? change.offset + change.bytes.length : change.length;
    if (end > this.#buffer.length) this.#grow(2 * end);
    if (change.what === 'write') {
      change.bytes.copy(this.#buffer, change.offset);
      this.#length = Math.max(this.#length, end);
    } else {
      this.#buffer.fill(0, end);
      this.#length = end;
    }
  }

  copy(): Contents {
    const copy = new Contents();
    copy.#buffer = Buffer.from(this.bytes());
    copy.#length = this.#length;
    return copy;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #grow(capacity: number): void {
    const larger = Buffer.alloc(capacity);
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }
}

/** The parts of a write in the sectors that are kept, each with the given probability. */
function sectors({ file, offset, bytes }: Write, kept: number, draw: Draw): Write[] {
  const parts: Write[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, from + SECTOR_BYTES - ((offset + from) % SECTOR_BYTES));
    if (draw() < kept) {
      parts.push({ what: 'write', file, offset: offset + from, bytes: bytes.subarray(from, to) });
    }
    from = to;
  }
  return parts;
}
