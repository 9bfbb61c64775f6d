/**
 * The gate of a router with keys: ZeroMQ asks it about every node that proved a key (ZAP,
 * rfc.zeromq.org/spec/27), and it answers from the list of allowed nodes, which is read anew each time.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Context, Reply } from 'zeromq';
import type { Router } from 'zeromq';
import type { Clock, Meter } from '../contract/ports.js';
import { MmsError } from '../contract/problem.js';
import type { KeyPair } from '../wire/curve.js';
import { serverOptions } from '../wire/curve.js';
import { ALLOWED_FILE, readAllowed, readKeyFile, SERVER_KEY_FILE } from '../wire/key-files.js';

export interface RouterKeys {
  readonly pair: KeyPair;
  /** The list of allowed nodes. */
  readonly allowedFile: string;
  /** Names in the list at the start, in its order. */
  readonly nodes: readonly string[];
}

/** Keys of a folder that `mms keys new` made. Throws MmsError E_CONFIG saying how to make one. */
export function loadRouterKeys(folder: string): RouterKeys {
  const serverFile = join(folder, SERVER_KEY_FILE);
  if (!existsSync(serverFile)) {
    throw new MmsError(
      'E_CONFIG',
      `Expected the router's keys in ${folder}; it has no ${SERVER_KEY_FILE}. Run: mms keys new ${folder}`,
    );
  }
  const allowedFile = join(folder, ALLOWED_FILE);
  return { pair: readKeyFile(serverFile), allowedFile, nodes: [...readAllowed(allowedFile).values()] };
}

export interface GateOptions {
  readonly keys: RouterKeys;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Hears of refusals, at most one line in ten seconds. */
  readonly log: (line: string) => void;
}

export interface Gate {
  /** For the router's socket: ZeroMQ finds a gate by its context, so each has one of its own. */
  readonly options: { readonly context: Context } & ReturnType<typeof serverOptions>;
  /** Counts the peers that did not even prove a key: plain ones, and those that call another server. */
  watch(socket: Router): void;
  close(): Promise<void>;
}

const REFUSED = 'mms_router_refused_peers_total';
const LOG_EVERY_MS = 10_000;

export async function openGate({ keys, clock, meter, log }: GateOptions): Promise<Gate> {
  const context = new Context();
  const socket = new Reply({ context, linger: 0 });
  await socket.bind('inproc://zeromq.zap.01');
  let loggedMs = -Infinity;
  let unlogged = 0;

  function refuse(reason: 'key' | 'handshake' | 'list', line: string): void {
    meter.count(REFUSED, { reason });
    unlogged++;
    const nowMs = clock.monotonicMs();
    if (nowMs - loggedMs < LOG_EVERY_MS) return;
    log(unlogged > 1 ? `${line} (and ${unlogged - 1} more since the last such line)` : line);
    loggedMs = nowMs;
    unlogged = 0;
  }

  /** The name of the node that owns `key`; null when it is not allowed. */
  function admit(key: string, address: string): string | null {
    // The local node shows the server's own key: whoever holds it is this machine.
    if (key === keys.pair.publicKey) return 'local';
    try {
      const name = readAllowed(keys.allowedFile).get(key);
      if (name !== undefined) return name;
    } catch (cause) {
      refuse('list', `refused a node from ${address}: ${(cause as Error).message}`);
      return null;
    }
    refuse('key', `refused a node from ${address}: its key ${key} is not in ${keys.allowedFile}`);
    return null;
  }

  async function answer(): Promise<void> {
    for await (const [version, request, , address, , mechanism, credential] of socket) {
      const isCurve = mechanism?.toString() === 'CURVE';
      const name = isCurve ? admit(credential!.toString('hex'), address!.toString()) : null;
      const verdict = name === null ? ['400', 'not allowed', ''] : ['200', '', name];
      await socket.send([version!, request!, ...verdict, '']);
    }
  }

  const answering = answer();
  return {
    options: { context, ...serverOptions(keys.pair) },
    watch(router) {
      const count = (): void =>
        refuse('handshake', 'refused a peer that is no node, has no key, or calls another server key');
      router.events.on('handshake:error:protocol', count);
      router.events.on('handshake:error:other', count);
    },
    async close() {
      socket.close();
      await answering;
    },
  };
}
