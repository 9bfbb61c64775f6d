/**
 * Types the commands of a unit into a shell and tells each that fails.
 *
 * - `mms` and `npx mms` are the program as it was built; curl fails for an answer that is an error.
 * - serve, node, --watch and servers of others go on in the background once they say that they are ready. A
 *   second serve of a unit ends the newest of these first. A line that stands twice is typed once.
 * - TASK_ID stands for the last "task_id" that a command of the unit printed, BATCH_ID, SWEEP_ID and JOB_ID
 *   in the same way, each for the last id of all where there is none of its name; SERVER_KEY for the key in
 *   the line with which serve adds a machine.
 * - Names of data files stand for files of ../shared (DATA), or for ones that are made (MADE); without
 *   ../shared commands that read one are left out.
 * - What needs a container engine, a cluster, the network or minutes is not run but looked at: see `look`.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { blackScholesPrice } from '../../src/core/price/closed-form/black-scholes.js';
import { freshDir } from '../support/service.js';
import { sharedDir } from '../support/shared.js';
import type { Unit } from './pages.js';
import { Shell } from './shell.js';

const project = resolve(import.meta.dirname, '../..');
const lobster = (name: string): string => `lobster/AMZN_2012-06-21_34200000_57600000_${name}`;

/** Names in the docs -> files of ../shared/data. */
const DATA: Readonly<Record<string, string>> = {
  'AMZN_message_10.csv.gz': lobster('message_1.csv.gz'),
  'AMZN_orderbook_10.csv.gz': lobster('orderbook_1.csv.gz'),
  'AMZN_message_1.csv.gz': lobster('message_1.csv.gz'),
  'AMZN_orderbook_1.csv.gz': lobster('orderbook_1.csv.gz'),
  'PEP.csv': 'bars/daily_PEP_1997_1998.csv',
  'KO.csv': 'bars/daily_KO_1997_1998.csv',
  'sp500.csv.gz': 'bars/sp500_daily_1999_2018.csv.gz',
};

/** Quotes of options on a smile: put and call prices of Black and Scholes around a volatility of 0.2. */
function quotes(): string {
  const market = { spot: 100, ratePerYr: 0.02, yieldPerYr: 0 };
  const rows = [0.25, 0.5, 1].flatMap((horizonYr) =>
    [80, 90, 100, 110, 120].map((strike) => {
      const sigma = 0.2 + 0.00002 * (strike - 105) ** 2;
      const type = strike < 100 ? 'put' : 'call';
      const price = blackScholesPrice({ ...market, horizonYr }, strike, sigma, type);
      return `${strike},${horizonYr},${price},${type}\n`;
    }),
  );
  return `strike,expiryYr,price,type\n${rows.join('')}`;
}

/** Names in the docs -> what is written for them. */
const MADE: Readonly<Record<string, () => string>> = { 'quotes.csv': quotes };

/** Beginning of a command that goes on -> what it says when it is ready. */
const BACKGROUND: readonly (readonly [RegExp, RegExp])[] = [
  [/^(npx )?mms serve\b/, /^(Add a machine|No other machine)/m],
  [/^(npx )?mms node\b/, /joined/i],
  [/^(npx )?mms run\b.*--watch/, /Reproduce/],
  [/^nats-server\b/, /Server is ready/],
  [/^redis-server\b/, /Ready to accept connections/],
  [/^prometheus\b/, /Server is ready/],
];
const READY_MS = 30_000;

/** Programs of a first word that are looked at, not run. */
const LOOKED_AT = ['docker', 'kubectl', 'make', 'git', 'apt-get', 'sudo', 'ssh', 'scp'];

export interface Report {
  readonly failures: readonly string[];
  /** Commands that were looked at, not run. */
  readonly lookedAt: readonly string[];
  /** Commands that were left out because ../shared is absent. */
  readonly withoutData: readonly string[];
  readonly ran: number;
}

export async function runUnit({ page, commands }: Unit): Promise<Report> {
  const dir = freshDir();
  const shell = new Shell(dir, environment(dir));
  const failures: string[] = [];
  const [lookedAt, withoutData]: [string[], string[]] = [[], []];
  const known = new Map<string, string>();
  let ran = 0;
  let isServing = false;
  try {
    await shell.setUp();
    for (const command of new Map(commands.map((one) => [one.text, one])).values()) {
      const text = filled(command.text, known);
      const where = `${basename(page)}:${command.line}: ${text}`;
      if (LOOKED_AT.includes(firstWord(text))) {
        lookedAt.push(where);
        failures.push(...look(text).map((fault) => `${where}\n${fault}`));
        continue;
      }
      if (!linkData(text, dir)) {
        withoutData.push(where);
        continue;
      }
      ran++;
      const ready = BACKGROUND.find(([pattern]) => pattern.test(text))?.[1];
      const isServe = /mms serve\b/.test(text);
      if (isServe && isServing) await shell.stopNewest();
      isServing ||= isServe;
      const { code, output } = ready ? await shell.start(text, ready, READY_MS) : await shell.run(text);
      if (code !== 0) failures.push(`${where}\nexit code ${code}: ${output.slice(-600)}`);
      remember(output, known);
    }
  } finally {
    shell.close();
  }
  return { failures, lookedAt, withoutData, ran };
}

/** Programs of the docs first, then those of the system; nothing of this process's environment else. */
function environment(dir: string): Record<string, string> {
  const bin = join(dir, '.bin');
  mkdirSync(bin);
  const mms = `exec '${process.execPath}' '${join(project, 'dist/main.js')}' "$@"\n`;
  writeFileSync(join(bin, 'mms'), `#!/bin/sh\n${mms}`);
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\n[ "$1" = mms ] || exit 64\nshift\n${mms}`);
  for (const name of ['mms', 'npx']) chmodSync(join(bin, name), 0o755);
  writeFileSync(join(dir, '.curlrc'), 'fail-with-body\n');
  // Pages name files of the project from its root.
  for (const name of ['monitoring', 'config']) symlinkSync(join(project, name), join(dir, name));
  const path = `${bin}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`;
  return { PATH: path, HOME: dir, CURL_HOME: dir, CI: 'true', LANG: 'C.UTF-8' };
}

/** Puts the data files that the command names into the folder; false when there are none to put. */
function linkData(text: string, dir: string): boolean {
  for (const [name, make] of Object.entries(MADE)) {
    if (text.includes(name)) writeFileSync(join(dir, name), make());
  }
  const names = Object.keys(DATA).filter((name) => text.includes(name));
  if (names.length > 0 && sharedDir === null) return false;
  for (const name of names.flatMap((one) => [one, one.replace('message', 'orderbook')])) {
    if (!existsSync(join(dir, name))) symlinkSync(join(sharedDir!, 'data', DATA[name]!), join(dir, name));
  }
  return true;
}

/** The program: settings of its environment may stand before it. */
const firstWord = (text: string): string => /^\s*(?:\w+=\S*\s+)*(\S+)/.exec(text)?.[1] ?? '';

const NAMES = ['TASK_ID', 'BATCH_ID', 'SWEEP_ID', 'JOB_ID'] as const;
const ID = '[0-9A-HJKMNP-TV-Z]{26}';

function filled(text: string, known: ReadonlyMap<string, string>): string {
  return text
    .replace(
      new RegExp(`\\b(${NAMES.join('|')})\\b`, 'g'),
      (name) => known.get(name) ?? known.get('ID') ?? name,
    )
    .replace(/\bSERVER_KEY\b/g, (name) => known.get(name) ?? name);
}

function remember(output: string, known: Map<string, string>): void {
  const find = (name: string, pattern: string): void => {
    const found = [...output.matchAll(new RegExp(pattern, 'g'))].at(-1)?.[1];
    if (found !== undefined) known.set(name, found);
  };
  find('ID', `\\b(${ID})\\b`);
  for (const name of NAMES) find(name, `"${name.toLowerCase()}": ?"(${ID})"`);
  find('SERVER_KEY', '--server-key (\\S+)');
}

/** What can be told of a command without running it: files, targets of make and manifests that it names. */
function look(text: string): string[] {
  const words = text.split(/\s+/);
  if (words[0] === 'make') {
    const target = words.find((word, at) => at > 0 && !/=|^#/.test(word)) ?? 'help';
    const targets = readFileSync(join(project, 'Makefile'), 'utf8');
    return new RegExp(`^${target}:`, 'm').test(targets) ? [] : [`the Makefile has no ${target}`];
  }
  const named = words.flatMap((word, at) => (['-f', '-k', '--file'].includes(words[at - 1]!) ? [word] : []));
  return named.filter((path) => !existsSync(join(project, path))).map((path) => `${path} is not there`);
}
