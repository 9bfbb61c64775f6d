/** A client in virtual time: it submits until it is answered, follows what it was promised, may cancel. */
import type { BatchView } from '../../../src/contract/batch.js';
import { memberId } from '../../../src/contract/batch.js';
import type { JobView } from '../../../src/contract/job.js';
import type { Hall } from '../../../src/contract/ports.js';
import type { MmsError } from '../../../src/contract/problem.js';
import { settle } from '../../../src/wire/settle.js';
import { runToy, toyKind } from '../../support/toy-kind.js';
import type { Chunk } from '../../../src/contract/ports.js';
import { call, type World } from './call.js';
import type { Plan, Spec } from './schedule.js';

const POLL_MS = 150;
/** A person who gave up runs the command again, under the key that it told. */
const AGAIN_MS = 800;
/** An end is looked at once more after this time. */
const LOOK_AGAIN_MS = 700;
const UNITS = 4;
const SEED = 7;

const isOver = ({ state }: JobView): boolean => state !== 'queued' && state !== 'running';
const digests = new Map<string, string>();

/** The digest of the result that the kind gives for a question, computed in one piece. */
function digestOf(spec: Spec): string {
  const name = JSON.stringify(spec);
  const known = digests.get(name);
  if (known !== undefined) return known;
  const whole = { ...spec, units: UNITS };
  const tables = runToy({ spec: whole, seed: SEED, from: 0, to: UNITS } as unknown as Chunk);
  const { digest } = settle(toyKind, whole, [tables], {});
  digests.set(name, digest);
  return digest;
}

export class Client {
  readonly plan: Plan;
  /** Of the job or the batch, once it was accepted. */
  id: string | null = null;
  /** How each job ended, by its id. */
  readonly ended = new Map<string, JobView>();
  over = false;
  /** POSTs that may have made a job without a key. */
  keyless = 0;
  readonly #world: World;
  #calls = 0;
  #cancelled = false;

  constructor(plan: Plan, world: World) {
    this.plan = plan;
    this.#world = world;
  }

  get key(): string | null {
    return this.plan.sort === 'stranger' ? null : `key-${this.plan.number}`;
  }

  start(): void {
    this.#world.time.at(this.plan.startMs, () => this.#submit());
  }

  #call<T>(
    what: string,
    ask: (hall: Hall, key: string | null) => T | Promise<T>,
    answered: (answer: T) => void,
    failed: (error: MmsError | null) => void,
  ): void {
    const { sort, number, patienceMs } = this.plan;
    const isPost = what === 'submit';
    call(this.#world, {
      who: `${what} of ${sort} ${number}`,
      number: 1_000 * number + this.#calls++,
      key: isPost ? this.key : null,
      // Nobody repeats a POST that could make a second job.
      patienceMs: isPost && this.key === null ? 0 : patienceMs,
      ...{ ask, answered, failed },
    });
  }

  #fault(text: string): void {
    this.#world.broken(`${text} (${this.plan.sort} ${this.plan.number})`);
  }

  #requestOf(spec: Spec): { kind: string; spec: unknown; seed: number; timeoutS?: number } {
    const { timeoutS, sort } = this.plan;
    const whole = sort === 'wrong' ? { ...spec, units: 'four' } : { ...spec, units: UNITS };
    const request = { kind: 'toy', spec: whole, seed: SEED };
    return timeoutS === null ? request : { ...request, timeoutS };
  }

  #submit(): void {
    const { specs, sort } = this.plan;
    const jobs = specs.map((spec) => this.#requestOf(spec));
    const ask = async (hall: Hall, key: string | null): Promise<string> => {
      if (key === null) this.keyless++;
      const named = key === null ? {} : { idempotencyKey: key };
      if (sort === 'batch') return (await hall.submitBatch({ jobs, client: 'x', ...named })).id;
      return (await hall.submit({ ...jobs[0]!, client: 'x', ...named })).job.id;
    };
    this.#call(
      'submit',
      ask,
      (id) => this.#accepted(id),
      (error) => this.#refused(error),
    );
  }

  #refused(error: MmsError | null): void {
    const { sort } = this.plan;
    if (error && !error.problem.retryable) {
      if (sort !== 'wrong') this.#fault(`I5 refused: ${error.message}`);
      this.over = true;
    } else if (this.key === null) this.over = true;
    else this.#world.time.at(AGAIN_MS, () => this.#submit());
  }

  #accepted(id: string): void {
    const { cancelAfterMs, sort } = this.plan;
    if (sort === 'wrong') this.#fault('I5 accepted what is no job');
    this.id = id;
    this.#poll();
    if (cancelAfterMs !== null) this.#world.time.at(cancelAfterMs, () => this.#cancel());
  }

  #cancel(): void {
    const id = this.id!;
    const failed = (error: MmsError | null): void => {
      if (error?.problem.code === 'E_NOT_FOUND') this.#fault(`I1 ${id} was accepted and is unknown`);
    };
    if (this.plan.sort === 'batch') {
      const stopped = ({ counts }: BatchView): void => {
        if (counts.queued + counts.running > 0) this.#fault('I2 cancelled, and some jobs go on');
      };
      return this.#call('cancel', (hall) => hall.cancelBatch(id), stopped, failed);
    }
    const stopped = (view: JobView): void => {
      this.#cancelled = true;
      this.#saw(view);
    };
    this.#call('cancel', (hall) => hall.cancel(id), stopped, failed);
  }

  #later(ms: number): void {
    this.#world.time.at(ms, () => this.#poll());
  }

  #poll(): void {
    if (this.over) return;
    const id = this.id!;
    const failed = (): void => this.#later(POLL_MS);
    const unknown = (): void => this.#fault(`I1 ${id} was accepted and is unknown`);
    if (this.plan.sort !== 'batch') {
      const seen = (view: JobView | null): void => (view ? this.#follow([view]) : unknown());
      return this.#call('status', (hall) => hall.status(id), seen, failed);
    }
    const ids = this.plan.specs.map((_, job) => memberId(id, job));
    const all = async (hall: Hall): Promise<[BatchView | null, (JobView | null)[]]> => [
      await hall.batch(id),
      await Promise.all(ids.map(async (member) => hall.status(member))),
    ];
    const seen = ([batch, views]: [BatchView | null, (JobView | null)[]]): void => {
      const known = views.filter((view) => view !== null);
      if (batch && known.length === ids.length) this.#follow(known);
      else unknown();
    };
    this.#call('status', all, seen, failed);
  }

  /** Until everything has ended, and then once more. */
  #follow(views: readonly JobView[]): void {
    const wasOver = this.ended.size === views.length;
    views.forEach((view) => this.#saw(view));
    if (this.ended.size < views.length) return this.#later(POLL_MS);
    if (!wasOver) return this.#later(LOOK_AGAIN_MS);
    this.#takeResult(views.find(({ state }) => state === 'done'));
  }

  #takeResult(done: JobView | undefined): void {
    this.over = done === undefined;
    if (!done) return;
    const taken = ({ digest }: { digest: string }): void => {
      if (digest !== done.digest) this.#fault(`I3 the result of ${done.id} is another one`);
      this.over = true;
    };
    const failed = (error: MmsError | null): void => {
      if (error && !error.problem.retryable) this.#fault(`I3 no result of ${done.id}: ${error.message}`);
      this.#later(POLL_MS);
    };
    this.#call('result', (hall) => hall.result(done.id), taken, failed);
  }

  /** What a client was shown: an end never changes, and a result is what the kind gives. */
  #saw(view: JobView): void {
    const ended = this.ended.get(view.id);
    const { createdMs, startedMs, finishedMs } = view;
    if (ended && (view.state !== ended.state || view.digest !== ended.digest))
      this.#fault(`I2 saw ${ended.state}, now ${view.state}`);
    if (this.#cancelled && view.state !== 'cancelled') this.#fault(`I2 cancelled, and sees ${view.state}`);
    if ((startedMs ?? createdMs) < createdMs || (finishedMs ?? Infinity) < (startedMs ?? createdMs))
      this.#fault(`I3 ${view.id} ended at ${finishedMs}, started at ${startedMs}, came at ${createdMs}`);
    if (!isOver(view)) return;
    this.ended.set(view.id, view);
    this.#checkDeadline(view);
    if (view.state === 'failed') this.#fault(`I5 ${view.id} failed: ${view.problem?.detail}`);
    if (view.state !== 'done') return;
    const { factor, stepsPerUnit } = view.spec as Spec;
    if (view.digest !== digestOf({ factor, stepsPerUnit })) this.#fault(`I3 ${view.id} has a wrong result`);
  }

  /** A job expires at its deadline and not before, and does nothing else after it. */
  #checkDeadline({ id, state, deadlineMs, finishedMs }: JobView): void {
    const dueMs = deadlineMs ?? Infinity;
    if (this.#world.schedule.strikes.some(({ what }) => what === 'leap')) return;
    if (state === 'expired' ? finishedMs! < dueMs : finishedMs! > dueMs)
      this.#fault(`I6 ${id} is ${state} at ${finishedMs}, its deadline was ${dueMs}`);
  }
}
