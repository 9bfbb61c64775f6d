/** `mms calibrate FILES...`: finds out what the files are and runs kind calibrate on them. */
import { resolve } from 'node:path';
import { badInput } from './exit.js';
import type { Io } from './io.js';
import { run } from './run.js';
import type { Services } from './services.js';

/** Files stand before the first flag. Exit codes as of run(); a file that cannot be told is bad input. */
export async function calibrate(args: readonly string[], services: Services, io: Io): Promise<number> {
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const files = first < 0 ? args : args.slice(0, first);
  const flags = first < 0 ? [] : args.slice(first);
  if (flags.includes('--help') || flags.includes('-h')) return run(['calibrate', ...flags], services, io);
  if (files.length === 0) {
    throw badInput(
      'Expected one or two data files, e.g. mms calibrate message.csv.gz orderbook.csv.gz; got none.',
    );
  }
  const found = await dataFlags(files);
  const model = flags.some((flag) => flag === '--model' || flag.startsWith('--model=')) ? [] : modelOf(found);
  return run(['calibrate', ...found, ...model, ...flags], services, io);
}

/** Files that hold no order flow have a model of their own where none is named. */
function modelOf([, data]: readonly string[]): string[] {
  if (data === 'bars') return ['--model', 'gbm'];
  return data === 'option-quotes' ? ['--model', 'heston'] : [];
}

/** The flags that name the files; the two of LOBSTER may come in any order. */
async function dataFlags(files: readonly string[]): Promise<string[]> {
  const { detectFeed } = await import('../data/detect-feed.js');
  const found = await Promise.all(
    files.map(async (label) => ({
      label,
      feed: await detectFeed({ path: resolve(label), label, pointer: null }),
    })),
  );
  const labels = (feed: string): string[] =>
    found.filter((one) => one.feed === feed).map(({ label }) => label);
  const [messages, book] = [labels('lobster-messages'), labels('lobster-book')];
  if (messages.length === 1 && book.length === 1 && files.length === 2) {
    return ['--data', 'lobster', '--messages', messages[0]!, '--orderbook', book[0]!];
  }
  const [only] = found;
  if (
    files.length === 1 &&
    only &&
    ['trades', 'depth', 'orders', 'bars', 'option-quotes'].includes(only.feed)
  ) {
    return ['--data', only.feed, '--data.file', only.label];
  }
  const got = found.map(({ label, feed }) => `${label} (${feed})`).join(', ');
  throw badInput(
    'Expected a LOBSTER message file with its orderbook file, or one file of trades, Binance depth, Bitstamp orders, bars or ' +
      'option quotes; ' +
      `got ${got}.`,
  );
}
