/**
 * Writes a new file of many megabytes and syncs it, where the system can past its page cache: the bytes are
 * read again seldom, and fresh cache pages cost as much processor time as all else that happens to a result.
 * The disk takes them from a few aligned buffers then, which are filled (and heard by a hash) while others
 * are on their way. Where a file system refuses that, they are written as any bytes.
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

const PART_BYTES = 2 * 2 ** 20;
/** Parts on their way at once. */
const PARTS = 4;
/** What offsets and lengths are multiples of; disks ask for 512 or 4,096. */
const BLOCK_BYTES = 4_096;
/** What addresses in memory are multiples of; the allocator's own are multiples of 16. */
const ADDRESS_BYTES = 512;
const ALLOCATED_BYTES = 16;

/** Aligned buffers that nobody uses at the moment. */
const free: Uint8Array[] = [];
let mayBeDirect = true;

/** `hear` gets all bytes in order. Rejects with the system's error; the file may be there then. */
export async function writeDurably(
  path: string,
  bytes: Uint8Array,
  hear: (part: Uint8Array) => void,
): Promise<void> {
  if (mayBeDirect) {
    mayBeDirect = await writeDirect(path, bytes, hear);
    if (mayBeDirect) return;
  }
  await writePlain(path, bytes, hear);
}

/** Through the page cache, as every file system takes it. */
export async function writePlain(
  path: string,
  bytes: Uint8Array,
  hear: (part: Uint8Array) => void,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let at = 0; at < bytes.byteLength; at += PART_BYTES) {
      const part = bytes.subarray(at, at + PART_BYTES);
      const writing = writeAll(file, part, at);
      hear(part);
      await writing;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** False when the file system wants no direct writes, before `hear` was called. */
async function writeDirect(
  path: string,
  bytes: Uint8Array,
  hear: (part: Uint8Array) => void,
): Promise<boolean> {
  const file = await openDirect(path);
  if (!file) return false;
  const parts: Uint8Array[] = [];
  const ways: Promise<void>[] = [];
  try {
    while (parts.length < PARTS) {
      const part = free.pop() ?? (await createPart(file));
      if (!part) return false;
      parts.push(part);
    }
    for (let at = 0, n = 0; at < bytes.byteLength; at += PART_BYTES, n++) {
      const lane = n % PARTS;
      await ways[lane];
      const part = parts[lane]!;
      const piece = bytes.subarray(at, at + PART_BYTES);
      part.set(piece);
      const blocks = Math.ceil(piece.byteLength / BLOCK_BYTES);
      ways[lane] = writeAll(file, part.subarray(0, blocks * BLOCK_BYTES), at);
      // It is awaited later; until then its failure is nobody's.
      ways[lane].catch(() => undefined);
      hear(part.subarray(0, piece.byteLength));
    }
    await Promise.all(ways);
    await file.truncate(bytes.byteLength);
    await file.sync();
    return true;
  } finally {
    await Promise.allSettled(ways);
    free.push(...parts.slice(0, Math.max(0, PARTS - free.length)));
    await file.close();
  }
}

async function openDirect(path: string): Promise<FileHandle | null> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_DIRECT } = constants as Partial<typeof constants>;
  if (O_DIRECT === undefined) return null;
  try {
    return await open(path, O_WRONLY! | O_CREAT! | O_TRUNC! | O_DIRECT, 0o644);
  } catch (error) {
    return nullWhenRefused(error);
  }
}

/** A buffer whose address the disk takes, found by trying; null when it takes none. */
async function createPart(file: FileHandle): Promise<Uint8Array | null> {
  const memory = new Uint8Array(PART_BYTES + ADDRESS_BYTES);
  for (let at = 0; at < ADDRESS_BYTES; at += ALLOCATED_BYTES) {
    try {
      await file.write(memory, at, BLOCK_BYTES, 0);
      return memory.subarray(at, at + PART_BYTES);
    } catch (error) {
      nullWhenRefused(error);
    }
  }
  return null;
}

function nullWhenRefused(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'EINVAL') return null;
  throw error;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.byteLength - at, position + at);
    at += bytesWritten;
  }
}
