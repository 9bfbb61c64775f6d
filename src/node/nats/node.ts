/**
 * The node's edge on NATS JetStream: the same agent and thread pool as behind a router. Work is pulled from
 * the queue and given to the agent as if the router had sent it; what the agent says of a chunk becomes an
 * end in the stream and the acknowledgement of its message. The service need not be there meanwhile.
 *
 * The rule that makes late and double acknowledgements harmless: a message is acknowledged only after its end
 * is kept, so whichever delivery of it that was, the chunk is over.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import { MmsError } from '../../contract/problem.js';
import { backoffMs } from '../../wire/backoff.js';
import { WireError } from '../../wire/codec.js';
import type { ChunkRef, NodeMessage, RouterMessage, WorkItem } from '../../wire/messages.js';
import { decodeRouterMessage, encodeMessage, PROTOCOL } from '../../wire/messages.js';
import { LEASE_MS, openLink } from '../../wire/nats/link.js';
import type { Link } from '../../wire/nats/link.js';
import { parseNatsUrl, readWorkSubject } from '../../wire/nats/names.js';
import type { AgentEffect, AgentEvent, AgentState } from '../agent.js';
import { createAgent, stepAgent } from '../agent.js';
import { createInputCache } from '../inputs.js';
import type { Pool } from '../pool.js';
import { createPool } from '../pool.js';
import type { NodeHandle, NodeOptions } from '../socket.js';
import { createPulls } from './pulls.js';
import type { Pulls } from './pulls.js';

/** One chunk that runs and one that waits, as under a router. */
const CREDITS_PER_THREAD = 2;
/** Lost deliveries after which a chunk runs alone, as under a router. */
const SUSPECT_FALLS = 2;
/** Deliveries after which a chunk is given up although no service counted what befell it. */
const MAX_DELIVERIES = 60;
const TICK_MS = 100;
const CONNECT_RETRY_MS = 1_000;
/** Time that ends have to be kept when the process wants to end. */
const LAST_WORDS_MS = 10_000;

const ACK = '+ACK';
const NAK = '-NAK';
const WORKING = '+WPI';
const NS_PER_MS = 1e6;

/** A message of the queue that this node has in hand. */
interface Delivery {
  readonly ref: ChunkRef;
  readonly item: WorkItem;
  /** Names what it computes. */
  readonly digest: string;
  readonly message: Msg;
  /** Subject of its acknowledgement; a later delivery of the same message brings a new one. */
  ack: string;
  /** Its job was cancelled: it goes out of the queue whatever becomes of it. */
  cancelled: boolean;
}

/** Connects and keeps connected. Throws MmsError E_CONFIG on an address that is none. */
export function startNatsNode(options: NodeOptions): NodeHandle {
  return new NatsNode(options);
}

class NatsNode implements NodeHandle {
  readonly id: string;
  readonly closed: Promise<void>;
  readonly #options: NodeOptions;
  readonly #address;
  /** New with every process: what is meant for its forerunner must not reach it. */
  readonly #peer = randomBytes(9).toString('hex');
  readonly #pool: Pool;
  readonly #agent: AgentState;
  readonly #timer: NodeJS.Timeout;
  readonly #log: (line: string) => void;
  readonly #nowMs: () => number;
  /** By job and chunk. */
  readonly #deliveries = new Map<string, Delivery>();
  /** Messages whose parts are being read. */
  #opening = 0;
  /** Suspects that wait until nothing else is in hand. */
  #parked: Delivery[] = [];
  /** Ends on their way into the stream. */
  readonly #keeping = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #link: Link | null = null;
  #pulls: Pulls | null = null;
  #up = false;
  #lastLeaseMs = 0;
  #end: (reason: string | null) => void = () => undefined;

  constructor(options: NodeOptions) {
    const { router, threads, version, kindsDir, inputBytes } = options;
    this.#options = options;
    this.#address = parseNatsUrl(router);
    this.id = options.id ?? `${hostname()}-${process.pid}`;
    this.#log = options.log ?? (() => undefined);
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#pool = createPool({ threads, ...(kindsDir && { kindsDir }) });
    const { kinds } = this.#pool;
    const who = { version, node: this.id, host: hostname() };
    this.#agent = createAgent(
      { ...who, threads, kinds, inputs: createInputCache(inputBytes) },
      this.#nowMs(),
    );
    this.closed = new Promise((resolve, reject) => {
      this.#end = (reason) => {
        void this.#shutDown().then(() =>
          reason === null ? resolve() : reject(new MmsError('E_CONFIG', reason)),
        );
      };
    });
    this.closed.catch(() => undefined);
    this.#log(`looking for the service at ${this.#address.shown}`);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    void this.#connect();
  }

  drain(): Promise<void> {
    for (const { ref, ack } of this.#parked.splice(0)) this.#giveBack(ref, ack);
    this.#apply({ type: 'drain', nowMs: this.#nowMs() });
    return this.closed;
  }

  close(): Promise<void> {
    if (this.#agent.phase !== 'closed') {
      this.#agent.phase = 'closed';
      this.#end(null);
    }
    return this.closed.catch(() => undefined);
  }

  /** Tries until a server answers: it may be started after its nodes. */
  async #connect(): Promise<void> {
    const address = this.#address;
    const onLink = (up: boolean): void => this.#onLink(up);
    let said = '';
    while (this.#agent.phase !== 'closed') {
      const link = await openLink({ address, called: `mms node ${this.id}`, onLink }).catch(
        (cause: unknown) => cause as Error,
      );
      if (link instanceof Error) {
        if (link.message !== said) this.#log(`${link.message} Still trying.`);
        said = link.message;
        await delay(CONNECT_RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      } else return this.#onConnected(link);
    }
  }

  async #onConnected(link: Link): Promise<void> {
    if (this.#agent.phase === 'closed') return link.close();
    const { nc, names } = link;
    nc.subscribe(names.node(this.#peer), { callback: (_, message) => void this.#hear(message) });
    nc.subscribe(names.cancel, { callback: (_, message) => this.#onCancel(message) });
    this.#link = link;
    this.#up = true;
    this.#apply({ type: 'tick', progress: [], nowMs: this.#nowMs() });
  }

  #onLink(up: boolean): void {
    this.#up = up;
    this.#log(up ? 'the NATS server is back' : 'lost the NATS server; work in hand goes on');
    this.#pulls?.forget();
    this.#pulls?.wake();
  }

  // ---- what the agent is told

  #apply(event: AgentEvent): void {
    for (const effect of stepAgent(this.#agent, event)) this.#deliver(effect);
    if (this.#agent.held.size === 0 && this.#parked.length > 0) this.#begin(this.#parked.shift()!);
    this.#pulls?.wake();
  }

  #tell(message: RouterMessage): void {
    this.#apply({ type: 'message', message, nowMs: this.#nowMs() });
  }

  #tick(): void {
    const nowMs = this.#nowMs();
    // The queue keeps its word without the service: nothing is laid down because that is silent.
    if (this.#agent.phase === 'ready') this.#tell({ type: 'beat', epoch: this.#agent.epoch });
    this.#apply({ type: 'tick', progress: this.#pool.progress(), nowMs });
    if (nowMs - this.#lastLeaseMs < LEASE_MS / 4 || !this.#up) return;
    this.#lastLeaseMs = nowMs;
    for (const { ack } of this.#deliveries.values()) this.#link?.nc.publish(ack, WORKING);
  }

  async #hear(message: Msg): Promise<void> {
    try {
      const said = decodeRouterMessage(await this.#link!.open(message));
      // A service that started anew does not know this node; what the node has in hand is still the queue's.
      if (said.type === 'again') this.#sayHello();
      else if (said.type === 'ready' && this.#agent.phase === 'ready') return;
      else this.#tell(said);
    } catch (cause) {
      // A part that could not be read is asked for again with its input.
      if (cause instanceof WireError) this.#log(`dropped a message of the service: ${cause.message}`);
    }
  }

  #sayHello(): void {
    const { hello, session, threads, kinds } = this.#agent;
    this.#whisper({ type: 'hello', protocol: PROTOCOL, ...hello, session, threads, kinds, kept: [] });
  }

  #onCancel(message: Msg): void {
    const jobId = new TextDecoder().decode(message.data);
    const items: ChunkRef[] = [];
    for (const delivery of this.#deliveries.values()) {
      if (delivery.ref.jobId !== jobId) continue;
      delivery.cancelled = true;
      items.push(delivery.ref);
    }
    const parked = this.#parked.filter(({ cancelled }) => cancelled);
    this.#parked = this.#parked.filter(({ cancelled }) => !cancelled);
    for (const { ref, ack } of parked) {
      this.#deliveries.delete(`${ref.jobId}/${ref.chunk}`);
      this.#acknowledge(ack);
    }
    if (items.length > 0) this.#tell({ type: 'cancel', epoch: this.#agent.epoch, items });
  }

  // ---- what comes from the queue

  #room(): number {
    const { phase, draining, held } = this.#agent;
    if (!this.#up || phase !== 'ready' || draining || this.#parked.length > 0) return 0;
    for (const { ref } of held.values()) if (ref.attempt > SUSPECT_FALLS) return 0;
    return this.#options.threads * CREDITS_PER_THREAD - held.size - this.#opening;
  }

  async #onWork(message: Msg): Promise<void> {
    const ack = message.reply!;
    const deliveries = Number(ack.split('.').at(-5));
    let item: WorkItem | undefined;
    this.#opening++;
    try {
      const said = decodeRouterMessage(await this.#link!.open(message));
      if (said.type === 'work') item = said.items[0];
    } catch (cause) {
      this.#log(`dropped work that cannot be read: ${(cause as Error).message}`);
    }
    this.#opening--;
    // The service misses it at its next audit and puts it in again.
    if (!item) return this.#acknowledge(ack);
    const { jobId, chunk } = item;
    const known = this.#deliveries.get(`${jobId}/${chunk}`);
    if (known) {
      // The lease ran out while the server or this process stood still; the work goes on.
      known.ack = ack;
      return;
    }
    const ref = { jobId, chunk, attempt: item.attempt + deliveries };
    if (this.#agent.draining || this.#agent.phase !== 'ready') return this.#giveBack(ref, ack);
    const { digest } = readWorkSubject(message.subject)!;
    const delivery = { ref, item: { ...item, attempt: ref.attempt }, digest, message, ack, cancelled: false };
    this.#deliveries.set(`${jobId}/${chunk}`, delivery);
    if (deliveries > MAX_DELIVERIES) return this.#keepEnd(this.#givenUp(ref));
    if (ref.attempt <= SUSPECT_FALLS || this.#agent.held.size === 0) this.#begin(delivery);
    else this.#parked.push(delivery);
  }

  /** The service learns who has a chunk before that runs: should it end the process, its doing is known. */
  #begin({ ref, item }: Delivery): void {
    const { epoch, seen, held, draining } = this.#agent;
    // A beat also says that a suspect is alone here.
    if (held.size === 0) this.#whisper({ type: 'beat', epoch, seen, held: [ref], kept: 0, draining });
    else this.#whisper({ type: 'progress', epoch, items: [{ ...ref, done: 0 }] });
    this.#tell({ type: 'work', epoch, seq: seen + 1, items: [item] });
  }

  #givenUp(ref: ChunkRef): NodeMessage {
    const detail = `Chunk ${ref.chunk} was handed out ${MAX_DELIVERIES} times and never ended; check the nodes' logs.`;
    const { problem } = new MmsError('E_INTERNAL', detail);
    return { type: 'fail', epoch: this.#agent.epoch, ...ref, why: 'error', problem };
  }

  // ---- what the agent wants

  #deliver(effect: AgentEffect): void {
    switch (effect.type) {
      case 'send':
        return this.#send(effect.message);
      case 'run': {
        const { id } = effect.task;
        const tell = (answer: Awaited<ReturnType<Pool['run']>>): void =>
          this.#apply({ type: 'answer', id, answer, nowMs: this.#nowMs() });
        return void this.#pool.run(effect.task).then(tell);
      }
      case 'cancel':
        return this.#pool.cancel(effect.id);
      case 'withdraw':
        return this.#pool.withdraw(effect.id);
      case 'joined': {
        this.#log(`joined the service as ${this.id}`);
        const port = { version: this.#options.version, room: () => this.#room() };
        this.#pulls = createPulls(this.#link!, { ...port, onWork: (message) => void this.#onWork(message) });
        return;
      }
      case 'lost':
        return this.#log('lost the service; trying to join again');
      case 'unanswered':
        return this.#log(`no answer from ${this.#address.shown} yet; still trying`);
      case 'closed':
        this.#log(effect.reason ?? 'drained');
        return this.#end(effect.reason);
    }
  }

  #send(message: NodeMessage): void {
    if (message.type === 'done' || (message.type === 'fail' && message.why === 'error')) {
      return this.#keepEnd(message);
    }
    this.#whisper(message);
    // The queue keeps what crosses a BYE, so nobody needs to answer it.
    if (message.type === 'bye') return this.#tell({ type: 'bye' });
    if (message.type !== 'fail') return;
    const key = `${message.jobId}/${message.chunk}`;
    const delivery = this.#deliveries.get(key);
    if (!delivery) return;
    this.#deliveries.delete(key);
    if (delivery.cancelled) this.#acknowledge(delivery.ack);
    else this.#link?.nc.publish(delivery.ack, nakOf(key, message));
  }

  #keepEnd(message: NodeMessage): void {
    if (message.type !== 'done' && message.type !== 'fail') return;
    const keeping = this.#keep(message).catch(() => undefined);
    this.#keeping.add(keeping);
    void keeping.then(() => this.#keeping.delete(keeping));
  }

  async #keep(message: Extract<NodeMessage, { type: 'done' | 'fail' }>): Promise<void> {
    const { jobId, chunk, attempt } = message;
    const key = `${jobId}/${chunk}`;
    const delivery = this.#deliveries.get(key);
    const link = this.#link;
    if (!delivery || !link) return;
    if (!delivery.cancelled) {
      const id = `${this.#peer}-${jobId}-${chunk}-${attempt}`;
      const parcel = await link.pack(encodeMessage(message), id);
      await link.keep(link.names.end(jobId, chunk, delivery.digest), parcel, id);
    }
    this.#deliveries.delete(key);
    this.#acknowledge(delivery.ack);
    link.forget(delivery.message);
  }

  #giveBack({ jobId, chunk, attempt }: ChunkRef, ack: string): void {
    const { epoch } = this.#agent;
    this.#deliveries.delete(`${jobId}/${chunk}`);
    this.#whisper({ type: 'fail', epoch, jobId, chunk, attempt, why: 'stopped', problem: null });
    this.#link?.nc.publish(ack, NAK);
  }

  #acknowledge(ack: string): void {
    if (!this.#link?.nc.isClosed()) this.#link?.nc.publish(ack, ACK);
  }

  #whisper(message: NodeMessage): void {
    if (this.#link) this.#link.whisper(this.#link.names.service(this.#peer), encodeMessage(message));
  }

  async #shutDown(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    this.#pulls?.stop();
    const patience = new AbortController();
    const late = delay(LAST_WORDS_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#keeping), late]);
    patience.abort();
    await this.#link?.close();
    await this.#pool.close();
  }
}

/** Work that came back unrun goes on at once; what lost its thread rests, as under a router. */
function nakOf(key: string, { why, attempt }: Extract<NodeMessage, { type: 'fail' }>): string {
  const restMs = why === 'crash' ? backoffMs(key, attempt) : 0;
  return restMs === 0 ? NAK : `${NAK} ${JSON.stringify({ delay: Math.round(restMs * NS_PER_MS) })}`;
}
