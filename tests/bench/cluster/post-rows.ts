/** Rows of tiny jobs, one or a hundred in a POST, until all are completed and on disk, on both sides. */
import { type Bull, checkPeer } from './bull.js';
import { Clients, expectStatus, type Request } from './http.js';
import { checkJobs, finishedOf, post, postBatch, Service, submission, untilFinished } from './ours.js';
import { ratioBench, type Bench } from './bench.js';

/** Steps of a tiny job. */
export const TINY_STEPS = 100;
/** Requests on their way at once: a service in use, with its queues filled. */
const CONNECTIONS = 64;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

async function sendAll(clients: Clients, count: number, request: (i: number) => Request): Promise<void> {
  const answers = await clients.load(count, request);
  for (const answer of answers) if (answer.status !== 202) expectStatus(answer, 202);
}

/** Seeds that no job of ours had yet: an equal job would be answered from the store. */
let nextSeed = 1;

/** Jobs per second of our side. */
export async function ourRate(clients: Clients, jobs: number, perPost: number): Promise<number> {
  const before = await finishedOf(clients);
  const first = nextSeed;
  nextSeed += jobs;
  const request = (i: number): Request =>
    perPost === 1
      ? post(first + i, 1, TINY_STEPS)
      : postBatch(
          Array.from({ length: perPost }, (_, k) => submission(first + i * perPost + k, 1, TINY_STEPS)),
        );
  const ms = await timed(async () => {
    await sendAll(clients, jobs / perPost, request);
    await untilFinished(clients, before + jobs);
  });
  await checkJobs(clients, first, jobs, TINY_STEPS);
  return (1e3 * jobs) / ms;
}

const tiny = (seed: number) => ({ seed, steps: TINY_STEPS, from: 0, to: 1 });

/** Jobs per second of the peer's. */
async function peerRate(bull: Bull, clients: Clients, jobs: number, perPost: number): Promise<number> {
  await bull.clear();
  const request = (i: number): Request =>
    perPost === 1
      ? { method: 'POST', path: '/jobs', body: tiny(i) }
      : {
          method: 'POST',
          path: '/bulk',
          body: Array.from({ length: perPost }, (_, k) => tiny(i * perPost + k)),
        };
  const ms = await timed(async () => {
    await sendAll(clients, jobs / perPost, request);
    await bull.untilFinished(jobs);
  });
  const finished = await bull.finished();
  if (finished.length !== jobs) throw new Error(`BullMQ finished ${finished.length} of ${jobs} jobs`);
  finished.forEach(checkPeer);
  return (1e3 * jobs) / ms;
}

/** Worker processes and jobs at a time in each: what BullMQ's users turn. */
const SETTINGS = [
  [1, 20],
  [1, 50],
  [1, 200],
  [2, 50],
] as const;

/** The setting that makes the peer quickest here. */
async function tune(bull: Bull, clients: Clients, perPost: number, jobs: number): Promise<string> {
  let best = { rate: 0, processes: 1, concurrency: 1 };
  for (const [processes, concurrency] of SETTINGS) {
    await bull.work(processes, concurrency);
    const rate = await peerRate(bull, clients, jobs, perPost);
    if (rate > best.rate) best = { rate, processes, concurrency };
  }
  const { processes, concurrency } = best;
  await bull.work(processes, concurrency);
  return `BullMQ is quickest with ${processes} worker process(es) of concurrency ${concurrency}`;
}

/** Jobs of a sample on our side, on the peer's, and in a warm-up or a trial. */
interface Sizes {
  readonly ours: number;
  readonly theirs: number;
  readonly trial: number;
}

function postBench(
  bull: () => Promise<Bull>,
  perPost: number,
  goal: { readonly name: string; readonly must: number; readonly aim: number },
  sizes: Sizes,
): Bench {
  return ratioBench({
    ...goal,
    async open() {
      const peer = await bull();
      const service = await Service.start();
      const ours = await Clients.open(service.url, CONNECTIONS / Math.sqrt(perPost));
      const theirs = await Clients.open(peer.url, CONNECTIONS / Math.sqrt(perPost));
      await service.joined(ours, 1);
      for (let pass = 0; pass < 3; pass++) await ourRate(ours, sizes.trial, perPost);
      const note = await tune(peer, theirs, perPost, sizes.trial);
      return {
        note,
        ours: () => ourRate(ours, sizes.ours, perPost),
        theirs: () => peerRate(peer, theirs, sizes.theirs, perPost),
        async close() {
          ours.close();
          theirs.close();
          await service.child.stop();
        },
      };
    },
  });
}

export function singleBench(bull: () => Promise<Bull>): Bench {
  const goal = { name: 'one tiny job per POST / BullMQ', must: 3, aim: 6 };
  return postBench(bull, 1, goal, { ours: 12_000, theirs: 4_000, trial: 2_000 });
}

export function batchBench(bull: () => Promise<Bull>): Bench {
  const goal = { name: '100 tiny jobs per POST / BullMQ addBulk', must: 12, aim: 40 };
  return postBench(bull, 100, goal, { ours: 60_000, theirs: 6_000, trial: 3_000 });
}
