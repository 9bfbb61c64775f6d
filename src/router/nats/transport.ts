/** The service's edge on NATS JetStream: a connection, a timer, and the effects of the ledger carried out. */
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import type {
  ChunkEvents,
  ChunkTransport,
  Clock,
  InputStore,
  Journal,
  Meter,
  NodeView,
} from '../../contract/ports.js';
import { MmsError } from '../../contract/problem.js';
import { WireError } from '../../wire/codec.js';
import { decodeNodeMessage, encodeMessage } from '../../wire/messages.js';
import type { RouterMessage } from '../../wire/messages.js';
import { LEASE_MS, openLink } from '../../wire/nats/link.js';
import type { Link } from '../../wire/nats/link.js';
import { bandOf, parseNatsUrl } from '../../wire/nats/names.js';
import type { ChunkSubject } from '../../wire/nats/names.js';
import { unpackFrames } from '../../wire/parcel.js';
import { workItem } from '../dispatch.js';
import type { RouterTransport } from '../socket.js';
import { nodeViews } from '../state.js';
import { DROPPED, tellHall } from '../tell-hall.js';
import { Ends } from './ends.js';
import { InputParcels } from './input-parcels.js';
import { needsAudit, stepLedger } from './ledger.js';
import { createLedger } from './state.js';
import type { Contents, Entry, LedgerEffect, LedgerEvent, LedgerState } from './state.js';
import { contents, ensureStreams, freshEnds, removeOtherVersions } from './streams.js';

export interface NatsRouterOptions {
  /** nats://HOST:PORT[,HOST:PORT...][/NAME]. */
  readonly url: string;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Hears of attempts after the first. */
  readonly journal?: Journal;
  /** Engine version; nodes of another version are rejected. */
  readonly version: string;
  /** Copies that the NATS cluster keeps of the queue; default 1. */
  readonly replicas?: number;
  /** Lease of a chunk; default 2 s. */
  readonly leaseMs?: number;
  /** Called when a node joins or is gone. */
  readonly onNodes?: (nodes: readonly NodeView[]) => void;
}

export interface NatsTransport extends RouterTransport {
  /** Null while the connection stands, otherwise a sentence. */
  degraded(): string | null;
}

const TICK_MS = 100;
const AUDIT_MS = 5_000;
/** A predecessor that is just closing gives the name back within this time. */
const CLAIM_TRIES = 10;
const CLAIM_RETRY_MS = 100;
const NOBODY = 503;

/**
 * Throws MmsError E_CONFIG when the server is not there, keeps no streams, or has a service of this name
 * already.
 */
export async function openNatsRouter(options: NatsRouterOptions): Promise<NatsTransport> {
  const { url, version, leaseMs = LEASE_MS, replicas = 1 } = options;
  const address = parseNatsUrl(url);
  let transport: NatsRouter | null = null;
  const onLink = (up: boolean): void => transport?.onLink(up);
  const link = await openLink({ address, called: 'mms serve', onLink });
  try {
    await claim(link, address.shown);
    await ensureStreams(link, { version, leaseMs, replicas });
    await freshEnds(link);
    await removeOtherVersions(link, version);
    const kept = await contents(link);
    transport = new NatsRouter(link, { ...options, leaseMs }, address.shown, kept);
    return transport;
  } catch (error) {
    await link.close();
    throw error;
  }
}

/** Two services on one name would take each other's ends. */
async function claim({ nc, names }: Link, shown: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await nc.request(names.service('claim'), '', { timeout: 1_000 });
    } catch (cause) {
      if ((cause as Error).name === 'NoRespondersError' || (cause as Error).message.includes('no responders'))
        return;
    }
    if (tries >= CLAIM_TRIES) break;
    await delay(CLAIM_RETRY_MS);
  }
  const detail = `Expected no other mms serve at ${shown}; one is connected there. Stop it, or give this one another name: nats://HOST:PORT/NAME.`;
  throw new MmsError('E_CONFIG', detail);
}

class NatsRouter implements NatsTransport {
  readonly address: string;
  readonly joinAddress: string;
  readonly #link: Link;
  readonly #options: NatsRouterOptions & { readonly leaseMs: number };
  readonly #state: LedgerState;
  readonly #timer: NodeJS.Timeout;
  /** Part of every message id, so that the queue never takes new work for that of an earlier process. */
  readonly #boot = randomBytes(6).toString('hex');
  readonly #inbox: string;
  /** What the streams held at the start, until it is offered again. */
  readonly #kept: Contents;
  readonly #ends: Ends;
  readonly #inputParcels: InputParcels;
  #events: ChunkEvents | null = null;
  #inputs: InputStore | null = null;
  #effects: LedgerEffect[] = [];
  #delivering = false;
  #nodeCount = 0;
  #lastBeatMs = 0;
  #lastAuditMs: number;
  #auditing = false;
  #closed = false;

  constructor(
    link: Link,
    options: NatsRouterOptions & { readonly leaseMs: number },
    shown: string,
    kept: Contents,
  ) {
    this.#link = link;
    this.#options = options;
    this.#kept = kept;
    this.address = shown;
    this.joinAddress = shown;
    const { version, leaseMs } = options;
    this.#state = createLedger({ version, leaseMs, firstEpoch: randomInt(2 ** 47) }, this.#nowMs());
    this.#lastAuditMs = this.#nowMs();
    this.#ends = new Ends(link, {
      nowMs: () => this.#nowMs(),
      isOpen: (key) => this.#state.open.has(key),
      isLive: (jobId) => this.#state.jobs.has(jobId),
      isAwaited: (key) => kept.ends.has(key) && this.#nowMs() < this.#state.settledMs,
      take: (subject, frames) => this.#takeEnd(subject, frames),
      repair: () => this.#repair(),
      onDropped: (reason) => options.meter.count(DROPPED, { reason }),
    });
    this.#inputParcels = new InputParcels(link, this.#boot);
    this.#inbox = `_INBOX.${this.#boot}`;
    const { nc, names } = link;
    nc.subscribe(names.service('*'), { callback: (_, message) => this.#receive(message) });
    nc.subscribe(`${this.#inbox}.*`, { callback: (_, message) => this.#onStatus(message) });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  connect(events: ChunkEvents, inputs: InputStore): void {
    this.#events = events;
    this.#inputs = inputs;
    this.#ends.start();
  }

  offer(chunks: Parameters<ChunkTransport['offer']>[0]): void {
    this.#apply({ type: 'offer', chunks, kept: this.#kept, nowMs: this.#nowMs() });
    for (const { jobId, chunk } of chunks) this.#ends.onOpen(`${jobId}/${chunk}`);
  }

  cancel(jobId: string): void {
    this.#effects = this.#effects.filter((effect) => !('jobId' in effect) || effect.jobId !== jobId);
    this.#apply({ type: 'cancel', jobId, nowMs: this.#nowMs() });
    this.#ends.release(jobId);
  }

  capacity(): number {
    return this.nodes().reduce((sum, node) => sum + (node.state === 'ready' ? node.threads : 0), 0);
  }

  nodes(): NodeView[] {
    return nodeViews(this.#state);
  }

  degraded(): string | null {
    if (!this.#state.up) return `The NATS server at ${this.joinAddress} cannot be reached; work waits.`;
    const trouble = this.#link.trouble();
    return trouble && `The NATS server at ${this.joinAddress} keeps no work: ${trouble}`;
  }

  /** Nodes go on with what they have; their ends wait in the stream for the next service. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#events = null;
    this.#ends.stop();
    await this.#link.close();
    await this.#ends.stopped();
  }

  onLink(up: boolean): void {
    if (!this.#closed) this.#apply({ type: 'link', up, nowMs: this.#nowMs() });
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #apply(event: LedgerEvent): void {
    this.#effects.push(...stepLedger(this.#state, event));
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let effect = this.#effects.shift(); effect; effect = this.#effects.shift()) this.#deliver(effect);
    } finally {
      this.#delivering = false;
    }
    const { size } = this.#state.nodes;
    if (size !== this.#nodeCount) this.#options.onNodes?.(this.nodes());
    this.#nodeCount = size;
  }

  #deliver(effect: LedgerEffect): void {
    switch (effect.type) {
      case 'put':
        return void this.#put(effect.entry);
      case 'remove':
        return this.#remove(effect.jobId, effect.chunk);
      case 'cancelled':
        return this.#link.tell(this.#link.names.cancel, { data: Buffer.from(effect.jobId) });
      case 'say':
        return this.#say(effect.peer, effect.message);
      case 'sayInput':
        return void this.#sayInput(effect.peer, effect.digest);
      default:
        return tellHall(effect, this.#events, this.#options);
    }
  }

  // ---- to the queue and the nodes

  async #put({ chunk, attempt, sends, digest }: Entry): Promise<void> {
    const { jobId, priority } = chunk;
    const { names } = this.#link;
    const item = workItem(chunk, attempt);
    const id = `${this.#boot}-${jobId}-${chunk.chunk}-${sends}`;
    try {
      const parcel = await this.#link.pack(
        encodeMessage({ type: 'work', epoch: 0, seq: 0, items: [item] }),
        id,
      );
      const subject = names.work(this.#options.version, bandOf(priority), jobId, chunk.chunk, digest!);
      await this.#link.keep(subject, parcel, id);
    } catch {
      // The link was closed; the store has the job.
    }
  }

  #remove(jobId: string, chunk: number | null): void {
    const { jsm, names } = this.#link;
    const filter = chunk === null ? names.workOfJob(jobId) : names.workOfChunk(jobId, chunk);
    // What stays is taken out by an audit, or dropped by the node that gets it.
    jsm.streams.purge(names.workStream, { filter }).catch(() => undefined);
  }

  #say(peer: string, message: RouterMessage): void {
    const { names } = this.#link;
    this.#link.whisper(names.node(peer), encodeMessage(message), `${this.#inbox}.${peer}`);
  }

  async #sayInput(peer: string, digest: string): Promise<void> {
    if (!this.#inputs) return;
    try {
      const parcel = await this.#inputParcels.parcelFor(peer, digest, this.#inputs, this.#nowMs());
      if (parcel) this.#link.tell(this.#link.names.node(peer), parcel);
      else this.#say(peer, { type: 'input', digest, tables: null });
    } catch {
      // The node asks again.
    }
  }

  // ---- from the nodes

  #receive(message: Msg): void {
    const peer = message.subject.split('.').at(-1)!;
    if (peer === 'claim') return void message.respond();
    this.#guard(() => {
      const said = decodeNodeMessage(unpackFrames(message.data));
      this.#apply({ type: 'message', peer, message: said, nowMs: this.#nowMs() });
    });
  }

  /** Nobody listens to a node's subject: its process ended, or its connection is just being made anew. */
  #onStatus({ headers, subject }: Msg): void {
    if (headers?.code !== NOBODY) return;
    this.#apply({ type: 'unreachable', peer: subject.split('.').at(-1)!, nowMs: this.#nowMs() });
  }

  #takeEnd(subject: ChunkSubject, frames: readonly Uint8Array[]): void {
    const { jobId, chunk } = subject;
    const said = decodeNodeMessage(frames);
    if ((said.type !== 'done' && said.type !== 'fail') || said.jobId !== jobId || said.chunk !== chunk) {
      throw new WireError('end', `expected the end of ${jobId}/${chunk}; got ${said.type}`);
    }
    const event = { type: 'ended', ...subject, nowMs: this.#nowMs() } as const;
    if (said.type === 'done') {
      const { tables, hash, computeNs } = said;
      return this.#apply({ ...event, end: { how: 'done', tables, hash, computeNs } });
    }
    const problem = said.problem ?? new MmsError('E_JOB', 'The chunk failed without a reason.').problem;
    this.#apply({ ...event, end: { how: 'failed', problem } });
  }

  async #repair(): Promise<void> {
    const { version, leaseMs, replicas = 1 } = this.#options;
    await ensureStreams(this.#link, { version, leaseMs, replicas });
    await freshEnds(this.#link);
  }

  #guard(heed: () => void): void {
    if (this.#closed) return;
    try {
      heed();
    } catch (cause) {
      if (!(cause instanceof WireError)) throw cause;
      this.#options.meter.count(DROPPED, { reason: cause.reason });
    }
  }

  // ---- time

  #tick(): void {
    const nowMs = this.#nowMs();
    this.#apply({ type: 'tick', nowMs });
    this.#ends.tick();
    if (nowMs - this.#lastBeatMs >= this.#options.leaseMs / 4) {
      this.#lastBeatMs = nowMs;
      for (const { peer, epoch } of this.#state.nodes.values()) this.#say(peer, { type: 'beat', epoch });
    }
    if (nowMs - this.#lastAuditMs >= AUDIT_MS) void this.#audit(nowMs);
    for (const state of ['ready', 'draining'] as const) {
      const nodes = this.nodes().filter((node) => node.state === state);
      this.#options.meter.gauge('mms_nodes', nodes.length, { state });
      const threads = nodes.reduce((sum, node) => sum + node.threads, 0);
      this.#options.meter.gauge('mms_node_threads', threads, { state });
    }
  }

  async #audit(askedMs: number): Promise<void> {
    this.#lastAuditMs = askedMs;
    if (this.#auditing || !needsAudit(this.#state, askedMs)) return;
    this.#auditing = true;
    try {
      const found = await contents(this.#link);
      if (!this.#closed) this.#apply({ type: 'audit', contents: found, askedMs, nowMs: this.#nowMs() });
    } catch {
      // No answer says nothing of what is there.
    } finally {
      this.#auditing = false;
    }
  }
}
