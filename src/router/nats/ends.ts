/**
 * Reads the stream of ends. An end stays in its stream until the job is over and surely stored, so that a
 * service which starts anew finds what was computed for unfinished jobs and computes only the rest.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { JsMsg } from '@nats-io/jetstream';
import { WireError } from '../../wire/codec.js';
import type { Link } from '../../wire/nats/link.js';
import { RETRY_MS } from '../../wire/nats/link.js';
import { readEndSubject } from '../../wire/nats/names.js';
import type { ChunkSubject } from '../../wire/nats/names.js';
import { chunkKey } from '../roster.js';

/** After its job is over an end stays for this time: the store has the job's own end by then. */
const ACK_DELAY_MS = 5_000;
/** An end whose parts could not be read comes again after this time. */
const AGAIN_MS = 1_000;
/** Ends on their way to this process at once. */
const AHEAD = 512;

export interface EndsPort {
  nowMs(): number;
  isOpen(key: string): boolean;
  /** Some chunk of the job is open. */
  isLive(jobId: string): boolean;
  /** The chunk is not open, but its end was in the stream at the start, so the job may yet be offered. */
  isAwaited(key: string): boolean;
  /** Takes an end. Throws WireError when it is none. */
  take(subject: ChunkSubject, frames: readonly Uint8Array[]): void;
  /** Makes the streams anew after the server lost them. */
  repair(): Promise<void>;
  onDropped(reason: string): void;
}

export class Ends {
  readonly #link: Link;
  readonly #port: EndsPort;
  /** Ends of chunks that are not open yet, by chunk key. */
  readonly #early = new Map<string, JsMsg>();
  /** Ends that were taken, by job, until the job is over. */
  readonly #taken = new Map<string, JsMsg[]>();
  /** Ends of jobs that are over, the earliest first. */
  #due: { readonly atMs: number; readonly messages: readonly JsMsg[] }[] = [];
  #closed = false;
  #stopReading: () => void = () => undefined;
  #reading = Promise.resolve();

  constructor(link: Link, port: EndsPort) {
    this.#link = link;
    this.#port = port;
  }

  start(): void {
    this.#reading = this.#read();
  }

  /** A chunk was offered; its end may be here already. */
  onOpen(key: string): void {
    const message = this.#early.get(key);
    if (!message || !this.#early.delete(key)) return;
    // Not at once: the caller has not finished offering.
    void Promise.resolve().then(() => this.#heed(message).catch(fatal));
  }

  /** The job is over: its ends may go. */
  release(jobId: string): void {
    const messages = this.#taken.get(jobId);
    if (!messages) return;
    this.#taken.delete(jobId);
    this.#due.push({ atMs: this.#port.nowMs() + ACK_DELAY_MS, messages });
  }

  tick(): void {
    this.#acknowledge(this.#port.nowMs());
    for (const [key, message] of this.#early) {
      if (this.#port.isAwaited(key)) break;
      this.#early.delete(key);
      message.ack();
    }
  }

  stop(): void {
    this.#closed = true;
    this.#acknowledge(Infinity);
    this.#stopReading();
  }

  /** Resolves when nothing is read any more; call it when the link is closed. */
  stopped(): Promise<void> {
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { js, names } = this.#link;
    for (;;) {
      try {
        const consumer = await js.consumers.get(names.endStream, names.endConsumer);
        const messages = await consumer.consume({ max_messages: AHEAD });
        this.#stopReading = () => messages.stop();
        if (this.#closed) messages.stop();
        for await (const message of messages) await this.#heed(message).catch(fatal);
      } catch {
        // The server or its stream is not there; what is missing is made again.
      }
      if (this.#closed) return;
      await delay(RETRY_MS);
      await this.#port.repair().catch(() => undefined);
    }
  }

  async #heed(message: JsMsg): Promise<void> {
    const subject = readEndSubject(message.subject);
    if (!subject || this.#closed) return;
    const port = this.#port;
    const { jobId } = subject;
    const key = chunkKey(jobId, subject.chunk);
    if (port.isAwaited(key) && !port.isOpen(key)) return void this.#early.set(key, message);
    const frames = await this.#link.open(message).catch((cause: unknown) => cause as Error);
    if (this.#closed) return;
    if (frames instanceof WireError) return this.#drop(message, frames);
    if (frames instanceof Error) return message.nak(AGAIN_MS);
    // Asked only now: the job may have been cancelled while the parts were read.
    const wasOpen = port.isOpen(key);
    try {
      port.take(subject, frames);
    } catch (cause) {
      if (!(cause instanceof WireError)) throw cause;
      return this.#drop(message, cause);
    }
    if (!wasOpen || port.isOpen(key)) return this.#forget(message);
    const others = this.#taken.get(jobId);
    if (others) others.push(message);
    else this.#taken.set(jobId, [message]);
    if (!port.isLive(jobId)) this.release(jobId);
  }

  /** What is no end leaves the stream; an audit misses the chunk's and puts its work in again. */
  #drop(message: JsMsg, { reason }: WireError): void {
    this.#port.onDropped(reason);
    this.#forget(message);
  }

  #acknowledge(untilMs: number): void {
    const waiting = this.#due.findIndex(({ atMs }) => atMs > untilMs);
    const over = this.#due.splice(0, waiting < 0 ? this.#due.length : waiting);
    for (const { messages } of over) for (const message of messages) this.#forget(message);
  }

  #forget(message: JsMsg): void {
    message.ack();
    this.#link.forget(message);
  }
}

/** A fault of the listener ends the process, as it would without a promise in between. */
function fatal(cause: unknown): void {
  setImmediate(() => {
    throw cause;
  });
}
