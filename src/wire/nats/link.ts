/**
 * A connection to a NATS server: messages of several frames over it, kept in a stream or only whispered. A
 * message that is larger than the server takes travels in parts, kept before it in a stream of their own.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { MmsError } from '../../contract/problem.js';
import { WireError } from '../codec.js';
import { packFrames, unpackFrames } from '../parcel.js';
import { namesOf } from './names.js';
import type { NatsAddress, NatsNames } from './names.js';

/** How long a chunk stays with a node of which nothing is heard; nodes renew four times as often. */
export const LEASE_MS = 2_000;
const RECONNECT_MS = 250;
/** Pause before something that failed is tried again. */
export const RETRY_MS = 250;
const REQUEST_MS = 2_000;
const CLOSE_MS = 1_000;
/** Room for the subject and the headers beside the payload. */
const HEADROOM = 8 * 1024;
const MAX_PARCEL_BYTES = 2 ** 30;
const PARTS = 'Mms-Parts';

/** What a payload and its headers have in common wherever they come from. */
export interface Posted {
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs | undefined;
}

export interface Link {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly names: NatsNames;
  /** To whoever listens now; lost when nobody does or the connection is down. */
  whisper(subject: string, frames: readonly Uint8Array[], reply?: string): void;
  /** As whisper, with parts where one message is too small. */
  tell(subject: string, parcel: Parcel): void;
  /** Into a stream; tried again until the server has it or the link closes, when it rejects. */
  keep(subject: string, parcel: Parcel, id: string): Promise<void>;
  /** Makes frames ready to travel; `id` names their parts and must be used for nothing else. */
  pack(frames: readonly Uint8Array[], id: string): Promise<Parcel>;
  /** Frames of a message. Throws WireError when they or their parts are not whole. */
  open(message: Posted): Promise<Uint8Array[]>;
  /** Deletes the parts of a message, if it has any. */
  forget(message: Posted): void;
  /** Why the server does not keep what it is given; null while it does. */
  trouble(): string | null;
  /** Sends what is on its way, for a second at most, and closes. */
  close(): Promise<void>;
}

/** A payload that the server takes, or a note of where its parts lie. */
export interface Parcel {
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs;
}

export interface LinkOptions {
  readonly address: NatsAddress;
  /** How this connection is called in the server's lists. */
  readonly called: string;
  /** Called when the connection is lost and when it is there again. */
  readonly onLink?: (up: boolean) => void;
}

/** Throws MmsError E_CONFIG when the server cannot be reached or used. */
export async function openLink({ address, called, onLink }: LinkOptions): Promise<Link> {
  const { servers, tls, user, pass, token } = address;
  let nc: NatsConnection;
  try {
    nc = await connect({
      servers: [...servers],
      name: called,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MS,
      ignoreAuthErrorAbort: true,
      ...(tls && { tls: {} }),
      ...(user !== undefined && { user, pass: pass ?? '' }),
      ...(token !== undefined && { token }),
    });
  } catch (cause) {
    const detail = `Expected a NATS server at ${address.shown}; ${(cause as Error).message}. Start one with "nats-server -js".`;
    throw new MmsError('E_CONFIG', detail);
  }
  if (onLink) void watch(nc, onLink);
  // The server is asked for JetStream where the streams are made; here it may just be starting.
  const jsm = await jetstreamManager(nc, { timeout: REQUEST_MS, checkAPI: false });
  return new NatsLink(nc, jsm, namesOf(address.name));
}

async function watch(nc: NatsConnection, onLink: (up: boolean) => void): Promise<void> {
  for await (const { type } of nc.status()) {
    if (type === 'disconnect') onLink(false);
    else if (type === 'reconnect') onLink(true);
  }
}

class NatsLink implements Link {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly names: NatsNames;
  #trouble: string | null = null;

  constructor(nc: NatsConnection, jsm: JetStreamManager, names: NatsNames) {
    this.nc = nc;
    this.jsm = jsm;
    this.js = jetstream(nc, { timeout: REQUEST_MS });
    this.names = names;
  }

  whisper(subject: string, frames: readonly Uint8Array[], reply?: string): void {
    this.#publish(subject, { data: packFrames(frames) }, reply);
  }

  tell(subject: string, parcel: Parcel): void {
    this.#publish(subject, parcel);
  }

  #publish(subject: string, { data, headers: head }: Parcel, reply?: string): void {
    if (this.nc.isClosed()) return;
    this.nc.publish(subject, data, { ...(head && { headers: head }), ...(reply && { reply }) });
  }

  async keep(subject: string, { data, headers: head }: Parcel, id: string): Promise<void> {
    for (;;) {
      try {
        await this.js.publish(subject, data, { msgID: id, ...(head && { headers: head }) });
        this.#trouble = null;
        return;
      } catch (cause) {
        this.#trouble = (cause as Error).message;
        if (this.nc.isClosed() || this.nc.isDraining()) throw cause;
        await delay(RETRY_MS);
      }
    }
  }

  async pack(frames: readonly Uint8Array[], id: string): Promise<Parcel> {
    const data = packFrames(frames);
    const room = (this.nc.info?.max_payload ?? 2 ** 20) - HEADROOM;
    if (data.byteLength <= room) return { data };
    const count = Math.ceil(data.byteLength / room);
    for (let n = 0; n < count; n++) {
      const part = data.subarray(n * room, (n + 1) * room);
      await this.keep(this.names.part(id, n), { data: part }, `${id}.${n}`);
    }
    const head = headers();
    head.set(PARTS, `${id} ${count} ${data.byteLength}`);
    return { data: new Uint8Array(), headers: head };
  }

  async open({ data, headers: head }: Posted): Promise<Uint8Array[]> {
    const note = readNote(head);
    if (!note) return unpackFrames(data);
    const { id, count, size } = note;
    const bytes = new Uint8Array(size);
    let at = 0;
    for (let n = 0; n < count; n++) {
      const part = await this.jsm.direct.getMessage(this.names.partStream, {
        last_by_subj: this.names.part(id, n),
      });
      if (!part || at + part.data.byteLength > size)
        throw new WireError('parts', `part ${n} of ${count} is missing`);
      bytes.set(part.data, at);
      at += part.data.byteLength;
    }
    if (at !== size) throw new WireError('parts', `expected ${size} bytes in ${count} parts; got ${at}`);
    return unpackFrames(bytes);
  }

  trouble(): string | null {
    return this.#trouble;
  }

  forget({ headers: head }: Posted): void {
    const note = readNote(head);
    if (!note) return;
    // What is not deleted now goes with its age.
    this.jsm.streams
      .purge(this.names.partStream, { filter: this.names.part(note.id, '*') })
      .catch(() => undefined);
  }

  async close(): Promise<void> {
    if (this.nc.isClosed()) return;
    const patience = new AbortController();
    const late = delay(CLOSE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    // A drain waits for a server that may be gone.
    await Promise.race([this.nc.drain().catch(() => undefined), late]);
    patience.abort();
    await this.nc.close();
  }
}

function readNote(head: MsgHdrs | undefined): { id: string; count: number; size: number } | null {
  if (!head?.has(PARTS)) return null;
  const [, id, count, size] = /^([A-Za-z0-9_-]{1,128}) (\d{1,7}) (\d{1,10})$/.exec(head.get(PARTS)) ?? [];
  if (id === undefined || Number(size) > MAX_PARCEL_BYTES) {
    throw new WireError(
      'parts',
      `expected at most ${MAX_PARCEL_BYTES} bytes in parts; got "${head.get(PARTS)}"`,
    );
  }
  return { id, count: Number(count), size: Number(size) };
}
