/**
 * `make bench-cluster`: the service and its nodes as processes beside BullMQ on a real redis-server, in
 * turns, as one table of ratios with what must be reached. Results are checked before they count. Ends with 1
 * when a row misses its must.
 *
 * ARGS="--only TEXT" runs the rows whose name holds the text; --rounds N takes N samples of each;
 * --held also holds the service under load for two minutes.
 */
import { formatTable, faultOf } from '../table.js';
import { machineClass } from '../baseline.js';
import { say } from './bench.js';
import { Bull, installPeer } from './bull.js';
import { efficiencyBench } from './efficiency-rows.js';
import { cancelBench, killBench } from './fault-rows.js';
import { heldBench } from './held-rows.js';
import { latencyBench } from './latency-rows.js';
import { batchBench, singleBench } from './post-rows.js';
import { rangeBench } from './range-rows.js';

function option(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

/** The peer, once a row needs it. */
const started: Promise<Bull>[] = [];
const bull = (): Promise<Bull> => {
  if (started.length === 0) {
    installPeer();
    started.push(Bull.start());
  }
  return started[0]!;
};

const only = option('only', '');
const rounds = Number(option('rounds', '3'));
const all = [
  singleBench(bull),
  batchBench(bull),
  rangeBench(bull),
  efficiencyBench(),
  latencyBench(bull),
  cancelBench(),
  killBench(),
  // Two minutes, and nothing to compare with: only when it is asked for.
  ...(process.argv.includes('--held') ? [heldBench()] : []),
];
const benches = all.filter(({ names }) => names.some((name) => name.includes(only)));
if (benches.length === 0) throw new Error(`--only ${only}: no row has this in its name`);
say(`${machineClass()}, ${process.version}`);
const rows = [];
for (const bench of benches) rows.push(...(await bench.run(rounds)));
for (const peer of started) await (await peer).close();
say(`\n${formatTable(rows, null)}\n`);
const faults = rows.map((row) => faultOf(row, null)).filter((fault) => fault !== null);
for (const fault of faults) say(`FAULT ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
