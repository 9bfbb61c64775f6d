/**
 * Work that a node goes on with while it has no router, and answers that a dying router may not have read,
 * so that a service which starts anew need not compute them again. A chunk is a pure function of its job and
 * its range, so whoever asks for the same range of the same job may have what was begun for another router.
 * Packs are not kept: they are short, and a service that starts anew packs anew.
 */
import type { KeptRange, WorkItem } from '../wire/messages.js';
import type { PoolAnswer } from './pool.js';

/** How long after it joined a node waits to be asked for what it kept. */
const KEEP_MS = 2_000;

export interface Kept {
  /** Its task in the pool. */
  readonly taskId: string;
  readonly item: WorkItem;
  /** Its result, while nobody asked for it; null while it runs. */
  answer: Done | null;
}

type Done = Extract<PoolAnswer, { how: 'done' }>;

export interface KeptWork {
  /** Tasks that nobody asked for, running or done. */
  readonly size: number;
  /** For HELLO. */
  ranges(): KeptRange[];
  /** An answer was sent. */
  sent(taskId: string, item: WorkItem, answer: Done): void;
  /** The router said something, so what was sent before has arrived. */
  heard(): void;
  /** The router is lost: what was sent since it was last heard is kept. */
  keepSent(): void;
  /** Keeps a task that was given to the pool; false when it cannot be kept. */
  keep(taskId: string, item: WorkItem): boolean;
  /** A task ended; false when it is not kept here. What did not end well is computed anew if asked for. */
  answered(taskId: string, answer: PoolAnswer): boolean;
  /** Hands over what was begun for the same range of the same job; null when there is none. */
  take(item: WorkItem): Kept | null;
  /** The node joined: from now on it waits to be asked. */
  joined(nowMs: number): void;
  /** Ids of running tasks whose time to be asked for is over, which are kept no longer. */
  expired(nowMs: number): string[];
  /** Ids of all running tasks; nothing is kept any more. */
  drop(): string[];
}

/** Keeps at most `most` tasks. */
export function createKeptWork(most: number): KeptWork {
  const kept = new Map<string, Kept>();
  let sent: Kept[] = [];
  let untilMs = Infinity;
  const drop = (): string[] => {
    const running = [...kept.values()].filter(({ answer }) => answer === null);
    kept.clear();
    return running.map(({ taskId }) => taskId);
  };
  return {
    get size() {
      return kept.size;
    },
    ranges: () =>
      [...kept.values()].map(({ item: { jobId, chunk, from, to } }) => ({ jobId, chunk, from, to })),
    sent(taskId, item, answer) {
      if (!item.pack && sent.length < most) sent.push({ taskId, item, answer });
    },
    heard() {
      if (sent.length > 0) sent = [];
    },
    keepSent() {
      for (const entry of sent) if (kept.size < most) kept.set(keyOf(entry.item), entry);
      sent = [];
    },
    keep(taskId, item) {
      const key = keyOf(item);
      if (item.pack || kept.has(key) || kept.size >= most) return false;
      kept.set(key, { taskId, item, answer: null });
      return true;
    },
    answered(taskId, answer) {
      for (const [key, entry] of kept) {
        if (entry.taskId !== taskId) continue;
        if (answer.how === 'done') entry.answer = answer;
        else kept.delete(key);
        return true;
      }
      return false;
    },
    take(item) {
      const key = keyOf(item);
      const entry = kept.get(key);
      if (item.pack || !entry || entry.item.kind !== item.kind || entry.item.seed !== item.seed) return null;
      kept.delete(key);
      return entry;
    },
    joined(nowMs) {
      untilMs = nowMs + KEEP_MS;
    },
    expired: (nowMs) => (nowMs < untilMs ? [] : drop()),
    drop,
  };
}

function keyOf({ jobId, chunk, from, to }: KeptRange): string {
  return `${jobId}/${chunk} ${from}..${to}`;
}
