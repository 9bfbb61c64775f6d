/** Rows of what happens in between: a running job is cancelled, a node is killed under load. */
import { LIMIT } from '../plan.js';
import { rowOf } from '../table.js';
import { type Bench, say } from './bench.js';
import { Clients, expectStatus } from './http.js';
import { NS_PER_STEP } from './kernel.js';
import { quantile } from './latency-rows.js';
import { digestOf, type Job, newestJobs, pause, post, Service, startNode, untilFinished } from './ours.js';

/** A job that nobody waits for. */
const LONG_STEPS = 1e9;
/** Of one sample: its p99 is the third slowest, not the slowest. */
const CANCELS = 250;
/** Fewer would measure code that no service that is in use runs: what was never compiled. */
const WARMUP = 200;
/** The tiny job behind the long one is in the thread's own queue by then. */
const SETTLE_MS = 15;

let nextSeed = 1;

/**
 * Milliseconds from a DELETE until the only thread has done the next job, which is on disk by then: more than
 * the thread took to stop.
 */
async function cancelOne(clients: Clients, other: Clients): Promise<number> {
  const long = await clients.first.send(post(nextSeed++, 1, LONG_STEPS));
  const { id } = expectStatus<Job>(long, 202);
  await pause(SETTLE_MS);
  const next = other.first.send(post(nextSeed++, 1, 1, 10));
  await pause(SETTLE_MS);
  const start = performance.now();
  const [cancelled, done] = await Promise.all([
    clients.first.send({ method: 'DELETE', path: `/jobs/${id}` }),
    next.then((answer) => ({ answer, ms: performance.now() - start })),
  ]);
  if (expectStatus<Job>(cancelled, 200).state !== 'cancelled') throw new Error(`job ${id} is not cancelled`);
  if (expectStatus<Job>(done.answer, 200).state !== 'done') throw new Error('the job behind it is not done');
  return done.ms;
}

export function cancelBench(): Bench {
  const goal = {
    ...LIMIT,
    name: 'DELETE to thread stopped and the next job done, p99',
    unit: ' ms',
    must: 10,
    aim: 5,
  };
  return {
    names: [goal.name],
    async run(rounds) {
      const service = await Service.start('--threads', '1');
      const clients = await Clients.open(service.url, 1);
      const other = await Clients.open(service.url, 1);
      await service.joined(clients, 1);
      const values: number[] = [];
      for (let round = -1; round < rounds; round++) {
        const times: number[] = [];
        for (let i = 0; i < (round < 0 ? WARMUP : CANCELS); i++) times.push(await cancelOne(clients, other));
        if (round < 0) continue;
        values.push(quantile(times, 0.99));
        say(`DELETE to stopped: p50 ${quantile(times, 0.5).toFixed(2)} ms`);
      }
      clients.close();
      other.close();
      await service.child.stop();
      return [rowOf(goal, values)];
    },
  };
}

/** Jobs of 20 ms: two nodes have two each in hand. */
const LOAD_STEPS = 20e6 / NS_PER_STEP;
const LOAD_JOBS = 200;
const BEFORE_KILL_MS = 700;

/** Seconds from kill -9 of one of two nodes until everything that it had in hand is done elsewhere. */
async function killOne(): Promise<number> {
  const service = await Service.start('--no-local-node');
  const clients = await Clients.open(service.url, 16);
  const [victim, survivor] = [await startNode(service.router, 1), await startNode(service.router, 1)];
  await service.joined(clients, 2);
  const first = nextSeed;
  nextSeed += LOAD_JOBS;
  await clients.load(LOAD_JOBS, (i) => post(first + i, 1, LOAD_STEPS));
  await pause(BEFORE_KILL_MS);
  const killedMs = Date.now();
  await victim.stop('SIGKILL');
  await untilFinished(clients, LOAD_JOBS);
  const jobs = await newestJobs(clients, LOAD_JOBS);
  for (const { id, seed, state, digest } of jobs.filter((_, i) => i % 20 === 0)) {
    if (state !== 'done' || digest !== digestOf(seed, 1, LOAD_STEPS))
      throw new Error(`job ${id} is ${state}`);
  }
  const lost = jobs.filter(({ attempts }) => attempts > 1);
  if (lost.length === 0) throw new Error('the node was killed with nothing in hand');
  if (jobs.some(({ state }) => state !== 'done')) throw new Error('a job was lost with its node');
  clients.close();
  await survivor.stop();
  await service.child.stop();
  return Math.max(...lost.map(({ finishedMs }) => finishedMs! - killedMs)) / 1e3;
}

export function killBench(): Bench {
  const name = 'kill -9 of a node under load to its chunks done elsewhere';
  return {
    names: [name],
    async run(rounds) {
      const values: number[] = [];
      for (let round = 0; round < rounds; round++) values.push(await killOne());
      return [rowOf({ ...LIMIT, name, unit: ' s', by: 'max', must: 3, aim: 2 }, values)];
    },
  };
}
