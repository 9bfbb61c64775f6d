/** Rows of idle latency: one tiny job at a time, POST to completed against BullMQ's add to finished. */
import { median } from '../measure.js';
import { LIMIT } from '../plan.js';
import { rowOf } from '../table.js';
import { type Bench, say } from './bench.js';
import { type Bull, checkPeer } from './bull.js';
import { Clients, expectStatus } from './http.js';
import { digestOf, type Job, post, Service } from './ours.js';
import { TINY_STEPS } from './post-rows.js';

/** Jobs of one sample, whose p99 is its fourth slowest. */
const JOBS = 400;
/** After so many both sides run compiled code: a service that idles now was in use before. */
const WARMUP = 2_000;
const RANKS = [
  ['p50', 0.5],
  ['p99', 0.99],
] as const;

let nextSeed = 1;

/** The value below which a share of the times lies. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

async function ours(clients: Clients, jobs: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < jobs; i++) {
    const seed = nextSeed++;
    const start = performance.now();
    const answer = await clients.first.send(post(seed, 1, TINY_STEPS, 10));
    times.push(performance.now() - start);
    const { digest } = expectStatus<Job>(answer, 200);
    if (digest !== digestOf(seed, 1, TINY_STEPS)) throw new Error(`seed ${seed}: digest ${digest}`);
  }
  return times;
}

async function theirs({ queue, events }: Bull, jobs: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < jobs; i++) {
    const data = { seed: nextSeed++, steps: TINY_STEPS, from: 0, to: 1 };
    const start = performance.now();
    const job = await queue.add('walk', data);
    const returnvalue = await job.waitUntilFinished(events);
    times.push(performance.now() - start);
    checkPeer({ id: job.id, data, returnvalue });
  }
  return times;
}

export function latencyBench(bull: () => Promise<Bull>): Bench {
  const goals = RANKS.map(([rank]) => ({
    ...LIMIT,
    name: `idle, POST to completed / BullMQ add to finished, ${rank}`,
    must: 1,
    aim: 0.6,
  }));
  return {
    names: goals.map(({ name }) => name),
    async run(rounds) {
      const peer = await bull();
      await peer.work(1, 1);
      const service = await Service.start();
      const clients = await Clients.open(service.url, 1);
      await service.joined(clients, 1);
      const samples: [ours: number[], theirs: number[]][] = [];
      await ours(clients, WARMUP);
      await theirs(peer, WARMUP);
      for (let round = 0; round < rounds; round++) {
        samples.push([await ours(clients, JOBS), await theirs(peer, JOBS)]);
      }
      clients.close();
      await service.child.stop();
      const middle = (side: 0 | 1, share: number): string =>
        median(samples.map((sample) => quantile(sample[side], share))).toFixed(2);
      for (const [rank, share] of RANKS)
        say(`idle latency, ${rank}: ${middle(0, share)} ms against ${middle(1, share)} ms`);
      return goals.map((goal, i) => {
        const share = RANKS[i]![1];
        return rowOf(
          goal,
          samples.map(([a, b]) => quantile(a, share) / quantile(b, share)),
        );
      });
    },
  };
}
