/**
 * A world in one thread and in virtual time for the real router step and the real node agents: a network
 * that loses, doubles, delays and reorders messages, nodes that die, pause and come back, chunks that
 * fail, crash their thread or kill their node. Everything follows from one seed, so a failing seed
 * replays.
 */
import type { Problem } from '../../src/contract/problem.js';
import { MmsError } from '../../src/contract/problem.js';
import type { AgentEffect, AgentEvent, AgentState } from '../../src/node/agent.js';
import { createAgent, stepAgent } from '../../src/node/agent.js';
import { createInputCache } from '../../src/node/inputs.js';
import type { PoolTask } from '../../src/node/pool.js';
import type { RouterEffect, RouterEvent, RouterState } from '../../src/router/state.js';
import { createState } from '../../src/router/state.js';
import { step } from '../../src/router/step.js';
import type { NodeMessage, RouterMessage } from '../../src/wire/messages.js';
import { chunksOf } from './fixture-chunks.js';

/** Uniform numbers in [0, 1) from one integer (Marsaglia's xorshift on 32 bits). */
export function seeded(seed: number): () => number {
  let x = (seed * 2654435761 + 0x9e3779b9) | 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** What a chunk does when it runs: 'crash' takes a neighbour on its thread along, 'kill' its whole node. */
export type Fate = 'ok' | 'error' | 'crash' | 'kill';

export interface World {
  readonly seed: number;
  /** Probabilities per message while faults last. */
  readonly drop: number;
  readonly double: number;
  /** Longest delay of a message in ms; above 1 it reorders. */
  readonly delayMs: number;
  /** Nodes that die without a cause of their own, and nodes that stand still for a while. */
  readonly deaths: number;
  readonly pauses: number;
  /** Jobs that are cancelled on the way. */
  readonly cancels: number;
  readonly fates: readonly Fate[];
  /** Every execution gives another result, as on a machine whose memory is broken. */
  readonly broken?: boolean;
}

interface SimNode {
  readonly peer: string;
  readonly agent: AgentState;
  readonly pausedEvents: (() => void)[];
  /** Task id -> whether it was told to stop. */
  readonly tasks: Map<string, boolean>;
  alive: boolean;
  paused: boolean;
}

export interface Outcome {
  /** `job/chunk` -> 'done' or a problem code, with the attempts. */
  readonly ends: Map<string, { end: string; attempts: number }>;
  readonly faults: string[];
  /** Virtual ms when the last open chunk ended. */
  readonly endMs: number;
  readonly executions: Map<string, number>;
  /** Second answers that differed from the accepted one, by `job/chunk`. */
  readonly mismatches: Map<string, number>;
}

const HEAL_MS = 6_000;
const LIMIT_MS = 60_000;
const CHUNKS = 12;
export const JOBS = ['a', 'b', 'c'];
const TABLES = [{ name: 't', rows: 1, columns: [Float64Array.of(1)] }];

export function simulate(world: World): Outcome {
  return new Simulation(world).run();
}

class Simulation {
  readonly #world: World;
  readonly #random: () => number;
  readonly #router: RouterState;
  readonly #nodes = new Map<string, SimNode>();
  readonly #queue: { atMs: number; order: number; act: () => void }[] = [];
  readonly #fates = new Map<string, Fate>();
  readonly #cancelled = new Set<string>();
  readonly #accepted = new Map<string, string | undefined>();
  readonly #outcome: Outcome & { endMs: number };
  #nowMs = 0;
  #order = 0;
  #born = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = seeded(world.seed);
    this.#router = createState('1.0.0', 1_000_000, 0);
    this.#outcome = { ends: new Map(), faults: [], endMs: 0, executions: new Map(), mismatches: new Map() };
  }

  run(): Outcome {
    for (let i = 0; i < 3; i++) this.#birth();
    this.#every(100, () => this.#tellRouter({ type: 'tick', nowMs: this.#nowMs }));
    JOBS.forEach((job) => this.#at(this.#random() * 1_000, () => this.#offer(job)));
    for (let i = 0; i < this.#world.deaths; i++) this.#at(this.#random() * HEAL_MS, () => this.#strike());
    for (let i = 0; i < this.#world.pauses; i++) this.#at(this.#random() * HEAL_MS, () => this.#pause());
    JOBS.slice(0, this.#world.cancels).forEach((job) => {
      this.#at(1_000 + this.#random() * 2_000, () => this.#cancel(job));
    });
    while (this.#queue.length > 0 && this.#nowMs < LIMIT_MS && !this.#finished()) {
      const next = this.#pop();
      this.#nowMs = next.atMs;
      next.act();
    }
    if (!this.#finished()) this.#outcome.faults.push('stuck: chunks are open long after all faults healed');
    for (const [key, hash] of this.#accepted) {
      if (this.#router.accepted.get(key) !== hash) this.#outcome.faults.push(`${key} was replaced`);
    }
    this.#outcome.endMs = this.#nowMs;
    return this.#outcome;
  }

  #finished(): boolean {
    return this.#nowMs > 3_500 && this.#router.open.size === 0;
  }

  /** Binary heap by time, then by order of scheduling. */
  #at(delayMs: number, act: () => void): void {
    const heap = this.#queue;
    heap.push({ atMs: this.#nowMs + delayMs, order: this.#order++, act });
    for (let i = heap.length - 1; i > 0;) {
      const up = (i - 1) >> 1;
      if (!before(heap[i]!, heap[up]!)) break;
      [heap[i], heap[up]] = [heap[up]!, heap[i]!];
      i = up;
    }
  }

  #pop(): { atMs: number; act: () => void } {
    const heap = this.#queue;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    heap[0] = last;
    for (let i = 0; ;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && before(heap[child]!, heap[least]!)) least = child;
      }
      if (least === i) return top;
      [heap[i], heap[least]] = [heap[least]!, heap[i]!];
      i = least;
    }
  }

  #every(ms: number, act: () => void): void {
    this.#at(ms, () => {
      act();
      this.#every(ms, act);
    });
  }

  #offer(job: string): void {
    const chunks = chunksOf(job, job === 'c' ? 'other' : 'echo', CHUNKS);
    const { fates } = this.#world;
    for (const { jobId, chunk } of chunks) {
      this.#fates.set(`${jobId}/${chunk}`, fates[Math.floor(this.#random() * fates.length)]!);
    }
    this.#tellRouter({ type: 'offer', chunks, nowMs: this.#nowMs });
  }

  #cancel(job: string): void {
    this.#cancelled.add(job);
    this.#tellRouter({ type: 'cancel', jobId: job, nowMs: this.#nowMs });
  }

  #birth(): void {
    const peer = `node-${this.#born++}`;
    const options = { version: '1.0.0', node: peer, host: 'sim', threads: 2, kinds: ['echo', 'other'] };
    const agent = createAgent({ ...options, inputs: createInputCache(1_000) }, this.#nowMs);
    const node: SimNode = { peer, agent, pausedEvents: [], tasks: new Map(), alive: true, paused: false };
    this.#nodes.set(peer, node);
    this.#every(100, () => this.#tellNode(node, { type: 'tick', progress: [], nowMs: this.#nowMs }));
  }

  #death(node: SimNode): void {
    if (!node.alive) return;
    node.alive = false;
    this.#nodes.delete(node.peer);
    this.#at(this.#random() * 2_000, () => this.#birth());
  }

  #strike(): void {
    const nodes = [...this.#nodes.values()];
    const victim = nodes[Math.floor(this.#random() * nodes.length)];
    if (victim) this.#death(victim);
  }

  #pause(): void {
    const nodes = [...this.#nodes.values()];
    const victim = nodes[Math.floor(this.#random() * nodes.length)];
    if (!victim || victim.paused) return;
    victim.paused = true;
    this.#at(this.#random() * 4_000, () => {
      victim.paused = false;
      for (const act of victim.pausedEvents.splice(0)) act();
    });
  }

  #tellRouter(event: RouterEvent): void {
    for (const effect of step(this.#router, event)) this.#carryOut(effect);
  }

  #carryOut(effect: RouterEffect): void {
    switch (effect.type) {
      case 'send': {
        const node = this.#nodes.get(effect.peer);
        if (node) this.#post(() => this.#tellNode(node, this.#message(effect.message)));
        else
          this.#at(1, () => this.#tellRouter({ type: 'unreachable', peer: effect.peer, nowMs: this.#nowMs }));
        return;
      }
      case 'done':
        return this.#end(effect.jobId, effect.chunk, 'done', effect.attempts);
      case 'failed':
        return this.#end(effect.jobId, effect.chunk, effect.problem.code, effect.attempts);
      case 'mismatch':
        return count(this.#outcome.mismatches, `${effect.jobId}/${effect.chunk}`);
      default:
        return;
    }
  }

  #message(message: RouterMessage): AgentEvent {
    return { type: 'message', message, nowMs: this.#nowMs };
  }

  #end(jobId: string, chunk: number, end: string, attempts: number): void {
    const key = `${jobId}/${chunk}`;
    if (this.#outcome.ends.has(key)) this.#outcome.faults.push(`${key} ended twice`);
    if (this.#cancelled.has(jobId)) this.#outcome.faults.push(`${key} ended after its job was cancelled`);
    this.#outcome.ends.set(key, { end: `${end} ${this.#fates.get(key)}`, attempts });
    if (end === 'done') this.#accepted.set(key, this.#router.accepted.get(key));
  }

  #tellNode(node: SimNode, event: AgentEvent): void {
    if (!node.alive) return;
    if (node.paused) {
      // A process that stood still has missed its ticks, but its messages wait in the socket.
      if (event.type !== 'tick')
        node.pausedEvents.push(() => this.#tellNode(node, { ...event, nowMs: this.#nowMs }));
      return;
    }
    for (const effect of stepAgent(node.agent, event)) this.#carryOutFor(node, effect);
  }

  #carryOutFor(node: SimNode, effect: AgentEffect): void {
    switch (effect.type) {
      case 'send':
        return this.#post(() => this.#fromNode(node.peer, effect.message));
      case 'run':
        return this.#execute(node, effect.task);
      case 'cancel':
        if (node.tasks.has(effect.id)) node.tasks.set(effect.id, true);
        return;
      default:
        return;
    }
  }

  #fromNode(peer: string, message: NodeMessage): void {
    this.#tellRouter({ type: 'message', peer, message, nowMs: this.#nowMs });
  }

  #execute(node: SimNode, task: PoolTask): void {
    const key = task.id.slice(task.id.indexOf(':') + 1, task.id.lastIndexOf('#'));
    const fate = this.#fates.get(key)!;
    count(this.#outcome.executions, key);
    const hash = this.#world.broken ? `${this.#order}` : 'hash';
    node.tasks.set(task.id, false);
    this.#at(5 + this.#random() * 400, () => {
      const stopped = node.tasks.get(task.id);
      // Its thread died before it came to its end.
      if (!node.tasks.delete(task.id)) return;
      if (fate === 'kill' && !stopped) {
        if (node.paused) return void node.pausedEvents.push(() => this.#death(node));
        return this.#death(node);
      }
      const answer = stopped
        ? ({ how: 'stopped' } as const)
        : fate === 'error'
          ? ({ how: 'error', problem: jobProblem } as const)
          : fate === 'crash'
            ? ({ how: 'crash', detail: 'sim' } as const)
            : ({ how: 'done', tables: TABLES, hash, computeNs: 1 } as const);
      if (answer.how === 'crash') this.#takeAlong(node);
      this.#tellNode(node, { type: 'answer', id: task.id, answer, nowMs: this.#nowMs });
    });
  }

  /** A thread dies with another chunk that was on it and may be innocent. */
  #takeAlong(node: SimNode): void {
    const neighbour = node.tasks.keys().next().value;
    if (neighbour === undefined || this.#random() < 0.5) return;
    const stopped = node.tasks.get(neighbour);
    node.tasks.delete(neighbour);
    const answer = stopped ? ({ how: 'stopped' } as const) : ({ how: 'crash', detail: 'sim' } as const);
    this.#tellNode(node, { type: 'answer', id: neighbour, answer, nowMs: this.#nowMs });
  }

  /** Sends a message through the network. */
  #post(deliver: () => void): void {
    const faulty = this.#nowMs < HEAL_MS;
    if (faulty && this.#random() < this.#world.drop) return;
    const delay = (): number => (faulty ? 0.5 + this.#random() * this.#world.delayMs : 1);
    this.#at(delay(), deliver);
    if (faulty && this.#random() < this.#world.double) this.#at(delay(), deliver);
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const jobProblem: Problem = new MmsError('E_JOB', 'the fixture fails').problem;

function before(a: { atMs: number; order: number }, b: { atMs: number; order: number }): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
