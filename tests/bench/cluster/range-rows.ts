/**
 * The row of ranges: millions of short walks of consecutive units in one job of ours, every row of whose
 * result has an address, beside BullMQ used in the best way for it: a job for every 4,096 walks, added in
 * bulk without HTTP, with the numbers of all packed as its result.
 */
import { type Bench, ratioBench } from './bench.js';
import { type Bull, checkPeer } from './bull.js';
import { Clients, expectStatus } from './http.js';
import { digestOf, type Job, post, Service } from './ours.js';

const STEPS = 8;
const UNITS = 2_000_000;
const PEER_UNITS = 1_000_000;
const PEER_CHUNK = 4_096;

let nextSeed = 1;

async function ourRate(clients: Clients): Promise<number> {
  const seed = nextSeed++;
  const start = performance.now();
  const answer = await clients.first.send(post(seed, UNITS, STEPS, 30));
  const ms = performance.now() - start;
  const { id, digest } = expectStatus<Job>(answer, 200);
  if (digest !== digestOf(seed, UNITS, STEPS))
    throw new Error(`job ${id} of ${UNITS} units: digest ${digest}`);
  return (1e3 * UNITS) / ms;
}

async function peerRate(bull: Bull): Promise<number> {
  await bull.clear();
  const seed = nextSeed++;
  const jobs = Array.from({ length: Math.ceil(PEER_UNITS / PEER_CHUNK) }, (_, i) => {
    const to = Math.min(PEER_UNITS, (i + 1) * PEER_CHUNK);
    return { name: 'walk', data: { seed, steps: STEPS, from: i * PEER_CHUNK, to } };
  });
  const start = performance.now();
  await bull.queue.addBulk(jobs);
  await bull.untilFinished(jobs.length);
  const ms = performance.now() - start;
  (await bull.finished()).forEach(checkPeer);
  return (1e3 * PEER_UNITS) / ms;
}

const SETTINGS = [
  [1, 1],
  [1, 4],
  [2, 1],
  [2, 4],
] as const;

async function tune(bull: Bull): Promise<string> {
  let best = { rate: 0, processes: 1, concurrency: 1 };
  for (const [processes, concurrency] of SETTINGS) {
    await bull.work(processes, concurrency);
    await peerRate(bull);
    const rate = await peerRate(bull);
    if (rate > best.rate) best = { rate, processes, concurrency };
  }
  const { processes, concurrency } = best;
  await bull.work(processes, concurrency);
  return `BullMQ is quickest with ${processes} worker process(es) of concurrency ${concurrency}`;
}

export function rangeBench(bull: () => Promise<Bull>): Bench {
  return ratioBench({
    name: 'range of seeds in one job / BullMQ with 4,096-item chunk jobs',
    must: 3.5,
    aim: 6,
    async open() {
      const peer = await bull();
      const service = await Service.start();
      const clients = await Clients.open(service.url, 1);
      await service.joined(clients, 1);
      for (let pass = 0; pass < 2; pass++) await ourRate(clients);
      const note = await tune(peer);
      return {
        note,
        ours: () => ourRate(clients),
        theirs: () => peerRate(peer),
        async close() {
          clients.close();
          await service.child.stop();
        },
      };
    },
  });
}
