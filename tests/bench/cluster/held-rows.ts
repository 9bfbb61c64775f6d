/**
 * Rows of load held: a minute of 5,000 durable tiny jobs a second, then ten times as many offered as that for
 * a while, then rest. What is completed under the overload is held against the most that was completed when
 * clients waited for each other, and memory, log and file handles against what they were before.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LIMIT, RATIO } from '../plan.js';
import { type Row, rowOf } from '../table.js';
import { type Bench, say } from './bench.js';
import { Clients } from './http.js';
import { finishedOf, pause, postBatch, Service, submission, untilFinished } from './ours.js';
import { ourRate, TINY_STEPS } from './post-rows.js';

const STEADY_PER_S = 5_000;
const PER_POST = 100;
const CONNECTIONS = 32;
const OVERLOAD_S = 15;
const REST_MS = 20_000;
/** An idle process of this size breathes by about so much. */
const NAMES = [
  'load held: completed of 5,000 jobs/s over 60 s',
  'load held: goodput at ten times the load / peak',
  'load held: memory after / before',
  'load held: log after, MB',
  'load held: file handles after - before',
] as const;

let nextSeed = 1e9;

const batch = () => postBatch(Array.from({ length: PER_POST }, () => submission(nextSeed++, 1, TINY_STEPS)));

interface Footprint {
  readonly mb: number;
  readonly logMb: number;
  readonly handles: number;
}

function footprintOf({ child, dir }: Service): Footprint {
  const { pid } = child.process;
  const rssKb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1];
  const logBytes = statSync(join(dir, 'mms.db-wal'), { throwIfNoEntry: false })?.size ?? 0;
  return {
    mb: Number(rssKb) / 1024,
    logMb: logBytes / 2 ** 20,
    handles: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** Offers jobs at a rate whatever becomes of them; how many were accepted. */
async function offer(clients: Clients, perS: number, seconds: number): Promise<{ accepted: number }> {
  const posts = (perS * seconds) / PER_POST;
  const start = performance.now();
  let accepted = 0;
  await clients.paced(posts, perS / PER_POST, start, batch, (answer) => {
    if (answer.status === 202) accepted += PER_POST;
    else if (answer.status !== 503 && answer.status !== 429)
      throw new Error(`status ${answer.status}: ${answer.body}`);
  });
  return { accepted };
}

async function runHeld(seconds: number): Promise<number[]> {
  const service = await Service.start();
  const clients = await Clients.open(service.url, CONNECTIONS);
  await service.joined(clients, 1);
  const rates: number[] = [];
  for (let pass = 0; pass < 6; pass++) rates.push(await ourRate(clients, 30_000, PER_POST));
  const peak = Math.max(...rates);
  await pause(REST_MS / 4);
  const before = footprintOf(service);

  const done = await finishedOf(clients);
  await offer(clients, STEADY_PER_S, seconds);
  const steady = (await finishedOf(clients)) - done;
  await untilFinished(clients, done + STEADY_PER_S * seconds);

  const from = await finishedOf(clients);
  const startMs = performance.now();
  const { accepted } = await offer(clients, 10 * STEADY_PER_S, OVERLOAD_S);
  const goodput = (1e3 * ((await finishedOf(clients)) - from)) / (performance.now() - startMs);
  await untilFinished(clients, from + accepted);
  const offeredPeak = Math.min(peak, 10 * STEADY_PER_S);

  await pause(REST_MS);
  const after = footprintOf(service);
  say(
    `load held: peak ${peak.toFixed(0)}/s, under overload ${goodput.toFixed(0)}/s; ${JSON.stringify({ before, after })}`,
  );
  clients.close();
  await service.child.stop();
  const completed = steady / (STEADY_PER_S * seconds);
  return [
    completed,
    goodput / offeredPeak,
    after.mb / before.mb,
    after.logMb,
    after.handles - before.handles,
  ];
}

export function heldBench(): Bench {
  const ratio = { ...RATIO, tolerance: null };
  const goals = [
    { ...ratio, name: NAMES[0], must: 0.99 },
    { ...ratio, name: NAMES[1], must: 0.9 },
    { ...LIMIT, name: NAMES[2], must: 1.25 },
    { ...LIMIT, name: NAMES[3], must: 64 },
    { ...LIMIT, name: NAMES[4], must: 0 },
  ];
  return {
    names: NAMES,
    async run(): Promise<Row[]> {
      const values = await runHeld(60);
      return goals.map((goal, i) => rowOf(goal, [values[i]!]));
    },
  };
}
