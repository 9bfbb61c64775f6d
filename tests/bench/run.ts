/**
 * `make bench`: checks every digest, times our programs beside their C++ twins and other people's books in
 * turns, and prints one table with what must be reached. Ends with 1 when a row misses its must, has fallen
 * from the baseline of this class of machines, or a digest differs.
 *
 * ARGS="--only TEXT" runs the rows whose name holds the text; --record writes this machine's ratios to
 * baseline.json and, of a whole run, the table to the README; --record-digests writes digests.json, after a
 * change that is meant to alter results; --agree NAME... only compares hashes with the C++ twin.
 * MMS_BENCH_PLANT=15 plants a slowdown (replay-child.ts).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { type Baseline, machineClass, readBaseline, writeBaseline } from './baseline.js';
import { cases } from './cases.js';
import type { Plan } from './plan.js';
import { PEERED, PEERS, peersAgree, plans, TIMED, twins } from './rows.js';
import { inTurns } from './runner.js';
import { faultOf, formatTable, type Row } from './table.js';

const DIGESTS = 'tests/bench/digests.json';
const PEER_FOLDER = 'tests/bench/peers';
/** A quiet machine's middle pass takes a few hundredths longer than its quickest. */
const NOISY = 1.1;
/** After so long nothing is measured again: with the build it ends within five minutes. */
const PATIENCE_MS = 225_000;

type Digests = Record<string, { smoke: string; full: string }>;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Digest of a case at one of its sizes. */
function digestOf(one: (typeof cases)[number], size: 'smoke' | 'full'): string {
  const prepared = one.setup(one.sizes[size]);
  prepared.before?.();
  return prepared.run();
}

function recordDigests(): void {
  const all: Digests = {};
  for (const one of cases) all[one.name] = { smoke: digestOf(one, 'smoke'), full: digestOf(one, 'full') };
  writeFileSync(DIGESTS, `${JSON.stringify(all, null, 2)}\n`);
  say(`wrote ${DIGESTS}`);
}

/** Every case in full against its recorded digest. */
function checkDigests(): void {
  const recorded = JSON.parse(readFileSync(DIGESTS, 'utf8')) as Digests;
  for (const one of cases) {
    const digest = digestOf(one, 'full');
    const expected = recorded[one.name]?.full ?? 'none';
    if (digest !== expected) throw new Error(`${one.name}: digest ${digest}, recorded ${expected}`);
  }
  say(`${cases.length} digests as recorded`);
}

/** Hashes of everything that happens, ours against the C++ twin's. */
async function agree(names: readonly string[]): Promise<void> {
  for (const name of names)
    await inTurns(twins(name, /^(sim-|hawkes|bars-)/.test(name) ? '500000' : 'hash'), 0, 1);
  say(`hashes agree with the C++ twins: ${names.join(', ')}`);
}

function installPeers(): void {
  if (PEERS.every((peer) => existsSync(`${PEER_FOLDER}/node_modules/${peer}`))) return;
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], {
    cwd: PEER_FOLDER,
    stdio: 'inherit',
  });
}

/**
 * Samples of all plans in turn, so that a noisy minute disturbs one sample of each, not all of one. What
 * is at fault then is sampled again while there is time: noise only makes slower, so more samples bring both
 * sides of a ratio nearer to what they take on a quiet machine, and a slower program stays slower.
 */
async function measureAll(some: readonly Plan[], baseline: Baseline | null, endMs: number): Promise<Row[]> {
  const turns = Math.max(0, ...some.map(({ samples }) => samples));
  for (let turn = 0; turn < turns; turn++) {
    for (const plan of some) if (turn < plan.samples) await plan.sample();
  }
  const atFault = (plan: Plan): boolean => plan.rows().some((row) => faultOf(row, baseline) !== null);
  for (let again = some.filter(atFault); again.length > 0; again = again.filter(atFault)) {
    for (const plan of again) {
      if (performance.now() > endMs) return some.flatMap((one) => one.rows());
      await plan.sample();
    }
  }
  return some.flatMap((plan) => plan.rows());
}

/** Puts a table between the two marks in the README. */
function writeReadme(table: string): void {
  const text = readFileSync('README.md', 'utf8');
  const [head, , tail] = text.split(/(?<=<!-- bench -->\n)|(?=<!-- \/bench -->)/);
  writeFileSync('README.md', `${head}\n${table}\n\n${tail}`);
}

/** Ratios were seen to be lower by a tenth and more on a machine whose neighbours use the shared cache. */
function quietness(noise: number): string {
  return noise < NOISY ? 'a quiet machine' : 'not a quiet machine, for which the musts are';
}

async function bench(only: string): Promise<void> {
  const startMs = performance.now();
  const machine = machineClass();
  const baseline = readBaseline(machine);
  const some = plans().filter(({ goals }) => goals.some(({ name }) => name.includes(only)));
  if (some.length === 0)
    throw new Error(`--only ${only}: no row has this in its name; see the README's table`);
  say(`${machine}, ${process.version}; load ${loadavg()[0]!.toFixed(1)}`);
  installPeers();
  if (only === '') {
    checkDigests();
    await agree(TIMED);
    for (const variant of PEERED) await peersAgree(variant);
    say(`trades agree with ${PEERS.join(' and ')} on the beginnings of ${PEERED.join(', ')}`);
  }
  const rows = await measureAll(some, baseline, startMs + PATIENCE_MS);
  say(`\n${formatTable(rows, baseline)}\n`);
  const noise = Math.max(1, ...some.flatMap((plan) => plan.noise?.() ?? []));
  say(`The C++ twins' middle pass took up to ${noise.toFixed(2)} times their quickest: ${quietness(noise)}.`);
  if (baseline === null) say('No baseline of this class of machines: musts are judged, regressions are not.');
  if (process.argv.includes('--record')) {
    writeBaseline(machine, rows);
    if (only === '') writeReadme(formatTable(rows, null));
    say('recorded');
  }
  const faults = rows.map((row) => faultOf(row, baseline)).filter((fault) => fault !== null);
  for (const fault of faults) say(`FAULT ${fault}`);
  say(`${rows.length} rows, ${faults.length} faults, ${((performance.now() - startMs) / 1e3).toFixed(0)} s`);
  if (faults.length > 0) process.exitCode = 1;
}

const [, , first, ...rest] = process.argv;
const only = process.argv[process.argv.indexOf('--only') + 1];
if (first === '--agree') await agree(rest);
else if (first === '--record-digests') recordDigests();
else await bench(process.argv.includes('--only') ? (only ?? '') : '');
