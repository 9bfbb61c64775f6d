/** Tells what a data file holds by its first line; gz is unpacked. */
import { BITSTAMP_HEADER } from './bitstamp.js';
import { dataError } from './data-file.js';
import type { DataFile } from './data-file.js';
import { readBytes } from './read-bytes.js';
import { TRADES_HEADER } from './trades.js';

/** What a first line may be long. */
const HEAD_BYTES = 65_536;
const LOBSTER_MESSAGE_COLUMNS = 6;
const LOBSTER_CELLS = 4;
const SHOWN = 40;

export type Feed =
  'lobster-messages' | 'lobster-book' | 'trades' | 'depth' | 'orders' | 'bars' | 'option-quotes';

/** Names in the header of bars and of option quotes. */
const CLOSE = /(^|[,;\t])\W*(close|adj close|price)\W*([,;\t]|$)/i;
const STRIKE = /(^|[,;\t])\W*strike\W*([,;\t]|$)/i;

class Enough extends Error {}

/** Rejects with E_DATA for a file that cannot be read or whose first line fits none. */
export async function detectFeed(file: DataFile): Promise<Feed> {
  const line = await firstLine(file);
  if (line === BITSTAMP_HEADER) return 'orders';
  if (line === TRADES_HEADER) return 'trades';
  if (STRIKE.test(line)) return 'option-quotes';
  if (CLOSE.test(line)) return 'bars';
  if (/^(\d+ )?\{"/.test(line)) return 'depth';
  if (/^[-\d.]+(,[-\d.]+)+$/.test(line)) {
    const columns = line.split(',').length;
    if (columns === LOBSTER_MESSAGE_COLUMNS) return 'lobster-messages';
    if (columns % LOBSTER_CELLS === 0) return 'lobster-book';
  }
  const got = `the file begins with ${JSON.stringify(line.slice(0, SHOWN))}`;
  throw dataError(
    file,
    '',
    `expected LOBSTER, trades, a Binance capture, Bitstamp orders, bars or option quotes; ${got}`,
  );
}

async function firstLine(file: DataFile): Promise<string> {
  let head = Buffer.alloc(0);
  try {
    await readBytes(file, Infinity, (chunk) => {
      head = Buffer.concat([head, chunk]);
      if (head.includes('\n') || head.length >= HEAD_BYTES) throw new Enough();
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  const newline = head.indexOf('\n');
  return head.toString('latin1', 0, newline < 0 ? head.length : newline).trimEnd();
}
