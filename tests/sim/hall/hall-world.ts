/**
 * One schedule of the real hall in virtual time: clients that submit under an idempotency key and ask again
 * when no answer came, a process that dies and comes back, a disk that syncs late, chunks that come and go.
 */
import type { JobState, JobView } from '../../../src/contract/job.js';
import type { Chunk, ChunkEvents, ChunkTransport, Hall } from '../../../src/contract/ports.js';
import { MmsError } from '../../../src/contract/problem.js';
import { createHall } from '../../../src/jobs/hall.js';
import { DEFAULT_LIMITS } from '../../../src/jobs/limits.js';
import { runToy, toyKinds } from '../../support/toy-kind.js';
import { drawOf } from '../random.js';
import { Timeline } from '../timeline.js';
import { Disk } from './disk.js';

const HEAL_MS = 3_000;
const LIMIT_MS = 40_000;
const ANSWER_MS = 400;
const POLL_MS = 120;
const DOWN_MS = 100;
const CLIENTS = 6;

interface SimClient {
  readonly number: number;
  readonly factor: number;
  readonly cancels: boolean;
  /** Seconds, for some. */
  readonly timeoutS: number | null;
  id: string | null;
  ended: JobView | null;
  cancelled: boolean;
}

const isEnd = (state: JobState): boolean => state !== 'queued' && state !== 'running';

export async function simulateHall(
  seed: number,
): Promise<{ faults: string[]; endMs: number; crashes: number }> {
  const world = new HallWorld(seed);
  return world.run();
}

class HallWorld {
  readonly time = new Timeline();
  readonly faults: string[] = [];
  readonly #seed: number;
  readonly #disk: Disk;
  readonly #digests = new Map<number, string>();
  readonly #clients: SimClient[];
  #hall: Hall | null = null;
  #life = 0;
  #draws = 0;
  #ids = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#disk = new Disk(this.time, () => 1 + 40 * this.#draw());
    this.#clients = Array.from({ length: CLIENTS }, (_, number) => ({
      number,
      factor: Math.floor(3 * this.#draw()),
      cancels: this.#draw() < 0.3,
      timeoutS: drawOf(seed, 10, number) < 0.3 ? 0.1 + 1.5 * drawOf(seed, 11, number) : null,
      id: null,
      ended: null,
      cancelled: false,
    }));
  }

  #draw(): number {
    return drawOf(this.#seed, 9, this.#draws++);
  }

  async run(): Promise<{ faults: string[]; endMs: number; crashes: number }> {
    this.#start();
    for (const client of this.#clients) this.time.at(600 * this.#draw(), () => this.#submit(client));
    const crashes = Math.floor(4 * this.#draw());
    for (let i = 0; i < crashes; i++) this.time.at(20 + 1_500 * this.#draw(), () => this.#crash());
    if (this.#draw() < 0.3) this.time.at(1_000 * this.#draw(), () => this.#breakDown());
    while (this.time.nowMs < LIMIT_MS && this.faults.length === 0) {
      if (this.time.nowMs > HEAL_MS && this.#clients.every(({ ended }) => ended !== null)) break;
      if (!this.time.next()) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await this.#check();
    return { faults: this.faults, endMs: this.time.nowMs, crashes };
  }

  #start(): void {
    const life = ++this.#life;
    const clock = { nowMs: () => 1e6 + this.time.nowMs, monotonicMs: () => this.time.nowMs };
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
      clock,
      later: (delayMs, act) => {
        let waits = true;
        this.time.at(delayMs, () => {
          if (waits && life === this.#life) act();
        });
        return () => void (waits = false);
      },
      meter: { count: () => {}, gauge: () => {}, observe: () => {} },
      newId: () => `01SIM${String(this.#ids++).padStart(18, '0')}ZZZ`,
      engineVersion: '1.0.0',
      limits: DEFAULT_LIMITS,
    }).then(
      (hall) => {
        if (life === this.#life) this.#hall = hall;
      },
      (error: Error) => {
        if (life === this.#life) this.faults.push(`the hall does not open: ${error.message}`);
      },
    );
  }

  /** Chunks run after a while; their process keeps nothing when it dies. */
  #transport(life: number): ChunkTransport {
    const cancelled = new Set<string>();
    let events: ChunkEvents;
    const told =
      ({ jobId }: Chunk, act: () => void) =>
      (): void => {
        if (life === this.#life && !cancelled.has(jobId)) act();
      };
    return {
      connect: (to) => void (events = to),
      offer: (chunks) => {
        for (const chunk of chunks) {
          const ms = 1 + 300 * this.#draw();
          this.time.at(
            ms / 2,
            told(chunk, () => events.started(chunk.jobId, chunk.chunk)),
          );
          this.time.at(
            ms,
            told(chunk, () => events.done(chunk.jobId, chunk.chunk, runToy(chunk), 1, 1_000)),
          );
        }
      },
      cancel: (jobId) => void cancelled.add(jobId),
      capacity: () => 2,
      close: async () => {},
    };
  }

  #crash(): void {
    this.#life++;
    this.#hall = null;
    this.#disk.crash();
    const life = this.#life;
    this.time.at(DOWN_MS, () => {
      if (life === this.#life) this.#start();
    });
  }

  /** An operator starts the service anew some time after its disk failed. */
  #breakDown(): void {
    this.#disk.breakDown();
    this.time.at(500, () => this.#crash());
  }

  /** Asks; `answered` hears nothing when the process died or the answer was lost. */
  #ask<T>(
    ask: (hall: Hall) => Promise<T> | T,
    answered: (answer: T) => void,
    refused: (e: Error) => void,
  ): void {
    const hall = this.#hall;
    const lost = this.time.nowMs < HEAL_MS && this.#draw() < 0.15;
    if (!hall) return;
    const heard =
      <A>(act: (answer: A) => void) =>
      (answer: A): void => {
        if (hall === this.#hall && !lost) act(answer);
      };
    void Promise.resolve(ask(hall)).then(heard(answered), heard(refused));
  }

  /** Repeats the same request under the same key until it is answered. */
  #submit(client: SimClient): void {
    const { number, factor, timeoutS } = client;
    const plain = { kind: 'toy', spec: { factor }, seed: 7, idempotencyKey: `key-${number}` };
    const request = timeoutS === null ? plain : { ...plain, timeoutS };
    this.#ask(
      (hall) => hall.submit(request),
      ({ job }) => {
        if (client.id !== null && client.id !== job.id)
          this.faults.push(`I3 the key of client ${number} named ${client.id}, now ${job.id}`);
        if (client.id !== null) return;
        client.id = job.id;
        this.#poll(client);
        if (client.cancels) this.time.at(300 * this.#draw(), () => this.#cancel(client));
      },
      () => {},
    );
    this.time.at(ANSWER_MS, () => {
      if (client.id === null) this.#submit(client);
    });
  }

  #cancel(client: SimClient): void {
    this.#ask(
      (hall) => hall.cancel(client.id!),
      (view) => {
        client.cancelled = true;
        this.#saw(client, view);
      },
      () => {},
    );
  }

  #poll(client: SimClient): void {
    this.#ask(
      (hall) => hall.status(client.id!),
      (view) => {
        if (view) this.#saw(client, view);
        else this.faults.push(`I1 ${client.id} was accepted and is unknown`);
      },
      (error) => {
        if (!(error instanceof MmsError)) this.faults.push(`status fails: ${error.message}`);
      },
    );
    if (this.time.nowMs < LIMIT_MS) this.time.at(POLL_MS, () => this.#poll(client));
  }

  /** What a client was shown: an end never changes, and the same question has the same result. */
  #saw(client: SimClient, view: JobView): void {
    const { ended, number, factor } = client;
    if (ended && (view.state !== ended.state || view.digest !== ended.digest))
      this.faults.push(`I2 client ${number} saw ${ended.state}, now ${view.state}`);
    if (client.cancelled && view.state !== 'cancelled')
      this.faults.push(`I2 client ${number} cancelled, and sees ${view.state}`);
    if (!isEnd(view.state)) return;
    client.ended = view;
    this.#checkDeadline(client, view);
    if (view.state === 'failed') this.faults.push(`I5 client ${number}: ${view.problem?.detail}`);
    if (view.state !== 'done') return;
    const known = this.#digests.get(factor) ?? view.digest!;
    this.#digests.set(factor, known);
    if (known !== view.digest) this.faults.push(`I3 client ${number} got another result`);
  }

  /** A job expires at its deadline and not before, and does nothing else after it. */
  #checkDeadline({ number, timeoutS }: SimClient, { state, createdMs, finishedMs }: JobView): void {
    const dueMs = timeoutS === null ? Infinity : createdMs + Math.round(1e3 * timeoutS);
    if (state === 'expired' ? finishedMs! < dueMs : finishedMs! > dueMs)
      this.faults.push(`I7 client ${number} saw ${state} at ${finishedMs}, its deadline was ${dueMs}`);
  }

  /** At the end the disk and the clients tell the same story. */
  async #check(): Promise<void> {
    const { durable } = this.#disk;
    const all = await durable.list({ limit: 1_000 });
    const keys = new Set<string | null>();
    for (const { record, end } of all) {
      if (keys.has(record.idempotencyKey)) this.faults.push(`I8 two jobs have ${record.idempotencyKey}`);
      keys.add(record.idempotencyKey);
      if (!end) this.faults.push(`I6 ${record.id} has no end on disk`);
    }
    for (const { number, id, ended } of this.#clients) {
      const stored = id === null ? null : await durable.load(id);
      if (!stored) this.faults.push(`I1 the job of client ${number} is not on disk`);
      else if (stored.state !== ended?.state)
        this.faults.push(`I8 client ${number} saw ${ended?.state}, the disk has ${stored.state}`);
    }
  }
}
