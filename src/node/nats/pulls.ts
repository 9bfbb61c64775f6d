/**
 * Fetches work from the queue, never more than there is room for: the urgent class is emptied before the next
 * is asked. When all are empty one request waits at each.
 */
import { createInbox } from '@nats-io/transport-node';
import type { Msg } from '@nats-io/transport-node';
import type { Link } from '../../wire/nats/link.js';
import { RETRY_MS } from '../../wire/nats/link.js';
import { BANDS, readWorkSubject } from '../../wire/nats/names.js';
import type { Band } from '../../wire/nats/names.js';

/** How long a request waits at an empty queue before it is made anew. */
const WAIT_MS = 5_000;
/** An answer that did not come by then was lost with a connection. */
const LOST_MS = 1_000;
const NS_PER_MS = 1e6;
/** The queue was empty, or the request's time is over. */
const EMPTY = [404, 408];

export interface Pulls {
  /** Room came up, or the connection is back: ask now. */
  wake(): void;
  /** What was asked for over a lost connection never comes. */
  forget(): void;
  stop(): void;
}

export interface PullsPort {
  readonly version: string;
  /** Chunks that may be taken now. */
  room(): number;
  onWork(message: Msg): void;
}

interface Pull {
  readonly reply: string;
  wanted: number;
  readonly end: () => void;
  /** Resolves when everything came, nothing more is there, or the answer was lost. */
  readonly ended: Promise<void>;
}

export function createPulls({ nc, names }: Link, { version, room, onWork }: PullsPort): Pulls {
  const inbox = createInbox();
  const pulls = new Map<Band, Pull>();
  let count = 0;
  let stopped = false;
  let wake: () => void = () => undefined;
  let woken = new Promise<void>((resolve) => (wake = resolve));

  function pull(band: Band, batch: number, waitMs: number): Promise<void> {
    const reply = `${inbox}.${++count}`;
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${names.workStream}.${names.workConsumer(version, band)}`;
    const how = waitMs === 0 ? { no_wait: true } : { expires: waitMs * NS_PER_MS };
    let resolveEnd: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (resolveEnd = resolve));
    const end = (): void => {
      clearTimeout(timer);
      if (pulls.get(band)?.reply === reply) pulls.delete(band);
      resolveEnd();
    };
    const timer = setTimeout(end, waitMs + LOST_MS);
    pulls.set(band, { reply, wanted: batch, end, ended });
    nc.publish(subject, JSON.stringify({ batch, ...how }), { reply });
    return ended;
  }

  function hear(message: Msg): void {
    const work = readWorkSubject(message.subject);
    if (!work) {
      const asked = [...pulls.values()].find(({ reply }) => reply === message.subject);
      if (!asked) return;
      // Neither work nor "empty": no consumer yet, or no server that has it.
      if (EMPTY.includes(message.headers?.code ?? 0)) asked.end();
      else setTimeout(asked.end, RETRY_MS);
      return;
    }
    const asked = pulls.get(work.band);
    if (asked && --asked.wanted === 0) asked.end();
    onWork(message);
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = new Promise((resolve) => (wake = resolve));
      for (const band of BANDS) {
        if (room() > 0 && !pulls.has(band) && !stopped) await pull(band, room(), 0);
      }
      if (stopped) return;
      if (room() <= 0) await woken;
      else {
        for (const band of BANDS) if (!pulls.has(band)) void pull(band, 1, WAIT_MS);
        await Promise.race([woken, ...[...pulls.values()].map(({ ended }) => ended)]);
      }
    }
  }

  const sub = nc.subscribe(`${inbox}.*`, { callback: (_, message) => hear(message) });
  void run();
  return {
    wake: () => wake(),
    forget() {
      for (const { end } of [...pulls.values()]) end();
    },
    stop() {
      stopped = true;
      sub.unsubscribe();
      for (const { end } of [...pulls.values()]) end();
      wake();
    },
  };
}
