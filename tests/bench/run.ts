/** `make bench`: every case in full with its digest checked, then our order book beside a peer as a ratio. */
import { readFileSync, writeFileSync } from 'node:fs';
import { PEER_CASE } from './book-cases.js';
import { type BenchCase, cases } from './cases.js';
import { mad, type Measured, measure, median, speedRatios } from './measure.js';
import { installPeers, peerCase } from './peer.js';

const DIGESTS = 'tests/bench/digests.json';
const WARMUPS = 2;
const ROUNDS = 7;
/** The book handles at least so many messages for each one of nodejs-order-book. */
const GOAL_RATIO = 60;

type Digests = Record<string, { smoke: string; full: string }>;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const nowNs = (): bigint => process.hrtime.bigint();

function describe(one: Measured, unit: string): string {
  const ns = median(one.nsPerUnit);
  const spread = ((100 * mad(one.nsPerUnit)) / ns).toFixed(1);
  const speed = `${(1e3 / ns).toPrecision(4)} M ${unit}/s`;
  return `${one.name.padEnd(26)} ${speed.padEnd(26)} ${ns.toPrecision(4).padStart(8)} ns each  MAD ${spread} %`;
}

/** Measures some cases side by side and says a line for each. */
function measureCases(some: readonly BenchCase[], warmups: number, rounds: number): Measured[] {
  const prepared = new Map(some.map((one) => [one.name, one.setup(one.sizes.full)]));
  const measured = measure(prepared, warmups, rounds, nowNs);
  measured.forEach((one, i) => say(describe(one, some[i]!.unit)));
  return measured;
}

/** Compares digests with the recorded ones; returns the faults. */
function faultsOf(measured: readonly Measured[], recorded: Digests): string[] {
  return measured
    .filter((one) => recorded[one.name]?.full !== one.digest)
    .map((one) => `${one.name}: digest ${one.digest}, recorded ${recorded[one.name]?.full ?? 'none'}`);
}

/**
 * Runs every case small and in full and writes the digests down: only after a change that is meant to alter
 * results.
 */
function record(): void {
  const all: Digests = {};
  for (const one of cases) {
    const [smoke, full] = [one.sizes.smoke, one.sizes.full].map((size) => {
      const prepared = one.setup(size);
      prepared.before?.();
      return prepared.run();
    });
    all[one.name] = { smoke: smoke!, full: full! };
  }
  writeFileSync(DIGESTS, `${JSON.stringify(all, null, 2)}\n`);
  say(`wrote ${DIGESTS}`);
}

/** Our book and the peer on the same messages, round by round; returns the faults. */
function comparePeer(): string[] {
  say('');
  installPeers();
  const ours = cases.find((one) => one.name === PEER_CASE.name)!;
  const [us, peer] = measureCases([ours, peerCase], 1, 5);
  if (!us!.digest.startsWith(peer!.digest)) {
    return [`${peerCase.name}: trade hash ${peer!.digest}, ours ${us!.digest}: not the same trades`];
  }
  const ratios = speedRatios(us!, peer!);
  const ratio = median(ratios);
  say(`same ${us!.count} messages, same trade hash ${peer!.digest}`);
  say(`ratio to ${peerCase.name}: ${ratio.toFixed(0)} (MAD ${mad(ratios).toFixed(0)}; goal ${GOAL_RATIO})`);
  return ratio < GOAL_RATIO ? [`ratio ${ratio.toFixed(1)} is below the goal of ${GOAL_RATIO}`] : [];
}

function main(): void {
  if (process.argv.includes('--record')) return record();
  const recorded = JSON.parse(readFileSync(DIGESTS, 'utf8')) as Digests;
  say(`Node ${process.version}, ${WARMUPS} warm-up runs, median of ${ROUNDS} interleaved rounds`);
  const faults = faultsOf(measureCases(cases, WARMUPS, ROUNDS), recorded);
  faults.push(...comparePeer());
  for (const fault of faults) say(`FAULT ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
  else say('all digests as recorded');
}

main();
