/**
 * Reads the stream of ends. An end stays in its stream until the job is over and surely stored, so that a service
 * which starts anew finds what was computed for unfinished jobs and computes only the rest.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { JsMsg } from '@nats-io/jetstream';
import { WireError } from '../../wire/codec.js';
import type { Link } from '../../wire/nats/link.js';
import { RETRY_MS } from '../../wire/nats/link.js';

/** After its job is over here an end stays in the stream for this time: the store has the job's own end by then. */
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
  take(jobId: string, chunk: number, frames: readonly Uint8Array[]): void;
  /** Makes the streams anew after the server lost them. */
  repair(): Promise<void>;
  onDropped(reason: string): void;
}

export interface Ends {
  start(): void;
  /** A chunk was offered; its end may be here already. */
  onOpen(key: string): void;
  /** The job is over: its ends may go. */
  release(jobId: string): void;
  tick(): void;
  stop(): void;
  /** Resolves when nothing is read any more; call it when the link is closed. */
  stopped(): Promise<void>;
}

export function createEnds(link: Link, port: EndsPort): Ends {
  /** Ends of chunks that are not open yet, by chunk key. */
  const early = new Map<string, JsMsg>();
  /** Ends that were taken, by job, until the job is over. */
  const taken = new Map<string, JsMsg[]>();
  let due: { readonly atMs: number; readonly messages: readonly JsMsg[] }[] = [];
  let stopReading: () => void = () => undefined;
  let reading = Promise.resolve();
  let closed = false;

  async function read(): Promise<void> {
    const { js, names } = link;
    for (;;) {
      try {
        const consumer = await js.consumers.get(names.endStream, names.endConsumer);
        const messages = await consumer.consume({ max_messages: AHEAD });
        stopReading = () => messages.stop();
        if (closed) messages.stop();
        for await (const message of messages) await heed(message).catch(fatal);
      } catch {
        // The server or its stream is not there; what is missing is made again.
      }
      if (closed) return;
      await delay(RETRY_MS);
      await port.repair().catch(() => undefined);
    }
  }

  async function heed(message: JsMsg): Promise<void> {
    if (closed) return;
    const [jobId = '', chunk = ''] = message.subject.split('.').slice(2);
    const key = `${jobId}/${chunk}`;
    if (port.isAwaited(key) && !port.isOpen(key)) return void early.set(key, message);
    const frames = await link.open(message).catch((cause: unknown) => cause as Error);
    if (closed) return;
    if (frames instanceof WireError) return drop(message, frames);
    if (frames instanceof Error) return message.nak(AGAIN_MS);
    // Asked only now: the job may have been cancelled while the parts were read.
    const wasOpen = port.isOpen(key);
    try {
      port.take(jobId, Number(chunk), frames);
    } catch (cause) {
      if (!(cause instanceof WireError)) throw cause;
      return drop(message, cause);
    }
    link.forget(message);
    if (!wasOpen) return message.ack();
    const others = taken.get(jobId);
    if (others) others.push(message);
    else taken.set(jobId, [message]);
    if (!port.isLive(jobId)) release(jobId);
  }

  /** What is no end leaves the stream; an audit will miss the chunk's and put its work in again. */
  function drop(message: JsMsg, { reason }: WireError): void {
    port.onDropped(reason);
    message.ack();
  }

  function release(jobId: string): void {
    const messages = taken.get(jobId);
    if (!messages) return;
    taken.delete(jobId);
    due.push({ atMs: port.nowMs() + ACK_DELAY_MS, messages });
  }

  function acknowledge(untilMs: number): void {
    const ready = due.findIndex(({ atMs }) => atMs > untilMs);
    const over = ready < 0 ? due : due.slice(0, ready);
    due = due.slice(over.length);
    for (const { messages } of over) for (const message of messages) message.ack();
  }

  return {
    start: () => void (reading = read()),
    onOpen(key) {
      const message = early.get(key);
      if (!message || !early.delete(key)) return;
      // Not at once: the caller has not finished offering.
      void Promise.resolve().then(() => heed(message).catch(fatal));
    },
    release,
    tick() {
      acknowledge(port.nowMs());
      for (const [key, message] of early) {
        if (port.isAwaited(key)) break;
        early.delete(key);
        message.ack();
      }
    },
    stop() {
      closed = true;
      acknowledge(Infinity);
      stopReading();
    },
    stopped: () => reading,
  };
}

/** A fault of the listener ends the process, as it would without a promise in between. */
function fatal(cause: unknown): void {
  setImmediate(() => {
    throw cause;
  });
}
