/**
 * `make sim`: seeded schedules on every core; `--seed N` replays one with its shortened list of events.
 * `make sim-mutants` (`--mutants`): hunts every planted bug; `--write` renews docs/simulation.md.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { huntAll, withList } from './list.js';
import { loadMutant } from './load.js';
import { MUTANTS } from './mutants.js';
import * as real from './protocol.js';
import { scheduleOf } from './schedule.js';
import { shrink } from './shrink.js';
import type { Outcome } from './world.js';
import { simulate } from './world.js';

/** Seeds that a thread runs between two messages. */
const BLOCK = 100;

interface Share {
  readonly from: number;
  readonly seeds: number;
  readonly untilMs: number;
  readonly worker: number;
  readonly workers: number;
}

interface Report {
  readonly schedules: number;
  readonly executions: number;
  readonly virtualMs: number;
  readonly failed: readonly Outcome[];
}

/** Every `workers`-th block, so that each thread sees every flavour. */
function work({ from, seeds, untilMs, worker, workers }: Share): void {
  for (let first = worker * BLOCK; first < seeds && Date.now() < untilMs; first += workers * BLOCK) {
    let executions = 0;
    let virtualMs = 0;
    const failed: Outcome[] = [];
    const last = Math.min(seeds, first + BLOCK);
    for (let i = first; i < last; i++) {
      const outcome = simulate(scheduleOf(from + i), real);
      executions += outcome.executions;
      virtualMs += outcome.endMs;
      if (outcome.faults.length > 0) failed.push(outcome);
    }
    parentPort!.postMessage({ schedules: last - first, executions, virtualMs, failed } satisfies Report);
  }
}

async function runAll(from: number, seeds: number, minutes: number): Promise<void> {
  const startMs = Date.now();
  const workers = Math.min(availableParallelism(), 8);
  const total = { schedules: 0, executions: 0, virtualMs: 0 };
  const failed: Outcome[] = [];
  const shares = Array.from({ length: workers }, (_, worker): Promise<void> => {
    const share: Share = { from, seeds, untilMs: startMs + minutes * 60_000, worker, workers };
    const thread = new Worker(new URL(import.meta.url), { workerData: share });
    return new Promise((resolve, reject) => {
      thread.on('message', (report: Report) => {
        total.schedules += report.schedules;
        total.executions += report.executions;
        total.virtualMs += report.virtualMs;
        failed.push(...report.failed);
      });
      thread.on('error', reject);
      thread.on('exit', () => resolve());
    });
  });
  await Promise.all(shares);
  const seconds = (Date.now() - startMs) / 1_000;
  console.log(
    `${total.schedules} schedules, ${total.executions} runs of chunks, ${Math.round(total.virtualMs / 3_600_000)}` +
      ` virtual hours in ${seconds.toFixed(1)} s on ${workers} threads: ${failed.length} failed`,
  );
  const first = failed.sort((a, b) => a.seed - b.seed)[0];
  for (const { seed, faults } of failed.slice(0, 10)) console.log(`seed ${seed}: ${faults[0]}`);
  if (first) await replay(first.seed, null);
}

/** Prints what one seed breaks, the events that it needs for that, and the command that shows it again. */
async function replay(seed: number, mutantName: string | null): Promise<void> {
  const mutant = mutantName === null ? null : MUTANTS.find(({ name }) => name === mutantName);
  if (mutant === undefined) {
    const known = MUTANTS.map(({ name }) => name).join(', ');
    throw new Error(`--mutant: expected one of ${known}; got ${mutantName}`);
  }
  const protocol = mutant ? await loadMutant(process.cwd(), mutant) : real;
  const schedule = scheduleOf(seed);
  const { faults, events, eventsBefore } = shrink(schedule, protocol);
  const { flavour, nodes, chunks, fates, jobs } = schedule;
  console.log(`seed ${seed} (${flavour}): ${nodes} nodes, ${jobs.length} jobs of ${chunks} chunks`);
  console.log(`chunks are drawn from: ${fates.join(' ')}`);
  for (const { id, kind, priority, client, offeredMs, input } of jobs) {
    console.log(
      `  ${Math.round(offeredMs)} ms: job ${id}, kind ${kind}, priority ${priority} of client ${client}, input ${input}`,
    );
  }
  console.log(`${events.length} of ${eventsBefore} faults are left after shortening:`);
  for (const event of events) console.log(`  ${event}`);
  for (const fault of faults) console.log(`broken: ${fault}`);
  if (faults.length === 0) return void console.log('nothing is broken');
  console.log(`again: make sim ARGS="--seed ${seed}${mutant ? ` --mutant ${mutant.name}` : ''}"`);
  process.exitCode = 1;
}

async function runMutants(seeds: number, write: boolean): Promise<void> {
  const catches = await huntAll(process.cwd(), seeds);
  for (const { mutant, caught } of catches) {
    console.log(`${mutant.name}: ${caught ? `seed ${caught.seed}: ${caught.fault}` : 'NOT FOUND'}`);
  }
  const found = catches.filter(({ caught }) => caught !== null).length;
  console.log(`${found} of ${catches.length} planted bugs found within ${seeds} seeds`);
  if (found < catches.length) process.exitCode = 1;
  if (!write) return;
  const path = 'docs/simulation.md';
  await writeFile(path, withList(await readFile(path, 'utf8'), catches));
}

function count(name: string, text: string): number {
  const n = Number(text);
  if (!(n > 0)) throw new Error(`--${name}: expected a number above 0; got ${text}`);
  return n;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string', default: '1' },
      seeds: { type: 'string' },
      minutes: { type: 'string', default: '3' },
      seed: { type: 'string' },
      mutant: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const { seed, seeds, mutant, mutants, write, from, minutes } = values;
  if (mutants) return runMutants(count('seeds', seeds ?? '20000'), write);
  if (seed !== undefined) return replay(count('seed', seed), mutant ?? null);
  return runAll(count('from', from), count('seeds', seeds ?? '100000'), count('minutes', minutes));
}

if (isMainThread) await main();
else work(workerData as Share);
