/** A node of the simulated world: the real agent, a clock that runs apart, and threads in virtual time. */
import type { Problem } from '../../src/contract/problem.js';
import { MmsError } from '../../src/contract/problem.js';
import type { AgentEffect, AgentEvent, AgentState } from '../../src/node/agent.js';
import type { PoolAnswer, PoolTask } from '../../src/node/pool.js';
import type { NodeMessage } from '../../src/wire/messages.js';
import type * as protocol from './protocol.js';
import type { Fate } from './schedule.js';
import type { Timeline } from './timeline.js';

export const THREADS = 2;
export const VERSION = '1.0.0';
/** A thread polls its cancel flag this often. */
const POLL_MS = 2;

export type Protocol = typeof protocol;
type WithoutClock<E> = E extends unknown ? Omit<E, 'nowMs'> : never;
export type AgentWord = WithoutClock<AgentEvent>;

export interface Work {
  readonly key: string;
  readonly fate: Fate;
  readonly lastMs: number;
  readonly answer: PoolAnswer;
}

/** What a node needs of the world round it. */
export interface Surroundings {
  readonly time: Timeline;
  readonly protocol: Protocol;
  send(node: SimNode, message: NodeMessage): void;
  /** A thread begins: what will come of it. */
  begin(node: SimNode, task: PoolTask): Work;
  /** A chunk ends its thread or its node. */
  crashed(key: string): void;
  /** Takes a number in [0, 1) for whether a dying thread takes its neighbour along. */
  draw(): number;
  gone(node: SimNode, how: 'killed' | 'closed' | 'refused'): void;
}

interface Run {
  readonly task: PoolTask;
  readonly work: Work;
}

export class SimNode {
  readonly agent: AgentState;
  readonly running = new Map<string, Run>();
  readonly told = new Set<string>();
  /** Every task that this process ever began. */
  readonly #given = new Set<string>();
  readonly #waiting: PoolTask[] = [];
  readonly #world: Surroundings;
  readonly peer: string;
  readonly number: number;
  readonly version: string;
  #clockMs: number;
  #missed: (() => void)[] = [];
  alive = true;
  paused = false;
  /** Cables that are cut now; a count, because cuts overlap. */
  cutTo = 0;
  cutFrom = 0;
  messagesTo = 0;
  messagesFrom = 0;

  constructor(number: number, version: string, clockMs: number, world: Surroundings) {
    this.number = number;
    this.peer = `node-${number}`;
    this.version = version;
    this.#clockMs = clockMs;
    this.#world = world;
    const { createAgent, createInputCache } = world.protocol;
    const who = { version, node: this.peer, host: 'sim', threads: THREADS, kinds: ['echo', 'other'] };
    this.agent = createAgent({ ...who, inputs: createInputCache(100_000) }, this.#nowMs());
    world.time.every(100, () => {
      if (!this.paused) this.tell({ type: 'tick', progress: [] });
      return this.alive;
    });
  }

  #nowMs(): number {
    return this.#world.time.nowMs + this.#clockMs;
  }

  jump(ms: number): void {
    this.#clockMs += ms;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    const missed = this.#missed;
    this.#missed = [];
    for (const act of missed) act();
  }

  /** What happens in its process now, or when it goes on again. */
  #soon(act: () => void): void {
    if (!this.alive) return;
    if (this.paused) this.#missed.push(act);
    else act();
  }

  tell(word: AgentWord): void {
    this.#soon(() => {
      const event = { ...word, nowMs: this.#nowMs() } as AgentEvent;
      for (const effect of this.#world.protocol.stepAgent(this.agent, event)) this.#carryOut(effect);
    });
  }

  #carryOut(effect: AgentEffect): void {
    switch (effect.type) {
      case 'send':
        return this.#world.send(this, effect.message);
      case 'run':
        if (this.#given.has(effect.task.id)) throw new Error(`${effect.task.id} runs twice on ${this.peer}`);
        this.#given.add(effect.task.id);
        this.#waiting.push(effect.task);
        return this.#startNext();
      case 'cancel':
        if (!this.#takeBack(effect.id)) this.#stop(effect.id);
        return;
      case 'withdraw':
        return void this.#takeBack(effect.id);
      case 'closed':
        return this.#world.gone(this, effect.reason === null ? 'closed' : 'refused');
      default:
        return;
    }
  }

  /** Answers 'stopped' for a task that waits for a thread. */
  #takeBack(id: string): boolean {
    const at = this.#waiting.findIndex((task) => task.id === id);
    if (at < 0) return false;
    this.#waiting.splice(at, 1);
    this.#world.time.at(0, () => this.tell({ type: 'answer', id, answer: { how: 'stopped' } }));
    return true;
  }

  #stop(id: string): void {
    if (!this.running.has(id)) return;
    this.told.add(id);
    this.#world.time.at(POLL_MS, () => this.#soon(() => this.#end(id, { how: 'stopped' })));
  }

  #startNext(): void {
    while (this.running.size < THREADS && this.#waiting.length > 0) {
      const task = this.#waiting.shift()!;
      const work = this.#world.begin(this, task);
      this.running.set(task.id, { task, work });
      this.#world.time.at(work.lastMs, () => this.#soon(() => this.#finish(task.id)));
    }
  }

  #finish(id: string): void {
    const run = this.running.get(id);
    if (!run) return;
    const { fate, key } = run.work;
    if (fate === 'kill' || fate === 'crash') this.#world.crashed(key);
    if (fate === 'kill') return this.#world.gone(this, 'killed');
    if (fate === 'crash') this.#takeAlong(id);
    this.#end(id, run.work.answer);
  }

  /** A thread dies with another chunk that was on it and may be innocent. */
  #takeAlong(id: string): void {
    const other = [...this.running.keys()].find((key) => key !== id);
    if (other !== undefined && this.#world.draw() < 0.5) this.#end(other, CRASH);
  }

  #end(id: string, answer: PoolAnswer): void {
    if (!this.alive || !this.running.delete(id)) return;
    const stopped = this.told.delete(id);
    this.tell({ type: 'answer', id, answer: stopped ? { how: 'stopped' } : answer });
    this.#startNext();
  }

  /** Chunks in its threads that it computes for nobody, and was not told to stop. */
  get strays(): string[] {
    const owed = new Set([...this.agent.held.values()].map(({ taskId }) => taskId));
    return [...this.running]
      .filter(([id]) => !owed.has(id) && !this.told.has(id))
      .map(([, { work }]) => work.key);
  }

  /** Tasks that wait for a thread or have one. */
  get tasks(): number {
    return this.running.size + this.#waiting.length;
  }
}

export const CRASH: PoolAnswer = { how: 'crash', detail: 'sim' };
export const JOB_PROBLEM: Problem = new MmsError('E_JOB', 'the simulated kind fails').problem;
