/** Finds out which feed a file holds, reads it wholly in a stream and gives its account. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BinanceFeed } from './binance.js';
import { BITSTAMP_HEADER, BitstampFeed } from './bitstamp.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import type { FeedAccount, FeedReader } from './feed-account.js';
import { ItchFeed } from './itch.js';
import { LobsterBookAccount, LobsterMessageAccount } from './lobster-account.js';
import { explain, readBytes } from './read-bytes.js';

/** What a file may begin with before its format must be plain. */
const HEAD_BYTES = 65_536;
const LOBSTER_MESSAGE_COLUMNS = 6;
const LOBSTER_CELLS = 4;
const SHOWN = 40;

export interface FileAccount extends FeedAccount {
  /** The path as it was given. */
  readonly file: string;
  /** Unpacked. */
  readonly bytes: number;
}

/**
 * The account of one file, plain or gz. `onProgress` hears the share read, 0..1. Rejects with E_DATA naming
 * the file, and row and field where there is one.
 */
export async function inspectFeed(
  label: string,
  onProgress: (done: number) => void = () => undefined,
): Promise<FileAccount> {
  const file: DataFile = { path: resolve(label), label, pointer: null };
  const size = await sizeOf(file);
  let reader: FeedReader | null = null;
  let head = Buffer.alloc(0);
  let bytes = 0;
  await readBytes(
    file,
    Infinity,
    (chunk) => {
      bytes += chunk.length;
      if (reader !== null) return reader.feed(chunk);
      head = Buffer.concat([head, chunk]);
      if (head.includes('\n') || head.length >= HEAD_BYTES) (reader = readerFor(file, head)).feed(head);
    },
    (bytesRead) => onProgress(size > 0 ? bytesRead / size : 1),
  );
  if (bytes === 0) throw dataError(file, '', 'the file is empty');
  if (reader === null) (reader = readerFor(file, head)).feed(head);
  // The compiler cannot see that a callback may have set it.
  const read = reader as FeedReader;
  read.end();
  return { file: label, bytes, ...read.account() };
}

/** The reader for a file that begins with `head`: its first line, or all of it. Throws E_DATA. */
export function readerFor(file: DataFile, head: Buffer): FeedReader {
  // The length of every ITCH message is below 256, and no text begins with a zero byte.
  if (head[0] === 0) return new ItchFeed(file);
  const newline = head.indexOf('\n');
  const line = head.toString('latin1', 0, newline < 0 ? head.length : newline).trimEnd();
  if (line === BITSTAMP_HEADER) return new BitstampFeed(file);
  if (/^(\d+ )?\{"/.test(line)) return new BinanceFeed(file);
  if (/^[-\d.]+(,[-\d.]+)+$/.test(line)) {
    const columns = line.split(',').length;
    if (columns === LOBSTER_MESSAGE_COLUMNS) return new LobsterMessageAccount(file);
    if (columns % LOBSTER_CELLS === 0) return new LobsterBookAccount(file);
  }
  throw dataError(
    file,
    '',
    'expected LOBSTER messages or orderbook, NASDAQ ITCH 5.0, Bitstamp orders or a Binance capture; ' +
      `the file begins with ${JSON.stringify(line.slice(0, SHOWN))}`,
  );
}

async function sizeOf(file: DataFile): Promise<number> {
  try {
    const info = await stat(file.path);
    if (info.isDirectory()) throw dataError(file, '', 'expected a file; got a directory');
    if (!info.isFile()) throw dataError(file, '', 'expected a regular file; got a pipe, socket or device');
    return info.size;
  } catch (error) {
    throw explain(error, file);
  }
}
