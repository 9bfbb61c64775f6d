/**
 * `make sim`: seeded schedules on every core, of router and nodes and, a fifth as many, of hall and clients;
 * `--seed N` replays one with its shortened list of events, with `--hall` one of the latter.
 * `make sim-mutants` (`--mutants`): hunts every planted bug (`--hall`: of the latter); `--write` renews
 * docs/simulation.md.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { simulateHall } from './hall/hall-world.js';
import { HALL_MUTANTS } from './hall/mutants.js';
import { hallScheduleOf } from './hall/schedule.js';
import type { Faults } from './faults.js';
import { huntAll, huntAllOfHall, withList, type Hunted } from './list.js';
import { loadHall, loadMutant } from './load.js';
import type { Mutant } from './mutant.js';
import { MUTANTS } from './mutants.js';
import * as real from './protocol.js';
import { scheduleOf } from './schedule.js';
import { shorten, shrink } from './shrink.js';
import { simulate } from './world.js';

/** Seeds that a thread runs between two messages. */
const BLOCK = 100;
/** Schedules of router and nodes for one of hall and clients, which takes ten times as long. */
const HALL_SHARE = 5;

type World = 'router' | 'hall';
type Ran = Pick<Awaited<ReturnType<typeof simulateHall>>, 'seed' | 'faults' | 'executions' | 'endMs'>;

interface Share {
  readonly world: World;
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
  readonly failed: readonly Ran[];
}

/** Every `workers`-th block, so that each thread sees every flavour. */
async function work({ world, from, seeds, untilMs, worker, workers }: Share): Promise<void> {
  for (let first = worker * BLOCK; first < seeds && Date.now() < untilMs; first += workers * BLOCK) {
    let executions = 0;
    let virtualMs = 0;
    const failed: Ran[] = [];
    const last = Math.min(seeds, first + BLOCK);
    for (let i = first; i < last; i++) {
      const seed = from + i;
      const outcome: Ran = world === 'hall' ? await simulateHall(seed) : simulate(scheduleOf(seed), real);
      executions += outcome.executions;
      virtualMs += outcome.endMs;
      if (outcome.faults.length > 0) failed.push(outcome);
    }
    parentPort!.postMessage({ schedules: last - first, executions, virtualMs, failed } satisfies Report);
  }
}

async function runAll(world: World, from: number, seeds: number, untilMs: number): Promise<void> {
  const startMs = Date.now();
  const workers = Math.min(availableParallelism(), 8);
  const total = { schedules: 0, executions: 0, virtualMs: 0 };
  const failed: Ran[] = [];
  const shares = Array.from({ length: workers }, (_, worker): Promise<void> => {
    const share: Share = { world, from, seeds, untilMs, worker, workers };
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
    `${world === 'hall' ? 'hall and clients' : 'router and nodes'}: ` +
      `${total.schedules} schedules, ${total.executions} runs of chunks, ${Math.round(total.virtualMs / 3_600_000)}` +
      ` virtual hours in ${seconds.toFixed(1)} s on ${workers} threads: ${failed.length} failed`,
  );
  const first = failed.sort((a, b) => a.seed - b.seed)[0];
  for (const { seed, faults } of failed.slice(0, 10)) console.log(`seed ${seed}: ${faults[0]}`);
  if (first) await (world === 'hall' ? replayHall(first.seed, null) : replay(first.seed, null));
}

/** Prints what one seed breaks, the events that it needs for that, and the command that shows it again. */
async function replay(seed: number, mutantName: string | null): Promise<void> {
  const mutant = findMutant(MUTANTS, mutantName);
  const protocol = mutant ? await loadMutant(process.cwd(), mutant) : real;
  const schedule = scheduleOf(seed);
  const { faults, events, eventsBefore } = await shrink(schedule, protocol);
  const { flavour, nodes, chunks, fates, jobs } = schedule;
  console.log(`seed ${seed} (${flavour}): ${nodes} nodes, ${jobs.length} jobs of ${chunks} chunks`);
  console.log(`chunks are drawn from: ${fates.join(' ')}`);
  for (const { id, kind, priority, client, offeredMs, input } of jobs) {
    console.log(
      `  ${Math.round(offeredMs)} ms: job ${id}, kind ${kind}, priority ${priority} of client ${client}, input ${input}`,
    );
  }
  tell(events, eventsBefore, faults, `--seed ${seed}${mutant ? ` --mutant ${mutant.name}` : ''}`);
}

async function replayHall(seed: number, mutantName: string | null): Promise<void> {
  const mutant = findMutant(HALL_MUTANTS, mutantName);
  const world = mutant ? await loadHall(process.cwd(), mutant) : { simulateHall };
  const run = async (faults: Faults): Promise<readonly string[]> =>
    (await world.simulateHall(seed, faults)).faults;
  const { faults, events, eventsBefore } = await shorten(run);
  const { flavour, plans } = hallScheduleOf(seed);
  console.log(`seed ${seed} (${flavour}) of hall and clients:`);
  for (const { number, sort, specs, startMs, timeoutS, cancelAfterMs, patienceMs } of plans) {
    const deadline = timeoutS === null ? '' : `, deadline after ${timeoutS.toFixed(2)} s`;
    const cancel = cancelAfterMs === null ? '' : `, cancels ${Math.round(cancelAfterMs)} ms later`;
    const jobs = specs.map(({ factor, stepsPerUnit }) => `${factor}${stepsPerUnit > 1 ? ' large' : ''}`);
    const what = `${sort} ${number}, patience ${patienceMs} ms, jobs ${jobs.join(' | ')}`;
    console.log(`  ${Math.round(startMs)} ms: ${what}${deadline}${cancel}`);
  }
  tell(events, eventsBefore, faults, `--hall --seed ${seed}${mutant ? ` --mutant ${mutant.name}` : ''}`);
}

function findMutant(mutants: readonly Mutant[], wanted: string | null): Mutant | null {
  const mutant = wanted === null ? null : mutants.find(({ name }) => name === wanted);
  if (mutant !== undefined) return mutant;
  throw new Error(`--mutant: expected one of ${mutants.map(({ name }) => name).join(', ')}; got ${wanted}`);
}

function tell(
  events: readonly string[],
  eventsBefore: number,
  faults: readonly string[],
  args: string,
): void {
  console.log(`${events.length} of ${eventsBefore} faults are left after shortening:`);
  for (const event of events) console.log(`  ${event}`);
  for (const fault of faults) console.log(`broken: ${fault}`);
  if (faults.length === 0) return console.log('nothing is broken');
  console.log(`again: make sim ARGS="${args}"`);
  process.exitCode = 1;
}

async function runMutants(seeds: number, write: boolean, hallOnly: boolean): Promise<void> {
  const root = process.cwd();
  const ofRouter = hallOnly ? [] : await huntAll(root, seeds);
  const ofHall = await huntAllOfHall(root, seeds);
  const all: readonly Hunted[] = [...ofRouter, ...ofHall];
  for (const { mutant, caught } of all)
    console.log(`${mutant.name}: ${caught ? `seed ${caught.seed}: ${caught.fault}` : 'NOT FOUND'}`);
  const found = all.filter(({ caught }) => caught !== null).length;
  console.log(`${found} of ${all.length} planted bugs found within ${seeds} seeds`);
  if (found < all.length) process.exitCode = 1;
  if (!write) return;
  const path = 'docs/simulation.md';
  let page = withList(await readFile(path, 'utf8'), 'hall and clients', ofHall);
  if (!hallOnly) page = withList(page, 'router and nodes', ofRouter);
  await writeFile(path, page);
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
      hall: { type: 'boolean', default: false },
    },
  });
  const { seed, seeds, mutant, mutants, write, hall } = values;
  if (mutants) return runMutants(count('seeds', seeds ?? '20000'), write, hall);
  if (seed !== undefined) return (hall ? replayHall : replay)(count('seed', seed), mutant ?? null);
  const untilMs = Date.now() + count('minutes', values.minutes) * 60_000;
  const from = count('from', values.from);
  const all = count('seeds', seeds ?? '100000');
  if (!hall) await runAll('router', from, all, untilMs);
  await runAll('hall', from, hall && seeds !== undefined ? all : Math.ceil(all / HALL_SHARE), untilMs);
}

if (isMainThread) await main();
else await work(workerData as Share);
