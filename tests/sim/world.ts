/**
 * One schedule carried out: the real router step and the real node agents in one thread and in virtual
 * time, over a network that loses, doubles, delays and reorders, among deaths, pauses, cuts and clock
 * jumps. Everything follows from the schedule, so a failing seed replays.
 */
import type { Chunk } from '../../src/contract/ports.js';
import type { PoolTask } from '../../src/node/pool.js';
import type { RouterEffect, RouterEvent, RouterState } from '../../src/router/state.js';
import type { NodeMessage, RouterMessage } from '../../src/wire/messages.js';
import { INLINE_SPEC_BYTES } from '../../src/wire/shared-spec.js';
import { chunksOf } from '../support/fixture-chunks.js';
import { Faults } from './faults.js';
import { drawOf } from './random.js';
import type { Fate, Schedule, SimJob, Strike } from './schedule.js';
import type { Protocol, Surroundings, Work } from './sim-node.js';
import { CRASH, JOB_PROBLEM, SimNode, VERSION } from './sim-node.js';
import { Timeline } from './timeline.js';
import { Watch } from './watch.js';
import type { SimSpec } from './watch.js';

/** Everything must have ended this long after the last fault. */
const PATIENCE_MS = 45_000;
/** How long an idle world is watched for what it still does. */
const QUIET_MS = 4_000;
/** Together with the rest of its spec above INLINE_SPEC_BYTES. */
const LARGE = new Uint8Array(INLINE_SPEC_BYTES);
const NO_PAD = new Uint8Array(0);
const DOWN_MS = 150;
/** A node speaks to a new router with its next beat, and says HELLO when it hears that it is unknown. */
const REJOIN_MS = 700;
const EPOCHS_PER_ROUTER = 1_000_000;
/** Message faults are numbered (direction and link, message, sort). */
const LINK = 2 ** 22;

export interface Outcome {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly executions: number;
  readonly endMs: number;
}

type RouterWord = RouterEvent extends infer E ? (E extends unknown ? Omit<E, 'nowMs'> : never) : never;

export function simulate(schedule: Schedule, protocol: Protocol, faults = new Faults()): Outcome {
  return new World(schedule, protocol, faults).run();
}

class World implements Surroundings {
  readonly time = new Timeline();
  readonly protocol: Protocol;
  readonly #schedule: Schedule;
  readonly #faults: Faults;
  readonly #watch: Watch;
  readonly #nodes = new Map<string, SimNode>();
  readonly #jobs = new Map<string, SimJob>();
  readonly #offered = new Map<string, Chunk[]>();
  #router: RouterState;
  #routerClockMs: number;
  #routers = 1;
  #routerUp = true;
  #born = 0;
  #awaited = 0;
  #draws = 0;
  /** Machines that are gone without a word. */
  readonly #vanished = new Set<string>();

  constructor(schedule: Schedule, protocol: Protocol, faults: Faults) {
    this.#schedule = schedule;
    this.protocol = protocol;
    this.#faults = faults;
    for (const job of schedule.jobs) this.#jobs.set(job.id, job);
    this.#routerClockMs = 1e6 * drawOf(schedule.seed, 1, 1);
    this.#router = protocol.createState(VERSION, EPOCHS_PER_ROUTER, this.#routerNowMs());
    this.#watch = new Watch(schedule, protocol, (job, chunk) => this.#fateOf(job, chunk));
  }

  run(): Outcome {
    const { nodes, jobs, strikes, healMs, seed } = this.#schedule;
    for (let i = 0; i < nodes; i++) this.#birth();
    this.time.every(100, () => {
      this.#tellRouter({ type: 'tick' });
      if (this.#routerUp) this.#watch.ticked(this.#router, this.#nodes);
      return true;
    });
    for (const job of jobs) this.time.at(job.offeredMs, () => this.#offer(job));
    strikes.forEach((strike, i) => {
      const text = (): string =>
        `${Math.round(strike.atMs)} ms: ${strike.what} for ${Math.round(strike.lastMs)} ms`;
      this.time.at(strike.atMs, () => {
        if (this.#faults.happens(-1 - i, text)) this.#strike(strike);
      });
    });
    try {
      const limitMs = healMs + PATIENCE_MS;
      while (!this.#finished() && this.time.nowMs < limitMs && this.#watch.faults.length === 0)
        this.time.next();
      if (this.#watch.faults.length === 0) {
        if (!this.#finished())
          this.#watch.fault(`stuck: ${[...this.#router.open.keys()].join(' ')} open at the end`);
        else this.#rest();
      }
    } catch (error) {
      this.#watch.fault(`a step failed: ${(error as Error).message}`);
    }
    const { faults, executions } = this.#watch;
    return { seed, faults, executions, endMs: this.time.nowMs };
  }

  #finished(): boolean {
    return this.time.nowMs > this.#schedule.healMs && this.#routerUp && this.#router.open.size === 0;
  }

  #rest(): void {
    const quietMs = this.time.nowMs + QUIET_MS;
    while (this.time.nowMs < quietMs) this.time.next();
    this.#watch.rested(this.#router, this.#nodes);
  }

  #routerNowMs(): number {
    return this.time.nowMs + this.#routerClockMs;
  }

  #offer(job: SimJob): void {
    const inputs: Record<string, string> = job.input === 'none' ? {} : { table: `${job.input}-digest` };
    const { chunks, seed } = this.#schedule;
    const { priority, client, costNs } = job;
    const spec: SimSpec = { of: job.id, pad: job.hasLargeSpec ? LARGE : NO_PAD };
    const given = job.isPacked
      ? { spec: null, pack: { specs: [spec], specOf: [0], seeds: [seed] } }
      : { spec };
    const all = chunksOf(job.id, job.kind, chunks, { inputs, priority, client, costNs, seed, ...given });
    this.#offered.set(job.id, all);
    this.#watch.offered(all);
    this.#tellRouter({ type: 'offer', chunks: all });
  }

  #fateOf(jobId: string, chunk: number): Fate {
    const { fates, seed } = this.#schedule;
    return fates[Math.floor(drawOf(seed, jobId.charCodeAt(0), chunk) * fates.length)]!;
  }

  #birth(version = VERSION): void {
    this.#awaited = Math.max(0, this.#awaited - 1);
    const node = new SimNode(this.#born, version, 1e6 * drawOf(this.#schedule.seed, 2, this.#born), this);
    this.#born++;
    this.#nodes.set(node.peer, node);
  }

  #birthSoon(): void {
    this.#awaited++;
    this.time.at(1_000 * this.draw(), () => this.#birth());
  }

  /** A process ends; its messages on the way are still delivered. */
  gone(node: SimNode, how: 'killed' | 'closed' | 'refused' | 'forever'): void {
    if (!node.alive) return;
    node.alive = false;
    this.#nodes.delete(node.peer);
    if (how === 'refused' && node.version === VERSION) this.#watch.fault(`${node.peer} was refused`);
    if (how === 'killed' || this.#fleet() === 0) this.#birthSoon();
  }

  #fleet(): number {
    const sound = [...this.#nodes.values()].filter((n) => n.version === VERSION && !n.agent.draining);
    return sound.length + this.#awaited;
  }

  draw(): number {
    return drawOf(this.#schedule.seed, 3, this.#draws++);
  }

  #strike(strike: Strike): void {
    const { what, who, lastMs, forever } = strike;
    if (what === 'restart') return this.#restart();
    if (what === 'routerJump') return void (this.#routerClockMs += lastMs);
    if (what === 'stranger') return this.#birth('0.9.0');
    if (what === 'cancel')
      return this.#cancel([...this.#offered.keys()][Math.floor(who * this.#offered.size)]);
    const nodes = [...this.#nodes.values()];
    const node = nodes[Math.floor(who * nodes.length)];
    if (node) this.#strikeNode(node, what, lastMs, forever);
  }

  #strikeNode(node: SimNode, what: Strike['what'], lastMs: number, forever: boolean): void {
    const healed = (act: () => void): void => this.time.at(lastMs, act);
    if (what === 'die' || what === 'vanish') {
      if (what === 'vanish') this.#vanished.add(node.peer);
      this.gone(node, forever ? 'forever' : 'killed');
    } else if (what === 'jump') node.jump(lastMs);
    else if (what === 'drain') {
      this.#birthSoon();
      node.tell({ type: 'drain' });
    } else if (what === 'pause') {
      if (node.paused) return;
      node.pause();
      healed(() => node.resume());
    } else {
      const to = what === 'cutFrom' ? 0 : 1;
      const from = what === 'cutTo' ? 0 : 1;
      node.cutTo += to;
      node.cutFrom += from;
      healed(() => {
        node.cutTo -= to;
        node.cutFrom -= from;
      });
    }
  }

  /** The router's process dies; after a while another offers anew what the disk knows to be open. */
  #restart(): void {
    if (!this.#routerUp) return;
    this.#routerUp = false;
    this.#watch.restarted(Math.floor(4 * this.draw()));
    this.time.at(DOWN_MS, () => {
      this.#routerUp = true;
      this.#routerClockMs = 1e6 * drawOf(this.#schedule.seed, 4, this.#routers++);
      const epoch = this.#routers * EPOCHS_PER_ROUTER;
      this.#router = this.protocol.createState(VERSION, epoch, this.#routerNowMs());
      for (const chunks of this.#offered.values()) {
        const open = this.#splitAnew(chunks).filter((chunk) => this.#watch.owes(chunk));
        if (open.length > 0) this.#tellRouter({ type: 'offer', chunks: open });
      }
      if (this.#schedule.flavour !== 'deaths') return;
      const there = [...this.#nodes.values()];
      this.time.at(REJOIN_MS, () => {
        if (this.#routerUp && this.#router.firstEpoch === epoch)
          this.#watch.rejoined(
            this.#router,
            there.filter(({ alive }) => alive),
          );
      });
    });
  }

  /** A new service has measured nothing yet, so its chunks may have other ranges under the old numbers. */
  #splitAnew(chunks: readonly Chunk[]): readonly Chunk[] {
    const { jobId } = chunks[0]!;
    if (drawOf(this.#schedule.seed, -4 - this.#routers, jobId.charCodeAt(0)) < 0.7) return chunks;
    const anew = chunks.map((chunk) => ({ ...chunk, from: chunk.from + 100, to: chunk.to + 100 }));
    this.#offered.set(jobId, anew);
    this.#watch.offered(anew);
    return anew;
  }

  #cancel(jobId: string | undefined): void {
    if (jobId === undefined) return;
    this.#watch.cancelled(jobId);
    this.#tellRouter({ type: 'cancel', jobId });
    if (this.#schedule.flavour !== 'cancel') return;
    this.time.at(10, () => this.#watch.stopped(jobId, this.#nodes.values()));
  }

  #tellRouter(word: RouterWord): void {
    if (!this.#routerUp) return;
    const event = { ...word, nowMs: this.#routerNowMs() } as RouterEvent;
    const told = this.#watch.before(this.#router, event);
    const effects = this.protocol.step(this.#router, event);
    this.#watch.after(this.#router, told, effects, this.#nodes);
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: RouterEffect): void {
    if (effect.type === 'sendInput') {
      const { peer, digest } = effect;
      if (digest === 'missing-digest')
        return void this.time.at(1, () => this.#tellRouter({ type: 'inputMissing', digest }));
      this.#toNode(peer, { type: 'input', digest, tables: INPUT });
    } else if (effect.type === 'send') this.#toNode(effect.peer, effect.message);
  }

  #toNode(peer: string, message: RouterMessage): void {
    const node = this.#nodes.get(peer);
    if (!node) {
      if (!this.#vanished.has(peer)) this.time.at(1, () => this.#tellRouter({ type: 'unreachable', peer }));
      return;
    }
    if (node.cutTo === 0) {
      this.#post(2 * node.number, node.messagesTo++, `${message.type} to ${peer}`, () =>
        node.tell({ type: 'message', message }),
      );
    }
  }

  send(node: SimNode, message: NodeMessage): void {
    if (message.type === 'hello') this.#watch.joining(node, message.kept.length);
    if (node.cutFrom > 0) return;
    this.#post(2 * node.number + 1, node.messagesFrom++, `${message.type} from ${node.peer}`, () =>
      this.#tellRouter({ type: 'message', peer: node.peer, message }),
    );
  }

  /** Sends a message through the network. */
  #post(link: number, n: number, what: string, deliver: () => void): void {
    const { seed, drop, double, delayMs, healMs } = this.#schedule;
    if (this.time.nowMs >= healMs || drop + double === 0) return this.time.at(1, deliver);
    const fault = (sort: number, p: number, how: string): boolean =>
      drawOf(seed, 8 + 8 * link + sort, n) < p &&
      this.#faults.happens(
        link * LINK + 4 * n + sort,
        () => `${Math.round(this.time.nowMs)} ms: ${what} ${how}`,
      );
    if (fault(0, drop, 'lost')) return;
    const delay = (sort: number): number => {
      const lateMs = 0.5 + drawOf(seed, 8 + 8 * link + sort + 4, n) * delayMs;
      return delayMs > 1 && fault(sort, 1, `late by ${Math.round(lateMs)} ms`) ? lateMs : 1;
    };
    this.time.at(delay(1), deliver);
    if (fault(2, double, 'doubled')) this.time.at(delay(3), deliver);
  }

  crashed(key: string): void {
    this.#watch.crashed(key);
  }

  begin(node: SimNode, task: PoolTask): Work {
    const key = task.id.slice(task.id.indexOf(':') + 1, task.id.lastIndexOf('#'));
    const [jobId, chunk] = key.split('/') as [string, string];
    const fate = this.#fateOf(jobId, Number(chunk));
    const n = this.#watch.began(
      node,
      key,
      task,
      this.#jobs.get(jobId)!,
      this.time.nowMs,
      this.#nodes.values(),
    );
    const lastMs = (fate === 'slow' ? 3_000 : 5) + 300 * drawOf(this.#schedule.seed, 5 + n, Number(chunk));
    const result = `${key} ${task.from}..${task.to}`;
    const hash = this.#schedule.broken ? `hash ${result} ${n}` : `hash ${result}`;
    const tables = [{ name: result, rows: 1, columns: [Float64Array.of(1)] }];
    if (fate === 'error') return { key, fate, lastMs, answer: { how: 'error', problem: JOB_PROBLEM } };
    if (fate === 'crash') return { key, fate, lastMs, answer: CRASH };
    return { key, fate, lastMs, answer: { how: 'done', tables, hash, computeNs: 1 } };
  }
}

const INPUT = [{ name: 'input', rows: 1, columns: [Float64Array.of(1)] }];
