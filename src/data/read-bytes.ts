/** Streams the bytes of a file, unpacked when it is gz; each failure is one sentence that names the file. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { MmsError } from '../contract/problem.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';

/** The first two bytes of every gz file (RFC 1952, 2.3.1): content, not the file's name, decides. */
const GZ_MAGIC = [0x1f, 0x8b];

/**
 * Calls onChunk with the unpacked bytes of the file in order; the chunk is only lent. Resolves at the end of
 * the file. Rejects with E_DATA when the file cannot be read or the gz stream is cut off or damaged, or with
 * what onChunk throws. More than maxBytes unpacked bytes are refused. onProgress hears after each
 * chunk how many bytes of the file itself were read.
 */
export async function readBytes(
  file: DataFile,
  maxBytes: number,
  onChunk: (chunk: Uint8Array) => void,
  onProgress?: (bytesRead: number) => void,
): Promise<void> {
  let total = 0;
  /** Why the reading was ended from here: some versions of Node report only that it was (ABORT_ERR). */
  let ended: { readonly error: unknown } | null = null;
  try {
    const packed = await isGz(file.path);
    const source = createReadStream(file.path, { highWaterMark: 1 << 18 });
    const take = async (unpacked: AsyncIterable<Uint8Array>): Promise<void> => {
      for await (const chunk of unpacked) {
        total += chunk.length;
        try {
          if (total > maxBytes)
            throw dataError(file, '', `unpacked it is larger than the limit of ${maxBytes} bytes`);
          onChunk(chunk);
        } catch (error) {
          ended = { error };
          throw error;
        }
        onProgress?.(source.bytesRead);
      }
    };
    if (packed) await pipeline(source, createGunzip({ chunkSize: 1 << 18 }), take);
    else await pipeline(source, take);
  } catch (error) {
    throw explain((ended as { readonly error: unknown } | null)?.error ?? error, file);
  }
}

async function isGz(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === GZ_MAGIC[0] && buffer[1] === GZ_MAGIC[1];
  } finally {
    await file.close();
  }
}

/** A file-system or zlib failure as E_DATA; anything else unchanged. */
export function explain(error: unknown, file: DataFile): unknown {
  if (error instanceof MmsError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return dataError(file, '', `no such file; check the path`);
    case 'EACCES':
    case 'EPERM':
      return dataError(file, '', `the file may not be read; check its permissions`);
    case 'EISDIR':
      return dataError(file, '', `expected a file; got a directory`);
    case 'Z_BUF_ERROR':
      return dataError(file, '', `the gz file is truncated; copy or download it again`);
    case 'Z_DATA_ERROR':
      return dataError(file, '', `the gz file is damaged (${error.message}); copy or download it again`);
    default:
      return code === '' ? error : dataError(file, '', `cannot be read (${code})`);
  }
}
