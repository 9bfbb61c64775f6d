/** The router's edge: a ZeroMQ ROUTER socket, a timer, and the effects of step() carried out. */
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { Router } from 'zeromq';
import type {
  ChunkEvents,
  ChunkTransport,
  Clock,
  InputStore,
  Journal,
  Meter,
  NodeView,
} from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import { WireError } from '../wire/codec.js';
import { decodeNodeMessage, encodeMessage } from '../wire/messages.js';
import type { RouterMessage } from '../wire/messages.js';
import { createOutbox } from '../wire/outbox.js';
import type { Outbox } from '../wire/outbox.js';
import { isIpv6, receiveAll, SOCKET_OPTIONS, TICK_MS } from '../wire/zeromq.js';
import { addressesOf } from './address.js';
import type { Addresses } from './address.js';
import type { Gate, RouterKeys } from './gate.js';
import { openGate } from './gate.js';
import type { RouterEffect, RouterEvent, RouterState } from './state.js';
import { createState, nodeViews } from './state.js';
import { step } from './step.js';
import { DROPPED, tellHall } from './tell-hall.js';

export interface RouterOptions {
  /** Default tcp://127.0.0.1:0: loopback, a free port. */
  readonly bind?: string;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Hears of attempts after the first. */
  readonly journal?: Journal;
  /** Engine version; nodes of another version are rejected. */
  readonly version: string;
  /** With keys the router speaks CURVE only; without, whoever reaches `bind` is a node. */
  readonly keys?: RouterKeys;
  /** Receives one line per event that an operator may want to know: refused peers. */
  readonly log?: (line: string) => void;
  /** Called when a node joins or is gone. */
  readonly onNodes?: (nodes: readonly NodeView[]) => void;
}

/** `address` is for nodes on this machine, `joinAddress` for those on others; both with the real port. */
export interface RouterTransport extends ChunkTransport, Addresses {
  nodes(): NodeView[];
}

type Outgoing = readonly [peer: string, frames: readonly Uint8Array[]];

/** A predecessor that is just closing gives the address back within this time. */
const BIND_TRIES = 10;
const BIND_RETRY_MS = 100;

/** Binds and listens. Throws MmsError E_CONFIG when the address cannot be bound. */
export async function openRouter(options: RouterOptions): Promise<RouterTransport> {
  const { bind = 'tcp://127.0.0.1:0', keys, clock, meter, log = () => undefined } = options;
  const gate = keys ? await openGate({ keys, clock, meter, log }) : null;
  const socket = new Router({
    ...SOCKET_OPTIONS,
    ...gate?.options,
    ipv6: isIpv6(bind),
    mandatory: true,
    handover: true,
  });
  for (let tries = 1; ; tries++) {
    try {
      await socket.bind(bind);
      return new SocketRouter(socket, gate, options);
    } catch (cause) {
      const { code, message } = cause as Error & { code?: string };
      if (code === 'EADDRINUSE' && tries < BIND_TRIES) {
        await setTimeout(BIND_RETRY_MS);
        continue;
      }
      socket.close();
      await gate?.close();
      throw new MmsError(
        'E_CONFIG',
        `Expected a free address for the router; ${bind} says: ${message}. Choose another port.`,
      );
    }
  }
}

class SocketRouter implements RouterTransport {
  readonly address: string;
  readonly joinAddress: string;
  readonly #socket: Router;
  readonly #gate: Gate | null;
  readonly #options: RouterOptions;
  readonly #state: RouterState;
  readonly #outbox: Outbox<Outgoing>;
  readonly #timer: NodeJS.Timeout;
  readonly #listening: Promise<void>;
  #events: ChunkEvents | null = null;
  #inputs: InputStore | null = null;
  /** Effects in the order in which they came about, also while a listener calls back in. */
  #effects: RouterEffect[] = [];
  #delivering = false;
  #nodeCount = 0;

  constructor(socket: Router, gate: Gate | null, options: RouterOptions) {
    this.#socket = socket;
    this.#gate = gate;
    gate?.watch(socket);
    this.#options = options;
    const { address, joinAddress } = addressesOf(socket.lastEndpoint!, hostname());
    this.address = address;
    this.joinAddress = joinAddress;
    this.#state = createState(options.version, randomInt(2 ** 47), options.clock.monotonicMs());
    this.#outbox = createOutbox<Outgoing>(
      ([peer, frames]) => socket.send([Buffer.from(peer, 'latin1'), ...frames] as Buffer[]),
      ([peer], code) => this.#onSendFailure(peer, code),
    );
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#listening = receiveAll(socket, (frames) => this.#receive(frames));
  }

  connect(events: ChunkEvents, inputs: InputStore): void {
    this.#events = events;
    this.#inputs = inputs;
  }

  offer(chunks: Parameters<ChunkTransport['offer']>[0]): void {
    this.#apply({ type: 'offer', chunks, nowMs: this.#nowMs() });
  }

  cancel(jobId: string): void {
    this.#effects = this.#effects.filter((effect) => !('jobId' in effect) || effect.jobId !== jobId);
    this.#apply({ type: 'cancel', jobId, nowMs: this.#nowMs() });
  }

  capacity(): number {
    return this.nodes().reduce((sum, node) => sum + (node.state === 'ready' ? node.threads : 0), 0);
  }

  nodes(): NodeView[] {
    return nodeViews(this.#state);
  }

  /** Tells the nodes that they may lay everything down, then closes the socket. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#events = null;
    for (const peer of this.#state.nodes.keys()) this.#send(peer, { type: 'bye' });
    await this.#outbox.idle();
    this.#socket.close();
    await this.#listening;
    await this.#gate?.close();
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #apply(event: RouterEvent): void {
    this.#effects.push(...step(this.#state, event));
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

  #deliver(effect: RouterEffect): void {
    switch (effect.type) {
      case 'send':
        return this.#send(effect.peer, effect.message);
      case 'sendInput':
        return void this.#sendInput(effect.peer, effect.digest);
      default:
        return tellHall(effect, this.#events, this.#options);
    }
  }

  #send(peer: string, message: RouterMessage): void {
    this.#outbox.push([peer, encodeMessage(message)]);
  }

  async #sendInput(peer: string, digest: string): Promise<void> {
    const data = await this.#inputs?.get(digest);
    if (data) this.#send(peer, { type: 'input', digest, tables: data.tables });
    else this.#apply({ type: 'inputMissing', digest, nowMs: this.#nowMs() });
  }

  #onSendFailure(peer: string, code: string): void {
    this.#options.meter.count(DROPPED, { reason: 'unsent' });
    if (code === 'EHOSTUNREACH') this.#apply({ type: 'unreachable', peer, nowMs: this.#nowMs() });
  }

  #receive([peer, ...frames]: readonly Buffer[]): void {
    try {
      const message = decodeNodeMessage(frames);
      this.#apply({ type: 'message', peer: peer!.toString('latin1'), message, nowMs: this.#nowMs() });
    } catch (cause) {
      if (!(cause instanceof WireError)) throw cause;
      this.#options.meter.count(DROPPED, { reason: cause.reason });
    }
  }

  #tick(): void {
    this.#apply({ type: 'tick', nowMs: this.#nowMs() });
    for (const state of ['ready', 'draining'] as const) {
      const nodes = this.nodes().filter((node) => node.state === state);
      this.#options.meter.gauge('mms_nodes', nodes.length, { state });
      this.#options.meter.gauge(
        'mms_node_threads',
        nodes.reduce((sum, node) => sum + node.threads, 0),
        { state },
      );
    }
  }
}
