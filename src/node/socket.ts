/**
 * The node's edge: a ZeroMQ DEALER socket, a timer and the thread pool, which carry out the effects of the
 * agent.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Dealer } from 'zeromq';
import { MmsError } from '../contract/problem.js';
import { WireError } from '../wire/codec.js';
import { decodeRouterMessage, encodeMessage } from '../wire/messages.js';
import type { NodeKeys } from '../wire/curve.js';
import { clientOptions } from '../wire/curve.js';
import { createOutbox } from '../wire/outbox.js';
import type { Outbox } from '../wire/outbox.js';
import { isIpv6, receiveAll, SOCKET_OPTIONS, TICK_MS } from '../wire/zeromq.js';
import type { AgentEffect, AgentEvent, AgentState } from './agent.js';
import { createAgent, stepAgent } from './agent.js';
import { createInputCache } from './inputs.js';
import { createPool } from './pool.js';
import type { Pool } from './pool.js';

export interface NodeOptions {
  /** Address that the router printed, tcp://host:port. */
  readonly router: string;
  readonly threads: number;
  /** Engine version; the router rejects another one. */
  readonly version: string;
  /** With keys the node speaks CURVE, and only with the router that owns `serverKey`. */
  readonly keys?: NodeKeys;
  /** How the node is called in lists; default host name and process id. */
  readonly id?: string;
  /** Bytes of input tables that are kept between jobs. */
  readonly inputBytes?: number;
  /** Receives one line per change: joined, lost, closed, dropped messages. */
  readonly log?: (line: string) => void;
  /** Monotonic milliseconds; default performance.now. */
  readonly nowMs?: () => number;
  readonly kindsDir?: URL;
}

export interface NodeHandle {
  readonly id: string;
  /** Resolves after a drain or close; rejects with MmsError E_CONFIG when the router refuses this node. */
  readonly closed: Promise<void>;
  /** Gives back what does not run yet, finishes what runs, says BYE; resolves when all is closed. */
  drain(): Promise<void>;
  /** Stops at once; the router notices and gives the work to others. */
  close(): Promise<void>;
}

/**
 * ZeroMQ never calls again where a handshake was refused or garbled, and a key may be allowed later: a node
 * that is outside for this long calls anew.
 */
const CALL_AGAIN_MS = 2_000;

/**
 * Connects and keeps connected: a router that restarts is joined again under a new epoch. Throws MmsError
 * E_CONFIG on an address that is none.
 */
export function startNode(options: NodeOptions): NodeHandle {
  const { router } = options;
  if (!/^(tcp:\/\/[^\s/]+:\d+|ipc:\/\/\S+)$/.test(router)) {
    throw new MmsError(
      'E_CONFIG',
      `Expected the router as tcp://host:port, as mms serve prints it; got "${router}".`,
    );
  }
  return new SocketNode(options);
}

class SocketNode implements NodeHandle {
  readonly id: string;
  readonly closed: Promise<void>;
  readonly #socket: Dealer;
  readonly #pool: Pool;
  readonly #agent: AgentState;
  readonly #outbox: Outbox<readonly Uint8Array[]>;
  readonly #timer: NodeJS.Timeout;
  readonly #log: (line: string) => void;
  readonly #nowMs: () => number;
  readonly #router: string;
  readonly #hasKeys: boolean;
  /** When this node called, or was last inside. */
  #calledMs: number;
  /** What was said of refusals since this node was last inside. */
  readonly #told = new Set<string>();
  #end: (reason: string | null) => void = () => undefined;

  constructor(options: NodeOptions) {
    const { router, threads, version, kindsDir, inputBytes, keys } = options;
    this.#router = router;
    this.#hasKeys = keys !== undefined;
    this.id = options.id ?? `${hostname()}-${process.pid}`;
    this.#log = options.log ?? (() => undefined);
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#calledMs = this.#nowMs();
    this.#pool = createPool({ threads, ...(kindsDir && { kindsDir }) });
    const { kinds } = this.#pool;
    const inputs = createInputCache(inputBytes);
    const who = { version, node: this.id, host: hostname() };
    this.#agent = createAgent({ ...who, threads, kinds, inputs }, this.#nowMs());
    // A restarted node must be a new peer, or answers meant for its forerunner would reach it.
    const routingId = `${this.id.slice(0, 200)}:${randomBytes(6).toString('hex')}`;
    this.#socket = new Dealer({
      ...SOCKET_OPTIONS,
      ...(keys && clientOptions(keys)),
      ipv6: isIpv6(router),
      routingId,
      immediate: true,
      reconnectInterval: 100,
      reconnectMaxInterval: 1_000,
    });
    // What cannot be sent now is not kept: the agent repeats what matters, and the router finds what was
    // lost.
    this.#outbox = createOutbox<readonly Uint8Array[]>(
      (frames) => this.#socket.send(frames as Buffer[]),
      () => undefined,
    );
    this.closed = new Promise((resolve, reject) => {
      this.#end = (reason) => {
        void this.#shutDown().then(() =>
          reason === null ? resolve() : reject(new MmsError('E_CONFIG', reason)),
        );
      };
    });
    this.closed.catch(() => undefined);
    this.#watchHandshakes(keys?.pair.publicKey ?? '');
    this.#socket.connect(router);
    this.#log(`looking for the router at ${router}`);
    this.#timer = setInterval(() => {
      this.#apply({ type: 'tick', progress: this.#pool.progress(), nowMs: this.#nowMs() });
      this.#callAgain();
    }, TICK_MS);
    void receiveAll(this.#socket, (frames) => this.#receive(frames));
    this.#apply({ type: 'tick', progress: [], nowMs: this.#nowMs() });
  }

  drain(): Promise<void> {
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

  #apply(event: AgentEvent): void {
    for (const effect of stepAgent(this.#agent, event)) this.#deliver(effect);
  }

  #deliver(effect: AgentEffect): void {
    switch (effect.type) {
      case 'send':
        return this.#outbox.push(encodeMessage(effect.message));
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
        this.#told.clear();
        const { size } = this.#agent.kept;
        const kept = size > 0 ? ` and went on with ${size} ${size === 1 ? 'task' : 'tasks'} meanwhile` : '';
        return this.#log(`joined the router as ${this.id}${kept}`);
      }
      case 'lost':
        return this.#log('lost the router; trying to join again');
      case 'unanswered':
        return this.#log(
          `no answer from ${this.#router} yet; still trying` +
            (this.#hasKeys ? ' (is --server-key the one that mms serve prints?)' : ''),
        );
      case 'closed':
        this.#log(effect.reason ?? 'drained');
        return this.#end(effect.reason);
    }
  }

  #callAgain(): void {
    const nowMs = this.#nowMs();
    if (this.#agent.phase !== 'joining') this.#calledMs = nowMs;
    if (nowMs - this.#calledMs < CALL_AGAIN_MS) return;
    this.#calledMs = nowMs;
    this.#socket.disconnect(this.#router);
    this.#socket.connect(this.#router);
  }

  /** Says once, until this node is inside, why it is not let in. */
  #watchHandshakes(publicKey: string): void {
    const tell = (why: string): void => {
      if (this.#told.has(why)) return;
      this.#told.add(why);
      this.#log(`${why}; still trying`);
    };
    this.#socket.events.on('handshake:error:auth', () =>
      tell(
        `the router at ${this.#router} does not allow this node's key ${publicKey}: ` +
          'add a line with it and a name to allowed-nodes there',
      ),
    );
    this.#socket.events.on('handshake:error:protocol', () =>
      tell(
        this.#hasKeys
          ? `the router at ${this.#router} has no keys: start mms serve with --keys`
          : `the router at ${this.#router} asks for keys: join with the line that mms serve prints`,
      ),
    );
  }

  #receive(frames: readonly Buffer[]): void {
    try {
      this.#apply({ type: 'message', message: decodeRouterMessage(frames), nowMs: this.#nowMs() });
    } catch (cause) {
      if (!(cause instanceof WireError)) throw cause;
      this.#log(`dropped a message of the router: ${cause.message}`);
    }
  }

  async #shutDown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#outbox.idle();
    this.#socket.close();
    await this.#pool.close();
  }
}
