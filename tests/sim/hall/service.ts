/** The process of the service in virtual time: the real hall, chunks that come and go, crashes, restarts. */
import type { Chunk, ChunkEvents, ChunkTransport, Hall, JobStore } from '../../../src/contract/ports.js';
import { MmsError } from '../../../src/contract/problem.js';
import { createHall } from '../../../src/jobs/hall.js';
import { DEFAULT_LIMITS } from '../../../src/jobs/limits.js';
import { runToys } from '../../support/hand-transport.js';
import { runToy, toyKinds } from '../../support/toy-kind.js';
import { drawOf } from '../random.js';
import type { Timeline } from '../timeline.js';
import { Disk } from './disk.js';
import type { HallSchedule } from './schedule.js';

const EPOCH_MS = 1e9;

export class Service {
  hall: Hall | null = null;
  /** Chunks that ran to their end. */
  executions = 0;
  crashes = 0;
  readonly #schedule: HallSchedule;
  readonly #time: Timeline;
  readonly #fault: (text: string) => void;
  readonly #disk: Disk;
  /** What to do to each open connection when the process dies. */
  readonly #open = new Set<() => void>();
  #life = 0;
  #wallMs = EPOCH_MS;
  #draws = 0;
  #ids = 0;

  constructor(schedule: HallSchedule, time: Timeline, fault: (text: string) => void) {
    this.#schedule = schedule;
    this.#time = time;
    this.#fault = fault;
    this.#disk = new Disk(time, () => 1 + 40 * this.#draw());
  }

  get durable(): JobStore {
    return this.#disk.durable;
  }

  /** True while it owes an answer. */
  busy(): boolean {
    return this.#open.size > 0;
  }

  #draw(): number {
    return drawOf(this.#schedule.seed, 9, this.#draws++);
  }

  start(): void {
    const life = ++this.#life;
    const results = new Map<string, Uint8Array>();
    void createHall({
      kinds: toyKinds,
      store: this.#disk.open(),
      cache: {
        get: async (key) => results.get(key) ?? null,
        set: (key, bytes) => void results.set(key, bytes),
        degraded: () => null,
        close: async () => {},
      },
      transport: this.#transport(life),
      reader: { read: async () => Promise.reject(new Error('no files here')) },
      clock: {
        nowMs: () => Math.round(this.#wallMs + this.#time.nowMs),
        monotonicMs: () => this.#time.nowMs,
      },
      later: (delayMs, act) => {
        let waits = true;
        this.#time.at(delayMs, () => {
          if (waits && life === this.#life) act();
        });
        return () => void (waits = false);
      },
      meter: { count: () => {}, gauge: () => {}, observe: () => {} },
      newId: () => `01SIM${String(this.#ids++).padStart(18, '0')}ZZZ`,
      engineVersion: '1.0.0',
      limits: { ...DEFAULT_LIMITS, maxQueuedJobs: this.#schedule.maxQueuedJobs },
    }).then(
      (hall) => {
        if (life === this.#life) this.hall = hall;
      },
      (error: Error) => {
        if (life === this.#life) this.#fault(`the hall does not open: ${error.message}`);
      },
    );
  }

  /** Chunks run after a while; their process keeps nothing when it dies. */
  #transport(life: number): ChunkTransport {
    const cancelled = new Set<string>();
    let events: ChunkEvents;
    const after = (ms: number, { jobId }: Chunk, act: () => void): void =>
      this.#time.at(ms, () => {
        if (life === this.#life && !cancelled.has(jobId)) act();
      });
    const run = (chunk: Chunk): void => {
      const { jobId, chunk: number, pack } = chunk;
      const ms = 1 + 250 * this.#draw();
      after(ms / 2, chunk, () => events.started(jobId, number));
      if (pack && pack.seeds.length > 1 && this.#draw() < this.#schedule.packLost) {
        const { problem } = new MmsError('E_POISON', 'lost with what ran it');
        return after(ms, chunk, () => events.failed(jobId, number, problem, 3));
      }
      const done = (): void => {
        this.executions++;
        events.done(jobId, number, pack ? runToys(pack) : runToy(chunk), 1, 1_000);
      };
      after(ms, chunk, done);
      if (this.#draw() < this.#schedule.doubled) after(ms + 100 * this.#draw(), chunk, done);
    };
    return {
      connect: (to) => void (events = to),
      offer: (chunks) => chunks.forEach(run),
      cancel: (jobId) => void cancelled.add(jobId),
      capacity: () => 2,
      close: async () => {},
    };
  }

  /** kill -9, or the loss of power: the disk keeps a share of what it was about to write. */
  crash(downMs: number, kept: number): void {
    const life = ++this.#life;
    this.crashes++;
    this.hall = null;
    this.#disk.crash(Math.floor(kept * (this.#disk.waiting() + 1)));
    for (const broken of [...this.#open]) broken();
    this.#time.at(downMs, () => {
      if (life === this.#life) this.start();
    });
  }

  /** A sync fails; an operator starts the service anew some time after that. */
  breakDown(downMs: number): void {
    this.#disk.breakDown();
    this.#time.at(downMs, () => this.crash(100, 0));
  }

  leap(ms: number): void {
    this.#wallMs += ms;
  }

  /**
   * Puts a question to the process that serves now. One of the three is told of it: an answer, the failure
   * with which it was refused, or the end of the connection.
   */
  ask<T>(
    ask: (hall: Hall) => T | Promise<T>,
    told: { answer: (answer: T) => void; refused: (error: MmsError) => void; broken: () => void },
  ): void {
    const { hall } = this;
    if (!hall) return told.broken();
    let isOpen = true;
    const close = (): boolean => {
      const was = isOpen;
      isOpen = false;
      this.#open.delete(broken);
      return was;
    };
    const broken = (): void => {
      if (close()) told.broken();
    };
    this.#open.add(broken);
    void Promise.resolve()
      .then(() => ask(hall))
      .then(
        (answer) => {
          if (close()) told.answer(answer);
        },
        (error: Error) => {
          if (!close()) return;
          if (error instanceof MmsError) told.refused(error);
          else this.#fault(`the hall throws ${error.stack ?? error.message}`);
        },
      );
  }
}
