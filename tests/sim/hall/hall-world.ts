/**
 * One schedule of the real hall and of the real retry of clients in virtual time: clients that submit under a
 * key and ask again when no answer came, strangers without one, batches; a process that dies and comes back,
 * a disk that syncs late, fails or loses its tail, clocks that leap, a network that loses and holds back.
 */
import { Faults } from '../faults.js';
import { Timeline } from '../timeline.js';
import type { World } from './call.js';
import { Client } from './client.js';
import { hallScheduleOf, type HallSchedule, type Strike } from './schedule.js';
import { Service } from './service.js';

/** By then everything is over: a try, what a proxy holds and all patience take less. */
const LIMIT_MS = 150_000;
/** More than the hall takes from a request to its first write. */
const IDLE_TURNS = 10;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface HallOutcome {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly endMs: number;
  readonly crashes: number;
  readonly executions: number;
}

export function simulateHall(seed: number, faults = new Faults()): Promise<HallOutcome> {
  return new HallWorld(hallScheduleOf(seed), faults).run();
}

class HallWorld implements World {
  readonly time = new Timeline();
  readonly schedule: HallSchedule;
  readonly service: Service;
  readonly faults: Faults;
  readonly broken = (text: string): void => void this.#broken.push(text);
  underway = 0;
  readonly #broken: string[] = [];
  readonly #clients: Client[];

  constructor(schedule: HallSchedule, faults: Faults) {
    this.schedule = schedule;
    this.faults = faults;
    this.service = new Service(schedule, this.time, this.broken);
    this.#clients = schedule.plans.map((plan) => new Client(plan, this));
  }

  async run(): Promise<HallOutcome> {
    const { time, service, schedule } = this;
    service.start();
    for (const client of this.#clients) client.start();
    schedule.strikes.forEach((strike, i) => time.at(strike.atMs, () => this.#strike(strike, i)));
    while (time.nowMs < LIMIT_MS && this.#broken.length === 0 && !(await this.#isAtRest())) {
      const isIdle = !time.next();
      // The hall goes on by promises and turns of the event loop; nothing of it waits for real time.
      await turn();
      if (isIdle && !(await this.#wakes())) break;
    }
    if (this.#broken.length === 0) await this.#check();
    const { crashes, executions } = service;
    return { seed: schedule.seed, faults: this.#broken, endMs: time.nowMs, crashes, executions };
  }

  /** False when nothing is planned and the hall, given some turns, plans nothing either. */
  async #wakes(): Promise<boolean> {
    for (let i = 0; i < IDLE_TURNS; i++) {
      if (this.time.next()) return true;
      await turn();
    }
    return false;
  }

  #strike({ what, downMs, leapMs, kept }: Strike, i: number): void {
    const atMs = Math.round(this.time.nowMs);
    const texts = {
      crash: `the service dies for ${Math.round(downMs)} ms, ${Math.round(100 * kept)} % of what is written stays`,
      break: `a sync of the disk fails, a restart follows after ${Math.round(downMs)} ms`,
      leap: `the wall clock leaps by ${Math.round(leapMs)} ms`,
    };
    if (!this.faults.happens(i, () => `${atMs} ms: ${texts[what]}`)) return;
    if (what === 'crash') this.service.crash(downMs, kept);
    else if (what === 'break') this.service.breakDown(downMs);
    else this.service.leap(leapMs);
  }

  async #isAtRest(): Promise<boolean> {
    const { hall } = this.service;
    if (this.underway > 0 || this.service.busy() || !hall || !this.#clients.every(({ over }) => over))
      return false;
    // The disk may have an end of which the hall has not heard.
    const { queued, running } = hall.stats();
    if (queued + running > 0) return false;
    return (await this.service.durable.unfinished()).length === 0;
  }

  /** At the end the disk, the hall and the clients tell the same story. */
  async #check(): Promise<void> {
    const { broken } = this;
    const { durable, hall } = this.service;
    for (const { over, plan } of this.#clients)
      if (!over) broken(`I6 ${plan.sort} ${plan.number} still waits after ${LIMIT_MS} ms`);
    const all = await durable.list({ limit: 1_000 });
    const named = new Set<string>();
    const known = new Set(this.#clients.map(({ key }) => key));
    const batches = new Map<string, string | null>();
    let keyless = 0;
    for (const { record, end, batchId } of all) {
      const { id, idempotencyKey } = record;
      if (!end) broken(`I6 ${id} has no end on disk`);
      const batch = batchId === undefined ? null : await durable.loadBatch(batchId);
      if (batch && !batch.record.gathered) {
        batches.set(batch.record.id, batch.record.idempotencyKey);
        if (!known.has(batch.record.idempotencyKey)) broken(`I8 the key of batch ${id} is nobody's`);
        continue;
      }
      if (idempotencyKey === null) keyless++;
      else if (!known.has(idempotencyKey)) broken(`I8 ${idempotencyKey} is nobody's key`);
      else if (named.has(idempotencyKey)) broken(`I8 two jobs have ${idempotencyKey}`);
      else named.add(idempotencyKey);
    }
    const strangers = this.#clients.filter(({ key }) => key === null);
    const posts = strangers.reduce((sum, client) => sum + client.keyless, 0);
    if (keyless > posts) broken(`I8 ${keyless} jobs have no key, and strangers sent ${posts}`);
    if (new Set(batches.values()).size < batches.size) broken('I8 one key made two batches');
    for (const { id, ended } of this.#clients) {
      if (id !== null && ended.size === 0) broken(`I1 ${id} was accepted and never ended`);
      for (const [job, { state }] of ended) {
        const stored = await durable.load(job);
        if (!stored) broken(`I1 ${job} is not on disk`);
        else if (stored.state !== state) broken(`I8 a client saw ${state}, the disk has ${stored.state}`);
      }
    }
    const { queued, running } = hall?.stats() ?? { queued: 0, running: 0 };
    if (queued !== 0 || running !== 0) broken(`I7 at rest ${queued} jobs are queued and ${running} run`);
  }
}
