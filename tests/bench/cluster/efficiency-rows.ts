/**
 * Rows of efficiency: what two threads compute through the service, by one node with two threads and by two
 * nodes with one each, over what two bare threads compute of the same units in the same time. From POST to
 * completed, with everything that lies between.
 */
import { resolve } from 'node:path';
import { RATIO } from '../plan.js';
import { type Row, rowOf } from '../table.js';
import type { Bench } from './bench.js';
import { say } from './bench.js';
import { Child } from './children.js';
import { Clients, expectStatus } from './http.js';
import { NS_PER_STEP } from './kernel.js';
import { type Job, post, Service, startNode, untilFinished } from './ours.js';
import { TINY_STEPS } from './post-rows.js';

const SIZES = [
  { name: '20 us', us: 20, must: 0.83, aim: 0.92 },
  { name: '200 us', us: 200, must: 0.88, aim: 0.96 },
  { name: '2 ms', us: 2_000, must: 0.9, aim: 0.97 },
  { name: '20 ms', us: 20_000, must: 0.95, aim: 0.98 },
] as const;
/** Jobs that service and nodes carried before: chunks are long, so too few of them to compile the code. */
const WARMUP = 8_000;
const WARMUP_CONNECTIONS = 16;
/** Compute time of one sample on both threads together. */
const SAMPLE_US = 3e6;
const LAYOUTS = ['1 node x 2 threads', '2 nodes x 1'] as const;
const rowName = (size: string, layout: string): string => `${layout} / two raw threads, jobs of ${size}`;

let nextSeed = 1;

class Raw {
  readonly #child = new Child(process.execPath, [resolve('build/cluster/bench/raw-child.js')], process.cwd());

  async run(seed: number, units: number, steps: number): Promise<{ ms: number; digest: string }> {
    const answer = this.#child.next();
    this.#child.process.stdin!.write(`${seed} ${units} ${steps}\n`);
    const [ms, digest] = (await answer).split(' ');
    return { ms: Number(ms), digest: digest! };
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}

/** One layout of nodes under a service of its own. */
interface Layout {
  readonly clients: Clients;
  stop(): Promise<void>;
}

async function open(nodes: number, threads: number): Promise<Layout> {
  const service = await Service.start('--no-local-node');
  const clients = await Clients.open(service.url, 1);
  const all = await Promise.all(Array.from({ length: nodes }, () => startNode(service.router, threads)));
  await service.joined(clients, nodes);
  await warmUp(service.url);
  return {
    clients,
    async stop() {
      clients.close();
      await Promise.all(all.map((node) => node.stop()));
      await service.child.stop();
    },
  };
}

async function warmUp(url: string): Promise<void> {
  const clients = await Clients.open(url, WARMUP_CONNECTIONS);
  await clients.load(WARMUP, () => post(nextSeed++, 1, TINY_STEPS));
  await untilFinished(clients, WARMUP);
  clients.close();
}

/** Milliseconds from POST to completed. */
async function through(
  layout: Layout,
  seed: number,
  units: number,
  steps: number,
  digest: string,
): Promise<number> {
  const start = performance.now();
  const answer = await layout.clients.first.send(post(seed, units, steps, 30));
  const ms = performance.now() - start;
  const job = expectStatus<Job>(answer, 200);
  if (job.digest !== digest)
    throw new Error(`${units} units of ${steps} steps: ${job.state} ${job.digest}, raw threads ${digest}`);
  return ms;
}

export function efficiencyBench(): Bench {
  const goals = SIZES.flatMap(({ name, must, aim }) =>
    LAYOUTS.map((layout) => ({ ...RATIO, tolerance: null, name: rowName(name, layout), must, aim })),
  );
  return {
    names: goals.map(({ name }) => name),
    async run(rounds): Promise<Row[]> {
      const raw = new Raw();
      const layouts = [await open(1, 2), await open(2, 1)];
      const values = goals.map((): number[] => []);
      for (let round = -1; round < rounds; round++) {
        for (const [s, { us }] of SIZES.entries()) {
          const steps = (1e3 * us) / NS_PER_STEP;
          const units = Math.round((round < 0 ? SAMPLE_US / 4 : SAMPLE_US) / us);
          const seed = nextSeed++;
          const bare = await raw.run(seed, units, steps);
          for (const [l, layout] of layouts.entries()) {
            const ms = await through(layout, seed, units, steps, bare.digest);
            if (round >= 0) values[s * LAYOUTS.length + l]!.push(bare.ms / ms);
          }
          if (round === 0)
            say(`a job of "${us} us" takes a raw thread ${((2e3 * bare.ms) / units).toFixed(1)} us`);
        }
      }
      await Promise.all([raw.stop(), ...layouts.map((layout) => layout.stop())]);
      return goals.map((goal, i) => rowOf(goal, values[i]!));
    },
  };
}
