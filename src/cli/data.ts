/** `mms data inspect`: what a feed file holds and how far it can be trusted. */
import type { FeedQuality, FeedTime } from '../data/feed-account.js';
import type { FileAccount } from '../data/inspect.js';
import { EXIT } from './exit.js';
import type { Io } from './io.js';
import { createProgress } from './progress.js';

/** The fields of a quality account as words, in the order of print. */
const QUALITY: readonly (readonly [field: keyof FeedQuality, words: string])[] = [
  ['gaps', 'gaps'],
  ['outOfOrder', 'out of order'],
  ['crossed', 'crossed'],
  ['locked', 'locked'],
  ['unknownIds', 'unknown ids'],
  ['duplicates', 'duplicates'],
  ['zeroSizes', 'zero sizes'],
  ['excessSizes', 'excess sizes'],
];

class Interrupted extends Error {}

/**
 * Reads the files one after the other; throws E_DATA at the first bad one. Resolves with 0, or 130 after
 * Ctrl-C.
 */
export async function inspectFiles(
  files: readonly string[],
  options: { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const accounts: FileAccount[] = [];
  let interrupted = false;
  const forget = io.onInterrupt(() => (interrupted = true));
  try {
    for (const file of files) {
      const account = await inspect(file, options.json === true, io, () => interrupted);
      if (options.json) accounts.push(account);
      else io.out(accountLines(account).join('\n') + '\n');
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    io.talk('Interrupted.\n');
    return EXIT.interrupted;
  } finally {
    forget();
  }
  if (options.json) io.out(`${JSON.stringify(accounts, null, 2)}\n`);
  return EXIT.ok;
}

async function inspect(
  file: string,
  quiet: boolean,
  io: Io,
  interrupted: () => boolean,
): Promise<FileAccount> {
  const { inspectFeed } = await import('../data/inspect.js');
  const progress = await createProgress(file, io, quiet);
  try {
    return await inspectFeed(file, (done) => {
      if (interrupted()) throw new Interrupted();
      progress.update(done);
    });
  } finally {
    progress.stop();
  }
}

function accountLines(account: FileAccount): string[] {
  const { file, format, rows, rowsAre, bytes, time, messages, quality, details } = account;
  const told = QUALITY.filter(([field]) => quality[field] !== null);
  const untold = QUALITY.filter(([field]) => quality[field] === null).map(([, words]) => words);
  const counts = (entries: readonly (readonly [string, number])[]): string =>
    entries.map(([name, count]) => `${name} ${count.toLocaleString('en-US')}`).join(', ');
  const lines: [string, string][] = [
    ['format', format],
    ['size', `${counts([[`${rowsAre}s`, rows]])} in ${bytes.toLocaleString('en-US')} bytes`],
  ];
  if (time !== null) lines.push(...timeLines(time, rowsAre));
  if (Object.keys(messages).length > 0) lines.push(['types', counts(Object.entries(messages))]);
  lines.push(['quality', counts(told.map(([field, words]) => [words, quality[field] ?? 0]))]);
  if (untold.length > 0) lines.push(['not told', untold.join(', ')]);
  for (const [name, value] of Object.entries(details)) {
    lines.push(['', `${name}: ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`]);
  }
  return [file, ...lines.map(([name, text]) => `  ${name.padEnd(8)}  ${text}`)];
}

function timeLines(time: FeedTime, rowsAre: string): [string, string][] {
  const silence =
    time.longestSilenceRow === 0
      ? ''
      : `; longest silence ${seconds(time.longestSilenceNs)}, ended by ${rowsAre} ${time.longestSilenceRow.toLocaleString('en-US')}`;
  return [
    ['time', `${time.first} to ${time.last}`],
    ['', `${seconds(time.spanNs)} in all${silence}`],
  ];
}

function seconds(ns: number): string {
  return `${(ns / 1e9).toLocaleString('en-US', { maximumFractionDigits: 3 })} s`;
}
