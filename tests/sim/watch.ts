/**
 * The invariants, watched from outside: what was offered, what ended, what ran where. I1 nothing lost, I2
 * one end per chunk and none after a cancel, I3 the right result and every different second one noticed,
 * I4 no wasted runs, I5 no failure that the chunk did not earn, I6 nothing stuck, I7 nothing left behind,
 * I8 every offered chunk is in exactly one place. Priority, turns and credits are watched as well.
 */
import type { Chunk } from '../../src/contract/ports.js';
import type { PoolTask } from '../../src/node/pool.js';
import type { Node } from '../../src/router/roster.js';
import type { RouterEffect, RouterEvent, RouterState } from '../../src/router/state.js';
import type { ChunkRef, KeptRange, WorkItem } from '../../src/wire/messages.js';
import { readSpec } from '../../src/wire/shared-spec.js';
import { FairWatch } from './fair.js';
import { RestWatch } from './rests.js';
import type { Fate, Schedule, SimJob } from './schedule.js';
import type { Protocol, SimNode } from './sim-node.js';
import { THREADS, VERSION } from './sim-node.js';

/** More runs of one chunk than this are a loop: MAX_LOSSES, and what hands work back without a loss. */
const MAX_RUNS = 26;
/** A chunk that fell so often has its node for itself. */
const SUSPECT_FALLS = 2;
/** After the last fault the sides may need this long to know each other again. */
const SETTLE_MS = 4_000;

type Done = Extract<Extract<RouterEvent, { type: 'message' }>['message'], { type: 'done' }>;

/** A spec names its job, so that it is seen when a chunk gets another one. */
export interface SimSpec {
  readonly of: string;
  readonly pad: Uint8Array;
}

/** What was known before a step. */
interface Told {
  readonly event: RouterEvent;
  /** The step must call this answer different. */
  readonly differs: boolean;
  /** The node that sent the event as the router knew it, where the event must leave it as it is. */
  readonly kept: Kept | null;
  /** What each node said that it goes on with: that node may be given it out of turn. */
  readonly begun: ReadonlySet<string>;
}

interface Kept {
  readonly node: Node;
  readonly why: string;
  /** What it was heard to say; null where that may change. */
  readonly heard: string | null;
}

export class Watch {
  readonly faults: string[] = [];
  executions = 0;
  readonly #schedule: Schedule;
  readonly #creditsPerNode: number;
  readonly #fateOf: (jobId: string, chunk: number) => Fate;
  readonly #offered = new Map<string, Chunk>();
  readonly #ended = new Map<string, string>();
  readonly #cancelled = new Set<string>();
  readonly #runs = new Map<string, number>();
  readonly #crashes = new Map<string, number>();
  /** Hashes that this router accepted. */
  #accepted = new Map<string, string>();
  readonly #fair: FairWatch;
  readonly #rests: RestWatch;
  /** How often each job saw another of its client and priority go first. */
  readonly #passed = new Map<string, number>();

  constructor(schedule: Schedule, protocol: Protocol, fateOf: (jobId: string, chunk: number) => Fate) {
    this.#schedule = schedule;
    this.#creditsPerNode = THREADS * protocol.CREDITS_PER_THREAD;
    this.#fateOf = fateOf;
    this.#fair = new FairWatch((text) => this.fault(text));
    this.#rests = new RestWatch((text) => this.fault(text));
  }

  fault(text: string): void {
    this.faults.push(text);
  }

  offered(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) this.#offered.set(`${chunk.jobId}/${chunk.chunk}`, chunk);
  }

  cancelled(jobId: string): void {
    this.#cancelled.add(jobId);
  }

  owes({ jobId, chunk }: Chunk): boolean {
    return !this.#cancelled.has(jobId) && !this.#ended.has(`${jobId}/${chunk}`);
  }

  /** The router's process died, and the disk lost the last ends that it was told. */
  restarted(lost: number): void {
    this.#accepted = new Map();
    this.#passed.clear();
    this.#fair.restarted();
    this.#rests.restarted();
    for (const key of [...this.#ended.keys()].slice(this.#ended.size - lost)) this.#ended.delete(key);
  }

  /** 10 ms after a cancel in a sound network no thread works for that job. */
  stopped(jobId: string, nodes: Iterable<SimNode>): void {
    for (const node of nodes) {
      const run = [...node.running.values()].find(({ work }) => work.key.startsWith(`${jobId}/`));
      if (run) this.fault(`I2 ${run.work.key} still runs on ${node.peer} after its job was cancelled`);
    }
  }

  /** A thread starts; returns how often this chunk ran before. */
  began(
    node: SimNode,
    key: string,
    task: PoolTask,
    job: SimJob,
    nowMs: number,
    nodes: Iterable<SimNode>,
  ): number {
    const n = this.#runs.get(key) ?? 0;
    this.#runs.set(key, n + 1);
    this.executions++;
    if (node.version !== VERSION) this.fault(`${node.peer} of version ${node.version} runs ${key}`);
    if (n >= MAX_RUNS) this.fault(`I4 ${key} runs for the ${n + 1}th time`);
    if (job.input !== 'none' && !Object.hasOwn(task.inputs, 'table'))
      this.fault(`I3 ${key} runs without its input`);
    const { sharedSpec, pack } = task;
    const spec = (sharedSpec ? readSpec(sharedSpec.tables) : (pack?.specs[0] ?? task.spec)) as SimSpec | null;
    if (spec?.of !== job.id) this.fault(`I3 ${key} runs with the spec of ${spec?.of}`);
    const { flavour, healMs } = this.#schedule;
    if (n > 0 && (flavour === 'calm' || flavour === 'upgrade'))
      this.fault(`I4 ${key} runs again although nothing was lost`);
    if (n === 0 || nowMs < healMs + SETTLE_MS) return n;
    for (const other of nodes) {
      const { strays } = other;
      for (const [id, { work }] of other.running) {
        if (work.key === key && !other.told.has(id) && !strays.includes(key))
          this.fault(`I4 ${key} starts on ${node.peer} while it runs on ${other.peer}`);
      }
    }
    return n;
  }

  /** A chunk ended its thread or its node. */
  crashed(key: string): void {
    this.#crashes.set(key, (this.#crashes.get(key) ?? 0) + 1);
  }

  /** A node wants to join: what still runs there could bring down what it gets now, so it must say so. */
  joining({ peer, tasks }: SimNode, told: number): void {
    if (tasks > told) this.fault(`I5 ${peer} joins anew with ${tasks} old tasks and tells of ${told}`);
  }

  before(router: RouterState, event: RouterEvent): Told {
    const differs =
      event.type === 'message' && event.message.type === 'done' && this.#differs(router, event.message);
    const begun = new Set<string>();
    for (const { peer, kept } of router.nodes.values())
      for (const range of kept.values()) begun.add(rangeOn(peer, range));
    return { event, differs, kept: keptBy(router, event), begun };
  }

  #differs(router: RouterState, { jobId, chunk, hash, epoch }: Done): boolean {
    const key = `${jobId}/${chunk}`;
    const accepted = this.#accepted.get(key);
    const mine = epoch >= router.firstEpoch && epoch < router.nextEpoch;
    return mine && !router.open.has(key) && accepted !== undefined && accepted !== hash;
  }

  after(
    router: RouterState,
    { event, differs, kept, begun }: Told,
    effects: readonly RouterEffect[],
    nodes: ReadonlyMap<string, SimNode>,
  ): void {
    if (kept) this.#kept(router, kept);
    this.#booked(router);
    let noticed = false;
    const outOfTurn = new Set<string>();
    for (const effect of effects) {
      if (effect.type === 'done') this.#done(effect, event);
      else if (effect.type === 'failed') this.#failed(effect);
      else if (effect.type === 'mismatch') noticed = true;
      else if (effect.type === 'send' && effect.message.type === 'work') {
        const { items } = effect.message;
        for (const item of items) if (begun.has(rangeOn(effect.peer, item))) outOfTurn.add(keyOf(item));
        this.#sent(router, effect.peer, items, outOfTurn, nodes.get(effect.peer)?.strays ?? []);
      }
    }
    this.#fair.after(router, effects, outOfTurn, (key) => this.#offered.get(key)!);
    this.#rests.after(router, event.nowMs, effects);
    if (noticed !== differs)
      this.fault(`I3 a second answer was ${differs ? 'not called' : 'called'} different`);
  }

  #kept(router: RouterState, { node, heard, why }: Kept): void {
    if (router.nodes.get(node.peer) !== node) this.fault(`I4 ${why} parts ${node.peer} from its work`);
    else if (heard !== null && heardOf(node) !== heard)
      this.fault(`I4 ${why} is heard as if ${node.peer} said it now`);
  }

  /** What is open is in flight once or, while it waits, nowhere: else it would run side by side. */
  #booked(router: RouterState): void {
    for (const { peer, inFlight } of router.nodes.values()) {
      for (const { key, attempt } of inFlight.values()) {
        const entry = router.open.get(key);
        if (entry && (entry.peer !== peer || entry.attempt !== attempt))
          this.fault(`I4 ${key}#${attempt} is given up although ${peer} may run it`);
      }
    }
  }

  /** A beat after a new router came up in a sound network, all that live have joined it. */
  rejoined(router: RouterState, nodes: Iterable<SimNode>): void {
    for (const { peer, agent } of nodes) {
      if (agent.phase !== 'ready' || router.nodes.get(peer)?.epoch !== agent.epoch)
        this.fault(`I6 ${peer} still has not joined the new router`);
    }
  }

  #done(effect: Extract<RouterEffect, { type: 'done' }>, event: RouterEvent): void {
    const { jobId, chunk, tables } = effect;
    const key = `${jobId}/${chunk}`;
    const fate = this.#fateOf(jobId, chunk);
    this.#end(jobId, key, 'done');
    const { from, to } = this.#offered.get(key)!;
    if (tables[0]?.name !== `${key} ${from}..${to}`)
      this.fault(`I3 ${key} of ${from}..${to} got the result of ${tables[0]?.name}`);
    if (fate !== 'ok' && fate !== 'slow') this.fault(`I3 ${key} is done although its fate is ${fate}`);
    if (event.type === 'message' && event.message.type === 'done')
      this.#accepted.set(key, event.message.hash);
  }

  #failed({ jobId, chunk, problem, attempts }: Extract<RouterEffect, { type: 'failed' }>): void {
    const key = `${jobId}/${chunk}`;
    const fate = this.#fateOf(jobId, chunk);
    this.#end(jobId, key, problem.code);
    const digests = Object.values(this.#offered.get(key)!.inputs);
    const earned =
      (problem.code === 'E_JOB' && fate === 'error') ||
      (problem.code === 'E_POISON' && (fate === 'crash' || fate === 'kill')) ||
      (problem.code === 'E_INTERNAL' && digests.includes('missing-digest'));
    if (!earned) this.fault(`I5 ${key}, whose fate is ${fate}, ended as ${problem.code}: ${problem.detail}`);
    // A node that ended under a lone chunk, or left without being heard, counts as well: nobody could tell.
    const ends = this.#schedule.strikes.filter(({ what }) => what === 'die' || what === 'drain').length;
    const falls = Math.min(attempts, (this.#crashes.get(key) ?? 0) + ends);
    if (problem.code === 'E_POISON' && falls < 3) this.fault(`I5 ${key} was given up after ${falls} crashes`);
  }

  #end(jobId: string, key: string, how: string): void {
    if (this.#ended.has(key)) this.fault(`I2 ${key} ended twice, ${this.#ended.get(key)} and ${how}`);
    if (this.#cancelled.has(jobId)) this.fault(`I2 ${key} ended after its job was cancelled`);
    this.#ended.set(key, how);
  }

  /** Work left the router: for whom, and whom did it pass over? */
  #sent(
    router: RouterState,
    peer: string,
    items: readonly WorkItem[],
    outOfTurn: ReadonlySet<string>,
    strays: readonly string[],
  ): void {
    const node = router.nodes.get(peer);
    if (!node) return this.fault(`work for ${peer}, which is unknown`);
    if (!node.confirmed) this.fault(`I5 ${peer} gets work before it spoke under its epoch`);
    if (node.draining) this.fault(`${peer} gets work while it drains`);
    if (node.inFlight.size > this.#creditsPerNode)
      this.fault(`I7 ${peer} has ${node.inFlight.size} chunks for ${this.#creditsPerNode} credits`);
    const waiting = new Map<string, string>();
    for (const { peer: at, key, jobId, chunk } of router.open.values()) {
      if (at === null && !router.suspects.has(key) && !router.resting.has(key))
        waiting.set(jobId, rankOf(chunk));
    }
    for (const jobId of this.#passed.keys()) if (!waiting.has(jobId)) this.#passed.delete(jobId);
    for (const { jobId, chunk, spec } of items) {
      if ((spec as SimSpec | null)?.pad.length && (router.jobs.get(jobId)?.size ?? 0) > 1)
        this.fault(`I4 the large spec of ${jobId} goes along with its chunk ${chunk}`);
      const entry = router.open.get(`${jobId}/${chunk}`);
      const others = [...node.inFlight.keys(), ...strays].filter((key) => key !== entry?.key);
      if (entry && entry.falls >= SUSPECT_FALLS && others.length > 0)
        this.fault(`I5 the suspect ${entry.key} is given to ${peer}, which has other work`);
    }
    for (const item of items) {
      const rank = rankOf(this.#offered.get(`${item.jobId}/${item.chunk}`)!);
      this.#passed.delete(item.jobId);
      if (node.reservedFor !== null) continue;
      for (const [jobId, other] of waiting) {
        // Work that was lost goes before the turns of other jobs, which starves nobody: losses are few.
        if (other !== rank || jobId === item.jobId || item.attempt > 1) continue;
        if (outOfTurn.has(keyOf(item))) continue;
        const times = (this.#passed.get(jobId) ?? 0) + 1;
        this.#passed.set(jobId, times);
        // All that one step gives to one node is told at once, before what it gives to the next.
        if (times > this.#schedule.jobs.length + this.#creditsPerNode)
          this.fault(`${jobId} was passed over ${times} times`);
      }
    }
  }

  /** I8: what is open, and where it is. */
  ticked(router: RouterState, nodes: ReadonlyMap<string, SimNode>): void {
    for (const { peer, epoch, inFlight } of router.nodes.values()) {
      const node = nodes.get(peer);
      const alone = [...inFlight.values()].find((flight) => flight.alone);
      const stray = node?.agent.epoch === epoch && node.strays.find((key) => key !== alone?.key);
      if (alone && stray) this.fault(`I5 ${alone.key} counts as alone on ${peer} beside ${stray}`);
    }
    let open = 0;
    for (const chunk of this.#offered.values()) if (this.owes(chunk)) open++;
    if (open !== router.open.size) this.fault(`I8 ${open} chunks are owed, ${router.open.size} are open`);
    let away = 0;
    for (const entry of router.open.values()) {
      if (entry.peer === null) continue;
      away++;
      if (router.nodes.get(entry.peer)?.inFlight.get(entry.key)?.attempt !== entry.attempt)
        this.fault(`I8 ${entry.key} is nowhere: ${entry.peer} does not have it`);
    }
    const waiting = router.backlog.size + router.suspects.size + router.resting.size;
    if (waiting + away !== router.open.size)
      this.fault(`I8 ${router.open.size} open, but ${waiting} wait and ${away} are away`);
  }

  /** I7: an idle cluster holds nothing and everybody knows everybody. */
  rested(router: RouterState, nodes: ReadonlyMap<string, SimNode>): void {
    this.ticked(router, nodes);
    const sizes = { open: router.open.size, jobs: router.jobs.size, backlog: router.backlog.size };
    if (Object.values(sizes).some((n) => n !== 0)) this.fault(`I7 the router keeps ${JSON.stringify(sizes)}`);
    const alive = new Set<string>();
    for (const { peer, agent, tasks } of nodes.values()) {
      alive.add(peer);
      if (agent.phase !== 'ready' || !router.nodes.has(peer))
        this.fault(`I6 ${peer} is not joined, but ${agent.phase}`);
      const { held, kept, stopping, askedMs } = agent;
      const left = { tasks, held: held.size, kept: kept.size, stopping: stopping.size, asked: askedMs.size };
      if (Object.values(left).some((n) => n !== 0)) this.fault(`I7 ${peer} keeps ${JSON.stringify(left)}`);
    }
    for (const { peer, inFlight, reservedFor } of router.nodes.values()) {
      if (!alive.has(peer)) this.fault(`I6 the router still counts on ${peer}`);
      if (inFlight.size > 0) this.fault(`I7 ${peer} has ${inFlight.size} chunks in flight at rest`);
      if (reservedFor !== null && !router.open.has(reservedFor))
        this.fault(`I7 ${peer} is reserved for ${reservedFor}, which is over`);
    }
    this.#clocks();
  }

  /** A leap of a clock is no loss: at most what was on the wire at that moment runs again. */
  #clocks(): void {
    if (this.#schedule.flavour !== 'clocks') return;
    const again = [...this.#runs.values()].reduce((sum, n) => sum + n - 1, 0);
    if (again > this.#schedule.strikes.length) this.fault(`I4 clocks leapt, and ${again} chunks ran again`);
  }
}

function keyOf({ jobId, chunk }: Pick<ChunkRef, 'jobId' | 'chunk'>): string {
  return `${jobId}/${chunk}`;
}

function rangeOn(peer: string, { jobId, chunk, from, to }: KeptRange): string {
  return `${peer} ${jobId}/${chunk} ${from}..${to}`;
}

/** Jobs of one rank take turns. */
function rankOf({ priority, client }: Chunk): string {
  return `${priority} ${client}`;
}

/** A HELLO that is doubled or late leaves its sender joined; what a former session says is not heard. */
function keptBy(router: RouterState, event: RouterEvent): Kept | null {
  if (event.type !== 'message') return null;
  const { peer, message } = event;
  const node = router.nodes.get(peer);
  if (!node || (message.type === 'hello' ? message.session > node.session : message.epoch === node.epoch))
    return null;
  const heard = message.type === 'hello' ? null : heardOf(node);
  return { node, heard, why: `a doubled or late ${message.type}` };
}

function heardOf({ lastHeardMs, confirmed, draining }: Node): string {
  return `${lastHeardMs} ${confirmed} ${draining}`;
}
