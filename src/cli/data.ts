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

/** Reads the files one after the other; throws E_DATA at the first bad one. Exit code 0. */
export async function inspectFiles(
  files: readonly string[],
  options: { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const { inspectFeed } = await import('../data/inspect.js');
  const accounts: FileAccount[] = [];
  for (const file of files) {
    const progress = await createProgress(file, io, options.json === true);
    try {
      accounts.push(await inspectFeed(file, progress.update));
    } finally {
      progress.stop();
    }
    if (!options.json) io.out(accountLines(accounts[accounts.length - 1] as FileAccount).join('\n') + '\n');
  }
  if (options.json) io.out(`${JSON.stringify(accounts, null, 2)}\n`);
  return EXIT.ok;
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
