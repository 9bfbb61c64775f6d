/**
 * A POST /batches under fuzzing: guard, submission and the hall's own admission, which takes all jobs or none
 * and gives each the key that it has when it comes alone.
 */
import { parseJsonStrictly } from '../../src/api/json-guard.js';
import { toBatchRequest } from '../../src/api/submission.js';
import type { BatchView } from '../../src/contract/batch.js';
import type { Hall, JobStore, SubmitRequest } from '../../src/contract/ports.js';
import { closedReader } from '../../src/data/input-reader.js';
import { createMarkets } from '../../src/data/markets.js';
import { createHall } from '../../src/jobs/hall.js';
import { DEFAULT_LIMITS } from '../../src/jobs/limits.js';
import { prepare, readQuestion } from '../../src/jobs/question.js';
import { createSpecDesk } from '../../src/jobs/spec-desk.js';
import { createRegistry } from '../../src/kinds/registry.js';
import { createCache } from '../../src/store/cache.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { compileAll, drawBody, drawJob, MAX_BODY_BYTES } from './bodies.js';
import { Broken, refusesWith, type Decoder } from './decoder.js';
import type { Random } from './random.js';
import { textOf } from './trees.js';

const registry = createRegistry();
const kinds = await Promise.all(registry.names().map((name) => registry.get(name)));
compileAll(kinds);
const markets = createMarkets();
const desk = createSpecDesk(DEFAULT_LIMITS);
const engineVersion = '1.0.0';
const meter = { count: () => {}, gauge: () => {}, observe: () => {} };

interface Service {
  readonly hall: Hall;
  readonly store: JobStore;
  /** That it took; no node is there, so all of them wait. */
  jobs: number;
}

/** Then another hall is opened: a store in memory keeps everything. */
const JOBS_PER_HALL = 300;
let service: Service | null = null;
let ids = 0;

async function openService(): Promise<Service> {
  const store = createMemoryStore();
  const hall = await createHall({
    kinds: registry,
    store,
    cache: createCache({ maxBytes: 0, redisUrl: null, meter }),
    transport: {
      connect: () => {},
      offer: () => {},
      cancel: () => {},
      capacity: () => 1,
      close: async () => {},
    },
    reader: closedReader,
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
    meter,
    newId: () => `01FZZ${String(ids++).padStart(18, '0')}ZZZ`,
    engineVersion,
    limits: DEFAULT_LIMITS,
  });
  return { hall, store, jobs: 0 };
}

/** Few jobs most of the time, the same one a thousand times now and then. */
function drawJobs(random: Random): unknown[] {
  const jobs = Array.from({ length: random.few(6) }, () => drawJob(random, kinds));
  if (random.chance(0.01)) {
    const times = random.pick([2, 100, 999, 1_000, 1_001]);
    const most = Math.ceil(MAX_BODY_BYTES / textOf(jobs[0]).length);
    return Array<unknown>(Math.min(times, most)).fill(jobs[0]);
  }
  return jobs;
}

/** The refusal is the same for every job of its sort, so the first few and the last one are looked at. */
const LOOKED_AT = 4;

async function compareWithAlone(
  { jobs }: { jobs: readonly SubmitRequest[] },
  view: BatchView,
  store: JobStore,
): Promise<void> {
  const stored = await store.loadBatch(view.id);
  if (!stored) throw new Broken(`batch ${view.id} is not in the store`);
  const { keys, groups, groupOf, seeds } = stored.record;
  for (let at = 0; at < jobs.length; at += at < LOOKED_AT ? 1 : jobs.length) {
    const job = at < LOOKED_AT ? at : jobs.length - 1;
    const asked = jobs[job]!;
    const question = readQuestion(await registry.get(asked.kind), asked, desk);
    const parts = { reader: closedReader, engineVersion, id: view.id, nowMs: 0 };
    const { record } = await prepare(question, parts);
    const group = groups[groupOf[job]!];
    const isSame =
      record.key === keys[job] &&
      record.seed === seeds[job] &&
      record.kind === group?.kind &&
      record.priority === group.priority &&
      record.units === group.units;
    if (!isSame) throw new Broken(`job ${job} is not what it is alone`);
  }
}

export const BATCH_BODIES: Decoder = {
  name: 'batches',
  about: 'POST /batches: JSON guard, both forms, all jobs or none, each with the key that it has alone',
  inputs: 500_000,
  draw: (random) =>
    drawBody(
      random,
      kinds,
      () => ({ jobs: drawJobs(random) }),
      (job) => `{"jobs":[${job}]}`,
    ),
  async decode(bytes) {
    if (bytes.length > MAX_BODY_BYTES) return null;
    if (service === null || service.jobs > JOBS_PER_HALL) service = await openService();
    const { hall, store } = service;
    const headers = { 'idempotency-key': `k${service.jobs}` };
    const request = toBatchRequest(parseJsonStrictly(bytes), headers, markets);
    try {
      const view = await hall.submitBatch(request);
      service.jobs += view.jobs;
      if (view.jobs !== request.jobs.length || view.states.length !== view.jobs)
        throw new Broken(`${request.jobs.length} jobs were sent, ${view.jobs} came in`);
      await compareWithAlone(request, view, store);
      return view;
    } finally {
      const { queued, running } = hall.stats();
      const stayed = queued + running - service.jobs;
      if (stayed !== 0) {
        service = null;
        throw new Broken(`${stayed} jobs of a refused batch stayed`);
      }
    }
  },
  isRefusal: refusesWith('E_BODY', 'E_SPEC', 'E_KIND', 'E_COST', 'E_DATA', 'E_CODE'),
};
